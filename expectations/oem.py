"""Rules of what the manufacturer delivers: network, territories, models, weights, targets."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    STATE,
    UNIQUENESS,
    VALIDITY,
    Rule,
    no_month_missing,
)

_DISTRICTS = "(select distinct district_code from state.oem__postal_areas)"

SCANS = {
    "oem__dealers": f"""
        select
            r.*, d.district_code is not null as is_known_district,
            t.dealer_id is not null as has_territory
        from {{batch}} as r
        left join {_DISTRICTS} as d using (district_code)
        left join (select distinct dealer_id, brand_code from state.oem__territories) as t
            using (dealer_id, brand_code)
    """,
    "oem__territories": f"""
        select
            r.*, d.district_code is not null as is_known_district,
            k.dealer_id is not null as is_known_dealer
        from {{batch}} as r
        left join {_DISTRICTS} as d using (district_code)
        left join state.oem__dealers as k using (dealer_id, brand_code)
    """,
    "oem__kpi_targets": """
        select
            r.*, k.dealer_id is not null as is_known_dealer, w.kpi_code is not null as is_weighted
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
        left join (select distinct brand_code, kpi_code from state.oem__kpi_weights) as w
            using (brand_code, kpi_code)
    """,
}

RULES = (
    # -- dealers -------------------------------------------------------------------------------
    Rule(
        code="DEALER_DISTRICT_KNOWN",
        table="oem__dealers",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A dealer's district stands in the postal areas.",
        reason=("Maps and market figures place the dealer by it: with another he has no home."),
        remedy=("Deliver the district by its five digits (AGS), or add it to the postal areas."),
        passes="is_known_district",
    ),
    Rule(
        code="DEALER_POSTAL_CODE_WELL_FORMED",
        table="oem__dealers",
        scope=STATE,
        dimension=VALIDITY,
        description="A dealer's postal code has five digits.",
        reason="A lost leading zero puts the showroom elsewhere.",
        remedy="Export postal codes as text.",
        passes="regexp_full_match(postal_code, '[0-9]{5}')",
    ),
    Rule(
        code="DEALER_CLOSED_AFTER_OPENED",
        table="oem__dealers",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The last day open is not before the first.",
        reason="Otherwise the dealer is never open, and never has a score.",
        remedy="Correct one of the two days.",
        applies="closed_on is not null",
        passes="closed_on >= opened_on",
    ),
    Rule(
        code="DEALER_HAS_TERRITORY",
        table="oem__dealers",
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every open dealer answers for a territory.",
        reason="Without one his market penetration and expected units stay empty.",
        remedy="Deliver a territory for the dealer and brand, or his last day open.",
        applies="closed_on is null",
        passes="has_territory",
    ),
    Rule(
        code="DEALER_NAME_CONSISTENT",
        table="oem__dealers",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A dealer has one name and one postal code over all his brands.",
        reason="Lists and statements name the same house in different ways.",
        remedy="Use one master record for all contracts of a dealer.",
        violations="""
            select
                dealer_id, count(distinct dealer_name) as names,
                count(distinct postal_code) as postal_codes
            from {batch}
            group by dealer_id
            having count(distinct dealer_name) > 1 or count(distinct postal_code) > 1
        """,
        checked="count(distinct dealer_id)",
    ),
    # -- postal areas --------------------------------------------------------------------------
    Rule(
        code="POSTAL_AREA_CODE_WELL_FORMED",
        table="oem__postal_areas",
        scope=STATE,
        dimension=VALIDITY,
        description="A postal code has five digits, with leading zeros.",
        reason="Customers and cases are placed by it: another finds nobody.",
        remedy="Export postal codes as text.",
        passes="regexp_full_match(postal_code, '[0-9]{5}')",
    ),
    Rule(
        code="POSTAL_AREA_STATE_MATCHES_DISTRICT",
        table="oem__postal_areas",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The state is the first two digits of the district (AGS).",
        reason=("Otherwise one of the two is wrong, and figures by state miss the district."),
        remedy="Derive the state from the district.",
        passes="state_code = left(district_code, 2)",
    ),
    Rule(
        code="POSTAL_AREA_POPULATION_PRESENT",
        table="oem__postal_areas",
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every district has inhabitants.",
        reason="Figures per head need them.",
        remedy="Deliver the population of each district, from official statistics.",
        passes="population is not null and population > 0",
    ),
    Rule(
        code="DISTRICT_DESCRIBED_ONCE",
        table="oem__postal_areas",
        scope=STATE,
        dimension=UNIQUENESS,
        description="All postal codes of a district give it the same name, region and population.",
        reason="Otherwise which one is shown is left to chance.",
        remedy=("Keep districts in a table of their own, and join them to the postal codes."),
        violations="""
            select
                district_code, count(distinct district_name) as names,
                count(distinct population) as populations, count(distinct nuts3_code) as regions
            from {batch}
            group by district_code
            having count(distinct district_name) > 1 or count(distinct population) > 1
                or count(distinct nuts3_code) > 1
        """,
        checked="count(distinct district_code)",
    ),
    # -- territories ---------------------------------------------------------------------------
    Rule(
        code="TERRITORY_DEALER_KNOWN",
        table="oem__territories",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A territory belongs to a dealer of that brand.",
        reason="Others are in no mart: their market counts for nobody.",
        remedy="Correct dealer or brand, or deliver the dealer's contract.",
        passes="is_known_dealer",
    ),
    Rule(
        code="TERRITORY_DISTRICT_KNOWN",
        table="oem__territories",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A territory's district stands in the postal areas.",
        reason=("Otherwise the district has no name, and customers in it belong to nobody."),
        remedy="Correct the district, or add it to the postal areas.",
        passes="is_known_district",
    ),
    Rule(
        code="TERRITORY_VALIDITY_ORDERED",
        table="oem__territories",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A territory does not end before it begins.",
        reason="It would never hold.",
        remedy="Correct one of the two days.",
        applies="valid_to is not null",
        passes="valid_to >= valid_from",
    ),
    Rule(
        code="TERRITORY_NOT_OVERLAPPING",
        table="oem__territories",
        scope=STATE,
        dimension=UNIQUENESS,
        description="A district is held once at a time by the same dealer and brand.",
        reason=("Two rows that overlap count once, and who ends one of them ends nothing."),
        remedy="End the older row the day before the newer begins.",
        violations="""
            select dealer_id, brand_code, district_code, valid_from, valid_to, next_valid_from
            from (
                select *, lead(valid_from) over (
                    partition by dealer_id, brand_code, district_code order by valid_from
                ) as next_valid_from
                from {batch}
            )
            where next_valid_from <= coalesce(valid_to, date '9999-12-31')
        """,
    ),
    # -- models --------------------------------------------------------------------------------
    Rule(
        code="MODEL_LIST_PRICE_POSITIVE",
        table="oem__vehicle_models",
        scope=STATE,
        dimension=VALIDITY,
        description="A model has a list price above zero.",
        reason="Discounts are judged against it.",
        remedy="Deliver the list price of the model without equipment.",
        passes="list_price_eur > 0",
        course_topic="SALES",
    ),
    Rule(
        code="MODEL_DISCOUNT_LIMIT_PLAUSIBLE",
        table="oem__vehicle_models",
        scope=STATE,
        dimension=VALIDITY,
        description="The largest discount is a fraction from 0 to 0.5.",
        reason="`15` for 15 % would make every price consistent with the brand.",
        remedy="Deliver 0.15 for 15 %.",
        passes="max_discount_rate between 0 and 0.5",
        course_topic="SALES",
    ),
    Rule(
        code="MODEL_NAME_UNIQUE",
        table="oem__vehicle_models",
        scope=STATE,
        dimension=UNIQUENESS,
        description="A model of a brand, with its segment and powertrain, has one code.",
        reason=("Under two codes its sales are split, and targets are set for half of it."),
        remedy="Keep one code per model, and withdraw the other.",
        violations="""
            select brand_code, model_name, segment_code, powertrain_code, count(*) as codes
            from {batch}
            group by all
            having count(*) > 1
        """,
        course_topic="SALES",
    ),
    # -- KPI weights ---------------------------------------------------------------------------
    Rule(
        code="KPI_WEIGHTS_SUM_TO_100",
        table="oem__kpi_weights",
        scope=STATE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The weights of a brand's version sum to exactly 100.",
        reason="With any other sum the scores of all its dealers are wrong.",
        remedy="Deliver all weights of the version again, so that they sum to 100.",
        violations="""
            select brand_code, version, sum(weight) as weight_sum, count(*) as kpis
            from {batch}
            group by brand_code, version
            having sum(weight) <> 100
            order by brand_code, version
        """,
        checked="count(distinct (brand_code, version))",
    ),
    Rule(
        code="KPI_WEIGHTS_SAME_VALIDITY",
        table="oem__kpi_weights",
        scope=STATE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description=("All weights of a brand's version hold from the same day to the same day."),
        reason="Else on some days their sum is not 100.",
        remedy=("Deliver all weights of the version again with the same first and last day."),
        violations="""
            select
                brand_code, version, min(valid_from) as first_valid_from,
                max(valid_from) as last_valid_from, min(valid_to) as first_valid_to,
                max(valid_to) as last_valid_to, count(*) - count(valid_to) as open_ends
            from {batch}
            group by brand_code, version
            having count(distinct valid_from) > 1
                or count(distinct coalesce(valid_to, date '9999-12-31')) > 1
            order by brand_code, version
        """,
        checked="count(distinct (brand_code, version))",
    ),
    Rule(
        code="KPI_WEIGHTS_VALIDITY_ORDERED",
        table="oem__kpi_weights",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A version of the weights does not end before it begins.",
        reason="It would never hold, and months would have no score.",
        remedy="Correct one of the two days for all weights of the version.",
        applies="valid_to is not null",
        passes="valid_to >= valid_from",
    ),
    Rule(
        code="KPI_WEIGHTS_NOT_OVERLAPPING",
        table="oem__kpi_weights",
        scope=STATE,
        dimension=UNIQUENESS,
        description="One version of a brand's weights holds at a time.",
        reason=("Where two do, the highest is used, and dealers may have been told of the other."),
        remedy="End a version the day before the next begins.",
        violations="""
            with versions as (
                select
                    brand_code, version, min(valid_from) as valid_from,
                    max(coalesce(valid_to, date '9999-12-31')) as valid_to
                from {batch}
                group by brand_code, version
            )
            select
                a.brand_code, a.version, b.version as other_version,
                greatest(a.valid_from, b.valid_from) as overlap_from,
                least(a.valid_to, b.valid_to) as overlap_to
            from versions as a
            inner join versions as b on
                b.brand_code = a.brand_code and b.version > a.version
                and b.valid_from <= a.valid_to and a.valid_from <= b.valid_to
        """,
        checked="count(distinct (brand_code, version))",
    ),
    Rule(
        code="KPI_WEIGHT_NOT_NEGATIVE",
        table="oem__kpi_weights",
        scope=STATE,
        severity=CRITICAL,
        dimension=VALIDITY,
        description="A KPI's weight is 0 or more.",
        reason="A weight below zero would reward missing a target.",
        remedy="Deliver the version again; a KPI that should not count has no weight.",
        passes="weight >= 0",
    ),
    Rule(
        code="KPI_WEIGHT_BOUNDS_ORDERED",
        table="oem__kpi_weights",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The lowest attainment that counts is 0 or more and below the highest.",
        reason="Otherwise every attainment is clipped to the same value.",
        remedy="Deliver floor_rate below cap_rate, as fractions.",
        passes="floor_rate >= 0 and floor_rate < cap_rate",
    ),
    Rule(
        code="KPI_WEIGHT_MIN_SAMPLE_PLAUSIBLE",
        table="oem__kpi_weights",
        scope=STATE,
        dimension=VALIDITY,
        description="The smallest sample is from 0 to 10,000 observations.",
        reason="Above, no dealer would ever be scored in the KPI.",
        remedy="Deliver the number of observations from which a figure counts.",
        passes="min_sample between 0 and 10000",
    ),
    # -- KPI targets ---------------------------------------------------------------------------
    Rule(
        code="KPI_TARGET_POSITIVE",
        table="oem__kpi_targets",
        scope=STATE,
        dimension=VALIDITY,
        description="A target is above zero.",
        reason="Otherwise the KPI counts as missing.",
        remedy="Deliver a target above zero, or none.",
        passes="target_value > 0",
    ),
    Rule(
        code="KPI_TARGET_DEALER_KNOWN",
        table="oem__kpi_targets",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A target belongs to a dealer of that brand.",
        reason="Others are in no mart, and the dealer meant has none.",
        remedy="Correct dealer or brand.",
        passes="is_known_dealer",
    ),
    Rule(
        code="KPI_TARGET_WEIGHTED",
        table="oem__kpi_targets",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A target is of a KPI that the brand weighs.",
        reason="Others have no effect.",
        remedy="Correct the KPI's code, or give it a weight.",
        passes="is_weighted",
        mostly=0.9,
    ),
    no_month_missing(
        "KPI_TARGET_MONTHS_COMPLETE",
        "oem__kpi_targets",
        "target_month",
        ("dealer_id", "brand_code", "kpi_code"),
        "Between the first and the last target of a dealer's KPI no month is left out.",
        "In a month without a target the KPI is missing.",
        "Deliver the target of the missing month.",
    ),
)
