"""Rules of what the market reports: registrations by district, and the workbooks of the KBA."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    HISTORY,
    STATE,
    VALIDITY,
    Rule,
    no_month_missing,
    timely,
)

TOTAL = "INSGESAMT"
"""Series name of a brand's total row, and brand name of the whole market, in `kba__fz10`."""

SCANS = {
    "market__registrations": """
        select r.*, d.district_code is not null as is_known_district
        from {batch} as r
        left join (select distinct district_code from state.oem__postal_areas) as d
            using (district_code)
    """,
}

RULES = (
    Rule(
        code="MARKET_DISTRICT_KNOWN",
        table="market__registrations",
        dimension=CONSISTENCY,
        description="A district of the market figures stands in the postal areas: others belong "
        "to no territory.",
        passes="is_known_district",
        mostly=0.99,
    ),
    Rule(
        code="MARKET_POWERTRAIN_KNOWN",
        table="market__registrations",
        dimension=VALIDITY,
        description="The powertrain is one of those of the model range: others are missing from "
        "every comparison by powertrain.",
        passes="powertrain_code in ('BEV', 'PHEV', 'HEV', 'PETROL', 'DIESEL', 'OTHER')",
        mostly=0.99,
        course_topic="EV",
    ),
    Rule(
        code="MARKET_UNITS_PLAUSIBLE",
        table="market__registrations",
        dimension=VALIDITY,
        description="No more than 20,000 registrations in one cell of month, district, brand, "
        "segment, powertrain and holder: more is a total that slipped in.",
        passes="units <= 20000",
    ),
    Rule(
        code="MARKET_OWN_BRANDS_PRESENT",
        table="market__registrations",
        scope=HISTORY,
        dimension=COMPLETENESS,
        description="Every brand of the network appears in the market figures: else its "
        "penetration is 0 everywhere.",
        violations="""
            select distinct brand_code
            from state.oem__dealers
            where brand_code not in (select distinct brand_code from {batch})
                and exists (select 1 from {batch})
        """,
        checked="(select count(distinct brand_code) from state.oem__dealers)",
    ),
    Rule(
        code="MARKET_MONTHS_COMPLETE",
        table="market__registrations",
        scope=HISTORY,
        dimension=COMPLETENESS,
        description="Between the first and the last month of the market figures none is missing.",
        violations="""
            select
                min(registration_month) as first_month, max(registration_month) as last_month,
                count(distinct registration_month) as months_present
            from {batch}
            having count(distinct registration_month)
                < date_diff('month', min(registration_month), max(registration_month)) + 1
        """,
        checked="least(count(*), 1)",
    ),
    timely("MARKET_TIMELY", "market__registrations", "registration_month", 75),
    # -- KBA -----------------------------------------------------------------------------------
    no_month_missing(
        "KBA_MONTHS_COMPLETE",
        "kba__fz10",
        "registration_month",
        (),
        "Between the first and the last workbook no month is missing: growth needs the month of "
        "the year before.",
    ),
    Rule(
        code="KBA_PARTS_WITHIN_UNITS",
        table="kba__fz10",
        scope=STATE,
        dimension=CONSISTENCY,
        description="Diesel, hybrid, battery, all-wheel and convertible registrations are parts "
        "of all registrations, plug-in hybrids a part of the hybrids.",
        passes="coalesce(greatest(diesel, hybrid, bev, awd, cabrio) <= units, true) "
        "and coalesce(phev <= hybrid, true)",
    ),
    Rule(
        code="KBA_FIGURES_NOT_NEGATIVE",
        table="kba__fz10",
        scope=STATE,
        dimension=VALIDITY,
        description="No figure is below zero.",
        passes="least(units, diesel, hybrid, phev, bev, awd, cabrio) >= 0",
    ),
    Rule(
        code="KBA_BRAND_TOTAL_PRESENT",
        table="kba__fz10",
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every brand of a month has its total row: the market shares are made of it.",
        violations=f"""
            select registration_month, brand_name, count(*) as series
            from {{batch}}
            group by registration_month, brand_name
            having count(*) filter (where model_series = '{TOTAL}') = 0
        """,
        checked="count(distinct (registration_month, brand_name))",
    ),
    Rule(
        code="KBA_SERIES_SUM_TO_BRAND",
        table="kba__fz10",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The series of a brand sum to its total; where a series is suppressed they "
        "sum to no more.",
        violations=f"""
            with brands as (
                select
                    registration_month, brand_name,
                    max(units) filter (where model_series = '{TOTAL}') as brand_units,
                    sum(units) filter (where model_series <> '{TOTAL}') as series_units,
                    count(*) filter (where model_series <> '{TOTAL}' and units is null)
                        as suppressed_series
                from {{batch}}
                where brand_name <> '{TOTAL}'
                group by registration_month, brand_name
            )
            select * from brands
            where series_units > brand_units
                or (suppressed_series = 0 and series_units < brand_units)
        """,
        checked=f"count(distinct (registration_month, brand_name)) filter "
        f"(where brand_name <> '{TOTAL}')",
    ),
    Rule(
        code="KBA_BRANDS_SUM_TO_MARKET",
        table="kba__fz10",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The totals of the brands sum to the whole market of the month.",
        violations=f"""
            with months as (
                select
                    registration_month,
                    max(units) filter (where brand_name = '{TOTAL}') as market_units,
                    sum(units) filter (where brand_name <> '{TOTAL}') as brand_units
                from {{batch}}
                where model_series = '{TOTAL}'
                group by registration_month
            )
            select * from months where market_units is null or brand_units <> market_units
        """,
        checked="count(distinct registration_month)",
    ),
)
