"""Rules of what money is decided by: sales targets, programmes with their tiers, and the closes."""

from __future__ import annotations

import csv
from functools import cache

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    HISTORY,
    STATE,
    TIMELINESS,
    VALIDITY,
    Rule,
)
from orchestration.settings import DBT_PROJECT_DIR

_TARGETS = "oem__sales_targets"
_PROGRAMS = "oem__incentive_programs"
_TIERS = "oem__incentive_tiers"
_CLOSES = "oem__period_closes"


@cache
def _kpis_where_more_is_better() -> str:
    """The codes as a list of SQL literals, from the KPI catalog."""
    catalog = DBT_PROJECT_DIR / "seeds" / "kpi_catalog.csv"
    with catalog.open(encoding="utf-8", newline="") as lines:
        codes = [row["kpi_code"] for row in csv.DictReader(lines) if row["direction"] == "HIGHER"]
    return ", ".join(f"'{code}'" for code in codes)


def _same_person(one: str, other: str) -> str:
    """Two names are one person's if they differ in case and blanks (of any kind) only; null if one
    has nothing else."""
    plain = [
        f"nullif(lower(regexp_replace({c}, '[[:space:]\\p{{Z}}]', '', 'g')), '')"
        for c in (one, other)
    ]
    return " = ".join(plain)


_TWO_APPROVERS = f"not coalesce({_same_person('approved_by_1', 'approved_by_2')}, true)"
_ATTAINED_OVER_MONTHS = "measure <> 'TARGET_ATTAINMENT' or period_grain <> 'MONTH'"
_MARGINAL_OF_UNITS = (
    "tier_mode <> 'MARGINAL' "
    "or (payout_basis <> 'FIXED_EUR' and measure not in ('TARGET_ATTAINMENT', 'KPI'))"
)
_MARKET_NAMED = (
    "requires_strong_market is not true "
    "or (segment_code is not null and powertrain_code is not null)"
)
_KPI_NAMED = "measure <> 'KPI' or measure_kpi_code is not null"
_GATE_COMPLETE = "(gate_kpi_code is null) = (gate_min_value is null)"
_RATE_WITHIN_PRICE = "payout_basis not like 'RATE%' or highest_rate <= 1"
_ACCEPTED_BY_ITSELF = " and ".join(
    f"({condition})"
    for condition in (
        _TWO_APPROVERS,
        "is_ascending",
        _RATE_WITHIN_PRICE,
        _ATTAINED_OVER_MONTHS,
        _MARGINAL_OF_UNITS,
        _MARKET_NAMED,
        _KPI_NAMED,
        _GATE_COMPLETE,
    )
)
"""A version with tiers that is refused for nothing that stands in it: only such ones are compared
with one another."""

SCANS = {
    _TARGETS: """
        select
            r.*, k.dealer_id is not null as is_known_dealer,
            m.brand_code is not null as is_sold
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
        left join (
            select distinct brand_code, segment_code, powertrain_code
            from state.oem__vehicle_models
        ) as m using (brand_code, segment_code, powertrain_code)
    """,
    _PROGRAMS: f"""
        select * from (
            with tiers as (
                select
                    program_id, version, max(rate) as highest_rate,
                    bool_and(coalesce(threshold > previous_threshold, true)) as is_ascending
                from (
                    select
                        *, lag(threshold) over (
                            partition by program_id, version order by tier_no
                        ) as previous_threshold
                    from state.oem__incentive_tiers
                )
                group by program_id, version
            ),
            accepted as (
                select program_id, version, period_grain, brand_code
                from state.oem__incentive_programs
                inner join tiers using (program_id, version)
                where {_ACCEPTED_BY_ITSELF}
            )
            select
                r.*, f.first_grain, f.first_brand, v.first_credits,
                a.program_id is not null as is_accepted_by_itself,
                t.program_id is not null as has_tiers,
                b.brand_code is not null as is_known_brand,
                (r.segment_code is null and r.powertrain_code is null) or exists (
                    select 1 from state.oem__vehicle_models as m
                    where m.brand_code = r.brand_code
                        and (r.segment_code is null or m.segment_code = r.segment_code)
                        and (r.powertrain_code is null or m.powertrain_code = r.powertrain_code)
                ) as is_sold,
                g.kpi_code is not null as is_gate_weighted,
                w.kpi_code is not null as is_measure_weighted,
                case r.period_grain when 'MONTH' then 1 when 'QUARTER' then 3 else 12 end
                    as grain_months,
                c.first_closed_month,
                cast(
                    date_trunc(
                        lower(r.period_grain),
                        r.valid_from + to_months(grain_months) - interval 1 day
                    ) + to_months(grain_months - 1) as date
                ) as first_period_ends_in
            from {{batch}} as r
            left join (
                select program_id, arg_min(credits_refinancing, version) as first_credits
                from state.oem__incentive_programs
                group by program_id
            ) as v using (program_id)
            left join (
                select
                    program_id, arg_min(period_grain, version) as first_grain,
                    arg_min(brand_code, version) as first_brand
                from accepted
                group by program_id
            ) as f using (program_id)
            left join (select program_id, version from accepted) as a using (program_id, version)
            left join tiers as t using (program_id, version)
            left join (select distinct brand_code from state.oem__dealers) as b using (brand_code)
            left join (select distinct brand_code, kpi_code from state.oem__kpi_weights) as g
                on g.brand_code = r.brand_code and g.kpi_code = r.gate_kpi_code
            left join (select distinct brand_code, kpi_code from state.oem__kpi_weights) as w
                on w.brand_code = r.brand_code and w.kpi_code = r.measure_kpi_code
            cross join (
                select min(period_month) as first_closed_month from state.oem__period_closes
            ) as c
        )
    """,
    _TIERS: """
        select
            r.*, p.program_id is not null as has_program, p.measure, p.payout_basis
        from {batch} as r
        left join state.oem__incentive_programs as p using (program_id, version)
    """,
}

_TARGET_RULES = (
    Rule(
        code="SALES_TARGET_DEALER_KNOWN",
        table=_TARGETS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A target belongs to a dealer of that brand.",
        reason="Others are shared out to nobody.",
        remedy="Correct dealer or brand.",
        passes="is_known_dealer",
        course_topic="SALES",
    ),
    Rule(
        code="SALES_TARGET_CELL_SOLD",
        table=_TARGETS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The brand has a model of the target's segment and powertrain.",
        reason="Otherwise nothing can be counted towards it.",
        remedy="Correct segment or powertrain, or deliver the model.",
        passes="is_sold",
        course_topic="SALES",
    ),
    Rule(
        code="SALES_TARGET_QUARTER_BEGINS",
        table=_TARGETS,
        scope=STATE,
        dimension=VALIDITY,
        description=("A target's quarter is its first day, of January, April, July or October."),
        reason="Another day is no quarter, and its target never counts.",
        remedy="Deliver the first day of the quarter.",
        passes="quarter_start = cast(date_trunc('quarter', quarter_start) as date)",
        course_topic="SALES",
    ),
    Rule(
        code="SALES_TARGET_ANNOUNCED_IN_TIME",
        table=_TARGETS,
        scope=STATE,
        dimension=TIMELINESS,
        description="A target is announced by the first day of its quarter, or the dealer has "
        "consented by its last.",
        reason="Until then it does not count.",
        remedy=("Announce targets before the quarter, or ask the dealer for his consent."),
        passes="coalesce(announced_on <= quarter_start, false) or "
        "coalesce(consented_on < quarter_start + interval 3 month, false)",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="SALES_TARGET_MINIMUM_WITHIN_BASE",
        table=_TARGETS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="What a dealer has to purchase is not above his base, nor above the most he "
        "can get.",
        reason="Otherwise the brand's sum cannot be shared out.",
        remedy="Lower the minimum, or raise base and maximum in a new version.",
        passes="min_purchase_units <= base_units "
        "and min_purchase_units <= coalesce(max_units, base_units)",
        course_topic="SALES",
    ),
    Rule(
        code="SALES_TARGET_BASE_WITHIN_MAXIMUM",
        table=_TARGETS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The base is not above the most that the dealer can get.",
        reason="Nobody reaches what is not delivered to him.",
        remedy="Lower the base in a new version, or raise the maximum.",
        applies="max_units is not null",
        passes="base_units <= max_units",
        course_topic="SALES",
    ),
    Rule(
        code="SALES_TARGET_KEPT_ONCE_ANNOUNCED",
        table=_TARGETS,
        scope=HISTORY,
        dimension=CONSISTENCY,
        description="The base of a version is never changed after it was announced.",
        reason="Dealers are held to what they were told.",
        remedy="Deliver the change as a new version.",
        violations="""
            select
                dealer_id, brand_code, quarter_start, segment_code, powertrain_code, version,
                announced_before, base_units_before, base_units, _source_file, _source_row
            from (
                select
                    *, lag(base_units) over delivery as base_units_before,
                    lag(announced_on) over delivery as announced_before
                from {batch}
                window delivery as (
                    partition by dealer_id, brand_code, quarter_start, segment_code,
                        powertrain_code, version
                    order by _delivered_at, _loaded_at, _source_file
                )
            )
            where base_units <> base_units_before
                and announced_before < cast(
                    _delivered_at at time zone 'UTC' at time zone 'Europe/Berlin' as date
                )
        """,
        course_topic="SALES",
    ),
)

_PROGRAM_RULES = (
    Rule(
        code="INCENTIVE_PROGRAM_TWO_APPROVERS",
        table=_PROGRAMS,
        scope=STATE,
        severity=CRITICAL,
        dimension=VALIDITY,
        description="Two different people approve a programme; names that differ in case or "
        "blanks only are one person's.",
        reason="Nobody decides alone on what is paid.",
        remedy="Have a second person approve it, and deliver the version again.",
        passes=_TWO_APPROVERS,
        target_rate=1.0,
    ),
    Rule(
        code="INCENTIVE_PROGRAM_VALIDITY_ORDERED",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A version does not end before it begins.",
        reason="It would never hold.",
        remedy="Correct one of the two days.",
        applies="valid_to is not null",
        passes="valid_to >= valid_from",
    ),
    Rule(
        code="INCENTIVE_PROGRAM_WITHOUT_GAPS",
        table=_PROGRAMS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="The versions of a programme follow one another without a gap.",
        reason="A period that begins in one pays nothing.",
        remedy="Let a version begin the day after the one before ends.",
        violations="""
            select program_id, version, valid_from, ended_before
            from (
                select
                    *, max(coalesce(valid_to, date '9999-12-31')) over (
                        partition by program_id order by valid_from, version
                        rows between unbounded preceding and 1 preceding
                    ) as ended_before
                from {batch}
            )
            where valid_from - 1 > ended_before
        """,
    ),
    Rule(
        code="INCENTIVE_PROGRAM_ANNOUNCED_IN_TIME",
        table=_PROGRAMS,
        scope=STATE,
        dimension=TIMELINESS,
        description="A version is announced by its first day, or consented.",
        reason="Before, no period uses it.",
        remedy="Announce versions before they hold, or ask for consent.",
        passes="announced_on <= valid_from or consented_on is not null",
        mostly=0.9,
    ),
    Rule(
        code="INCENTIVE_PROGRAM_HAS_TIERS",
        table=_PROGRAMS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A version has tiers.",
        reason="Without one it is refused (NO_TIERS).",
        remedy="Deliver the tiers of the version.",
        passes="has_tiers",
    ),
    Rule(
        code="INCENTIVE_PROGRAM_BRAND_KNOWN",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A programme is for a brand that has dealers.",
        reason="Another pays nobody.",
        remedy="Correct the brand.",
        passes="is_known_brand",
    ),
    Rule(
        code="INCENTIVE_PROGRAM_CELL_SOLD",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The brand has a model of the segment and powertrain that the programme names.",
        reason="Otherwise no unit fits.",
        remedy="Correct segment or powertrain, or deliver the model.",
        passes="is_sold",
    ),
    Rule(
        code="INCENTIVE_PROGRAM_GRAIN_FIXED",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="All versions of a programme have the period of the first (what is refused "
        "for something else is not compared).",
        reason="Periods of another length would pay months twice, so such a version is refused "
        "(GRAIN_CHANGED).",
        remedy="Deliver another length as a new programme.",
        applies="is_accepted_by_itself",
        passes="period_grain = first_grain",
    ),
    Rule(
        code="INCENTIVE_PROGRAM_BRAND_FIXED",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="All versions of a programme are for the brand of the first (what is refused "
        "for something else is not compared).",
        reason="Another is refused (BRAND_CHANGED).",
        remedy="Deliver another brand as a new programme.",
        applies="is_accepted_by_itself and period_grain = first_grain",
        passes="brand_code = first_brand",
    ),
    Rule(
        code="INCENTIVE_PROGRAM_CREDITS_FIXED",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="Whether a programme's payments repay investments is the same in all its "
        "versions.",
        reason="Dealers plan their instalments with it.",
        remedy="Deliver the change as a new programme.",
        passes="credits_refinancing = first_credits",
    ),
    Rule(
        code="INCENTIVE_TARGET_NOT_MONTHLY",
        table=_PROGRAMS,
        scope=STATE,
        dimension=VALIDITY,
        description="Attainment is measured by quarter or year, as targets are set.",
        reason="A monthly one is refused (MONTHLY_TARGET).",
        remedy="Deliver QUARTER or YEAR.",
        applies="measure = 'TARGET_ATTAINMENT'",
        passes=_ATTAINED_OVER_MONTHS,
    ),
    Rule(
        code="INCENTIVE_MARGINAL_PAYS_UNITS",
        table=_PROGRAMS,
        scope=STATE,
        dimension=VALIDITY,
        description="Where each unit is paid by its own tier, units or revenue are measured and "
        "paid.",
        reason="Otherwise the version is refused (MARGINAL_WITHOUT_UNITS).",
        remedy="Choose another way of tiers, or measure units.",
        applies="tier_mode = 'MARGINAL'",
        passes=_MARGINAL_OF_UNITS,
    ),
    Rule(
        code="INCENTIVE_STRONG_MARKET_NAMED",
        table=_PROGRAMS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A programme for strong markets names segment and powertrain, whose market is "
        "meant.",
        reason="Otherwise it is refused (STRONG_MARKET_UNNAMED).",
        remedy="Name segment and powertrain.",
        applies="requires_strong_market",
        passes=_MARKET_NAMED,
    ),
    Rule(
        code="INCENTIVE_MEASURE_KPI_NAMED",
        table=_PROGRAMS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A programme that measures a KPI says which.",
        reason="Otherwise it is refused (MEASURE_KPI_UNNAMED).",
        remedy="Deliver measure_kpi_code.",
        applies="measure = 'KPI'",
        passes=_KPI_NAMED,
    ),
    Rule(
        code="INCENTIVE_GATE_COMPLETE",
        table=_PROGRAMS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A gate has a KPI and the value to reach.",
        reason="With one alone the version is refused (GATE_INCOMPLETE).",
        remedy="Deliver both, or neither.",
        passes=_GATE_COMPLETE,
    ),
    Rule(
        code="INCENTIVE_KPI_HIGHER_IS_BETTER",
        table=_PROGRAMS,
        scope=STATE,
        dimension=VALIDITY,
        description="The KPI of a gate or measure stands in the catalog, and more of it is better.",
        reason="Values are to be reached, not to be stayed below: of the others nobody could be "
        "paid.",
        remedy="Choose another KPI.",
        applies="coalesce(gate_kpi_code, measure_kpi_code) is not null",
        passes=f"coalesce(gate_kpi_code, measure_kpi_code) in ({_kpis_where_more_is_better()}) "
        f"and coalesce(measure_kpi_code, gate_kpi_code) in ({_kpis_where_more_is_better()})",
    ),
    Rule(
        code="INCENTIVE_KPI_WEIGHTED",
        table=_PROGRAMS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The KPI of a gate or measure is one that the brand weighs.",
        reason="Its smallest sample stands with the weights, and dealers see it in their "
        "scorecard.",
        remedy="Give the KPI a weight, or choose another.",
        applies="coalesce(gate_kpi_code, measure_kpi_code) is not null",
        passes="(gate_kpi_code is null or is_gate_weighted) "
        "and (measure_kpi_code is null or is_measure_weighted)",
    ),
    Rule(
        code="INCENTIVE_PROGRAM_PERIODS_CLOSE",
        table=_PROGRAMS,
        scope=STATE,
        dimension=TIMELINESS,
        description="The first period of a version ends in the first closed month or later.",
        reason="What ends before is never closed, and never paid.",
        remedy="Let the version begin later, or close the earlier months.",
        passes="first_period_ends_in >= first_closed_month",
        mostly=0.9,
    ),
)

_TIER_RULES = (
    Rule(
        code="INCENTIVE_TIERS_ASCENDING",
        table=_TIERS,
        scope=STATE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description=("The threshold of each tier of a version is above that of the tier before."),
        reason="Otherwise it is open which rate is paid.",
        remedy="Deliver the tiers again, with ascending thresholds.",
        violations="""
            select program_id, version, tier_no, threshold, previous_threshold
            from (
                select
                    *, lag(threshold) over (
                        partition by program_id, version order by tier_no
                    ) as previous_threshold
                from {batch}
            )
            where threshold <= previous_threshold
            order by program_id, version, tier_no
        """,
        target_rate=1.0,
    ),
    Rule(
        code="INCENTIVE_TIERS_HAVE_PROGRAM",
        table=_TIERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="Tiers belong to a version of a programme that is delivered.",
        reason="Others pay nothing.",
        remedy="Deliver the version, or correct programme and version.",
        passes="has_program",
    ),
    Rule(
        code="INCENTIVE_RATE_OF_PRICE_PLAUSIBLE",
        table=_TIERS,
        scope=STATE,
        dimension=VALIDITY,
        description="A rate of a price is a fraction of at most 1.",
        reason="`2` for 2 % would pay the car twice, so such a version is refused "
        "(RATE_ABOVE_PRICE).",
        remedy="Deliver 0.02 for 2 %.",
        applies="payout_basis in ('RATE_OF_LIST_PRICE', 'RATE_OF_NET_PRICE')",
        passes="rate <= 1",
    ),
    Rule(
        code="INCENTIVE_ATTAINMENT_THRESHOLD_PLAUSIBLE",
        table=_TIERS,
        scope=STATE,
        dimension=VALIDITY,
        description="A threshold of an attainment is a fraction of at most 5.",
        reason="`90` for 90 % would be reached by nobody.",
        remedy="Deliver 0.9 for 90 %.",
        applies="measure = 'TARGET_ATTAINMENT'",
        passes="threshold <= 5",
    ),
    Rule(
        code="INCENTIVE_THRESHOLD_NOT_NEGATIVE",
        table=_TIERS,
        scope=STATE,
        dimension=VALIDITY,
        description="A threshold is 0 or more.",
        reason="Below, everybody is paid who sells nothing.",
        remedy="Correct the threshold.",
        passes="threshold >= 0",
    ),
)

_CLOSE_RULES = (
    Rule(
        code="PERIOD_CLOSED_AFTER_ITS_END",
        table=_CLOSES,
        scope=STATE,
        dimension=TIMELINESS,
        description="A month is closed after its last day.",
        reason=("Before, it is not complete, and what comes after is settled a month later."),
        remedy="Close months after their end.",
        passes="closed_at at time zone 'UTC' >= "
        "cast(period_month + interval 1 month as timestamp) at time zone 'Europe/Berlin'",
    ),
    Rule(
        code="PERIODS_CLOSED_IN_ORDER",
        table=_CLOSES,
        scope=STATE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Months are closed one after the other, none left out.",
        reason="Each close posts the difference to the closes before it.",
        remedy="Deliver the close that is missing first.",
        violations="""
            select period_month, closed_at, previous_month, previous_closed_at
            from (
                select
                    *, lag(period_month) over (order by period_month) as previous_month,
                    lag(closed_at) over (order by period_month) as previous_closed_at
                from {batch}
            )
            where date_diff('month', previous_month, period_month) > 1
                or closed_at < previous_closed_at
        """,
        target_rate=1.0,
    ),
)

RULES = (*_TARGET_RULES, *_PROGRAM_RULES, *_TIER_RULES, *_CLOSE_RULES)
