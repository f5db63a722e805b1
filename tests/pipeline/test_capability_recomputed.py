"""The marts of capability against the spec written down a second time, in plain Python.

The recomputation in `tests/support/capability_recomputed.py` is held against cases worked out by
hand and figures of the literature. Then random worlds are built by the warehouse and by the
product's Python, load by load, and every column of every mart has to be what the recomputation
says.
"""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.registry import feed_rules
from orchestration.checks.pass_rates import count_passes
from orchestration.checks.rule_texts import write_rule_texts
from orchestration.computed.capability import compute_capability
from orchestration.settings import Settings
from tests.support import recomputed
from tests.support.capability_recomputed import (
    CAPABILITY_KEYS,
    ROWS_BY_HAND,
    TIMELY_BY_HAND,
    Between,
    Capability,
    CountKey,
    Counts,
    Marts,
    Near,
    Row,
    Span,
    capability_kpis,
    capability_marts,
    counts_by_hand,
    mean_interval,
    median_days,
    reduction_interval,
)
from tests.support.lake import Lake
from tests.support.random_capability import (
    EARLIER,
    TODAYS,
    random_capability_load,
    random_capability_world,
)
from tests.support.recomputed import Cell, Facts, dealer_months, last_day, later
from tests.support.service_recomputed import berlin_day, month_of, stored
from tests.support.warehouse import build, fetch, new_settings

SEEDS = {1: 0, 2: 1}
"""Of the default run, with how often something is loaded after the world."""
SLOW_SEEDS = range(800, 806)

# -- cases by hand ----------------------------------------------------------------------------

NOW = datetime(2024, 11, 15, 9)
RULES = {
    "EMPTY": {"dimension": "COMPLETENESS", "target_rate": Decimal("0.9")},
    "BLANK": {"dimension": "COMPLETENESS", "target_rate": Decimal("0.8")},
    "WRONG": {"dimension": "VALIDITY", "target_rate": Decimal("0.9")},
}
RULES = {
    code: rule
    | {"feed": "dealer__leads", "severity": "WARNING", "course_topic": "DIGITAL", "mostly": 1}
    for code, rule in RULES.items()
}


def world(
    counts: dict[CountKey, Counts] | None = None, as_of: datetime = NOW, **feeds: list[Row]
) -> Capability:
    """What holds, feed by feed; D1 and D2 of AURA and two courses are there if none are given."""
    every: dict[str, list[Row]] = defaultdict(list)
    every["oem__dealers"] = [dealer("D1"), dealer("D2")]
    every["oem__courses"] = [course("FULL", "COMPLETENESS", 1), course("DRIVE", None, None)]
    return Capability(Facts([], every | feeds), as_of, counts or {}, RULES)


def rows_of(mart: str, given: Capability) -> list[Row]:
    return list(capability_marts(given)[mart].values())


def dealer(dealer_id: str, **changes: Any) -> Row:
    return {
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "peer_group": "CITY",
        "opened_on": date(2000, 1, 1),
        "closed_on": None,
    } | changes


def course(course_code: str, dimension: str | None, months: int | None) -> Row:
    return {
        "course_code": course_code,
        "course_name": course_code,
        "topic": "DIGITAL",
        "quality_dimension": dimension,
        "validity_months": months,
    }


def taken(person_id: str, day: date, course_code: str = "FULL", **changes: Any) -> Row:
    return {
        "person_id": person_id,
        "dealer_id": "D1",
        "course_code": course_code,
        "completed_on": day,
        "passed": True,
    } | changes


def person(person_id: str, dealer_id: str = "D1", **changes: Any) -> Row:
    return {
        "person_id": person_id,
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "employed_from": date(2010, 1, 1),
        "employed_to": None,
    } | changes


@pytest.mark.parametrize(
    ("completed_on", "months", "last"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 1, date(2024, 3, 29)),
    ],
)
def test_both_days_of_a_certificate_belong_to_it(
    completed_on: date, months: int, last: date
) -> None:
    given = world(
        oem__courses=[course("FULL", None, months)], oem__training_events=[taken("P", completed_on)]
    )
    one = timedelta(days=1)
    days = [completed_on - one, completed_on, last, last + one]
    assert [given.is_certified("P", day) for day in days] == [False, True, True, False]
    forever = world(
        oem__courses=[course("FULL", None, None)], oem__training_events=[taken("P", completed_on)]
    )
    assert forever.is_certified("P", date(2199, 1, 1))


def test_any_valid_certificate_counts_wherever_it_was_earned() -> None:
    events = [
        taken("AGAIN", date(2024, 1, 10)),
        taken("AGAIN", date(2024, 2, 5)),
        taken("MOVED", date(2024, 2, 5), dealer_id="D2"),
        taken("FAILED", date(2024, 2, 5), passed=False),
        taken("UNKNOWN", date(2024, 2, 5), "NEVER_HEARD"),
        taken("LATER", date(2024, 3, 1)),
        taken("OTHER", date(2022, 2, 5), "DRIVE"),
    ]
    given = world(oem__training_events=events)
    names = {event["person_id"] for event in events}
    certified = {name for name in names if given.is_certified(name, date(2024, 2, 29))}
    assert certified == {"AGAIN", "MOVED", "OTHER"}
    assert given.is_certified("OTHER", date(2024, 2, 29), "DRIVE")
    assert not given.is_certified("OTHER", date(2024, 2, 29), "FULL")


def test_coverage_is_that_of_who_is_active_on_the_last_day() -> None:
    end = date(2024, 2, 29)
    staff = [
        person("LAST_DAY", employed_to=end),
        person("GONE", employed_to=end - timedelta(days=1)),
        person("FIRST_DAY", employed_from=end),
        person("NOT_YET", employed_from=end + timedelta(days=1)),
        person("TWICE"),
        person("TWICE", "D2"),
        person("OF_ANOTHER_BRAND", brand_code="BOREA"),
    ]
    events = [taken(name, end) for name in ("GONE", "TWICE", "OF_ANOTHER_BRAND")]
    given = world(dealer__staff=staff, oem__training_events=events)
    month = date(2024, 2, 1)
    assert given.training_coverage(Cell("D1", "AURA", month)) == (Fraction(1, 3), 3)
    assert given.training_coverage(Cell("D2", "AURA", month)) == (1, 1)
    assert given.training_coverage(Cell("D1", "CETUS", month)) == (None, 0)


def test_persons_are_trained_once_a_year_and_seats_each_time() -> None:
    staff = [person("P1"), person("P2", "D2", brand_code="BOREA")]
    events = [
        taken("P1", date(2023, 12, 31)),
        taken("P1", date(2024, 1, 1)),
        taken("P1", date(2024, 2, 1)),
        taken("P2", date(2024, 2, 2), dealer_id="D2"),
        taken("P2", date(2024, 2, 3)),  # at D1, where nobody knows the person: all of its brands
        taken("P3", date(2024, 2, 29), passed=False),
        taken("P4", date(2023, 11, 30), dealer_id="D9"),  # an unknown dealer
    ]
    dealers = [dealer("D1"), dealer("D2"), dealer("D2", brand_code="BOREA")]
    given = world(dealer__staff=staff, oem__training_events=events, oem__dealers=dealers)
    rows = {(r["brand_code"], r["month"]): r for r in rows_of("mart_academy_progress", given)}
    assert min(rows) == ("AURA", date(2023, 12, 1)) and max(rows)[1] == date(2024, 11, 1)
    assert ("BOREA", date(2024, 1, 1)) not in rows
    february = rows["AURA", date(2024, 2, 1)]
    assert (february["persons_trained_ytd"], february["seats_ytd"]) == (2, 3)
    assert (february["plan_ytd"], rows["AURA", date(2023, 12, 1)]["plan_ytd"]) == (400, 2400)
    assert february["pass_rate"] == stored(Fraction(2, 3))
    assert february["pass_rate_ytd"] == stored(Fraction(3, 4))
    assert (february["active_staff"], february["certificate_coverage"]) == (1, 1)
    assert rows["BOREA", date(2024, 2, 1)]["persons_trained_ytd"] == 1
    assert rows["AURA", date(2024, 3, 1)]["pass_rate"] is None
    of_all = {r["month"]: r for r in rows_of("mart_academy_summary", given)}
    assert min(of_all) == date(2023, 12, 1) and max(of_all) == date(2024, 11, 1)
    february = of_all[date(2024, 2, 1)]
    assert (february["persons_trained_ytd"], february["seats_ytd"]) == (2, 4)
    # the twelve months before November
    (trained,) = [r for r in given.benchmarks() if r["claim_code"] == "STAFF_TRAINED"]
    assert (trained["measured_value"], trained["sample_count"]) == (2, 5)


def assessed(criterion_code: str, day: date, is_met: bool, dealer_id: str = "D1") -> Row:
    return {
        "dealer_id": dealer_id,
        "criterion_code": criterion_code,
        "assessed_on": day,
        "is_met": is_met,
    }


def criterion(criterion_code: str, valid_from: date, is_mandatory: bool = True) -> Row:
    return {
        "criterion_code": criterion_code,
        "valid_from": valid_from,
        "is_mandatory": is_mandatory,
    }


def test_who_is_ready_meets_all_that_is_mandatory_by_the_newest_assessment() -> None:
    criteria = [
        criterion("B", date(2024, 8, 31)),
        criterion("A", date(2024, 9, 1)),
        criterion("NICE", date(2020, 1, 1), is_mandatory=False),
    ]
    assessments = [
        assessed("B", date(2024, 7, 31), True),
        assessed("B", date(2024, 9, 30), False),
        assessed("B", date(2024, 10, 31), True),
        assessed("A", date(2024, 10, 1), True),
        assessed("NICE", date(2024, 8, 1), True, "D2"),
    ]
    dealers = [dealer("D1"), dealer("D2", closed_on=date(2024, 9, 30)), dealer("D3")]
    given = world(
        oem__it_criteria=criteria, dealer__it_assessments=assessments, oem__dealers=dealers
    )
    found = {
        (r["dealer_id"], r["month"].month): (
            r["met_criteria"],
            r["is_ready"],
            r["missing_criteria"],
        )
        for r in rows_of("mart_it_readiness", given)
    }
    assert found == {
        ("D1", 8): (1, True, ""),
        ("D1", 9): (0, False, "A B"),
        ("D1", 10): (2, True, ""),
        ("D1", 11): (2, True, ""),
        ("D2", 8): (0, False, "B"),
        ("D2", 9): (0, False, "A B"),
    }
    summary = {r["month"].month: r for r in rows_of("mart_it_readiness_summary", given)}
    assert (summary[8]["not_ready_rate"], summary[9]["dealers"]) == (Decimal("0.5"), 2)
    (claim,) = [r for r in given.benchmarks() if r["claim_code"] == "IT_NOT_READY"]
    assert (claim["measured_value"], claim["sample_count"]) == (0, 1)
    october = Cell("D1", "AURA", date(2024, 9, 1))
    assert given.it_readiness(october) == (0, 2)
    assert given.it_readiness(october._replace(dealer_id="D3")) == (None, 0)


MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
"""Weeks in remission of Freireich and others (1963), the standard example; + is censored."""


def spans(text: str) -> list[Span]:
    return [Span(int(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


def test_medians_are_those_of_the_literature() -> None:
    assert (median_days(spans(MERCAPTOPURINE)), median_days(spans(PLACEBO))) == (23, 8)
    assert median_days(spans("5 5+")) == 5  # who is censored that day was at risk
    assert median_days(spans("5+ 5 6+")) is None
    assert median_days(spans("3 9")) == 3 and median_days(spans("3 9+")) == 3
    assert median_days([]) is None
    low, high = reduction_interval(spans(PLACEBO), spans(MERCAPTOPURINE))
    assert 0 < low.low < low.high < Decimal("0.5") and Decimal("0.7") < high.low < high.high < 1
    assert reduction_interval(spans("3 4"), spans("3+ 4+")) == (None, None)


def rollout(start: date, live: date | None = None, end: date | None = None, **more: Any) -> Row:
    given = {"started_on": start, "live_on": live, "abandoned_on": end}
    return {"dealer_id": "D1", "brand_code": "AURA", "system_code": "DMS"} | given | more


def test_rollouts_last_until_they_are_live_or_given_up_or_until_today() -> None:
    given = world()
    first, today = date(2024, 11, 1), date(2024, 11, 15)
    next_day = today + timedelta(days=1)
    assert given.span(rollout(first, today)) == (14, True)
    assert given.span(rollout(first, next_day)) == (14, False)
    assert given.span(rollout(first, None, date(2024, 11, 3))) == (2, False)
    assert given.span(rollout(first, None, next_day)) == (14, False)
    assert given.span(rollout(first, first, today)) == (0, True)
    assert given.span(rollout(first, date(2024, 10, 31))) is None
    assert given.span(rollout(next_day)) is None


def test_the_trained_are_faster() -> None:
    start = date(2024, 1, 10)
    events = [taken("P", start), taken("P", start, passed=False, dealer_id="D2")]
    took = {"D1": (10, 11, 12), "D2": (20, 22)}
    rollouts = [
        rollout(start, start + timedelta(days=days), dealer_id=dealer_id)
        for dealer_id, many in took.items()
        for days in many
    ]
    rollouts.append(rollout(start - timedelta(days=1), start, system_code="CRM"))
    unknown = ({"dealer_id": "D9"}, {"brand_code": "BOREA"})
    rollouts += [rollout(start, start + timedelta(days=99), **change) for change in unknown]
    given = world(oem__training_events=events, oem__system_rollouts=rollouts)
    rows = {key: (r["median_days"], r["reduction_rate"]) for key, r in rollout_rows(given).items()}
    assert rows == {
        ("DMS", True): (11, Decimal("0.45")),
        ("DMS", False): (20, None),
        ("CRM", False): (1, None),
    }
    (claim,) = [r for r in given.benchmarks() if "INTRODUCTION" in r["claim_code"]]
    assert (claim["measured_value"], claim["sample_count"]) == (Decimal("0.45"), 6)


def rollout_rows(given: Capability) -> dict[tuple, Row]:
    return capability_marts(given)["mart_rollout_duration"]


def kept(dealer_id: str, rule_code: str, month: int, checked: int, passed: int) -> dict:
    key = dealer_id, "dealer__leads", rule_code, date(2024, month, 1)
    return {key: Counts(checked, passed)}


def test_a_change_since_a_course_is_against_the_three_months_before_it() -> None:
    counts = (
        kept("D1", "EMPTY", 3, 10, 9)
        | kept("D1", "EMPTY", 4, 1, 0)
        | kept("D1", "EMPTY", 6, 10, 10)
        | kept("D1", "EMPTY", 2, 10, 0)
        | kept("D1", "EMPTY", 5, 0, 0)
        | kept("D9", "EMPTY", 6, 1, 1)
    )
    events = [
        taken("P", date(2024, 5, 31)),
        taken("P", date(2024, 6, 30), dealer_id="D2"),
        taken("P", date(2024, 6, 30), passed=False),
        taken("P", date(2024, 7, 1)),
    ]
    rows = rows_of("mart_data_quality", world(counts, oem__training_events=events))
    found = {(r["dealer_id"], r["month"].month): r for r in rows}
    assert sorted(found) == [("D1", month) for month in (2, 3, 4, 6)]
    june, march = found["D1", 6], found["D1", 3]
    assert (june["last_course_code"], june["last_course_on"]) == ("FULL", date(2024, 5, 31))
    assert june["baseline_rate"] == stored(Fraction(9, 21))  # of February to April
    assert june["change_since_course"] == Decimal("0.571429")
    assert (march["last_course_on"], march["change_since_course"]) == (None, None)
    assert (march["pass_rate"], march["is_below_target"]) == (Decimal("0.9"), False)
    assert found["D1", 4]["is_below_target"]


def test_needs_are_those_of_the_last_three_months_first_where_most_rows_are_affected() -> None:
    counts = (
        kept("D1", "EMPTY", 8, 10, 8)  # with September 17 of 20
        | kept("D1", "EMPTY", 9, 10, 9)
        | kept("D1", "BLANK", 9, 10, 8)  # at its target
        | kept("D1", "WRONG", 9, 10, 6)
        | kept("D1", "WRONG", 7, 1000, 0)  # too long ago
        | kept("D2", "EMPTY", 10, 1, 1)
    )
    courses = [
        course("FULL", "COMPLETENESS", 1),
        course("RIGHT", "VALIDITY", None),
        course("TIMELY", "TIMELINESS", None),
        course("DRIVE", None, None),
    ]
    staff = [
        person("P1"),
        person("P2"),
        person("P2", "D2"),
        person("GONE", employed_to=date(2024, 11, 14)),
    ]
    events = [
        taken("P1", date(2024, 10, 15)),
        taken("P2", date(2024, 10, 14)),  # expired yesterday
        *(taken(name, date(2020, 1, 1), "TIMELY") for name in ("P1", "P2")),
        taken("P2", date(2020, 1, 1), "RIGHT"),
    ]
    staff += [person("P3", "SHUT"), person("P4", brand_code="BOREA")]  # D1 has no contract for it
    dealers = [dealer("D1"), dealer("D2"), dealer("SHUT", closed_on=date(2024, 11, 14))]
    feeds = {"oem__courses": courses, "dealer__staff": staff, "oem__dealers": dealers}
    given = world(counts, oem__training_events=events, **feeds)
    found = {
        (r["dealer_id"], r["priority"]): (
            r["course_code"],
            r["rules_below_target"],
            r["affected_rows"],
            r["untrained_staff"],
        )
        for r in rows_of("mart_academy_needs", given)
    }
    assert found == {
        ("D1", 1): ("RIGHT", 1, 4, 1),
        ("D1", 2): ("FULL", 1, 3, 1),
        ("D2", 1): ("FULL", 0, 0, 1),
    }


def test_an_effect_is_what_the_trained_gained_beyond_their_untrained_peers() -> None:
    dealers = [
        dealer("D1"),
        dealer("D2"),
        dealer("D3"),
        dealer("LATE"),
        dealer("SOON"),
        dealer("RURAL", peer_group="LAND"),
        dealer("OTHER", brand_code="BOREA"),
    ]
    events = [
        taken("P", date(2024, 5, 31)),
        taken("P", date(2024, 7, 1)),
        taken("P", date(2024, 9, 1), dealer_id="LATE"),
        taken("P", date(2024, 8, 31), dealer_id="SOON"),
        taken("P", date(2024, 4, 1), dealer_id="D3", passed=False),
    ]
    counts = (
        kept("D1", "EMPTY", 2, 10, 5)
        | kept("D1", "BLANK", 2, 10, 6)
        | kept("D1", "EMPTY", 4, 10, 7)
        | kept("D1", "WRONG", 4, 10, 0)
        | kept("D1", "EMPTY", 5, 10, 0)
        | kept("D1", "EMPTY", 8, 10, 9)
        | kept("D2", "EMPTY", 2, 10, 8)
        | kept("D2", "EMPTY", 3, 10, 0)  # D1 has neither March nor June
        | kept("D2", "EMPTY", 6, 10, 0)
        | kept("D2", "EMPTY", 8, 10, 9)
        | kept("D3", "EMPTY", 2, 10, 8)
        | kept("D3", "EMPTY", 7, 10, 8)
        | kept("LATE", "EMPTY", 4, 10, 6)
        | kept("LATE", "EMPTY", 8, 10, 6)
    )
    for name in ("SOON", "RURAL", "OTHER"):
        counts |= kept(name, "EMPTY", 4, 10, 6) | kept(name, "EMPTY", 8, 10, 0)
    feeds = {"oem__dealers": dealers, "oem__training_events": events}
    given = world(counts, **feeds)
    (row,) = rows_of("int_capability__measure_course_changes", given)
    assert (row["dealer_id"], row["completed_month"]) == ("D1", date(2024, 5, 1))
    assert (row["before_rate"], row["after_rate"]) == (Decimal("0.625"), Decimal("0.9"))
    # D2 gains a tenth, LATE nothing
    assert row["untrained_dealers"] == 2
    assert (row["untrained_before_rate"], row["untrained_after_rate"]) == (
        Decimal("0.7"),
        Decimal("0.75"),
    )
    assert row["net_change"] == Decimal("0.225")
    (row,) = rows_of("mart_academy_effect", given)
    assert (row["trained_dealers"], row["untrained_dealers"]) == (1, 2)
    assert (row["effect"], row["ci_low"], row["ci_high"]) == (Decimal("0.225"), None, None)
    # August is not over on its last day
    early = world(counts, datetime(2024, 8, 31, 21, 59), **feeds)
    assert rows_of("int_capability__measure_course_changes", early) == []
    assert rows_of("mart_academy_effect", early)[0]["trained_dealers"] == 0
    over = world(counts, datetime(2024, 8, 31, 22), **feeds)
    assert len(rows_of("int_capability__measure_course_changes", over)) == 1


def test_intervals_of_means_are_those_of_student() -> None:
    # 1, 2, 3: 2 -+ 4.302653 / sqrt(3)
    low, high = mean_interval([Decimal(n) for n in (1, 2, 3)])
    assert low == Decimal("-0.484138") and high == Decimal("4.484138")
    assert mean_interval([Decimal(1)]) == (None, None)
    low, high = mean_interval([Decimal(1)] * 2)
    assert low == Decimal(1) and high == Decimal(1)


def test_what_chance_decides_lies_between_bounds() -> None:
    between = Between(Decimal(1), Decimal(2))
    assert between == Decimal("1.5") and between == Decimal(2)
    assert between != Decimal("2.1") and between != None  # noqa: E711
    assert Between(Decimal(1), Decimal(2), is_open=True) == None  # noqa: E711
    assert Near(Decimal(1)) != Decimal("1.000002") and Near(Decimal(1)) != None  # noqa: E711


# -- random worlds, built by the warehouse ----------------------------------------------------

NOT_TESTS = ("resource_type:test", "resource_type:unit_test")
MEASURED = ("it_readiness", "training")
"""Benchmarks that are measured before what Python computes; `rollouts` is after it."""


def steps(folder: Path, seed: int, loads: int) -> Iterator[Settings]:
    """A random world, of odd seeds seen on two days, nothing delivered in between; then what
    becomes of it load by load."""
    rng = random.Random(seed)
    settings = replace(new_settings(folder), as_of=TODAYS[seed % len(TODAYS)])
    lake = Lake(settings)
    lake.load(*random_capability_world(rng))
    if seed % 2:
        yield replace(settings, as_of=rng.choice(EARLIER))
    yield settings
    for _ in range(loads):
        lake.load(*random_capability_load(rng), is_committed=rng.random() < 0.9)
        yield settings


def measure_quality(settings: Settings) -> None:
    count_passes(settings)
    write_rule_texts(settings)


def build_capability(settings: Settings) -> None:
    """The marts of capability and all that they are made from, and nothing else."""
    measure_quality(settings)
    paths = ("+path:models/marts/capability", "+path:models/intermediate/capability")
    kpis = ("+int_kpis__measure_training", "+int_kpis__measure_it")
    benchmarks = [f"+int_benchmarks__measure_{name}" for name in MEASURED]
    build(
        settings,
        *("build", "--select", *paths, *kpis, *benchmarks),
        *("--exclude", "source:computed+", *NOT_TESTS),
    )
    compute_capability(settings)
    staged = ("stg_computed__academy_effects", "stg_computed__rollout_durations")
    made = ("mart_academy_effect", "mart_rollout_duration", "int_benchmarks__measure_rollouts")
    build(settings, "run", "--select", *staged, *made)


def rules_of(settings: Settings) -> dict[str, Row]:
    rows = pq.read_table(settings.computed / "quality_rules").to_pylist()
    assert len({row["rule_code"] for row in rows}) == len(rows)
    return {row["rule_code"]: row for row in rows}


def counts_of(settings: Settings) -> dict[CountKey, Counts]:
    rows = pq.read_table(settings.computed / "quality_counts").to_pylist()
    found: dict[CountKey, Counts] = {}
    for row in rows:
        key = row["dealer_id"], row["feed"], row["rule_code"], row["month"]
        assert key not in found, f"counts have {key} twice"
        found[key] = Counts(row["checked_rows"], row["passed_rows"])
    return found


def capability_of(settings: Settings) -> Capability:
    """The product's counts and rules, and everything else recomputed."""
    as_of = settings.as_of.replace(tzinfo=None)
    return Capability(Facts.read(settings), as_of, counts_of(settings), rules_of(settings))


def quarantine_rules() -> dict[tuple[str, str], set[str]]:
    return {
        (rule.table, rule.code): set(rule.quarantined)
        for rule in feed_rules()
        if rule.quarantined and rule.is_measured_per_dealer
    }


def differences(settings: Settings) -> list[str]:
    """What was made otherwise than the recomputation, one line per value, row or column."""
    given = capability_of(settings)
    found = [*differences_of_counts(settings, given), *differences_of_kpis(settings, given)]
    for mart, expected in capability_marts(given).items():
        rows = made_rows(settings, mart)
        made = {tuple(row[name] for name in CAPABILITY_KEYS[mart]): row for row in rows}
        assert len(made) == len(rows), f"{mart} has a key twice"
        found += [f"{mart} {key}: has no row" for key in expected.keys() - made.keys()]
        found += [f"{mart} {key}: is a row too many" for key in made.keys() - expected.keys()]
        for key in expected.keys() & made.keys():
            for column in expected[key].keys() ^ made[key].keys():
                found.append(f"{mart} {column}: is a column of one of both")
            for column in expected[key].keys() & made[key].keys():
                if expected[key][column] != made[key][column]:
                    values = f"expected {expected[key][column]}, found {made[key][column]}"
                    found.append(f"{mart} {key} {column}: {values}")
    return sorted(set(found))


def made_rows(settings: Settings, mart: str) -> list[Row]:
    if mart == "benchmarks":
        names = (*MEASURED, "rollouts")
        every = [f"select * from intermediate.int_benchmarks__measure_{name}" for name in names]
        return fetch(settings, " union all by name ".join(every))
    schema = "intermediate" if mart.startswith("int_") else "marts"
    return fetch(settings, f"select * from {schema}.{mart}")


def differences_of_counts(settings: Settings, given: Capability) -> Iterator[str]:
    """Between the product's counts and those by hand, of the rules that are told by hand."""
    quarantined = quarantine_rules()
    told = {code for _, code in [*ROWS_BY_HAND, *TIMELY_BY_HAND, *quarantined]}
    by_hand = counts_by_hand(settings, given.facts, quarantined)
    for key in by_hand.keys() | given.counts.keys():
        dealer_id, _, code, _ = key
        if code in told and dealer_id in given.dealers:
            expected, found = by_hand.get(key), given.counts.get(key)
            if expected != found:
                yield f"counts {key}: expected {expected}, found {found}"
    for key, counts in given.counts.items():
        if not 0 <= counts.passed <= counts.checked:
            yield f"counts {key}: {counts}"


def differences_of_kpis(settings: Settings, given: Capability) -> Iterator[str]:
    """Of the dealers and months that have a scorecard."""
    made = {}
    for name in ("training", "it"):
        for row in fetch(settings, f"select * from intermediate.int_kpis__measure_{name}"):
            key = tuple(row[n] for n in ("dealer_id", "brand_code", "score_month", "kpi_code"))
            made[key] = (
                quotient(row["actual_numerator"], row["actual_denominator"]),
                quotient(row["sample_numerator"], row["sample_denominator"]),
            )
    for cell in dealer_months(given.facts, given.today):
        for code, kpi in capability_kpis(given).items():
            expected = tuple(kpi.measure(given.facts, cell))
            found = made.get((*cell, code), (None, 0))
            if expected != found:
                yield f"{code} {cell}: expected {expected}, found {found}"


def quotient(numerator: Any, denominator: Any) -> Fraction | None:
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def assert_counts_are_those_of_a_full_measurement(settings: Settings) -> None:
    """What was counted again only where something had changed, against everything counted anew."""
    incremental = counts_of(settings)
    other = replace(settings, warehouse=settings.warehouse.with_name("anew"))
    shutil.copytree(settings.lake, other.lake)
    measure_quality(other)
    assert counts_of(other) == incremental
    shutil.rmtree(other.warehouse)


def assert_equal_all_the_way(folder: Path, seed: int, loads: int) -> None:
    for number, settings in enumerate(steps(folder, seed, loads)):
        build_capability(settings)
        found = differences(settings)
        assert not found, f"seed {seed}, step {number}: {len(found)}\n" + "\n".join(found[:40])
        assert_counts_are_those_of_a_full_measurement(settings)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_mart_equals_the_recomputation(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, SEEDS[seed])


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_every_mart_equals_the_recomputation_over_long_histories(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_scorecard_knows_both_kpis(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, settings = steps(tmp_path, seed, loads=1)
    measure_quality(settings)
    build(settings)
    for code, kpi in capability_kpis(capability_of(settings)).items():
        monkeypatch.setitem(recomputed.KPIS, code, kpi)
    assert recomputed.differences_to_recomputation(settings) == []
    scored = fetch(
        settings,
        "select kpi_code, count(*) filter (where status = 'SCORED') as rows"
        " from marts.mart_partner_scorecard_kpi group by all",
    )
    assert {"TRAINING_COVERAGE", "IT_READINESS"} <= {r["kpi_code"] for r in scored if r["rows"]}


@pytest.mark.slow
def test_without_any_delivery_every_mart_is_empty(tmp_path: Path) -> None:
    settings = replace(new_settings(tmp_path), as_of=TODAYS[0])
    Lake(settings).load()
    build_capability(settings)
    assert differences(settings) == []
    expected = capability_marts(capability_of(settings))
    assert {mart for mart, rows in expected.items() if rows} == {"dim_quality_rule", "benchmarks"}


def test_the_random_worlds_reach_every_branch(tmp_path: Path) -> None:
    """Those of the default run; without dbt, with the counts of the rules that are told by hand."""
    rules = {
        rule.code: {
            "feed": rule.table,
            "dimension": rule.dimension,
            "severity": rule.severity,
            "course_topic": rule.course_topic,
            "target_rate": stored(Fraction(str(rule.target_rate))),
            "mostly": stored(Fraction(str(rule.mostly))),
        }
        for rule in feed_rules()
    }
    reached: set[str] = set()
    for seed, loads in SEEDS.items():
        *_, settings = steps(tmp_path / str(seed), seed, loads)
        facts = Facts.read(settings)
        counts = counts_by_hand(settings, facts, quarantine_rules())
        given = Capability(facts, settings.as_of.replace(tzinfo=None), counts, rules)
        reached |= {*branches_of_people(given), *branches_of_rollouts(given)}
        reached |= {*branches_of_marts(capability_marts(given)), *branches_of_changes(given)}
        reached |= {*branches_of_files(given), *branches_of_it(given)}
    assert sorted(EVERY_BRANCH - reached) == []


EVERY_BRANCH = {
    *(f"employment: {what}" for what in ("last day", "gone the day before", "first day")),
    *(f"a person {what}" for what in ("at two dealers at once", "who changed dealers")),
    *(f"certificate: {what}" for what in ("last day", "expired the day before", "for ever")),
    *("a repeated course renews", "a certificate of a former dealer", "certified in one course"),
    *(f"training: {what}" for what in ("failed", "of an unknown course", "still to come")),
    *(f"training: brand of {what}" for what in ("the employment", "the dealer", "nobody")),
    "training: several brands",
    *(f"coverage {what}" for what in ("of all", "of none", "of some", "without staff")),
    *(f"progress {what}" for what in ("with a seat more than persons", "without an event")),
    *(f"quality {what}" for what in ("at its target", "below its target", "above its target")),
    *(f"change {what}" for what in ("up", "down", "none", "without a baseline")),
    *(f"need {what}" for what in ("of rules", "of people", "of both")),
    *(f"priority by {what}" for what in ("affected rows", "people", "code")),
    *(f"control {what}" for what in ("never trained", "trained later", "in both brands")),
    *(f"effect {what}" for what in ("with an interval", "without", "of one dealer")),
    *("several controls", "a change too new", "an unknown dealer trained", "no control"),
    *(f"IT {what}" for what in ("ready", "not ready", "of a closed dealer", "never assessed")),
    *("IT not assessed of a criterion", "IT worse than before", "IT better than before"),
    *("IT before any criterion", "IT asked from the last day"),
    *(f"rollout {what}" for what in ("live", "running", "given up", "live later")),
    *(f"rollout {what}" for what in ("given up later", "not begun", "live before its start")),
    *(f"rollout {what}" for what in ("given up before its start", "live and given up")),
    *(f"rollout trained {what}" for what in ("the day it began", "by a course unknown")),
    *(f"duration {what}" for what in ("of a median", "without a median", "with an interval")),
    *(f"file {what}" for what in ("of a hub", "rejected", "repeated", "without rows", "corrected")),
    *(f"file {what}" for what in ("late", "at a month's first instant")),
    "a list of nobody",
}


TWICE = "a person at two dealers at once"


def branches_of_people(given: Capability) -> Iterator[str]:
    one = timedelta(days=1)
    ends = [last_day(later(given.this_month, -n)) for n in range(20)]
    rows = defaultdict(list)
    for row in given.staff:
        rows[row["person_id"]].append(row)
        if row["employed_to"] in ends:
            yield "employment: last day"
        if row["employed_from"] in ends:
            yield "employment: first day"
        if row["employed_to"] and row["employed_to"] + one in ends:
            yield "employment: gone the day before"
    for person_id, employments in rows.items():
        for row in employments:
            for other in employments:
                if row["dealer_id"] < other["dealer_id"]:
                    ended = row["employed_to"] or other["employed_to"]
                    both = max(row["employed_from"], other["employed_from"])
                    is_over = ended is not None and ended < both
                    yield "a person who changed dealers" if is_over else TWICE
        courses = defaultdict(list)
        for course_code, first, last in given.certificates.get(person_id, []):
            courses[course_code].append((first, last))
            if last in ends:
                yield "certificate: last day"
            if last != date.max and last + one in ends:
                yield "certificate: expired the day before"
            if last == date.max:
                yield "certificate: for ever"
        if any(
            first < other <= last < later_last
            for many in courses.values()
            for first, last in many
            for other, later_last in many
        ):
            yield "a repeated course renews"
        if any(
            given.is_certified(person_id, given.today, code)
            for code in courses
            if not given.is_certified(person_id, given.today, "CHARGING")
        ):
            yield "certified in one course"
        dealers = {row["dealer_id"] for row in employments}
        if any(e["person_id"] == person_id and e["dealer_id"] not in dealers for e in given.passed):
            yield "a certificate of a former dealer"
    for event in given.events:
        if not event["passed"]:
            yield "training: failed"
        if event["course_code"] not in given.courses:
            yield "training: of an unknown course"
        if event["completed_on"] > given.today:
            yield "training: still to come"
        brands = given.brands_of(event)
        is_employed = any(e["dealer_id"] == event["dealer_id"] for e in rows[event["person_id"]])
        whose = "the employment" if is_employed else "the dealer" if brands else "nobody"
        yield f"training: brand of {whose}"
        if len(brands) > 1:
            yield "training: several brands"
    for cell in dealer_months(given.facts, given.today):
        covered = given.training_coverage(cell).actual
        of = {None: "without staff", 0: "of none", 1: "of all"}.get(covered, "of some")
        yield f"coverage {of}"


def branches_of_marts(marts: Marts) -> Iterator[str]:
    for row in marts["mart_academy_progress"].values():
        if row["seats_ytd"] > row["persons_trained_ytd"]:
            yield "progress with a seat more than persons"
        if row["pass_rate"] is None:
            yield "progress without an event"
    for row in marts["mart_data_quality"].values():
        above = "at" if row["pass_rate"] == row["target_rate"] else "above"
        yield f"quality {'below' if row['is_below_target'] else above} its target"
        change = row["change_since_course"]
        if change is not None:
            yield f"change {'up' if change > 0 else 'down' if change < 0 else 'none'}"
        elif row["last_course_on"]:
            yield "change without a baseline"
    of_dealer = defaultdict(list)
    for row in marts["mart_academy_needs"].values():
        what = {(True, False): "of rules", (False, True): "of people", (True, True): "of both"}
        yield f"need {what[row['rules_below_target'] > 0, row['untrained_staff'] > 0]}"
        of_dealer[row["dealer_id"]].append(row)
    levels = {"affected_rows": "affected rows", "rules_below_target": "rules"}
    levels |= {"untrained_staff": "people"}
    for rows in of_dealer.values():
        rows.sort(key=lambda row: row["priority"])
        for row, following in zip(rows, rows[1:], strict=False):
            differing = [
                name for column, name in levels.items() if row[column] != following[column]
            ]
            yield f"priority by {[*differing, 'code'][0]}"
    for row in marts["mart_academy_effect"].values():
        yield f"effect {'without' if row['ci_low'] is None else 'with an interval'}"
        if row["trained_dealers"] == 1:
            yield "effect of one dealer"
    for row in marts["mart_rollout_duration"].values():
        yield f"duration {'of a median' if row['median_days'] is not None else 'without a median'}"
        if row["ci_low"] is not None:
            yield "duration with an interval"


def branches_of_changes(given: Capability) -> Iterator[str]:
    found = {(row["course_code"], row["dealer_id"]) for row in given.changes}
    for course_code in given.courses:
        dimension = given.teaches(course_code)
        if dimension is None:
            continue
        first = given.first_passed(course_code)
        for dealer_id, day in first.items():
            month = month_of(day)
            if dealer_id not in given.dealers:
                yield "an unknown dealer trained"
            elif given.both_rates(dealer_id, dimension, month) is None:
                continue
            elif last_day(later(month, 3)) >= given.today:
                yield "a change too new"
            elif (course_code, dealer_id) not in found:
                yield "no control"
            else:
                controls = given.controls(course_code, dealer_id, month)
                if len(controls) > 1:
                    yield "several controls"
                for other in controls:
                    yield f"control {'trained later' if other in first else 'never trained'}"
                    if len(given.brands[other] | given.brands[dealer_id]) > 1:
                        yield "control in both brands"


def branches_of_it(given: Capability) -> Iterator[str]:
    for row in given.readiness:
        yield "IT ready" if row["is_ready"] else "IT not ready"
    criteria = given.facts.feeds["oem__it_criteria"]
    months = [later(given.this_month, -n) for n in range(20)]
    if any(last_day(month) in {row["valid_from"] for row in criteria} for month in months):
        yield "IT asked from the last day"
    for dealer_id in given.dealers:
        if dealer_id not in given.assessments:
            yield "IT never assessed"
            continue
        assessments = sorted(
            given.assessments[dealer_id],
            key=lambda row: (row["criterion_code"], row["assessed_on"]),
        )
        known = {row["criterion_code"] for row in assessments}
        if any(row["is_mandatory"] and row["criterion_code"] not in known for row in criteria):
            yield "IT not assessed of a criterion"
        for row, following in zip(assessments, assessments[1:], strict=False):
            is_same = row["criterion_code"] == following["criterion_code"]
            if is_same and row["is_met"] != following["is_met"]:
                yield f"IT {'worse' if row['is_met'] else 'better'} than before"
        for month in months:
            day = last_day(month)
            if given.criteria(dealer_id, day) and not given.is_open(dealer_id, day):
                yield "IT of a closed dealer"
            is_known = min(row["assessed_on"] for row in assessments) <= day
            if is_known and not given.criteria(dealer_id, day):
                yield "IT before any criterion"


def branches_of_rollouts(given: Capability) -> Iterator[str]:
    for row in given.facts.feeds["oem__system_rollouts"]:
        start, live, end = (row[f"{name}_on"] for name in ("started", "live", "abandoned"))
        span = given.span(row)
        if start > given.today:
            yield "rollout not begun"
        elif live and live < start:
            yield "rollout live before its start"
        elif end and end < start:
            yield "rollout given up before its start"
        elif live and end:
            yield "rollout live and given up"
        elif span.is_live:
            yield "rollout live"
        elif live or end:
            later_than = (live or end) > given.today
            yield f"rollout {'live' if live else 'given up'}{' later' if later_than else ''}"
        else:
            yield "rollout running"
        for event in given.passed:
            if event["dealer_id"] == row["dealer_id"]:
                if event["completed_on"] == start:
                    yield "rollout trained the day it began"
                if event["completed_on"] < start and event["course_code"] not in given.courses:
                    yield "rollout trained by a course unknown"


def branches_of_files(given: Capability) -> Iterator[str]:
    for file in given.facts.deliveries:
        if not file.feed.startswith("dealer__"):
            continue
        delivered_at = file.delivered_at.astimezone(UTC).replace(tzinfo=None)
        day = berlin_day(delivered_at)
        if file.sender == "dms":
            yield "file of a hub"
        if file.status == "REJECTED":
            yield "file rejected"
        if file.status == "DUPLICATE":
            yield "file repeated"
        if file.status == "LOADED" and not file.accepted_rows:
            yield "a list of nobody" if file.feed == "dealer__staff" else "file without rows"
        if berlin_day(delivered_at - timedelta(microseconds=1)) < day and day.day == 1:
            yield "file at a month's first instant"
        if file.loaded_at > given.facts.deliveries[0].loaded_at and day < date(2024, 10, 1):
            yield "file late"
    for feed in ("dealer__leads", "dealer__vehicle_events"):
        standing = [row["_batch_id"] for row in given.facts.feeds[feed]]
        for file in given.facts.deliveries:
            if file.feed == feed and 0 < standing.count(file.batch_id) < file.accepted_rows:
                yield "file corrected"
