"""Rules of what the systems of the dealers deliver."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    HISTORY,
    STATE,
    TIMELINESS,
    UNIQUENESS,
    VALIDITY,
    Rule,
    no_month_missing,
    timely,
)

_DEALER = "left join state.oem__dealers as k using (dealer_id, brand_code)"
_MODEL = "left join state.oem__vehicle_models as m on m.model_code = r.model_code"
_WITH_DEALER = f"""
    select r.*, k.dealer_id is not null as is_known_dealer
    from {{batch}} as r {_DEALER}
"""

# The check digit of a VIN: letters stand for digits, and the weighted sum of all places modulo 11
# stands in the ninth (10 is X). 17 digits fit a BIGINT, whose places are cheaper than substrings.
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_NUMBER = (
    "try_cast(translate(vin, 'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789') as bigint)"
)
_VIN_SUM = " + ".join(
    f"vin_number // {10 ** (16 - place)} % 10 * {weight}"
    for place, weight in enumerate(_VIN_WEIGHTS)
    if weight
)

SCANS = {
    "dealer__vehicle_events": f"""
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on, m.brand_code as model_brand_code,
            case when r.event_type = 'REGISTRATION' then {_VIN_NUMBER} end as vin_number
        from {{batch}} as r {_DEALER} {_MODEL}
    """,
    "dealer__leads": f"""
        select r.*, k.dealer_id is not null as is_known_dealer, m.brand_code as model_brand_code
        from {{batch}} as r {_DEALER} {_MODEL}
    """,
    "dealer__surveys": _WITH_DEALER,
    "dealer__cases": _WITH_DEALER,
    "dealer__financials": _WITH_DEALER,
    "dealer__stock": f"""
        select r.*, k.dealer_id is not null as is_known_dealer, m.brand_code as model_brand_code
        from {{batch}} as r {_DEALER} {_MODEL}
    """,
}


def _known_dealer(prefix: str, table: str, **options: str) -> Rule:
    return Rule(
        code=f"{prefix}_DEALER_KNOWN",
        table=table,
        dimension=CONSISTENCY,
        description="The dealer has a contract for this brand: rows of others are in no mart.",
        passes="is_known_dealer",
        mostly=0.99,
        **options,
    )


def _model_of_brand(prefix: str, table: str, applies: str = "true") -> Rule:
    return Rule(
        code=f"{prefix}_MODEL_KNOWN",
        table=table,
        dimension=CONSISTENCY,
        description="The model stands in the model range, under the brand of the row: otherwise "
        "segment and powertrain are unknown and the row is missing where they count.",
        applies=applies,
        passes="coalesce(model_brand_code = brand_code, false)",
        mostly=0.98,
        course_topic="SALES",
    )


RULES = (
    # -- vehicle events ------------------------------------------------------------------------
    _known_dealer("EVENT", "dealer__vehicle_events"),
    _model_of_brand("EVENT", "dealer__vehicle_events"),
    Rule(
        code="EVENT_VIN_CHECK_DIGIT",
        table="dealer__vehicle_events",
        dimension=VALIDITY,
        description="Share of registered VINs with a check digit whose digit is right. It is "
        "compulsory in North America only, and one in eleven fits by chance: a share far below "
        "that means the VINs were altered on their way.",
        applies="event_type = 'REGISTRATION' and regexp_full_match(substr(vin, 9, 1), '[0-9X]')",
        passes=f"substr(vin, 9, 1) = case ({_VIN_SUM}) % 11 when 10 then 'X' "
        f"else cast(({_VIN_SUM}) % 11 as varchar) end",
        mostly=0.04,
        target_rate=0.05,
    ),
    Rule(
        code="EVENT_SINCE_DEALER_OPENED",
        table="dealer__vehicle_events",
        dimension=CONSISTENCY,
        description="No event lies before the dealer's first day open: the date is wrong, or the "
        "dealer's.",
        passes="event_date >= dealer_opened_on",
        mostly=0.99,
    ),
    Rule(
        code="EVENT_UNTIL_DEALER_CLOSED",
        table="dealer__vehicle_events",
        dimension=CONSISTENCY,
        description="No sale lies after the dealer's last day open.",
        applies="event_type in ('ORDER', 'INVOICE', 'DELIVERY', 'REGISTRATION')",
        passes="event_date <= dealer_closed_on",
        mostly=0.99,
    ),
    Rule(
        code="EVENT_NOT_AHEAD_OF_DELIVERY",
        table="dealer__vehicle_events",
        dimension=TIMELINESS,
        description="What happened is not dated after the file that tells of it (a day's grace "
        "for time zones): planned dates are no events.",
        passes="event_date <= cast(_delivered_at as date) + 1",
        mostly=0.995,
    ),
    Rule(
        code="EVENT_NET_PRICE_WITHIN_LIST",
        table="dealer__vehicle_events",
        dimension=CONSISTENCY,
        description="The net price is not above the list price: gross and net are confused, or "
        "two vehicles.",
        applies="net_price_eur is not null and list_price_eur > 0",
        passes="net_price_eur <= list_price_eur",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_INVOICE_HAS_NET_PRICE",
        table="dealer__vehicle_events",
        dimension=COMPLETENESS,
        description="An invoice states its net price: without it, it is a unit with revenue 0.",
        applies="event_type = 'INVOICE'",
        passes="net_price_eur is not null",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_INVOICE_HAS_LIST_PRICE",
        table="dealer__vehicle_events",
        dimension=COMPLETENESS,
        description="An invoice states the list price: without it, its discount is unknown.",
        applies="event_type = 'INVOICE'",
        passes="list_price_eur is not null",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_PRICES_NOT_NEGATIVE",
        table="dealer__vehicle_events",
        dimension=VALIDITY,
        description="Prices are not below zero: a credit note is a CANCELLATION, not a negative "
        "invoice. For incentives such a price counts as 0.",
        passes="least(list_price_eur, net_price_eur) >= 0",
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_PRICES_OF_VEHICLES",
        table="dealer__vehicle_events",
        dimension=VALIDITY,
        description="Prices are below 100,000,000 EUR: more is no price of a vehicle, and counts "
        "as 0 for incentives.",
        passes="greatest(list_price_eur, net_price_eur) < 100000000",
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_REGISTRATION_HAS_HOLDER",
        table="dealer__vehicle_events",
        dimension=COMPLETENESS,
        description="A registration states the kind of holder: an empty one counts as a "
        "customer's, so self-registrations would pass unseen.",
        applies="event_type = 'REGISTRATION'",
        passes="holder_type is not null",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_PROMISED_AFTER_ORDER",
        table="dealer__vehicle_events",
        dimension=CONSISTENCY,
        description="What is ordered is promised for the same day or later.",
        applies="event_type = 'ORDER'",
        passes="promised_on >= event_date",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_VIN_REGISTERED_ONCE",
        table="dealer__vehicle_events",
        scope=HISTORY,
        dimension=UNIQUENESS,
        description="A VIN is rarely registered again (after a cancellation it may be): of "
        "several, only the earliest counts.",
        violations="""
            select
                vin, count(distinct event_id) as registrations,
                count(distinct dealer_id) as dealers, min(event_date) as first_date,
                max(event_date) as last_date
            from {batch}
            where event_type = 'REGISTRATION'
            group by vin
            having min(event_id) <> max(event_id)
        """,
        checked="count(*) filter (where event_type = 'REGISTRATION')",
        mostly=0.9,
    ),
    timely("EVENT_TIMELY", "dealer__vehicle_events", "event_date", 45),
    # -- leads ---------------------------------------------------------------------------------
    _known_dealer("LEAD", "dealer__leads"),
    _model_of_brand("LEAD", "dealer__leads", applies="model_code is not null"),
    Rule(
        code="LEAD_ANSWERED_AFTER_CREATION",
        table="dealer__leads",
        dimension=CONSISTENCY,
        description="A lead is not answered before it was created; such an answer counts as given "
        "within 24 hours.",
        passes="first_response_at >= created_at",
        mostly=0.99,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LEAD_LOST_AFTER_CREATION",
        table="dealer__leads",
        dimension=CONSISTENCY,
        description="A lead is not given up before it was created.",
        passes="lost_at >= created_at",
        mostly=0.99,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LEAD_NOT_SOLD_AND_LOST",
        table="dealer__leads",
        dimension=CONSISTENCY,
        description="A lead is sold or lost, not both: the closing rate counts it as sold.",
        applies="sold_vin is not null",
        passes="lost_at is null",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="LEAD_REACHABLE",
        table="dealer__leads",
        dimension=COMPLETENESS,
        description="A lead has an e-mail address: without one nobody can answer it online.",
        passes="customer_email is not null",
        mostly=0.9,
        target_rate=0.95,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LEAD_EMAIL_WELL_FORMED",
        table="dealer__leads",
        dimension=VALIDITY,
        description="An e-mail address has one @ with something on both sides.",
        passes="regexp_full_match(customer_email, '[^@\\s]+@[^@\\s]+')",
        mostly=0.98,
        course_topic="DIGITAL",
    ),
    timely("LEAD_TIMELY", "dealer__leads", "created_at", 45),
    # -- surveys -------------------------------------------------------------------------------
    _known_dealer("SURVEY", "dealer__surveys"),
    Rule(
        code="SURVEY_ANSWERED_AFTER_SENDING",
        table="dealer__surveys",
        dimension=CONSISTENCY,
        description="A survey is not answered before it was sent.",
        passes="answered_at >= sent_at",
        mostly=0.99,
        course_topic="SERVICE",
    ),
    Rule(
        code="SURVEY_SCORE_WITH_ANSWER",
        table="dealer__surveys",
        dimension=CONSISTENCY,
        description="A score has an answer's instant and an answer a score: either alone does not "
        "count for CSI and NPS.",
        applies="score is not null or answered_at is not null",
        passes="score is not null and answered_at is not null",
        mostly=0.98,
        course_topic="SERVICE",
    ),
    Rule(
        code="SURVEY_VIN_PRESENT",
        table="dealer__surveys",
        dimension=COMPLETENESS,
        description="A survey names the vehicle it is about: else praise and complaint cannot be "
        "traced to a sale or a repair.",
        passes="vin is not null",
        mostly=0.9,
        target_rate=0.95,
        course_topic="SERVICE",
    ),
    timely("SURVEY_TIMELY", "dealer__surveys", "sent_at", 45),
    # -- cases ---------------------------------------------------------------------------------
    _known_dealer("CASE", "dealer__cases"),
    Rule(
        code="CASE_RESOLVED_AFTER_OPENING",
        table="dealer__cases",
        dimension=CONSISTENCY,
        description="A case is not resolved before it was opened; one that is, is left out of the "
        "cycle time.",
        passes="resolved_at >= opened_at",
        mostly=0.99,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASE_ASSIGNED_IN_ITS_LIFE",
        table="dealer__cases",
        dimension=CONSISTENCY,
        description="A case is first assigned between its opening and its resolution.",
        applies="first_assigned_at is not null",
        passes="first_assigned_at between opened_at "
        "and coalesce(resolved_at, timestamp '9999-12-31')",
        mostly=0.99,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASE_APPROVED_WITHIN_CLAIM",
        table="dealer__cases",
        dimension=CONSISTENCY,
        description="No more is approved than was claimed, and neither is below zero.",
        passes="coalesce(approved_amount_eur <= claimed_amount_eur, true) "
        "and coalesce(least(approved_amount_eur, claimed_amount_eur) >= 0, true)",
        mostly=0.99,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASE_COUNTS_PLAUSIBLE",
        table="dealer__cases",
        dimension=VALIDITY,
        description="A case changes hands and is opened again 0 to 50 times.",
        passes="coalesce(reassign_count between 0 and 50, true) "
        "and coalesce(reopened_count between 0 and 50, true)",
        course_topic="SERVICE",
    ),
    Rule(
        code="CASE_POSTAL_CODE_WELL_FORMED",
        table="dealer__cases",
        dimension=VALIDITY,
        description="The customer's postal code has five digits: cases are routed by it.",
        passes="regexp_full_match(customer_postal_code, '[0-9]{5}')",
        mostly=0.98,
        course_topic="SERVICE",
    ),
    timely("CASE_TIMELY", "dealer__cases", "opened_at", 45),
    # -- financials ----------------------------------------------------------------------------
    _known_dealer("FINANCIALS", "dealer__financials", scope=STATE),
    Rule(
        code="FINANCIALS_REVENUE_NOT_NEGATIVE",
        table="dealer__financials",
        scope=STATE,
        dimension=VALIDITY,
        description="No revenue of a month is below zero.",
        passes="least(new_vehicle_revenue_eur, used_vehicle_revenue_eur, service_revenue_eur) >= 0",
        mostly=0.99,
    ),
    Rule(
        code="FINANCIALS_PROFIT_WITHIN_REVENUE",
        table="dealer__financials",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The gross profit of new vehicles, used vehicles and service is not above "
        "their revenue.",
        passes="new_vehicle_gross_profit_eur <= new_vehicle_revenue_eur "
        "and used_vehicle_gross_profit_eur <= used_vehicle_revenue_eur "
        "and service_gross_profit_eur <= service_revenue_eur",
        mostly=0.99,
    ),
    Rule(
        code="FINANCIALS_RESULT_WITHIN_PROFIT",
        table="dealer__financials",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The operating result is not above all gross profit together: what is earned "
        "beside the trade does not belong in it.",
        passes="operating_result_eur <= new_vehicle_gross_profit_eur "
        "+ used_vehicle_gross_profit_eur + service_gross_profit_eur",
        mostly=0.98,
    ),
    Rule(
        code="FINANCIALS_FIXED_EXPENSES_POSITIVE",
        table="dealer__financials",
        scope=STATE,
        dimension=VALIDITY,
        description="Fixed expenses are above zero: service absorption is measured against them.",
        passes="fixed_expenses_eur > 0",
        mostly=0.99,
    ),
    Rule(
        code="FINANCIALS_WITHIN_TOTAL_ASSETS",
        table="dealer__financials",
        scope=STATE,
        dimension=CONSISTENCY,
        description="Equity and liquid funds are parts of the balance sheet total.",
        passes="equity_eur <= total_assets_eur and liquid_funds_eur <= total_assets_eur",
        mostly=0.99,
    ),
    no_month_missing(
        "FINANCIALS_MONTHS_COMPLETE",
        "dealer__financials",
        "fiscal_month",
        ("dealer_id", "brand_code"),
        "Between a dealer's first and last books no month is missing: twelve-month figures would "
        "stay empty for a year.",
    ),
    # -- stock ---------------------------------------------------------------------------------
    _known_dealer("STOCK", "dealer__stock"),
    _model_of_brand("STOCK", "dealer__stock"),
    Rule(
        code="STOCK_SINCE_BEFORE_SNAPSHOT",
        table="dealer__stock",
        dimension=CONSISTENCY,
        description="A vehicle did not come into stock after the day it was counted.",
        passes="in_stock_since <= snapshot_date",
        mostly=0.99,
    ),
    Rule(
        code="STOCK_SINCE_PRESENT",
        table="dealer__stock",
        dimension=COMPLETENESS,
        description="A vehicle in stock states since when: without it, it has no age.",
        applies="stock_status = 'IN_STOCK'",
        passes="in_stock_since is not null",
        mostly=0.98,
    ),
    Rule(
        code="STOCK_VIN_AT_ONE_DEALER",
        table="dealer__stock",
        scope=HISTORY,
        dimension=UNIQUENESS,
        description="On the day of a snapshot a vehicle stands in the yard of one dealer only.",
        violations="""
            select
                snapshot_date, vin, count(distinct dealer_id) as dealers,
                min(dealer_id) as dealer_id, max(dealer_id) as other_dealer_id
            from {batch}
            where stock_status = 'IN_STOCK'
            group by snapshot_date, vin
            having min(dealer_id) <> max(dealer_id)
        """,
        checked="count(*) filter (where stock_status = 'IN_STOCK')",
        mostly=0.99,
    ),
    timely("STOCK_TIMELY", "dealer__stock", "snapshot_date", 45),
)
