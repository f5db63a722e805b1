"""The marts of brand, campaigns and pilots once more, in plain Python, to hold the SQL and the
product's Python against.

    expected = recompute_brand(settings)
    expected["mart_campaign_individualisation"][("L1",)]["status"]

Written from the spec alone and for being read: loops, dicts, fractions and dates, a function for
each rule. Everything is exact until it is stored: one rounding, half up, to the digits of the mart;
only the interval of a pilot's effect is reckoned in floats, by statsmodels. Programmes, their
periods and what qualifies in them are those of `tests/support/incentives_recomputed.py`. It takes a
lake that fits into memory.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from orchestration.ingestion.lake import raw_path, read_deliveries
from orchestration.settings import DBT_PROJECT_DIR, Settings
from tests.support.incentives_recomputed import Known, Period
from tests.support.recomputed import KPIS, Cell, Facts, last_day, later
from tests.support.service_recomputed import berlin_day, month_of, stored

Row = dict[str, Any]
Marts = dict[str, dict[tuple, Row]]

BRAND_KEYS = {
    "int_brand__judge_discounts": ("event_id",),
    "kpi_brand_consistency": ("dealer_id", "brand_code", "score_month"),
    "computed_tier_distances": (
        *("dealer_id", "brand_code", "segment_code", "powertrain_code", "day"),
    ),
    "mart_brand_conflict": ("dealer_id", "model_code", "iso_year", "iso_week"),
    "mart_brand_conflict_summary": ("dealer_id", "brand_code", "month"),
    "mart_brand_target_pressure": ("brand_code", "distance_band"),
    "mart_brand_budget_allocation": ("budget_code", "district_code"),
    "mart_campaign_individualisation": ("local_campaign_id",),
    "mart_campaign_performance": ("local_campaign_id",),
    "mart_campaign_band_performance": ("brand_code", "individualisation_band"),
    "int_pilots__list_changes": ("pilot_id", "dealer_id"),
    "mart_pilot_effect": ("pilot_id",),
    "mart_pilot_rollout": ("pilot_id", "month"),
    "benchmarks": ("claim_code",),
}
"""What is recomputed, with the columns of its key."""

BRAND_POSITIONING_COST = "BRAND_POSITIONING_COST"
CAMPAIGN_INDIVIDUALISATION = "CAMPAIGN_INDIVIDUALISATION"
MOST_CHANGED = 30
"""Of 100 parts of a campaign."""
NEAR_UNITS = 5
MARKET_MONTHS = 12
UNIT_MEASURES = ("UNITS_REGISTERED", "UNITS_INVOICED", "TARGET_ATTAINMENT")
BANDS = ("0", "1-10", "11-20", "21-30", "OVER_30")
ARMS = ("PILOT", "CONTROL")
DAY = timedelta(days=1)


def recompute_brand(settings: Settings, known: Known | None = None) -> Marts:
    """What `BRAND_KEYS` names, from the committed lake, seen at `settings.as_of`: name -> key ->
    row, in the types that DuckDB returns.

    `known` is what is known of programmes where months have been closed, which fixes versions.
    """
    return brand_marts(Brand.read(settings, known))


def brand_marts(brand: Brand) -> Marts:
    """The same from what holds."""
    rows = {
        "int_brand__judge_discounts": brand.discounts,
        "kpi_brand_consistency": brand.consistency(),
        "computed_tier_distances": brand.distance_rows(),
        "mart_brand_conflict": brand.conflicts(),
        "mart_brand_conflict_summary": brand.conflict_summaries(),
        "mart_brand_target_pressure": brand.target_pressures(),
        "mart_brand_budget_allocation": brand.budget_allocations(),
        "mart_campaign_individualisation": brand.individualisations,
        "mart_campaign_performance": brand.performances(),
        "mart_campaign_band_performance": brand.band_performances(),
        "int_pilots__list_changes": brand.change_rows(),
        "mart_pilot_effect": brand.pilot_effects(),
        "mart_pilot_rollout": brand.pilot_rollouts(),
        "benchmarks": brand.benchmarks(),
    }
    return {name: keyed(name, rows[name]) for name in BRAND_KEYS}


def keyed(mart: str, rows: Iterable[Row]) -> dict[tuple, Row]:
    found: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[name] for name in BRAND_KEYS[mart])
        assert key not in found, f"{mart} has {key} twice"
        found[key] = row
    return found


# -- numbers ----------------------------------------------------------------------------------


def rate(part: Any, whole: Any) -> Decimal | None:
    """A quotient, stored; None of nothing."""
    return stored(Fraction(part) / Fraction(whole)) if whole else None


def euro(part: Any, whole: Any = 1) -> Decimal | None:
    """A quotient to the cent, half up; None of nothing."""
    if not whole:
        return None
    value = Fraction(part) / Fraction(whole)
    cents = math.floor(abs(value) * 100 + Fraction(1, 2))
    return Decimal(cents if value >= 0 else -cents).scaleb(-2)


def mean(values: Sequence[Fraction]) -> Fraction | None:
    return Fraction(sum(values)) / len(values) if values else None


def split(cents: int, weights: dict[str, int]) -> dict[str, int]:
    """Largest remainder: everybody's whole cents, then one each to the largest fractions; of equal
    ones to the larger weight, then to the smaller key. Without any weight all weigh the same."""
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    whole = sum(weights.values())
    parts = {key: Fraction(cents * weight, whole) for key, weight in weights.items()}
    found = {key: math.floor(part) for key, part in parts.items()}
    left = cents - sum(found.values())
    order = sorted(parts, key=lambda key: (found[key] - parts[key], -weights[key], key))
    for key in order[:left]:
        found[key] += 1
    return found


def difference(
    treated: Sequence[Fraction], control: Sequence[Fraction]
) -> tuple[Fraction | None, float | Fraction | None, float | Fraction | None]:
    """Difference of the means with its 95 % interval by Welch; None for what cannot be told."""
    if not treated or not control:
        return None, None, None
    estimate = mean(treated) - mean(control)
    if len(treated) == 1 or len(control) == 1:
        return estimate, None, None
    if len(set(treated)) == 1 and len(set(control)) == 1:
        return estimate, estimate, estimate
    groups = [DescrStatsW([float(value) for value in group]) for group in (treated, control)]
    low, high = CompareMeans(*groups).tconfint_diff(alpha=0.05, usevar="unequal")
    return estimate, float(low), float(high)


@cache
def claimed_cents(code: str) -> int:
    """What the article says of a claim in EUR, in cents."""
    with (DBT_PROJECT_DIR / "seeds" / "benchmark_claims.csv").open(encoding="utf-8") as file:
        found = {row["claim_code"]: row["value"] for row in csv.DictReader(file)}
    return int(Fraction(found[code]) * 100)


# -- what is asked ----------------------------------------------------------------------------


class Distance(NamedTuple):
    """The units still missing to the next tier, and the programme whose tier it is."""

    units: int
    program_id: str


class Change(NamedTuple):
    """A dealer of a pilot, in figures as they are shown: what is said of the pilot can be reckoned
    from them. More change is better, whatever the KPI."""

    arm: str
    before: Decimal
    after: Decimal
    change: Decimal


class Brand:
    """What the marts of brand, campaigns and pilots say of these facts at an instant (UTC)."""

    def __init__(
        self,
        facts: Facts,
        as_of: datetime,
        known: Known | None = None,
        moves: dict[tuple[str, str], list[date]] | None = None,
    ) -> None:
        """`moves`: by pilot and dealer the days on which a delivery gave him another arm."""
        self.facts, self.as_of, self.today = facts, as_of, berlin_day(as_of)
        self.moves = moves or {}
        self.known = known or Known(facts, (), {}, self.today)
        self.campaigns = {row["campaign_id"]: row for row in facts.feeds["oem__brand_campaigns"]}
        self.pilots = {row["pilot_id"]: row for row in facts.feeds["oem__pilots"]}

    @classmethod
    def read(cls, settings: Settings, known: Known | None = None) -> Brand:
        assert settings.as_of is not None, "what is today has to be settled"
        as_of = settings.as_of.astimezone(UTC).replace(tzinfo=None)
        return cls(Facts.read(settings), as_of, known, moves_of_members(settings))

    def is_known(self, row: Row) -> bool:
        return (row["dealer_id"], row["brand_code"]) in self.facts.dealers

    def is_open(self, dealer: Row, day: date) -> bool:
        return dealer["opened_on"] <= day and (
            dealer["closed_on"] is None or day <= dealer["closed_on"]
        )

    # -- discounts ------------------------------------------------------------------------------

    @cached_property
    def discounts(self) -> list[Row]:
        """A row for each invoice that BRAND_CONSISTENCY counts."""
        invoices = [row for rows in self.facts.invoices.values() for row in rows]
        return [self.judged(row) for row in invoices if self.is_judged(row)]

    def is_judged(self, invoice: Row) -> bool:
        return (
            invoice["list_price_eur"] is not None
            and invoice["list_price_eur"] > 0
            and invoice["net_price_eur"] is not None
            and invoice["model_code"] in self.facts.models
        )

    def judged(self, invoice: Row) -> Row:
        day = invoice["event_date"]
        list_price, net_price = invoice["list_price_eur"], invoice["net_price_eur"]
        model = self.facts.models[invoice["model_code"]]
        limit = Fraction(model["max_discount_rate"])
        iso = day.isocalendar()
        same = ("event_id", "dealer_id", "brand_code", "model_code")
        return {name: invoice[name] for name in same} | {
            "segment_code": model["segment_code"],
            "powertrain_code": model["powertrain_code"],
            "invoice_date": day,
            "invoice_month": month_of(day),
            "iso_year": iso.year,
            "iso_week": iso.week,
            "list_price_eur": list_price,
            "net_price_eur": net_price,
            "discount_eur": list_price - net_price,
            "is_over_limit": Fraction(list_price - net_price)
            > Fraction(limit) * Fraction(list_price),
            "is_in_premium_window": any(
                campaign["is_premium"]
                and campaign["brand_code"] == invoice["brand_code"]
                and campaign["starts_on"] <= day <= campaign["ends_on"]
                for campaign in self.campaigns.values()
            ),
        }

    def consistency(self) -> Iterator[Row]:
        """The KPI that is measured of the same invoices."""
        for key, rows in _by(self.discounts, "dealer_id", "brand_code", "invoice_month").items():
            names = BRAND_KEYS["kpi_brand_consistency"]
            actual, n = KPIS["BRAND_CONSISTENCY"].measure(self.facts, Cell(*key))
            assert n == len(rows) and actual == Fraction(
                sum(not row["is_over_limit"] for row in rows), len(rows)
            )
            yield dict(zip(names, key, strict=True)) | {"actual": stored(actual), "n": int(n)}

    # -- target pressure ------------------------------------------------------------------------

    @cached_property
    def distances(self) -> dict[tuple[str, str, str, str, date], Distance]:
        """By dealer, brand, segment, powertrain and day of an invoice; only where there is a next
        tier of units of a programme that models of the segment and powertrain count for."""
        units = self.counting_days
        found: dict[tuple[str, str, str, str, date], Distance] = {}
        for key in {distance_key(row) for row in self.discounts}:
            dealer_id, brand_code, segment_code, powertrain_code, day = key
            if (dealer_id, brand_code) not in self.facts.dealers:
                continue
            for period in self.unit_periods:
                if period.version["brand_code"] != brand_code or not period.holds(day):
                    continue
                if not fits(period, segment_code, powertrain_code):
                    continue
                if not self.is_paid(period, self.facts.dealers[dealer_id, brand_code]):
                    continue
                sold = units.get((period.program_id, period.start, dealer_id), [])
                missing = self.units_to_next_tier(
                    period, dealer_id, sum(sold_on < day for sold_on in sold)
                )
                if missing is not None:
                    distance = Distance(missing, period.program_id)
                    found[key] = min(found.get(key, distance), distance)
        return found

    @cached_property
    def unit_periods(self) -> list[Period]:
        periods = [period for found in self.known.periods.values() for period in found]
        return [period for period in periods if period.version["measure"] in UNIT_MEASURES]

    def is_paid(self, period: Period, dealer: Row) -> bool:
        """A fixed amount asks for somebody who is open on a day of the period; units are paid
        whenever they are."""
        return period.version["payout_basis"] != "FIXED_EUR" or (
            dealer["opened_on"] <= period.end
            and (dealer["closed_on"] is None or period.start <= dealer["closed_on"])
        )

    @cached_property
    def counting_days(self) -> dict[tuple[str, date, str], list[date]]:
        """By programme, period and dealer: the days of the units that count."""
        found: dict[tuple[str, date, str], list[date]] = {}
        for program_id, periods in self.known.periods.items():
            for (start, dealer_id), units in self.known.units_of(periods).items():
                found[program_id, start, dealer_id] = [
                    unit.event["event_date"] for unit in units if unit.status == "COUNTS"
                ]
        return found

    def units_to_next_tier(self, period: Period, dealer_id: str, sold: int) -> int | None:
        """The fewest further units with which the measure is at the first threshold beyond it."""
        of_one = Fraction(1)
        if period.version["measure"] == "TARGET_ATTAINMENT":
            target = self.known.target_of(period, dealer_id)
            if not target:
                return None
            of_one = Fraction(1, target)
        thresholds = [Fraction(tier["threshold"]) for tier in period.tiers]
        above = [threshold for threshold in thresholds if threshold > sold * of_one]
        return math.ceil(min(above) / of_one) - sold if above else None

    def distance_rows(self) -> Iterator[Row]:
        for key, distance in self.distances.items():
            yield dict(zip(BRAND_KEYS["computed_tier_distances"], key, strict=True)) | {
                "units_to_next_tier": distance.units,
                "program_id": distance.program_id,
            }

    def units_missing(self, discount: Row) -> int | None:
        distance = self.distances.get(distance_key(discount))
        return distance and distance.units

    # -- conflicts ------------------------------------------------------------------------------

    def conflicts(self) -> Iterator[Row]:
        names = BRAND_KEYS["mart_brand_conflict"]
        known = [row for row in self.discounts if self.is_known(row)]
        for key, rows in _by(known, *names).items():
            missing = [units for units in map(self.units_missing, rows) if units is not None]
            rates = [
                Fraction(row["discount_eur"]) / Fraction(row["list_price_eur"]) for row in rows
            ]
            conflicts = [row for row in rows if is_conflict(row)]
            yield dict(zip(names, key, strict=True)) | {
                "brand_code": min(row["brand_code"] for row in rows),
                "invoices": len(rows),
                "mean_discount_rate": stored(mean(rates)),
                "over_limit_rate": rate(sum(row["is_over_limit"] for row in rows), len(rows)),
                "is_premium_window": any(row["is_in_premium_window"] for row in rows),
                "is_conflict": bool(conflicts),
                "conflict_invoices": len(conflicts),
                "discount_eur": sum(row["discount_eur"] for row in rows),
                "units_to_next_tier": min(missing, default=None),
            }

    def conflict_summaries(self) -> Iterator[Row]:
        known = [row for row in self.discounts if self.is_known(row)]
        for key, rows in _by(known, "dealer_id", "brand_code", "invoice_month").items():
            conflicts = sum(is_conflict(row) for row in rows)
            near = [
                row["discount_eur"]
                for row in rows
                if (missing := self.units_missing(row)) is not None and missing <= NEAR_UNITS
            ]
            total = sum(row["discount_eur"] for row in rows)
            given = sum(row["discount_eur"] for row in rows if row["discount_eur"] > 0)
            yield dict(zip(BRAND_KEYS["mart_brand_conflict_summary"], key, strict=True)) | {
                "invoices": len(rows),
                "conflict_invoices": conflicts,
                "conflict_share": rate(conflicts, len(rows)),
                "over_limit_rate": rate(sum(row["is_over_limit"] for row in rows), len(rows)),
                "discount_eur": total,
                "discount_near_tier_eur": sum(near, Decimal("0.00")),
                "near_tier_share": rate(sum(eur for eur in near if eur > 0), given),
            }

    def target_pressures(self) -> Iterator[Row]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.discounts:
            if self.is_known(row):
                found[row["brand_code"], distance_band(self.units_missing(row))].append(row)
        for (brand_code, band), rows in found.items():
            total = sum(row["discount_eur"] for row in rows)
            yield {
                "brand_code": brand_code,
                "distance_band": band,
                "invoices": len(rows),
                "over_limit_rate": rate(sum(row["is_over_limit"] for row in rows), len(rows)),
                "discount_eur": total,
                "mean_discount_eur": euro(total, len(rows)),
            }

    # -- budgets --------------------------------------------------------------------------------

    def budget_allocations(self) -> Iterator[Row]:
        yield from self._allocated(
            BRAND_POSITIONING_COST, None, claimed_cents(BRAND_POSITIONING_COST), self.newest_market
        )
        for campaign in self.campaigns.values():
            if campaign["campaign_id"] == BRAND_POSITIONING_COST:
                continue
            first = month_of(campaign["starts_on"])
            months = {later(first, -n) for n in range(1, MARKET_MONTHS + 1)}
            market = self.market_of(months) or self.newest_market
            cents = int(campaign["budget_eur"] * 100)
            yield from self._allocated(
                campaign["campaign_id"], campaign["brand_code"], cents, market
            )

    @cached_property
    def newest_market(self) -> dict[str, int]:
        months = {row["registration_month"] for row in self.facts.feeds["market__registrations"]}
        return self.market_of(set(sorted(months)[-MARKET_MONTHS:]))

    def market_of(self, months: set[date]) -> dict[str, int]:
        """Registrations of all brands in these months, by district that has any row of them."""
        found: dict[str, int] = defaultdict(int)
        for row in self.facts.feeds["market__registrations"]:
            if row["registration_month"] in months:
                found[row["district_code"]] += row["units"]
        return dict(found)

    def _allocated(
        self, budget_code: str, brand_code: str | None, cents: int, market: dict[str, int]
    ) -> Iterator[Row]:
        for district_code, part in split(cents, market).items():
            yield {
                "budget_code": budget_code,
                "district_code": district_code,
                "brand_code": brand_code,
                "market_units": market[district_code],
                "budget_eur": Decimal(part).scaleb(-2),
            }

    # -- local campaigns ------------------------------------------------------------------------

    @cached_property
    def elements(self) -> dict[str, dict[str, Row]]:
        """By campaign that is known, then by code."""
        found: dict[str, dict[str, Row]] = {campaign_id: {} for campaign_id in self.campaigns}
        for row in self.facts.feeds["oem__campaign_elements"]:
            if row["campaign_id"] in found:
                found[row["campaign_id"]][row["element_code"]] = row
        return found

    @cached_property
    def changed(self) -> dict[str, set[str]]:
        """By local campaign: the elements that the dealer changed."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.facts.feeds["dealer__campaign_changes"]:
            if row["is_changed"]:
                found[row["local_campaign_id"]].add(row["element_code"])
        return found

    @cached_property
    def local_campaigns(self) -> list[Row]:
        return [row for row in self.facts.feeds["dealer__local_campaigns"] if self.is_known(row)]

    @cached_property
    def individualisations(self) -> list[Row]:
        return [self._individualisation(campaign) for campaign in self.local_campaigns]

    def _individualisation(self, campaign: Row) -> Row:
        elements = self.elements.get(campaign["campaign_id"], {})
        codes = self.changed.get(campaign["local_campaign_id"], set())
        changed = [element for code, element in elements.items() if code in codes]
        changed_weight = sum(element["weight"] for element in changed)
        total_weight = sum(element["weight"] for element in elements.values())
        has_locked_change = any(element["is_locked"] for element in changed)
        is_within_limit = changed_weight * 100 <= MOST_CHANGED * total_weight
        same = ("local_campaign_id", "dealer_id", "brand_code", "campaign_id")
        dates = ("submitted_on", "approved_on", "starts_on", "ends_on")
        return {name: campaign[name] for name in same + dates} | {
            "changed_weight": changed_weight,
            "total_weight": total_weight,
            "individualisation_rate": rate(changed_weight, total_weight),
            "has_locked_change": has_locked_change,
            "is_within_limit": is_within_limit,
            "status": "REFUSED"
            if has_locked_change or not is_within_limit
            else self._approval(campaign),
        }

    def _approval(self, campaign: Row) -> str:
        approved_on, starts_on = campaign["approved_on"], campaign["starts_on"]
        is_approved = approved_on is not None and approved_on <= self.today
        if starts_on <= self.today and (not is_approved or approved_on > starts_on):
            return "UNAPPROVED_START"
        return "APPROVED" if is_approved else "PENDING"

    @cached_property
    def leads_of(self) -> dict[str, list[Row]]:
        """By local campaign; a lead belongs to one at most."""
        found: dict[str, list[Row]] = defaultdict(list)
        for lead in self.facts.feeds["dealer__leads"]:
            named = [
                campaign
                for campaign in self.local_campaigns
                if lead["campaign_id"] is not None
                and lead["campaign_id"] in (campaign["local_campaign_id"], campaign["campaign_id"])
                and lead["dealer_id"] == campaign["dealer_id"]
                and lead["brand_code"] == campaign["brand_code"]
            ]
            if named:
                found[choose(named, berlin_day(lead["created_at"]))].append(lead)
        return found

    @cached_property
    def started(self) -> list[Row]:
        """Local campaigns that have begun, with what came of them."""
        return [
            campaign
            | {
                "band": band_of(judged),
                "leads": len(self.leads_of[campaign["local_campaign_id"]]),
                "sold_leads": sum(
                    lead["sold_vin"] is not None
                    for lead in self.leads_of[campaign["local_campaign_id"]]
                ),
            }
            for campaign, judged in zip(self.local_campaigns, self.individualisations, strict=True)
            if campaign["starts_on"] <= self.today
        ]

    def performances(self) -> Iterator[Row]:
        for campaign in self.started:
            band = campaign["band"]
            of_brand = [
                other for other in self.started if other["brand_code"] == campaign["brand_code"]
            ]
            same_band = [other for other in of_brand if band and other["band"] == band]
            other_bands = [
                other for other in of_brand if band and other["band"] and other["band"] != band
            ]
            same = ("local_campaign_id", "dealer_id", "brand_code", "campaign_id")
            figures = ("leads", "sold_leads", "cost_eur", "impressions", "clicks")
            yield {name: campaign[name] for name in same + figures} | {
                "individualisation_band": band,
                "cost_per_lead_eur": cost_per([campaign], "leads"),
                "cost_per_sale_eur": cost_per([campaign], "sold_leads"),
                "band_cost_per_lead_eur": cost_per(same_band, "leads"),
                "other_bands_cost_per_lead_eur": cost_per(other_bands, "leads"),
                "band_cost_per_sale_eur": cost_per(same_band, "sold_leads"),
                "other_bands_cost_per_sale_eur": cost_per(other_bands, "sold_leads"),
            }

    def band_performances(self) -> Iterator[Row]:
        banded = [campaign for campaign in self.started if campaign["band"]]
        for (brand_code, band), campaigns in _by(banded, "brand_code", "band").items():
            counted = [
                campaign
                for campaign in campaigns
                if campaign["impressions"] is not None and campaign["clicks"] is not None
            ]
            yield {
                "brand_code": brand_code,
                "individualisation_band": band,
                "campaigns": len(campaigns),
                "leads": sum(campaign["leads"] for campaign in campaigns),
                "sold_leads": sum(campaign["sold_leads"] for campaign in campaigns),
                "cost_eur": sum(campaign["cost_eur"] for campaign in campaigns),
                "cost_per_lead_eur": cost_per(campaigns, "leads"),
                "cost_per_sale_eur": cost_per(campaigns, "sold_leads"),
                "click_rate": rate(
                    sum(campaign["clicks"] for campaign in counted),
                    sum(campaign["impressions"] for campaign in counted),
                ),
            }

    # -- pilots ---------------------------------------------------------------------------------

    def windows(self, pilot: Row) -> tuple[list[date], list[date]]:
        """The months before and after, as many of each."""
        return pilot_windows(pilot["starts_on"], pilot["ends_on"], self.today)

    @cached_property
    def changes(self) -> dict[str, dict[str, Change]]:
        """By pilot and dealer: those who count."""
        arms: dict[tuple[str, str], list[Row]] = _by(
            self.facts.feeds["oem__pilot_members"], "pilot_id", "dealer_id"
        )
        found: dict[str, dict[str, Change]] = {pilot_id: {} for pilot_id in self.pilots}
        for (pilot_id, dealer_id), rows in arms.items():
            pilot = self.pilots.get(pilot_id)
            if pilot is None or self.is_moved(pilot, dealer_id):
                continue
            assert len({row["arm"] for row in rows}) == 1
            joined_on = min(row["joined_on"] for row in rows)
            change = self._change(pilot, dealer_id, rows[0]["arm"], joined_on)
            if change is not None:
                found[pilot_id][dealer_id] = change
        return found

    def is_moved(self, pilot: Row, dealer_id: str) -> bool:
        """Whether the dealer was given another arm since the pilot started."""
        days = self.moves.get((pilot["pilot_id"], dealer_id), [])
        return any(day >= pilot["starts_on"] for day in days)

    def _change(self, pilot: Row, dealer_id: str, arm: str, joined_on: date) -> Change | None:
        before, after = self.windows(pilot)
        if not after or joined_on > after[0]:
            return None
        if (dealer_id, pilot["brand_code"]) not in self.facts.dealers:
            return None
        means = [mean(self.values_of(pilot, dealer_id, months)) for months in (before, after)]
        if None in means:
            return None
        sign = -1 if KPIS[pilot["kpi_code"]].direction == "LOWER" else 1
        return Change(arm, *map(stored, means), stored(sign * (means[1] - means[0])))

    def values_of(self, pilot: Row, dealer_id: str, months: list[date]) -> list[Fraction]:
        """The KPI as it is shown, of the months that have one."""
        kpi = KPIS.get(pilot["kpi_code"])
        if kpi is None:
            return []
        cells = [Cell(dealer_id, pilot["brand_code"], month) for month in months]
        measures = [kpi.measure(self.facts, cell) for cell in cells]
        return [Fraction(stored(actual)) for actual, n in measures if actual is not None and n]

    def change_rows(self) -> Iterator[Row]:
        for pilot_id, of_pilot in self.changes.items():
            for dealer_id, change in of_pilot.items():
                yield {
                    "pilot_id": pilot_id,
                    "dealer_id": dealer_id,
                    "arm": change.arm,
                    "kpi_code": self.pilots[pilot_id]["kpi_code"],
                    "before_value": change.before,
                    "after_value": change.after,
                    "change": change.change,
                }

    def pilot_effects(self) -> Iterator[Row]:
        for pilot_id, pilot in self.pilots.items():
            of_arm = {
                arm: [change for change in self.changes[pilot_id].values() if change.arm == arm]
                for arm in ARMS
            }
            uplift, low, high = (
                stored(value if value is None else Fraction(value))
                for value in difference(
                    *([Fraction(change.change) for change in of_arm[arm]] for arm in ARMS)
                )
            )
            means = {
                f"{arm.lower()}_{side}": mean([Fraction(getattr(c, side)) for c in of_arm[arm]])
                for arm in ARMS
                for side in ("before", "after")
            }
            counts = [len(of_arm[arm]) for arm in ARMS]
            is_enough = min(counts) >= pilot["min_dealers"]
            base = stored(means["pilot_before"])
            same = ("pilot_id", "pilot_name", "brand_code", "kpi_code", "starts_on", "ends_on")
            yield {name: pilot[name] for name in same} | {
                "window_months": len(self.windows(pilot)[1]),
                "pilot_dealers": counts[0],
                "control_dealers": counts[1],
                **{name: stored(value) for name, value in means.items()},
                "uplift": uplift,
                "ci_low": low,
                "ci_high": high,
                "relative_uplift_rate": None if uplift is None else rate(uplift, abs(base)),
                "success_uplift_rate": pilot["success_uplift_rate"],
                "min_dealers": pilot["min_dealers"],
                "is_enough_dealers": is_enough,
                "recommendation": recommend(
                    is_enough, uplift, low, high, pilot["success_uplift_rate"]
                ),
            }

    def pilot_rollouts(self) -> Iterator[Row]:
        for pilot_id, rollouts in _by(self.facts.feeds["oem__pilot_rollouts"], "pilot_id").items():
            pilot = self.pilots.get(*pilot_id)
            if pilot is None:
                continue
            rollouts = [
                row for row in rollouts if self.is_known(row | {"brand_code": pilot["brand_code"]})
            ]
            days = [row[name] for row in rollouts for name in ("planned_on", "live_on")]
            month = month_of(min((day for day in days if day), default=date.max))
            while month <= self.today:
                yield self._rollout(pilot, rollouts, month)
                month = later(month, 1)

    def _rollout(self, pilot: Row, rollouts: list[Row], month: date) -> Row:
        end = last_day(month)
        known_until = min(end, self.today)
        due = [row for row in rollouts if row["planned_on"] <= known_until]
        live = [row for row in rollouts if row["live_on"] and row["live_on"] <= known_until]
        open_live = [
            row
            for row in live
            if self.is_open(self.facts.dealers[row["dealer_id"], pilot["brand_code"]], end)
        ]
        network = sum(
            brand_code == pilot["brand_code"] and self.is_open(dealer, end)
            for (_, brand_code), dealer in self.facts.dealers.items()
        )
        return {
            "pilot_id": pilot["pilot_id"],
            "month": month,
            "brand_code": pilot["brand_code"],
            "planned_dealers": sum(row["planned_on"] <= end for row in rollouts),
            "live_dealers": len(live),
            "late_dealers": sum(row not in live for row in due),
            "network_dealers": network,
            "live_rate": rate(len(open_live), network),
        }

    # -- the claims of the article --------------------------------------------------------------

    def benchmarks(self) -> Iterator[Row]:
        rates = [
            row["individualisation_rate"]
            for row in self.individualisations
            if row["individualisation_rate"] is not None
            and row["approved_on"] is not None
            and row["approved_on"] <= self.today
        ]
        yield {
            "claim_code": CAMPAIGN_INDIVIDUALISATION,
            "measured_value": max(rates, default=None),
            "sample_count": len(rates),
            "measured_as_of": self.today if rates else None,
        }
        year = self.today.year - 1
        budgets = [
            row["budget_eur"] for row in self.campaigns.values() if row["starts_on"].year == year
        ]
        yield {
            "claim_code": BRAND_POSITIONING_COST,
            "measured_value": sum(budgets) if budgets else None,
            "sample_count": len(budgets),
            "measured_as_of": date(year, 12, 31) if budgets else None,
        }


# -- rules that need no facts -----------------------------------------------------------------


def distance_key(discount: Row) -> tuple[str, str, str, str, date]:
    names = ("dealer_id", "brand_code", "segment_code", "powertrain_code", "invoice_date")
    return tuple(discount[name] for name in names)


def fits(period: Period, segment_code: str, powertrain_code: str) -> bool:
    """Whether models of the segment and powertrain count for the programme."""
    asked = period.version["segment_code"], period.version["powertrain_code"]
    return asked[0] in (None, segment_code) and asked[1] in (None, powertrain_code)


def distance_band(units: int | None) -> str:
    if units is None:
        return "NONE"
    if units <= 2:
        return "1-2"
    if units <= 5:
        return "3-5"
    return "6-10" if units <= 10 else "OVER_10"


def moves_of_members(settings: Settings) -> dict[tuple[str, str], list[date]]:
    """By pilot and dealer the days in Berlin of the deliveries that gave him another arm than the
    delivery before."""
    loaded = {
        delivery.batch_id
        for delivery in read_deliveries(settings)
        if delivery.feed == "oem__pilot_members"
        and delivery.status == "LOADED"
        and delivery.accepted_rows
    }
    rows = [
        row
        for batch_id in loaded
        for row in pq.ParquetFile(raw_path(settings, "oem__pilot_members", batch_id))
        .read()
        .to_pylist()
        if not row["is_deleted"]
    ]
    rows.sort(key=lambda row: (row["_delivered_at"], row["_loaded_at"], row["_source_file"]))
    found: dict[tuple[str, str], list[date]] = defaultdict(list)
    arms: dict[tuple[str, str], str] = {}
    for row in rows:
        key = row["pilot_id"], row["dealer_id"]
        if arms.get(key, row["arm"]) != row["arm"]:
            found[key].append(berlin_day(row["_delivered_at"]))
        arms[key] = row["arm"]
    return dict(found)


def is_conflict(discount: Row) -> bool:
    return discount["is_over_limit"] and discount["is_in_premium_window"]


def choose(campaigns: list[Row], day: date) -> str:
    """Of local campaigns to which a lead of a day may belong: the one that runs on that day, else
    the one that started last before, else the first to start; of equal ones the smaller id."""
    running = [c for c in campaigns if c["starts_on"] <= day <= c["ends_on"]]
    if running:
        return min(c["local_campaign_id"] for c in running)
    before = [c for c in campaigns if c["starts_on"] <= day]
    pick: Callable = max if before else min
    start = pick(c["starts_on"] for c in before or campaigns)
    return min(c["local_campaign_id"] for c in campaigns if c["starts_on"] == start)


def band_of(judged: Row) -> str | None:
    """How much of a campaign is changed; None of a campaign without weights."""
    changed, total = judged["changed_weight"], judged["total_weight"]
    if not total:
        return None
    if changed == 0:
        return BANDS[0]
    for band, most in zip(BANDS[1:], (10, 20, 30), strict=False):
        if changed * 100 <= most * total:
            return band
    return BANDS[-1]


def cost_per(campaigns: list[Row], figure: str) -> Decimal | None:
    cost = sum(campaign["cost_eur"] for campaign in campaigns)
    return euro(cost, sum(campaign[figure] for campaign in campaigns))


def pilot_windows(
    starts_on: date, ends_on: date | None, today: date
) -> tuple[list[date], list[date]]:
    """The whole months that the pilot ran until its end or the end of the month before today's,
    and as many months before the month in which it started."""
    last = month_of(today) - DAY
    if ends_on is not None:
        last = min(last, ends_on)
    after = []
    month = starts_on if starts_on.day == 1 else later(month_of(starts_on), 1)
    while last_day(month) <= last:
        after.append(month)
        month = later(month, 1)
    before = [later(month_of(starts_on), n) for n in range(-len(after), 0)]
    return before, after


def recommend(
    is_enough: bool,
    uplift: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    success: Decimal,
) -> str:
    if not is_enough or low is None or high is None:
        return "CONTINUE"
    if low > 0 and uplift >= success:
        return "ROLL_OUT"
    return "STOP" if high < 0 else "CONTINUE"


def _by(rows: Iterable[Row], *names: str) -> dict[tuple, list[Row]]:
    found: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return found
