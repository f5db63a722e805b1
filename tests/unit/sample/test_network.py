"""The network, its calendar and the vehicles' numbers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from orchestration.sample.geography import load_districts
from orchestration.sample.network import build_network
from orchestration.sample.timeline import Schedule, Span, awake, off_sunday, pick, to_day


def test_the_districts_are_real_in_form_and_cover_every_state() -> None:
    districts = load_districts()
    assert 60 <= len(districts) <= 100
    assert len(set(districts.code)) == len(set(districts.name)) == len(districts)
    assert {c[:2] for c in districts.code} == {f"{n:02d}" for n in range(1, 17)}
    assert list(districts.state_code) == [c[:2] for c in districts.code]
    assert all(len(p) == 5 and p.isdigit() for p in districts.flat_postal_codes)
    assert all(n.startswith("DE") and len(n) == 5 for n in districts.nuts3_code)
    assert (districts.population % 1000 == 0).all()


@pytest.mark.parametrize(("months", "cadence", "periods"), [(24, 1, 24), (24, 3, 8), (5, 3, 3)])
def test_a_schedule_covers_the_span(months: int, cadence: int, periods: int) -> None:
    schedule = Schedule(Span.of(date(2024, 3, 1), months), 4, cadence)
    if months == 24 and cadence == 3:
        periods += 1  # March stands alone, the last quarter is February only
    assert schedule.periods == periods
    stamps = [schedule.stamp(p) for p in range(periods)]
    assert stamps == sorted(set(stamps))
    for p in range(periods):
        late = (stamps[p].date() - date(1970, 1, 1)).days - int(schedule.end_day(p))
        assert 1 <= late <= 7, "a few days after the period's end"


def test_parts_and_corrections_never_share_a_name() -> None:
    schedules = [Schedule(Span.of(None, 24), 4, 1, part) for part in range(30)]
    stamps = [
        s.stamp(p, later).isoformat()[:16]
        for s in schedules
        for p in range(24)
        for later in (0, 1, 12)
    ]
    assert len(set(stamps)) == len(stamps)


def test_sundays_move_within_their_month() -> None:
    days = np.array([to_day(date(2024, 9, 1)), to_day(date(2024, 9, 8)), to_day(date(2024, 9, 9))])
    assert off_sunday(days).tolist() == [days[0] + 1, days[1] - 1, days[2]]


def test_nobody_answers_at_night() -> None:
    night = np.array([2 * 3600 + 90, 12 * 3600])
    assert awake(night).tolist() == [7 * 3600 + 90, 12 * 3600]


def test_choices_follow_their_weights() -> None:
    weights = np.array([[1.0, 3.0, 0.0], [0.0, 0.0, 1.0]])
    rows = np.repeat([0, 1], 20_000)
    chosen = pick(np.random.default_rng(1), weights, rows)
    share = np.bincount(chosen[:20_000], minlength=3) / 20_000
    assert share == pytest.approx([0.25, 0.75, 0.0], abs=0.02)
    assert (chosen[20_000:] == 2).all()


def test_a_closed_dealers_districts_go_to_another_dealer_of_the_brand() -> None:
    net = build_network(load_districts(), Span.of(None, 24), 60, seed=7)
    t = net.territories
    ended = np.flatnonzero(t["valid_to"] >= 0)
    assert len(ended)
    heirs = [
        np.flatnonzero(
            (t["district"] == t["district"][row])
            & (net.brand[t["contract"]] == net.brand[t["contract"][row]])
            & (t["valid_from"] == t["valid_to"][row] + 1)
        )
        for row in ended
    ]
    assert sum(len(h) == 1 for h in heirs) > 0.8 * len(ended)
    assert all((t["valid_to"][h] == -1).all() for h in heirs), "for good"


def test_dealers_differ_in_how_well_they_work() -> None:
    net = build_network(load_districts(), Span.of(None, 24), 40, seed=42)
    for habit in (net.response_hours, net.discount, net.self_rate, net.case_hours):
        assert habit.max() > 1.8 * habit.min()
    assert (net.bad_rate > 0.01).any() and (net.bad_rate < 0.01).mean() > 0.5
    assert sum(g is not None for g in net.group_id) > 5
