"""The marts of the service once more, in plain Python, to hold the SQL against.

    expected = recompute_service(settings)
    expected["mart_case_routing"][("C0001",)]["responsible_party"]

Written from the spec alone and for being read: loops, dicts and fractions, a function for each
rule. Every rule is held against every case; hours are fractions of whole microseconds until they
are stored, rounded once, half up, to six digits. It takes a lake that fits into memory.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet as pq

from orchestration.calculations.bootstrap import RESAMPLES, SEED
from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.lake import Delivery, raw_path
from orchestration.settings import NETWORK_ZONE, Settings
from tests.support.recomputed import KPIS, Cell, Facts, later

Row = dict[str, Any]
Marts = dict[str, dict[tuple, Row]]

SERVICE_KEYS = {
    "mart_case_routing": ("case_id",),
    "mart_routing_conflicts": ("rule_id", "other_rule_id"),
    "mart_routing_coverage": ("brand_code", "postal_code", "product_category"),
    "mart_case_cycle_time": ("brand_code", "dealer_id", "case_type", "opened_month"),
    "mart_routing_effect": ("brand_code",),
    "mart_responsibility_gaps": ("brand_code", "process_code", "gap_from"),
    "mart_dealer_now": ("dealer_id", "brand_code"),
    "mart_dealer_feed_freshness": ("dealer_id", "feed"),
}
"""The marts that are recomputed, with the columns of their keys."""

CASE_TYPES = ("WARRANTY", "COMPLAINT", "SERVICE_REQUEST")
OEM = "OEM"
DEALER_FEEDS = "dealer__"
"""How the names of the feeds begin that dealers, or hubs for them, deliver."""
WINDOW_MONTHS = 6
DAYS_OF_CAMPAIGN_LEADS = 90
_BERLIN = ZoneInfo(NETWORK_ZONE)
_HOUR = 3_600_000_000
_LIMIT = 10**12
"""What a decimal(18,6) no longer holds; shown as null."""


def recompute_service(settings: Settings) -> Marts:
    """All marts of `SERVICE_KEYS` from the committed lake, seen at `settings.as_of`: name -> key ->
    row, in the types that DuckDB returns."""
    assert settings.as_of is not None, "the age of what is open needs a fixed instant"
    as_of = settings.as_of.astimezone(UTC).replace(tzinfo=None)
    facts = Facts.read(settings)
    return service_marts(facts, as_of, standing_rows(settings, facts.deliveries))


def service_marts(
    facts: Facts, as_of: datetime, standing: Mapping[str, Sequence[Row]] | None = None
) -> Marts:
    """The same from what holds now; `as_of` is UTC without a zone, as all instants. `standing`: see
    `standing_rows`."""
    service = Service(facts, as_of, standing)
    rows = {
        "mart_case_routing": service.case_rows(),
        "mart_routing_conflicts": service.conflicts(),
        "mart_routing_coverage": service.coverage(),
        "mart_case_cycle_time": service.cycle_times(),
        "mart_routing_effect": service.effects(),
        "mart_responsibility_gaps": service.gaps(),
        "mart_dealer_now": service.dealers_now(),
        "mart_dealer_feed_freshness": service.freshness(),
    }
    return {name: _keyed(name, rows[name]) for name in SERVICE_KEYS}


def standing_rows(settings: Settings, deliveries: Iterable[Delivery]) -> dict[str, list[Row]]:
    """By feed of dealers: the newest row of each key, with its lineage, withdrawals included."""
    standing = {}
    for feed in load_contracts().values():
        if not feed.name.startswith(DEALER_FEEDS):
            continue
        newest: dict[tuple, Row] = {}
        for delivery in deliveries:
            if (delivery.feed, delivery.status) != (feed.name, "LOADED") or not (
                delivery.accepted_rows
            ):
                continue
            path = raw_path(settings, feed.name, delivery.batch_id)
            for row in pq.ParquetFile(path).read().to_pylist():
                key = tuple(row[name] for name in feed.key)
                newest[key] = max(newest.get(key, row), row, key=_age)
        standing[feed.name] = list(newest.values())
    return standing


def _age(row: Row) -> tuple:
    return row["_delivered_at"], row["_loaded_at"], row["_source_file"]


def _keyed(mart: str, rows: Iterable[Row]) -> dict[tuple, Row]:
    found: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[name] for name in SERVICE_KEYS[mart])
        assert key not in found, f"{mart} has {key} twice"
        found[key] = row
    return found


# -- days, hours, rounding --------------------------------------------------------------------


def berlin_day(instant: datetime) -> date:
    return instant.replace(tzinfo=UTC).astimezone(_BERLIN).date()


def month_of(day: date) -> date:
    return date(day.year, day.month, 1)


def end_of_month(month: date) -> datetime:
    """The first instant (UTC) that no longer belongs to the month in Berlin."""
    following = later(month, 1)
    midnight = datetime(following.year, following.month, 1, tzinfo=_BERLIN)
    return midnight.astimezone(UTC).replace(tzinfo=None)


def months_away(day: date, months: int) -> date:
    """The same day so many months later (earlier below 0), clipped to the month's end."""
    month = later(month_of(day), months)
    return month.replace(day=min(day.day, monthrange(month.year, month.month)[1]))


def microseconds(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(microseconds=1)


def stored(value: Fraction | int | None) -> Decimal | None:
    """Six digits, a half away from zero; null where a decimal(18,6) does not hold it."""
    if value is None:
        return None
    units = math.floor(abs(Fraction(value)) * 10**6 + Fraction(1, 2))
    if units >= _LIMIT * 10**6:
        return None
    return Decimal(units if value >= 0 else -units).scaleb(-6)


def hours(elapsed: int | Fraction | None) -> Decimal | None:
    """Microseconds as hours, stored."""
    return None if elapsed is None else stored(Fraction(elapsed) / _HOUR)


def mean(values: Sequence[int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def quantile(values: Iterable[int | Fraction], share: Fraction) -> Fraction | None:
    """Interpolated linearly between the two nearest; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = math.ceil(place)
    return ordered[below] + (place - below) * Fraction(ordered[above] - ordered[below])


def median(values: Iterable[int]) -> Fraction | None:
    return quantile(values, Fraction(1, 2))


def reduction(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    """By which share the time fell: 100 h -> 53 h is 0.47."""
    if before is None or after is None or before == 0:
        return None
    return (before - after) / before


def bootstrap_interval(
    brand_code: str, before: Sequence[int], after: Sequence[int]
) -> tuple[Decimal | None, Decimal | None]:
    """The 2.5 % and 97.5 % quantiles of the reduction of the means of resamples, one by one."""
    if not before or not after:
        return None, None
    seeds = np.random.SeedSequence([SEED, *brand_code.encode()]).spawn(2)
    means = []
    for values, seed in zip((sorted(before), sorted(after)), seeds, strict=True):
        generator = np.random.Generator(np.random.PCG64(seed))
        of_window = []
        for _ in range(RESAMPLES):
            drawn = generator.integers(0, len(values), len(values)).tolist()
            of_window.append(mean([values[n] for n in drawn]))
        means.append(of_window)
    reductions = [reduction(b, a) for b, a in zip(*means, strict=True) if b]
    low, high = (quantile(reductions, Fraction(n, 1000)) for n in (25, 975))
    return stored(low), stored(high)


# -- routing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Routing:
    """Who is responsible for a case. `fitting` are the rules that fit, the best first; `top` are
    those of them that tie with the best up to priority."""

    fitting: list[Row]

    @property
    def rule(self) -> Row | None:
        return self.fitting[0] if self.fitting else None

    @property
    def responsible_party(self) -> str:
        return self.rule["responsible_dealer_id"] if self.rule else OEM

    @property
    def top(self) -> list[Row]:
        return [r for r in self.fitting if up_to_priority(r) == up_to_priority(self.fitting[0])]

    @property
    def is_ambiguous(self) -> bool:
        return len({rule["responsible_dealer_id"] for rule in self.top}) > 1


def prefix_of(rule: Row) -> str:
    return rule["postal_prefix"] or ""


def up_to_priority(rule: Row) -> tuple:
    """The lower, the better: longer prefix, category given, case type given, lower priority."""
    return (
        -len(prefix_of(rule)),
        rule["product_category"] is None,
        rule["case_type"] is None,
        rule["priority"],
    )


def holds_on(row: Row, day: date) -> bool:
    """Whether a row with `valid_from` and `valid_to`, both included, holds on a day."""
    return row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"])


class Service:
    """What the service marts say of these facts at an instant."""

    def __init__(
        self, facts: Facts, as_of: datetime, standing: Mapping[str, Sequence[Row]] | None = None
    ) -> None:
        self.facts, self.as_of, self.standing = facts, as_of, standing or {}
        self.today = berlin_day(as_of)
        self.cases = facts.feeds["dealer__cases"]
        self.rules = facts.feeds["oem__routing_rules"]
        self.targets = {
            (row["brand_code"], row["case_type"]): row["target_hours"]
            for row in facts.feeds["oem__service_levels"]
        }

    def is_open_dealer(self, dealer_id: str, brand_code: str, day: date) -> bool:
        dealer = self.facts.dealers.get((dealer_id, brand_code))
        if dealer is None or day < dealer["opened_on"]:
            return False
        return dealer["closed_on"] is None or day <= dealer["closed_on"]

    def fits(
        self,
        rule: Row,
        brand_code: str,
        postal_code: str | None,
        category: str | None,
        case_type: str,
        day: date,
    ) -> bool:
        if rule["brand_code"] != brand_code:
            return False
        if rule["case_type"] is not None and rule["case_type"] != case_type:
            return False
        if rule["product_category"] is not None and rule["product_category"] != category:
            return False
        if not (postal_code or "").startswith(prefix_of(rule)):
            return False
        return holds_on(rule, day) and self.is_open_dealer(
            rule["responsible_dealer_id"], brand_code, day
        )

    def route(self, case: Row) -> Routing:
        """Every rule against the case; those that fit, in the order in which they count."""
        fitting = [
            rule
            for rule in self.rules
            if self.fits(
                rule,
                case["brand_code"],
                case["customer_postal_code"],
                case["product_category"],
                case["case_type"],
                berlin_day(case["opened_at"]),
            )
        ]
        fitting.sort(key=lambda rule: (*up_to_priority(rule), rule["rule_id"].encode()))
        return Routing(fitting)

    @cached_property
    def routings(self) -> dict[str, Routing]:
        return {case["case_id"]: self.route(case) for case in self.cases}

    def is_resolved(self, case: Row, at: datetime | None = None) -> bool:
        return case["resolved_at"] is not None and case["resolved_at"] <= (at or self.as_of)

    def handling(self, case: Row) -> int | None:
        """Microseconds from opening to resolution; None while it is open."""
        return (
            microseconds(case["opened_at"], case["resolved_at"]) if self.is_resolved(case) else None
        )

    def is_breached(self, case: Row) -> bool:
        target = self.targets.get((case["brand_code"], case["case_type"]))
        if target is None:
            return False
        took = self.handling(case)
        if took is None:
            took = microseconds(case["opened_at"], self.as_of)
        return took > target * _HOUR

    def case_rows(self) -> Iterator[Row]:
        for case in self.cases:
            routing = self.routings[case["case_id"]]
            rule = routing.rule
            opened_at, assigned_at = case["opened_at"], case["first_assigned_at"]
            resolved_at = case["resolved_at"]
            same = ("case_id", "brand_code", "case_type", "product_category")
            yield {name: case[name] for name in same} | {
                "customer_postal_code": case["customer_postal_code"],
                "received_by_dealer_id": case["dealer_id"],
                "opened_at": opened_at,
                "opened_month": month_of(berlin_day(opened_at)),
                "resolved_at": resolved_at,
                "responsible_party": routing.responsible_party,
                "rule_id": rule and rule["rule_id"],
                "runner_up_rule_id": (
                    routing.fitting[1]["rule_id"] if len(routing.fitting) > 1 else None
                ),
                "matched_prefix_length": None if rule is None else len(prefix_of(rule)),
                "is_unrouted": rule is None,
                "is_ambiguous": routing.is_ambiguous,
                "was_misrouted": case["dealer_id"] != routing.responsible_party,
                "hours_to_assignment": (
                    hours(microseconds(opened_at, assigned_at)) if assigned_at else None
                ),
                "hours_to_resolution": (
                    hours(microseconds(opened_at, resolved_at)) if resolved_at else None
                ),
                "is_service_level_breached": self.is_breached(case),
            }

    def days_that_fit(self, rule: Row) -> tuple[date, date] | None:
        """The first and the last day on which a rule holds and its dealer is open under its brand;
        None if there is none. What has no end lasts until `date.max`."""
        dealer = self.facts.dealers.get((rule["responsible_dealer_id"], rule["brand_code"]))
        if dealer is None:
            return None
        first = max(rule["valid_from"], dealer["opened_on"])
        last = min(rule["valid_to"] or date.max, dealer["closed_on"] or date.max)
        return (first, last) if first <= last else None

    def conflicts(self) -> Iterator[Row]:
        for rule in self.rules:
            for other in self.rules:
                if rule["rule_id"].encode() >= other["rule_id"].encode():
                    continue
                same = ("brand_code", "product_category", "case_type", "priority")
                if any(rule[name] != other[name] for name in same):
                    continue
                if prefix_of(rule) != prefix_of(other):
                    continue
                if rule["responsible_dealer_id"] == other["responsible_dealer_id"]:
                    continue
                days, other_days = self.days_that_fit(rule), self.days_that_fit(other)
                if days is None or other_days is None:
                    continue
                first, last = max(days[0], other_days[0]), min(days[1], other_days[1])
                if last < first:
                    continue
                yield {
                    "rule_id": rule["rule_id"],
                    "other_rule_id": other["rule_id"],
                    "brand_code": rule["brand_code"],
                    "responsible_dealer_id": rule["responsible_dealer_id"],
                    "other_responsible_dealer_id": other["responsible_dealer_id"],
                    "overlap_from": first,
                    "overlap_to": None if last == date.max else last,
                    "case_count": sum(
                        rule in routing.top and other in routing.top
                        for routing in self.routings.values()
                    ),
                }

    def coverage(self) -> Iterator[Row]:
        """Of every brand that has a dealer, a rule or a case. A brand of which nothing names a
        category is shown with those of all."""
        areas = {row["postal_code"] for row in self.facts.feeds["oem__postal_areas"]}
        named = {row["product_category"] for row in [*self.cases, *self.rules]} - {None}
        listed = {brand_code for _, brand_code in self.facts.dealers}
        for brand_code in listed | {row["brand_code"] for row in [*self.cases, *self.rules]}:
            cases = [case for case in self.cases if case["brand_code"] == brand_code]
            rules = [rule for rule in self.rules if rule["brand_code"] == brand_code]
            codes = {case["customer_postal_code"] for case in cases}
            categories = {row["product_category"] for row in [*cases, *rules]} - {None} or named
            for postal_code in areas | {code for code in codes if is_postal_code(code)}:
                for category in categories:
                    covered = sum(
                        any(
                            self.fits(rule, brand_code, postal_code, category, kind, self.today)
                            for rule in rules
                        )
                        for kind in CASE_TYPES
                    )
                    yield {
                        "brand_code": brand_code,
                        "postal_code": postal_code,
                        "product_category": category,
                        "is_covered": covered > 0,
                        "covered_case_types": covered,
                    }

    # -- handling times -----------------------------------------------------------------------

    def handlings(self, cases: Iterable[Row]) -> list[int]:
        """Microseconds of the resolved ones, without those resolved before they were opened."""
        took = [self.handling(case) for case in cases]
        return [value for value in took if value is not None and value >= 0]

    def cycle_times(self) -> Iterator[Row]:
        of_dealer: dict[tuple, list[Row]] = defaultdict(list)
        for case in self.cases:
            if (case["dealer_id"], case["brand_code"]) in self.facts.dealers:
                of_dealer[case["brand_code"], case["dealer_id"], case["case_type"]].append(case)
        for key, cases in of_dealer.items():
            of_month: dict[date, list[Row]] = defaultdict(list)
            for case in cases:
                of_month[month_of(berlin_day(case["opened_at"]))].append(case)
            for month, opened in of_month.items():
                took = self.handlings(opened)
                resolved = sum(self.is_resolved(case) for case in opened)
                reopened = sum((case["reopened_count"] or 0) > 0 for case in opened)
                yield dict(
                    zip(SERVICE_KEYS["mart_case_cycle_time"], (*key, month), strict=True)
                ) | {
                    "opened_count": len(opened),
                    "resolved_count": resolved,
                    "open_count": len(opened) - resolved,
                    "timed_count": len(took),
                    "mean_hours": hours(mean(took)),
                    "median_hours": hours(median(took)),
                    "p90_hours": hours(quantile(took, Fraction(9, 10))),
                    "reopened_rate": stored(Fraction(reopened, len(opened))),
                    "backlog_count": self.backlog(cases, month),
                }

    def backlog(self, cases: Iterable[Row], month: date) -> int:
        """Cases open at the last instant of the month, or at that of the marts if it is earlier."""
        at = min(end_of_month(month) - timedelta(microseconds=1), self.as_of)
        return sum(case["opened_at"] <= at and not self.is_resolved(case, at) for case in cases)

    def effects(self) -> Iterator[Row]:
        for row in self.facts.feeds["oem__routing_go_lives"]:
            brand_code, go_live_on = row["brand_code"], row["go_live_on"]
            windows = self.windows(brand_code, go_live_on)
            took = [self.handlings(cases) for cases in windows]
            means, medians = [mean(t) for t in took], [median(t) for t in took]
            low, high = bootstrap_interval(brand_code, *took)
            yield {
                "brand_code": brand_code,
                "go_live_on": go_live_on,
                "cases_before": len(windows[0]),
                "cases_after": len(windows[1]),
                "resolved_before": len(took[0]),
                "resolved_after": len(took[1]),
                "mean_hours_before": hours(means[0]),
                "mean_hours_after": hours(means[1]),
                "mean_reduction_rate": stored(reduction(*means)),
                "median_hours_before": hours(medians[0]),
                "median_hours_after": hours(medians[1]),
                "median_reduction_rate": stored(reduction(*medians)),
                "ci_low": low,
                "ci_high": high,
            }

    def windows(self, brand_code: str, go_live_on: date) -> tuple[list[Row], list[Row]]:
        """The brand's cases opened in the six months before go-live and in those from it on."""
        first, end = window_bounds(go_live_on)
        days = [(case, berlin_day(case["opened_at"])) for case in self.cases]
        of_brand = [(case, day) for case, day in days if case["brand_code"] == brand_code]
        before = [case for case, day in of_brand if first <= day < go_live_on]
        after = [case for case, day in of_brand if go_live_on <= day < end]
        return before, after

    # -- responsibilities ---------------------------------------------------------------------

    def gaps(self) -> Iterator[Row]:
        of_process: dict[tuple, list[Row]] = defaultdict(list)
        for row in self.facts.feeds["oem__responsibilities"]:
            of_process[row["brand_code"], row["process_code"]].append(row)
        for (brand_code, process_code), rows in of_process.items():
            for first, last, count in accountable_ranges(rows):
                if count != 1:
                    yield {
                        "brand_code": brand_code,
                        "process_code": process_code,
                        "gap_from": first,
                        "gap_to": last,
                        "accountable_count": count,
                    }

    # -- the dealer now -----------------------------------------------------------------------

    def has_happened(self, instant: datetime | None) -> bool:
        """What is dated later has not yet, nor has what has no date."""
        return instant is not None and instant <= self.as_of

    def dealers_now(self) -> Iterator[Row]:
        newest: dict[str, datetime] = {}
        for row in self.freshness():
            known = newest.get(row["dealer_id"], datetime.min)
            newest[row["dealer_id"]] = max(known, row["last_delivered_at"])
        for dealer_id, brand_code in self.facts.dealers:
            yield (
                {"dealer_id": dealer_id, "brand_code": brand_code}
                | self.stock_now(dealer_id, brand_code)
                | {"stock_days": self.stock_days(dealer_id, brand_code)}
                | self.leads_now(dealer_id, brand_code)
                | self.cases_now(dealer_id, brand_code)
                | {"data_as_of": newest.get(dealer_id)}
            )

    def stock_now(self, dealer_id: str, brand_code: str) -> Row:
        """Of the dealer's last snapshot, whatever brands it names."""
        rows = [row for row in self.facts.feeds["dealer__stock"] if row["dealer_id"] == dealer_id]
        days = [row["snapshot_date"] for row in rows if row["snapshot_date"] <= self.today]
        names = ("in_stock_units", "in_transit_units", "demo_units", "median_stock_age_days")
        if not days:
            others = ("stock_snapshot_on", "units_over_90_days", "units_over_180_days")
            return dict.fromkeys((*names, *others))
        there = [
            row
            for row in rows
            if row["snapshot_date"] == max(days) and row["brand_code"] == brand_code
        ]
        units = [sum(row["stock_status"] == s for row in there) for s in STOCK_STATUSES]
        ages = [
            (max(days) - row["in_stock_since"]).days
            for row in there
            if row["stock_status"] == "IN_STOCK" and row["in_stock_since"] is not None
        ]
        return dict(zip(names, [*units, stored(median(ages))], strict=True)) | {
            "stock_snapshot_on": max(days),
            "units_over_90_days": sum(age > 90 for age in ages),
            "units_over_180_days": sum(age > 180 for age in ages),
        }

    def stock_days(self, dealer_id: str, brand_code: str) -> Decimal | None:
        """The newest month up to today in which the KPI has an actual value."""
        snapshots = [row["snapshot_date"] for row in self.facts.feeds["dealer__stock"]]
        for month in sorted({month_of(day) for day in snapshots}, reverse=True):
            actual = KPIS["STOCK_DAYS"].measure(self.facts, Cell(dealer_id, brand_code, month))[0]
            if month <= self.today and actual is not None:
                return stored(actual)
        return None

    def leads_now(self, dealer_id: str, brand_code: str) -> Row:
        leads = [
            lead
            for lead in self.facts.feeds["dealer__leads"]
            if (lead["dealer_id"], lead["brand_code"]) == (dealer_id, brand_code)
            and self.has_happened(lead["created_at"])
        ]
        open_leads = [
            lead
            for lead in leads
            if lead["sold_vin"] is None and not self.has_happened(lead["lost_at"])
        ]
        unanswered = [
            microseconds(lead["created_at"], self.as_of)
            for lead in open_leads
            if not self.has_happened(lead["first_response_at"])
        ]
        first_day = self.today - timedelta(days=DAYS_OF_CAMPAIGN_LEADS - 1)
        return {
            "open_leads": len(open_leads),
            "oldest_unanswered_lead_hours": hours(max(unanswered, default=None)),
            "campaign_leads_90d": sum(
                lead["campaign_id"] is not None and berlin_day(lead["created_at"]) >= first_day
                for lead in leads
            ),
        }

    def cases_now(self, dealer_id: str, brand_code: str) -> Row:
        open_cases = [
            case
            for case in self.cases
            if case["brand_code"] == brand_code
            and self.has_happened(case["opened_at"])
            and not self.has_happened(case["resolved_at"])
        ]
        received = [case for case in open_cases if case["dealer_id"] == dealer_id]
        ages = [self.as_of - case["opened_at"] for case in received]
        day, week = timedelta(days=1), timedelta(days=7)
        return {
            "open_cases": len(received),
            "open_cases_under_1_day": sum(age < day for age in ages),
            "open_cases_1_to_7_days": sum(day <= age <= week for age in ages),
            "open_cases_over_7_days": sum(age > week for age in ages),
            "responsible_open_cases": sum(
                self.routings[case["case_id"]].responsible_party == dealer_id for case in open_cases
            ),
            "breached_cases": sum(self.is_breached(case) for case in received),
        }

    def own_files(self, dealer_id: str, feed: str) -> Iterator[Arrival]:
        """The dealer's own deliveries of a feed, also without rows; rejected ones are none."""
        for delivery in self.facts.deliveries:
            if delivery.sender.upper() != dealer_id.upper() or delivery.feed != feed:
                continue
            if delivery.status != "REJECTED":
                yield Arrival(
                    delivery.delivered_at.replace(tzinfo=None),
                    delivery.loaded_at.replace(tzinfo=None),
                    delivery.source_file.encode(),
                    delivery.sender,
                    delivery.accepted_rows,
                )

    def hub_files(self, dealer_id: str, feed: str) -> Iterator[Arrival]:
        """Files of others with rows about the dealer that still stand, counted by these rows."""
        rows = Counter(
            (*_age(row), row["_sender"])
            for row in self.standing.get(feed, ())
            if row["dealer_id"] == dealer_id and row["_sender"] != dealer_id
        )
        for (delivered_at, loaded_at, file, sender), count in rows.items():
            yield Arrival(delivered_at, loaded_at, file.encode(), sender, count)

    def freshness(self) -> Iterator[Row]:
        feeds = {d.feed for d in self.facts.deliveries if d.feed.startswith(DEALER_FEEDS)}
        for dealer_id in {dealer_id for dealer_id, _ in self.facts.dealers}:
            for feed in feeds:
                files = [*self.own_files(dealer_id, feed), *self.hub_files(dealer_id, feed)]
                if not files:
                    continue
                last = max(files)
                yield {
                    "dealer_id": dealer_id,
                    "feed": feed,
                    "last_delivered_at": last.delivered_at,
                    "last_file": last.source_file.decode(),
                    "last_sender": last.sender,
                    "hours_since": hours(microseconds(last.delivered_at, self.as_of)),
                    "accepted_rows": last.accepted_rows,
                }


class Arrival(NamedTuple):
    """A file with something of a dealer; of two the later is the greater."""

    delivered_at: datetime
    loaded_at: datetime
    source_file: bytes
    sender: str
    accepted_rows: int


STOCK_STATUSES = ("IN_STOCK", "IN_TRANSIT", "DEMO")


def is_postal_code(code: str | None) -> bool:
    return code is not None and len(code) == 5 and all("0" <= digit <= "9" for digit in code)


def accountable_ranges(rows: Sequence[Row]) -> Iterator[tuple[date, date | None, int]]:
    """Ranges of days with the same number of ACCOUNTABLE parties, as long as they can be: first
    day, last day (None: open) and the number. From the first day on which any row holds to the
    last."""
    first = min(row["valid_from"] for row in rows)
    is_open = any(row["valid_to"] is None for row in rows)
    # beyond the last day that is named nothing changes any more
    named = [day for row in rows for day in (row["valid_from"], row["valid_to"]) if day is not None]
    last = max(named) + timedelta(days=1) if is_open else max(row["valid_to"] for row in rows)
    start, count = first, _accountable(rows, first)
    day = first
    while day < last:
        day += timedelta(days=1)
        if _accountable(rows, day) != count:
            yield start, day - timedelta(days=1), count
            start, count = day, _accountable(rows, day)
    yield start, None if is_open else last, count


def _accountable(rows: Sequence[Row], day: date) -> int:
    return len(
        {row["party"] for row in rows if row["role"] == "ACCOUNTABLE" and holds_on(row, day)}
    )


def window_bounds(go_live_on: date) -> tuple[date, date]:
    """The first day of the window before go-live and the day after the last of that after it."""
    return months_away(go_live_on, -WINDOW_MONTHS), months_away(go_live_on, WINDOW_MONTHS)
