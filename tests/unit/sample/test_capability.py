"""Capability in the sample: an academy that some dealers go to, IT that few have at first, shorter
introductions where people are trained, and slips that become rarer after a course."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from orchestration.sample import academy, generate, slips, systems
from orchestration.sample.catalog import KPI_WEIGHTS, KPIS
from orchestration.sample.geography import load_districts
from orchestration.sample.network import Network, build_network
from orchestration.sample.timeline import Schedule, Span, from_day, month_of

from .conftest import Drop
from .test_governance import newest

SPAN = Span.of(None, 24)


@pytest.fixture(scope="module")
def net() -> Network:
    """That of the default sample."""
    return build_network(load_districts(), SPAN, 40, 42)


@pytest.fixture(scope="module")
def staff(net: Network) -> academy.Staff:
    return academy.employ(net, SPAN, 42)


@pytest.fixture(scope="module")
def training(net: Network, staff: academy.Staff) -> academy.Training:
    return academy.train(net, SPAN, staff, 42)


def test_every_dimension_of_quality_has_a_course(feeds: dict) -> None:
    [(table, day)] = academy.courses(feeds["oem__courses"], SPAN)
    rows = table.to_pylist()
    assert {r["quality_dimension"] for r in rows} == {*academy.DIMENSIONS, None}
    assert {r["topic"] for r in rows} == {"DIGITAL", "DATA_QUALITY", "EV", "SALES", "SERVICE"}
    assert any(r["validity_months"] is None for r in rows), "some certificates never expire"
    assert day < SPAN.start


def test_people_join_leave_and_change_dealers(net: Network, staff: academy.Staff) -> None:
    dealer = net.dealer[staff.contract]
    assert len(np.unique(staff.person * 10_000 + dealer)) == len(dealer), "the key of the feed"
    assert (staff.begins > SPAN.start).sum() > 50
    assert (staff.ends >= 0).sum() > 50
    moved = np.flatnonzero(np.bincount(staff.person) > 1)
    assert len(moved) > 10, "some work for another dealer later"
    assert (staff.begins >= net.opened[dealer]).all()
    closed = net.closed[dealer]
    assert (staff.ends[closed >= 0] >= 0).all() and (staff.ends <= SPAN.end).all()
    assert ((staff.ends < 0) | (staff.ends > staff.begins)).all()


def test_only_who_is_employed_there_completes_a_course(
    staff: academy.Staff, training: academy.Training
) -> None:
    assert staff.is_employed(training.employment, training.day).all()
    assert training.day.max() <= SPAN.end
    assert 0.85 < training.passed.mean() < 0.97
    seats = training.employment * 100 + training.course
    assert np.bincount(seats).max() > 1, "courses are repeated"


def test_some_dealers_train_before_the_sample_some_within_it_some_never(
    net: Network, staff: academy.Staff, training: academy.Training
) -> None:
    first = training.first_passed(net, staff)
    assert (first < 0).sum() >= 4
    assert ((first >= 0) & (first < SPAN.start)).sum() >= 8
    assert (first > SPAN.start).sum() >= 10
    for course in range(len(academy.DIMENSIONS)):
        month = month_of(training.first_passed(net, staff, course)) - SPAN.first_month
        assert ((month >= 3) & (month <= 20)).sum() >= 8, "before and after can be compared"


def test_what_is_told_of_training_is_complete_and_one_mistake_is_taken_back(
    net: Network, staff: academy.Staff, training: academy.Training, feeds: dict
) -> None:
    feed = feeds["oem__training_events"]
    made = list(academy.events(feed, net, SPAN, staff, training))
    assert sum(withdrawn for *_, withdrawn in made) == 1
    rows = newest(feed.key, iter(made))
    assert len(rows) == len(training.day)
    days = [r["completed_on"] for r in rows]
    assert days == sorted(days), "ids are given by day"
    for table, day, _ in made:
        told = [r["completed_on"] for r in table.to_pylist() if not r["is_deleted"]]
        assert max(told) <= from_day(day)


def test_a_list_of_people_keeps_who_has_left_and_knows_nothing_of_later(
    net: Network, staff: academy.Staff, feeds: dict
) -> None:
    schedule = Schedule(SPAN, 0, 3)
    everyone = np.arange(len(net.dealer))
    table, period, _ = academy.staff_lists(
        feeds["dealer__staff"], net, staff, everyone, schedule, is_dealer=False
    )
    rows = table.to_pylist()
    ends = [from_day(int(day)) for day in schedule.end_day(np.arange(schedule.periods))]
    seen: set[tuple] = set()
    for number in sorted(set(period.tolist())):
        until = ends[number]
        listed = [r for r, p in zip(rows, period.tolist(), strict=True) if p == number]
        keys = {(r["person_id"], r["dealer_id"]) for r in listed}
        assert seen <= keys and len(keys) == len(listed)
        seen = keys
        assert all(r["employed_from"] <= until for r in listed)
        assert all(r["employed_to"] is None or r["employed_to"] <= until for r in listed)
    assert len(seen) == len(staff.person)


def test_a_dealer_who_has_closed_lists_nobody_any_more(
    net: Network, staff: academy.Staff, feeds: dict
) -> None:
    [gone, *_] = np.flatnonzero(net.closed >= 0).tolist()
    schedule = Schedule(SPAN, gone, 3)
    _, period, _ = academy.staff_lists(
        feeds["dealer__staff"], net, staff, net.contracts_of(np.array([gone])), schedule, True
    )
    assert period.max() == schedule.period_of(month_of(net.closed[gone])), "who has left is told"


def test_a_list_that_has_not_changed_is_not_sent_again(net: Network, feeds: dict) -> None:
    one = np.zeros(1, dtype=np.int64)
    changed = academy.Staff(one, one, one, one + SPAN.start - 9, one + SPAN.start + 200)
    schedule = Schedule(SPAN, 0, 3)
    _, period, _ = academy.staff_lists(
        feeds["dealer__staff"], net, changed, one, schedule, is_dealer=True
    )
    assert period.tolist() == [0, 2], "the first, and the one that knows of the end"


# -- systems ----------------------------------------------------------------------------------


def not_ready(net: Network, found: systems.Assessments, criteria: list[dict], day: int) -> float:
    """Share of the open dealers, once assessed, who lack some mandatory criterion."""
    asked = [
        k for k, c in enumerate(criteria) if c["is_mandatory"] and c["valid_from"] <= from_day(day)
    ]
    states = []
    for dealer in range(len(net.dealer_id)):
        newest_of = {
            c: met
            for d, c, when, met in sorted(
                zip(found.dealer, found.criterion, found.day, found.is_met, strict=True),
                key=lambda row: row[2],
            )
            if d == dealer and when <= day
        }
        if newest_of and net.opened[dealer] <= day and not 0 <= net.closed[dealer] < day:
            states.append(all(newest_of.get(k, False) for k in asked))
    return 1 - float(np.mean(states))


def test_three_dealers_in_four_are_not_ready_at_first_and_some_become_so(
    net: Network, feeds: dict
) -> None:
    found = systems.assess(net, SPAN, 42)
    told = newest(("criterion_code",), systems.criteria(feeds["oem__it_criteria"], SPAN))
    by_code = {c["criterion_code"]: c for c in told if not c["is_deleted"]}
    criteria = [by_code[c[0]] for c in systems._CRITERIA]
    assert any(not c["is_mandatory"] for c in criteria)
    begun = np.array([found.day[found.dealer == d].min() for d in np.unique(found.dealer)])
    of_first = [
        set(found.criterion[(found.dealer == d) & (found.day <= day + 4)].tolist())
        for d, day in zip(np.unique(found.dealer), begun, strict=True)
        if day < SPAN.start - 60
    ]
    old = {k for k, c in enumerate(criteria) if c["valid_from"] < from_day(SPAN.start - 400)}
    assert of_first and all(old <= seen for seen in of_first), "all of them at once"
    first = not_ready(net, found, criteria, int(SPAN.month_ends[0]))
    last = not_ready(net, found, criteria, SPAN.end)
    assert 0.6 < first < 0.85 and 0.4 < last < first


def test_introductions_are_shorter_where_people_were_trained(
    net: Network, staff: academy.Staff, training: academy.Training
) -> None:
    since = training.first_passed(net, staff)
    found = systems.introduce(net, SPAN, since, 42)
    begun = since[net.dealer[found.contract]]
    trained, ended = (begun >= 0) & (begun <= found.started), found.live >= 0
    days = found.live - found.started
    before, after = (np.median(days[ended & (trained == t)]) for t in (False, True))
    assert 0.3 < 1 - after / before < 0.6
    assert (found.abandoned >= 0).any() and (~ended & (found.abandoned < 0)).any()
    assert not (ended & (found.abandoned >= 0)).any()
    assert (days[ended] >= 4).all()


def test_an_introduction_is_told_when_it_begins_and_when_it_ends(net: Network, feeds: dict) -> None:
    found = systems.introduce(net, SPAN, np.full(len(net.dealer_id), -1), 42)
    feed = feeds["oem__system_rollouts"]
    made = list(systems.rollouts(feed, net, SPAN, found))
    rows = newest(feed.key, iter([(t, d) for t, d in made]))
    assert len(rows) == len(found.started)
    assert sum(r["live_on"] is not None for r in rows) == (found.live >= 0).sum()
    assert sum(r["abandoned_on"] is not None for r in rows) == (found.abandoned >= 0).sum()
    for table, day in made:
        for name in ("started_on", "live_on", "abandoned_on"):
            told = [v for v in table[name].to_pylist() if v]
            assert all(v <= from_day(day) for v in told), name


# -- slips ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dimension", range(len(academy.DIMENSIONS)))
def test_a_dealer_slips_less_from_the_month_after_his_course(
    net: Network, staff: academy.Staff, training: academy.Training, dimension: int
) -> None:
    habits = slips.Slips(net, staff, training, 42)
    first = month_of(training.first_passed(net, staff, dimension))
    trained = training.first_passed(net, staff, dimension) >= 0
    for dealer in range(len(net.dealer_id)):
        months = SPAN.numbers
        chance = habits.chance(np.full(len(months), dealer), dimension, months)
        if trained[dealer]:
            before, after = chance[months <= first[dealer]], chance[months > first[dealer]]
            if len(before) and len(after):
                assert after.max() < 0.3 * before.min()
        else:
            assert len(set(chance.tolist())) == 1, "others do not improve"
    never = np.flatnonzero(~trained)
    rates = habits.chance(never, dimension, np.zeros(len(never)))
    assert len(set(rates.tolist())) > 1, "each has a rate of his own"


def test_slips_load_yet_break_rules_of_every_dimension(drop: Drop) -> None:
    leads = drop.current("dealer__leads")
    assert 0.005 < np.mean([r["customer_email"] is None for r in leads]) < 0.1
    assert 0.005 < np.mean(["@" not in (r["customer_email"] or "@") for r in leads]) < 0.1
    sold = [r for r in leads if r["sold_vin"]]
    assert 0.005 < np.mean([r["lost_at"] is not None for r in sold]) < 0.12
    surveys = drop.current("dealer__surveys")
    assert 0.005 < np.mean([r["vin"] is None for r in surveys]) < 0.1
    codes = [r["customer_postal_code"] for r in drop.current("dealer__cases")]
    assert 0.005 < np.mean([len(code) != 5 for code in codes]) < 0.1
    stock = [r for r in drop.current("dealer__stock") if r["stock_status"] == "IN_STOCK"]
    assert 0.005 < np.mean([r["in_stock_since"] is None for r in stock]) < 0.1
    events = drop.current("dealer__vehicle_events")
    private = [r for r in events if r["event_type"] == "REGISTRATION"]
    assert 0.03 < np.mean([r["holder_type"] is None for r in private]) < 0.2
    assert (
        drop.report.bad_rows["dealer__leads"]["DUPLICATE_KEY_IN_FILE"]
        > (drop.report.bad_rows["dealer__leads"]["BAD_VALUE"])
    ), "more rows stand twice than other faults would bring"


def test_plans_are_told_as_facts_but_never_of_a_day_after_the_sample(drop: Drop) -> None:
    ahead = 0
    for path, row in drop.rows("dealer__vehicle_events"):
        kind = row and row.get("event_type")
        day = row and row.get("event_date")
        day = day.date() if isinstance(day, datetime) else day
        if kind == "DELIVERY" and isinstance(day, date):
            ahead += day > date.fromtimestamp(path.stat().st_mtime)
            assert day <= from_day(SPAN.end)
    assert ahead > 3


def test_late_files_come_after_the_one_due_and_before_the_next(drop: Drop) -> None:
    late = 0
    for feed in ("dealer__surveys", "dealer__cases"):
        for sender in {p.name.split("_")[0] for p in drop.files(feed)} - {"dms"}:
            times = [p.stat().st_mtime for p in drop.files(feed) if p.name.startswith(sender)]
            days = [t / 86_400 for t in times]
            assert len(set(days)) == len(days)
            late += sum(from_day(int(d)).month not in (1, 4, 7, 10) for d in days)
    assert late > 0


def test_the_new_kpis_are_weighed_and_aimed_at_since_the_second_version(
    tmp_path: Path, feeds: dict
) -> None:
    drop = Drop(tmp_path, generate(tmp_path, dealers=3, months=6, scale=0.05), feeds)
    new = {"TRAINING_COVERAGE", "IT_READINESS"}
    versions = {r["version"] for r in drop.current("oem__kpi_weights") if r["kpi_code"] in new}
    assert versions == {2}
    months = {r["target_month"] for r in drop.current("oem__kpi_targets") if r["kpi_code"] in new}
    assert months == {date(2025, m, 1) for m in (10, 11, 12)}
    assert (KPI_WEIGHTS.sum(axis=2) == 100).all() and KPI_WEIGHTS.shape[2] == len(KPIS)


def test_a_slip_is_made_in_the_rows_meant_only(
    net: Network, staff: academy.Staff, training: academy.Training, feeds: dict
) -> None:
    habits = slips.Slips(net, staff, training, 42)
    size = 4_000
    table = pa.table(
        {
            "dealer_id": pa.array(["D0001"] * size),
            "vin": pa.array(["0AVCA000X00000000"] * size),
        }
    )
    schedule = Schedule(SPAN, 0, 3)
    period = np.arange(size) % schedule.periods
    made = habits.of(
        feeds["dealer__surveys"], table, period, schedule, True, np.random.default_rng(1)
    )
    month = np.array([s.year * 12 + s.month - 1 - 1970 * 12 for s in map(schedule.stamp, range(8))])
    chance = habits.chance(np.zeros(size, dtype=int), 0, month[period])
    assert made.table["vin"].null_count == pytest.approx(chance.sum(), rel=0.3)
    assert 0 < made.twice.sum() < 0.05 * size
