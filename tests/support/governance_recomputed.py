"""The marts of governance once more, in plain Python, to hold the SQL and the product's Python
against.

    expected = recompute_governance(settings, scorecard, kpis)
    expected["mart_escalations"][("K1", date(2020, 4, 1))]["level"]

Written from the spec alone and for being read: loops, dicts, fractions and dates, a function for
each rule; an escalation is lived through day by day. Everything is exact until it is stored: one
rounding, half up, to the digits of the mart. The scorecard is taken as it is: it is recomputed in
`tests/support/recomputed.py`. Of the weekly review the figures are recomputed, not the sentences.
"""

from __future__ import annotations

import csv
import math
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from orchestration.settings import DBT_PROJECT_DIR, NETWORK_ZONE, Settings
from tests.support.incentives_recomputed import targets_in_force
from tests.support.recomputed import Cell, Facts, last_day, later

Row = dict[str, Any]
Marts = dict[str, dict[tuple, Row]]

WEEK_KEY = ("dealer_id", "brand_code", "iso_year", "iso_week", "finding_code")
GOVERNANCE_KEYS = {
    "mart_contract_standards": ("contract_id", "standard_code", "version"),
    "mart_standard_adoption": ("brand_code", "standard_code"),
    "mart_performance_benchmark": ("brand_code", "peer_group", "quarter_start", "kpi_code"),
    "int_governance__list_quarter_scores": ("contract_id", "quarter_start"),
    "mart_escalations": ("contract_id", "quarter_start"),
    "mart_weekly_review": WEEK_KEY,
    "mart_dialogue_discipline": ("dealer_id", "brand_code"),
    "mart_module_adoption": ("dealer_id", "brand_code", "module_code"),
    "mart_module_adoption_summary": ("brand_code", "module_code"),
    "mart_requirement_pressure": ("brand_code", "month"),
    "mart_misalignment_cost": ("dealer_id", "brand_code", "year"),
    "benchmarks": ("claim_code",),
}
"""What is recomputed, with the columns of its key."""

WEEKS, WINDOW_WEEKS = 53, 13
SOURCES = {
    **dict.fromkeys(("ORDERS", "REGISTRATIONS", "QUARTER_TARGET"), "vehicle events"),
    **dict.fromkeys(("COMPLAINTS", "WORST_CASE_TYPE"), "cases"),
    **dict.fromkeys(("CSI", "NPS"), "surveys"),
    **dict.fromkeys(("OPEN_ACTIONS", "MEETING"), "dialogue"),
}
"""What a finding is made of."""
PLAN_DAYS = 30
MONTHS_TO_ADAPT = 6
BENCHMARK_MONTHS = 24
WILSON_Z = Decimal("1.959963984540054")
QUANTILES = {"q10": 10, "q25": 25, "q50": 50, "q75": 75, "q90": 90}
SUBDIVISIONS = dict(
    zip(
        (f"{number:02d}" for number in range(1, 17)),
        ("SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN")
        + ("ST", "TH"),
        strict=True,
    )
)
"""State of a district's key -> the subdivision of `holidays`."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
_BERLIN = ZoneInfo(NETWORK_ZONE)
_HOUR = 3_600_000_000


def recompute_governance(
    settings: Settings, scorecard: Iterable[Row], kpis: Iterable[Row]
) -> Marts:
    """The marts of `GOVERNANCE_KEYS` from the committed lake, seen at `settings.as_of`: name -> key
    -> row, in the types that DuckDB returns. `scorecard` and `kpis` are the rows of
    mart_partner_scorecard and mart_partner_scorecard_kpi.

    Not mart_misalignment_cost, which needs the routing of cases: see `misalignment_costs`.
    `benchmarks` is what is measured of the article's claims.
    """
    assert settings.as_of is not None, "what is today has to be settled"
    as_of = settings.as_of.astimezone(UTC).replace(tzinfo=None)
    return governance_marts(Governance(Facts.read(settings), as_of, scorecard, kpis))


def governance_marts(governance: Governance) -> Marts:
    """The same from what holds."""
    rows = {
        "mart_contract_standards": governance.contract_standards,
        "mart_standard_adoption": governance.standard_adoptions(),
        "mart_performance_benchmark": governance.performance_benchmarks(),
        "int_governance__list_quarter_scores": governance.quarter_scores,
        "mart_escalations": governance.escalations(),
        "mart_weekly_review": governance.weekly_review(),
        "mart_dialogue_discipline": governance.dialogue_discipline(),
        "mart_module_adoption": governance.module_adoptions,
        "mart_module_adoption_summary": governance.module_summaries(),
        "mart_requirement_pressure": governance.requirement_pressure(),
        "benchmarks": governance.benchmarks(),
    }
    return {name: keyed(name, found) for name, found in rows.items()}


def keyed(mart: str, rows: Iterable[Row]) -> dict[tuple, Row]:
    found: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[name] for name in GOVERNANCE_KEYS[mart])
        assert key not in found, f"{mart} has {key} twice"
        found[key] = row
    return found


# -- days, rounding, quantiles ----------------------------------------------------------------


def berlin_day(instant: datetime) -> date:
    return instant.replace(tzinfo=UTC).astimezone(_BERLIN).date()


def month_of(day: date) -> date:
    return date(day.year, day.month, 1)


def quarter_of(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def months_away(day: date, months: int) -> date:
    """The same day so many months later, clipped to the month's end."""
    month = later(month_of(day), months)
    return month.replace(day=min(day.day, monthrange(month.year, month.month)[1]))


def holds_on(row: Row, day: date, first: str = "valid_from", last: str = "valid_to") -> bool:
    """Both days belong to it."""
    return row[first] <= day and (row[last] is None or day <= row[last])


def is_by(day: date | None, until: date) -> bool:
    return day is not None and day <= until


def stored(value: Fraction | int | Decimal | None, digits: int = 6) -> Decimal | None:
    """So many digits, a half away from zero."""
    if value is None:
        return None
    units = math.floor(abs(Fraction(value)) * 10**digits + Fraction(1, 2))
    return Decimal(units if value >= 0 else -units).scaleb(-digits)


def rate(part: int | Fraction | Decimal, whole: int | Fraction | Decimal) -> Decimal | None:
    return stored(Fraction(part) / Fraction(whole)) if whole else None


def mean(values: Sequence[Any]) -> Fraction | None:
    return Fraction(sum(Fraction(v) for v in values), len(values)) if values else None


def quantile(values: Iterable[Any], share: Fraction) -> Fraction | None:
    """Interpolated linearly between the two nearest; None of nothing."""
    ordered = sorted(Fraction(v) for v in values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below, above = math.floor(place), math.ceil(place)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def median(values: Iterable[Any]) -> Fraction | None:
    return quantile(values, Fraction(1, 2))


def wilson(part: int, whole: int) -> tuple[Decimal | None, Decimal | None]:
    """The 95 % interval of a share."""
    if not whole:
        return None, None
    with localcontext() as context:
        context.prec = 50
        n, z = Decimal(whole), WILSON_Z
        p = Decimal(part) / n
        middle = p + z * z / (2 * n)
        reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
        ends = [(middle + sign * reach) / (1 + z * z / n) for sign in (-1, 1)]
        return stored(max(ends[0], Decimal(0))), stored(min(ends[1], Decimal(1)))


# -- weeks ------------------------------------------------------------------------------------


def complete_weeks(today: date) -> list[date]:
    """Mondays of the last weeks that ended before today."""
    monday = today
    while monday.weekday() != 0 or monday + 6 * DAY >= today:
        monday -= DAY
    return [monday - number * WEEK for number in range(WEEKS)][::-1]


def week_of_year_before(monday: date) -> date:
    """Monday of the week of the same number in the ISO year before; its last one for a week 53 that
    it does not have."""
    year, number, _ = monday.isocalendar()
    found = date.fromisocalendar(year - 1, 1, 1)
    while True:
        following = found + WEEK
        if following.isocalendar()[0] != year - 1 or found.isocalendar()[1] == number:
            return found
        found = following


# -- business days ----------------------------------------------------------------------------


@cache
def _public_holidays(subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv=subdivision, years=year))


def is_business_day(day: date, state_code: str | None) -> bool:
    subdivision = SUBDIVISIONS.get(state_code or "")
    return day.weekday() < 5 and day not in _public_holidays(subdivision, day.year)


def plan_due_on(opened_on: date, state_code: str | None) -> date:
    day = opened_on + PLAN_DAYS * DAY
    while not is_business_day(day, state_code):
        day += DAY
    return day


# -- escalation -------------------------------------------------------------------------------


@dataclass
class Escalation:
    """The latest escalation of a contract, open until it is closed."""

    opened_on: date
    due_on: date
    level: int = 1
    further_breaches: int = 0
    calm: int = 0
    level_2_on: date | None = None
    level_3_on: date | None = None
    closed_on: date | None = None
    events: list[str] = field(default_factory=list)
    """Types, the newest last."""


def escalate(rows: Sequence[Row], events: Sequence[Row], today: date) -> list[Row]:
    """The rows of a contract, each with the state at the end of its span, day by day.

    Of what falls on a day the quarter is judged first, then the due date has passed, then the
    events of the day happen, a closing last. After the contract's last day nothing happens any
    more: a quarter judged then only counts its breach, and shows what is open.
    """
    judged = {later(row["quarter_start"], 3): row for row in rows}
    assert len(judged) == len(rows)
    order = ("ACKNOWLEDGED", "PLAN_AGREED", "CLOSED")
    of_day: dict[date, list[str]] = defaultdict(list)
    for event in events:
        of_day[event["event_on"]].append(event["event_type"])
    shown: list[Row] = []
    latest: Escalation | None = None
    in_row, last_closed = 0, date.min
    day = min(judged, default=today + DAY)
    valid_to = next((row["valid_to"] for row in rows), None) or date.max
    while day <= today:
        if day in judged:
            row = judged[day]
            is_open = latest is not None and latest.closed_on is None
            counts = row["is_breach"] and day - DAY > last_closed
            in_row = in_row + 1 if counts else 0
            if not is_open:
                latest = None
            if day > valid_to:
                pass
            elif not is_open:
                if in_row >= row["breach_quarters"] and counts:
                    latest = Escalation(day, plan_due_on(day, row["state_code"]))
            elif row["is_breach"]:
                latest.calm, latest.further_breaches = 0, latest.further_breaches + 1
                if latest.further_breaches == 2 and latest.level < 3:
                    latest.level, latest.level_3_on = 3, day
            else:
                latest.calm, latest.further_breaches = latest.calm + 1, 0
                if latest.calm == 2:
                    latest.closed_on = last_closed = day
            shown.append(row | {"breaches_in_row": in_row})
            if latest is not None and latest.closed_on == day:
                in_row = 0
        is_over = day > valid_to or latest is None
        if not is_over and latest.closed_on in (None, day):
            is_late = day == latest.due_on + DAY and "PLAN_AGREED" not in latest.events
            if is_late:
                latest.level, latest.level_2_on = max(latest.level, 2), day
            if latest.closed_on is None:
                for event_type in sorted(of_day[day], key=order.index):
                    latest.events.append(event_type)
                if "CLOSED" in of_day[day]:
                    latest.closed_on = last_closed = day
                    in_row = 0
        if shown:
            shown[-1] |= _standing(latest)
        day += DAY
    return shown


def _standing(latest: Escalation | None) -> Row:
    if latest is None:
        days = ("due_on", "opened_on", "level_2_on", "level_3_on", "closed_on")
        return {"level": 0, "status": "NONE"} | dict.fromkeys(days)
    status = "CLOSED" if latest.closed_on else (latest.events or ["OPEN"])[-1]
    names = ("level", "due_on", "opened_on", "level_2_on", "level_3_on", "closed_on")
    return {name: getattr(latest, name) for name in names} | {"status": status}


# -- the marts --------------------------------------------------------------------------------


class Governance:
    """What holds and what follows from it, seen at an instant (UTC without a zone)."""

    def __init__(
        self, facts: Facts, as_of: datetime, scorecard: Iterable[Row] = (), kpis: Iterable[Row] = ()
    ) -> None:
        self.facts, self.as_of = facts, as_of
        self.today = berlin_day(as_of)
        self.scorecard, self.kpis = list(scorecard), list(kpis)

    @cached_property
    def contracts(self) -> list[Row]:
        """Those of dealers that are known for their brand."""
        return [row for row in self.facts.feeds["oem__contracts"] if self.is_known(row)]

    def is_known(self, row: Row) -> bool:
        return (row["dealer_id"], row["brand_code"]) in self.facts.dealers

    # -- standards ----------------------------------------------------------------------------

    @cached_property
    def contract_standards(self) -> list[Row]:
        rows = []
        for contract in self.contracts:
            versions = [
                self.standard(contract, version)
                for version in self.facts.feeds["oem__technology_standards"]
                if version["brand_code"] == contract["brand_code"]
                and (
                    contract["valid_to"] is None or contract["valid_to"] >= version["published_on"]
                )
            ]
            for judged in versions:
                same = [v for v in versions if v["standard_code"] == judged["standard_code"]]
                judged["status"] = _status(judged, same)
            rows += versions
        return [{k: v for k, v in row.items() if k[0] != "_"} for row in rows]

    def standard(self, contract: Row, version: Row) -> Row:
        """All but the status, which depends on the other versions; what it needs begins with _."""
        day = min(self.today, contract["valid_to"] or date.max)
        events = [
            event
            for event in self.facts.feeds["oem__contract_events"]
            if event["contract_id"] == contract["contract_id"]
            and event["standard_code"] == version["standard_code"]
            and event["version"] == version["version"]
            and event["event_on"] <= day
        ]
        window_end = version["published_on"] + contract["objection_days"] * DAY
        objections = [
            e["event_on"]
            for e in events
            if e["event_type"] == "OBJECTION"
            and version["published_on"] <= e["event_on"] <= window_end
        ]
        objected_on = max(objections, default=None)
        resolutions = [
            e["event_on"]
            for e in events
            if e["event_type"] == "OBJECTION_RESOLVED"
            and objected_on
            and e["event_on"] >= objected_on
        ]
        resolved_on = min(resolutions, default=None)
        adoptions = [
            e["event_on"]
            for e in events
            if e["event_type"] == "ADOPTION" and e["event_on"] >= version["published_on"]
        ]
        adopted_on = min(adoptions, default=None)
        stands = objected_on is not None and resolved_on is None
        applies_from = max(window_end + DAY, version["mandatory_from"], contract["valid_from"])
        is_automatic = contract["auto_adopt_standards"] and not stands
        if is_automatic:
            effective_on = max(applies_from, resolved_on or date.min)
        else:
            effective_on = adopted_on and max(adopted_on, contract["valid_from"])
        is_ahead = effective_on is not None and effective_on > day
        withdrawn_on = version["withdrawn_on"]
        if effective_on and withdrawn_on and withdrawn_on <= effective_on:
            effective_on = None
        return {
            "contract_id": contract["contract_id"],
            "standard_code": version["standard_code"],
            "version": version["version"],
            "dealer_id": contract["dealer_id"],
            "brand_code": contract["brand_code"],
            "effective_on": effective_on,
            "is_automatic": is_automatic,
            "objected_on": objected_on,
            "resolved_on": resolved_on,
            "adopted_on": adopted_on,
            "withdrawn_on": withdrawn_on,
            "valid_to": contract["valid_to"],
            "is_contract_valid": holds_on(contract, self.today),
            "_day": day,
            "_stands": stands,
            "_is_ahead": is_ahead,
            "_publication": _publication(version),
        }

    def standard_adoptions(self) -> Iterator[Row]:
        of_standard: dict[tuple, list[Row]] = defaultdict(list)
        for version in self.facts.feeds["oem__technology_standards"]:
            of_standard[version["brand_code"], version["standard_code"]].append(version)
        for (brand_code, standard_code), versions in of_standard.items():
            offered = [
                v
                for v in versions
                if v["mandatory_from"] <= self.today and not is_by(v["withdrawn_on"], self.today)
            ]
            newest = max(offered, key=_publication, default=None)
            current = newest and newest["version"]
            counting = {
                v["version"] for v in versions if newest and _publication(v) >= _publication(newest)
            }
            contracts = {
                c["contract_id"]
                for c in self.contracts
                if c["brand_code"] == brand_code and holds_on(c, self.today)
            }
            on_current = [
                row
                for row in self.contract_standards
                if row["contract_id"] in contracts
                and row["standard_code"] == standard_code
                and row["version"] in counting
                and row["status"] == "IN_FORCE"
            ]
            automatic = sum(row["is_automatic"] and row["adopted_on"] is None for row in on_current)
            whole = len(contracts) if current else 0
            yield {
                "brand_code": brand_code,
                "standard_code": standard_code,
                "current_version": current,
                "contracts": len(contracts),
                "contracts_on_current": len(on_current),
                "adoption_rate": rate(len(on_current), whole),
                "automatic_contracts": automatic,
                "automatic_rate": rate(automatic, whole),
            }

    # -- benchmarks of performance ------------------------------------------------------------

    @cached_property
    def scores(self) -> dict[tuple, list[Decimal]]:
        """By dealer, brand, peer group and quarter: the monthly scores."""
        found: dict[tuple, list[Decimal]] = defaultdict(list)
        for row in self.scorecard:
            if row["score"] is not None:
                key = (row["dealer_id"], row["brand_code"], row["peer_group"])
                found[(*key, quarter_of(row["score_month"]))].append(row["score"])
        return found

    def performance_benchmarks(self) -> Iterator[Row]:
        values: dict[tuple, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
        for (dealer_id, brand_code, peer_group, quarter), scores in self.scores.items():
            values[brand_code, peer_group, quarter, "SCORE"][dealer_id] += scores
        for row in self.kpis:
            if row["status"] == "SCORED":
                dealer = self.facts.dealers[row["dealer_id"], row["brand_code"]]
                key = (row["brand_code"], dealer["peer_group"], quarter_of(row["score_month"]))
                values[(*key, row["kpi_code"])][row["dealer_id"]].append(row["actual_value"])
        for key, of_dealer in values.items():
            # as shown, like the means that contracts are measured by
            means = [stored(mean(v)) for v in of_dealer.values()]
            yield dict(
                zip(GOVERNANCE_KEYS["mart_performance_benchmark"], key, strict=True),
                dealer_count=len(means),
                **{q: stored(quantile(means, Fraction(n, 100))) for q, n in QUANTILES.items()},
            )

    @cached_property
    def quarter_scores(self) -> list[Row]:
        means = {key: stored(mean(scores)) for key, scores in self.scores.items()}
        rows = []
        for contract in self.contracts:
            dealer = self.facts.dealers[contract["dealer_id"], contract["brand_code"]]
            for (dealer_id, brand_code, peer_group, quarter), score in means.items():
                end = later(quarter, 3) - DAY
                if (dealer_id, brand_code) != (dealer["dealer_id"], dealer["brand_code"]):
                    continue
                if end >= self.today or not holds_on(contract, end):
                    continue
                peers = [
                    other
                    for key, other in means.items()
                    if key[1:] == (brand_code, peer_group, quarter)
                ]
                benchmark = stored(quantile(peers, Fraction(contract["benchmark_quantile"])))
                rows.append(
                    {
                        "contract_id": contract["contract_id"],
                        "quarter_start": quarter,
                        "dealer_id": dealer_id,
                        "brand_code": brand_code,
                        "peer_group": peer_group,
                        "state_code": self.state_of(dealer),
                        "benchmark_quantile": contract["benchmark_quantile"],
                        "breach_quarters": contract["breach_quarters"],
                        "valid_to": contract["valid_to"],
                        "score_mean": score,
                        "benchmark_score": benchmark,
                        "is_breach": score < benchmark,
                    }
                )
        return rows

    def state_of(self, dealer: Row) -> str | None:
        """The state of the dealer's district, which decides; else of his postal code."""
        areas = self.facts.feeds["oem__postal_areas"]
        for name in ("district_code", "postal_code"):
            states = {area["state_code"] for area in areas if area[name] == dealer[name]}
            if states:
                return min(states)
        return None

    def escalations(self) -> Iterator[Row]:
        names = ("contract_id", "quarter_start", "dealer_id", "brand_code", "score_mean")
        names = (*names, "benchmark_score", "is_breach", "breaches_in_row", "level", "due_on")
        names = (*names, "status", "opened_on", "closed_on", "level_2_on", "level_3_on")
        for contract in self.contracts:
            mine = [r for r in self.quarter_scores if r["contract_id"] == contract["contract_id"]]
            events = [
                e
                for e in self.facts.feeds["oem__escalation_events"]
                if e["contract_id"] == contract["contract_id"]
            ]
            for row in escalate(mine, events, self.today):
                yield {name: row[name] for name in names}

    # -- the weekly review --------------------------------------------------------------------

    @cached_property
    def top_partners(self) -> list[Row]:
        return [dealer for dealer in self.facts.dealers.values() if dealer["is_top_partner"]]

    def weekly_review(self) -> Iterator[Row]:
        for dealer in self.top_partners:
            for monday in complete_weeks(self.today):
                if not self.is_open_in(dealer, monday):
                    continue
                for code, finding in self.findings(dealer, monday).items():
                    subject, value, comparison_value, comparison = finding
                    if value is None or monday > self.told_until(dealer["dealer_id"], code):
                        continue
                    year, week, _ = monday.isocalendar()
                    yield {
                        "dealer_id": dealer["dealer_id"],
                        "brand_code": dealer["brand_code"],
                        "iso_year": year,
                        "iso_week": week,
                        "week_start": monday,
                        "finding_code": code,
                        "subject": subject,
                        "value": stored(value),
                        "comparison_value": stored(comparison_value),
                        "comparison": comparison,
                    }

    @staticmethod
    def is_open_in(dealer: Row, monday: date) -> bool:
        """On one day of the week at least."""
        week = [monday + number * DAY for number in range(7)]
        return any(holds_on(dealer, day, "opened_on", "closed_on") for day in week)

    def told_until(self, dealer_id: str, code: str) -> date:
        """The last day that a row of the dealer tells of, in the source of the finding; one of the
        market has no source among them, and asks for a row in any."""
        last = self._last_days
        if code in ("PENETRATION", "EV_SHARE"):
            return max(
                (day for (dealer, _), day in last.items() if dealer == dealer_id), default=date.min
            )
        return last.get((dealer_id, SOURCES[code]), date.min)

    @cached_property
    def _last_days(self) -> dict[tuple[str, str], date]:
        """By dealer, of whatever brand, and source."""
        feeds = self.facts.feeds
        meetings = {row["meeting_id"]: row["dealer_id"] for row in feeds["dealer__meetings"]}
        told = [
            (row["dealer_id"], "vehicle events", row["event_date"])
            for row in feeds["dealer__vehicle_events"]
        ]
        for feed, source, names in (
            ("dealer__cases", "cases", ("opened_at", "resolved_at")),
            ("dealer__surveys", "surveys", ("sent_at", "answered_at")),
        ):
            for row in feeds[feed]:
                instants = [row[name] for name in names if row[name] is not None]
                told += [(row["dealer_id"], source, berlin_day(i)) for i in instants]
        told += [
            (row["dealer_id"], "dialogue", row["held_on"]) for row in feeds["dealer__meetings"]
        ]
        for row in feeds["dealer__actions"]:
            if row["meeting_id"] in meetings:
                days = [row[f"{name}_on"] for name in ("raised", "decided", "done")]
                told += [(meetings[row["meeting_id"]], "dialogue", day) for day in days if day]
        found: dict[tuple[str, str], date] = {}
        for dealer_id, source, day in told:
            found[dealer_id, source] = max(day, found.get((dealer_id, source), day))
        return found

    def findings(self, dealer: Row, monday: date) -> dict[str, tuple]:
        """By code: subject, value, comparison value and what it is compared with."""
        partner = dealer["dealer_id"], dealer["brand_code"]
        before = week_of_year_before(monday)

        def against_year_before(figure: Callable[..., Any]) -> tuple:
            return None, figure(partner, monday), figure(partner, before), "YEAR_BEFORE"

        return {
            "ORDERS": against_year_before(self.orders),
            "REGISTRATIONS": against_year_before(self.registrations),
            "QUARTER_TARGET": self.quarter_target(partner, monday),
            "CSI": against_year_before(self.csi),
            "NPS": against_year_before(self.nps),
            "COMPLAINTS": against_year_before(self.complaints),
            "WORST_CASE_TYPE": self.worst_case_type(partner, monday),
            "PENETRATION": self.of_market(self.penetration, partner, monday),
            "EV_SHARE": self.of_market(self.ev_share, partner, monday),
            "OPEN_ACTIONS": self.open_actions(partner, monday),
            "MEETING": self.meeting(partner, monday),
        }

    @cached_property
    def _days(self) -> dict[str, dict[tuple, list[tuple[date, Row]]]]:
        """By what and partner: days (of Berlin) and rows."""
        feeds = self.facts.feeds
        meetings = {row["meeting_id"]: row for row in feeds["dealer__meetings"]}
        listed = {
            "orders": [
                (row["event_date"], row)
                for row in feeds["dealer__vehicle_events"]
                if row["event_type"] == "ORDER" and not self.facts.is_cancelled(row)
            ],
            "registrations": [
                (row["registration_date"], row)
                for row in self.facts.registrations
                if row["is_counted"]
            ],
            "answers": [
                (berlin_day(row["answered_at"]), row)
                for row in feeds["dealer__surveys"]
                if row["answered_at"] is not None and row["score"] is not None
            ],
            "complaints": [
                (berlin_day(row["opened_at"]), row)
                for row in feeds["dealer__cases"]
                if row["case_type"] == "COMPLAINT"
            ],
            "resolved": [
                (berlin_day(row["resolved_at"]), row)
                for row in feeds["dealer__cases"]
                if row["resolved_at"] is not None and row["resolved_at"] >= row["opened_at"]
            ],
            "meetings": [(row["held_on"], row) for row in feeds["dealer__meetings"]],
            "actions": [
                (row["raised_on"], row | {n: meetings[row["meeting_id"]][n] for n in _PARTNER})
                for row in feeds["dealer__actions"]
                if row["meeting_id"] in meetings
            ],
        }
        found: dict[str, dict[tuple, list]] = {}
        for what, rows in listed.items():
            found[what] = defaultdict(list)
            for day, row in rows:
                found[what][row["dealer_id"], row["brand_code"]].append((day, row))
        return found

    def between(self, what: str, partner: tuple, first: date, last: date) -> list[Row]:
        return [row for day, row in self._days[what].get(partner, []) if first <= day <= last]

    def of_week(self, what: str, partner: tuple, monday: date, weeks: int = 1) -> list[Row]:
        """Of so many weeks, the last of which begins on the Monday."""
        return self.between(what, partner, monday - (weeks - 1) * WEEK, monday + 6 * DAY)

    def orders(self, partner: tuple, monday: date) -> int:
        return len(self.of_week("orders", partner, monday))

    def registrations(self, partner: tuple, monday: date) -> int:
        return len(self.of_week("registrations", partner, monday))

    def complaints(self, partner: tuple, monday: date) -> int:
        return len(self.of_week("complaints", partner, monday))

    def csi(self, partner: tuple, monday: date) -> Fraction | None:
        answers = self.of_week("answers", partner, monday, WINDOW_WEEKS)
        return Fraction(10 * sum(a["score"] for a in answers), len(answers)) if answers else None

    def nps(self, partner: tuple, monday: date) -> Fraction | None:
        scores = [a["score"] for a in self.of_week("answers", partner, monday, WINDOW_WEEKS)]
        balance = sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)
        return Fraction(100 * balance, len(scores)) if scores else None

    def quarter_target(self, partner: tuple, monday: date) -> tuple:
        quarter = quarter_of(monday + 3 * DAY)
        last = min(monday + 6 * DAY, later(quarter, 3) - DAY)
        value = len(self.between("registrations", partner, quarter, last))
        targets = [
            target["base_units"]
            for cell, target in targets_in_force(self.facts).items()
            if (cell.dealer_id, cell.brand_code, cell.quarter) == (*partner, quarter)
        ]
        return None, value if targets else None, sum(targets), "TARGET"

    def worst_case_type(self, partner: tuple, monday: date) -> tuple:
        hours: dict[str, list[int]] = defaultdict(list)
        for case in self.of_week("resolved", partner, monday, WINDOW_WEEKS):
            hours[case["case_type"]].append(_took(case))
        if not hours:
            return None, None, None, "NETWORK"
        worst = min(hours, key=lambda kind: (-median(hours[kind]), kind))
        network = [
            _took(case)
            for other in self._days["resolved"]
            if other[1] == partner[1]
            for case in self.of_week("resolved", other, monday, WINDOW_WEEKS)
            if case["case_type"] == worst
        ]
        return worst, median(hours[worst]) / _HOUR, median(network) / _HOUR, "NETWORK"

    def of_market(self, figure: Callable[..., Any], partner: tuple, monday: date) -> tuple:
        quarter = self.market_quarter(monday + 6 * DAY)
        if quarter is None:
            return None, None, None, "YEAR_BEFORE"
        now, before = (figure(partner, later(quarter, months)) for months in (0, -12))
        return None, now, before, "YEAR_BEFORE"

    def market_quarter(self, day: date) -> date | None:
        """The newest quarter over by the end of the day with market data in all of its months."""
        months = {row["registration_month"] for row in self.facts.feeds["market__registrations"]}
        quarters = [
            quarter
            for quarter in {quarter_of(month) for month in months}
            if later(quarter, 3) - DAY <= day and months >= set(_months_of(quarter))
        ]
        return max(quarters, default=None)

    def penetration(self, partner: tuple, quarter: date) -> Fraction | None:
        brand_units = market_units = 0
        for month in _months_of(quarter):
            for segment in self.facts.segments(Cell(*partner, month)).values():
                brand_units += segment.brand_units
                market_units += segment.market_units
        return Fraction(brand_units, market_units) if market_units else None

    def ev_share(self, partner: tuple, quarter: date) -> Fraction | None:
        powertrains = [
            row["powertrain_code"]
            for month in _months_of(quarter)
            for row in self.facts.counted.get(Cell(*partner, month), [])
        ]
        known = [p for p in powertrains if p is not None]
        return Fraction(known.count("BEV"), len(known)) if known else None

    def open_actions(self, partner: tuple, monday: date) -> tuple:
        sunday = monday + 6 * DAY
        raised = self.between("actions", partner, date.min, sunday)
        left = [row for row in raised if not is_by(row["done_on"], sunday)]
        overdue = sum(row["due_on"] is not None and row["due_on"] < sunday for row in left)
        return None, len(left), overdue, "OVERDUE"

    def meeting(self, partner: tuple, monday: date) -> tuple:
        weeks = [monday - number * WEEK for number in range(WINDOW_WEEKS)]
        met = [bool(self.of_week("meetings", partner, week)) for week in weeks]
        return None, int(met[0]), sum(met), "WEEKS_MET"

    def dialogue_discipline(self) -> Iterator[Row]:
        for dealer in self.top_partners:
            partner = dealer["dealer_id"], dealer["brand_code"]
            due = [
                monday
                for monday in complete_weeks(self.today)
                if holds_on(dealer, monday, "opened_on", "closed_on")
                and holds_on(dealer, monday + 6 * DAY, "opened_on", "closed_on")
            ]
            met = sum(bool(self.of_week("meetings", partner, monday)) for monday in due)
            raised = self.between("actions", partner, date.min, self.today)
            decided = [row for row in raised if is_by(row["decided_on"], self.today)]
            done = [row for row in decided if is_by(row["done_on"], self.today)]
            left = [row for row in raised if not is_by(row["done_on"], self.today)]
            late = [
                r["owner"] for r in left if r["due_on"] is not None and r["due_on"] < self.today
            ]
            yield {
                "dealer_id": partner[0],
                "brand_code": partner[1],
                "weeks_due": len(due),
                "weeks_met": met,
                "met_rate": rate(met, len(due)),
                "median_days_to_decision": stored(
                    median([(row["decided_on"] - row["raised_on"]).days for row in decided])
                ),
                "median_days_to_done": stored(
                    median([(row["done_on"] - row["decided_on"]).days for row in done])
                ),
                "actions_open": len(left),
                "overdue_oem": late.count("OEM"),
                "overdue_partner": late.count("PARTNER"),
            }

    # -- modules ------------------------------------------------------------------------------

    @cached_property
    def module_adoptions(self) -> list[Row]:
        return [
            judge_adoption(row, self.today)
            for row in self.facts.feeds["dealer__module_adoptions"]
            if self.is_known(row)
        ]

    def module_summaries(self) -> Iterator[Row]:
        listed = self.facts.feeds["oem__business_modules"]
        modules = {(row["brand_code"], row["module_code"]): row for row in listed}
        of_module: dict[tuple, list[Row]] = defaultdict(list)
        for row in self.module_adoptions:
            of_module[row["brand_code"], row["module_code"]].append(row)
        for (brand_code, module_code), rows in of_module.items():
            module = modules.get((brand_code, module_code))
            verdicts = [r["is_within_six_months"] for r in rows]
            known = [v for v in verdicts if v is not None]
            live = [r for r in rows if r["status"] == "LIVE"]
            months = [r["months_to_live"] for r in rows if r["months_to_live"] is not None]
            yield {
                "brand_code": brand_code,
                "module_code": module_code,
                "module_name": module and module["module_name"],
                "decided_count": len(rows),
                "live_count": len(live),
                "abandoned_count": sum(r["status"] == "ABANDONED" for r in rows),
                "within_six_count": sum(known),
                "verdict_count": len(known),
                "within_six_rate": rate(sum(known), len(known)),
                "median_months_to_live": stored(median(months)),
                "planning_cycle_months": claims()["PLANNING_CYCLE"],
            }

    # -- requirements -------------------------------------------------------------------------

    def requirement_pressure(self) -> Iterator[Row]:
        of_brand: dict[str, list[Row]] = defaultdict(list)
        waves: dict[str, list[date]] = defaultdict(list)
        for row in self.facts.feeds["oem__requirements"]:
            of_brand[row["brand_code"]].append(row)
        for row in self.facts.feeds["dealer__pulse_surveys"]:
            if self.is_known(row):
                waves[row["brand_code"]].append(row["wave_month"])
        for brand_code in of_brand.keys() | waves.keys():
            rows = of_brand.get(brand_code, [])
            first = month_of(min((row["valid_from"] for row in rows), default=date.max))
            month = min([first, *waves.get(brand_code, [])])
            while month <= self.today:
                yield {"brand_code": brand_code, "month": month} | self.pressure(
                    brand_code, rows, month, first
                )
                month = later(month, 1)

    def pressure(self, brand_code: str, rows: list[Row], month: date, first: date) -> Row:
        end, earlier = last_day(month), later(month, -BENCHMARK_MONTHS)
        active = [row for row in rows if holds_on(row, end)]
        count_before = sum(holds_on(row, last_day(earlier)) for row in rows)
        has_change = earlier >= first and count_before > 0
        dealers = [
            dealer
            for (_, brand), dealer in self.facts.dealers.items()
            if brand == brand_code and holds_on(dealer, end, "opened_on", "closed_on")
        ]
        cost = sum(
            row["cost_eur"] or 0
            for row in active
            for dealer in dealers
            if row["applies_to"].upper() == "ALL" or row["applies_to"] == dealer["peer_group"]
        )
        answers = [
            row["requirements_increased"]
            for row in self.facts.feeds["dealer__pulse_surveys"]
            if (row["brand_code"], row["wave_month"]) == (brand_code, month) and self.is_known(row)
        ]
        low, high = wilson(sum(answers), len(answers))
        return {
            "active_requirements": len(active),
            "effort_days": stored(sum(row["effort_days"] or 0 for row in active), 2),
            "cost_eur": stored(sum(row["cost_eur"] or 0 for row in active), 2),
            "dealer_count": len(dealers),
            "cost_per_dealer_eur": stored(Fraction(cost) / len(dealers), 2) if dealers else None,
            "change_24m_rate": (
                rate(len(active) - count_before, count_before) if has_change else None
            ),
            "pulse_answers": len(answers),
            "pulse_increased": sum(answers),
            "pulse_rate": rate(sum(answers), len(answers)),
            "pulse_ci_low": low,
            "pulse_ci_high": high,
        }

    # -- what diverging goals cost --------------------------------------------------------------

    def misalignment_costs(self, misrouted: set[str]) -> Iterator[Row]:
        """`misrouted` are the ids of cases that another than the responsible party received."""
        parameters = seed("governance_parameters", "parameter_code")
        hourly, per_case = (
            Fraction(parameters[name]["value"])
            for name in ("HOURLY_RATE_EUR", "MISROUTING_COST_EUR")
        )
        late_after = int(Decimal(parameters["LATE_ANSWER_HOURS"]["value"]) * _HOUR)
        cases: dict[tuple, list[Row]] = defaultdict(list)
        leads: dict[tuple, list[Row]] = defaultdict(list)
        for feed, name, found in (
            ("dealer__cases", "opened_at", cases),
            ("dealer__leads", "created_at", leads),
        ):
            for row in self.facts.feeds[feed]:
                if self.is_known(row):
                    year = berlin_day(row[name]).year
                    found[row["dealer_id"], row["brand_code"], year].append(row)
        for key in {*cases, *leads}:
            waited = sum(self.waited(case) for case in cases[key])
            late, fast = self.late_and_fast(leads[key], late_after)
            sold = sum(lead["sold_vin"] is not None for lead in fast)
            closing = Fraction(sold, len(fast)) if fast else None
            profit, units = self.profit_and_units(*key)
            each = max(profit / units, Fraction(0)) if units and profit is not None else None
            missing = each is None or closing is None
            misroutings = sum(case["case_id"] in misrouted for case in cases[key])
            costs = [
                stored(Fraction(waited, _HOUR) * hourly, 2),
                stored(0 if missing else len(late) * closing * each, 2),
                stored(misroutings * per_case, 2),
            ]
            yield dict(zip(GOVERNANCE_KEYS["mart_misalignment_cost"], key, strict=True)) | {
                "waiting_hours": stored(Fraction(waited, _HOUR)),
                "hourly_rate_eur": stored(hourly, 2),
                "waiting_cost_eur": costs[0],
                "late_leads": len(late),
                "fast_leads": len(fast),
                "fast_sold_leads": sold,
                "closing_rate": stored(closing),
                "gross_profit_eur": stored(profit, 2),
                "invoiced_units": units,
                "lost_lead_cost_eur": costs[1],
                "misrouted_cases": misroutings,
                "misrouting_unit_cost_eur": stored(per_case, 2),
                "misrouting_cost_eur": costs[2],
                "total_cost_eur": sum(costs),
            }

    @cached_property
    def _service_levels(self) -> dict[tuple, int]:
        return {
            (row["brand_code"], row["case_type"]): row["target_hours"]
            for row in self.facts.feeds["oem__service_levels"]
        }

    def waited(self, case: Row) -> int:
        """Microseconds beyond the service level, 0 without one."""
        target = self._service_levels.get((case["brand_code"], case["case_type"]))
        resolved_at = case["resolved_at"]
        end = self.as_of if resolved_at is None else min(resolved_at, self.as_of)
        if target is None:
            return 0
        return max((end - case["opened_at"]) // timedelta(microseconds=1) - target * _HOUR, 0)

    def late_and_fast(self, leads: list[Row], late_after: int) -> tuple[list[Row], list[Row]]:
        """Leads answered late, or old and not answered, and not sold; leads answered in time."""
        late, fast = [], []
        for lead in leads:
            answered_at = lead["first_response_at"]
            end = self.as_of if answered_at is None else answered_at
            is_late = (end - lead["created_at"]) // timedelta(microseconds=1) > late_after
            if is_late and lead["sold_vin"] is None:
                late.append(lead)
            if answered_at is not None and not is_late:
                fast.append(lead)
        return late, fast

    def profit_and_units(
        self, dealer_id: str, brand_code: str, year: int
    ) -> tuple[Fraction | None, int]:
        cells = [Cell(dealer_id, brand_code, date(year, month, 1)) for month in range(1, 13)]
        books = [
            Fraction(row["new_vehicle_gross_profit_eur"])
            for cell in cells
            for row in self.facts.financials.get(cell, [])
        ]
        units = sum(len(self.facts.invoices.get(cell, [])) for cell in cells)
        return sum(books) if books else None, units

    # -- the claims of the article --------------------------------------------------------------

    def benchmarks(self) -> Iterator[Row]:
        answers = [
            row
            for row in self.facts.feeds["dealer__pulse_surveys"]
            if self.is_known(row) and row["wave_month"] <= self.today
        ]
        wave = max((row["wave_month"] for row in answers), default=None)
        of_wave = [row["requirements_increased"] for row in answers if row["wave_month"] == wave]
        yield {
            "claim_code": "RISING_REQUIREMENTS",
            "measured_value": rate(sum(of_wave), len(of_wave)),
            "sample_count": len(of_wave),
            "measured_as_of": wave and min(last_day(wave), self.today),
        }
        live = [row for row in self.module_adoptions if row["months_to_live"] is not None]
        yield {
            "claim_code": "BUSINESS_MODEL_ADAPTATION_TIME",
            "measured_value": stored(median([row["months_to_live"] for row in live])),
            "sample_count": len(live),
            "measured_as_of": max((row["live_on"] for row in live), default=None),
        }

    def diverging_goals_cost(self, costs: Iterable[Row]) -> Row:
        """The mean total of a dealer over the newest complete year, from the rows of
        `misalignment_costs`."""
        complete = [row for row in costs if row["year"] < self.today.year]
        year = max((row["year"] for row in complete), default=None)
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for row in complete:
            if row["year"] == year:
                totals[row["dealer_id"]] += row["total_cost_eur"]
        return {
            "claim_code": "DIVERGING_GOALS_COST",
            "measured_value": stored(mean(list(totals.values()))),
            "sample_count": len(totals),
            "measured_as_of": date(year, 12, 31) if year else None,
        }


_PARTNER = ("dealer_id", "brand_code")


def _status(judged: Row, versions: list[Row]) -> str:
    """The first that applies; `versions` are all of the standard in this contract."""
    day = judged["_day"]
    if is_by(judged["withdrawn_on"], day):
        return "WITHDRAWN"
    if is_by(judged["effective_on"], day):
        rivals = [
            v
            for v in versions
            if is_by(v["effective_on"], day) and not is_by(v["withdrawn_on"], day)
        ]
        last = max(v["_publication"] for v in rivals)
        return "SUPERSEDED" if judged["_publication"] < last else "IN_FORCE"
    if judged["_is_ahead"]:
        return "PENDING_WINDOW"
    if judged["_stands"]:
        return "OBJECTED"
    return "NEEDS_SIGNATURE"


def _publication(version: Row) -> tuple:
    """What orders the versions of a standard."""
    return version["published_on"], version["version"].encode()


def _months_of(quarter: date) -> list[date]:
    return [later(quarter, number) for number in range(3)]


def _took(case: Row) -> int:
    return (case["resolved_at"] - case["opened_at"]) // timedelta(microseconds=1)


def judge_adoption(row: Row, today: date) -> Row:
    """An adoption as of today: a day to come is a plan, and does not make it live or given up."""
    decided_on, live_on, abandoned_on = row["decided_on"], row["live_on"], row["abandoned_on"]
    is_abandoned = is_by(abandoned_on, today)
    months = None
    if is_by(live_on, today) and not (is_abandoned and abandoned_on <= live_on):
        months = 0
        while months_away(decided_on, months) < live_on:
            months += 1
    six_months_on = months_away(decided_on, MONTHS_TO_ADAPT)
    if months is not None:
        is_within = live_on <= six_months_on
    else:
        is_within = False if is_abandoned or today > six_months_on else None
    status = "ABANDONED" if is_abandoned else "LIVE" if months is not None else "RUNNING"
    return {
        "dealer_id": row["dealer_id"],
        "brand_code": row["brand_code"],
        "module_code": row["module_code"],
        "decided_on": decided_on,
        "live_on": live_on,
        "abandoned_on": abandoned_on,
        "months_to_live": months,
        "is_within_six_months": is_within,
        "status": status,
    }


def seed(name: str, key: str) -> dict[str, dict[str, str]]:
    """A seed of the dbt project, by its key."""
    with (DBT_PROJECT_DIR / "seeds" / f"{name}.csv").open(encoding="utf-8") as file:
        return {row[key]: row for row in csv.DictReader(file)}


@cache
def claims() -> dict[str, Decimal]:
    """The article's figures."""
    found = seed("benchmark_claims", "claim_code")
    return {code: stored(Fraction(row["value"])) for code, row in found.items()}
