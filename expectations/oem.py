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
        description="A dealer's district stands in the postal areas: maps and peer groups place "
        "the dealer by it.",
        passes="is_known_district",
    ),
    Rule(
        code="DEALER_POSTAL_CODE_WELL_FORMED",
        table="oem__dealers",
        scope=STATE,
        dimension=VALIDITY,
        description="A dealer's postal code has five digits: a lost leading zero puts the "
        "showroom elsewhere.",
        passes="regexp_full_match(postal_code, '[0-9]{5}')",
    ),
    Rule(
        code="DEALER_CLOSED_AFTER_OPENED",
        table="oem__dealers",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The last day open is not before the first: otherwise the dealer never has a "
        "score.",
        applies="closed_on is not null",
        passes="closed_on >= opened_on",
    ),
    Rule(
        code="DEALER_HAS_TERRITORY",
        table="oem__dealers",
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every open dealer answers for a territory: without one, market penetration "
        "and expected units stay empty.",
        applies="closed_on is null",
        passes="has_territory",
    ),
    Rule(
        code="DEALER_NAME_CONSISTENT",
        table="oem__dealers",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A dealer has one name and one postal code over all its brands.",
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
        description="A postal code has five digits with leading zeros: customers are placed by it.",
        passes="regexp_full_match(postal_code, '[0-9]{5}')",
    ),
    Rule(
        code="POSTAL_AREA_STATE_MATCHES_DISTRICT",
        table="oem__postal_areas",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The state is the first two digits of the district (AGS).",
        passes="state_code = left(district_code, 2)",
    ),
    Rule(
        code="POSTAL_AREA_POPULATION_PRESENT",
        table="oem__postal_areas",
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every district has inhabitants: figures per head need them.",
        passes="population is not null and population > 0",
    ),
    Rule(
        code="DISTRICT_DESCRIBED_ONCE",
        table="oem__postal_areas",
        scope=STATE,
        dimension=UNIQUENESS,
        description="All postal codes of a district give it the same name, region and population.",
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
        description="A territory belongs to a dealer of that brand: others are in no mart.",
        passes="is_known_dealer",
    ),
    Rule(
        code="TERRITORY_DISTRICT_KNOWN",
        table="oem__territories",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A territory's district stands in the postal areas.",
        passes="is_known_district",
    ),
    Rule(
        code="TERRITORY_VALIDITY_ORDERED",
        table="oem__territories",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A territory does not end before it begins.",
        applies="valid_to is not null",
        passes="valid_to >= valid_from",
    ),
    Rule(
        code="TERRITORY_NOT_OVERLAPPING",
        table="oem__territories",
        scope=STATE,
        dimension=UNIQUENESS,
        description="A district is held once at a time by the same dealer and brand; two rows "
        "that overlap count once.",
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
        description="A model has a list price above zero: discounts are judged against it.",
        passes="list_price_eur > 0",
        course_topic="SALES",
    ),
    Rule(
        code="MODEL_DISCOUNT_LIMIT_PLAUSIBLE",
        table="oem__vehicle_models",
        scope=STATE,
        dimension=VALIDITY,
        description="The largest discount is a fraction from 0 to 0.5: `15` for 15 % would make "
        "every price consistent with the brand.",
        passes="max_discount_rate between 0 and 0.5",
        course_topic="SALES",
    ),
    Rule(
        code="MODEL_NAME_UNIQUE",
        table="oem__vehicle_models",
        scope=STATE,
        dimension=UNIQUENESS,
        description="Two models of a brand with the same name, segment and powertrain are one "
        "model under two codes.",
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
        description="The weights of a brand's version sum to exactly 100: with any other sum the "
        "scores of all its dealers are wrong.",
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
        description="All weights of a brand's version hold from the same day to the same day: "
        "else on some days their sum is not 100.",
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
        applies="valid_to is not null",
        passes="valid_to >= valid_from",
    ),
    Rule(
        code="KPI_WEIGHTS_NOT_OVERLAPPING",
        table="oem__kpi_weights",
        scope=STATE,
        dimension=UNIQUENESS,
        description="One version of a brand's weights holds at a time; where two do, the highest "
        "is used.",
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
        description="No KPI has a weight below zero: it would reward missing a target.",
        passes="weight >= 0",
    ),
    Rule(
        code="KPI_WEIGHT_BOUNDS_ORDERED",
        table="oem__kpi_weights",
        scope=STATE,
        dimension=CONSISTENCY,
        description="The lowest attainment that counts is 0 or more and below the highest.",
        passes="floor_rate >= 0 and floor_rate < cap_rate",
    ),
    Rule(
        code="KPI_WEIGHT_MIN_SAMPLE_PLAUSIBLE",
        table="oem__kpi_weights",
        scope=STATE,
        dimension=VALIDITY,
        description="The smallest sample is from 0 to 10,000 observations: above, no dealer would "
        "ever be scored.",
        passes="min_sample between 0 and 10000",
    ),
    # -- KPI targets ---------------------------------------------------------------------------
    Rule(
        code="KPI_TARGET_POSITIVE",
        table="oem__kpi_targets",
        scope=STATE,
        dimension=VALIDITY,
        description="A target is above zero: otherwise the KPI counts as missing.",
        passes="target_value > 0",
    ),
    Rule(
        code="KPI_TARGET_DEALER_KNOWN",
        table="oem__kpi_targets",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A target belongs to a dealer of that brand.",
        passes="is_known_dealer",
    ),
    Rule(
        code="KPI_TARGET_WEIGHTED",
        table="oem__kpi_targets",
        scope=STATE,
        dimension=CONSISTENCY,
        description="A target is of a KPI that the brand weighs: others have no effect.",
        passes="is_weighted",
        mostly=0.9,
    ),
    no_month_missing(
        "KPI_TARGET_MONTHS_COMPLETE",
        "oem__kpi_targets",
        "target_month",
        ("dealer_id", "brand_code", "kpi_code"),
        "Between the first and the last target of a dealer's KPI no month is left out: in it the "
        "KPI would be missing.",
    ),
)
