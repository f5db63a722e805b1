"""What the OEM delivers: the network, the models, the weights and targets, the closes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import (
    BRANDS,
    KPI_MIN_SAMPLE,
    KPI_TARGET,
    KPI_WEIGHTS,
    KPI_ZERO_IF_MISSING,
    KPIS,
    POWERTRAINS,
    SEGMENTS,
    Models,
)
from orchestration.sample.geography import Districts
from orchestration.sample.network import Network
from orchestration.sample.timeline import DAY, Span, first_day, off_sunday
from orchestration.sample.vehicles import brand_texts

_MILLION = 1_000_000


def dealers(feed: Feed, net: Network, known_on: int) -> pa.Table:
    """The contracts of the dealers opened by a day, as then known."""
    contract = np.flatnonzero(net.opened[net.dealer] <= known_on + 30)
    dealer = net.dealer[contract]
    closed = net.closed[dealer]
    home = net.home[dealer]
    showrooms = tuple(codes[0] for codes in net.districts.postal_codes)
    return frames.frame(
        feed,
        {
            "dealer_id": frames.texts(net.dealer_id, dealer),
            "brand_code": brand_texts(net, contract),
            "dealer_name": frames.texts(net.dealer_name, dealer),
            "group_id": frames.texts(net.group_id, dealer),
            "contract_model": frames.texts(net.contract_model, contract),
            "postal_code": frames.texts(showrooms, home),
            "district_code": frames.texts(net.districts.code, home),
            "peer_group": frames.texts(net.peer_group, dealer),
            "is_top_partner": frames.flags(net.is_top[dealer]),
            "opened_on": frames.days(net.opened[dealer]),
            "closed_on": frames.days(closed, (closed < 0) | (closed > known_on + 30)),
        },
    )


def territories(feed: Feed, net: Network, known_on: int) -> pa.Table:
    """The territories as agreed by a day."""
    t = net.territories
    known = np.flatnonzero(t["valid_from"] <= known_on + 30)
    contract, valid_to = t["contract"][known], t["valid_to"][known]
    return frames.frame(
        feed,
        {
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": brand_texts(net, contract),
            "district_code": frames.texts(net.districts.code, t["district"][known]),
            "valid_from": frames.days(t["valid_from"][known]),
            "valid_to": frames.days(valid_to, (valid_to < 0) | (valid_to > known_on + 30)),
        },
    )


def postal_areas(feed: Feed, districts: Districts) -> pa.Table:
    district = np.repeat(np.arange(len(districts)), districts.postal_count)
    return frames.frame(
        feed,
        {
            "postal_code": pa.array(districts.flat_postal_codes),
            "district_code": frames.texts(districts.code, district),
            "district_name": frames.texts(districts.name, district),
            "state_code": frames.texts(districts.state_code, district),
            "nuts3_code": frames.texts(districts.nuts3_code, district),
            "population": frames.ints(districts.population[district]),
        },
    )


def vehicle_models(feed: Feed, models: Models, years: int) -> pa.Table:
    """The range, at the prices of so many calendar years after the first."""
    return frames.frame(
        feed,
        {
            "model_code": pa.array(models.code),
            "brand_code": frames.texts(BRANDS, models.brand),
            "model_name": pa.array(models.name),
            "segment_code": frames.texts(SEGMENTS, models.segment),
            "powertrain_code": frames.texts(POWERTRAINS, models.powertrain),
            "list_price_eur": frames.ints(models.price(years) * 100),
            "max_discount_rate": frames.ints(models.max_discount),
        },
    )


def kpi_weights(feed: Feed, span: Span, versions: tuple[int, ...]) -> pa.Table:
    """The weights of the versions announced; one that has a successor ends the day before it."""
    brand, version, kpi = (
        axis.ravel()
        for axis in np.meshgrid(
            np.arange(len(BRANDS)), np.array(versions), np.arange(len(KPIS)), indexing="ij"
        )
    )
    weighed = KPI_WEIGHTS[brand, version, kpi] > 0  # some are weighed since the second version only
    brand, version, kpi = brand[weighed], version[weighed], kpi[weighed]
    begins = np.array([span.start, second_version_from(span)])
    ends = np.where(version + 1 < len(versions), begins[1] - 1, -1)
    policy = KPI_ZERO_IF_MISSING[kpi].astype(np.int64)
    return frames.frame(
        feed,
        {
            "brand_code": frames.texts(BRANDS, brand),
            "kpi_code": frames.texts(KPIS, kpi),
            "version": frames.ints(version + 1),
            "valid_from": frames.days(begins[version]),
            "valid_to": frames.days(ends, ends < 0),
            "weight": _millionths(KPI_WEIGHTS[brand, version, kpi]),
            "floor_rate": _millionths(np.where(version == 0, 0.0, 0.2)),
            "cap_rate": _millionths(np.where(version == 0, 1.2, 1.25)),
            "min_sample": frames.ints(KPI_MIN_SAMPLE[kpi]),
            "missing_policy": frames.texts(("EXCLUDE", "ZERO"), policy),
        },
    )


def second_version_from(span: Span) -> int:
    """First day of the second version: the middle of the span."""
    return int(first_day(span.first_month + max(1, span.months // 2)))


def kpi_targets(
    feed: Feed,
    net: Network,
    span: Span,
    months: np.ndarray,
    penetration: np.ndarray,
    rng: np.random.Generator,
) -> pa.Table:
    """Targets of each contract for the months; `penetration` is the share by brand.

    One contract in twelve has no target for STOCK_DAYS and NPS: those KPIs are missing for it. KPIs
    that are weighed since the second version have targets since then.
    """
    levels = KPI_TARGET.copy()
    levels[:, KPIS.index("MARKET_PENETRATION")] = penetration
    contract, month, kpi = (
        axis.ravel()
        for axis in np.meshgrid(
            np.arange(len(net.dealer)), np.arange(len(months)), np.arange(len(KPIS)), indexing="ij"
        )
    )
    is_new = (KPI_WEIGHTS[:, 0] == 0).all(axis=0)
    shape = (len(net.dealer), len(KPIS) - int(is_new.sum()))
    own = np.empty((len(net.dealer), len(KPIS)))
    own[:, ~is_new] = rng.uniform(0.92, 1.08, shape)
    own[:, is_new] = rng.uniform(0.92, 1.08, (len(net.dealer), int(is_new.sum())))
    dealer = net.dealer[contract]
    day = first_day(months[month])
    agreed = (net.opened[dealer] <= day) & ((net.closed[dealer] < 0) | (net.closed[dealer] >= day))
    optional = np.isin(kpi, [KPIS.index("STOCK_DAYS"), KPIS.index("NPS")])
    is_weighed = ~is_new[kpi] | (day >= second_version_from(span))
    kept = np.flatnonzero(agreed & is_weighed & ~(optional & (contract % 12 == 7)))
    contract, month, kpi = contract[kept], month[kept], kpi[kept]
    value = levels[net.brand[contract], kpi] * own[contract, kpi]
    value = np.where(kpi == KPIS.index("DATA_QUALITY"), 0.995, value)
    return frames.frame(
        feed,
        {
            "dealer_id": frames.texts(net.dealer_id, net.dealer[contract]),
            "brand_code": brand_texts(net, contract),
            "kpi_code": frames.texts(KPIS, kpi),
            "target_month": frames.days(first_day(months[month])),
            "target_value": _millionths(np.round(value, 4)),
        },
    )


def period_close(feed: Feed, month: int) -> tuple[pa.Table, int]:
    """The close of a month, and its day."""
    day = close_day(month)
    table = frames.frame(
        feed,
        {
            "period_month": frames.days(np.array([first_day(month)])),
            "closed_at": frames.moments(np.array([day * DAY + 17 * 3600 + 30 * 60])),
            "closed_by": pa.array(["network.controlling@example.org"]),
        },
    )
    return table, day


def close_day(month: int) -> int:
    """A month is closed on about the twelfth of the next."""
    return int(off_sunday(first_day(month + 1) + 11))


def _millionths(values: np.ndarray) -> pa.Array:
    return frames.ints(np.rint(values * _MILLION).astype(np.int64))
