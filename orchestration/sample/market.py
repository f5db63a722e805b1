"""The whole market by district: what the network registered, and everybody else."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import (
    BRANDS,
    HOLDERS,
    MARKET_BRANDS,
    MARKET_HOLDERS,
    MARKET_POWERTRAINS,
    MARKET_SEGMENTS,
    MARKET_SHARE,
    OWN_SHARE,
    POWERTRAINS,
    PRIVATE,
    SEGMENTS,
    Models,
)
from orchestration.sample.geography import Districts
from orchestration.sample.timeline import SEASON, Span, first_day


def cells(models: Models, span: Span, districts: Districts) -> tuple[int, int, int, int]:
    """Shape of the network's own registrations: month x district x model x holder."""
    return span.months, len(districts), len(models), len(HOLDERS)


def month_frame(
    feed: Feed,
    models: Models,
    span: Span,
    districts: Districts,
    own: np.ndarray,
    month: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[pa.Table, np.ndarray]:
    """The market of one month of the span (counted from 0), cells with units only; and the units
    by brand, the network's brands first.

    `own` are the network's registrations of that month (district x model x holder), which the
    market contains; `level` its mean of a month. A few vehicles of the network's brands come from
    elsewhere.
    """
    shape = (len(districts), len(BRANDS) + len(MARKET_BRANDS), len(SEGMENTS), len(POWERTRAINS))
    units = np.zeros((*shape, len(HOLDERS)), dtype=np.int64)
    grey = rng.poisson(own * 0.04)
    district, model, holder = np.nonzero(own + grey)
    place = (district, models.brand[model], models.segment[model], models.powertrain[model], holder)
    np.add.at(units, place, (own + grey)[district, model, holder])

    number = span.first_month + month
    electric = np.clip(0.9 + 0.16 * month / 12, 0.9, 2.0)
    by_state = 0.8 + 0.4 * ((districts.state * 7) % 16) / 15
    engines = np.tile(MARKET_POWERTRAINS, (len(districts), 1))
    engines[:, 0] *= electric * by_state
    engines /= engines.sum(axis=1, keepdims=True)
    people = districts.population / districts.population.sum()
    rest = level * (1 - OWN_SHARE) / OWN_SHARE * SEASON[number % 12]
    mean = np.einsum(
        "d,b,bs,dp,h->dbsph", rest * people, MARKET_SHARE, MARKET_SEGMENTS, engines, MARKET_HOLDERS
    )
    units[:, len(BRANDS) :] = rng.poisson(mean)

    place = np.nonzero(units)
    count = units[place]
    district, brand, segment, powertrain, holder = place
    table = frames.frame(
        feed,
        {
            "registration_month": frames.days(np.full(len(count), first_day(number))),
            "district_code": frames.texts(districts.code, district),
            "brand_code": frames.texts(BRANDS + MARKET_BRANDS, brand),
            "segment_code": frames.texts(SEGMENTS, segment),
            "powertrain_code": frames.texts(POWERTRAINS, powertrain),
            "holder_type": frames.texts(HOLDERS, holder),
            "units": frames.ints(count),
        },
    )
    return table, units.sum(axis=(0, 2, 3, 4))


def own_counts(
    models: Models,
    span: Span,
    districts: Districts,
    day_month: np.ndarray,
    district: np.ndarray,
    model: np.ndarray,
    holder: np.ndarray,
) -> np.ndarray:
    """First registrations counted into `cells`; an unknown holder is taken as a private one."""
    shape = cells(models, span, districts)
    holder = np.where(holder < 0, PRIVATE, holder)
    flat = np.ravel_multi_index((day_month - span.first_month, district, model, holder), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
