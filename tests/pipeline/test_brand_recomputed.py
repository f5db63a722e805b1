"""The marts of brand, campaigns and pilots against the spec written down a second time, in plain
Python.

The recomputation in `tests/support/brand_recomputed.py` is held against the golden figures of the
spec and cases worked out by hand. Then random worlds are built by the warehouse and by the
product's Python, load by load, and every column of every mart has to be what the recomputation
says.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import t as student

from orchestration.computed.brand import compute_brand
from orchestration.computed.incentives import compute_incentives
from orchestration.settings import Settings
from tests.support.brand_recomputed import (
    BANDS,
    BRAND_KEYS,
    NEAR_UNITS,
    UNIT_MEASURES,
    Brand,
    Marts,
    Row,
    brand_marts,
    choose,
    difference,
    fits,
    pilot_windows,
    recommend,
    recompute_brand,
    split,
)
from tests.support.incentives_recomputed import Known, known_now, post_all_closes, refusal
from tests.support.lake import Lake
from tests.support.random_brand import RESERVED, TODAYS, random_brand_load, random_brand_world
from tests.support.random_incentives import World, random_world, write
from tests.support.recomputed import KPIS, Facts, last_day
from tests.support.service_recomputed import berlin_day
from tests.support.warehouse import build, fetch, new_settings, run_money

SEEDS = (1, 3)
SLOW_SEEDS = range(900, 906)
MONEY_SEEDS = (21, 22)

# -- cases by hand ----------------------------------------------------------------------------

NOW = datetime(2024, 5, 15, 10)
TODAY = NOW.date()
DAY = timedelta(days=1)


def facts(**feeds: list[Row]) -> Facts:
    """What holds, feed by feed; dealers D1 to D4 of AURA are open and M1 may be discounted by a
    tenth if nothing else is given."""
    every: dict[str, list[Row]] = defaultdict(list)
    every["oem__dealers"] = [dealer(f"D{number}") for number in range(1, 5)]
    every["oem__vehicle_models"] = [
        {
            "model_code": "M1",
            "brand_code": "AURA",
            "segment_code": "SUV",
            "powertrain_code": "BEV",
            "max_discount_rate": Decimal("0.1"),
        }
    ]
    return Facts([], every | {feed: rows for feed, rows in feeds.items()})


def dealer(dealer_id: str, **changes: Any) -> Row:
    return {
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "opened_on": date(2000, 1, 1),
        "closed_on": None,
    } | changes


def rows_of(mart: str, given: Facts, as_of: datetime = NOW) -> list[Row]:
    return list(brand_marts(Brand(given, as_of))[mart].values())


def event(number: int, kind: str, day: date, **changes: Any) -> Row:
    return {
        "event_id": f"{kind}{number}",
        "dealer_id": "D1",
        "brand_code": "AURA",
        "vin": f"VIN{number}",
        "event_type": kind,
        "event_date": day,
        "model_code": "M1",
        "holder_type": "PRIVATE",
        "list_price_eur": Decimal("40000.00"),
        "net_price_eur": Decimal("40000.00"),
    } | changes


def campaign(campaign_id: str, **changes: Any) -> Row:
    return {
        "campaign_id": campaign_id,
        "brand_code": "AURA",
        "starts_on": date(2024, 3, 25),
        "ends_on": date(2024, 3, 31),
        "budget_eur": Decimal("100.00"),
        "is_premium": True,
    } | changes


def test_a_discount_at_the_limit_is_within_it_and_a_cent_more_is_a_conflict_in_the_window() -> None:
    sold = {
        1: ("36000.00", date(2024, 3, 31)),  # a tenth
        2: ("35999.99", date(2024, 3, 31)),
        3: ("35999.99", date(2024, 3, 24)),  # the day before the window, the week before
        4: ("41000.00", date(2024, 4, 1)),  # dearer than the list, the week after
    }
    invoices = [
        event(number, "INVOICE", day, net_price_eur=Decimal(price))
        for number, (price, day) in sold.items()
    ]
    given = facts(dealer__vehicle_events=invoices, oem__brand_campaigns=[campaign("K1")])
    rows = {
        (row["iso_year"], row["iso_week"]): row for row in rows_of("mart_brand_conflict", given)
    }
    assert sorted(rows) == [(2024, 12), (2024, 13), (2024, 14)]
    assert [rows[2024, week]["is_conflict"] for week in (12, 13, 14)] == [False, True, False]
    assert [rows[2024, week]["is_premium_window"] for week in (12, 13, 14)] == [False, True, False]
    assert [rows[2024, week]["over_limit_rate"] for week in (12, 13, 14)] == [1, Decimal("0.5"), 0]
    assert rows[2024, 13]["conflict_invoices"] == 1
    assert rows[2024, 13]["mean_discount_rate"] == Decimal("0.100000")
    assert rows[2024, 14]["mean_discount_rate"] == Decimal("-0.025000")
    assert [row["discount_eur"] for row in rows_of("mart_brand_conflict_summary", given)] == [
        Decimal("12000.02"),
        Decimal("-1000.00"),
    ]


def test_the_first_days_of_a_year_may_belong_to_the_last_week_of_the_year_before() -> None:
    invoices = [event(1, "INVOICE", date(2021, 1, 3)), event(2, "INVOICE", date(2019, 12, 30))]
    rows = rows_of("mart_brand_conflict", facts(dealer__vehicle_events=invoices))
    assert [(row["iso_year"], row["iso_week"]) for row in rows] == [(2020, 53), (2020, 1)]


PROGRAM = {
    "program_id": "P1",
    "version": 1,
    "brand_code": "AURA",
    "period_grain": "QUARTER",
    "measure": "UNITS_REGISTERED",
    "measure_kpi_code": None,
    "payout_basis": "EUR_PER_UNIT",
    "tier_mode": "RETROACTIVE",
    "segment_code": None,
    "powertrain_code": None,
    "requires_strong_market": False,
    "gate_kpi_code": None,
    "gate_min_value": None,
    "hold_days": None,
    "grace_days": 0,
    "valid_from": date(2024, 1, 1),
    "valid_to": None,
    "announced_on": date(2023, 12, 1),
    "consented_on": None,
    "approved_by_1": "a",
    "approved_by_2": "b",
}


def tiers(*thresholds: str, program_id: str = "P1") -> list[Row]:
    return [
        {
            "program_id": program_id,
            "version": 1,
            "tier_no": number,
            "threshold": Decimal(threshold),
            "rate": Decimal(1),
        }
        for number, threshold in enumerate(thresholds, start=1)
    ]


@pytest.mark.parametrize(
    ("sold_before", "expected"), [(0, 3), (1, 2), (2, 1), (3, 4), (6, 1), (7, None), (9, None)]
)
def test_units_missing_are_counted_to_the_first_threshold_beyond(
    sold_before: int, expected: int | None
) -> None:
    """Thresholds 3 and 6.5; what is registered on the day itself is not there yet."""
    day = date(2024, 3, 20)
    sold = [event(number, "REGISTRATION", day - DAY) for number in range(sold_before)]
    sold += [event(number, "REGISTRATION", day) for number in range(20, 25)]
    given = facts(
        dealer__vehicle_events=[*sold, event(90, "INVOICE", day)],
        oem__incentive_programs=[PROGRAM],
        oem__incentive_tiers=tiers("3", "6.5"),
    )
    assert [r["units_to_next_tier"] for r in rows_of("mart_brand_conflict", given)] == [expected]
    summary = rows_of("mart_brand_conflict_summary", given)[0]
    assert summary["near_tier_share"] is None  # nothing was given away


def test_the_nearest_of_several_programmes_presses() -> None:
    day = date(2024, 3, 20)
    others = [
        PROGRAM | {"program_id": "P2", "measure": "TARGET_ATTAINMENT"},
        PROGRAM | {"program_id": "P3", "brand_code": "BOREA"},
        PROGRAM | {"program_id": "P4", "measure": "KPI", "measure_kpi_code": "CSI"},
        PROGRAM | {"program_id": "P5", "measure": "REVENUE_NET"},
        PROGRAM | {"program_id": "P6", "valid_to": date(2023, 12, 31)},
    ]
    target = {
        "dealer_id": "D1",
        "brand_code": "AURA",
        "quarter_start": date(2024, 1, 1),
        "segment_code": "SUV",
        "powertrain_code": "BEV",
        "version": 1,
        "base_units": 10,
        "min_purchase_units": 0,
        "max_units": None,
        "announced_on": date(2023, 12, 1),
        "consented_on": None,
    }
    steps = tiers("9") + tiers("0.55", "2", program_id="P2")
    steps += [tier for n in (3, 4, 5, 6) for tier in tiers("1", program_id=f"P{n}")]
    invoice = event(1, "INVOICE", day, net_price_eur=Decimal("39000.00"))
    given = facts(
        dealer__vehicle_events=[invoice],
        oem__incentive_programs=[PROGRAM, *others],
        oem__incentive_tiers=steps,
        oem__sales_targets=[target],
    )
    [found] = rows_of("computed_tier_distances", given)
    assert (found["units_to_next_tier"], found["program_id"]) == (6, "P2")
    [summary] = rows_of("mart_brand_conflict_summary", given)
    assert (summary["discount_near_tier_eur"], summary["near_tier_share"]) == (0, 0)


def market(month: date, district_code: str, units: int) -> Row:
    return {
        "registration_month": month,
        "district_code": district_code,
        "brand_code": "OTHER",
        "units": units,
    }


def test_the_cost_of_positioning_is_shared_out_to_the_cent() -> None:
    given = facts(
        market__registrations=[
            market(date(2024, 4, 1), "11000", 1),
            market(date(2024, 3, 1), "09162", 1),
            market(date(2023, 4, 1), "02000", 1),
            market(date(2022, 4, 1), "05315", 5),
        ],
        oem__brand_campaigns=[
            campaign("K1", starts_on=date(2024, 4, 1)),  # April 2023 to March 2024
            campaign("K2", starts_on=date(2022, 4, 30), budget_eur=Decimal("0.05")),
        ],
    )
    rows = rows_of("mart_brand_budget_allocation", given)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row["budget_code"]][row["district_code"]] = str(row["budget_eur"])
    # only four months have market data, so all of them are among the twelve newest
    quarters = {"11000": "100000000.00", "09162": "100000000.00", "02000": "100000000.00"}
    assert found["BRAND_POSITIONING_COST"] == quarters | {"05315": "500000000.00"}
    assert found["K1"] == {"09162": "50.00", "02000": "50.00"}
    # no market before April 2022: the newest months; of 0.625 cents each the last has none
    assert found["K2"] == {"11000": "0.00", "09162": "0.01", "02000": "0.01", "05315": "0.03"}


@pytest.mark.parametrize(
    ("cents", "weights", "expected"),
    [
        (1_000_000, [1, 1, 1], [333_334, 333_333, 333_333]),
        (80_000_000_000, [1, 2, 3], [13_333_333_333, 26_666_666_667, 40_000_000_000]),
        (7, [0, 0], [4, 3]),
        (1, [1, 3, 0], [0, 1, 0]),
    ],
)
def test_what_is_split_sums_to_the_cent(
    cents: int, weights: list[int], expected: list[int]
) -> None:
    assert list(split(cents, dict(zip("abc", weights, strict=False))).values()) == expected


def local(number: int, **changes: Any) -> Row:
    return {
        "local_campaign_id": f"L{number}",
        "dealer_id": "D1",
        "brand_code": "AURA",
        "campaign_id": "K1",
        "submitted_on": TODAY - 20 * DAY,
        "approved_on": TODAY - 10 * DAY,
        "starts_on": TODAY - 5 * DAY,
        "ends_on": TODAY + 5 * DAY,
        "cost_eur": Decimal("100.00"),
        "impressions": 1000,
        "clicks": 10,
    } | changes


def changes_of(number: int, codes: str) -> list[Row]:
    return [
        {"local_campaign_id": f"L{number}", "element_code": code, "is_changed": True}
        for code in codes
    ]


ELEMENTS = [
    {"campaign_id": "K1", "element_code": code, "weight": weight, "is_locked": code == "z"}
    for code, weight in {"a": 30, "b": 1, "c": 10, "d": 58, "z": 1}.items()
]


@pytest.mark.parametrize(
    ("codes", "changed", "status", "band"),
    [
        ("", 0, "APPROVED", "0"),
        ("?", 0, "APPROVED", "0"),
        ("b", 1, "APPROVED", "1-10"),
        ("c", 10, "APPROVED", "1-10"),
        ("bc", 11, "APPROVED", "11-20"),
        ("a", 30, "APPROVED", "21-30"),
        ("ab", 31, "REFUSED", "OVER_30"),
        ("z", 1, "REFUSED", "1-10"),  # locked
    ],
)
def test_thirty_of_a_hundred_pass_and_thirty_one_fail(
    codes: str, changed: int, status: str, band: str
) -> None:
    given = facts(
        oem__brand_campaigns=[campaign("K1")],
        oem__campaign_elements=ELEMENTS,
        dealer__local_campaigns=[local(1)],
        dealer__campaign_changes=changes_of(1, codes),
    )
    [row] = rows_of("mart_campaign_individualisation", given)
    assert (row["changed_weight"], row["total_weight"], row["status"]) == (changed, 100, status)
    [row] = rows_of("mart_campaign_performance", given)
    assert row["individualisation_band"] == band


@pytest.mark.parametrize(
    ("approved_on", "starts_on", "status"),
    [
        (TODAY, TODAY, "APPROVED"),
        (TODAY, TODAY - DAY, "UNAPPROVED_START"),
        (TODAY + DAY, TODAY + DAY, "PENDING"),
        (TODAY, TODAY + DAY, "APPROVED"),
        (TODAY + DAY, TODAY, "UNAPPROVED_START"),
        (None, TODAY, "UNAPPROVED_START"),
        (None, TODAY + DAY, "PENDING"),
    ],
)
def test_what_starts_before_it_is_approved_is_flagged(
    approved_on: date | None, starts_on: date, status: str
) -> None:
    unknown = local(1, campaign_id="K9", approved_on=approved_on, starts_on=starts_on)
    given = facts(dealer__local_campaigns=[unknown, local(2, dealer_id="D9")])
    [row] = rows_of("mart_campaign_individualisation", given)
    assert (row["status"], row["total_weight"], row["is_within_limit"]) == (status, 0, True)
    assert row["individualisation_rate"] is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 3, 31), "L2"),  # before all: the first to start
        (date(2024, 4, 1), "L2"),
        (date(2024, 4, 10), "L2"),
        (date(2024, 4, 11), "L2"),  # none runs: the one that started last before
        (date(2024, 4, 20), "L1"),
        (date(2024, 4, 25), "L1"),  # two run
        (date(2024, 5, 2), "L3"),
        (date(2024, 5, 20), "L3"),
    ],
)
def test_a_lead_belongs_to_the_campaign_that_runs_else_to_the_last_before(
    day: date, expected: str
) -> None:
    running = {
        2: (date(2024, 4, 1), date(2024, 4, 10)),
        1: (date(2024, 4, 20), date(2024, 5, 1)),
        3: (date(2024, 4, 25), date(2024, 5, 10)),
    }
    given = [local(number, starts_on=a, ends_on=b) for number, (a, b) in running.items()]
    assert choose(given, day) == expected


def lead(number: int, campaign_id: str | None, **changes: Any) -> Row:
    return {
        "lead_id": f"A{number}",
        "dealer_id": "D1",
        "brand_code": "AURA",
        "campaign_id": campaign_id,
        "created_at": NOW - 2 * DAY,
        "first_response_at": None,
        "sold_vin": None,
    } | changes


def test_costs_are_per_lead_of_the_band_and_of_the_others() -> None:
    given = facts(
        oem__brand_campaigns=[campaign("K1"), campaign("K2")],
        oem__campaign_elements=ELEMENTS
        + [{"campaign_id": "K2", "element_code": "a", "weight": 100, "is_locked": False}],
        dealer__local_campaigns=[
            local(1),
            local(2, campaign_id="K2"),
            local(3, dealer_id="D2", cost_eur=Decimal("0.05")),
            local(4, dealer_id="D3", campaign_id="K9"),
            local(5, dealer_id="D3", starts_on=TODAY + DAY),
        ],
        dealer__campaign_changes=changes_of(3, "a"),
        dealer__leads=[
            lead(1, "L1", sold_vin="V"),
            lead(2, "K1"),
            lead(3, "K1", dealer_id="D2"),
            lead(4, "L1", dealer_id="D2"),  # another's
            lead(5, "L3", dealer_id="D2", sold_vin="V"),
            lead(6, None),
        ],
    )
    rows = {row["local_campaign_id"]: row for row in rows_of("mart_campaign_performance", given)}
    assert sorted(rows) == ["L1", "L2", "L3", "L4"]
    assert [rows[name]["leads"] for name in sorted(rows)] == [2, 0, 2, 0]
    assert rows["L1"]["cost_per_lead_eur"] == Decimal("50.00")
    assert rows["L3"]["cost_per_lead_eur"] == Decimal("0.03")
    assert rows["L1"]["band_cost_per_lead_eur"] == Decimal("100.00")  # of two campaigns
    assert rows["L1"]["other_bands_cost_per_lead_eur"] == Decimal("0.03")
    assert rows["L3"]["other_bands_cost_per_sale_eur"] == Decimal("200.00")
    assert rows["L4"]["band_cost_per_lead_eur"] is None


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "before", "after"),
    [
        (date(2024, 2, 1), None, (11, 1), (2, 4)),
        (date(2024, 2, 2), None, (12, 1), (3, 4)),
        (date(2024, 2, 29), date(2024, 4, 30), (12, 1), (3, 4)),
        (date(2024, 2, 29), date(2024, 4, 29), (1, 1), (3, 3)),
        (date(2024, 4, 2), None, None, None),
        (date(2024, 5, 1), None, None, None),
        (date(2024, 3, 1), date(2024, 2, 1), None, None),
    ],
)
def test_windows_are_whole_months_and_equally_long(
    starts_on: date, ends_on: date | None, before: tuple | None, after: tuple | None
) -> None:
    months = pilot_windows(starts_on, ends_on, TODAY)
    assert len(months[0]) == len(months[1])
    found = [(m[0].month, m[-1].month) if m else None for m in months]
    assert found == [before, after]


@pytest.mark.parametrize(
    ("is_enough", "uplift", "interval", "expected"),
    [
        (True, "0.10", ("0.01", "0.19"), "ROLL_OUT"),
        (True, "0.09", ("0.01", "0.19"), "CONTINUE"),
        (True, "0.10", ("0", "0.2"), "CONTINUE"),
        (False, "0.10", ("0.01", "0.19"), "CONTINUE"),
        (True, "-0.10", ("-0.2", "-0.01"), "STOP"),
        (False, "-0.10", ("-0.2", "-0.01"), "CONTINUE"),
        (True, "-0.10", ("-0.2", "0"), "CONTINUE"),
    ],
)
def test_what_is_recommended(
    is_enough: bool, uplift: str, interval: tuple[str, str], expected: str
) -> None:
    low, high = map(Decimal, interval)
    found = recommend(is_enough, Decimal(uplift), low, high, Decimal("0.10"))
    assert found == expected
    assert recommend(is_enough, Decimal(uplift), None, None, Decimal("0.10")) == "CONTINUE"


def test_the_interval_is_that_of_welch() -> None:
    """Worked out by hand: variances 1 and 4 of three each are 5/3 together, with 50/17 degrees of
    freedom."""
    estimate, low, high = difference([4, 5, 6], [0, 2, 4])
    reach = student.ppf(0.975, 50 / 17) * (5 / 3) ** 0.5
    assert (estimate, low, high) == (3, pytest.approx(3 - reach), pytest.approx(3 + reach))
    assert difference([1], [0, 2]) == (0, None, None)
    assert difference([1, 1], [0, 0]) == (1, 1, 1)
    assert difference([], [0, 0]) == (None, None, None)


def test_dealers_who_joined_late_do_not_count_and_less_of_a_lower_kpi_is_more() -> None:
    def case(number: int, dealer_id: str, month: int, took: int) -> Row:
        opened_at = datetime(2024, month, 10)
        return {
            "case_id": f"C{number}",
            "dealer_id": dealer_id,
            "brand_code": "AURA",
            "opened_at": opened_at,
            "resolved_at": opened_at + timedelta(hours=took),
        }

    taken = {"D1": (10, 4), "D2": (10, 8), "D3": (10, 10), "D4": (10, 1)}
    cases = [
        case(n, dealer_id, month, took)
        for n, (dealer_id, hours) in enumerate(taken.items())
        for month, took in zip((3, 4), hours, strict=True)
    ]
    arms = {"D1": "PILOT", "D2": "PILOT", "D3": "CONTROL", "D4": "CONTROL"}
    pilot = {
        "pilot_id": "T1",
        "pilot_name": "Showroom",
        "brand_code": "AURA",
        "kpi_code": "CASE_CYCLE_HOURS",
        "starts_on": date(2024, 4, 1),
        "ends_on": None,
        "success_uplift_rate": Decimal("0.1"),
        "min_dealers": 2,
    }
    members = [
        {
            "pilot_id": "T1",
            "dealer_id": dealer_id,
            "arm": arm,
            "joined_on": date(2024, 4, 2 if dealer_id == "D4" else 1),
        }
        for dealer_id, arm in arms.items()
    ]
    feeds = {"oem__pilots": [pilot], "oem__pilot_members": members}
    [row] = rows_of("mart_pilot_effect", facts(dealer__cases=_numbered(cases), **feeds))
    assert (row["pilot_dealers"], row["control_dealers"]) == (2, 1)
    assert (row["pilot_before"], row["pilot_after"]) == (10, 6)
    assert (row["uplift"], row["relative_uplift_rate"]) == (4, Decimal("0.4"))
    assert (row["ci_low"], row["is_enough_dealers"], row["recommendation"]) == (
        None,
        False,
        "CONTINUE",
    )


def _numbered(cases: list[Row]) -> list[Row]:
    return [row | {"case_id": f"C{number}"} for number, row in enumerate(cases)]


# -- random worlds, built by the warehouse ----------------------------------------------------


def steps(folder: Path, seed: int, loads: int) -> Iterator[Settings]:
    """A random world, and what becomes of it load by load, each seen on another day around the
    turn of the year."""
    rng = random.Random(seed)
    settings = new_settings(folder)
    lake = Lake(settings)
    lake.load(*random_brand_world(rng))
    for number in range(loads + 1):
        if number:
            lake.load(*random_brand_load(rng), is_committed=rng.random() < 0.9)
        yield replace(settings, as_of=TODAYS[number % len(TODAYS)])


PATHS = [
    f"+path:models/{layer}/{domain}"
    for layer, domain in (
        *(("marts", "brand"), ("marts", "pilots")),
        *(("intermediate", "brand"), ("intermediate", "pilots"), ("intermediate", "incentives")),
    )
]
CLAIMS = ("int_benchmarks__measure_campaigns", "int_benchmarks__measure_brand_budget")
COMPUTED = ("tier_distances", "budget_allocations", "pilot_effects")


def build_brand(settings: Settings) -> None:
    """The marts of brand, campaigns and pilots, all that they are made from, and what the outlook
    of incentives is made from."""
    claims = [f"+{model}" for model in CLAIMS]
    not_yet = ("--exclude", "source:computed+", "resource_type:test", "resource_type:unit_test")
    build(settings, "build", "--select", *PATHS, *claims, *not_yet)
    compute_brand(settings)
    compute_incentives(settings)
    beyond = [f"source:computed.{name}+" for name in COMPUTED]
    build(settings, "run", "--select", *beyond)


SQL = {
    "kpi_brand_consistency": """
        select dealer_id, brand_code, score_month,
            actual_numerator as numerator, actual_denominator as denominator,
            sample_numerator / sample_denominator as n
        from intermediate.int_kpis__measure_invoices
    """,
    "computed_tier_distances": """
        select * from read_parquet('{computed}/tier_distances/*.parquet')
        where units_to_next_tier is not null
    """,
    "benchmarks": " union all ".join(
        f"select claim_code, measured_value, sample_count, measured_as_of from intermediate.{model}"
        for model in CLAIMS
    ),
}
"""How what is no table of its own is read."""


def made_rows(settings: Settings, mart: str) -> list[Row]:
    schema = "intermediate" if mart.startswith("int_") else "marts"
    query = SQL.get(mart, f"select * from {schema}.{mart}")
    rows = fetch(settings, query.format(computed=settings.computed))
    if mart == "kpi_brand_consistency":
        for row in rows:
            share = Fraction(row.pop("numerator")) / Fraction(row.pop("denominator"))
            row["actual"] = round(Decimal(share.numerator) / share.denominator, 6)
    return rows


IN_FLOATS = {"ci_low", "ci_high"}
"""Statistics: a half may be rounded either way."""
LEAST = Decimal("0.000001")


def is_alike(column: str, expected: Any, found: Any) -> bool:
    if column in IN_FLOATS and expected is not None and found is not None:
        return abs(expected - found) <= LEAST
    return expected == found


def differences(settings: Settings, marts: Marts) -> list[str]:
    """What was made otherwise than the recomputation, one line per value, row or column."""
    found = []
    for mart, expected in marts.items():
        rows = made_rows(settings, mart)
        made = {tuple(row[name] for name in BRAND_KEYS[mart]): row for row in rows}
        assert len(made) == len(rows), f"{mart} has a key twice"
        found += [f"{mart} {key}: has no row" for key in expected.keys() - made.keys()]
        found += [f"{mart} {key}: is a row too many" for key in made.keys() - expected.keys()]
        for key in expected.keys() & made.keys():
            named = expected[key].keys() if mart.startswith("int_") else made[key].keys()
            for column in expected[key].keys() ^ named | expected[key].keys() - made[key].keys():
                found.append(f"{mart} {column}: is a column of one of both")
            for column in expected[key].keys() & made[key].keys():
                values = expected[key][column], made[key][column]
                if not is_alike(column, *values):
                    found.append(f"{mart} {key} {column}: expected {values[0]}, found {values[1]}")
    return sorted(set(found))


def differences_to_the_outlook(settings: Settings, brand: Brand) -> tuple[int, list[str]]:
    """On days after all units of a period the distance is what the outlook says of the period:
    how many such days there are, and those on which it is not."""
    outlooks = {
        (row["dealer_id"], row["program_id"], row["period_start"]): row["units_to_next_tier"]
        for row in fetch(
            settings,
            f"select * from read_parquet('{settings.computed}/incentive_outlooks/*.parquet')",
        )
    }
    compared, found = 0, []
    made = made_rows(settings, "computed_tier_distances")
    units = brand.counting_days
    for row in made:
        dealer_id, day = row["dealer_id"], row["day"]
        periods = [
            (dealer_id, period.program_id, period.start)
            for period in brand.unit_periods
            if period.holds(day)
            and period.version["brand_code"] == row["brand_code"]
            and fits(period, row["segment_code"], row["powertrain_code"])
        ]
        is_after_all = all(
            key in outlooks and max([date.min, *units.get((*key[1:], dealer_id), [])]) < day
            for key in periods
        )
        if is_after_all:
            compared += 1
            expected = min(outlooks[key] for key in periods if outlooks[key] is not None)
            if row["units_to_next_tier"] != expected:
                found.append(f"outlook of {dealer_id} {day}: {expected}, found {row}")
    return compared, found


def assert_equal_all_the_way(folder: Path, seed: int, loads: int) -> None:
    compared = 0
    for number, settings in enumerate(steps(folder, seed, loads)):
        build_brand(settings)
        found = differences(settings, recompute_brand(settings))
        days, others = differences_to_the_outlook(settings, seen(settings))
        compared += days
        found += others
        assert not found, f"seed {seed}, step {number}: {len(found)}\n" + "\n".join(found[:40])
    assert compared


def seen(settings: Settings) -> Brand:
    return Brand.read(settings)


@pytest.mark.parametrize("seed", SEEDS)
def test_marts_equal_the_recomputation_after_every_load(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SLOW_SEEDS)
def test_marts_equal_the_recomputation_over_long_histories(tmp_path: Path, seed: int) -> None:
    assert_equal_all_the_way(tmp_path, seed, loads=8)


@pytest.mark.slow
def test_without_any_delivery_every_mart_is_empty(tmp_path: Path) -> None:
    settings = replace(new_settings(tmp_path), as_of=TODAYS[1])
    Lake(settings).load()
    build_brand(settings)
    expected = recompute_brand(settings)
    assert differences(settings, expected) == []
    assert [mart for mart, rows in expected.items() if rows and mart != "benchmarks"] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", MONEY_SEEDS)
def test_pressure_follows_the_versions_that_closes_have_settled(tmp_path: Path, seed: int) -> None:
    """Worlds of incentives with closes, late versions and late removals, seen after half of the
    loads and after all."""
    world = random_world(seed, months=7)
    settings = new_settings(tmp_path)
    lake = Lake(settings)
    last = len(world.loads)
    for number, load in enumerate(world.loads, start=1):
        write(lake, load)
        if number in (last // 2, last):
            at = replace(settings, as_of=world.as_of(number))
            run_money(at)
            marts = recompute_brand(at, known_at(world, number))
            assert marts["computed_tier_distances"]
            assert differences(at, marts) == []


def known_at(world: World, number: int) -> Known:
    loads, as_of = world.loads[:number], world.as_of(number)
    return known_now(loads, as_of, post_all_closes(loads, as_of))


def test_the_random_worlds_reach_every_branch(tmp_path: Path) -> None:
    """Those of the default run; without dbt."""
    reached: set[str] = set()
    for seed in SEEDS:
        for settings in steps(tmp_path / str(seed), seed, loads=1):
            brand = seen(settings)
            marts = brand_marts(brand)
            reached |= {*branches_of_discounts(brand, marts), *branches_of_budgets(brand, marts)}
            reached |= {*branches_of_campaigns(brand, marts), *branches_of_leads(brand)}
            reached |= {*branches_of_pilots(brand, marts), *branches_of_rollouts(brand, marts)}
    assert sorted(EVERY_BRANCH - reached) == []


EVERY_BRANCH = {
    "at the limit",
    "a cent over the limit",
    "dearer than the list",
    *(f"the {edge} of the only window" for edge in ("first day", "last day")),
    *(f"the day {edge} a window" for edge in ("before", "after")),
    "over the limit in a window that is not premium",
    "iso year is another",
    "invoice of a stranger",
    "invoice of an unknown model",
    "cancelled invoice",
    *(f"pressed by {measure}" for measure in UNIT_MEASURES),
    "at the top of every programme",
    "exactly 5 units missing",
    "exactly 6 units missing",
    "a unit of the day itself",
    "a refused programme",
    "a programme of another kind of model",
    "more than the list price is given",
    "a share of discounts beside prices above the list",
    "a campaign that bears the name of the claim",
    "approved although it is refused",
    "a dealer moved to the other arm since the start",
    "a dealer moved to the other arm before the start",
    "a rollout planned for the rest of the month",
    "a live dealer who has closed",
    "no share of nothing",
    "cents are left over",
    "a budget of nothing",
    "a campaign before the market",
    "a campaign after the market",
    *(f"status {name}" for name in ("APPROVED", "PENDING", "REFUSED", "UNAPPROVED_START")),
    *(f"band {band}" for band in (*BANDS, None)),
    *(f"changed {share}" for share in ("30 of 100", "31 of 100", "30 % of another total")),
    "refused for a locked element alone",
    "a change of an unknown element",
    "an unknown campaign",
    "a local campaign of a stranger",
    "approved later than it started",
    "no cost per lead",
    *(f"a lead of {n}" for n in ("none that he has", "one that runs", "several that run")),
    *(f"a lead of {n}" for n in ("several, none runs", "one to come", "his own local campaign")),
    *(f"recommendation {name}" for name in ("CONTINUE", "ROLL_OUT", "STOP")),
    "an effect without enough dealers",
    "an effect without an interval",
    "a pilot without a window",
    "a pilot that ends in mid-month",
    "a pilot that begins in mid-month",
    "a pilot of a KPI where less is more",
    "a pilot of a KPI that nobody knows",
    "a dealer who joined on the first whole month",
    "a dealer who joined a day later",
    "a dealer without a value in a window",
    *(f"a rollout {what}" for what in ("late", "live", "live ahead", "of a stranger")),
    "a dealer closes during a rollout",
}


def branches_of_discounts(brand: Brand, marts: Marts) -> Iterator[str]:
    judged = {row["event_id"] for row in brand.discounts}
    premium = [c for c in brand.campaigns.values() if c["is_premium"]]
    for row in brand.discounts:
        day, list_price = row["invoice_date"], Fraction(row["list_price_eur"])
        limit = brand.facts.models[row["model_code"]]["max_discount_rate"]
        beyond = Fraction(row["discount_eur"]) - Fraction(limit) * list_price
        if beyond == 0:
            yield "at the limit"
        if 0 < beyond <= Fraction(1, 100):
            yield "a cent over the limit"
        if row["discount_eur"] < 0:
            yield "dearer than the list"
        if row["net_price_eur"] < 0:
            yield "more than the list price is given"
        is_in_window = any(
            c["brand_code"] == row["brand_code"] and c["starts_on"] <= day <= c["ends_on"]
            for c in brand.campaigns.values()
        )
        if row["is_over_limit"] and is_in_window and not row["is_in_premium_window"]:
            yield "over the limit in a window that is not premium"
        windows = [
            (c["starts_on"], c["ends_on"]) for c in premium if c["brand_code"] == row["brand_code"]
        ]
        around = [(first, last) for first, last in windows if first <= day <= last]
        if [first for first, last in around if first < last] == [day]:
            yield "the first day of the only window"
        if [last for first, last in around if first < last] == [day]:
            yield "the last day of the only window"
        if not around and day + DAY in {first for first, _ in windows}:
            yield "the day before a window"
        if not around and day - DAY in {last for _, last in windows}:
            yield "the day after a window"
        if row["iso_year"] != day.year:
            yield "iso year is another"
        if not brand.is_known(row):
            yield "invoice of a stranger"
    for invoice in brand.facts.feeds["dealer__vehicle_events"]:
        if invoice["event_type"] == "INVOICE" and invoice["event_id"] not in judged:
            if brand.facts.is_cancelled(invoice):
                yield "cancelled invoice"
            if invoice["model_code"] not in brand.facts.models:
                yield "invoice of an unknown model"
    measures = {p.program_id: p.version["measure"] for p in brand.unit_periods}
    for key, distance in brand.distances.items():
        yield f"pressed by {measures[distance.program_id]}"
        if distance.units in (NEAR_UNITS, NEAR_UNITS + 1):
            yield f"exactly {distance.units} units missing"
        for period in brand.unit_periods:
            sold = brand.counting_days.get((period.program_id, period.start, key[0]), [])
            if period.holds(key[-1]) and key[-1] in sold:
                yield "a unit of the day itself"
            is_his = period.holds(key[-1]) and period.version["brand_code"] == key[1]
            if is_his and not fits(period, *key[2:4]):
                yield "a programme of another kind of model"
    for row in marts["mart_brand_conflict"].values():
        if row["units_to_next_tier"] is None:
            yield "at the top of every programme"
    for row in marts["mart_brand_conflict_summary"].values():
        if row["near_tier_share"] is None:
            yield "no share of nothing"
        elif row["discount_eur"] and row["near_tier_share"] != round(
            row["discount_near_tier_eur"] / row["discount_eur"], 6
        ):
            yield "a share of discounts beside prices above the list"
    for version in brand.facts.feeds["oem__incentive_programs"]:
        if refusal(version, brand.known):
            yield "a refused programme"


def branches_of_budgets(brand: Brand, marts: Marts) -> Iterator[str]:
    months = {row["registration_month"] for row in brand.facts.feeds["market__registrations"]}
    totals: dict[str, int] = defaultdict(int)
    for row in marts["mart_brand_budget_allocation"].values():
        totals[row["budget_code"]] += row["market_units"]
    for row in marts["mart_brand_budget_allocation"].values():
        campaign_ = brand.campaigns.get(row["budget_code"])
        if row["budget_code"] == RESERVED["campaign_id"]:
            continue
        if campaign_ and campaign_["budget_eur"] == 0:
            yield "a budget of nothing"
        elif campaign_:
            part = Fraction(campaign_["budget_eur"]) * row["market_units"]
            if (part / totals[row["budget_code"]] * 100).denominator > 1:
                yield "cents are left over"
    for campaign_ in brand.campaigns.values():
        if campaign_["campaign_id"] == RESERVED["campaign_id"]:
            yield "a campaign that bears the name of the claim"
        if campaign_["starts_on"] < min(months):
            yield "a campaign before the market"
        if campaign_["starts_on"] > last_day(max(months)):
            yield "a campaign after the market"


def branches_of_campaigns(brand: Brand, marts: Marts) -> Iterator[str]:
    for row in marts["mart_campaign_individualisation"].values():
        changed, total = row["changed_weight"], row["total_weight"]
        yield f"status {row['status']}"
        if total == 100 and changed in (30, 31):
            yield f"changed {changed} of 100"
        if total not in (0, 100) and changed * 100 == 30 * total:
            yield "changed 30 % of another total"
        if row["status"] == "REFUSED" and row["approved_on"] and row["approved_on"] <= brand.today:
            yield "approved although it is refused"
        if row["has_locked_change"] and row["is_within_limit"]:
            yield "refused for a locked element alone"
        if row["campaign_id"] not in brand.campaigns:
            yield "an unknown campaign"
        codes = brand.changed.get(row["local_campaign_id"], set())
        if total and codes - brand.elements[row["campaign_id"]].keys():
            yield "a change of an unknown element"
        if row["approved_on"] and row["starts_on"] < row["approved_on"] <= brand.today:
            yield "approved later than it started"
    for row in brand.facts.feeds["dealer__local_campaigns"]:
        if not brand.is_known(row):
            yield "a local campaign of a stranger"
    for row in marts["mart_campaign_performance"].values():
        yield f"band {row['individualisation_band']}"
        if row["cost_per_lead_eur"] is None:
            yield "no cost per lead"


def branches_of_leads(brand: Brand) -> Iterator[str]:
    for row in brand.facts.feeds["dealer__leads"]:
        his = [
            c
            for c in brand.local_campaigns
            if (c["dealer_id"], c["brand_code"]) == (row["dealer_id"], row["brand_code"])
            and row["campaign_id"] in (c["local_campaign_id"], c["campaign_id"])
        ]
        day = berlin_day(row["created_at"])
        running = [c for c in his if c["starts_on"] <= day <= c["ends_on"]]
        if row["campaign_id"] is not None and not his:
            yield "a lead of none that he has"
        if row["campaign_id"] in {c["local_campaign_id"] for c in his}:
            yield "a lead of his own local campaign"
        if running:
            yield "a lead of one that runs" if len(running) == 1 else "a lead of several that run"
        elif len(his) > 1:
            yield "a lead of several, none runs"
        if his and all(day < c["starts_on"] for c in his):
            yield "a lead of one to come"


def branches_of_pilots(brand: Brand, marts: Marts) -> Iterator[str]:
    for row in marts["mart_pilot_effect"].values():
        yield f"recommendation {row['recommendation']}"
        if row["ci_low"] is not None and not row["is_enough_dealers"]:
            yield "an effect without enough dealers"
        if row["uplift"] is not None and row["ci_low"] is None:
            yield "an effect without an interval"
        if not row["window_months"]:
            yield "a pilot without a window"
        elif row["ends_on"] and row["ends_on"] < brand.today and (row["ends_on"] + DAY).day != 1:
            yield "a pilot that ends in mid-month"
        if row["window_months"] and row["starts_on"].day != 1:
            yield "a pilot that begins in mid-month"
        if row["kpi_code"] not in KPIS:
            yield "a pilot of a KPI that nobody knows"
        elif KPIS[row["kpi_code"]].direction == "LOWER" and row["uplift"]:
            yield "a pilot of a KPI where less is more"
    for row in brand.facts.feeds["oem__pilot_members"]:
        pilot = brand.pilots.get(row["pilot_id"])
        if pilot is None or pilot["kpi_code"] not in KPIS or not brand.windows(pilot)[1]:
            continue
        first = brand.windows(pilot)[1][0]
        days = brand.moves.get((row["pilot_id"], row["dealer_id"]), [])
        if days:
            when = "since" if max(days) >= pilot["starts_on"] else "before"
            yield f"a dealer moved to the other arm {when} the start"
        if row["joined_on"] == first and row["dealer_id"] in brand.changes[row["pilot_id"]]:
            yield "a dealer who joined on the first whole month"
        if row["joined_on"] == first + DAY:
            yield "a dealer who joined a day later"
        if row["joined_on"] <= first and row["dealer_id"] not in brand.changes[row["pilot_id"]]:
            yield "a dealer without a value in a window"


def branches_of_rollouts(brand: Brand, marts: Marts) -> Iterator[str]:
    networks: dict[str, set[int]] = defaultdict(set)
    for row in marts["mart_pilot_rollout"].values():
        networks[row["pilot_id"]].add(row["network_dealers"])
        if row["late_dealers"]:
            yield "a rollout late"
        if row["live_dealers"]:
            yield "a rollout live"
    if any(len(counts) > 1 for counts in networks.values()):
        yield "a dealer closes during a rollout"
    for row in brand.facts.feeds["oem__pilot_rollouts"]:
        if row["live_on"] and row["live_on"] > brand.today:
            yield "a rollout live ahead"
        if brand.today < row["planned_on"] <= last_day(brand.today):
            yield "a rollout planned for the rest of the month"
        pilot = brand.pilots.get(row["pilot_id"])
        dealer_ = pilot and brand.facts.dealers.get((row["dealer_id"], pilot["brand_code"]))
        is_live = row["live_on"] is not None and row["live_on"] <= brand.today
        if is_live and dealer_ and not brand.is_open(dealer_, last_day(brand.today)):
            yield "a live dealer who has closed"
        if row["dealer_id"] not in {dealer_id for dealer_id, _ in brand.facts.dealers}:
            yield "a rollout of a stranger"
