"""What the brands ask of their dealers, more from month to month, and the modules of business
models that they offer them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import BRANDS
from orchestration.sample.timeline import Span, first_day, off_sunday, stream

_TOLD_BEFORE = 17
_ANNOUNCED_BEFORE = 21
"""Days from the announcement of a requirement to its first day."""
_NEVER = -1

_TITLES = (
    ("FACILITY", "Signage of the new corporate design"),
    ("DIGITAL", "Online appointment booking with confirmation"),
    ("TRAINING", "Certified high-voltage technicians"),
    ("DATA", "Monthly delivery of customer consents"),
    ("CHARGING", "Two fast-charging points open to customers"),
    ("SUSTAINABILITY", "Report of the showroom's energy use"),
    ("SALES", "Two electric demonstration vehicles at all times"),
    ("SERVICE", "Mobile technician within the territory"),
    ("DIGITAL", "Leads answered in the common system"),
    ("DATA", "Stock delivered every day"),
    ("TRAINING", "Product training before each launch"),
    ("FACILITY", "Separate area for handing over vehicles"),
    ("SALES", "Price display as the agency contract asks"),
)
_FOR = ("ALL", "ALL", "METRO", "ALL", "CITY", "ALL", "ALL", "RURAL")
_OLD, _BEFORE, _EACH_MONTH = 12, 8, 0.45
"""Requirements of a brand since the first day, new ones in the years before the sample and in each
of its months."""
_YEARS_BEFORE = 3
_ENDS = 6
"""Every so many end after a year and a half."""

# code, name, months of a sample of two years from which a brand offers it
_MODULES = (
    ("AGENCY", "Agency for electric vehicles", -6),
    ("SUBSCRIPTION", "Vehicle subscription", -3),
    ("MOBILE-SERVICE", "Service at the customer's", 2),
    ("USED-ONLINE", "Used vehicles sold online", 5),
    ("CHARGING-HUB", "Charging hub at the showroom", 9),
)


def requirements(feed: Feed, span: Span, seed: int) -> Iterator[tuple[pa.Table, int]]:
    """The requirements when they are announced, a table for each day; with the day."""
    first, last = span.first_month - 12 * _YEARS_BEFORE, span.first_month + span.months - 1
    new = round(span.months * _EACH_MONTH)
    months = np.concatenate(
        [
            np.full(_OLD, first),
            np.linspace(first + 1, span.first_month - 1, _BEFORE).astype(np.int64),
            np.linspace(span.first_month, last, new, endpoint=False).astype(np.int64),
        ]
    )
    number, brand = np.divmod(np.arange(len(months) * len(BRANDS)), len(BRANDS))
    rng = stream(seed, feed.name)
    count = len(number)
    valid_from = first_day(months[number] + (number > 0) * (brand == number % 3))
    ends = first_day(months[number] + 18) - 1
    valid_to = np.where(number % _ENDS == 4, ends, _NEVER)
    effort = rng.integers(2, 40, count) * 25
    cost = np.rint(rng.lognormal(8.6, 0.9, count)).astype(np.int64) * 100
    stages = int(number.max()) // len(_TITLES) + 1
    titles = [t + (f", stage {s + 1}" if s else "") for s in range(stages) for _, t in _TITLES]
    told = np.maximum(off_sunday(valid_from - _ANNOUNCED_BEFORE), span.start - _TOLD_BEFORE)
    for day in np.unique(told[told <= span.end]).tolist():
        rows = np.flatnonzero(told == day)
        n, title = number[rows], (number[rows] + 2 * brand[rows]) % len(_TITLES)
        columns = {
            "requirement_id": pa.array(
                [
                    f"REQ-{BRANDS[b][:3]}-{k + 1:03d}"
                    for b, k in zip(brand[rows].tolist(), n.tolist(), strict=True)
                ]
            ),
            "brand_code": frames.texts(BRANDS, brand[rows]),
            "title": frames.texts(titles, n // len(_TITLES) * len(_TITLES) + title),
            "category": frames.texts([c for c, _ in _TITLES], title),
            "effort_days": frames.ints(effort[rows]),
            # what costs only work has no amount
            "cost_eur": frames.ints(cost[rows], n % 9 == 5),
            "applies_to": frames.texts(_FOR, (n + brand[rows]) % len(_FOR)),
            "valid_from": frames.days(valid_from[rows]),
            "valid_to": frames.days(valid_to[rows], valid_to[rows] < 0),
        }
        yield frames.frame(feed, columns), day


@dataclass(frozen=True)
class Modules:
    """Modules of all brands, an entry each; days."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    brand: np.ndarray
    available: np.ndarray


def offer(span: Span) -> Modules:
    """The modules, those of a brand one after the other."""
    rows = [
        (f"{name[:3]}-{code}", text, brand, int(first_day(_month(span, months))))
        for brand, name in enumerate(BRANDS)
        for code, text, months in _MODULES
    ]
    code, name, brand, available = zip(*rows, strict=True)
    return Modules(code, name, np.array(brand), np.array(available))


def _month(span: Span, months: int) -> int:
    return span.first_month + (months if months < 0 else months * span.months // 24)


def modules(feed: Feed, span: Span, offered: Modules) -> Iterator[tuple[pa.Table, int]]:
    """The modules when they are announced; with the day."""
    told = np.maximum(off_sunday(offered.available - 30), span.start - _TOLD_BEFORE)
    for day in np.unique(told[told <= span.end]).tolist():
        rows = np.flatnonzero(told == day)
        columns = {
            "module_code": frames.texts(offered.code, rows),
            "brand_code": frames.texts(BRANDS, offered.brand[rows]),
            "module_name": frames.texts(offered.name, rows),
            "available_from": frames.days(offered.available[rows]),
        }
        yield frames.frame(feed, columns), day
