"""Targets and incentives once more, in plain Python, to hold the warehouse against.

    march = date(2024, 3, 1)
    expected = recompute_money(loads, as_of=datetime(2024, 9, 1, tzinfo=UTC))
    expected["mart_incentive_ledger"][("D1", "P1", march, march, "SETTLEMENT")]["amount_eur"]

Written from the spec alone and for being read: loops, dicts and fractions, a function for each
rule. Nothing is kept between two closes but what was posted; each close is reckoned anew from the
files that were known. Everything is exact until it is stored or paid: amounts are whole cents,
what is shown is rounded once, half up.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from orchestration.ingestion.contract import load_contracts
from orchestration.settings import NETWORK_ZONE
from tests.support.lake import File
from tests.support.recomputed import KPIS, Cell, Facts, last_day, later

Row = dict[str, Any]
Tables = dict[str, dict[tuple, Row]]

TABLE_KEYS = {
    "mart_target_proposal": (
        "dealer_id",
        "brand_code",
        "quarter_start",
        "segment_code",
        "powertrain_code",
    ),
    "mart_target_attainment": (
        "dealer_id",
        "brand_code",
        "quarter_start",
        "segment_code",
        "powertrain_code",
    ),
    "mart_registration_integrity": ("dealer_id", "brand_code", "registration_month"),
    "mart_incentive_line": ("program_id", "period_start", "dealer_id", "event_id"),
    "mart_incentive_statement": ("dealer_id", "brand_code", "program_id", "period_start"),
    "mart_incentive_ledger": (
        "dealer_id",
        "program_id",
        "period_start",
        "posted_in_month",
        "posting_type",
    ),
    "mart_incentive_outlook": ("dealer_id", "brand_code", "program_id", "period_start"),
}
"""The tables that are recomputed, with columns that name a row."""

LEAST_UNITS_OF_AN_INDEX = 30
INDEX_FROM, INDEX_TO = Fraction(7, 10), Fraction(13, 10)
STRONG_MARKET = Fraction(11, 10)
LEAST_PEERS = 3
_BERLIN = ZoneInfo(NETWORK_ZONE)


class Load(NamedTuple):
    """What one load took in, and when (UTC without a zone)."""

    loaded_at: datetime
    files: Sequence[File]


def recompute_money(loads: Sequence[Load], as_of: datetime) -> Tables:
    """All tables of `TABLE_KEYS` after these loads, seen at `as_of` (aware): name -> key -> row."""
    history = post_all_closes(loads, as_of)
    now = known_now(loads, as_of, history)
    statements = _statements(history, now)
    rows = {
        "mart_target_proposal": target_proposals(now),
        "mart_target_attainment": target_attainments(now),
        "mart_registration_integrity": registration_integrity(now.facts),
        "mart_incentive_line": _lines(history, now),
        "mart_incentive_statement": statements,
        "mart_incentive_ledger": history.postings,
        "mart_incentive_outlook": [outlook(account) for account in now.open_accounts()],
    }
    return {name: keyed(name, rows[name]) for name in TABLE_KEYS}


def keyed(table: str, rows: Iterable[Row]) -> dict[tuple, Row]:
    """The rows by their key; a key that stands twice is an error."""
    found: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[name] for name in TABLE_KEYS[table])
        assert key not in found, f"{table} has {key} twice"
        found[key] = row
    return found


# -- numbers and days -------------------------------------------------------------------------


def half_up(value: Fraction | int | Decimal, digits: int) -> int:
    """The value in whole units of 10^-digits, a half away from zero."""
    value = Fraction(value)
    units = math.floor(abs(value) * 10**digits + Fraction(1, 2))
    return units if value >= 0 else -units


def shown(value: Fraction | int | None, digits: int = 6) -> Decimal | None:
    return None if value is None else Decimal(half_up(value, digits)).scaleb(-digits)


def euro(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


def berlin_day(instant: datetime) -> date:
    """The day of an instant; without a zone it is UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(_BERLIN).date()


def holds_on(row: Row, day: date) -> bool:
    """Whether valid_from <= day <= valid_to; both are days on which the thing holds."""
    return row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"])


def months_of(start: date, end: date) -> list[date]:
    months = [date(start.year, start.month, 1)]
    while later(months[-1], 1) <= end:
        months.append(later(months[-1], 1))
    return months


# -- apportion --------------------------------------------------------------------------------


class Split(NamedTuple):
    """`parts` stand in the order of the weights."""

    parts: list[int]
    is_feasible: bool


def apportion(
    total: int,
    weights: Sequence[Fraction | int],
    tie_keys: Sequence[Any],
    floors: Sequence[int] | None = None,
    caps: Sequence[int | None] | None = None,
) -> Split:
    """Splits whole units by the weights, within floors and caps, and to the last unit."""
    low = list(floors or [0] * len(weights))
    high = list(caps or [None] * len(weights))
    if sum(low) > total:
        return Split(low, False)
    if None not in high and sum(high) < total:
        return Split(high, False)
    real = _real_parts(total, [Fraction(w) for w in weights], low, high)
    parts = [math.floor(x) for x in real]
    by_fraction = sorted(
        range(len(real)), key=lambda i: (-(real[i] - parts[i]), -weights[i], tie_keys[i])
    )
    for i in by_fraction:
        if sum(parts) < total and (high[i] is None or parts[i] < high[i]):
            parts[i] += 1
    assert sum(parts) == total
    return Split(parts, True)


def _real_parts(
    total: int, weights: list[Fraction], low: list[int], high: list[int | None]
) -> list[Fraction]:
    """clamp(k x weight, floor, cap) with the k for which they sum to the total."""
    if not any(weights):
        weights = [Fraction(1)] * len(weights)

    def at(k: Fraction) -> list[Fraction]:
        return [_clamp(k * w, lo, hi) for w, lo, hi in zip(weights, low, high, strict=True)]

    # the sum is a broken line in k: look for the stretch between two bends that reaches the total
    bends = {Fraction(0)}
    for w, lo, hi in zip(weights, low, high, strict=True):
        if w:
            bends |= {lo / w} | ({hi / w} if hi is not None else set())
    ordered = sorted(bends)
    below = max((k for k in ordered if sum(at(k)) <= total), default=ordered[0])
    rising = [
        w
        for w, lo, hi in zip(weights, low, high, strict=True)
        if w and lo <= below * w and (hi is None or below * w < hi)
    ]
    missing = total - sum(at(below))
    if rising:
        return at(below + missing / sum(rising))
    if not missing:
        return at(below)
    # all of positive weight are at their caps: the rest goes to weight 0 equally
    without = [i for i, w in enumerate(weights) if not w]
    parts = at(below)
    rest = total - sum(x for i, x in enumerate(parts) if i not in without)
    equal = _real_parts(
        rest, [Fraction(1)] * len(without), [low[i] for i in without], [high[i] for i in without]
    )
    for i, x in zip(without, equal, strict=True):
        parts[i] = x
    return parts


def _clamp(value: Fraction, low: int, high: int | None) -> Fraction:
    value = max(value, Fraction(low))
    return value if high is None else min(value, Fraction(high))


# -- what was known ---------------------------------------------------------------------------

NEW_FEEDS = {
    "oem__sales_targets": (
        ("dealer_id", "brand_code", "quarter_start", "segment_code", "powertrain_code", "version"),
        ("base_units", "min_purchase_units", "max_units", "announced_on", "consented_on"),
    ),
    "oem__incentive_programs": (
        ("program_id", "version"),
        (
            *("brand_code", "program_name", "period_grain", "measure", "measure_kpi_code"),
            *("payout_basis", "tier_mode", "segment_code", "powertrain_code"),
            *("requires_strong_market", "gate_kpi_code", "gate_min_value", "cap_eur"),
            *("hold_days", "grace_days", "payment_days", "credits_refinancing"),
            *("valid_from", "valid_to", "announced_on", "consented_on"),
            *("approved_by_1", "approved_by_2"),
        ),
    ),
    "oem__incentive_tiers": (("program_id", "version", "tier_no"), ("threshold", "rate")),
}
"""Key and other columns of the feeds of this part of the spec."""


class Shape(NamedTuple):
    key: tuple[str, ...]
    columns: tuple[str, ...]
    mode: str


@cache
def shapes() -> dict[str, Shape]:
    of_contracts = {
        name: Shape(tuple(feed.key), tuple(c.name for c in feed.columns), feed.mode)
        for name, feed in load_contracts().items()
    }
    return of_contracts | {
        name: Shape(key, key + others, "events") for name, (key, others) in NEW_FEEDS.items()
    }


class Close(NamedTuple):
    """A close as its first accepted row says it; nothing that came later than `known_loaded_at`
    was known, whatever its stamp."""

    month: date
    closed_at: datetime
    known_loaded_at: datetime

    @property
    def closed_on(self) -> date:
        return berlin_day(self.closed_at)


def due_closes(loads: Sequence[Load], as_of: datetime) -> list[Close]:
    """The closes up to `as_of`, in the order of their months. A close is due once something is
    loaded after its instant; what is loaded later was not known at it."""
    first: dict[date, tuple] = {}
    for loaded_at, files in loads:
        for file in files:
            if file.feed != "oem__period_closes" or file.rejected or file.is_duplicate:
                continue
            for row in file.rows:
                if not row.get("is_deleted"):
                    taken = loaded_at, file.delivered_at, file.source_file, row["closed_at"]
                    first[row["period_month"]] = min(taken, first.get(row["period_month"], taken))
    closes: list[Close] = []
    bound = datetime.min
    for month in sorted(first):
        loaded_at, *_, closed_at = first[month]
        later = [at for at, _ in loads if at >= max(closed_at, loaded_at)]
        if not later:
            continue
        bound = max(bound, min(later))
        if closed_at.replace(tzinfo=UTC) <= as_of:
            closes.append(Close(month, closed_at, bound))
    return closes


def files_known(
    loads: Sequence[Load], delivered_by: datetime = datetime.max, loaded_by: datetime = datetime.max
) -> list[tuple[datetime, File]]:
    """The files delivered and loaded by then, with the instant of their load."""
    return [
        (load.loaded_at, file)
        for load in loads
        for file in load.files
        if file.delivered_at <= delivered_by and load.loaded_at <= loaded_by
    ]


def facts_of(files: list[tuple[datetime, File]]) -> Facts:
    """What holds by these files alone, feed by feed."""
    deliveries = [
        SimpleNamespace(
            sender=file.sender,
            delivered_at=file.delivered_at.replace(tzinfo=UTC),
            status="REJECTED" if file.rejected else "LOADED",
            accepted_rows=0 if file.is_duplicate else len(file.rows),
            delivered_rows=0 if file.is_duplicate else len(file.rows) + len(file.quarantined),
        )
        for _, file in files
    ]
    read = [(at, f) for at, f in files if not f.rejected and not f.is_duplicate]
    feeds = {
        name: _holding([(at, f) for at, f in read if f.feed == name], shape)
        for name, shape in shapes().items()
    }
    return Facts(deliveries, feeds)


def _holding(files: list[tuple[datetime, File]], shape: Shape) -> list[Row]:
    """Of each key the latest row, withdrawn ones left out; of a snapshot the sender's last file."""
    files = sorted(files, key=lambda item: (item[1].delivered_at, item[0], item[1].source_file))
    if shape.mode == "snapshot":
        files = sorted(
            {file.sender: (at, file) for at, file in files}.values(),
            key=lambda item: (item[1].delivered_at, item[0], item[1].source_file),
        )
    latest: dict[tuple, Row] = {}
    for _, file in files:
        empty = dict.fromkeys(shape.columns)
        lineage = {"batch_id": file.batch_id, "source_file": file.source_file}
        for number, row in enumerate(file.rows, start=1):
            whole = empty | dict(row) | lineage | {"source_row": number}
            latest[tuple(row[name] for name in shape.key)] = whole
    return [row for row in latest.values() if not row.get("is_deleted")]


# -- targets ----------------------------------------------------------------------------------


def quarter_of(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_end(quarter: date) -> date:
    return last_day(later(quarter, 2))


class TargetCell(NamedTuple):
    dealer_id: str
    brand_code: str
    quarter: date
    segment_code: str
    powertrain_code: str


def target_cell(target: Row) -> TargetCell:
    names = ("dealer_id", "brand_code", "quarter_start", "segment_code", "powertrain_code")
    return TargetCell(*(target[name] for name in names))


def targets_in_force(facts: Facts) -> dict[TargetCell, Row]:
    """The highest version announced by quarter start, or consented to within the quarter."""
    found: dict[TargetCell, Row] = {}
    for row in facts.feeds["oem__sales_targets"]:
        cell = target_cell(row)
        announced, consented = row["announced_on"], row["consented_on"]
        is_in_time = announced is not None and announced <= cell.quarter
        has_consent = consented is not None and consented <= quarter_end(cell.quarter)
        if (is_in_time or has_consent) and (
            cell not in found or row["version"] > found[cell]["version"]
        ):
            found[cell] = row
    return found


class Market:
    """Market registrations by month, district, segment and powertrain: all brands and holders."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.units: dict[tuple, int] = defaultdict(int)
        for row in facts.feeds["market__registrations"]:
            kind = row["segment_code"], row["powertrain_code"]
            self.units[row["registration_month"], row["district_code"], *kind] += row["units"]
            self.units[row["registration_month"], None, *kind] += row["units"]

    def regional_index(self, cell: TargetCell) -> Fraction:
        """Growth of the territory / growth of all districts, of the two quarters before on the same
        a year earlier, clipped; 1 where a base is under 30 units."""
        day_before = cell.quarter - timedelta(days=1)
        territory = {
            row["district_code"]
            for row in self.facts.feeds["oem__territories"]
            if (row["dealer_id"], row["brand_code"]) == (cell.dealer_id, cell.brand_code)
            and holds_on(row, day_before)
        }
        now = [later(cell.quarter, -n) for n in range(1, 7)]
        year_earlier = [later(month, -12) for month in now]
        here, here_before = (self._sum(m, territory, cell) for m in (now, year_earlier))
        all_over, all_over_before = (self._sum(m, {None}, cell) for m in (now, year_earlier))
        if min(here_before, all_over_before) < LEAST_UNITS_OF_AN_INDEX or not all_over:
            return Fraction(1)
        index = Fraction(here, here_before) / Fraction(all_over, all_over_before)
        return min(max(index, INDEX_FROM), INDEX_TO)

    def _sum(self, months: list[date], districts: Iterable[str | None], cell: TargetCell) -> int:
        kind = cell.segment_code, cell.powertrain_code
        return sum(self.units.get((m, d, *kind), 0) for m in months for d in districts)


def target_proposals(known: Known) -> list[Row]:
    """The sum of a brand's targets of a quarter, segment and powertrain, split anew."""
    groups: dict[tuple, list[TargetCell]] = defaultdict(list)
    for cell in known.targets:
        if cell[:2] in known.facts.dealers:
            groups[cell[1:]].append(cell)
    rows = []
    for cells in groups.values():
        targets = [known.targets[cell] for cell in cells]
        indexes = [known.market.regional_index(cell) for cell in cells]
        raw = [t["base_units"] * index for t, index in zip(targets, indexes, strict=True)]
        split = apportion(
            sum(t["base_units"] for t in targets),
            raw,
            tie_keys=[cell[:2] for cell in cells],
            floors=[t["min_purchase_units"] for t in targets],
            caps=[t["max_units"] for t in targets],
        )
        rows += [
            {
                "dealer_id": cell.dealer_id,
                "brand_code": cell.brand_code,
                "quarter_start": cell.quarter,
                "segment_code": cell.segment_code,
                "powertrain_code": cell.powertrain_code,
                "base_units": target["base_units"],
                "min_purchase_units": target["min_purchase_units"],
                "max_units": target["max_units"],
                "regional_index": shown(index),
                "raw_units": shown(raw_units),
                "proposed_units": part,
                "is_feasible": split.is_feasible,
                "is_strong_market": index >= STRONG_MARKET,
            }
            for cell, target, index, raw_units, part in zip(
                cells, targets, indexes, raw, split.parts, strict=True
            )
        ]
    return rows


def target_attainments(known: Known) -> list[Row]:
    """Targets in force against counted registrations, and what could not be delivered in time.

    Without a version in force a row has neither target nor attainment.
    """
    named = {target_cell(row) for row in known.facts.feeds["oem__sales_targets"]}
    counted: dict[TargetCell, int] = defaultdict(int)
    for cell, rows in known.facts.counted.items():
        for row in rows:
            kind = row["segment_code"], row["powertrain_code"]
            if None not in kind:
                counted[TargetCell(*cell[:2], quarter_of(cell.month), *kind)] += 1
    return [
        _attainment(known, cell, known.targets.get(cell), counted.get(cell, 0))
        for cell in {*named, *counted}
        if cell[:2] in known.facts.dealers
    ]


def _attainment(known: Known, cell: TargetCell, target: Row | None, counted: int) -> Row:
    backlog = len(backlog_of(known, cell))
    base = target and target["base_units"]
    supplied = target and max(base - backlog, target["min_purchase_units"], 1)
    return {
        "dealer_id": cell.dealer_id,
        "brand_code": cell.brand_code,
        "quarter_start": cell.quarter,
        "segment_code": cell.segment_code,
        "powertrain_code": cell.powertrain_code,
        "target_version": target and target["version"],
        "target_units": base,
        "counted_registrations": counted,
        "attainment": shown(Fraction(counted, base)) if base else None,
        "undelivered_backlog_units": backlog,
        "supply_adjusted_attainment": shown(Fraction(counted, supplied)) if supplied else None,
    }


def backlog_of(known: Known, cell: TargetCell) -> set[str]:
    """VINs ordered and promised by quarter end, not cancelled, without INVOICE or REGISTRATION by
    then."""
    end = quarter_end(cell.quarter)
    events = known.facts.feeds["dealer__vehicle_events"]
    delivered = {
        e["vin"]
        for e in events
        if e["event_type"] in ("INVOICE", "REGISTRATION") and e["event_date"] <= end
    }
    found = set()
    for event in events:
        model = known.facts.models.get(event["model_code"], {})
        if (
            event["event_type"] == "ORDER"
            and (event["dealer_id"], event["brand_code"]) == cell[:2]
            and model.get("segment_code") == cell.segment_code
            and model.get("powertrain_code") == cell.powertrain_code
            and event["event_date"] <= end
            and event["promised_on"] is not None
            and event["promised_on"] <= end
            and event["vin"] not in delivered
            and not known.facts.is_cancelled(event)
        ):
            found.add(event["vin"])
    return found


# -- registration integrity -------------------------------------------------------------------


def registration_integrity(facts: Facts) -> list[Row]:
    """How a dealer's registrations of a month came about, and how he stands among his peers."""
    deregistered: dict[tuple, list[date]] = defaultdict(list)
    for event in facts.feeds["dealer__vehicle_events"]:
        if event["event_type"] == "DEREGISTRATION":
            deregistered[event["dealer_id"], event["vin"]].append(event["event_date"])
    cells: dict[Cell, list[Row]] = defaultdict(list)
    for row in facts.registrations:
        if row["not_counted_reason"] != "CANCELLED":
            day = row["registration_date"]
            cell = Cell(row["dealer_id"], row["brand_code"], date(day.year, day.month, 1))
            if cell[:2] in facts.dealers:
                cells[cell].append(row)

    def share(rows: list[Row], holds: Any) -> Fraction:
        return Fraction(sum(map(holds, rows)), len(rows))

    def is_gone_within(days: int) -> Any:
        return lambda row: any(
            0 <= (day - row["registration_date"]).days <= days
            for day in deregistered[row["dealer_id"], row["vin"]]
        )

    def is_own(row: Row) -> bool:
        return row["not_counted_reason"] == "SELF_REGISTRATION"

    own = {cell: share(rows, is_own) for cell, rows in cells.items()}
    peers: dict[tuple, list[Fraction]] = defaultdict(list)
    for cell, rate in own.items():
        peers[cell.brand_code, facts.dealers[cell[:2]]["peer_group"], cell.month].append(rate)
    return [
        {
            "dealer_id": cell.dealer_id,
            "brand_code": cell.brand_code,
            "registration_month": cell.month,
            "registrations": len(rows),
            "self_registration_rate": shown(own[cell]),
            "month_end_rate": shown(
                share(rows, lambda r: (last_day(cell.month) - r["registration_date"]).days < 3)  # noqa: B023
            ),
            "deregistered_30d_rate": shown(share(rows, is_gone_within(30))),
            "deregistered_90d_rate": shown(share(rows, is_gone_within(90))),
            "peer_z_score": z_score(
                own[cell],
                peers[cell.brand_code, facts.dealers[cell[:2]]["peer_group"], cell.month],
            ),
        }
        for cell, rows in cells.items()
    ]


def z_score(value: Fraction, peers: list[Fraction]) -> Decimal | None:
    """Distance from the mean in standard deviations (of the peers as a whole); None for fewer than
    three peers, and where all are alike."""
    mean = sum(peers) / len(peers)
    variance = sum((p - mean) ** 2 for p in peers) / len(peers)
    if len(peers) < LEAST_PEERS or not variance:
        return None
    with localcontext() as context:
        context.prec = 60
        squared = (value - mean) ** 2 / variance
        root = (Decimal(squared.numerator) / Decimal(squared.denominator)).sqrt()
        return shown(Fraction(root) if value >= mean else -Fraction(root))


# -- programmes and their periods -------------------------------------------------------------


def refusal(version: Row, known: Known) -> str | None:
    """Why a version of a programme counts for nothing; None for a good one."""
    if reason := own_refusal(version, known):
        return reason
    good = [
        v
        for v in known.facts.feeds["oem__incentive_programs"]
        if v["program_id"] == version["program_id"] and not own_refusal(v, known)
    ]
    first = min(good, key=lambda v: v["version"])
    if version["period_grain"] != first["period_grain"]:
        return "GRAIN_CHANGED"
    return "BRAND_CHANGED" if version["brand_code"] != first["brand_code"] else None


def own_refusal(version: Row, known: Known) -> str | None:
    """Why a version is refused whatever other versions there are."""
    tiers = known.tiers.get((version["program_id"], version["version"]), [])
    thresholds = [tier["threshold"] for tier in tiers]
    names_kind = version["segment_code"] is not None and version["powertrain_code"] is not None
    counts_units = version["measure"] not in ("TARGET_ATTAINMENT", "KPI")
    reasons = {
        "NOT_APPROVED": version["approved_by_1"] == version["approved_by_2"],
        "NO_TIERS": not tiers,
        "TIERS_NOT_ASCENDING": any(
            a >= b for a, b in zip(thresholds, thresholds[1:], strict=False)
        ),
        "RATE_ABOVE_PRICE": version["payout_basis"].startswith("RATE")
        and any(tier["rate"] > 1 for tier in tiers),
        "MONTHLY_TARGET": version["measure"] == "TARGET_ATTAINMENT"
        and version["period_grain"] == "MONTH",
        "MARGINAL_WITHOUT_UNITS": version["tier_mode"] == "MARGINAL"
        and (version["payout_basis"] == "FIXED_EUR" or not counts_units),
        "STRONG_MARKET_UNNAMED": bool(version["requires_strong_market"]) and not names_kind,
        "MEASURE_KPI_UNNAMED": version["measure"] == "KPI" and version["measure_kpi_code"] is None,
        "GATE_INCOMPLETE": (version["gate_kpi_code"] is None)
        != (version["gate_min_value"] is None),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


@dataclass(frozen=True)
class Period:
    """A period of a programme, under the version that is in force for it."""

    version: Row = field(repr=False)
    tiers: tuple[Row, ...] = field(repr=False)
    start: date
    end: date
    close: Close | None

    @property
    def program_id(self) -> str:
        return self.version["program_id"]

    @property
    def claim_type(self) -> str:
        is_invoiced = self.version["measure"] in ("UNITS_INVOICED", "REVENUE_NET")
        return "INVOICE" if is_invoiced else "REGISTRATION"

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


def period_start(grain: str, day: date) -> date:
    if grain == "YEAR":
        return date(day.year, 1, 1)
    return quarter_of(day) if grain == "QUARTER" else date(day.year, day.month, 1)


def period_end(grain: str, start: date) -> date:
    return last_day(later(start, {"MONTH": 0, "QUARTER": 2, "YEAR": 11}[grain]))


def version_of(candidates: list[Row], start: date, end: date) -> Row | None:
    """The highest version valid on the first day and announced on or before it, or consented to
    by the last day."""
    in_force = [
        v
        for v in candidates
        if holds_on(v, start)
        and (
            (v["announced_on"] is not None and v["announced_on"] <= start)
            or (v["consented_on"] is not None and v["consented_on"] <= end)
        )
    ]
    return max(in_force, key=lambda v: v["version"], default=None)


# -- qualifying units -------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """A claim of a vehicle in a period of a programme: COUNTS, or why it does not."""

    event: Row = field(repr=False)
    status: str
    list_price: Fraction
    net_price: Fraction

    @property
    def event_id(self) -> str:
        return self.event["event_id"]

    @property
    def order(self) -> tuple:
        return self.event["event_date"], self.event["vin"], self.event_id


def _takes_back(event: Row, claim: Row) -> bool:
    return event["event_date"] >= claim["event_date"]


def is_removed(claim: Row, period: Period | None, takers: list[Row]) -> bool:
    """Whether the dealer took the claim back in time; `takers` are his cancellations and
    deregistrations of the VIN. Outside all periods any cancellation does."""
    for taker in takers:
        if not _takes_back(taker, claim):
            continue
        is_cancellation = taker["event_type"] == "CANCELLATION"
        if period is None:
            if is_cancellation:
                return True
            continue
        grace = timedelta(days=period.version["grace_days"])
        if is_cancellation and taker["event_date"] <= period.end + grace:
            return True
        hold = period.version["hold_days"]
        if hold is not None and taker["event_date"] <= claim["event_date"] + timedelta(days=hold):
            return True
    return False


# -- the account of a dealer ------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """A dealer in a period of a programme: what counts, and what it is worth."""

    period: Period
    dealer_id: str
    units: tuple[Unit, ...] = field(repr=False)
    removed: frozenset[str] = frozenset()
    target_units: int | None = None
    kpi_value: Fraction | None = None
    is_gate_met: bool = True
    is_open: bool = True

    @property
    def key(self) -> tuple[str, date, str]:
        return self.period.program_id, self.period.start, self.dealer_id

    @property
    def version(self) -> Row:
        return self.period.version

    @cached_property
    def counting(self) -> list[Unit]:
        """In the order in which they are paid: date, then VIN."""
        return sorted((u for u in self.units if u.status == "COUNTS"), key=lambda u: u.order)

    def without(self, event_ids: Iterable[str]) -> Account:
        gone = set(event_ids)
        return replace(self, units=tuple(u for u in self.units if u.event_id not in gone))

    def with_gate_met(self) -> Account:
        return replace(self, is_gate_met=True)

    def with_more(self, count: int) -> Account:
        """With so many further units at the mean prices of those that count, after them."""
        more = tuple(
            Unit({"event_id": f"~{n:09d}", "event_date": date.max, "vin": "~"}, "COUNTS", lp, np)
            for lp, np in [(self.mean_price("list_price"), self.mean_price("net_price"))]
            for n in range(count)
        )
        return replace(self, units=self.units + more)

    def mean_price(self, name: str) -> Fraction | None:
        """To the cent; None without units."""
        prices = [getattr(unit, name) for unit in self.counting]
        return Fraction(half_up(sum(prices) / len(prices), 2), 100) if prices else None

    # -- measure and tiers --------------------------------------------------------------------

    @cached_property
    def measure(self) -> Fraction:
        kind = self.version["measure"]
        if kind == "REVENUE_NET":
            return sum((u.net_price for u in self.counting), Fraction(0))
        if kind == "KPI":
            return self.kpi_value or Fraction(0)
        if kind == "TARGET_ATTAINMENT":
            return (
                Fraction(len(self.counting), self.target_units)
                if self.target_units
                else Fraction(0)
            )
        return Fraction(len(self.counting))

    def tier_at(self, measure: Fraction) -> Row | None:
        """The highest tier whose threshold is reached."""
        reached = [t for t in self.period.tiers if t["threshold"] <= measure]
        return reached[-1] if reached else None

    def _linear_rate(self) -> Fraction:
        """Interpolated between the thresholds, the last rate beyond; to six decimals."""
        tier = self.tier_at(self.measure)
        above = [t for t in self.period.tiers if t["threshold"] > self.measure]
        rate = Fraction(tier["rate"])
        if above:
            width = Fraction(above[0]["threshold"]) - Fraction(tier["threshold"])
            share = (self.measure - Fraction(tier["threshold"])) / width
            rate += share * (Fraction(above[0]["rate"]) - rate)
        return Fraction(half_up(rate, 6), 10**6)

    # -- lines --------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[Row]:
        """A line for each unit, or the one line of a fixed amount, with `cents`."""
        if self.version["payout_basis"] == "FIXED_EUR":
            lines = [self._paid(None, self.measure)] if self.is_open else []
        else:
            lines = self._unit_lines()
        return self._capped(lines)

    def _unit_lines(self) -> list[Row]:
        lines = []
        reached = Fraction(0)
        for unit in sorted(self.units, key=lambda u: u.order):
            if unit.status != "COUNTS":
                lines.append(self._zero(unit, unit.status))
                continue
            reached += unit.net_price if self.version["measure"] == "REVENUE_NET" else 1
            is_marginal = self.version["tier_mode"] == "MARGINAL"
            lines.append(self._paid(unit, reached if is_marginal else self.measure))
        return lines

    def _zero(self, unit: Unit | None, reason: str) -> Row:
        return {
            "unit": unit,
            "reason": reason,
            "tier": None,
            "rate": None,
            "basis": None,
            "cents": 0,
        }

    def _paid(self, unit: Unit | None, measure: Fraction) -> Row:
        if not self.is_gate_met:
            return self._zero(unit, "GATE_NOT_MET")
        tier = self.tier_at(measure)
        if tier is None:
            return self._zero(unit, "BELOW_FIRST_TIER")
        is_linear = self.version["tier_mode"] == "LINEAR"
        rate = self._linear_rate() if is_linear else Fraction(tier["rate"])
        basis = {
            "RATE_OF_LIST_PRICE": unit and unit.list_price,
            "RATE_OF_NET_PRICE": unit and unit.net_price,
        }.get(self.version["payout_basis"], Fraction(1))
        return {
            "unit": unit,
            "reason": None,
            "tier": tier["tier_no"],
            "rate": rate,
            "basis": basis,
            "cents": half_up(basis * rate, 2),
        }

    def _capped(self, lines: list[Row]) -> list[Row]:
        """Over the cap the lines are scaled so that they sum to it exactly."""
        cap = self.version["cap_eur"]
        if cap is None or sum(line["cents"] for line in lines) <= half_up(cap, 2):
            return lines
        paid = [line for line in lines if line["cents"]]
        split = apportion(
            half_up(cap, 2),
            [line["cents"] for line in paid],
            tie_keys=[line["unit"].event_id if line["unit"] else "" for line in paid],
        )
        for line, cents in zip(paid, split.parts, strict=True):
            line["cents"] = cents
        return lines

    @cached_property
    def entitlement(self) -> int:
        """Cents."""
        return sum(line["cents"] for line in self.lines)


# -- what is known at an instant --------------------------------------------------------------


@dataclass
class Known:
    """All rules and facts known at an instant, and every account that follows from them.

    `settled` are the versions that earlier closes have fixed for a programme and period.
    """

    facts: Facts
    closes: Sequence[Close]
    settled: Mapping[tuple[str, date], int]
    today: date

    @cached_property
    def targets(self) -> dict[TargetCell, Row]:
        return targets_in_force(self.facts)

    @cached_property
    def market(self) -> Market:
        return Market(self.facts)

    @cached_property
    def tiers(self) -> dict[tuple[str, int], list[Row]]:
        found = defaultdict(list)
        for tier in sorted(self.facts.feeds["oem__incentive_tiers"], key=lambda t: t["tier_no"]):
            found[tier["program_id"], tier["version"]].append(tier)
        return found

    @cached_property
    def periods(self) -> dict[str, list[Period]]:
        """By programme: its periods that have begun."""
        versions = defaultdict(list)
        for version in self.facts.feeds["oem__incentive_programs"]:
            versions[version["program_id"]].append(version)
        return {program_id: self._periods_of(found) for program_id, found in versions.items()}

    def _periods_of(self, versions: list[Row]) -> list[Period]:
        good = [v for v in versions if refusal(v, self) is None]
        starts = {
            period_start(v["period_grain"], month)
            for v in versions
            for month in months_of(v["valid_from"], self.today)
            if v["valid_from"] <= self.today
        }
        periods = []
        for start in sorted(starts):
            version = self._version(versions, good, start)
            if version is not None and start <= self.today:
                end = period_end(version["period_grain"], start)
                last_month = date(end.year, end.month, 1)
                close = next((c for c in self.closes if c.month == last_month), None)
                tiers = self.tiers[version["program_id"], version["version"]]
                periods.append(Period(version, tuple(tiers), start, end, close))
        return periods

    def _version(self, versions: list[Row], good: list[Row], start: date) -> Row | None:
        fixed = self.settled.get((versions[0]["program_id"], start))
        if fixed is not None:
            return next(v for v in versions if v["version"] == fixed)
        candidates = [v for v in good if period_start(v["period_grain"], start) == start]
        ends = {period_end(v["period_grain"], start) for v in candidates}
        assert len(ends) <= 1, "the grain of a programme is fixed"
        return version_of(candidates, start, *ends) if ends else None

    # -- units --------------------------------------------------------------------------------

    @cached_property
    def _takers(self) -> dict[tuple[str, str], list[Row]]:
        found = defaultdict(list)
        for event in self.facts.feeds["dealer__vehicle_events"]:
            if event["event_type"] in ("CANCELLATION", "DEREGISTRATION"):
                found[event["dealer_id"], event["vin"]].append(event)
        return found

    @cached_property
    def _net_price_of_vin(self) -> dict[str, Decimal]:
        """Of the VIN's first INVOICE in the network that has one."""
        invoices = [
            e
            for e in self.facts.feeds["dealer__vehicle_events"]
            if e["event_type"] == "INVOICE" and e["net_price_eur"] is not None
        ]
        prices: dict[str, Decimal] = {}
        for event in sorted(invoices, key=lambda e: (e["event_date"], e["event_id"])):
            prices.setdefault(event["vin"], event["net_price_eur"])
        return prices

    def _prices(self, event: Row) -> tuple[Fraction, Fraction]:
        """List and net price of a claim, never below 0."""
        model = self.facts.models.get(event["model_code"], {})
        of_list = event["list_price_eur"]
        if of_list is None:
            of_list = model.get("list_price_eur") or 0
        net = event["net_price_eur"]
        if net is None:
            net = self._net_price_of_vin.get(event["vin"], 0)
        return Fraction(max(of_list, 0)), Fraction(max(net, 0))

    def _fits(self, event: Row, version: Row) -> bool:
        """Brand, segment and powertrain; an unknown model fits where neither is named."""
        model = self.facts.models.get(event["model_code"], {})
        return event["brand_code"] == version["brand_code"] and all(
            version[name] is None or version[name] == model.get(name)
            for name in ("segment_code", "powertrain_code")
        )

    def units_of(self, periods: list[Period]) -> dict[tuple[date, str], list[Unit]]:
        """By period and dealer: the claims of a programme. A VIN pays once per programme, to the
        first claim in the network that was not taken back."""
        kinds = {p.claim_type for p in periods}
        claims: dict[str, list[tuple[Row, Period | None, bool]]] = defaultdict(list)
        for event in self.facts.feeds["dealer__vehicle_events"]:
            period = next((p for p in periods if p.holds(event["event_date"])), None)
            if event["event_type"] in ({period.claim_type} if period else kinds):
                takers = self._takers.get((event["dealer_id"], event["vin"]), [])
                removed = is_removed(event, period, takers)
                claims[event["vin"]].append((event, period, removed))
        found = defaultdict(list)
        for of_vin in claims.values():
            left = [event for event, _, removed in of_vin if not removed]
            first = min(left, key=lambda e: (e["event_date"], e["event_id"]), default=None)
            for event, period, removed in of_vin:
                is_known = (event["dealer_id"], event["brand_code"]) in self.facts.dealers
                if period is None or not is_known or not self._fits(event, period.version):
                    continue
                if removed:
                    status = "REMOVED"
                elif event is not first:
                    status = "DUPLICATE_VIN"
                else:
                    is_own = event["holder_type"] in ("DEALER", "OEM")
                    status = "SELF_REGISTRATION" if is_own else "COUNTS"
                unit = Unit(event, status, *self._prices(event))
                found[period.start, event["dealer_id"]].append(unit)
        return found

    # -- targets, KPIs and gates of a dealer --------------------------------------------------

    def target_of(self, period: Period, dealer_id: str) -> int | None:
        """Sum of the targets in force over the cells that fit; None for none or 0."""
        version = period.version
        total = sum(
            target["base_units"]
            for cell, target in self.targets.items()
            if (cell.dealer_id, cell.brand_code) == (dealer_id, version["brand_code"])
            and period.holds(cell.quarter)
            and version["segment_code"] in (None, cell.segment_code)
            and version["powertrain_code"] in (None, cell.powertrain_code)
        )
        return total or None

    def kpi_over(self, period: Period, dealer_id: str, kpi_code: str) -> Fraction | None:
        """Actual values of the months weighted by n; None without any, or if n is too small."""
        brand = period.version["brand_code"]
        months = months_of(period.start, period.end)
        total, n = Fraction(0), 0
        for month in months if kpi_code in KPIS else []:
            actual, observed = KPIS[kpi_code].measure(self.facts, Cell(dealer_id, brand, month))
            if actual is not None:
                total += Fraction(half_up(actual, 6), 10**6) * half_up(observed, 0)
                n += half_up(observed, 0)
        if not n or n < self._min_sample(brand, kpi_code, months):
            return None
        return Fraction(half_up(total / n, 6), 10**6)

    def _min_sample(self, brand: str, kpi_code: str, months: list[date]) -> int:
        for month in reversed(months):
            for weights in self.facts.weights(brand, month):
                if weights["kpi_code"] == kpi_code:
                    return weights["min_sample"]
        return 0

    def is_gate_met(self, period: Period, dealer_id: str) -> bool:
        version = period.version
        if version["gate_kpi_code"] is not None:
            value = self.kpi_over(period, dealer_id, version["gate_kpi_code"])
            if value is None or value < version["gate_min_value"]:
                return False
        if version["requires_strong_market"]:
            kind = version["segment_code"], version["powertrain_code"]
            cell = TargetCell(dealer_id, version["brand_code"], quarter_of(period.start), *kind)
            return self.market.regional_index(cell) >= STRONG_MARKET
        return True

    # -- accounts -----------------------------------------------------------------------------

    @cached_property
    def accounts(self) -> dict[tuple[str, date, str], Account]:
        """Of all dealers of the brand, in all periods that have begun."""
        found = {}
        for periods in self.periods.values():
            units = self.units_of(periods)
            for period in periods:
                for dealer_id, brand_code in self.facts.dealers:
                    if brand_code == period.version["brand_code"]:
                        of_dealer = units.get((period.start, dealer_id), [])
                        account = self._account(period, dealer_id, of_dealer)
                        found[account.key] = account
        return found

    def _account(self, period: Period, dealer_id: str, units: list[Unit]) -> Account:
        dealer = self.facts.dealers[dealer_id, period.version["brand_code"]]
        is_kpi = period.version["measure"] == "KPI"
        return Account(
            period,
            dealer_id,
            tuple(u for u in units if u.status != "REMOVED"),
            frozenset(u.event_id for u in units if u.status == "REMOVED"),
            self.target_of(period, dealer_id),
            self.kpi_over(period, dealer_id, period.version["measure_kpi_code"])
            if is_kpi
            else None,
            self.is_gate_met(period, dealer_id),
            dealer["opened_on"] <= period.end
            and (dealer["closed_on"] is None or period.start <= dealer["closed_on"]),
        )

    def closed_accounts(self) -> dict[tuple[str, date, str], Account]:
        return {key: a for key, a in self.accounts.items() if a.period.close}

    def open_accounts(self) -> list[Account]:
        """Those with a line."""
        return [a for a in self.accounts.values() if not a.period.close and a.lines]


# -- the ledger -------------------------------------------------------------------------------


@dataclass
class History:
    """What the closes have posted, and what was known at the last of them."""

    closes: list[Close]
    postings: list[Row] = field(default_factory=list)
    settled: dict[tuple[str, date], int] = field(default_factory=dict)
    last: Known | None = None
    posted: dict[tuple[str, date, str], int] = field(default_factory=dict)
    """Cents by programme, period and dealer."""


def post_all_closes(loads: Sequence[Load], as_of: datetime) -> History:
    """Every close that is due, in order, each with what was known at it."""
    history = History(due_closes(loads, as_of))
    for number, close in enumerate(history.closes, start=1):
        known = Known(
            facts_of(files_known(loads, close.closed_at, close.known_loaded_at)),
            history.closes[:number],
            dict(history.settled),
            close.closed_on,
        )
        _post(history, close, known)
        history.last = known
    return history


def _post(history: History, close: Close, known: Known) -> None:
    before = history.last.closed_accounts() if history.last else {}
    now = known.closed_accounts()
    for program_id, periods in known.periods.items():
        for period in periods:
            if period.close:
                settled = program_id, period.start
                history.settled.setdefault(settled, period.version["version"])
    for key in sorted({*now, *history.posted}):
        for posting_type, cents in postings_of(
            history.posted.get(key), before.get(key), now.get(key)
        ):
            version = now[key].version if key in now else _settled_version(history, known, key)
            history.postings.append(_posting(key, version, close, posting_type, cents))
            history.posted[key] = history.posted.get(key, 0) + cents


def _settled_version(history: History, known: Known, key: tuple[str, date, str]) -> Row:
    """The version of a period whose dealer is no longer known."""
    return next(
        v
        for v in known.facts.feeds["oem__incentive_programs"]
        if (v["program_id"], v["version"]) == (key[0], history.settled[key[:2]])
    )


def postings_of(
    posted: int | None, before: Account | None, now: Account | None
) -> Iterator[tuple[str, int]]:
    """What a close posts, in cents, for an account as it was at the last close and as it is now.

    CLAWBACK is what only the removals since the last close take away, tiers included, all else as
    it was then; ADJUSTMENT is the rest; SETTLEMENT the first posting ever. Nothing of 0.00.
    """
    entitlement = now.entitlement if now else 0
    if posted is None:
        if entitlement:
            yield "SETTLEMENT", entitlement
        return
    clawback = 0
    if before is not None and now is not None:
        lines_then = {unit.event_id for unit in before.units}
        clawback = before.without(lines_then & now.removed).entitlement - posted
    if clawback:
        yield "CLAWBACK", clawback
    if rest := entitlement - posted - clawback:
        yield "ADJUSTMENT", rest


def _posting(
    key: tuple[str, date, str], version: Row, close: Close, posting_type: str, cents: int
) -> Row:
    program_id, start, dealer_id = key
    return {
        "dealer_id": dealer_id,
        "brand_code": version["brand_code"],
        "program_id": program_id,
        "program_version": version["version"],
        "period_start": start,
        "posted_in_month": close.month,
        "posting_type": posting_type,
        "amount_eur": euro(cents),
        "credits_refinancing": version["credits_refinancing"],
        "as_known_at": close.closed_at,
    }


# -- what is shown ----------------------------------------------------------------------------


def known_now(loads: Sequence[Load], as_of: datetime, history: History) -> Known:
    facts = facts_of(files_known(loads))
    return Known(facts, history.closes, history.settled, berlin_day(as_of))


def _as_shown(history: History, now: Known) -> list[Account]:
    """Closed periods as of the last close, open ones as known now."""
    closed = history.last.closed_accounts().values() if history.last else []
    return [*closed, *now.open_accounts()]


def _lines(history: History, now: Known) -> list[Row]:
    return [
        {
            "dealer_id": account.dealer_id,
            "brand_code": account.version["brand_code"],
            "program_id": account.period.program_id,
            "program_version": account.version["version"],
            "period_start": account.period.start,
            "event_id": line["unit"].event_id if line["unit"] else None,
            "vin": line["unit"].event["vin"] if line["unit"] else None,
            "tier_no": line["tier"],
            "tier_rate": shown(line["rate"]),
            "basis_amount_eur": shown(line["basis"], 2),
            "amount_eur": euro(line["cents"]),
            "zero_reason": line["reason"],
            "batch_id": line["unit"].event["batch_id"] if line["unit"] else None,
            "source_file": line["unit"].event["source_file"] if line["unit"] else None,
            "source_row": line["unit"].event["source_row"] if line["unit"] else None,
        }
        for account in _as_shown(history, now)
        for line in account.lines
    ]


def _statements(history: History, now: Known) -> list[Row]:
    """Dealers with a line, as of the last close or now, or a posting."""
    as_of_last_close = history.last.closed_accounts() if history.last else {}
    keys = {key for key, account in now.accounts.items() if account.lines}
    keys |= {key for key, account in as_of_last_close.items() if account.lines}
    keys |= set(history.posted)
    return [
        _statement(key, history.posted.get(key, 0), as_of_last_close.get(key), now, history)
        for key in keys
    ]


def _statement(
    key: tuple[str, date, str], posted: int, then: Account | None, now: Known, history: History
) -> Row:
    current = now.accounts.get(key)
    close = _close_of(key, current, then, history)
    account = then if close else current
    if account and not account.lines:
        account = None  # nothing to show of what came after the last close
    known = account or current or then
    version = known.version if known else _settled_version(history, now, key)
    tier = account.tier_at(account.measure) if account else None
    entitlement_now = current.entitlement if current else 0
    due = close and close.closed_on + timedelta(days=version["payment_days"])
    return {
        "dealer_id": key[2],
        "brand_code": version["brand_code"],
        "program_id": key[0],
        "period_start": key[1],
        "program_version": version["version"],
        "measure_value": shown(account.measure) if account else None,
        "tier_no": tier["tier_no"] if tier else None,
        "qualifying_units": len(account.counting) if account else 0,
        "entitlement_eur": euro(account.entitlement if account else 0),
        "posted_eur": euro(posted),
        "accrual_eur": euro(entitlement_now - posted),
        "status": "SETTLED" if close else "OPEN",
        "payment_due_on": due or None,
    }


def _close_of(
    key: tuple[str, date, str], current: Account | None, then: Account | None, history: History
) -> Close | None:
    if current or then:
        return (current or then).period.close
    end = period_end(_settled_version(history, history.last, key)["period_grain"], key[1])
    return next((c for c in history.closes if c.month == date(end.year, end.month, 1)), None)


# -- the outlook ------------------------------------------------------------------------------


def outlook(account: Account) -> Row:
    """An open period: what is there, and what the next tier and the next unit would bring."""
    above = [t for t in account.period.tiers if t["threshold"] > account.measure]
    further = units_to_reach(account, Fraction(above[0]["threshold"])) if above else None
    worth = value_with_more(account, 0)
    with_next = value_with_more(account, 1)
    next_unit = None if worth is None or with_next is None else with_next - worth
    mean_list_price = account.mean_price("list_price")
    return {
        "dealer_id": account.dealer_id,
        "brand_code": account.version["brand_code"],
        "program_id": account.period.program_id,
        "period_start": account.period.start,
        "measure_value": shown(account.measure),
        "next_threshold": shown(Fraction(above[0]["threshold"])) if above else None,
        "units_to_next_tier": further,
        "payout_now_eur": euro(account.entitlement),
        "payout_at_next_tier_eur": None
        if further is None
        else euro(value_with_more(account, further)),
        "next_unit_value_eur": euro(next_unit),
        "is_cliff": next_unit is not None
        and mean_list_price is not None
        and Fraction(next_unit, 100) > mean_list_price,
    }


def units_to_reach(account: Account, threshold: Fraction) -> int | None:
    """The fewest further units that bring the measure to the threshold; None where none do."""
    kind = account.version["measure"]
    if kind == "KPI":
        return None
    if kind == "REVENUE_NET":
        mean = account.mean_price("net_price")
        return math.ceil((threshold - account.measure) / mean) if mean else None
    if kind == "TARGET_ATTAINMENT":
        if not account.target_units:
            return None
        return math.ceil(threshold * account.target_units) - len(account.counting)
    return math.ceil(threshold) - len(account.counting)


def value_with_more(account: Account, count: int) -> int | None:
    """Cents with so many further units and the gates met; None where a price of theirs is needed
    and no unit gives one."""
    version = account.version
    if count and not account.counting:
        needs_list = version["payout_basis"] == "RATE_OF_LIST_PRICE"
        needs_net = version["payout_basis"] == "RATE_OF_NET_PRICE"
        if needs_list or needs_net or version["measure"] == "REVENUE_NET":
            return None
        # neither price matters
        priced = Unit({}, "COUNTS", Fraction(0), Fraction(0))
        extra = tuple(
            replace(priced, event={"event_id": f"~{n}", "event_date": date.max, "vin": "~"})
            for n in range(count)
        )
        return replace(account, units=account.units + extra, is_gate_met=True).entitlement
    return account.with_more(count).with_gate_met().entitlement
