"""The marts of capability once more, in plain Python, to hold the product against.

    given = Capability(Facts.read(settings), as_of, counts, rules)
    capability_marts(given)["mart_it_readiness"][("D1", date(2024, 3, 1))]["is_ready"]

Written from the spec alone and for being read: loops, dicts and fractions, a function for each
rule. Everything is exact until it is stored: one rounding, half up, to six digits. It takes a lake
that fits into memory. What a rule of quality says of the single rows is told by hand for a handful
of them (`counts_by_hand`); of the others the counts are taken as they are.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from scipy.stats import t as student

from orchestration.ingestion.lake import Delivery, raw_path
from orchestration.settings import Settings
from tests.support.recomputed import Cell, Facts, Kpi, Measure, last_day, later
from tests.support.service_recomputed import berlin_day, month_of, months_away, quantile, stored

Row = dict[str, Any]
Marts = dict[str, dict[tuple, Row]]

CAPABILITY_KEYS = {
    "mart_data_quality": ("dealer_id", "feed", "rule_code", "month"),
    "mart_academy_needs": ("dealer_id", "course_code"),
    "int_capability__measure_course_changes": ("course_code", "dealer_id"),
    "mart_academy_effect": ("course_code",),
    "mart_academy_progress": ("brand_code", "month"),
    "mart_academy_summary": ("month",),
    "mart_it_readiness": ("dealer_id", "month"),
    "mart_it_readiness_summary": ("month",),
    "mart_rollout_duration": ("system_code", "is_trained"),
    "dim_quality_rule": ("rule_code",),
    "benchmarks": ("claim_code",),
}
"""What is recomputed, with the columns of the keys. `benchmarks` are the rows of
`mart_benchmark_comparison` that capability measures."""

DIMENSIONS = ("COMPLETENESS", "VALIDITY", "UNIQUENESS", "TIMELINESS", "CONSISTENCY")
PERSONS_A_YEAR = 2_400
NOT_READY_CLAIMED = Decimal("0.73")
CHANGE_MONTHS = 3
DRAWS = 2_000


def capability_marts(given: Capability) -> Marts:
    """Everything of `CAPABILITY_KEYS`: name -> key -> row, in the types that DuckDB returns. Where
    chance or floats decide, a value is what the figure has to be equal to: `Near` or `Between`."""
    rows = {
        "mart_data_quality": given.qualities(),
        "mart_academy_needs": given.needs(),
        "int_capability__measure_course_changes": given.changes,
        "mart_academy_effect": given.effects(),
        "mart_academy_progress": given.progress(),
        "mart_academy_summary": given.progress_of_all(),
        "mart_it_readiness": given.readiness,
        "mart_it_readiness_summary": given.readiness_of_all,
        "mart_rollout_duration": given.durations(),
        "dim_quality_rule": given.rule_rows(),
        "benchmarks": given.benchmarks(),
    }
    return {name: keyed(name, rows[name]) for name in CAPABILITY_KEYS}


def keyed(mart: str, rows: Iterable[Row]) -> dict[tuple, Row]:
    found: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[name] for name in CAPABILITY_KEYS[mart])
        assert key not in found, f"{mart} has {key} twice"
        found[key] = row
    return found


@dataclass(frozen=True)
class Near:
    """Equal to what differs by no more than the last of six digits: floats made it."""

    value: Decimal

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decimal) and abs(other - self.value) <= Decimal("0.000001")

    __hash__ = None


@dataclass(frozen=True)
class Between:
    """Equal to what lies between two values, both included: other draws made it. `is_open`: as many
    draws as not give a figure, so that it may also be missing."""

    low: Decimal
    high: Decimal
    is_open: bool = False

    def __eq__(self, other: object) -> bool:
        if other is None:
            return self.is_open
        return isinstance(other, Decimal) and self.low <= other <= self.high

    __hash__ = None


def rate(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def mean(values: Sequence[Fraction | Decimal]) -> Fraction | None:
    return sum(map(Fraction, values), Fraction(0)) / len(values) if values else None


def mean_interval(values: Sequence[Decimal]) -> tuple[Near | None, Near | None]:
    """Of Student's t with n - 1 degrees of freedom; none of fewer than two values."""
    count, middle = len(values), mean(values)
    if count < 2:
        return None, None
    variance = float(sum((Fraction(v) - middle) ** 2 for v in values) / (count - 1) / count)
    reach = Fraction(student.ppf(0.975, count - 1) * variance**0.5)
    return Near(stored(middle - reach)), Near(stored(middle + reach))


# -- Kaplan and Meier -------------------------------------------------------------------------


class Span(NamedTuple):
    """How long a rollout lasted; not live is as good as: it would have lasted longer."""

    days: int
    is_live: bool


def median_days(spans: Iterable[Span]) -> int | None:
    """The first day by whose end at most half are not live yet; None if they never are."""
    lasted, live = Counter(), Counter()
    for span in spans:
        lasted[span.days] += 1
        live[span.days] += span.is_live
    at_risk = sum(lasted.values())
    left, of = 1, 1  # the share that is not live yet
    for days in sorted(lasted):
        left, of = left * (at_risk - live[days]), of * at_risk
        if 2 * left <= of:
            return days
        at_risk -= lasted[days]
    return None


def reduction(trained: int | None, untrained: int | None) -> Fraction | None:
    if trained is None or not untrained:
        return None
    return 1 - Fraction(trained, untrained)


def reduction_interval(
    trained: Sequence[Span], untrained: Sequence[Span]
) -> tuple[Between | None, Between | None]:
    """Where the quantiles of 2,000 draws lie, whatever the generator: within those of other 2,000
    draws whose share is four and a half standard errors less or more."""
    if reduction(median_days(trained), median_days(untrained)) is None:
        return None, None
    rng = random.Random(len(trained) * 1000 + len(untrained))
    drawn = [
        reduction(
            median_days(rng.choices(trained, k=len(trained))),
            median_days(rng.choices(untrained, k=len(untrained))),
        )
        for _ in range(DRAWS)
    ]
    found = sorted(value for value in drawn if value is not None)
    share = Fraction(len(found), DRAWS)
    if share < Fraction(45, 100):
        return None, None
    is_open = share < Fraction(55, 100)
    reach = Fraction(22, 1000)
    low, high = (
        Between(
            stored(quantile(found, max(at - reach, Fraction(0)))),
            stored(quantile(found, min(at + reach, Fraction(1)))),
            is_open,
        )
        for at in (Fraction(25, 1000), Fraction(975, 1000))
    )
    return low, high


# -- who can do what --------------------------------------------------------------------------


class Counts(NamedTuple):
    """Rows that a rule looked at, and those that kept it."""

    checked: int
    passed: int

    @classmethod
    def of(cls, many: Iterable[Counts]) -> Counts:
        many = list(many)
        return cls(sum(c.checked for c in many), sum(c.passed for c in many))

    @property
    def rate(self) -> Fraction | None:
        return rate(self.passed, self.checked)


CountKey = tuple[str, str, str, date]
"""Dealer, feed, rule, month of delivery."""


def is_active(person: Row, day: date) -> bool:
    """Whether a row of staff holds on a day; the last day of an employment belongs to it."""
    return person["employed_from"] <= day and (
        person["employed_to"] is None or day <= person["employed_to"]
    )


class Capability:
    """What the marts of capability say of these facts at an instant (UTC without a zone).

    `rules` are the rules of quality by code, with what `dim_quality_rule` shows of them; the rates
    are decimals, `mostly` that of the gate.
    """

    def __init__(
        self,
        facts: Facts,
        as_of: datetime,
        counts: Mapping[CountKey, Counts],
        rules: Mapping[str, Row],
    ) -> None:
        self.facts, self.rules = facts, rules
        self.today = berlin_day(as_of)
        self.this_month = month_of(self.today)
        self.counts = {key: c for key, c in counts.items() if c.checked}
        self.dealers = {row["dealer_id"] for row in facts.feeds["oem__dealers"]}
        # what dealers and brands without a contract do is in no figure; only what somebody has
        # learnt there stays with him
        contracts = {(row["dealer_id"], row["brand_code"]) for row in facts.feeds["oem__dealers"]}
        self.staff = [
            row
            for row in facts.feeds["dealer__staff"]
            if (row["dealer_id"], row["brand_code"]) in contracts
        ]
        self.rollouts = [
            row
            for row in facts.feeds["oem__system_rollouts"]
            if (row["dealer_id"], row["brand_code"]) in contracts
        ]
        self.events = facts.feeds["oem__training_events"]
        self.known_events = [row for row in self.events if row["dealer_id"] in self.dealers]
        self.courses = {row["course_code"]: row for row in facts.feeds["oem__courses"]}

    @cached_property
    def passed(self) -> list[Row]:
        return [event for event in self.events if event["passed"]]

    @cached_property
    def brands(self) -> dict[str, set[str]]:
        """Of every known dealer."""
        found = defaultdict(set)
        for row in self.facts.feeds["oem__dealers"]:
            found[row["dealer_id"]].add(row["brand_code"])
        return found

    # -- certificates -------------------------------------------------------------------------

    @cached_property
    def certificates(self) -> dict[str, list[tuple[str, date, date]]]:
        """By person: course, first and last day of each certificate."""
        found = defaultdict(list)
        for event in self.passed:
            course = self.courses.get(event["course_code"])
            if course is None:
                continue
            first, months = event["completed_on"], course["validity_months"]
            last = date.max if months is None else months_away(first, months)
            found[event["person_id"]].append((event["course_code"], first, last))
        return found

    def is_certified(self, person_id: str, day: date, course_code: str | None = None) -> bool:
        """Of the course, or of any."""
        return any(
            first <= day <= last and course_code in (None, of)
            for of, first, last in self.certificates.get(person_id, [])
        )

    def coverage(self, staff: Iterable[Row], day: date) -> tuple[int, int]:
        """The active ones, and those of them with a certificate, row by row."""
        active = [row for row in staff if is_active(row, day)]
        return len(active), sum(self.is_certified(row["person_id"], day) for row in active)

    def training_coverage(self, cell: Cell) -> Measure:
        """The KPI TRAINING_COVERAGE."""
        staff = [
            row
            for row in self.staff
            if (row["dealer_id"], row["brand_code"]) == (cell.dealer_id, cell.brand_code)
        ]
        active, certified = self.coverage(staff, last_day(cell.month))
        return Measure(rate(certified, active), Fraction(active))

    # -- the plan -----------------------------------------------------------------------------

    def brands_of(self, event: Row) -> set[str]:
        """Of the person's employments at the event's dealer; without one, all of the dealer's."""
        employed = {
            row["brand_code"]
            for row in self.staff
            if (row["person_id"], row["dealer_id"]) == (event["person_id"], event["dealer_id"])
        }
        return employed or self.brands.get(event["dealer_id"], set())

    def progress(self) -> Iterator[Row]:
        of_brand = defaultdict(list)
        for event in self.known_events:
            for brand_code in self.brands_of(event):
                of_brand[brand_code].append(event)
        for brand_code, events in of_brand.items():
            month = month_of(min(event["completed_on"] for event in events))
            while month <= self.this_month:
                yield self.progress_of(brand_code, month, events)
                month = later(month, 1)

    def progress_of(self, brand_code: str, month: date, events: list[Row]) -> Row:
        day = last_day(month)
        in_year = [e for e in events if month.replace(month=1) <= e["completed_on"] <= day]
        in_month = [e for e in in_year if e["completed_on"] >= month]
        trained = [e for e in in_year if e["passed"]]
        staff = [row for row in self.staff if row["brand_code"] == brand_code]
        active, certified = self.coverage(staff, day)
        return {
            "brand_code": brand_code,
            "month": month,
            "persons_trained_ytd": len({e["person_id"] for e in trained}),
            "seats_ytd": len(trained),
            "plan_ytd": PERSONS_A_YEAR * month.month // 12,
            "active_staff": active,
            "certified_staff": certified,
            "certificate_coverage": stored(rate(certified, active)),
            "training_events": len(in_month),
            "passed_events": sum(e["passed"] for e in in_month),
            "pass_rate": stored(rate(sum(e["passed"] for e in in_month), len(in_month))),
            "pass_rate_ytd": stored(rate(len(trained), len(in_year))),
        }

    def progress_of_all(self) -> Iterator[Row]:
        """A person or seat counts once, whatever the brands."""
        month = min((month_of(e["completed_on"]) for e in self.known_events), default=date.max)
        while month <= self.this_month:
            year, day = month.replace(month=1), last_day(month)
            trained = [
                e for e in self.known_events if e["passed"] and year <= e["completed_on"] <= day
            ]
            yield {
                "month": month,
                "persons_trained_ytd": len({e["person_id"] for e in trained}),
                "seats_ytd": len(trained),
                "plan_ytd": PERSONS_A_YEAR * month.month // 12,
            }
            month = later(month, 1)

    # -- the quality of what dealers deliver --------------------------------------------------

    def last_course(self, dealer_id: str, dimension: str, day: date) -> Row | None:
        """The dealer's last passed event, up to the day, of a course of the dimension."""
        found = [
            event
            for event in self.passed
            if event["dealer_id"] == dealer_id
            and event["completed_on"] <= day
            and self.teaches(event["course_code"]) == dimension
        ]
        return max(found, key=lambda e: (e["completed_on"], e["course_code"]), default=None)

    def teaches(self, course_code: str) -> str | None:
        return self.courses.get(course_code, {}).get("quality_dimension")

    def qualities(self) -> Iterator[Row]:
        for (dealer_id, feed, rule_code, month), counts in self.counts.items():
            if dealer_id not in self.dealers:
                continue
            rule = self.rules[rule_code]
            course = self.last_course(dealer_id, rule["dimension"], last_day(month))
            baseline = None
            if course:
                completed = month_of(course["completed_on"])
                before = [
                    self.counts.get((dealer_id, feed, rule_code, later(completed, -n)))
                    for n in range(1, CHANGE_MONTHS + 1)
                ]
                baseline = Counts.of(c for c in before if c).rate
            yield {
                "dealer_id": dealer_id,
                "feed": feed,
                "rule_code": rule_code,
                "month": month,
                "dimension": rule["dimension"],
                "severity": rule["severity"],
                "checked_rows": counts.checked,
                "passed_rows": counts.passed,
                "pass_rate": stored(counts.rate),
                "target_rate": stored(Fraction(rule["target_rate"])),
                "is_below_target": counts.rate < Fraction(rule["target_rate"]),
                "course_topic": rule["course_topic"],
                "last_course_code": course and course["course_code"],
                "last_course_on": course and course["completed_on"],
                "baseline_rate": stored(baseline),
                # of the figures as shown, like the change of a score
                "change_since_course": (
                    None if baseline is None else stored(counts.rate) - stored(baseline)
                ),
            }

    def needs(self) -> Iterator[Row]:
        of_dealer: dict[str, list[Row]] = defaultdict(list)
        for dealer_id in self.dealers:
            if not self.is_open(dealer_id, self.today):
                continue
            for course_code in self.courses:
                if self.teaches(course_code):
                    row = self.need(dealer_id, course_code)
                    if row["rules_below_target"] or row["untrained_staff"]:
                        of_dealer[dealer_id].append(row)
        figures = ("affected_rows", "rules_below_target", "untrained_staff")
        for rows in of_dealer.values():
            rows.sort(key=lambda row: (*(-row[name] for name in figures), row["course_code"]))
            for priority, row in enumerate(rows, start=1):
                yield row | {"priority": priority}

    @cached_property
    def newest_delivery_month(self) -> date | None:
        return max((month for *_, month in self.counts), default=None)

    def need(self, dealer_id: str, course_code: str) -> Row:
        course, newest = self.courses[course_code], self.newest_delivery_month
        earliest = newest and later(newest, 1 - CHANGE_MONTHS)
        of_rule = defaultdict(list)
        for (dealer, feed, rule_code, month), counts in self.counts.items():
            if (
                dealer == dealer_id
                and self.rules[rule_code]["dimension"] == course["quality_dimension"]
                and earliest <= month <= newest
            ):
                of_rule[feed, rule_code].append(counts)
        below = [
            counts
            for (_, rule_code), many in of_rule.items()
            if (counts := Counts.of(many)).rate < Fraction(self.rules[rule_code]["target_rate"])
        ]
        active = {
            row["person_id"]
            for row in self.staff
            if row["dealer_id"] == dealer_id and is_active(row, self.today)
        }
        return {
            "dealer_id": dealer_id,
            **{n: course[n] for n in ("course_code", "course_name", "topic", "quality_dimension")},
            "first_month": earliest,
            "last_month": newest,
            "rules_below_target": len(below),
            "affected_rows": sum(c.checked - c.passed for c in below),
            "active_staff": len(active),
            "untrained_staff": sum(
                not self.is_certified(person, self.today, course_code) for person in active
            ),
        }

    def rule_rows(self) -> Iterator[Row]:
        teaching = Counter(map(self.teaches, self.courses))
        for rule_code, rule in self.rules.items():
            words = {name: value for name, value in rule.items() if name != "mostly"}
            yield words | {
                "rule_code": rule_code,
                "gate_rate": rule["mostly"],
                "course_count": teaching[rule["dimension"]],
            }

    # -- what a course changes ----------------------------------------------------------------

    @cached_property
    def rates(self) -> dict[tuple[str, str, date], Fraction]:
        """By dealer, dimension and month: over all rules together."""
        found = defaultdict(list)
        for (dealer_id, _, rule_code, month), counts in self.counts.items():
            found[dealer_id, self.rules[rule_code]["dimension"], month].append(counts)
        return {key: Counts.of(many).rate for key, many in found.items()}

    def mean_rate(self, dealer_id: str, dimension: str, months: Iterable[date]) -> Fraction | None:
        """Over the months in which there is a rate."""
        found = [self.rates.get((dealer_id, dimension, month)) for month in months]
        return mean([value for value in found if value is not None])

    def both_rates(
        self, dealer_id: str, dimension: str, completed: date, beside: str | None = None
    ) -> tuple[Fraction, Fraction] | None:
        """Before and after; only of months in which there is also a rate of the dealer `beside`."""

        def compared(months: Iterable[date]) -> list[date]:
            return [m for m in months if (beside or dealer_id, dimension, m) in self.rates]

        steps = range(1, CHANGE_MONTHS + 1)
        earlier = compared(later(completed, -n) for n in steps)
        before = self.mean_rate(dealer_id, dimension, earlier)
        after = self.mean_rate(dealer_id, dimension, compared(later(completed, n) for n in steps))
        return None if before is None or after is None else (before, after)

    def first_passed(self, course_code: str) -> dict[str, date]:
        """By dealer: the day of the first passed event of the course."""
        found: dict[str, date] = {}
        for event in self.passed:
            if event["course_code"] == course_code:
                day = event["completed_on"]
                found[event["dealer_id"]] = min(found.get(event["dealer_id"], day), day)
        return found

    def peers(self, dealer_id: str) -> set[tuple[str, str]]:
        return {
            (row["brand_code"], row["peer_group"])
            for row in self.facts.feeds["oem__dealers"]
            if row["dealer_id"] == dealer_id
        }

    def controls(self, course_code: str, dealer_id: str, month: date) -> list[str]:
        """Dealers to compare a trained one with: they learn it later than the months compared, if
        ever, and can be measured in the same months."""
        first = self.first_passed(course_code)
        end = last_day(later(month, CHANGE_MONTHS))
        return [
            other
            for other in self.dealers
            if other != dealer_id
            and first.get(other, date.max) > end
            and self.peers(other) & self.peers(dealer_id)
            and self.both_rates(other, self.teaches(course_code), month, beside=dealer_id)
        ]

    @cached_property
    def changes(self) -> list[Row]:
        rows = []
        for course_code in self.courses:
            dimension = self.teaches(course_code)
            if dimension is None:
                continue
            for dealer_id, day in self.first_passed(course_code).items():
                month = month_of(day)
                if last_day(later(month, CHANGE_MONTHS)) >= self.today:
                    continue
                own = self.both_rates(dealer_id, dimension, month)
                others = self.controls(course_code, dealer_id, month)
                if dealer_id not in self.dealers or own is None or not others:
                    continue
                of_others = [
                    self.both_rates(other, dimension, month, beside=dealer_id) for other in others
                ]
                before, after = (mean([both[n] for both in of_others]) for n in (0, 1))
                rows.append(
                    {
                        "course_code": course_code,
                        "dealer_id": dealer_id,
                        "completed_month": month,
                        "before_rate": stored(own[0]),
                        "after_rate": stored(own[1]),
                        "untrained_dealers": len(others),
                        "untrained_before_rate": stored(before),
                        "untrained_after_rate": stored(after),
                        "net_change": stored(own[1] - own[0] - (after - before)),
                    }
                )
        return rows

    def effects(self) -> Iterator[Row]:
        rates = ("before_rate", "after_rate", "untrained_before_rate", "untrained_after_rate")
        for course_code in self.courses:
            if self.teaches(course_code) is None:
                continue
            rows = [row for row in self.changes if row["course_code"] == course_code]
            others = {
                other
                for row in rows
                for other in self.controls(course_code, row["dealer_id"], row["completed_month"])
            }
            net = [row["net_change"] for row in rows]
            low, high = mean_interval(net)
            yield {
                "course_code": course_code,
                "course_name": self.courses[course_code]["course_name"],
                "quality_dimension": self.teaches(course_code),
                "trained_dealers": len(rows),
                "untrained_dealers": len(others),
                **{name: stored(mean([row[name] for row in rows])) for name in rates},
                "effect": stored(mean(net)),
                "ci_low": low,
                "ci_high": high,
            }

    # -- IT -----------------------------------------------------------------------------------

    def is_open(self, dealer_id: str, day: date) -> bool:
        """Under any of his brands."""
        return any(
            row["dealer_id"] == dealer_id
            and row["opened_on"] <= day
            and (row["closed_on"] is None or day <= row["closed_on"])
            for row in self.facts.feeds["oem__dealers"]
        )

    @cached_property
    def assessments(self) -> dict[str, list[Row]]:
        found = defaultdict(list)
        for row in self.facts.feeds["dealer__it_assessments"]:
            found[row["dealer_id"]].append(row)
        return found

    def criteria(self, dealer_id: str, day: date) -> dict[str, bool]:
        """Mandatory criteria in force on a day, and whether the dealer meets each; none of a dealer
        that was never assessed until then."""
        known = [row for row in self.assessments.get(dealer_id, []) if row["assessed_on"] <= day]
        if not known:
            return {}
        newest = {
            row["criterion_code"]: row["is_met"]
            for row in sorted(known, key=lambda row: row["assessed_on"])
        }
        return {
            row["criterion_code"]: newest.get(row["criterion_code"], False)
            for row in self.facts.feeds["oem__it_criteria"]
            if row["is_mandatory"] and row["valid_from"] <= day
        }

    def it_readiness(self, cell: Cell) -> Measure:
        """The KPI IT_READINESS."""
        criteria = self.criteria(cell.dealer_id, last_day(cell.month))
        return Measure(rate(sum(criteria.values()), len(criteria)), Fraction(len(criteria)))

    @cached_property
    def readiness(self) -> list[Row]:
        rows = []
        for dealer_id, assessed in self.assessments.items():
            month = month_of(min(row["assessed_on"] for row in assessed))
            while month <= self.this_month:
                day = last_day(month)
                criteria = self.criteria(dealer_id, day)
                if criteria and self.is_open(dealer_id, day):
                    missing = sorted(code for code, is_met in criteria.items() if not is_met)
                    rows.append(
                        {
                            "dealer_id": dealer_id,
                            "month": month,
                            "mandatory_criteria": len(criteria),
                            "met_criteria": len(criteria) - len(missing),
                            "readiness_rate": stored(
                                rate(len(criteria) - len(missing), len(criteria))
                            ),
                            "is_ready": not missing,
                            "missing_criteria": " ".join(missing),
                        }
                    )
                month = later(month, 1)
        return rows

    @cached_property
    def readiness_of_all(self) -> list[Row]:
        of_month = defaultdict(list)
        for row in self.readiness:
            of_month[row["month"]].append(row["is_ready"])
        return [
            {
                "month": month,
                "dealers": len(ready),
                "ready_dealers": sum(ready),
                "not_ready_rate": stored(rate(len(ready) - sum(ready), len(ready))),
                "claimed_rate": NOT_READY_CLAIMED,
            }
            for month, ready in of_month.items()
        ]

    # -- rollouts -----------------------------------------------------------------------------

    def span(self, rollout: Row) -> Span | None:
        """None of what counts nowhere: not begun, live or given up before its start."""
        start, live, end = (rollout[f"{name}_on"] for name in ("started", "live", "abandoned"))
        is_live = live is not None and live <= self.today
        if not is_live:
            live = end if end is not None and end <= self.today else self.today
        return None if start > self.today or live < start else Span((live - start).days, is_live)

    def is_trained(self, dealer_id: str, day: date) -> bool:
        return any(e["dealer_id"] == dealer_id and e["completed_on"] <= day for e in self.passed)

    @cached_property
    def spans(self) -> dict[str | None, dict[bool, list[Span]]]:
        """By system, and of all systems together under None: by whether the dealer was trained."""
        found: dict = defaultdict(lambda: defaultdict(list))
        for rollout in self.rollouts:
            if span := self.span(rollout):
                is_trained = self.is_trained(rollout["dealer_id"], rollout["started_on"])
                for system_code in (rollout["system_code"], None):
                    found[system_code][is_trained].append(span)
        return found

    def durations(self) -> Iterator[Row]:
        for system_code, groups in self.spans.items():
            if system_code is not None:
                for is_trained in groups:
                    yield self.duration(system_code, is_trained)

    def duration(self, system_code: str, is_trained: bool) -> Row:
        groups = self.spans[system_code]
        trained, untrained = groups.get(True, []), groups.get(False, [])
        low, high = reduction_interval(trained, untrained) if is_trained else (None, None)
        reduced = reduction(median_days(trained), median_days(untrained)) if is_trained else None
        return {
            "system_code": system_code,
            "is_trained": is_trained,
            "rollouts": len(groups[is_trained]),
            "completed": sum(span.is_live for span in groups[is_trained]),
            "median_days": median_days(groups[is_trained]),
            "reduction_rate": stored(reduced),
            "ci_low": low,
            "ci_high": high,
        }

    # -- the article --------------------------------------------------------------------------

    def benchmarks(self) -> Iterator[Row]:
        over = [row for row in self.readiness_of_all if last_day(row["month"]) < self.today]
        newest = max(over, key=lambda row: row["month"], default=None)
        yield {
            "claim_code": "IT_NOT_READY",
            "measured_value": newest and newest["not_ready_rate"],
            "sample_count": newest["dealers"] if newest else 0,
            "measured_as_of": newest and last_day(newest["month"]),
        }
        first = later(self.this_month, -12)
        known = self.known_events
        seats = [e for e in known if e["passed"] and first <= e["completed_on"] < self.this_month]
        yield {
            "claim_code": "STAFF_TRAINED",
            # where nobody tells of any training nothing is known, which is not the same as none
            "measured_value": stored(len({e["person_id"] for e in seats})) if known else None,
            "sample_count": len(seats),
            "measured_as_of": last_day(later(self.this_month, -1)) if known else None,
        }
        groups = self.spans.get(None, {})
        medians = (median_days(groups.get(is_trained, [])) for is_trained in (True, False))
        yield {
            "claim_code": "SYSTEM_INTRODUCTION_REDUCTION",
            "measured_value": stored(reduction(*medians)),
            "sample_count": sum(span.is_live for spans in groups.values() for span in spans),
            "measured_as_of": self.today if groups else None,
        }


def capability_kpis(given: Capability) -> dict[str, Kpi]:
    """The two KPIs, as the scorecard's recomputation measures its own."""
    return {
        "TRAINING_COVERAGE": Kpi(lambda _, cell: given.training_coverage(cell), "HIGHER", "SHARED"),
        "IT_READINESS": Kpi(lambda _, cell: given.it_readiness(cell), "HIGHER", "SHARED"),
    }


# -- rules of quality by hand -----------------------------------------------------------------

Verdict = bool | None
"""Whether a row keeps a rule; None where the rule does not speak of it."""


def _after(row: Row, column: str, other: str) -> Verdict:
    both = row[column], row[other]
    return None if None in both else both[0] >= both[1]


def _of_invoices(row: Row, column: str) -> Verdict:
    return row[column] is not None if row["event_type"] == "INVOICE" else None


def _is_delivered_by(row: Row, day: date) -> bool:
    return (day - berlin_day(row["_delivered_at"])).days <= 1


ROWS_BY_HAND: dict[tuple[str, str], Callable[[Facts, Row], Verdict]] = {
    ("dealer__leads", "LEAD_REACHABLE"): lambda _, r: r["customer_email"] is not None,
    ("dealer__leads", "LEAD_ANSWERED_AFTER_CREATION"): lambda _, r: _after(
        r, "first_response_at", "created_at"
    ),
    ("dealer__leads", "LEAD_NOT_SOLD_AND_LOST"): lambda _, r: (
        r["lost_at"] is None if r["sold_vin"] is not None else None
    ),
    ("dealer__leads", "LEAD_DEALER_KNOWN"): lambda facts, r: (
        (r["dealer_id"], r["brand_code"]) in facts.dealers
    ),
    ("dealer__leads", "LEAD_MODEL_KNOWN"): lambda facts, r: (
        facts.models.get(r["model_code"], {}).get("brand_code") == r["brand_code"]
        if r["model_code"] is not None
        else None
    ),
    ("dealer__vehicle_events", "EVENT_INVOICE_HAS_NET_PRICE"): lambda _, r: _of_invoices(
        r, "net_price_eur"
    ),
    ("dealer__vehicle_events", "EVENT_INVOICE_HAS_LIST_PRICE"): lambda _, r: _of_invoices(
        r, "list_price_eur"
    ),
    ("dealer__vehicle_events", "EVENT_NOT_AHEAD_OF_DELIVERY"): lambda _, r: _is_delivered_by(
        r, r["event_date"]
    ),
    ("dealer__financials", "FINANCIALS_FIXED_EXPENSES_POSITIVE"): lambda _, r: (
        r["fixed_expenses_eur"] > 0
    ),
}
"""By feed and code: what a rule says of a delivered row."""

TIMELY_BY_HAND = {
    ("dealer__leads", "LEAD_TIMELY"): ("created_at", 45),
    ("dealer__vehicle_events", "EVENT_TIMELY"): ("event_date", 45),
}
"""By feed and code: the column whose newest day of a dealer in a file is at most so many days old
when the file arrives."""


def counts_by_hand(
    settings: Settings, facts: Facts, quarantined: Mapping[tuple[str, str], set[str]]
) -> dict[CountKey, Counts]:
    """What the rules above, and those of `quarantined`, make of everything that was ever delivered.

    `quarantined`: by feed and code, the reasons that a rule of what was quarantined looks for.
    """
    found: dict[CountKey, list[bool]] = defaultdict(list)
    for delivery in facts.deliveries:
        if delivery.status != "LOADED":
            continue
        arrived = berlin_day(delivery.delivered_at.astimezone(UTC).replace(tzinfo=None))
        month = month_of(arrived)
        rows = _rows(settings, delivery)
        for (feed, code), judge in ROWS_BY_HAND.items():
            if feed == delivery.feed:
                for row in rows:
                    verdict = judge(facts, row)
                    if verdict is not None:
                        found[row["dealer_id"], feed, code, month].append(verdict)
        for (feed, code), (column, days) in TIMELY_BY_HAND.items():
            if feed == delivery.feed:
                for dealer_id in {row["dealer_id"] for row in rows}:
                    newest = max(r[column] for r in rows if r["dealer_id"] == dealer_id)
                    day = berlin_day(newest) if isinstance(newest, datetime) else newest
                    found[dealer_id, feed, code, month].append((arrived - day).days <= days)
        for (feed, code), reasons in quarantined.items():
            if feed == delivery.feed:
                bad = sum(reason in reasons for reason in _reasons(settings, delivery))
                key = delivery.sender, feed, code, month
                found[key] += [True] * (delivery.delivered_rows - bad) + [False] * bad
    return {key: Counts(len(kept), sum(kept)) for key, kept in found.items() if kept}


def _rows(settings: Settings, delivery: Delivery) -> list[Row]:
    """The accepted rows of a file, without withdrawals."""
    if not delivery.accepted_rows:
        return []
    path = raw_path(settings, delivery.feed, delivery.batch_id)
    return [row for row in pq.ParquetFile(path).read().to_pylist() if not row.get("is_deleted")]


def _reasons(settings: Settings, delivery: Delivery) -> list[str]:
    if not delivery.quarantined_rows:
        return []
    path = settings.quarantine / delivery.feed / f"{delivery.batch_id}.parquet"
    return [row["reason_code"] for row in pq.ParquetFile(path).read().to_pylist()]
