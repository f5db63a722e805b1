{%- set key = 'dealer_id, brand_code, case_type, opened_month' -%}
{%- set touched = months_to_build([
    reads(ref('fct_case'), 'opened_month',
          ['dealer_id', 'brand_code', 'case_type', 'opened_at', 'resolved_at', 'reopened_count']),
    reads(ref('int_service__count_outcomes'), 'opened_month', ['resolved_count']),
]) -%}

with cases as (
    select
        {{ key }},
        reopened_count,
        {{ is_resolved('resolved_at') }} as is_resolved,
        case
            when {{ is_resolved('resolved_at') }} and resolved_at >= opened_at
                then {{ microseconds_between('opened_at', 'resolved_at') }}
        end as duration_us
    from {{ ref('fct_case') }}
    where {{ in_months('opened_month', touched) }}
)

, ranked as (
    select
        *,
        row_number() over (partition by {{ key }} order by duration_us nulls last) as duration_rank,
        count(duration_us) over (partition by {{ key }}) as timed_count
    from cases
)

select
    {{ key }},
    count(*) as opened_count,
    count(*) filter (where is_resolved) as resolved_count,
    count(*) filter (where reopened_count > 0) as reopened_count,
    count(duration_us) as timed_count,
    sum(duration_us) as duration_us,
    sum(duration_us * ({{ quantile_weight('duration_rank', 'timed_count', 5) }})) as ten_medians_us,
    sum(duration_us * ({{ quantile_weight('duration_rank', 'timed_count', 9) }})) as ten_p90s_us
from ranked
group by {{ key }}
