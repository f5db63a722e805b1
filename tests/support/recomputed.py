"""The marts of the scorecard once more, row by row in plain Python, to hold the SQL against.

    expected = recompute(settings)
    expected["mart_partner_scorecard"][("D1", "AURA", date(2024, 3, 1))]["score"]

Written from the spec alone and for being read: loops, dicts and fractions, nothing of the dbt
project but the feed contracts. Everything is exact until it is stored: one rounding, half up, to
the digits of the mart. It takes a lake that fits into memory.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.ingestion.lake import Delivery, raw_path, read_deliveries
from orchestration.settings import NETWORK_ZONE, Settings
from tests.support.warehouse import fetch

Row = dict[str, Any]
Marts = dict[str, dict[tuple, Row]]

MART_KEYS = {
    "fct_registration": ("vin",),
    "mart_partner_scorecard_kpi": ("dealer_id", "brand_code", "score_month", "kpi_code"),
    "mart_partner_scorecard": ("dealer_id", "brand_code", "score_month"),
    "mart_segment_growth": ("dealer_id", "brand_code", "segment_code", "revenue_month"),
    "mart_market_penetration": ("dealer_id", "brand_code", "segment_code", "registration_month"),
}
"""The marts that are recomputed, with the columns of their keys."""

DIVERGING = Fraction(1, 5)
_BERLIN = ZoneInfo(NETWORK_ZONE)


def recompute(settings: Settings) -> Marts:
    """All marts of `MART_KEYS` from the committed lake: name -> key -> row.

    Rows hold the columns of the spec, in the types that DuckDB returns: `Decimal` of six digits
    (money of two), `int`, `date`, `str`, `bool`, None. Months go up to `settings.as_of`, or now.
    """
    facts = Facts.read(settings)
    today = (settings.as_of or datetime.now(UTC)).astimezone(_BERLIN).date()
    kpi_rows = list(_kpi_rows(facts, today))
    rows = {
        "fct_registration": facts.registrations,
        "mart_partner_scorecard_kpi": [row.stored() for row in kpi_rows],
        "mart_partner_scorecard": _scorecard(facts, kpi_rows),
        "mart_segment_growth": _segment_growth(facts, today),
        "mart_market_penetration": _market_penetration(facts),
    }
    return {
        name: {tuple(row[k] for k in key): row for row in rows[name]}
        for name, key in MART_KEYS.items()
    }


def built(settings: Settings) -> Marts:
    """The marts as dbt made them, in the shape of `recompute`."""
    marts = {}
    for mart, key in MART_KEYS.items():
        rows = fetch(settings, f"select * from marts.{mart}")
        marts[mart] = {tuple(row[k] for k in key): row for row in rows}
        assert len(marts[mart]) == len(rows), f"{mart} has a key twice"
    return marts


def differences_to_recomputation(settings: Settings) -> list[str]:
    """What dbt made otherwise than the recomputation, one line per value or row."""
    found = []
    marts = built(settings)
    for mart, expected in recompute(settings).items():
        made = marts[mart]
        found += [f"{mart} {key}: has no row" for key in expected.keys() - made.keys()]
        found += [f"{mart} {key}: is a row too many" for key in made.keys() - expected.keys()]
        found += [
            f"{mart} {key} {column}: expected {value}, found {made[key][column]}"
            for key in expected.keys() & made.keys()
            for column, value in expected[key].items()
            if value != made[key][column]
        ]
    return sorted(found)


# -- months, instants, rounding ---------------------------------------------------------------


def _month(day: date | datetime | None) -> date | None:
    """First day of the month; an instant (UTC without a zone) belongs to its month in Berlin."""
    if day is None:
        return None
    if isinstance(day, datetime):
        day = day.replace(tzinfo=UTC).astimezone(_BERLIN).date()
    return date(day.year, day.month, 1)


def later(month: date, months: int) -> date:
    """First day of the month so many months later."""
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)


def last_day(month: date) -> date:
    return later(month, 1) - timedelta(days=1)


def _three_months(last: date) -> list[date]:
    return [later(last, -2), later(last, -1), last]


def _units(value: Fraction, digits: int) -> int:
    """The value in whole units of 10^-digits, a half away from zero."""
    units = math.floor(abs(value) * 10**digits + Fraction(1, 2))
    return units if value >= 0 else -units


def _stored(value: Fraction | None, digits: int = 6) -> Decimal | None:
    return None if value is None else Decimal(_units(value, digits)).scaleb(-digits)


def _quotient(numerator: int | Fraction, denominator: int | Fraction) -> Fraction | None:
    return Fraction(numerator) / Fraction(denominator) if denominator else None


# -- what was delivered -----------------------------------------------------------------------


def _order(row: Row) -> tuple:
    return row["_delivered_at"], row["_loaded_at"], row["_source_file"]


def _current(settings: Settings, deliveries: list[Delivery], feed: Feed) -> list[Row]:
    """The rows of a feed that hold now: of each key the latest, withdrawn ones left out, and of a
    snapshot feed only the latest file of each sender."""
    files = [d for d in deliveries if d.feed == feed.name and d.status == "LOADED"]
    if feed.mode == "snapshot":
        files.sort(key=lambda d: (d.delivered_at, d.loaded_at, d.source_file))
        files = list({d.sender: d for d in files}.values())
    latest: dict[tuple, Row] = {}
    for batch_id in {d.batch_id for d in files if d.accepted_rows}:
        for row in pq.ParquetFile(raw_path(settings, feed.name, batch_id)).read().to_pylist():
            key = tuple(row[name] for name in feed.key)
            if key not in latest or _order(row) > _order(latest[key]):
                latest[key] = row
    return [row for row in latest.values() if not row.get("is_deleted")]


class Cell(NamedTuple):
    """A dealer x brand in a month."""

    dealer_id: str
    brand_code: str
    month: date


def _by_cell(rows: Iterable[Row], month_of: str) -> dict[Cell, list[Row]]:
    cells = defaultdict(list)
    for row in rows:
        cells[Cell(row["dealer_id"], row["brand_code"], _month(row[month_of]))].append(row)
    return cells


@dataclass
class Facts:
    """What holds now, feed by feed, and what follows from it. Looked up by `Cell` mostly; a cell
    without anything is an empty list."""

    deliveries: list[Delivery]
    feeds: dict[str, list[Row]]
    newest_month: date | None = field(init=False)

    @classmethod
    def read(cls, settings: Settings) -> Facts:
        deliveries = read_deliveries(settings)
        feeds = load_contracts()
        return cls(
            deliveries, {name: _current(settings, deliveries, feed) for name, feed in feeds.items()}
        )

    def __post_init__(self) -> None:
        months = {
            "dealer__vehicle_events": "event_date",
            "dealer__leads": "created_at",
            "dealer__surveys": "sent_at",
            "dealer__cases": "opened_at",
            "dealer__financials": "fiscal_month",
            "dealer__stock": "snapshot_date",
            "market__registrations": "registration_month",
            "kba__fz10": "registration_month",
        }
        known = [_month(row[column]) for feed, column in months.items() for row in self.feeds[feed]]
        self.newest_month = max(known, default=None)

    # -- network ------------------------------------------------------------------------------

    @cached_property
    def dealers(self) -> dict[tuple[str, str], Row]:
        return {(r["dealer_id"], r["brand_code"]): r for r in self.feeds["oem__dealers"]}

    @cached_property
    def models(self) -> dict[str, Row]:
        return {r["model_code"]: r for r in self.feeds["oem__vehicle_models"]}

    @cached_property
    def _territories(self) -> dict[tuple[str, str], list[Row]]:
        of_dealer = defaultdict(list)
        for row in self.feeds["oem__territories"]:
            of_dealer[row["dealer_id"], row["brand_code"]].append(row)
        return of_dealer

    def districts(self, cell: Cell) -> set[str]:
        """The districts for which the dealer answers on the month's last day."""
        day = last_day(cell.month)
        return {
            r["district_code"]
            for r in self._territories.get((cell.dealer_id, cell.brand_code), [])
            if r["valid_from"] <= day and (r["valid_to"] is None or day <= r["valid_to"])
        }

    # -- vehicles -----------------------------------------------------------------------------

    @cached_property
    def _last_cancellation(self) -> dict[tuple[str, str], date]:
        """By dealer and VIN: the last day on which the dealer cancelled it, of whatever brand."""
        last: dict[tuple[str, str], date] = {}
        for event in self.feeds["dealer__vehicle_events"]:
            if event["event_type"] == "CANCELLATION":
                key = event["dealer_id"], event["vin"]
                last[key] = max(last.get(key, date.min), event["event_date"])
        return last

    def is_cancelled(self, event: Row) -> bool:
        """Whether the same dealer cancelled this VIN on the event's day or later."""
        last = self._last_cancellation.get((event["dealer_id"], event["vin"]), date.min)
        return last >= event["event_date"]

    @cached_property
    def registrations(self) -> list[Row]:
        """`fct_registration`: of each VIN the registration that stands."""
        of_vin = defaultdict(list)
        for event in self.feeds["dealer__vehicle_events"]:
            if event["event_type"] == "REGISTRATION":
                of_vin[event["vin"]].append(event)
        return [self._registration(events) for events in of_vin.values()]

    def _registration(self, of_vin: list[Row]) -> Row:
        left = [e for e in of_vin if not self.is_cancelled(e)]
        first = min(left or of_vin, key=lambda e: (e["event_date"], e["event_id"]))
        if first["holder_type"] in ("DEALER", "OEM"):
            reason = "SELF_REGISTRATION"
        else:
            reason = None if left else "CANCELLED"
        model = self.models.get(first["model_code"], {})
        same = ("vin", "dealer_id", "brand_code", "model_code", "event_id", "holder_type")
        return {name: first[name] for name in same} | {
            "registration_date": first["event_date"],
            "is_counted": reason is None,
            "not_counted_reason": reason,
            "powertrain_code": model.get("powertrain_code"),
            "segment_code": model.get("segment_code"),
        }

    @cached_property
    def counted(self) -> dict[Cell, list[Row]]:
        """Counted registrations."""
        counted = [r for r in self.registrations if r["is_counted"]]
        return _by_cell(counted, "registration_date")

    @cached_property
    def invoices(self) -> dict[Cell, list[Row]]:
        """Invoices that no cancellation took back, each one."""
        invoices = [
            event
            for event in self.feeds["dealer__vehicle_events"]
            if event["event_type"] == "INVOICE" and not self.is_cancelled(event)
        ]
        return _by_cell(invoices, "event_date")

    # -- the other feeds ----------------------------------------------------------------------

    @cached_property
    def leads(self) -> dict[Cell, list[Row]]:
        return _by_cell(self.feeds["dealer__leads"], "created_at")

    @cached_property
    def answers(self) -> dict[Cell, list[Row]]:
        """Surveys with an answer, by the month answered."""
        answered = [
            r
            for r in self.feeds["dealer__surveys"]
            if r["answered_at"] is not None and r["score"] is not None
        ]
        return _by_cell(answered, "answered_at")

    @cached_property
    def solved_cases(self) -> dict[Cell, list[Row]]:
        """Cases by the month resolved, without those resolved before they were opened."""
        resolved = [
            r
            for r in self.feeds["dealer__cases"]
            if r["resolved_at"] is not None and r["resolved_at"] >= r["opened_at"]
        ]
        return _by_cell(resolved, "resolved_at")

    @cached_property
    def financials(self) -> dict[Cell, list[Row]]:
        return _by_cell(self.feeds["dealer__financials"], "fiscal_month")

    @cached_property
    def last_stock(self) -> dict[tuple[str, date], list[Row]]:
        """By dealer and month: the rows of the last snapshot, all brands."""
        snapshots = defaultdict(lambda: defaultdict(list))
        for row in self.feeds["dealer__stock"]:
            day = row["snapshot_date"]
            snapshots[row["dealer_id"], _month(day)][day].append(row)
        return {key: by_day[max(by_day)] for key, by_day in snapshots.items()}

    @cached_property
    def delivered_rows(self) -> dict[tuple[str, date], tuple[int, int]]:
        """By dealer and month of delivery: rows accepted and delivered, without rejected files."""
        totals: dict[tuple[str, date], tuple[int, int]] = {}
        for d in self.deliveries:
            if d.status != "REJECTED":
                key = d.sender.upper(), _month(d.delivered_at.replace(tzinfo=None))
                accepted, delivered = totals.get(key, (0, 0))
                totals[key] = accepted + d.accepted_rows, delivered + d.delivered_rows
        return totals

    # -- the market ---------------------------------------------------------------------------

    @cached_property
    def market(self) -> dict[tuple[date, str], Counter]:
        """By month and district: units by (segment, brand), all kinds of holder."""
        units: dict[tuple[date, str], Counter] = defaultdict(Counter)
        for row in self.feeds["market__registrations"]:
            cell = units[row["registration_month"], row["district_code"]]
            cell[row["segment_code"], row["brand_code"]] += row["units"]
        return units

    @cached_property
    def network(self) -> dict[date, Counter]:
        """By month: units by (segment, brand) of all districts of the feed."""
        units: dict[date, Counter] = defaultdict(Counter)
        for (month, _), of_district in self.market.items():
            units[month].update(of_district)
        return units

    def segments(self, cell: Cell) -> dict[str, Segment]:
        """The market of the territory, by segment; 0 units where only others bought some."""
        territory = Counter()
        for district in self.districts(cell):
            territory.update(self.market.get((cell.month, district), {}))
        network = self.network.get(cell.month, Counter())
        found = {}
        for segment in {segment for segment, _ in [*territory, *network]}:
            brand, all_brands = _of_segment(territory, segment, cell.brand_code)
            share = _quotient(*_of_segment(network, segment, cell.brand_code))
            found[segment] = Segment(brand, all_brands, share)
        return found

    # -- rules --------------------------------------------------------------------------------

    @cached_property
    def targets(self) -> dict[tuple[Cell, str], Fraction]:
        return {
            (Cell(r["dealer_id"], r["brand_code"], r["target_month"]), r["kpi_code"]): Fraction(
                r["target_value"]
            )
            for r in self.feeds["oem__kpi_targets"]
        }

    def weights(self, brand_code: str, month: date) -> list[Row]:
        """The weights in force on the last day of the month: those of the highest version."""
        day = last_day(month)
        valid = [
            r
            for r in self.feeds["oem__kpi_weights"]
            if r["brand_code"] == brand_code
            and r["valid_from"] <= day
            and (r["valid_to"] is None or day <= r["valid_to"])
        ]
        version = max((r["version"] for r in valid), default=None)
        return [r for r in valid if r["version"] == version and r["weight"] > 0]

    def months_with_data(self) -> dict[tuple[str, str], set[date]]:
        """By dealer x brand: the months in which anything happened."""
        columns = {
            "dealer__vehicle_events": ["event_date"],
            "dealer__leads": ["created_at"],
            "dealer__surveys": ["sent_at", "answered_at"],
            "dealer__cases": ["opened_at", "resolved_at"],
            "dealer__financials": ["fiscal_month"],
            "dealer__stock": ["snapshot_date"],
        }
        months = defaultdict(set)
        for feed, names in columns.items():
            for row in self.feeds[feed]:
                found = {_month(row[name]) for name in names} - {None}
                months[row["dealer_id"], row["brand_code"]] |= found
        return months


class Segment(NamedTuple):
    """A segment in a territory and month; `network_share` is None where nobody bought any."""

    brand_units: int
    market_units: int
    network_share: Fraction | None

    @property
    def expected_units(self) -> Fraction:
        return (self.network_share or Fraction(0)) * self.market_units


def _of_segment(units: Counter, segment: str, brand_code: str) -> tuple[int, int]:
    """Units of the brand and of all brands."""
    all_brands = sum(n for (of, _), n in units.items() if of == segment)
    return units[segment, brand_code], all_brands


# -- the KPIs: actual value (None where it cannot be computed) and number of observations ------


class Measure(NamedTuple):
    actual: Fraction | None
    n: Fraction


def _measure(numerator: Any, denominator: Any, n: Any) -> Measure:
    return Measure(_quotient(numerator, denominator), Fraction(n))


def _csi(facts: Facts, cell: Cell) -> Measure:
    scores = [r["score"] for r in facts.answers.get(cell, [])]
    return _measure(10 * sum(scores), len(scores), len(scores))


def _nps(facts: Facts, cell: Cell) -> Measure:
    scores = [r["score"] for r in facts.answers.get(cell, [])]
    promoters, detractors = sum(s >= 9 for s in scores), sum(s <= 6 for s in scores)
    return _measure(100 * (promoters - detractors), len(scores), len(scores))


def _market_penetration_kpi(facts: Facts, cell: Cell) -> Measure:
    segments = facts.segments(cell).values()
    all_brands = sum(s.market_units for s in segments)
    return _measure(sum(s.brand_units for s in segments), all_brands, all_brands)


def _sales_effectiveness(facts: Facts, cell: Cell) -> Measure:
    expected = sum(s.expected_units for s in facts.segments(cell).values())
    return _measure(len(facts.counted.get(cell, [])), expected, expected)


def _revenue_growth(facts: Facts, cell: Cell) -> Measure:
    now = _invoices_of_three_months(facts, cell)
    earlier = _invoices_of_three_months(facts, cell._replace(month=later(cell.month, -12)))
    revenue, base = _revenue(now), _revenue(earlier)
    return _measure(revenue - base, base, len(now) + len(earlier))


def _invoices_of_three_months(facts: Facts, cell: Cell) -> list[Row]:
    months = _three_months(cell.month)
    return [r for m in months for r in facts.invoices.get(cell._replace(month=m), [])]


def _revenue(invoices: Iterable[Row]) -> Fraction:
    return Fraction(sum(i["net_price_eur"] or 0 for i in invoices))


def _ev_share(facts: Facts, cell: Cell) -> Measure:
    powertrains = [r["powertrain_code"] for r in facts.counted.get(cell, [])]
    known = [p for p in powertrains if p is not None]
    return _measure(known.count("BEV"), len(known), len(known))


def _closing_rate(facts: Facts, cell: Cell) -> Measure:
    leads = facts.leads.get(cell, [])
    return _measure(sum(r["sold_vin"] is not None for r in leads), len(leads), len(leads))


def _lead_response_24h(facts: Facts, cell: Cell) -> Measure:
    leads = facts.leads.get(cell, [])
    answered = sum(
        r["first_response_at"] is not None
        and r["first_response_at"] - r["created_at"] <= timedelta(hours=24)
        for r in leads
    )
    return _measure(answered, len(leads), len(leads))


def _return_on_sales(facts: Facts, cell: Cell) -> Measure:
    for books in facts.financials.get(cell, []):
        sides = ("new_vehicle_revenue_eur", "used_vehicle_revenue_eur", "service_revenue_eur")
        return _measure(books["operating_result_eur"], sum(books[s] for s in sides), 1)
    return _measure(0, 0, 0)


def _service_absorption(facts: Facts, cell: Cell) -> Measure:
    for books in facts.financials.get(cell, []):
        return _measure(books["service_gross_profit_eur"], books["fixed_expenses_eur"], 1)
    return _measure(0, 0, 0)


def _stock_days(facts: Facts, cell: Cell) -> Measure:
    months = _three_months(cell.month)
    registrations = sum(len(facts.counted.get(cell._replace(month=m), [])) for m in months)
    snapshot = facts.last_stock.get((cell.dealer_id, cell.month))
    if snapshot is None:
        return _measure(0, 0, registrations)
    in_stock = [
        r
        for r in snapshot
        if r["brand_code"] == cell.brand_code and r["stock_status"] == "IN_STOCK"
    ]
    days = sum(last_day(m).day for m in months)
    return _measure(len(in_stock) * days, registrations, registrations)


def _brand_consistency(facts: Facts, cell: Cell) -> Measure:
    priced = [
        r
        for r in facts.invoices.get(cell, [])
        if r["model_code"] in facts.models
        and r["net_price_eur"] is not None
        and (r["list_price_eur"] or 0) > 0
    ]
    consistent = sum(
        r["list_price_eur"] - r["net_price_eur"]
        <= facts.models[r["model_code"]]["max_discount_rate"] * r["list_price_eur"]
        for r in priced
    )
    return _measure(consistent, len(priced), len(priced))


def _data_quality(facts: Facts, cell: Cell) -> Measure:
    accepted, delivered = facts.delivered_rows.get((cell.dealer_id, cell.month), (0, 0))
    return _measure(accepted, delivered, delivered)


def _case_cycle_hours(facts: Facts, cell: Cell) -> Measure:
    durations = sorted(
        (r["resolved_at"] - r["opened_at"]) // timedelta(microseconds=1)
        for r in facts.solved_cases.get(cell, [])
    )
    count = len(durations)
    if not count:
        return _measure(0, 0, 0)
    middle = durations[(count - 1) // 2] + durations[count // 2]
    return _measure(middle, 2 * 3_600_000_000, count)


class Kpi(NamedTuple):
    measure: Callable[[Facts, Cell], Measure]
    direction: str
    side: str


KPIS = {
    "CSI": Kpi(_csi, "HIGHER", "SHARED"),
    "NPS": Kpi(_nps, "HIGHER", "SHARED"),
    "MARKET_PENETRATION": Kpi(_market_penetration_kpi, "HIGHER", "OEM"),
    "SALES_EFFECTIVENESS": Kpi(_sales_effectiveness, "HIGHER", "OEM"),
    "REVENUE_GROWTH": Kpi(_revenue_growth, "HIGHER", "SHARED"),
    "EV_SHARE": Kpi(_ev_share, "HIGHER", "OEM"),
    "CLOSING_RATE": Kpi(_closing_rate, "HIGHER", "SHARED"),
    "LEAD_RESPONSE_24H": Kpi(_lead_response_24h, "HIGHER", "SHARED"),
    "RETURN_ON_SALES": Kpi(_return_on_sales, "HIGHER", "PARTNER"),
    "SERVICE_ABSORPTION": Kpi(_service_absorption, "HIGHER", "PARTNER"),
    "STOCK_DAYS": Kpi(_stock_days, "LOWER", "PARTNER"),
    "BRAND_CONSISTENCY": Kpi(_brand_consistency, "HIGHER", "OEM"),
    "DATA_QUALITY": Kpi(_data_quality, "HIGHER", "SHARED"),
    "CASE_CYCLE_HOURS": Kpi(_case_cycle_hours, "LOWER", "SHARED"),
}
_UNKNOWN = Kpi(lambda facts, cell: _measure(0, 0, 0), "HIGHER", "NONE")


# -- attainment and score ---------------------------------------------------------------------


@dataclass(frozen=True)
class KpiRow:
    """A row of `mart_partner_scorecard_kpi` before rounding."""

    cell: Cell
    kpi_code: str
    weights: Row
    measure: Measure
    target: Fraction | None

    @property
    def missing_reason(self) -> str | None:
        if self.target is None or self.target <= 0:
            return "NO_TARGET"
        if self.measure.actual is None:
            return "NO_DATA"
        return "SMALL_SAMPLE" if self.measure.n < self.weights["min_sample"] else None

    @property
    def is_scored(self) -> bool:
        return self.missing_reason is None

    @property
    def side(self) -> str:
        return KPIS.get(self.kpi_code, _UNKNOWN).side

    @property
    def weight(self) -> Fraction:
        return Fraction(self.weights["weight"])

    @cached_property
    def attainment(self) -> Fraction | None:
        if not self.is_scored:
            return None
        if KPIS[self.kpi_code].direction == "HIGHER":
            return self.measure.actual / self.target
        if self.measure.actual == 0:
            return Fraction(self.weights["cap_rate"])
        return self.target / self.measure.actual

    @property
    def clipped(self) -> Fraction | None:
        if self.attainment is None:
            return None
        floor, cap = Fraction(self.weights["floor_rate"]), Fraction(self.weights["cap_rate"])
        return min(max(self.attainment, floor), cap)

    @property
    def points(self) -> Fraction | None:
        if self.is_scored:
            return self.weight * self.clipped
        return Fraction(0) if self.weights["missing_policy"] == "ZERO" else None

    def stored(self) -> Row:
        return {
            "dealer_id": self.cell.dealer_id,
            "brand_code": self.cell.brand_code,
            "score_month": self.cell.month,
            "kpi_code": self.kpi_code,
            "weights_version": self.weights["version"],
            "actual_value": _stored(self.measure.actual),
            "sample_count": _units(self.measure.n, 0),
            "target_value": _stored(self.target),
            "attainment": _stored(self.attainment),
            "clipped_attainment": _stored(self.clipped),
            "weight": _stored(self.weight),
            "points": _stored(self.points),
            "status": "SCORED" if self.is_scored else "MISSING",
            "missing_reason": self.missing_reason,
            "missing_policy": self.weights["missing_policy"],
        }


def dealer_months(facts: Facts, today: date) -> Iterator[Cell]:
    """The dealer x brand x months that have a scorecard, if weights are in force."""
    months_with_data = facts.months_with_data()
    for key, dealer in facts.dealers.items():
        months = months_with_data.get(key)
        month = min(months) if months else None
        while months and month <= max(months):
            end = last_day(month)
            is_open = dealer["opened_on"] <= end and (
                dealer["closed_on"] is None or end <= dealer["closed_on"]
            )
            if is_open and month <= today:
                yield Cell(*key, month)
            month = later(month, 1)


def _kpi_rows(facts: Facts, today: date) -> Iterator[KpiRow]:
    for cell in dealer_months(facts, today):
        for weights in facts.weights(cell.brand_code, cell.month):
            code = weights["kpi_code"]
            measure = KPIS.get(code, _UNKNOWN).measure(facts, cell)
            yield KpiRow(cell, code, weights, measure, facts.targets.get((cell, code)))


def _scorecard(facts: Facts, kpi_rows: list[KpiRow]) -> list[Row]:
    of_cell: dict[Cell, list[KpiRow]] = defaultdict(list)
    for row in kpi_rows:
        of_cell[row.cell].append(row)
    scores = {cell: _stored(_score(rows)) for cell, rows in of_cell.items()}
    of_peers: dict[tuple, list[Decimal]] = defaultdict(list)
    for cell, score in scores.items():
        if score is not None:
            of_peers[_peers(facts, cell)].append(score)
    return [
        _scorecard_row(facts, cell, rows, scores, of_peers[_peers(facts, cell)])
        for cell, rows in of_cell.items()
    ]


def _peers(facts: Facts, cell: Cell) -> tuple:
    return cell.brand_code, facts.dealers[cell[:2]]["peer_group"], cell.month


def _score(rows: list[KpiRow]) -> Fraction | None:
    counting = [r for r in rows if r.points is not None]
    points = _quotient(sum(r.points for r in counting), sum(r.weight for r in counting))
    return None if points is None else 100 * points


def _scorecard_row(
    facts: Facts,
    cell: Cell,
    rows: list[KpiRow],
    scores: dict[Cell, Decimal | None],
    of_peers: list[Decimal],
) -> Row:
    score = scores[cell]
    before = scores.get(cell._replace(month=later(cell.month, -1)))
    sides = {side: _attainment_of(rows, side) for side in ("OEM", "PARTNER", "SHARED")}
    has_both = sides["OEM"] is not None and sides["PARTNER"] is not None
    divergence = abs(sides["OEM"] - sides["PARTNER"]) if has_both else None
    return {
        "dealer_id": cell.dealer_id,
        "brand_code": cell.brand_code,
        "score_month": cell.month,
        "peer_group": facts.dealers[cell[:2]]["peer_group"],
        "score": score,
        "score_rank": None if score is None else 1 + len({s for s in of_peers if s > score}),
        "peer_count": len(of_peers),
        "score_change": None if score is None or before is None else score - before,
        "kpi_count": len(rows),
        "missing_count": sum(not r.is_scored for r in rows),
        "oem_side_attainment": _stored(sides["OEM"]),
        "partner_side_attainment": _stored(sides["PARTNER"]),
        "shared_attainment": _stored(sides["SHARED"]),
        "goal_divergence": _stored(divergence),
        "is_diverging": divergence > DIVERGING if has_both else None,
    }


def _attainment_of(rows: list[KpiRow], side: str) -> Fraction | None:
    """Mean of the clipped attainments of a side's scored KPIs, by weight."""
    scored = [r for r in rows if r.side == side and r.is_scored]
    return _quotient(sum(r.weight * r.clipped for r in scored), sum(r.weight for r in scored))


# -- growth and penetration by segment --------------------------------------------------------


def _segment_growth(facts: Facts, today: date) -> list[Row]:
    of_segment = defaultdict(list)
    for cell, invoices in facts.invoices.items():
        for invoice in invoices:
            model = facts.models.get(invoice["model_code"])
            if model and cell[:2] in facts.dealers:
                of_segment[cell, model["segment_code"]].append(invoice)
    a_year_later = {(c._replace(month=later(c.month, 12)), s) for c, s in of_segment}
    rows = []
    for cell, segment in {*of_segment, *a_year_later}:
        if cell.month > min(facts.newest_month, today):
            continue
        now = of_segment.get((cell, segment), [])
        earlier = of_segment.get((cell._replace(month=later(cell.month, -12)), segment), [])
        revenue, base = _revenue(now), _revenue(earlier)
        rows.append(
            {
                "dealer_id": cell.dealer_id,
                "brand_code": cell.brand_code,
                "segment_code": segment,
                "revenue_month": cell.month,
                "net_revenue_eur": _stored(revenue, 2),
                "invoiced_units": len(now),
                "prior_year_net_revenue_eur": _stored(base, 2),
                "prior_year_invoiced_units": len(earlier),
                "growth_rate": _stored(_quotient(revenue - base, base)),
            }
        )
    return rows


def _market_penetration(facts: Facts) -> list[Row]:
    months = set(facts.network) | {cell.month for cell in facts.counted}
    rows = []
    for dealer in facts.dealers:
        for month in months:
            cell = Cell(*dealer, month)
            segments = facts.segments(cell)
            counted = Counter(r["segment_code"] for r in facts.counted.get(cell, []))
            for code in {*segments, *counted} - {None}:
                segment = segments.get(code, Segment(0, 0, None))
                if segment.market_units or counted[code]:
                    rows.append(_penetration_row(cell, code, segment, counted[code]))
    return rows


def _penetration_row(cell: Cell, code: str, segment: Segment, counted: int) -> Row:
    expected = segment.expected_units
    return {
        "dealer_id": cell.dealer_id,
        "brand_code": cell.brand_code,
        "segment_code": code,
        "registration_month": cell.month,
        "brand_units": segment.brand_units,
        "market_units": segment.market_units,
        "penetration": _stored(_quotient(segment.brand_units, segment.market_units)),
        "network_penetration": _stored(segment.network_share),
        "expected_units": _stored(expected),
        "counted_registrations": counted,
        "sales_effectiveness": _stored(_quotient(counted, expected)),
    }
