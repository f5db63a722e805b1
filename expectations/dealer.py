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
    accepted,
    no_month_missing,
    timely,
)
from expectations.shared import DELIVERED_ON

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
        description="The dealer has a contract for this brand.",
        reason="Rows of others are in no mart: what was sold or done is missing everywhere.",
        remedy="Export your dealer id and the brand's code as the contract has them; if both are "
        "right, ask the manufacturer to deliver the contract.",
        passes="is_known_dealer",
        mostly=0.99,
        **options,
    )


def _model_of_brand(prefix: str, table: str, applies: str = "true") -> Rule:
    return Rule(
        code=f"{prefix}_MODEL_KNOWN",
        table=table,
        dimension=CONSISTENCY,
        description="The model stands in the model range, under the brand of the row.",
        reason="Otherwise segment and powertrain are unknown, and the row is missing where they "
        "count: targets, electric share and market.",
        remedy="Export the manufacturer's code of the model, not one of your own.",
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
        description="Some registered VINs have a check digit, in the ninth place, that fits the "
        "others.",
        reason="It is compulsory in North America only, and one in eleven fits by chance: a share "
        "far below that means that VINs were altered on their way, and registrations of one "
        "vehicle are counted as two.",
        remedy="Take the VIN from the vehicle's papers or a scanner, never by typing; look "
        "whether an export cuts or pads it.",
        applies="event_type = 'REGISTRATION' and regexp_full_match(substr(vin, 9, 1), '[0-9X]')",
        passes=f"substr(vin, 9, 1) = case ({_VIN_SUM}) % 11 when 10 then 'X' "
        f"else cast(({_VIN_SUM}) % 11 as varchar) end",
        mostly=0.04,
        # by chance: of the few registrations of one dealer and month often none
        per_dealer=False,
    ),
    Rule(
        code="EVENT_SINCE_DEALER_OPENED",
        table="dealer__vehicle_events",
        dimension=CONSISTENCY,
        description="An event lies on or after the dealer's first day open.",
        reason="The date is wrong, or the dealer's first day is: an event before it counts for "
        "nobody.",
        remedy="Correct the date of the event; where it is right, ask the manufacturer to correct "
        "the day of opening.",
        passes="event_date >= dealer_opened_on",
        mostly=0.99,
    ),
    Rule(
        code="EVENT_UNTIL_DEALER_CLOSED",
        table="dealer__vehicle_events",
        dimension=CONSISTENCY,
        description="An order, invoice, delivery or registration lies on or before the dealer's "
        "last day open.",
        reason="A sale of a dealer who has closed is in no score, and belongs to whoever took "
        "over.",
        remedy=("Book the sale at the dealer who made it, or have the day of closing corrected."),
        applies="event_type in ('ORDER', 'INVOICE', 'DELIVERY', 'REGISTRATION')",
        passes="event_date <= dealer_closed_on",
        mostly=0.99,
    ),
    Rule(
        code="EVENT_NOT_AHEAD_OF_DELIVERY",
        table="dealer__vehicle_events",
        dimension=TIMELINESS,
        description="An event has happened when the file that tells of it arrives (a day's grace "
        "for time zones).",
        reason="A plan told as a fact counts in a month that has not come, and stays where the "
        "plan changes.",
        remedy=("Export events when they have happened; give planned days in promised_on."),
        passes=f"event_date <= {DELIVERED_ON} + 1",
        mostly=0.995,
    ),
    Rule(
        code="EVENT_NET_PRICE_WITHIN_LIST",
        table="dealer__vehicle_events",
        dimension=CONSISTENCY,
        description="The net price is not above the list price.",
        reason="Gross and net are confused, or two vehicles: the discount is negative and the "
        "price looks consistent with the brand when it is not.",
        remedy="Deliver net prices without value added tax, and the list price of the same "
        "vehicle with its equipment.",
        applies="net_price_eur is not null and list_price_eur > 0",
        passes="net_price_eur <= list_price_eur",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_INVOICE_HAS_NET_PRICE",
        table="dealer__vehicle_events",
        dimension=COMPLETENESS,
        description="An invoice states its net price.",
        reason="Without it the invoice is a unit with revenue 0: growth and consistency of prices "
        "are wrong.",
        remedy="Export the net price of each invoice; send the invoice again with it.",
        applies="event_type = 'INVOICE'",
        passes="net_price_eur is not null",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_INVOICE_HAS_LIST_PRICE",
        table="dealer__vehicle_events",
        dimension=COMPLETENESS,
        description="An invoice states the list price.",
        reason="Without it the discount is unknown, and the invoice is left out of the "
        "consistency of prices.",
        remedy="Export the list price that was valid on the day of the order; send the invoice "
        "again with it.",
        applies="event_type = 'INVOICE'",
        passes="list_price_eur is not null",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_PRICES_NOT_NEGATIVE",
        table="dealer__vehicle_events",
        dimension=VALIDITY,
        description="Prices are 0 or more.",
        reason="A negative invoice lowers revenue, yet counts as another unit; for incentives "
        "such a price counts as 0.",
        remedy=("Book a credit note as a CANCELLATION of the invoice, not as a second one."),
        passes="least(list_price_eur, net_price_eur) >= 0",
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_PRICES_OF_VEHICLES",
        table="dealer__vehicle_events",
        dimension=VALIDITY,
        description="Prices are below 100,000,000 EUR.",
        reason="More is no price of a vehicle: one such row outweighs a year's revenue, and "
        "counts as 0 for incentives.",
        remedy=("Look whether cents were sent as euro, or an id in the column of the price."),
        passes="greatest(list_price_eur, net_price_eur) < 100000000",
        course_topic="SALES",
    ),
    Rule(
        code="EVENT_REGISTRATION_HAS_HOLDER",
        table="dealer__vehicle_events",
        dimension=COMPLETENESS,
        description="A registration states the kind of holder.",
        reason="An empty one counts as a customer's: registrations on the dealer himself would "
        "pass unseen.",
        remedy="Make the kind of holder compulsory when a registration is entered, and export it.",
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
        reason="Vehicles promised in the past are late from the first day, and in the backlog "
        "that lowers what is expected of the dealer.",
        remedy="Enter the day on which the customer was promised the vehicle; never leave a "
        "default in its place.",
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
        description="A VIN is rarely registered again (after a cancellation it may be).",
        reason="Of several registrations of a VIN only the earliest counts: the others are "
        "missing in somebody's figures.",
        remedy="Register on the dealer who sold; withdraw what was booked twice.",
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
    *accepted("EVENT", "dealer__vehicle_events"),
    # -- leads ---------------------------------------------------------------------------------
    _known_dealer("LEAD", "dealer__leads"),
    _model_of_brand("LEAD", "dealer__leads", applies="model_code is not null"),
    Rule(
        code="LEAD_ANSWERED_AFTER_CREATION",
        table="dealer__leads",
        dimension=CONSISTENCY,
        description="A lead is answered when it was created, or later.",
        reason="An answer before the lead counts as given within 24 hours: the share of leads "
        "answered in time is too high.",
        remedy=("Let the system set both instants; look for clocks or time zones that differ."),
        passes="first_response_at >= created_at",
        mostly=0.99,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LEAD_LOST_AFTER_CREATION",
        table="dealer__leads",
        dimension=CONSISTENCY,
        description="A lead is given up when it was created, or later.",
        reason="Days until a lead is lost are negative, and nobody learns how long leads are "
        "worked on.",
        remedy="Let the system set the instant when the lead is closed, in the time zone of the "
        "others.",
        passes="lost_at >= created_at",
        mostly=0.99,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LEAD_NOT_SOLD_AND_LOST",
        table="dealer__leads",
        dimension=CONSISTENCY,
        description="A lead is sold or lost, not both.",
        reason=("The closing rate counts it as sold: if it was lost, the rate is too high."),
        remedy=("Close a lead in one way; empty lost_at where a vehicle was sold after all."),
        applies="sold_vin is not null",
        passes="lost_at is null",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="LEAD_REACHABLE",
        table="dealer__leads",
        dimension=COMPLETENESS,
        description="A lead has an e-mail address.",
        reason=("Without one nobody can answer online: the lead waits, and counts as unanswered."),
        remedy=("Ask for the address in every form and at the desk; export it with the lead."),
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
        reason=("An answer to another address reaches nobody, and the customer asks elsewhere."),
        remedy=("Check the address where it is entered; correct it when an answer comes back."),
        passes="regexp_full_match(customer_email, '[^@\\s]+@[^@\\s]+')",
        mostly=0.98,
        course_topic="DIGITAL",
    ),
    timely("LEAD_TIMELY", "dealer__leads", "created_at", 45),
    *accepted("LEAD", "dealer__leads"),
    # -- surveys -------------------------------------------------------------------------------
    _known_dealer("SURVEY", "dealer__surveys"),
    Rule(
        code="SURVEY_ANSWERED_AFTER_SENDING",
        table="dealer__surveys",
        dimension=CONSISTENCY,
        description="A survey is answered when it was sent, or later.",
        reason="The answer belongs to another survey, or a clock is wrong: it counts for a month "
        "before the visit.",
        remedy="Let the system set both instants, and export them in one time zone.",
        passes="answered_at >= sent_at",
        mostly=0.99,
        course_topic="SERVICE",
    ),
    Rule(
        code="SURVEY_SCORE_WITH_ANSWER",
        table="dealer__surveys",
        dimension=CONSISTENCY,
        description="An answered survey has a score, and a score the instant of the answer.",
        reason=("Either alone does not count for CSI and NPS: satisfied customers are missing."),
        remedy=("Export score and instant together; leave both empty while nobody has answered."),
        applies="score is not null or answered_at is not null",
        passes="score is not null and answered_at is not null",
        mostly=0.98,
        course_topic="SERVICE",
    ),
    Rule(
        code="SURVEY_VIN_PRESENT",
        table="dealer__surveys",
        dimension=COMPLETENESS,
        description="A survey names the vehicle it is about.",
        reason=("Without it praise and complaint cannot be traced to a sale or a repair."),
        remedy=("Send surveys from the order or the repair, which know the VIN, and export it."),
        passes="vin is not null",
        mostly=0.9,
        target_rate=0.95,
        course_topic="SERVICE",
    ),
    timely("SURVEY_TIMELY", "dealer__surveys", "sent_at", 45),
    *accepted("SURVEY", "dealer__surveys"),
    # -- cases ---------------------------------------------------------------------------------
    _known_dealer("CASE", "dealer__cases"),
    Rule(
        code="CASE_RESOLVED_AFTER_OPENING",
        table="dealer__cases",
        dimension=CONSISTENCY,
        description="A case is resolved when it was opened, or later.",
        reason="One resolved before is left out of the cycle time, which is then that of other "
        "cases only.",
        remedy=("Let the system set both instants; correct what was entered afterwards by hand."),
        passes="resolved_at >= opened_at",
        mostly=0.99,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASE_ASSIGNED_IN_ITS_LIFE",
        table="dealer__cases",
        dimension=CONSISTENCY,
        description="A case is first assigned between its opening and its resolution.",
        reason="The hours to the assignment are negative or longer than the case: the figures of "
        "routing are wrong.",
        remedy="Let the system set the instant of the first assignment, and keep it when the case "
        "changes hands.",
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
        reason="Claims and approvals are exchanged, or of two cases: cost of warranty and the "
        "share approved are wrong.",
        remedy="Export both amounts of the same case, in euro, as the manufacturer's credit says.",
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
        reason="A larger number is an id or a sum: the share of cases opened again says nothing "
        "any more.",
        remedy="Export how often this case changed hands and was opened again, not a running "
        "number.",
        passes="coalesce(reassign_count between 0 and 50, true) "
        "and coalesce(reopened_count between 0 and 50, true)",
        course_topic="SERVICE",
    ),
    Rule(
        code="CASE_POSTAL_CODE_WELL_FORMED",
        table="dealer__cases",
        dimension=VALIDITY,
        description="The customer's postal code has five digits.",
        reason="Cases are routed by it: with another text the case may reach nobody, or the wrong "
        "dealer.",
        remedy="Enter the five digits alone, with a leading zero and without the town; export "
        "them as text.",
        passes="regexp_full_match(customer_postal_code, '[0-9]{5}')",
        mostly=0.98,
        course_topic="SERVICE",
    ),
    timely("CASE_TIMELY", "dealer__cases", "opened_at", 45),
    *accepted("CASE", "dealer__cases"),
    # -- financials ----------------------------------------------------------------------------
    _known_dealer("FINANCIALS", "dealer__financials", scope=STATE),
    Rule(
        code="FINANCIALS_REVENUE_NOT_NEGATIVE",
        table="dealer__financials",
        scope=STATE,
        dimension=VALIDITY,
        description="No revenue of a month is below zero.",
        reason=("Return on sales divides by it: one wrong sign makes a loss look like a profit."),
        remedy="Deliver revenue less credit notes of the month; look for exchanged signs of the "
        "ledger's accounts.",
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
        reason="Margins above 100 % hide what trade and service really earn.",
        remedy="Deliver gross profit as revenue less the cost of what was sold, both of the same "
        "month and business.",
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
        description="The operating result is not above all gross profit together.",
        reason="What is earned beside the trade does not belong in it: return on sales would be "
        "too high.",
        remedy="Leave interest, rents and sales of assets out of the operating result.",
        passes="operating_result_eur <= new_vehicle_gross_profit_eur "
        "+ used_vehicle_gross_profit_eur + service_gross_profit_eur",
        mostly=0.98,
    ),
    Rule(
        code="FINANCIALS_FIXED_EXPENSES_POSITIVE",
        table="dealer__financials",
        scope=STATE,
        dimension=VALIDITY,
        description="Fixed expenses are above zero.",
        reason="Service absorption is measured against them: without, it is empty, below zero it "
        "is turned round.",
        remedy="Deliver the fixed expenses of the month as a positive amount.",
        passes="fixed_expenses_eur > 0",
        mostly=0.99,
    ),
    Rule(
        code="FINANCIALS_WITHIN_TOTAL_ASSETS",
        table="dealer__financials",
        scope=STATE,
        dimension=CONSISTENCY,
        description="Equity and liquid funds are not above the balance sheet total.",
        reason=("They are parts of it: a share above 100 % makes a dealer look safer than he is."),
        remedy="Deliver all three from the same balance sheet, in euro.",
        passes="equity_eur <= total_assets_eur and liquid_funds_eur <= total_assets_eur",
        mostly=0.99,
    ),
    no_month_missing(
        "FINANCIALS_MONTHS_COMPLETE",
        "dealer__financials",
        "fiscal_month",
        ("dealer_id", "brand_code"),
        "Between a dealer's first and last books no month is missing.",
        "Figures over twelve months stay empty for a year.",
        "Deliver the books of the missing month; correct them later where they are provisional.",
    ),
    timely("FINANCIALS_TIMELY", "dealer__financials", "fiscal_month", 75),
    *accepted("FINANCIALS", "dealer__financials"),
    # -- stock ---------------------------------------------------------------------------------
    _known_dealer("STOCK", "dealer__stock"),
    _model_of_brand("STOCK", "dealer__stock"),
    Rule(
        code="STOCK_SINCE_BEFORE_SNAPSHOT",
        table="dealer__stock",
        dimension=CONSISTENCY,
        description="A vehicle came into stock on the day it was counted, or before.",
        reason="Its age is negative, and the mean age of the stock too low.",
        remedy="Export the day on which the vehicle came in; while it is on its way, leave it "
        "empty.",
        passes="in_stock_since <= snapshot_date",
        mostly=0.99,
    ),
    Rule(
        code="STOCK_SINCE_PRESENT",
        table="dealer__stock",
        dimension=COMPLETENESS,
        description="A vehicle in stock states since when.",
        reason=("Without it the vehicle has no age: what stands for too long is not seen."),
        remedy="Enter the day of arrival when a vehicle comes in, and export it.",
        applies="stock_status = 'IN_STOCK'",
        passes="in_stock_since is not null",
        mostly=0.98,
    ),
    Rule(
        code="STOCK_VIN_AT_ONE_DEALER",
        table="dealer__stock",
        scope=HISTORY,
        dimension=UNIQUENESS,
        description=("On the day of a snapshot a vehicle stands in the yard of one dealer only."),
        reason=("It counts in the stock of both: days of stock are too high for one of them."),
        remedy="Take a vehicle out of the stock when it is handed to another dealer.",
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
    *accepted("STOCK", "dealer__stock"),
)
