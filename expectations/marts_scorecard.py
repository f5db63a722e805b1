"""Rules of the scorecard marts: scores that say little, and targets that nobody can have meant."""

from __future__ import annotations

from expectations.rule import COMPLETENESS, CONSISTENCY, CRITICAL, VALIDITY, Rule

SCANS: dict[str, str] = {}

RULES = (
    # -- KPIs ----------------------------------------------------------------------------------
    Rule(
        code="SCORECARD_KPIS_MOSTLY_SCORED",
        table="mart_partner_scorecard_kpi",
        dimension=COMPLETENESS,
        description="At least 60 % of the KPIs are scored: with fewer, a score rests on what "
        "happens to be known.",
        passes="status = 'SCORED'",
        mostly=0.6,
        target_rate=0.9,
    ),
    Rule(
        code="SCORECARD_KPI_HAS_TARGET",
        table="mart_partner_scorecard_kpi",
        dimension=COMPLETENESS,
        description="A KPI that weighs something has a target above zero: without one, nobody can "
        "work towards it.",
        passes="missing_reason is distinct from 'NO_TARGET'",
        mostly=0.95,
    ),
    Rule(
        code="SCORECARD_KPI_MEASURED",
        table="mart_partner_scorecard_kpi",
        dimension=COMPLETENESS,
        description="Every KPI that a brand weighs is measured in every month for one dealer at "
        "least, the newest month aside: else a feed has fallen silent, or its code is misspelt.",
        violations="""
            select brand_code, kpi_code, score_month, count(*) as dealers
            from {batch}
            where score_month < (select max(score_month) from {batch})
            group by brand_code, kpi_code, score_month
            having count(actual_value) = 0
            order by brand_code, kpi_code, score_month
        """,
        checked="count(distinct (brand_code, kpi_code, score_month))",
        mostly=0.9,
    ),
    Rule(
        code="SCORECARD_TARGETS_IN_UNIT",
        table="mart_partner_scorecard_kpi",
        dimension=VALIDITY,
        description="The dealers of a brand in the middle attain from a twentieth to twenty times "
        "the target of a KPI: beyond, targets are in another unit, such as percent for a "
        "fraction.",
        violations="""
            select
                brand_code, kpi_code, weights_version, median(attainment) as median_attainment,
                median(target_value) as median_target
            from {batch}
            where status = 'SCORED'
            group by brand_code, kpi_code, weights_version
            having count(*) >= 10
                and median(attainment) not between cast(0.05 as decimal(3, 2)) and 20
            order by brand_code, kpi_code, weights_version
        """,
        checked="count(distinct (brand_code, kpi_code, weights_version))",
    ),
    # -- scores --------------------------------------------------------------------------------
    Rule(
        code="SCORECARD_HAS_SCORE",
        table="mart_partner_scorecard",
        dimension=COMPLETENESS,
        description="A dealer's month has a score: without one not a single KPI counts.",
        passes="score is not null",
        mostly=0.98,
    ),
    Rule(
        code="SCORECARD_SCORE_STEADY",
        table="mart_partner_scorecard",
        dimension=CONSISTENCY,
        description="A score changes by at most 40 points in a month: more comes from new targets "
        "or weights, or from data that is missing.",
        passes="abs(score_change) <= 40",
        mostly=0.95,
    ),
    Rule(
        code="SCORECARD_PEERS_ENOUGH",
        table="mart_partner_scorecard",
        dimension=VALIDITY,
        description="A rank is given among three dealers at least: among fewer it says nothing.",
        applies="score_rank is not null",
        passes="peer_count >= 3",
        mostly=0.9,
    ),
    # -- growth --------------------------------------------------------------------------------
    Rule(
        code="SEGMENT_GROWTH_PRIOR_YEAR_MATCHES",
        table="mart_segment_growth",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Units and revenue a year earlier are those that the mart shows for that "
        "month.",
        violations="""
            select
                a.dealer_id, a.brand_code, a.segment_code, a.revenue_month,
                a.prior_year_invoiced_units, b.invoiced_units as units_a_year_earlier,
                a.prior_year_net_revenue_eur, b.net_revenue_eur as revenue_a_year_earlier
            from {batch} as a
            left join {batch} as b on
                b.dealer_id = a.dealer_id and b.brand_code = a.brand_code
                and b.segment_code = a.segment_code
                and b.revenue_month = a.revenue_month - interval 1 year
            where a.prior_year_invoiced_units <> coalesce(b.invoiced_units, 0)
                or (
                    b.dealer_id is not null
                    and a.prior_year_net_revenue_eur is distinct from b.net_revenue_eur
                )
            order by 1, 2, 3, 4
        """,
        target_rate=1.0,
    ),
)
