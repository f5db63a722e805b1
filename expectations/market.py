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
        description="A district of the market figures stands in the postal areas.",
        reason="Others belong to no territory: the market of some dealer is too small.",
        remedy=("Deliver the district by its five digits (AGS) as the postal areas have it."),
        passes="is_known_district",
        mostly=0.99,
    ),
    Rule(
        code="MARKET_POWERTRAIN_KNOWN",
        table="market__registrations",
        dimension=VALIDITY,
        description="The powertrain is one of those of the model range.",
        reason="Others are missing from every comparison by powertrain.",
        remedy="Deliver BEV, PHEV, HEV, PETROL, DIESEL or OTHER.",
        passes="powertrain_code in ('BEV', 'PHEV', 'HEV', 'PETROL', 'DIESEL', 'OTHER')",
        mostly=0.99,
        course_topic="EV",
    ),
    Rule(
        code="MARKET_UNITS_PLAUSIBLE",
        table="market__registrations",
        dimension=VALIDITY,
        description="A cell of month, district, brand, segment, powertrain and holder has at most "
        "20,000 registrations.",
        reason="More is a total that slipped in: the market would count twice.",
        remedy="Leave rows of totals out.",
        passes="units <= 20000",
    ),
    Rule(
        code="MARKET_OWN_BRANDS_PRESENT",
        table="market__registrations",
        scope=HISTORY,
        dimension=COMPLETENESS,
        description="Every brand of the network appears in the market figures.",
        reason="Else its penetration is 0 everywhere.",
        remedy="Deliver the brand, by the code that the network uses.",
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
        description=("Between the first and the last month of the market figures none is missing."),
        reason="In a missing month no dealer has a market penetration, and growth a year later is "
        "empty.",
        remedy="Deliver the missing month.",
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
        "Between the first and the last workbook no month is missing.",
        "Growth needs the month of the year before.",
        "Load the missing workbook, as the KBA publishes it.",
    ),
    Rule(
        code="KBA_PARTS_WITHIN_UNITS",
        table="kba__fz10",
        scope=STATE,
        dimension=CONSISTENCY,
        description="Diesel, hybrid, battery, all-wheel and convertible registrations are parts "
        "of all registrations, plug-in hybrids a part of the hybrids.",
        reason="Otherwise a column of the workbook was taken for another.",
        remedy=("Load the workbook as it was published, and report its form if it has changed."),
        passes="coalesce(greatest(diesel, hybrid, bev, awd, cabrio) <= units, true) "
        "and coalesce(phev <= hybrid, true)",
    ),
    Rule(
        code="KBA_FIGURES_NOT_NEGATIVE",
        table="kba__fz10",
        scope=STATE,
        dimension=VALIDITY,
        description="Figures are 0 or more.",
        reason="Nothing is registered less than no time: a column was misread.",
        remedy=("Load the workbook as it was published, and report its form if it has changed."),
        passes="least(units, diesel, hybrid, phev, bev, awd, cabrio) >= 0",
    ),
    Rule(
        code="KBA_BRAND_TOTAL_PRESENT",
        table="kba__fz10",
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every brand of a month has its total row.",
        reason="The market shares are made of it: without, the brand is missing.",
        remedy=("Load the workbook as it was published, and report its form if it has changed."),
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
        reason="Otherwise a series is missing, or was read twice.",
        remedy=("Load the workbook as it was published, and report its form if it has changed."),
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
        reason="Otherwise a brand is missing, or was read twice: all shares are wrong.",
        remedy=("Load the workbook as it was published, and report its form if it has changed."),
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
