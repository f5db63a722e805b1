"""Who answers for which process between OEM and partners, and how long cases may take.

Most processes have one accountable party at any time. Some have two for a while, or none: those are
what the warehouse has to find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from orchestration.ingestion.contract import Feed
from orchestration.sample import frames
from orchestration.sample.catalog import BRANDS, CASE_TYPES
from orchestration.sample.network import Network
from orchestration.sample.timeline import Span, first_day

OEM, PARTNER = "OEM", "PARTNER"
_OPEN = -1
_TOLD_BEFORE, _CHANGE_TOLD_BEFORE, _CORRECTED_AFTER = 17, 10, 75
"""Days before the sample, before its middle, and after that."""

# process, who is accountable, who does the work, who is asked
_PROCESSES = (
    ("LEAD_HANDLING", PARTNER, PARTNER, None),
    ("CAMPAIGN", OEM, PARTNER, PARTNER),
    ("PRICING", OEM, OEM, PARTNER),
    ("ORDERING", PARTNER, PARTNER, OEM),
    ("STOCK_PLANNING", OEM, PARTNER, None),
    ("WARRANTY", OEM, PARTNER, None),
    ("COMPLAINT", OEM, PARTNER, OEM),
    ("SERVICE_REQUEST", PARTNER, PARTNER, None),
    ("DATA_DELIVERY", PARTNER, PARTNER, OEM),
)
_TARGET_HOURS = np.array([[96, 72, 120], [96, -1, 96], [72, 48, 72]])
"""By brand and type of case; -1 is a level that is still missing."""
_STRICTER_HOURS = (0, 0, 72)
"""Brand, type of case and hours of a level that is changed in the middle of the sample."""


@dataclass(frozen=True)
class Duty:
    """A role of a party in a process. Days; -1 is no end."""

    process: str
    role: str
    party: str
    brand: int
    valid_from: int
    valid_to: int = _OPEN


def responsibilities(feed: Feed, net: Network, span: Span) -> Iterator[tuple[pa.Table, int, int]]:
    """The duties before the sample, changes in its middle, and what is corrected after them; with
    the day and the rows that withdraw."""
    middle = int(first_day(span.first_month + span.months // 2))
    first = [d for brand in range(len(BRANDS)) for d in _agreed(brand, span)]
    changed, corrected, withdrawn = _changes(first, net, middle)
    for day, duties, deleted in (
        (span.start - _TOLD_BEFORE, first, []),
        (middle - _CHANGE_TOLD_BEFORE, changed, []),
        (middle + _CORRECTED_AFTER, corrected, withdrawn),
    ):
        if day <= span.end:
            yield _duties(feed, duties, deleted), day, len(deleted)


def _agreed(brand: int, span: Span) -> Iterator[Duty]:
    begins = span.start
    for process, accountable, responsible, consulted in _PROCESSES:
        if (brand, process) != (1, "CAMPAIGN"):  # nobody ever was
            yield Duty(process, "ACCOUNTABLE", accountable, brand, begins)
        yield Duty(process, "RESPONSIBLE", responsible, brand, begins)
        if consulted:
            yield Duty(process, "CONSULTED", consulted, brand, begins)
        if accountable != responsible:
            yield Duty(process, "INFORMED", PARTNER, brand, begins)


def _changes(
    first: list[Duty], net: Network, middle: int
) -> tuple[list[Duty], list[Duty], list[Duty]]:
    """What is told in the middle, what is told later about it, and what is taken back then."""

    def accountable(brand: int, process: str) -> Duty:
        return next(
            d for d in first
            if (d.brand, d.process, d.role) == (brand, process, "ACCOUNTABLE")
        )  # fmt: skip

    complaint, warranty = accountable(0, "COMPLAINT"), accountable(0, "WARRANTY")
    request, pricing = accountable(1, "SERVICE_REQUEST"), accountable(2, "PRICING")
    too_late = replace(pricing, party=PARTNER, valid_from=middle + 45)
    changed = [
        # from OEM to partners, with a month between
        replace(complaint, valid_to=middle - 1),
        replace(complaint, party=PARTNER, valid_from=middle + 31),
        # a dealer beside the OEM for some months
        replace(warranty, party=net.dealer_id[0], valid_from=middle + 60, valid_to=middle + 150),
        # a second one for good: the first is ended by the correction
        replace(request, party=OEM, valid_from=middle),
        # two weeks without anybody, which the correction fills
        replace(pricing, valid_to=middle + 30),
        too_late,
    ]
    corrected = [
        replace(request, valid_to=middle + 59),
        replace(too_late, valid_from=middle + 31),
    ]
    return changed, corrected, [too_late]


def _duties(feed: Feed, duties: list[Duty], deleted: list[Duty]) -> pa.Table:
    every = [*duties, *deleted]
    valid_to = np.array([d.valid_to for d in every])
    return frames.frame(
        feed,
        {
            "process_code": pa.array([d.process for d in every]),
            "role": pa.array([d.role for d in every]),
            "party": pa.array([d.party for d in every]),
            "brand_code": frames.texts(BRANDS, np.array([d.brand for d in every])),
            "valid_from": frames.days(np.array([d.valid_from for d in every])),
            "valid_to": frames.days(valid_to, valid_to < 0),
            "is_deleted": frames.flags(np.arange(len(every)) >= len(duties)),
        },
    )


def service_levels(feed: Feed, span: Span) -> Iterator[tuple[pa.Table, int]]:
    """The hours that cases may take, before the sample, and a stricter level; with the day."""
    brand, case_type = np.nonzero(_TARGET_HOURS >= 0)
    yield (
        _levels(feed, brand, case_type, _TARGET_HOURS[brand, case_type]),
        span.start - _TOLD_BEFORE,
    )
    middle = int(first_day(span.first_month + span.months // 2))
    yield _levels(feed, *(np.array([figure]) for figure in _STRICTER_HOURS)), middle


def _levels(feed: Feed, brand: np.ndarray, case_type: np.ndarray, hours: np.ndarray) -> pa.Table:
    return frames.frame(
        feed,
        {
            "brand_code": frames.texts(BRANDS, brand),
            "case_type": frames.texts(CASE_TYPES, case_type),
            "target_hours": frames.ints(hours),
        },
    )
