"""Up to which day the dealers have reported: a week after it has no figures yet, only zeros."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from orchestration.language import Language
from orchestration.serving.reading import Publication

_EVENTS = "fct_vehicle_event"
COUNTED = ("ORDERS", "REGISTRATIONS", "QUARTER_TARGET", "COMPLAINTS", "MEETING")
"""Findings that are zero for want of reports: neither good nor bad in such a week."""
_WORKDAYS = 4
"""Days from a Monday to its Friday: a week that was reported up to it is taken for whole."""


def reported_until(publication: Publication) -> dict[tuple[str, str], date]:
    """(dealer_id, brand_code) -> the day of the newest event that the dealer reported."""
    if publication.lacks(_EVENTS):
        return {}
    return {
        (row["dealer_id"], row["brand_code"]): row["day"]
        for row in publication.records(
            f"select dealer_id, brand_code, max(event_date) as day from {_EVENTS} "
            "where event_date is not null group by all"
        )
    }


def is_reported(monday: date, until: date | None) -> bool:
    """Whether the week was reported as a whole; not known (no event at all) counts as yes."""
    return until is None or until >= monday + timedelta(days=_WORKDAYS)


def newest_reported(mondays: Iterable[date], until: date | None) -> date | None:
    """The newest of the weeks that was reported as a whole; if none was, the newest."""
    weeks = sorted(mondays, reverse=True)
    return next((monday for monday in weeks if is_reported(monday, until)), next(iter(weeks), None))


def missing_reports(say: Language, monday: date, until: date | None) -> str:
    """What to know about a week that was not reported as a whole; else nothing."""
    if until is None or is_reported(monday, until):
        return ""
    return say(f"review_reports_{'NONE' if until < monday else 'PART'}", day=say.day(until))
