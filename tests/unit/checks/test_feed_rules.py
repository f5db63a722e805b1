"""Every rule of the feeds does what it says: good rows pass it, and what it forbids breaks it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from expectations.registry import feed_rules
from expectations.rule import QUARANTINE
from orchestration.checks.gate import run_feed_gate
from tests.unit.checks import small_brand, small_capability, small_governance
from tests.unit.checks.small_lake import (
    Row,
    SmallLake,
    area,
    books,
    case,
    close,
    dealer,
    duty,
    event,
    everything,
    go_live,
    investment,
    invoice,
    kba,
    lead,
    market,
    model,
    network,
    program,
    routing_rule,
    sales_target,
    satisfaction,
    service_level,
    shared_member,
    shared_program,
    stock,
    strong,
    survey,
    target,
    territory,
    tier,
    weights,
)

TOTAL = "INSGESAMT"
WITHOUT_ROWS_TO_CHECK = {
    "CONTRACT_ENDS_WITH_DEALER",
    "DEALER_CLOSED_AFTER_OPENED",
    "DELIVERY_REJECTION_RECORDED",
    "EVENT_UNTIL_DEALER_CLOSED",
    "KPI_WEIGHTS_VALIDITY_ORDERED",
    "LEAD_LOST_AFTER_CREATION",
    "LEAD_MODEL_KNOWN",
    "LEAD_NOT_SOLD_AND_LOST",
    "LOCAL_CAMPAIGN_RESULTS_PRESENT",
    "PILOT_CONTROL_NOT_LIVE",
    "PILOT_HAS_BOTH_ARMS",
    "ROUTING_RULE_ENDS_WITH_DEALER",
    "STAFF_ENDS_WITH_DEALER",
    "TERRITORY_VALIDITY_ORDERED",
}
"""Rules about something that a good feed may do without."""


def unlike(rows: list[Row], **change: object) -> list[Row]:
    return [rows[0] | change, *rows[1:]]


BAD_ROWS: dict[str, dict[str, list[Row]]] = {
    **small_governance.BAD,
    **small_capability.BAD,
    **small_brand.BAD,
    "oem__dealers": {
        "DEALER_DISTRICT_KNOWN": [dealer(dealer_id="D1", district_code="99999")],
        "DEALER_POSTAL_CODE_WELL_FORMED": [dealer(dealer_id="D2", postal_code="1067")],
        "DEALER_CLOSED_AFTER_OPENED": [dealer(dealer_id="D3", closed_on=date(2014, 12, 31))],
        "DEALER_HAS_TERRITORY": [dealer(dealer_id="D4")],
        "DEALER_NAME_CONSISTENT": [
            dealer(dealer_id="D5"),
            dealer(dealer_id="D5", brand_code="BETA", dealer_name="Autohaus Zwei"),
        ],
        "MARKET_OWN_BRANDS_PRESENT": [dealer(dealer_id="D6", brand_code="GAMMA")],
        "EVENT_SINCE_DEALER_OPENED": [dealer(dealer_id="D7", opened_on=date(2025, 2, 11))],
        "EVENT_UNTIL_DEALER_CLOSED": [dealer(dealer_id="D8", closed_on=date(2025, 2, 9))],
        "MEETING_OF_TOP_PARTNER": [dealer(dealer_id="D10", is_top_partner=False)],
        "INVESTMENT_NOT_OF_GENUINE_AGENT": [dealer(dealer_id="D9", contract_model="AGENT_GENUINE")],
    },
    "oem__postal_areas": {
        "POSTAL_AREA_CODE_WELL_FORMED": [area(postal_code="1067")],
        "POSTAL_AREA_STATE_MATCHES_DISTRICT": [area(postal_code="80333", state_code="08")],
        "POSTAL_AREA_POPULATION_PRESENT": [area(postal_code="80335", population=None)],
        "DISTRICT_DESCRIBED_ONCE": [area(postal_code="80337", district_name="Munich")],
    },
    "oem__territories": {
        "TERRITORY_DEALER_KNOWN": [territory(dealer_id="D9999")],
        "TERRITORY_DISTRICT_KNOWN": [territory(district_code="99999")],
        "TERRITORY_VALIDITY_ORDERED": [
            territory(valid_from=date(2010, 1, 2), valid_to=date(2010, 1, 1))
        ],
        "TERRITORY_NOT_OVERLAPPING": [
            territory(valid_from=date(2015, 1, 1), valid_to=date(2020, 1, 1))
        ],
    },
    "oem__vehicle_models": {
        "MODEL_LIST_PRICE_POSITIVE": [model(model_code="A2", list_price_eur=Decimal(0))],
        "MODEL_DISCOUNT_LIMIT_PLAUSIBLE": [model(model_code="A3", max_discount_rate=Decimal(15))],
        "MODEL_NAME_UNIQUE": [model(model_code="A4")],
    },
    "oem__kpi_weights": {
        "KPI_WEIGHTS_SUM_TO_100": unlike(weights(2), weight=Decimal(41)),
        "KPI_WEIGHTS_SAME_VALIDITY": unlike(weights(3), valid_to=date(2024, 12, 31)),
        "KPI_WEIGHTS_VALIDITY_ORDERED": weights(4, valid_to=date(2023, 12, 31)),
        "KPI_WEIGHTS_NOT_OVERLAPPING": weights(5),
        "KPI_WEIGHT_NOT_NEGATIVE": unlike(weights(6), weight=Decimal(-1)),
        "KPI_WEIGHT_BOUNDS_ORDERED": weights(7, floor_rate=Decimal("1.2")),
        "KPI_WEIGHT_MIN_SAMPLE_PLAUSIBLE": weights(8, min_sample=10_001),
    },
    "oem__kpi_targets": {
        "KPI_TARGET_POSITIVE": [target(kpi_code="CLOSING_RATE", target_value=Decimal(0))],
        "KPI_TARGET_DEALER_KNOWN": [target(dealer_id="D9999")],
        "KPI_TARGET_WEIGHTED": [target(kpi_code="NPS")],
        "KPI_TARGET_MONTHS_COMPLETE": [target(target_month=date(2024, 11, 1))],
    },
    "oem__sales_targets": {
        "SALES_TARGET_DEALER_KNOWN": [sales_target(dealer_id="D9999")],
        "SALES_TARGET_CELL_SOLD": [sales_target(segment_code="VAN")],
        "SALES_TARGET_QUARTER_BEGINS": [sales_target(quarter_start=date(2025, 2, 1))],
        "SALES_TARGET_ANNOUNCED_IN_TIME": [
            sales_target(version=2, announced_on=date(2025, 1, 2), consented_on=date(2025, 4, 1)),
            sales_target(version=3, announced_on=None),
        ],
        "SALES_TARGET_MINIMUM_WITHIN_BASE": [sales_target(version=4, min_purchase_units=11)],
        "SALES_TARGET_BASE_WITHIN_MAXIMUM": [sales_target(version=5, max_units=9)],
        "SALES_TARGET_KEPT_ONCE_ANNOUNCED": [sales_target(base_units=11)],
    },
    "oem__incentive_programs": {
        "INCENTIVE_PROGRAM_TWO_APPROVERS": [
            program(program_id="X1", approved_by_1="Ada L.", approved_by_2=" ada\u00a0l.")
        ],
        "INCENTIVE_PROGRAM_VALIDITY_ORDERED": [
            program(program_id="X2", valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1))
        ],
        "INCENTIVE_PROGRAM_WITHOUT_GAPS": [program(version=2, valid_from=date(2026, 1, 2))],
        "INCENTIVE_PROGRAM_ANNOUNCED_IN_TIME": [
            program(program_id="X3", announced_on=date(2025, 1, 2))
        ],
        "INCENTIVE_PROGRAM_HAS_TIERS": [program(program_id="X4")],
        "INCENTIVE_PROGRAM_BRAND_KNOWN": [program(program_id="X5", brand_code="OMEGA")],
        "INCENTIVE_PROGRAM_CELL_SOLD": [program(program_id="X6", powertrain_code="DIESEL")],
        "INCENTIVE_PROGRAM_GRAIN_FIXED": [
            program(program_id="X8"),
            program(program_id="X8", version=2, period_grain="YEAR"),
        ],
        "INCENTIVE_PROGRAM_BRAND_FIXED": [program(program_id="X8", version=3, brand_code="BETA")],
        "INCENTIVE_PROGRAM_CREDITS_FIXED": [program(version=5, credits_refinancing=True)],
        "INCENTIVE_TARGET_NOT_MONTHLY": [strong(version=2) | {"period_grain": "MONTH"}],
        "INCENTIVE_MARGINAL_PAYS_UNITS": [strong(version=3) | {"tier_mode": "MARGINAL"}],
        "INCENTIVE_STRONG_MARKET_NAMED": [strong(version=4) | {"powertrain_code": None}],
        "INCENTIVE_MEASURE_KPI_NAMED": [satisfaction(version=2, measure_kpi_code=None)],
        "INCENTIVE_GATE_COMPLETE": [
            strong(version=5) | {"gate_min_value": None},
            program(program_id="X7", gate_min_value=Decimal(1)),
        ],
        "INCENTIVE_KPI_HIGHER_IS_BETTER": [satisfaction(version=3, gate_kpi_code="STOCK_DAYS")],
        "INCENTIVE_KPI_WEIGHTED": [satisfaction(version=4, measure_kpi_code="NPS")],
        "INCENTIVE_PROGRAM_PERIODS_CLOSE": [
            satisfaction(version=5, valid_from=date(2024, 12, 1), valid_to=date(2024, 12, 31))
        ],
    },
    "oem__incentive_tiers": {
        "INCENTIVE_TIERS_ASCENDING": [tier(tier_no=3, threshold=Decimal(10))],
        "INCENTIVE_TIERS_HAVE_PROGRAM": [
            tier(version=9),
            *(tier(program_id="X8", version=version) for version in (1, 2, 3)),
        ],
        "INCENTIVE_RATE_OF_PRICE_PLAUSIBLE": [
            tier(program_id="P2", tier_no=2, threshold=Decimal(1), rate=Decimal("1.000001"))
        ],
        "INCENTIVE_ATTAINMENT_THRESHOLD_PLAUSIBLE": [
            tier(program_id="P2", tier_no=3, threshold=Decimal(90), rate=Decimal("0.03"))
        ],
        "INCENTIVE_THRESHOLD_NOT_NEGATIVE": [
            tier(program_id="P3", tier_no=2, threshold=Decimal("-0.5"))
        ],
    },
    "oem__period_closes": {
        "PERIOD_CLOSED_AFTER_ITS_END": [
            close(period_month=date(2025, 2, 1), closed_at=datetime(2025, 2, 28, 22, 59))
        ],
        "PERIODS_CLOSED_IN_ORDER": [
            close(period_month=date(2025, 4, 1), closed_at=datetime(2025, 5, 2))
        ],
    },
    "oem__showroom_investments": {
        "INVESTMENT_DEALER_KNOWN": [investment(investment_id="X1", dealer_id="D9999")],
        "INVESTMENT_NOT_OF_GENUINE_AGENT": [investment(investment_id="X2", dealer_id="D9")],
        "INVESTMENT_INTEREST_WITH_PAY_OUT": [
            investment(investment_id="X3", surplus_policy="REAMORTISE")
        ],
        "INVESTMENT_COSTS_SOMETHING": [investment(investment_id="X4", total_cost_eur=Decimal(0))],
        "INVESTMENT_UPFRONT_RATE_PLAUSIBLE": [
            investment(investment_id="X5", upfront_rate=Decimal("0.900001"))
        ],
        "INVESTMENT_MONTHS_PLAUSIBLE": [investment(investment_id="X6", refinance_months=5)],
        "INVESTMENT_INTEREST_RATE_PLAUSIBLE": [
            investment(investment_id="X7", annual_interest_rate=Decimal("0.250001"))
        ],
        "INVESTMENT_DEALER_OPEN": [investment(investment_id="X8", dealer_id="D8")],
        "INVESTMENT_TERMINATED_AFTER_START": [
            investment(investment_id="X9", terminated_on=date(2025, 3, 31))
        ],
        "INVESTMENT_EXTENSION_LIMITED": [
            investment(investment_id="X10", max_extension_months=None),
            investment(
                investment_id="X11",
                shortfall_policy="CARRY",
                end_policy="EXTEND",
                max_extension_months=0,
            ),
        ],
        "INVESTMENT_DELIVERED_IN_TIME": [
            investment(investment_id="X12", start_date=date(2025, 1, 31)),
            investment(investment_id="X13", start_date=date(2027, 3, 2)),
        ],
        "INVESTMENT_TERMS_KEPT_ONCE_STARTED": [
            investment(investment_id="X14", start_date=date(2025, 2, 28))
        ],
    },
    "oem__shared_programs": {
        "SHARED_PROGRAM_SHARES_NOT_NEGATIVE": [
            shared_program(program_id="X1", min_share_eur=Decimal("-0.01"))
        ],
        "SHARED_PROGRAM_SHARE_RATE_PLAUSIBLE": [
            shared_program(program_id="X2", partner_share_rate=Decimal("0.750001"))
        ],
        "SHARED_PROGRAM_COSTS_SOMETHING": [
            shared_program(program_id="X3", total_cost_eur=Decimal(0))
        ],
        "SHARED_PROGRAM_FLOOR_WITHIN_CAP": [
            shared_program(program_id="X4", min_share_eur=Decimal("30000.01"))
        ],
        "SHARED_PROGRAM_HAS_MEMBERS": [shared_program(program_id="X5")],
        "SHARED_PROGRAM_BOUNDS_FEASIBLE": [
            shared_program(program_id="X6", min_share_eur=None, max_share_eur=Decimal("29999.99")),
            shared_program(program_id="X7", min_share_eur=Decimal("30000.01"), max_share_eur=None),
        ],
        "SHARED_PROGRAM_DECIDED_BEFORE_GO_LIVE": [
            shared_program(program_id="X8", go_live_on=date(2025, 1, 14))
        ],
    },
    "oem__shared_program_members": {
        "SHARED_MEMBER_DEALER_KNOWN": [shared_member(dealer_id="D9999")],
        "SHARED_MEMBER_PROGRAM_KNOWN": [shared_member(program_id="X9")],
        "SHARED_MEMBER_JOINED_BEFORE_LEFT": [
            shared_member(dealer_id="D8", left_on=date(2025, 1, 14)),
        ],
        # those without whom nobody carries X6 and X7
        "SHARED_PROGRAM_BOUNDS_FEASIBLE": [
            shared_member(program_id="X6"),
            shared_member(program_id="X7"),
        ],
    },
    "oem__routing_rules": {
        "ROUTING_RULE_DEALER_KNOWN": [routing_rule(rule_id="X1", responsible_dealer_id="D9999")],
        "ROUTING_RULE_WHILE_DEALER_OPEN": [routing_rule(rule_id="X2", responsible_dealer_id="D8")],
        "ROUTING_RULE_ENDS_WITH_DEALER": [
            routing_rule(
                rule_id="X3",
                responsible_dealer_id="D8",
                valid_from=date(2025, 2, 9),
                valid_to=date(2025, 2, 10),
            )
        ],
        "ROUTING_RULE_BRAND_KNOWN": [routing_rule(rule_id="X4", brand_code="OMEGA")],
        "ROUTING_RULE_CATEGORY_KNOWN": [routing_rule(rule_id="X8", product_category="Brakes")],
        "ROUTING_RULE_PRIORITY_PLAUSIBLE": [routing_rule(rule_id="X9", priority=10_000)],
        "ROUTING_RULE_VALIDITY_ORDERED": [
            routing_rule(rule_id="X10", valid_to=date(2025, 2, 28)),
        ],
        "ROUTING_RULES_NOT_OVERLAPPING": [
            routing_rule(rule_id="X11", responsible_dealer_id="D7", valid_from=date(2025, 12, 1))
        ],
        "ROUTING_RULES_NOT_DOUBLED": [
            routing_rule(rule_id="X12", valid_from=date(2026, 1, 1), valid_to=date(2026, 1, 1))
        ],
        "ROUTING_RULES_COVER_AREAS": [],  # the area whose leading zero is lost
        "ROUTING_RULE_DELIVERED_IN_TIME": [
            routing_rule(rule_id="X13", priority=5, valid_from=date(2025, 2, 28))
        ],
    },
    "oem__routing_go_lives": {
        "ROUTING_GO_LIVE_BRAND_KNOWN": [go_live(brand_code="OMEGA")],
        "ROUTING_GO_LIVE_HAS_RULES": [go_live(brand_code="BETA")],
        "ROUTING_GO_LIVE_PLAUSIBLE": [go_live(brand_code="B1", go_live_on=date(2205, 3, 1))],
        "ROUTING_GO_LIVE_ANNOUNCED_IN_TIME": [
            go_live(brand_code="B2", go_live_on=date(2025, 2, 28))
        ],
        "ROUTING_GO_LIVE_KEPT": [],  # B2 moves in a later delivery
    },
    "oem__responsibilities": {
        "RESPONSIBILITY_ONE_ACCOUNTABLE": [
            duty("RESPONSIBLE", "PARTNER", process_code="PRICING"),
        ],
        "RESPONSIBILITY_HAS_RESPONSIBLE": [
            duty(process_code="ORDERING"),
            duty("RESPONSIBLE", process_code="ORDERING", valid_to=date(2999, 1, 1)),
        ],
        "RESPONSIBILITY_PARTY_KNOWN": [
            duty("INFORMED", "D9999"),
            duty("INFORMED", "Partner"),
        ],
        "RESPONSIBILITY_BRAND_KNOWN": [duty(brand_code="OMEGA")],
        "RESPONSIBILITY_VALIDITY_ORDERED": [duty("INFORMED", valid_to=date(2025, 1, 31))],
        "RESPONSIBILITY_NOT_OVERLAPPING": [
            duty("RESPONSIBLE", "D0001", valid_from=date(2025, 4, 1))
        ],
        "RESPONSIBILITY_DELIVERED_IN_TIME": [duty("CONSULTED", valid_from=date(2025, 1, 31))],
    },
    "oem__service_levels": {
        "SERVICE_LEVEL_BRAND_KNOWN": [service_level(brand_code="OMEGA")],
        "SERVICE_LEVEL_HOURS_PLAUSIBLE": [
            service_level(brand_code="BETA", target_hours=0),
            service_level(brand_code="BETA", case_type="COMPLAINT", target_hours=2161),
        ],
        "SERVICE_LEVELS_COMPLETE": [],  # BETA has none for requests
        "SERVICE_LEVEL_CHANGE_PLAUSIBLE": [],  # that of ALPHA's warranty in a later delivery
    },
    "market__registrations": {
        "MARKET_DISTRICT_KNOWN": [market(district_code="99999")],
        "MARKET_POWERTRAIN_KNOWN": [market(powertrain_code="STEAM")],
        "MARKET_UNITS_PLAUSIBLE": [market(brand_code="BETA", units=20_001)],
        "MARKET_MONTHS_COMPLETE": [market(registration_month=date(2024, 11, 1))],
        "MARKET_TIMELY": [],
    },
    "kba__fz10": {
        "KBA_MONTHS_COMPLETE": [kba(registration_month=date(2024, 10, 1))],
        "KBA_PARTS_WITHIN_UNITS": [kba("AUDI", "A1", bev=11)],
        "KBA_FIGURES_NOT_NEGATIVE": [kba("AUDI", "A2", cabrio=-1)],
        "KBA_BRAND_TOTAL_PRESENT": [kba("BMW", "I3")],
        "KBA_SERIES_SUM_TO_BRAND": [kba("SEAT", "IBIZA"), kba("SEAT", TOTAL, units=11)],
        "KBA_BRANDS_SUM_TO_MARKET": [],  # SEAT's total is in no market total
    },
    "dealer__vehicle_events": {
        "EVENT_DEALER_KNOWN": [event(event_id="X1", dealer_id="D9999")],
        "EVENT_MODEL_KNOWN": [event(event_id="X2", model_code="ZZ")],
        "EVENT_VIN_CHECK_DIGIT": [event(event_id="X3", vin="1M8GDM9A0KP042788")],
        "EVENT_SINCE_DEALER_OPENED": [event(event_id="X4", dealer_id="D7")],
        "EVENT_UNTIL_DEALER_CLOSED": [event(event_id="X5", dealer_id="D8")],
        "EVENT_NOT_AHEAD_OF_DELIVERY": [event(event_id="X6", event_date=date(2025, 3, 3))],
        "EVENT_NET_PRICE_WITHIN_LIST": [invoice(event_id="X7", net_price_eur=Decimal("40000.01"))],
        "EVENT_INVOICE_HAS_NET_PRICE": [invoice(event_id="X8", net_price_eur=None)],
        "EVENT_INVOICE_HAS_LIST_PRICE": [invoice(event_id="X9", list_price_eur=None)],
        "EVENT_PRICES_NOT_NEGATIVE": [invoice(event_id="X10", net_price_eur=Decimal("-0.01"))],
        "EVENT_PRICES_OF_VEHICLES": [
            invoice(
                event_id="X14", list_price_eur=Decimal("100000000.00"), net_price_eur=Decimal(1)
            )
        ],
        "EVENT_REGISTRATION_HAS_HOLDER": [event(event_id="X11", holder_type=None)],
        "EVENT_PROMISED_AFTER_ORDER": [
            event(event_id="X12", event_type="ORDER", promised_on=date(2025, 2, 9))
        ],
        "EVENT_VIN_REGISTERED_ONCE": [event(event_id="X13")],
        "EVENT_TIMELY": [],
    },
    "dealer__leads": {
        "LEAD_DEALER_KNOWN": [lead(lead_id="X1", dealer_id="D9999")],
        "LEAD_MODEL_KNOWN": [lead(lead_id="X2", model_code="ZZ")],
        "LEAD_ANSWERED_AFTER_CREATION": [
            lead(lead_id="X3", first_response_at=datetime(2025, 2, 10, 7, 59))
        ],
        "LEAD_LOST_AFTER_CREATION": [lead(lead_id="X4", lost_at=datetime(2025, 2, 10, 7, 59))],
        "LEAD_NOT_SOLD_AND_LOST": [
            lead(lead_id="X5", lost_at=datetime(2025, 2, 12), sold_vin="1M8GDM9AXKP042788")
        ],
        "LEAD_REACHABLE": [lead(lead_id="X6", customer_email=None)],
        "LEAD_EMAIL_WELL_FORMED": [lead(lead_id="X7", customer_email="erika@")],
        "LEAD_CAMPAIGN_KNOWN": [lead(lead_id="X8", campaign_id="SUMMER")],
        "LEAD_TIMELY": [],
    },
    "dealer__surveys": {
        "SURVEY_DEALER_KNOWN": [survey(response_id="X1", dealer_id="D9999")],
        "SURVEY_ANSWERED_AFTER_SENDING": [
            survey(response_id="X2", answered_at=datetime(2025, 2, 10, 7))
        ],
        "SURVEY_SCORE_WITH_ANSWER": [survey(response_id="X3", score=None)],
        "SURVEY_VIN_PRESENT": [survey(response_id="X4", vin=None)],
        "SURVEY_TIMELY": [],
    },
    "dealer__cases": {
        "CASE_DEALER_KNOWN": [case(case_id="X1", dealer_id="D9999")],
        "CASE_RESOLVED_AFTER_OPENING": [case(case_id="X2", resolved_at=datetime(2025, 2, 9))],
        "CASE_ASSIGNED_IN_ITS_LIFE": [case(case_id="X3", first_assigned_at=datetime(2025, 2, 13))],
        "CASE_APPROVED_WITHIN_CLAIM": [case(case_id="X4", approved_amount_eur=Decimal("500.01"))],
        "CASE_COUNTS_PLAUSIBLE": [case(case_id="X5", reopened_count=-1)],
        "CASE_POSTAL_CODE_WELL_FORMED": [case(case_id="X6", customer_postal_code="1067")],
        "CASE_TIMELY": [],
    },
    "dealer__financials": {
        "FINANCIALS_DEALER_KNOWN": [books(dealer_id="D9999")],
        "FINANCIALS_REVENUE_NOT_NEGATIVE": [
            books(brand_code="B1", used_vehicle_revenue_eur=Decimal(-1))
        ],
        "FINANCIALS_PROFIT_WITHIN_REVENUE": [
            books(brand_code="B2", service_gross_profit_eur=Decimal(200_001))
        ],
        "FINANCIALS_RESULT_WITHIN_PROFIT": [
            books(brand_code="B3", operating_result_eur=Decimal(210_001))
        ],
        "FINANCIALS_FIXED_EXPENSES_POSITIVE": [
            books(brand_code="B4", fixed_expenses_eur=Decimal(0))
        ],
        "FINANCIALS_WITHIN_TOTAL_ASSETS": [books(brand_code="B5", equity_eur=Decimal(5_000_001))],
        "FINANCIALS_TIMELY": [],
        "FINANCIALS_MONTHS_COMPLETE": [books(fiscal_month=date(2024, 11, 1))],
    },
    "dealer__stock": {
        "STOCK_DEALER_KNOWN": [stock(dealer_id="D9999")],
        "STOCK_MODEL_KNOWN": [stock(vin="1M8GDM9AXKP042780", model_code="ZZ")],
        "STOCK_SINCE_BEFORE_SNAPSHOT": [
            stock(vin="1M8GDM9AXKP042781", in_stock_since=date(2025, 3, 1))
        ],
        "STOCK_SINCE_PRESENT": [stock(vin="1M8GDM9AXKP042782", in_stock_since=None)],
        "STOCK_VIN_AT_ONE_DEALER": [stock(dealer_id="D8")],
        "STOCK_TIMELY": [],
    },
}
BOOKS = {
    "DELIVERY_KNOWN_AT_CLOSE",
    "DELIVERY_CONSERVED",
    "DELIVERY_ROWS_IN_LAKE",
    "DELIVERY_REJECTION_RECORDED",
    "DELIVERY_NOT_REJECTED",
    "DELIVERY_SENDER_KNOWN",
    "DELIVERY_SNAPSHOT_NOT_EMPTY",
    "DELIVERY_QUARANTINE_SHARE",
}
OF_QUARANTINE = [rule for rule in feed_rules() if rule.kind == QUARANTINE]


def test_good_rows_in_every_feed_break_no_rule(tmp_path: Path) -> None:
    found = run_feed_gate(everything(SmallLake(tmp_path)).settings)
    assert [str(r) for r in found.results if r.failed_rows] == []
    unchecked = {r.code for r in found.results if not r.checked_rows}
    assert unchecked == WITHOUT_ROWS_TO_CHECK


def test_every_rule_finds_what_breaks_it(tmp_path: Path) -> None:
    lake = everything(SmallLake(tmp_path))
    for feed, bad in BAD_ROWS.items():
        rows = [row for broken in bad.values() for row in broken]
        # another sender, so that a snapshot joins the good one instead of replacing it
        lake.deliver(feed, *rows, sender="hub")
    late = {
        **small_governance.LATE,
        **small_capability.LATE,
        **small_brand.LATE,
        "market__registrations": market(holder_type="FLEET"),
        "dealer__vehicle_events": event(event_id="LATE"),
        "dealer__leads": lead(lead_id="LATE"),
        "dealer__surveys": survey(response_id="LATE"),
        "dealer__cases": case(case_id="LATE"),
        "dealer__stock": stock(vin="1M8GDM9AXKP042783"),
    }
    for feed, row in late.items():
        lake.deliver(feed, row, sender="hub", delivered_at=datetime(2025, 6, 1))
    changed = investment(investment_id="X14", day_count="ACT/365")
    lake.deliver("oem__showroom_investments", changed)
    moved = go_live(brand_code="B2", go_live_on=date(2025, 4, 1))
    lake.deliver("oem__routing_go_lives", moved)
    lake.deliver("oem__service_levels", service_level(target_hours=97))
    lake.deliver("dealer__leads", sender="unknown", rejected="EMPTY")
    for path in lake.settings.rejected.iterdir():
        path.unlink()
    lake.deliver("oem__territories", sender="importer")
    lake.deliver("dealer__surveys", survey(response_id="OLD"), delivered_at=datetime(2025, 1, 31))
    lake.deliver("dealer__financials", books(fiscal_month=date(2024, 11, 1)), sender="slow")
    lake.deliver("dealer__leads", lead(lead_id="Q"), quarantined=["BAD_TYPE"])
    for person in small_capability.LISTED_ONCE:  # the second list replaces the first
        lake.deliver("dealer__staff", person, sender="forgetful")
    for feed in {rule.table for rule in OF_QUARANTINE}:
        reasons = {r for rule in OF_QUARANTINE if rule.table == feed for r in rule.quarantined}
        lake.deliver(feed, quarantined=sorted(reasons), sender="slipshod")
    lake.falsify_books(delivered_rows=5, accepted_rows=2)

    found = run_feed_gate(lake.settings)
    assert {r.code for r in found.results if not r.failed_rows} == set()
    named = {code for bad in BAD_ROWS.values() for code in bad} | BOOKS
    named |= {rule.code for rule in OF_QUARANTINE}
    assert named == {r.code for r in feed_rules()}
    without_example = {r.code for r in found.results if not r.success and not r.examples}
    assert without_example == set()


def failed(lake: SmallLake, code: str) -> list[Row]:
    """Examples of what breaks a rule."""
    (found,) = [r for r in run_feed_gate(lake.settings).results if r.code == code]
    return found.examples


def test_versions_that_are_refused_for_something_else_are_not_compared(tmp_path: Path) -> None:
    lake = network(SmallLake(tmp_path))
    refused = [
        program(period_grain="YEAR"),  # without tiers
        program(version=2, period_grain="YEAR", approved_by_2="ADA"),
        program(version=3, period_grain="YEAR"),  # with tiers that descend
        program(version=4, period_grain="YEAR", gate_kpi_code="CSI"),
        program(version=5, period_grain="YEAR", payout_basis="RATE_OF_LIST_PRICE"),
    ]
    lake.deliver("oem__incentive_programs", *refused, program(version=6), program(version=7))
    lake.deliver(
        "oem__incentive_tiers",
        *(tier(version=version, rate=Decimal("1.01")) for version in range(2, 8)),
        tier(version=3, tier_no=2, threshold=Decimal("0.5")),
    )
    assert failed(lake, "INCENTIVE_PROGRAM_GRAIN_FIXED") == []
    lake.deliver("oem__incentive_programs", program(version=7, period_grain="QUARTER"))
    assert [row["version"] for row in failed(lake, "INCENTIVE_PROGRAM_GRAIN_FIXED")] == [7]


def test_blanks_of_any_kind_make_nobody_another_person(tmp_path: Path) -> None:
    lake = network(SmallLake(tmp_path))
    names = ["ada l.", "ADA\u202fL.\u3000", "Ada\tL.", "\u00a0", None]
    rows = [
        program(version=version, approved_by_1="Ada\u00a0L.", approved_by_2=name)
        for version, name in enumerate(names, start=1)
    ]
    lake.deliver("oem__incentive_programs", *rows, program(version=9))
    broken = failed(lake, "INCENTIVE_PROGRAM_TWO_APPROVERS")
    assert sorted(row["version"] for row in broken) == [1, 2, 3, 4, 5]


def test_what_is_loaded_with_the_first_load_after_a_close_was_known_at_it(tmp_path: Path) -> None:
    """Loads are a day apart from 2025-06-01T04:00 on; five of them bring the network."""
    lake = network(SmallLake(tmp_path))
    ahead = close(period_month=date(2025, 5, 1), closed_at=datetime(2025, 6, 6, 12))
    lake.deliver("oem__period_closes", ahead)
    in_time = {"delivered_at": datetime(2025, 6, 6, 11)}
    lake.deliver("dealer__leads", lead(lead_id="L1"), **in_time)
    assert failed(lake, "DELIVERY_KNOWN_AT_CLOSE") == []
    lake.deliver("dealer__leads", lead(lead_id="L2"), sender="hub", **in_time)
    (row,) = failed(lake, "DELIVERY_KNOWN_AT_CLOSE")
    assert (row["sender"], row["closed_without_it"]) == ("hub", "2025-05-01")


def test_a_close_that_was_withdrawn_left_nothing_out(tmp_path: Path) -> None:
    lake = network(SmallLake(tmp_path))
    lake.deliver("oem__period_closes", close())
    lake.deliver("dealer__leads", lead(), delivered_at=datetime(2025, 1, 31))
    assert failed(lake, "DELIVERY_KNOWN_AT_CLOSE") != []
    lake.deliver("oem__period_closes", {"period_month": date(2025, 1, 1), "is_deleted": True})
    assert failed(lake, "DELIVERY_KNOWN_AT_CLOSE") == []
    lake.deliver("oem__period_closes", close(closed_at=datetime(2025, 2, 1)))
    assert failed(lake, "DELIVERY_KNOWN_AT_CLOSE") == []
