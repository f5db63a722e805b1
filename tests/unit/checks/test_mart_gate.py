"""The mart gate over a small warehouse: what must hold before anything is published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations.registry import mart_rules, scan
from orchestration.checks.gate import GateError, RuleResult, run_mart_gate
from orchestration.settings import Settings
from orchestration.state import MART_GATE, read_state
from tests.unit.checks import brand_rows, capability_rows, governance_rows, service_rows
from tests.unit.checks.small_lake import SmallLake, event
from tests.unit.checks.small_warehouse import Row, build_warehouse

FEB = date(2025, 2, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(extracts=tmp_path / "extracts", warehouse=tmp_path / "warehouse")


def brand(**change: Any) -> Row:
    return {
        "brand_name": "VW",
        "registration_month": FEB,
        "units": 50,
        "bev_units": 10,
        "market_units": 200,
        "market_share": Decimal("0.25"),
        "bev_share": Decimal("0.2"),
        **change,
    }


def penetration(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "segment_code": "COMPACT",
        "registration_month": FEB,
        "brand_units": 10,
        "market_units": 40,
        "penetration": Decimal("0.25"),
        "network_penetration": Decimal("0.2"),
        "expected_units": Decimal(8),
        "counted_registrations": 1,
        "sales_effectiveness": Decimal("0.125"),
        **change,
    }


def registration(**change: Any) -> Row:
    return {
        "vin": "1M8GDM9AXKP042788",
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "segment_code": "COMPACT",
        "registration_date": date(2025, 2, 10),
        "registration_month": FEB,
        "is_counted": True,
        **change,
    }


def partner(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "opened_on": date(2015, 1, 1),
        "is_top_partner": True,
        **change,
    }


def vehicle_event(**change: Any) -> Row:
    return {"event_id": "E1", "dealer_id": "D1", "brand_code": "ALPHA", "event_month": FEB} | change


def kpi(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "score_month": FEB,
        "kpi_code": "CSI",
        "weights_version": 1,
        "actual_value": Decimal(84),
        "sample_count": 10,
        "target_value": Decimal(80),
        "attainment": Decimal("1.05"),
        "status": "SCORED",
        **change,
    }


def scorecard(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "score_month": FEB,
        "score": Decimal(100),
        "score_rank": 1,
        "peer_count": 3,
        "score_change": Decimal(-40),
        **change,
    }


def growth(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "segment_code": "COMPACT",
        "revenue_month": FEB,
        "net_revenue_eur": Decimal(300),
        "invoiced_units": 3,
        "prior_year_net_revenue_eur": Decimal(0),
        "prior_year_invoiced_units": 0,
        **change,
    }


def quality(**change: Any) -> Row:
    return {
        "feed": "dealer__vehicle_events",
        "sender": "D1",
        "delivery_month": date(2025, 3, 1),
        "file_count": 1,
        "rejected_file_count": 0,
        "delivered_rows": 1,
        "accepted_rows": 1,
        "quarantined_rows": 0,
        "pass_rate": Decimal(1),
        **change,
    }


JAN, MAR = date(2025, 1, 1), date(2025, 3, 1)
TERMS: Row = {
    "dealer_id": "D1",
    "brand_code": "ALPHA",
    "program_id": "P1",
    "program_version": 1,
    "period_start": JAN,
}


def dim_program(**change: Any) -> Row:
    return {
        "program_id": "P1",
        "program_version": 1,
        "brand_code": "ALPHA",
        "period_grain": "QUARTER",
        "cap_eur": Decimal(300),
        **change,
    }


def posting(**change: Any) -> Row:
    return TERMS | {
        "posting_id": "B1",
        "credits_refinancing": True,
        "posted_in_month": MAR,
        "posting_type": "SETTLEMENT",
        "amount_eur": Decimal(300),
        **change,
    }


def statement(**change: Any) -> Row:
    return TERMS | {
        "statement_id": "S1",
        "entitlement_eur": Decimal(200),
        "posted_eur": Decimal(200),
        "accrual_eur": Decimal(0),
        "status": "SETTLED",
        **change,
    }


def line(**change: Any) -> Row:
    return TERMS | {
        "line_id": "L1",
        "event_id": "E1",
        "vin": "1M8GDM9AXKP042788",
        "amount_eur": Decimal(200),
        "basis_amount_eur": Decimal(1),
        "status": "SETTLED",
        **change,
    }


def proposal(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "quarter_start": JAN,
        "segment_code": "COMPACT",
        "powertrain_code": "BEV",
        "base_units": 10,
        "min_purchase_units": 5,
        "max_units": 11,
        "proposed_units": 11,
        "is_feasible": True,
        **change,
    }


def attainment(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "quarter_start": JAN,
        "segment_code": "COMPACT",
        "powertrain_code": "BEV",
        "target_units": 10,
        "counted_registrations": 9,
        "attainment": Decimal("0.9"),
        **change,
    }


def integrity(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "registration_month": FEB,
        "registrations": 10,
        "self_registration_rate": Decimal("0.3"),
        "month_end_rate": Decimal("0.4"),
        "deregistered_30d_rate": Decimal("0.1"),
        "deregistered_90d_rate": Decimal("0.2"),
        "peer_z_score": Decimal(3),
        **change,
    }


OWNED: Row = {"investment_id": "I1", "dealer_id": "D1", "brand_code": "ALPHA"}


def instalment(**change: Any) -> Row:
    """The first month of an investment, which bonuses pay, a part of the second with it."""
    return OWNED | {
        "period_no": 1,
        "ledger_month": MAR,
        "opening_eur": Decimal(300),
        "scheduled_eur": Decimal(150),
        "arrears_in_eur": Decimal(0),
        "due_eur": Decimal(150),
        "bonus_earned_eur": Decimal(200),
        "interest_eur": Decimal(0),
        "closing_eur": Decimal(100),
        "arrears_out_eur": Decimal(0),
        "status": "OPEN",
        **change,
    }


def last_instalment(**change: Any) -> Row:
    return (
        instalment(
            period_no=2,
            ledger_month=date(2025, 4, 1),
            opening_eur=Decimal(100),
            scheduled_eur=Decimal(100),
            due_eur=Decimal(100),
            bonus_earned_eur=Decimal(0),
            closing_eur=Decimal(0),
            status="SETTLED",
        )
        | change
    )


def planned(**change: Any) -> Row:
    return OWNED | {"period_no": 1, "due_date": date(2025, 3, 31), **change}


def standing(**change: Any) -> Row:
    return OWNED | {
        "refinanced_eur": Decimal(300),
        "paid_rate": Decimal(1),
        "arrears_eur": Decimal(0),
        "projected_end_month": date(2025, 4, 1),
        "expected_balloon_eur": Decimal(0),
        **change,
    }


def simulated(pace: str, **change: Any) -> Row:
    return {
        "investment_id": "I1",
        "pace_factor": Decimal(pace),
        "projected_end_month": date(2025, 4, 1),
        "balloon_eur": Decimal(0),
        **change,
    }


SLOW = simulated("0.5", projected_end_month=date(2025, 6, 1), balloon_eur=Decimal(10))


def correction(**change: Any) -> Row:
    return {
        "investment_id": "I1",
        "period_no": 1,
        "as_known_at": datetime(2025, 5, 12),
        "column_name": "bonus_earned_eur",
        "old_value": "300.00",
        "new_value": "200.00",
        **change,
    }


def pressure(**change: Any) -> Row:
    return {
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "month": FEB,
        "margin_change_rate": Decimal("-0.12"),
        "upfront_eur": Decimal(150),
        "open_upfront_eur": Decimal(100),
        "operating_result_12m_eur": Decimal(0),
        "payback_months": Decimal(60),
        "liquidity_buffer_eur": Decimal(100),
        "risk_level": "LOW",
        **change,
    }


def gain(**change: Any) -> Row:
    return {
        "program_id": "S1",
        "dealer_id": "D1",
        "brand_code": "ALPHA",
        "is_member": True,
        "gross_profit_gain_eur": Decimal("0.01"),
        **change,
    }


APRIL: Row = {"posting_id": "B2", "posted_in_month": date(2025, 4, 1)}
BACK = posting(posting_type="CLAWBACK", amount_eur=Decimal(-100), **APRIL)
OPEN: Row = {
    "period_start": date(2025, 4, 1),
    "status": "OPEN",
    "posted_eur": Decimal(0),
    "accrual_eur": Decimal(200),
}
TERMS_OF_OUTLOOK: Row = {k: v for k, v in TERMS.items() if k != "program_version"} | {
    "is_cliff": False
}


def good() -> dict[str, list[Row]]:
    """Rows that agree with each other, and with one delivered file of one vehicle event."""
    return {
        "mart_national_market": [
            brand(prior_year_units=40),
            brand(registration_month=date(2024, 2, 1), units=40),
        ],
        "mart_market_penetration": [penetration()],
        "mart_partner_scorecard_kpi": [kpi(), kpi(score_month=date(2025, 1, 1))],
        "mart_partner_scorecard": [scorecard()],
        "mart_segment_growth": [
            growth(prior_year_net_revenue_eur=Decimal(200), prior_year_invoiced_units=2),
            growth(revenue_month=date(2024, 2, 1), net_revenue_eur=Decimal(200), invoiced_units=2),
        ],
        "dim_incentive_program": [dim_program()],
        "mart_incentive_ledger": [posting(), BACK],
        "mart_incentive_statement": [statement(), statement(statement_id="S2", **OPEN)],
        "mart_incentive_line": [
            line(),
            line(line_id="L2", event_id="E2", amount_eur=Decimal(0), zero_reason="DUPLICATE_VIN"),
            line(line_id="L3", period_start=OPEN["period_start"], status="OPEN"),
        ],
        "mart_incentive_outlook": [TERMS_OF_OUTLOOK],
        "mart_target_proposal": [
            proposal(),
            proposal(dealer_id="D2", max_units=None, proposed_units=9),
        ],
        "mart_target_attainment": [attainment()],
        "mart_registration_integrity": [integrity()],
        "mart_refinancing_plan": [planned(), planned(period_no=2, due_date=date(2025, 4, 30))],
        "mart_refinancing_ledger": [instalment(), last_instalment()],
        "mart_refinancing_status": [standing()],
        "mart_refinancing_simulation": [SLOW, simulated("1"), simulated("1.25")],
        "mart_refinancing_refusal": [OWNED | {"investment_id": "I9"}],
        "mart_refinancing_correction": [correction()],
        "mart_investment_pressure": [pressure()],
        "mart_shared_program_return": [gain()],
        "fct_registration": [registration()],
        "dim_dealer": [partner()],
        "fct_vehicle_event": [vehicle_event()],
        "mart_feed_quality": [quality()],
        **service_rows.GOOD,
        **governance_rows.GOOD,
        **brand_rows.GOOD,
    }


def judge(
    settings: Settings, rows: dict[str, list[Row]], marts: set[str] | None = None
) -> dict[str, RuleResult]:
    SmallLake(settings.warehouse.parent).deliver("dealer__vehicle_events", event(), sender="D1")
    build_warehouse(settings, **rows)
    return {r.code: r for r in run_mart_gate(settings, marts).results}


def concerned(tables: Iterable[str]) -> set[str]:
    """The marts whose rules read one of these tables: no other result can change with them."""
    found = set(tables)
    for rule in mart_rules():
        text = f"{scan(rule.table)} {rule.failing_rows('{batch}')} {rule.checked_count()}"
        if set(re.findall(r"\bmarts\.(\w+)", text)) & set(tables):
            found.add(rule.table)
    return found & {rule.table for rule in mart_rules()}


def test_a_failure_is_over_when_there_is_nothing_left_to_judge(settings: Settings) -> None:
    cases, _ = BROKEN["TARGET_PROPOSALS_SUM_TO_BASE"]
    assert not judge(settings, good() | cases)["TARGET_PROPOSALS_SUM_TO_BASE"].success
    assert read_state(settings, MART_GATE)["success"] is False
    judge(settings, good() | {"mart_target_proposal": []})
    assert read_state(settings, MART_GATE)["success"] is True


def test_every_rule_is_evaluated_on_empty_marts(settings: Settings) -> None:
    build_warehouse(settings)
    found = run_mart_gate(settings)
    assert {r.code for r in found.results} == {r.code for r in mart_rules()}
    assert [str(r) for r in found.results if r.failed_rows] == []


def test_marts_that_agree_pass(settings: Settings) -> None:
    assert [str(r) for r in judge(settings, good()).values() if r.failed_rows] == []


BROKEN = {
    "NATIONAL_MARKET_SHARES_IN_RANGE": (
        {"mart_national_market": [brand(market_share=Decimal("1.000001"))]},
        {"brand_name": "VW", "market_share": "1.000001"},
    ),
    "NATIONAL_MARKET_PRIOR_YEAR_MATCHES": (
        {
            "mart_national_market": [
                brand(prior_year_units=41),
                brand(registration_month=date(2024, 2, 1), units=40),
            ]
        },
        {"prior_year_units": 41, "units_a_year_earlier": 40},
    ),
    "PENETRATION_IN_RANGE": (
        {"mart_market_penetration": [penetration(penetration=Decimal("-0.1"))]},
        {"dealer_id": "D1", "penetration": "-0.100000"},
    ),
    "PENETRATION_REGISTRATIONS_RECONCILED": (
        {"mart_market_penetration": [penetration(counted_registrations=2)]},
        {"registration_month": "2025-02-01", "mart_units": 2, "fact_units": 1},
    ),
    "PENETRATION_NETWORK_FIGURE_SHARED": (
        {
            "mart_market_penetration": [
                penetration(),
                penetration(
                    dealer_id="D2", network_penetration=Decimal("0.3"), counted_registrations=0
                ),
            ]
        },
        {"lowest": "0.200000", "highest": "0.300000"},
    ),
    "SEGMENT_GROWTH_PRIOR_YEAR_MATCHES": (
        {
            "mart_segment_growth": [
                growth(prior_year_net_revenue_eur=Decimal(200), prior_year_invoiced_units=2),
                growth(
                    revenue_month=date(2024, 2, 1),
                    net_revenue_eur=Decimal("200.01"),
                    invoiced_units=2,
                ),
            ]
        },
        {"prior_year_net_revenue_eur": "200.00", "revenue_a_year_earlier": "200.01"},
    ),
    "LEDGER_EQUALS_ENTITLEMENT": (
        {"mart_incentive_ledger": [posting()], "mart_refinancing_ledger": []},
        {"program_id": "P1", "ledger_eur": "300.00", "owed_eur": "200.00"},
    ),
    "LEDGER_POSTED_FROM_CLOSE_ON": (
        {"mart_incentive_ledger": [posting(posted_in_month=FEB), BACK]},
        {"program_id": "P1", "posted_in_month": "2025-02-01", "last_month": "2025-03-01"},
    ),
    "LEDGER_BEGINS_WITH_SETTLEMENT": (
        {
            "mart_incentive_ledger": [
                posting(posting_type="ADJUSTMENT"),
                posting(amount_eur=Decimal(-100), **APRIL),
            ]
        },
        {"settlements": 1, "first_month": "2025-03-01", "settled_in_month": "2025-04-01"},
    ),
    "INCENTIVE_LINE_AMOUNT_NOT_NEGATIVE": (
        {
            "mart_incentive_line": [
                line(amount_eur=Decimal(210)),
                line(line_id="L2", vin="V2", amount_eur=Decimal(-10)),
                line(line_id="L3", period_start=OPEN["period_start"], status="OPEN"),
            ]
        },
        {"line_id": "L2", "amount_eur": "-10.00"},
    ),
    "INCENTIVE_LINES_SUM_TO_ENTITLEMENT": (
        {"mart_incentive_line": [line()]},
        {"lines_eur": None, "entitlement_eur": "200.00", "status": "OPEN"},
    ),
    "INCENTIVE_LINES_WITHIN_CAP": (
        {"dim_incentive_program": [dim_program(cap_eur=Decimal("199.99"))]},
        {"cap_eur": "199.99", "lines_eur": "200.00"},
    ),
    "INCENTIVE_VIN_PAID_ONCE": (
        {
            "mart_incentive_line": [
                line(amount_eur=Decimal(100)),
                line(line_id="L2", amount_eur=Decimal(100)),
                line(line_id="L3", period_start=OPEN["period_start"], status="OPEN"),
            ]
        },
        {"program_id": "P1", "status": "SETTLED", "lines": 2},
    ),
    "TARGET_PROPOSALS_SUM_TO_BASE": (
        {"mart_target_proposal": [proposal(), proposal(dealer_id="D2", proposed_units=8)]},
        {"base_units": 20, "proposed_units": 19},
    ),
    "REFINANCING_DUE_ADDS_UP": (
        {"mart_refinancing_ledger": [instalment(due_eur=Decimal(149)), last_instalment()]},
        {"investment_id": "I1", "period_no": 1, "due_eur": "149.00"},
    ),
    "REFINANCING_ARREARS_CARRIED": (
        {"mart_refinancing_ledger": [instalment(arrears_out_eur=Decimal(1)), last_instalment()]},
        {"period_no": 2, "arrears_in_eur": "0.00", "arrears_before_eur": "1.00"},
    ),
    "REFINANCING_ENDS_WITH_BALANCE": (
        {"mart_refinancing_ledger": [instalment(closing_eur=Decimal(0)), last_instalment()]},
        {"period_no": 1, "next_period_no": 2},
    ),
    "SIMULATION_AT_PACE_IS_STATUS": (
        {
            "mart_refinancing_simulation": [
                SLOW,
                simulated("1", balloon_eur=Decimal("0.01")),
                simulated("1.25"),
            ]
        },
        {"balloon_eur": "0.01", "expected_balloon_eur": "0.00"},
    ),
    "SIMULATION_FASTER_LEAVES_LESS": (
        {
            "mart_refinancing_simulation": [
                SLOW,
                simulated("1"),
                simulated("1.25", balloon_eur=Decimal("0.01")),
            ]
        },
        {"pace_factor": "1.250000", "slower_balloon_eur": "0.00"},
    ),
    "REFINANCING_REFUSED_IN_NO_OTHER_MART": (
        {"mart_refinancing_refusal": [OWNED | {"reason": "AGENT_GENUINE"}]},
        {"investment_id": "I1", "reason": "AGENT_GENUINE"},
    ),
    "REFINANCING_CORRECTION_CHANGES": (
        {"mart_refinancing_correction": [correction(old_value=None, new_value=None)]},
        {"column_name": "bonus_earned_eur", "old_value": None},
    ),
    "PRESSURE_OPEN_WITHIN_UPFRONT": (
        {"mart_investment_pressure": [pressure(upfront_eur=Decimal("99.99"))]},
        {"open_upfront_eur": "100.00", "upfront_eur": "99.99"},
    ),
    "PRESSURE_HIGH_IS_SEEN": (
        {"mart_investment_pressure": [pressure(liquidity_buffer_eur=Decimal("99.99"))]},
        {"liquidity_buffer_eur": "99.99", "risk_level": "LOW"},
    ),
    "FEED_QUALITY_PASS_RATE_IS_SHARE": (
        {"mart_feed_quality": [quality(pass_rate=Decimal("0.9"))]},
        {"feed": "dealer__vehicle_events", "pass_rate": "0.900000"},
    ),
    "FEED_QUALITY_RECONCILED": (
        {"mart_feed_quality": []},
        {"feed": "dealer__vehicle_events", "mart_files": None, "files": 1},
    ),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_invariant_stops_the_run_and_shows_where(settings: Settings, code: str) -> None:
    rows, example = BROKEN[code]
    found = judge(settings, good() | rows, concerned(rows))
    assert [c for c, r in found.items() if r.is_critical_failure] == [code]
    assert example.items() <= found[code].examples[0].items()


def test_every_critical_rule_of_the_marts_is_broken_here() -> None:
    broken = {*BROKEN, *service_rows.BROKEN, *governance_rows.BROKEN, *brand_rows.BROKEN}
    critical = {r.code for r in mart_rules() if r.severity == "critical"}
    assert critical - set(capability_rows.BROKEN) == broken


def test_registrations_of_unknown_dealers_and_models_are_rightly_absent(settings: Settings) -> None:
    left_out = [registration(dealer_id="D9"), registration(segment_code=None)]
    rows = good() | {"fct_registration": [registration(), *left_out]}
    assert judge(settings, rows)["PENETRATION_REGISTRATIONS_RECONCILED"].success


def test_a_settled_statement_without_postings_is_a_debt(settings: Settings) -> None:
    rows = good() | {"mart_incentive_ledger": []}
    found = judge(settings, rows)["LEDGER_EQUALS_ENTITLEMENT"]
    assert found.is_critical_failure
    assert {"ledger_eur": None, "owed_eur": "200.00"}.items() <= found.examples[0].items()


def test_a_posting_without_a_statement_is_owed_to_nobody(settings: Settings) -> None:
    stray = posting(dealer_id="D2", posting_id="B3")
    rows = good() | {"mart_incentive_ledger": [posting(), BACK, stray]}
    found = judge(settings, rows)["LEDGER_EQUALS_ENTITLEMENT"]
    assert found.is_critical_failure
    assert {"dealer_id": "D2", "owed_eur": None}.items() <= found.examples[0].items()


@pytest.mark.parametrize(
    "change",
    [
        {"proposed_units": 12, "max_units": 11},
        {"proposed_units": 9, "min_purchase_units": 10},
    ],
)
def test_a_proposal_keeps_to_the_bounds_of_each_dealer(settings: Settings, change: Row) -> None:
    other = proposal(dealer_id="D2", max_units=None, proposed_units=20 - change["proposed_units"])
    rows = good() | {"mart_target_proposal": [proposal(**change), other]}
    assert judge(settings, rows)["TARGET_PROPOSALS_SUM_TO_BASE"].is_critical_failure


def test_a_proposal_that_is_not_feasible_need_not_sum(settings: Settings) -> None:
    rows = good() | {"mart_target_proposal": [proposal(is_feasible=False)]}
    found = judge(settings, rows)
    assert found["TARGET_PROPOSALS_SUM_TO_BASE"].success
    assert not found["TARGET_PROPOSAL_FEASIBLE"].success


def test_an_investment_that_was_changed_after_the_last_close_stops_no_run(
    settings: Settings,
) -> None:
    """The ledger is as of that close, plan and status are of today."""
    rows = good() | {
        "mart_refinancing_status": [standing(refinanced_eur=Decimal(330))],
        "mart_refinancing_plan": [planned(due_date=date(2025, 4, 15))],
    }
    found = judge(settings, rows)
    failed = {code for code, r in found.items() if r.failed_rows}
    assert failed == {"REFINANCING_BEGINS_WITH_ALL", "REFINANCING_MONTH_AS_PLANNED"}
    assert not any(r.is_critical_failure for r in found.values())


def test_a_negative_result_is_a_high_risk(settings: Settings) -> None:
    low = pressure(operating_result_12m_eur=Decimal("-0.01"), payback_months=None)
    found = judge(settings, good() | {"mart_investment_pressure": [low]})
    assert found["PRESSURE_HIGH_IS_SEEN"].is_critical_failure
    unknown = pressure(operating_result_12m_eur=None, liquidity_buffer_eur=None)
    found = judge(settings, good() | {"mart_investment_pressure": [unknown]})
    assert found["PRESSURE_HIGH_IS_SEEN"].success


def test_a_bonus_taken_back_falls_due_and_a_termination_asks_for_all(settings: Settings) -> None:
    taken_back = instalment(bonus_earned_eur=Decimal(-50), due_eur=Decimal(200))
    ended = instalment(
        investment_id="I2",
        status="TERMINATED",
        due_eur=Decimal(301),
        interest_eur=Decimal(1),
        bonus_earned_eur=Decimal(0),
    )
    found = judge(settings, good() | {"mart_refinancing_ledger": [taken_back, ended]})
    assert found["REFINANCING_DUE_ADDS_UP"].failed_rows == 0


def test_an_investment_that_never_ends_at_a_slow_pace_may_end_at_a_faster(
    settings: Settings,
) -> None:
    paces = [simulated("0.5", projected_end_month=None), simulated("1"), simulated("1.25")]
    found = judge(settings, good() | {"mart_refinancing_simulation": paces})
    assert found["SIMULATION_FASTER_LEAVES_LESS"].success
    paces[2]["projected_end_month"] = None
    found = judge(settings, good() | {"mart_refinancing_simulation": paces})
    assert found["SIMULATION_FASTER_LEAVES_LESS"].is_critical_failure


WARNED: dict[str, dict[str, list[Row]]] = {
    "REFINANCING_BEGINS_WITH_ALL": {
        "mart_refinancing_ledger": [instalment(investment_id="I6")],
        "mart_refinancing_status": [standing(investment_id="I6", refinanced_eur=Decimal(301))],
    },
    "REFINANCING_MONTH_AS_PLANNED": {
        "mart_refinancing_ledger": [instalment(investment_id="I7")],
        "mart_refinancing_plan": [planned(investment_id="I7", due_date=date(2025, 4, 1))],
    },
    "REFINANCING_WITHOUT_ARREARS": {
        "mart_refinancing_status": [standing(investment_id="I3", arrears_eur=Decimal("0.01"))]
    },
    "REFINANCING_WITHOUT_BALLOON": {
        "mart_refinancing_status": [
            standing(investment_id="I4", expected_balloon_eur=Decimal("0.01"))
        ]
    },
    "REFINANCING_PAID_RATE_PLAUSIBLE": {
        "mart_refinancing_status": [standing(investment_id="I5", paid_rate=Decimal("-0.000001"))]
    },
    "PRESSURE_RISK_SELDOM_HIGH": {
        "mart_investment_pressure": [pressure(dealer_id="D3", month=MAR, risk_level="HIGH")]
    },
    "PRESSURE_PAYBACK_WITHIN_FIVE_YEARS": {
        "mart_investment_pressure": [
            pressure(dealer_id="D4", month=MAR, payback_months=Decimal("60.000001"))
        ]
    },
    "PRESSURE_MARGIN_KEPT": {
        "mart_investment_pressure": [
            pressure(dealer_id="D5", month=MAR, margin_change_rate=Decimal("-0.120001"))
        ]
    },
    "SHARED_PROGRAM_MEMBERS_GAIN": {
        "mart_shared_program_return": [gain(dealer_id="D3", gross_profit_gain_eur=Decimal(0))]
    },
    "LEDGER_CLAWBACKS_MOSTLY_TAKE": {
        "mart_incentive_ledger": [
            posting(posting_id="B4", posting_type="CLAWBACK", amount_eur=Decimal(1))
        ]
    },
    "STATEMENT_ACCRUAL_SMALL_ONCE_SETTLED": {
        "mart_incentive_statement": [
            statement(dealer_id="D3", statement_id="S3", accrual_eur=Decimal("-5000.01"))
        ]
    },
    "OUTLOOK_WITHOUT_CLIFFS": {
        "mart_incentive_outlook": [TERMS_OF_OUTLOOK | {"dealer_id": "D3", "is_cliff": True}]
    },
    "TARGET_PROPOSAL_FEASIBLE": {
        "mart_target_proposal": [proposal(segment_code="VAN", is_feasible=False)]
    },
    "TARGET_ATTAINMENT_PLAUSIBLE": {
        "mart_target_attainment": [attainment(dealer_id="D3", attainment=Decimal("3.1"))]
    },
    "REGISTRATIONS_SPREAD_OVER_MONTH": {
        "mart_registration_integrity": [integrity(dealer_id="D3", month_end_rate=Decimal("0.5"))]
    },
    "REGISTRATIONS_MOSTLY_FOR_CUSTOMERS": {
        "mart_registration_integrity": [
            integrity(dealer_id="D4", self_registration_rate=Decimal("0.300001"))
        ]
    },
    "REGISTRATIONS_LIKE_PEERS": {
        "mart_registration_integrity": [integrity(dealer_id="D5", peer_z_score=Decimal("3.000001"))]
    },
    "REGISTRATIONS_KEPT": {
        "mart_registration_integrity": [
            integrity(dealer_id="D6", deregistered_30d_rate=Decimal("0.150001"))
        ]
    },
    "SCORECARD_KPIS_MOSTLY_SCORED": {
        "mart_partner_scorecard_kpi": [
            kpi(dealer_id="D2", status="MISSING", missing_reason="SMALL_SAMPLE", attainment=None)
        ]
    },
    "SCORECARD_KPI_HAS_TARGET": {
        "mart_partner_scorecard_kpi": [
            kpi(dealer_id="D3", status="MISSING", missing_reason="NO_TARGET", attainment=None)
        ]
    },
    "SCORECARD_KPI_MEASURED": {
        "mart_partner_scorecard_kpi": [
            kpi(
                kpi_code="NPS",
                score_month=date(2025, 1, 1),
                actual_value=None,
                status="MISSING",
                missing_reason="NO_DATA",
                attainment=None,
            )
        ]
    },
    "SCORECARD_TARGETS_IN_UNIT": {
        "mart_partner_scorecard_kpi": [
            kpi(dealer_id=f"D{n}", kpi_code="EV_SHARE", attainment=Decimal("0.01"))
            for n in range(10)
        ]
    },
    "SCORECARD_HAS_SCORE": {
        "mart_partner_scorecard": [scorecard(dealer_id="D2", score=None, score_rank=None)]
    },
    "SCORECARD_SCORE_STEADY": {
        "mart_partner_scorecard": [scorecard(dealer_id="D3", score_change=Decimal("-40.000001"))]
    },
    "SCORECARD_PEERS_ENOUGH": {"mart_partner_scorecard": [scorecard(dealer_id="D4", peer_count=2)]},
    "PENETRATION_EFFECTIVENESS_PLAUSIBLE": {
        "mart_market_penetration": [penetration(sales_effectiveness=Decimal("5.1"))]
    },
    "FEED_QUALITY_PASS_RATE_REACHED": {
        "mart_feed_quality": [
            quality(),
            quality(
                sender="D2",
                delivered_rows=20,
                accepted_rows=18,
                quarantined_rows=2,
                pass_rate=Decimal("0.9"),
            ),
        ]
    },
    "VEHICLE_EVENTS_STEADY": {
        "fct_vehicle_event": [
            *(vehicle_event(event_id=f"A{n}", event_month=date(2024, 12, 1)) for n in range(100)),
            *(vehicle_event(event_id=f"B{n}", event_month=date(2025, 1, 1)) for n in range(29)),
            vehicle_event(),
        ]
    },
    "MARKET_REGISTRATIONS_STEADY": {
        "fct_market_registration": [
            {"registration_month": date(2024, 12, 1), "units": 1000},
            {"registration_month": date(2025, 1, 1), "units": 299},
            {"registration_month": FEB, "units": 10},
        ]
    },
    "DEALER_REPORTS_VEHICLES": {"dim_dealer": [partner(), partner(dealer_id="D2")]},
    "REGISTRATIONS_FRESH": {
        "fct_registration": [
            registration(registration_date=date(2024, 12, 1), registration_month=date(2024, 12, 1))
        ]
    },
    "REGISTRATIONS_MOSTLY_COUNTED": {
        "fct_registration": [registration(), registration(vin="V2", is_counted=False)]
    },
    "INVOICES_MOSTLY_VALID": {"fct_invoice": [{"event_id": "I1", "is_cancelled": True}]},
    "INVOICE_DISCOUNT_PLAUSIBLE": {
        "fct_invoice": [
            {
                "event_id": "I1",
                "list_price_eur": Decimal(100),
                "net_price_eur": Decimal("39.99"),
                "is_cancelled": False,
            }
        ]
    },
    "LEAD_RESPONSE_TIME_PLAUSIBLE": {
        "fct_lead": [{"lead_id": "L1", "response_hours": Decimal("2160.000001")}]
    },
    "SURVEYS_ANSWERED": {"fct_survey": [{"response_id": "S1"}]},
    "CASE_DURATION_PLAUSIBLE": {
        "fct_case": [{"case_id": "C1", "hours_to_resolution": Decimal(8761)}]
    },
    "STOCK_AGE_PLAUSIBLE": {"fct_stock": [{"stock_status": "IN_STOCK", "stock_age_days": 1096}]},
    "RETURN_ON_SALES_PLAUSIBLE": {
        "fct_dealer_financials": [
            {
                "new_vehicle_revenue_eur": Decimal(60),
                "used_vehicle_revenue_eur": Decimal(30),
                "service_revenue_eur": Decimal(10),
                "operating_result_eur": Decimal("20.01"),
            }
        ]
    },
}


def test_every_warning_of_the_marts_finds_what_it_warns_of(settings: Settings) -> None:
    warned = WARNED | service_rows.WARNED | governance_rows.WARNED | brand_rows.WARNED
    warnings = {r.code for r in mart_rules() if r.severity == "warning"}
    assert warnings - set(capability_rows.BROKEN) == set(warned)
    rows = good()
    for broken in warned.values():
        for table, bad in broken.items():
            rows[table] = rows.get(table, []) + bad
    lake = SmallLake(settings.warehouse.parent)
    lake.deliver(
        "dealer__vehicle_events",
        event(),
        sender="D1",
        delivered_at=datetime(2025, 2, 10) + timedelta(days=76),
    )
    lake.deliver(governance_rows.EVENTS, *rows.pop(governance_rows.EVENTS))
    build_warehouse(settings, **rows)
    found = run_mart_gate(settings)
    assert {r.code for r in found.results if not r.failed_rows} & set(warned) == set()


def test_a_missing_mart_is_an_error_that_names_its_rules(settings: Settings) -> None:
    build_warehouse(settings)
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("drop table mart_market_penetration")
    with pytest.raises(GateError, match="mart_market_penetration.*PENETRATION_IN_RANGE"):
        run_mart_gate(settings)


def test_without_a_warehouse_nothing_passes(settings: Settings) -> None:
    with pytest.raises(GateError):
        run_mart_gate(settings)


def test_the_warehouse_is_let_go_of_at_once(settings: Settings) -> None:
    build_warehouse(settings)
    run_mart_gate(settings)
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("create table written_again as select 1 as x")
