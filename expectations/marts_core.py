"""Rules of the facts: figures that nobody would believe, and dealers who fell silent."""

from __future__ import annotations

from expectations.rule import COMPLETENESS, CONSISTENCY, TIMELINESS, VALIDITY, Rule

SCANS = {
    "fct_dealer_financials": """
        select
            *, new_vehicle_revenue_eur + used_vehicle_revenue_eur + service_revenue_eur
                as revenue_eur
        from {batch}
    """,
}


def _steady(code: str, table: str, month: str, units: str, what: str) -> Rule:
    """The volume of a month, the newest one aside, is not less than 30 % of the month before."""
    return Rule(
        code=code,
        table=table,
        dimension=COMPLETENESS,
        description=f"{what} of a month do not fall below 30 % of the month before: such a month "
        "is not wholly delivered (the newest may still be under way).",
        violations=f"""
            with months as (
                select {month}, {units} as units from {{batch}} group by {month}
            ),
            compared as (
                select
                    *, lag(units) over (order by {month}) as previous_units,
                    max({month}) over () as newest_month
                from months
            )
            select {month}, units, previous_units
            from compared
            where {month} < newest_month and previous_units >= 100
                and 10 * units < 3 * previous_units
            order by {month}
        """,
        checked=f"count(distinct {month})",
    )


RULES = (
    _steady(
        "VEHICLE_EVENTS_STEADY", "fct_vehicle_event", "event_month", "count(*)", "Vehicle events"
    ),
    _steady(
        "MARKET_REGISTRATIONS_STEADY",
        "fct_market_registration",
        "registration_month",
        "sum(units)",
        "Registrations of the market",
    ),
    Rule(
        code="DEALER_REPORTS_VEHICLES",
        table="dim_dealer",
        dimension=COMPLETENESS,
        description="Every open dealer has vehicle events in the last three months that anybody "
        "has: a dealer without them has fallen silent.",
        violations="""
            select dealer_id, brand_code, dealer_name, opened_on
            from {batch}
            where closed_on is null
                and (dealer_id, brand_code) not in (
                    select (dealer_id, brand_code)
                    from marts.fct_vehicle_event
                    where event_month > (
                        select max(event_month) - interval 3 month from marts.fct_vehicle_event
                    )
                )
                and exists (select 1 from marts.fct_vehicle_event)
            order by dealer_id, brand_code
        """,
        checked="count(*) filter (where closed_on is null)",
        mostly=0.95,
        course_topic="DIGITAL",
    ),
    Rule(
        code="REGISTRATIONS_FRESH",
        table="fct_registration",
        dimension=TIMELINESS,
        description="The newest registration is at most 75 days older than the newest delivery "
        "of vehicle events: else registrations have stopped arriving.",
        violations="""
            select * from (
                select
                    (select max(registration_date) from {batch}) as newest_registration,
                    (
                        select max(delivered_at) from lake.deliveries
                        where feed = 'dealer__vehicle_events' and status = 'LOADED'
                    ) as newest_delivery
            )
            where date_diff('day', newest_registration, cast(newest_delivery as date)) > 75
        """,
        checked="least(count(*), 1)",
    ),
    Rule(
        code="REGISTRATIONS_MOSTLY_COUNTED",
        table="fct_registration",
        dimension=VALIDITY,
        description="At least 60 % of the registrations count as sales to customers: below that, "
        "self-registrations or cancellations outweigh the trade.",
        passes="is_counted",
        mostly=0.6,
        target_rate=0.8,
        course_topic="SALES",
    ),
    Rule(
        code="INVOICES_MOSTLY_VALID",
        table="fct_invoice",
        dimension=VALIDITY,
        description="At most 20 % of the invoices are cancelled later.",
        passes="not is_cancelled",
        mostly=0.8,
        target_rate=0.95,
        course_topic="SALES",
    ),
    Rule(
        code="INVOICE_DISCOUNT_PLAUSIBLE",
        table="fct_invoice",
        dimension=VALIDITY,
        description="Nobody sells a new vehicle at less than 40 % of its list price: a lower "
        "price is a slip, and pulls down revenue and brand consistency.",
        applies="list_price_eur > 0 and net_price_eur is not null",
        passes="net_price_eur >= cast(0.4 as decimal(3, 2)) * list_price_eur",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="LEAD_RESPONSE_TIME_PLAUSIBLE",
        table="fct_lead",
        dimension=VALIDITY,
        description="A lead is answered within 90 days: later answers are filed to the wrong lead.",
        passes="response_hours <= 90 * 24",
        mostly=0.98,
        course_topic="DIGITAL",
    ),
    Rule(
        code="SURVEYS_ANSWERED",
        table="fct_survey",
        dimension=COMPLETENESS,
        description="At least one survey in ten is answered: with fewer, satisfaction is that of "
        "those who complain.",
        passes="answered_at is not null",
        mostly=0.1,
        target_rate=0.25,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASE_DURATION_PLAUSIBLE",
        table="fct_case",
        dimension=VALIDITY,
        description="A case is resolved within a year: longer ones were forgotten, not worked on.",
        passes="hours_to_resolution <= 365 * 24",
        mostly=0.98,
        course_topic="SERVICE",
    ),
    Rule(
        code="STOCK_AGE_PLAUSIBLE",
        table="fct_stock",
        dimension=VALIDITY,
        description="No new vehicle stands in the yard for more than three years.",
        applies="stock_status = 'IN_STOCK'",
        passes="stock_age_days <= 3 * 365",
        mostly=0.99,
    ),
    Rule(
        code="RETURN_ON_SALES_PLAUSIBLE",
        table="fct_dealer_financials",
        dimension=CONSISTENCY,
        description="The operating result lies between -30 % and +20 % of revenue: outside, "
        "amounts in thousands and in euro are mixed.",
        applies="revenue_eur > 0",
        passes="5 * operating_result_eur <= revenue_eur "
        "and 10 * operating_result_eur >= -3 * revenue_eur",
        mostly=0.95,
    ),
)
