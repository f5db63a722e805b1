"""The rules of the marts of brands and pilots, one by one: the others are not evaluated here."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.checks.gate import RuleResult, run_mart_gate
from orchestration.settings import Settings
from tests.unit.checks.brand_rows import (
    BROKEN,
    FEB,
    GOOD,
    HARM,
    MAR,
    NOBODY,
    TOO_MUCH,
    WARNED,
    calm_month,
    calm_week,
    effect,
    local,
    month,
    part,
    performance,
    rolled_out,
    week,
)
from tests.unit.checks.small_brand import campaign
from tests.unit.checks.small_lake import SmallLake
from tests.unit.checks.small_warehouse import Row, build_warehouse, replace_rows

MARTS = [
    table for table in GOOD if table.startswith("mart_") and table != "mart_benchmark_comparison"
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse for all tests, of which each replaces the rows; its lake is empty."""
    folder = tmp_path_factory.mktemp("brand")
    settings = Settings(extracts=folder / "extracts", warehouse=folder / "warehouse")
    build_warehouse(settings)
    return settings


def judge(settings: Settings, rows: dict[str, list[Row]], *marts: str) -> dict[str, RuleResult]:
    """The results of the rules of these marts, of all of brands and pilots by default."""
    replace_rows(settings, **GOOD | rows)
    return {r.code: r for r in run_mart_gate(settings, marts=marts or MARTS).results}


def failures(settings: Settings, mart: str, code: str, rows: list[Row]) -> int:
    return judge(settings, {mart: rows}, mart)[code].failed_rows


def failing(
    settings: Settings, rows: dict[str, list[Row]], mart: str, code: str
) -> list[dict[str, object]]:
    """What breaks a rule, as far as it is known."""
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in judge(settings, rows, mart)[code].examples
    ]


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_invariant_stops_the_run_and_shows_where(settings: Settings, code: str) -> None:
    rows, example = BROKEN[code]
    found = judge(settings, rows)
    assert [c for c, r in found.items() if r.is_critical_failure] == [code]
    assert example.items() <= found[code].examples[0].items()


def test_good_marts_break_no_rule_and_warnings_stop_nothing(settings: Settings) -> None:
    found = judge(settings, {})
    assert [str(r) for r in found.values() if r.failed_rows] == []
    unchecked = {c for c, r in found.items() if not r.checked_rows}
    assert unchecked == {"LOCAL_CAMPAIGN_REFUSED_WITHOUT_APPROVAL"}
    rows = {mart: list(good) for mart, good in GOOD.items()}
    for joined in WARNED.values():
        for mart, bad in joined.items():
            rows[mart] = rows[mart] + bad
    found = judge(settings, rows)
    assert {c for c, r in found.items() if r.failed_rows} == set(WARNED)
    assert not any(r.is_critical_failure for r in found.values())


def test_each_status_of_a_campaign_has_its_reasons(settings: Settings) -> None:
    locked = {"has_locked_change": True, "status": "REFUSED"}
    right: list[Row] = [
        local(),
        local(**TOO_MUCH),
        local(**locked),
        local(status="UNAPPROVED_START", approved_on=None),
        local(status="UNAPPROVED_START", starts_on=FEB),
        local(status="PENDING", approved_on=None, local_campaign_id="LC2"),
        local(local_campaign_id="LC2"),
    ]
    wrong: list[Row] = [
        local(status=None),
        local(status="PENDING", approved_on=None),
        local(status="UNAPPROVED_START", approved_on=None, local_campaign_id="LC2"),
        local(status="UNAPPROVED_START"),
        local(starts_on=FEB),
        local(approved_on=None),
        local(**locked | {"status": "APPROVED"}),
        local(**TOO_MUCH | {"status": "UNAPPROVED_START"}),
        local(status="FINE"),
    ]
    mart, code = "mart_campaign_individualisation", "CAMPAIGN_STATUS_FITS"
    assert failures(settings, mart, code, right) == 0
    assert failures(settings, mart, code, wrong) == len(wrong)


def test_a_campaign_that_bears_the_name_of_the_claim_does_not_stop_the_run(
    tmp_path: Path,
) -> None:
    lake = SmallLake(tmp_path)
    build_warehouse(lake.settings)
    lake.deliver("oem__brand_campaigns", campaign(campaign_id="BRAND_POSITIONING_COST"))
    found = judge(lake.settings, {}, "mart_brand_budget_allocation")
    assert found["BRAND_BUDGET_SHARED_OUT_EXACTLY"].success


def test_prices_below_nothing_or_beyond_measure_only_warn(settings: Settings) -> None:
    odd: list[Row] = [
        week(mean_discount_rate=Decimal("1.35"), discount_eur=Decimal(2_000_000)),
        calm_week(mean_discount_rate=None, discount_eur=None),
    ]
    months = [month(discount_eur=Decimal(2_000_000)), calm_month(discount_eur=None)]
    rows = {"mart_brand_conflict": odd, "mart_brand_conflict_summary": months}
    found = judge(settings, rows)
    assert [code for code, r in found.items() if r.is_critical_failure] == []
    assert found["BRAND_CONFLICT_DISCOUNTS_PLAUSIBLE"].failed_rows == 2


def test_the_share_near_a_tier_is_of_discounts_given(settings: Settings) -> None:
    mart, code = "mart_brand_conflict_summary", "BRAND_CONFLICT_SUMMARY_SHARES"
    above_list = {"discount_eur": Decimal(-10), "discount_near_tier_eur": Decimal(5)}
    right = [month(), calm_month(), month(near_tier_share=Decimal(1), **above_list)]
    assert failures(settings, mart, code, right) == 0
    wrong = [
        month(near_tier_share=Decimal("1.000001")),
        month(near_tier_share=Decimal("-0.000001")),
        month(near_tier_share=None),
        month(near_tier_share=None, **above_list),
    ]
    assert failures(settings, mart, code, wrong) == len(wrong)


def test_a_rollout_counts_what_is_due_and_never_more_than_the_network(settings: Settings) -> None:
    mart, code = "mart_pilot_rollout", "PILOT_ROLLOUT_COUNTS_ADD_UP"
    january = rolled_out()
    to_come = rolled_out(month=FEB, planned_dealers=9)
    closed = rolled_out(month=FEB, live_rate=Decimal("0.5"))
    assert failures(settings, mart, code, [january, to_come]) == 0, "the rest of the month is left"
    assert failures(settings, mart, code, [january, closed]) == 0, "one of the live has closed"
    for change in (
        {"late_dealers": 0},
        {"live_rate": Decimal("1.1"), "network_dealers": 3},
        {"live_rate": Decimal("0.9")},
    ):
        assert failures(settings, mart, code, [january, closed | change]) == 1, change
    march = rolled_out(month=MAR, planned_dealers=9, live_dealers=8, network_dealers=12)
    assert failures(settings, mart, code, [january, to_come, march]) == 1, "February is over"


def test_30_of_100_is_within_the_limit_and_31_is_not(settings: Settings) -> None:
    mart, code = "mart_campaign_individualisation", "CAMPAIGN_RATE_IS_OF_WEIGHTS"
    small = {"changed_weight": 3, "total_weight": 10}
    none = {"changed_weight": 0, "total_weight": 0, "individualisation_rate": None}
    right = [local(), local(**TOO_MUCH), local(**small), local(**none)]
    assert failures(settings, mart, code, right) == 0
    wrong = [
        local(is_within_limit=False),
        local(**TOO_MUCH | {"is_within_limit": True}),
        local(**none | {"is_within_limit": False}),
        local(**small | {"changed_weight": 11, "individualisation_rate": Decimal("1.1")}),
    ]
    assert failures(settings, mart, code, wrong) == len(wrong)


def test_bands_end_with_their_upper_end(settings: Settings) -> None:
    ends = {0: "0", 1: "1-10", 10: "1-10", 11: "11-20", 20: "11-20", 21: "21-30", 30: "21-30"}
    ends |= {31: "OVER_30", 100: "OVER_30"}
    mart, code = "mart_campaign_performance", "CAMPAIGN_BAND_IS_OF_WEIGHTS"
    ids = {weight: f"LC{weight}" for weight in ends}
    judged = [local(local_campaign_id=ids[w], changed_weight=w) for w in ends]
    shown = [
        performance(local_campaign_id=ids[w], individualisation_band=band)
        for w, band in ends.items()
    ]
    rows = {"mart_campaign_individualisation": judged, mart: shown}
    assert judge(settings, rows, mart)[code].failed_rows == 0
    shifted = [row | {"individualisation_band": "21-30"} for row in shown]
    assert judge(settings, rows | {mart: shifted}, mart)[code].failed_rows == len(ends) - 2
    stray = performance(local_campaign_id="LC9", individualisation_band=None)
    assert judge(settings, rows | {mart: [stray]}, mart)[code].failed_rows == 1


def test_budgets_of_campaigns_are_those_of_the_feed(tmp_path: Path) -> None:
    mart, code = "mart_brand_budget_allocation", "BRAND_BUDGET_SHARED_OUT_EXACTLY"
    lake = SmallLake(tmp_path)
    settings = lake.settings
    build_warehouse(settings)
    lake.deliver("oem__brand_campaigns", campaign(budget_eur=Decimal("0.03")))
    table = "fct_market_registration"
    market = {"registration_month": MAR, "district_code": "09162", "brand_code": "A", "units": 1}
    claim = GOOD[mart]
    assert failing(settings, {mart: claim, table: []}, mart, code) == []
    missing = failing(settings, {mart: claim, table: [market]}, mart, code)
    assert missing == [{"budget_code": "C1", "budget_eur": "0.03", "districts": 0}]
    shares = [
        part(budget_code="C1", district_code=d, budget_eur=Decimal(eur), market_units=1)
        for d, eur in (("09161", "0.02"), ("09162", "0.01"))
    ]
    missing = failing(settings, {mart: shares, table: [market]}, mart, code)
    assert [row["budget_code"] for row in missing] == ["BRAND_POSITIONING_COST"]
    replace_rows(settings, **{table: []})
    assert failures(settings, mart, code, shares) == 0
    assert failures(settings, mart, code, shares[:1]) == 1
    below = [
        shares[0] | {"budget_eur": Decimal("0.04")},
        shares[1] | {"budget_eur": Decimal("-0.01")},
    ]
    assert failures(settings, mart, code, below) == 1
    assert failures(settings, mart, code, [row | {"budget_code": "C9"} for row in shares]) == 1


def test_equal_markets_may_differ_by_a_cent(settings: Settings) -> None:
    mart, code = "mart_brand_budget_allocation", "BRAND_BUDGET_FOLLOWS_MARKET"
    equal = [
        part(district_code="09161", budget_eur=Decimal("0.02")),
        part(budget_eur=Decimal("0.01")),
    ]
    assert failures(settings, mart, code, equal) == 0
    assert failures(settings, mart, code, [equal[0], equal[1] | {"market_units": 3}]) == 1


def test_each_recommendation_follows_from_interval_and_arms(settings: Settings) -> None:
    few = {"min_dealers": 3, "is_enough_dealers": False, "recommendation": "CONTINUE"}
    unsure = {"ci_low": Decimal(0), "recommendation": "CONTINUE"}
    small = {"success_uplift_rate": Decimal("0.040001"), "recommendation": "CONTINUE"}
    harmless = HARM | {"ci_high": Decimal(0), "recommendation": "CONTINUE"}
    right = [effect(**c) for c in ({}, few, unsure, small, harmless, HARM, NOBODY)]
    mart, code = "mart_pilot_effect", "PILOT_RECOMMENDATION_BY_RULE"
    assert failures(settings, mart, code, right) == 0
    wrong = [
        effect(**few | {"recommendation": "ROLL_OUT"}),
        effect(**few | {"is_enough_dealers": True}),
        effect(**small | {"recommendation": "ROLL_OUT"}),
        effect(**harmless | {"recommendation": "STOP"}),
        effect(**HARM | {"recommendation": "CONTINUE"}),
        effect(recommendation=None),
    ]
    assert failures(settings, mart, code, wrong) == len(wrong)


def test_one_dealer_in_an_arm_has_an_uplift_without_interval(settings: Settings) -> None:
    mart, code = "mart_pilot_effect", "PILOT_UPLIFT_WITHIN_INTERVAL"
    one = effect(pilot_dealers=1, ci_low=None, ci_high=None)
    assert failures(settings, mart, code, [one, effect(**NOBODY)]) == 0
    wrong = [
        one | {"ci_low": Decimal(0)},
        one | {"uplift": None},
        effect(**NOBODY | {"uplift": Decimal(0)}),
        effect(ci_low=Decimal("0.040001")),
    ]
    assert failures(settings, mart, code, wrong) == len(wrong)


def test_less_is_better_for_some_figures(settings: Settings) -> None:
    """Hours: the pilot saved ten more than the others."""
    hours = {
        "kpi_code": "CASE_CYCLE_HOURS",
        "pilot_before": Decimal(60),
        "pilot_after": Decimal(45),
        "control_before": Decimal(60),
        "control_after": Decimal(55),
        "uplift": Decimal(10),
    }
    mart, code = "mart_pilot_effect", "PILOT_UPLIFT_IS_OF_MEANS"
    assert failures(settings, mart, code, [effect(**hours)]) == 0
    assert failures(settings, mart, code, [effect(**hours | {"uplift": Decimal(20)})]) == 1


def test_months_of_a_rollout_never_lose_a_dealer(settings: Settings) -> None:
    mart, code = "mart_pilot_rollout", "PILOT_ROLLOUT_MONTHS_FOLLOW"
    january, february = GOOD[mart]
    assert failures(settings, mart, code, [january, february]) == 0
    for change in (
        {"planned_dealers": 4},
        {"live_dealers": 3},
        {"month": MAR},
        {"month": FEB.replace(day=2)},
    ):
        assert failures(settings, mart, code, [january, february | change]) == 1, change
