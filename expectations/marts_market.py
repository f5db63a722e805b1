"""Rules of the market marts: shares are shares, and units agree with the facts."""

from __future__ import annotations

from expectations.rule import CONSISTENCY, CRITICAL, VALIDITY, Rule

SCANS: dict[str, str] = {}

RULES = (
    # -- national market -----------------------------------------------------------------------
    Rule(
        code="NATIONAL_MARKET_SHARES_IN_RANGE",
        table="mart_national_market",
        severity=CRITICAL,
        dimension=VALIDITY,
        description="Market share and battery-electric share lie within 0 and 1 where known.",
        passes="coalesce(market_share between 0 and 1, true) "
        "and coalesce(bev_share between 0 and 1, true)",
        target_rate=1.0,
    ),
    Rule(
        code="NATIONAL_MARKET_PRIOR_YEAR_MATCHES",
        table="mart_national_market",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The units a year earlier are those that the mart shows for that month.",
        violations="""
            select
                a.brand_name, a.registration_month, a.prior_year_units,
                b.units as units_a_year_earlier
            from {batch} as a
            left join {batch} as b on
                b.brand_name = a.brand_name
                and b.registration_month = a.registration_month - interval 1 year
            where a.prior_year_units is distinct from b.units
            order by 1, 2
        """,
        target_rate=1.0,
    ),
    # -- market penetration --------------------------------------------------------------------
    Rule(
        code="PENETRATION_IN_RANGE",
        table="mart_market_penetration",
        severity=CRITICAL,
        dimension=VALIDITY,
        description="The penetrations lie within 0 and 1, expected units are a part of all units, "
        "and no unit is below zero.",
        passes="coalesce(expected_units between 0 and market_units, true) "
        "and coalesce(brand_units >= 0, false) "
        "and coalesce(penetration between 0 and 1, true) "
        "and coalesce(network_penetration between 0 and 1, true) "
        "and coalesce(counted_registrations >= 0, false)",
        target_rate=1.0,
    ),
    Rule(
        code="PENETRATION_REGISTRATIONS_RECONCILED",
        table="mart_market_penetration",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The counted registrations of known dealers and models are those of the "
        "facts, month by month.",
        violations="""
            with mart as (
                select registration_month, sum(counted_registrations) as mart_units
                from {batch}
                group by registration_month
            ),
            fact as (
                select f.registration_month, count(*) as fact_units
                from marts.fct_registration as f
                inner join marts.dim_dealer as d using (dealer_id, brand_code)
                where f.is_counted and f.segment_code is not null
                group by f.registration_month
            )
            select
                registration_month, coalesce(mart_units, 0) as mart_units,
                coalesce(fact_units, 0) as fact_units
            from mart
            full join fact using (registration_month)
            where coalesce(mart_units, 0) <> coalesce(fact_units, 0)
            order by registration_month
        """,
        checked="count(distinct registration_month)",
        target_rate=1.0,
    ),
    Rule(
        code="PENETRATION_NETWORK_FIGURE_SHARED",
        table="mart_market_penetration",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="All dealers of a brand are compared with the same network penetration of a "
        "segment and month.",
        violations="""
            select
                brand_code, segment_code, registration_month,
                min(network_penetration) as lowest, max(network_penetration) as highest
            from {batch}
            group by brand_code, segment_code, registration_month
            having count(distinct network_penetration) > 1
            order by 1, 2, 3
        """,
        checked="count(distinct (brand_code, segment_code, registration_month))",
        target_rate=1.0,
    ),
    Rule(
        code="PENETRATION_EFFECTIVENESS_PLAUSIBLE",
        table="mart_market_penetration",
        dimension=VALIDITY,
        description="A dealer registers up to five times what is expected of the territory; more "
        "points to a territory or a market figure that is missing.",
        applies="expected_units >= 5",
        passes="sales_effectiveness <= 5",
        mostly=0.95,
        course_topic="SALES",
    ),
)
