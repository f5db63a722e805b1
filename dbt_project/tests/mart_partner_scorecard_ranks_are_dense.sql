-- From the best score down each rank is that of the score before, or the next one where the score is lower.
{{ config(meta={'dagster': {'ref': {'name': 'mart_partner_scorecard'}}}) }}

with ranked as (
    select
        dealer_id,
        brand_code,
        peer_group,
        score_month,
        score,
        score_rank,
        peer_count,
        lag(score) over peers as better_score,
        lag(score_rank) over peers as better_rank,
        count(score) over (partition by brand_code, peer_group, score_month) as scored_count
    from {{ ref('mart_partner_scorecard') }}
    window peers as (partition by brand_code, peer_group, score_month order by score desc nulls last)
)

select * from ranked
where
    (score is null) <> (score_rank is null)
    or score_rank <> coalesce(better_rank, 0) + case when score = better_score then 0 else 1 end
    or peer_count <> scored_count
