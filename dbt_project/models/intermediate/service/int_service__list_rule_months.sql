-- By month, so that cases join by equality, and so that a changed rule touches only the months it changes.
with months as (
    select distinct opened_month as rule_month
    from {{ ref('fct_case') }}
)

select
    months.rule_month,
    periods.period_no,
    periods.key_no,
    periods.class_rank,
    periods.brand_code,
    periods.postal_prefix,
    periods.prefix_length,
    periods.product_category,
    periods.case_type,
    greatest(periods.period_from, months.rule_month) as first_day,
    least(periods.period_to, last_day(months.rule_month)) as last_day,
    periods.rule_id,
    periods.responsible_dealer_id,
    periods.second_rule_id,
    periods.is_ambiguous
from {{ ref('int_service__order_rules') }} as periods
inner join months
    on
        periods.period_from <= last_day(months.rule_month)
        and periods.period_to >= months.rule_month
