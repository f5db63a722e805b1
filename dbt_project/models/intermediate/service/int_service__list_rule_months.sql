-- By month, so that cases join by equality, and so that a changed rule touches only the months it changes.
with span as (
    select min(opened_month) as first_month, max(opened_month) as last_month
    from {{ ref('fct_case') }}
)

, months as (
    select
        periods.*,
        {{ each_month(
            'greatest(' ~ month_of('periods.period_from') ~ ', span.first_month)',
            'least(' ~ month_of('periods.period_to') ~ ', span.last_month)'
        ) }} as rule_month
    from {{ ref('int_service__order_rules') }} as periods
    cross join span
    where
        periods.period_to >= span.first_month
        and {{ month_of('periods.period_from') }} <= span.last_month
)

select
    rule_month,
    period_no,
    key_no,
    class_rank,
    brand_code,
    postal_prefix,
    prefix_length,
    product_category,
    case_type,
    greatest(period_from, rule_month) as first_day,
    least(period_to, last_day(rule_month)) as last_day,
    rule_id,
    responsible_dealer_id,
    second_rule_id,
    is_ambiguous
from months
