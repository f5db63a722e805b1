"""Due dates skip Saturdays, Sundays and the public holidays of the dealer's state."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import numpy as np
import pyarrow as pa
import pytest

from orchestration.calculations.business_days import STATES, next_business_days

EPOCH = date(1970, 1, 1)


def moved(day: date, state: str | None) -> date:
    days = np.array([(day - EPOCH).days])
    found = next_business_days(days, pa.array([state], pa.string()))
    return EPOCH + timedelta(days=int(found[0]))


@pytest.mark.parametrize(
    ("day", "state", "expected"),
    [
        (date(2025, 5, 7), "09", date(2025, 5, 7)),
        (date(2025, 5, 10), "09", date(2025, 5, 12)),
        (date(2025, 5, 11), "09", date(2025, 5, 12)),
        # turn of the year: Thursday 1 January, then a Friday; Epiphany is one of three states
        (date(2026, 1, 1), "05", date(2026, 1, 2)),
        (date(2021, 12, 31), "05", date(2021, 12, 31)),
        (date(2022, 1, 1), "05", date(2022, 1, 3)),
        (date(2025, 12, 25), "05", date(2025, 12, 29)),
        (date(2026, 1, 6), "09", date(2026, 1, 7)),
        (date(2026, 1, 6), "05", date(2026, 1, 6)),
        # Easter: Good Friday to Easter Monday
        (date(2025, 4, 18), "11", date(2025, 4, 22)),
        (date(2025, 4, 18), None, date(2025, 4, 22)),
        # Reformation Day: a Friday, then a weekend; North Rhine-Westphalia has All Saints' instead
        (date(2025, 10, 31), "14", date(2025, 11, 3)),
        (date(2025, 10, 31), "03", date(2025, 11, 3)),
        (date(2025, 10, 31), "05", date(2025, 10, 31)),
        (date(2024, 11, 1), "05", date(2024, 11, 4)),
        (date(2024, 11, 1), "14", date(2024, 11, 1)),
        # Reformation Day 2017 was one of all states
        (date(2017, 10, 31), None, date(2017, 11, 1)),
        # Day of Repentance and Prayer: Saxony alone
        (date(2025, 11, 19), "14", date(2025, 11, 20)),
        (date(2025, 11, 19), "16", date(2025, 11, 19)),
        (date(2025, 11, 19), None, date(2025, 11, 19)),
        # a state that there is not has the holidays of all
        (date(2025, 10, 31), "99", date(2025, 10, 31)),
    ],
)
def test_a_day_moves_to_the_next_business_day_of_the_state(day, state, expected) -> None:
    assert moved(day, state) == expected


def test_the_sixteen_states_are_those_of_the_holidays_package() -> None:
    known = set(holidays.country_holidays("DE").subdivisions)
    assert set(STATES) == {f"{number:02}" for number in range(1, 17)}
    assert len(set(STATES.values())) == 16
    assert set(STATES.values()) <= known


def test_many_days_of_all_states_are_those_found_one_by_one() -> None:
    states = [*STATES, None, "99"]
    first = (date(2023, 12, 20) - EPOCH).days
    days = np.repeat(np.arange(first, first + 400), len(states))
    given = pa.array(states * 400, pa.string())
    found = next_business_days(days, given)
    calendars = {s: holidays.country_holidays("DE", subdiv=STATES.get(s)) for s in states}
    for day, state, result in zip(days.tolist(), given.to_pylist(), found.tolist(), strict=True):
        expected = EPOCH + timedelta(days=day)
        while expected.weekday() > 4 or expected in calendars[state]:
            expected += timedelta(days=1)
        assert EPOCH + timedelta(days=result) == expected


def test_without_days_there_are_none() -> None:
    assert len(next_business_days(np.zeros(0, np.int64), pa.array([], pa.string()))) == 0


def test_days_and_states_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="1 days, but 0 states"):
        next_business_days(np.zeros(1, np.int64), pa.array([], pa.string()))
