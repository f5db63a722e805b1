{%- set touched = months_to_build([
    reads(ref('fct_survey'), 'answered_month', ['dealer_id', 'brand_code', 'score']),
]) -%}

with answers as (
    select
        dealer_id,
        brand_code,
        answered_month as score_month,
        count(*) as answer_count,
        sum(score) as score_sum,
        count(*) filter (where score >= 9) as promoter_count,
        count(*) filter (where score <= 6) as detractor_count
    from {{ ref('fct_survey') }}
    where
        answered_month is not null
        and score is not null
        and {{ in_months('answered_month', touched) }}
    group by dealer_id, brand_code, answered_month
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('CSI', '10 * score_sum', per='answer_count', sample='answer_count') }}
from answers
union all
select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('NPS', '100 * (promoter_count - detractor_count)', per='answer_count', sample='answer_count') }}
from answers
