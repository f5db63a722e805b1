{%- set touched = months_to_build([
    reads(ref('fct_case'), 'resolved_month', ['dealer_id', 'brand_code', 'opened_at', 'resolved_at']),
]) -%}

with durations as (
    select
        dealer_id,
        brand_code,
        resolved_month as score_month,
        {{ microseconds_between('opened_at', 'resolved_at') }} as microseconds
    from {{ ref('fct_case') }}
    where
        resolved_at >= opened_at
        and {{ in_months('resolved_month', touched) }}
)

, ranked as (
    select
        *,
        row_number() over (partition by dealer_id, brand_code, score_month order by microseconds) as duration_rank,
        count(*) over (partition by dealer_id, brand_code, score_month) as case_count
    from durations
)

-- The one in the middle of an odd number of cases, the two of an even number: their mean is the median.
, middle as (
    select
        dealer_id,
        brand_code,
        score_month,
        case_count,
        sum(microseconds) as microseconds,
        count(*) as middle_count
    from ranked
    where 2 * duration_rank between case_count and case_count + 2
    group by dealer_id, brand_code, score_month, case_count
)

select
    dealer_id,
    brand_code,
    score_month,
    {{ kpi_figures('CASE_CYCLE_HOURS', 'microseconds', per='3600000000 * middle_count', sample='case_count') }}
from middle
