{%- set case_columns = [
    'case_id', 'brand_code', 'case_type', 'product_category', 'customer_postal_code', 'opened_at', 'opened_month',
    'resolved_at', 'dealer_id', 'hours_to_assignment', 'hours_to_resolution',
] -%}
{%- set touched = months_to_build([
    reads(ref('fct_case'), 'opened_month', case_columns),
    reads(ref('int_service__list_rule_months'), 'rule_month', [
        'class_rank', 'brand_code', 'postal_prefix', 'product_category', 'case_type', 'first_day', 'last_day',
        'rule_id', 'responsible_dealer_id', 'second_rule_id', 'is_ambiguous',
    ]),
    reads(ref('int_service__count_outcomes'), 'opened_month', ['breached_count']),
    reads(ref('stg_oem__service_levels'), none, ['brand_code', 'case_type', 'target_hours', 'is_deleted']),
]) -%}
{#- what decides between rules, the most specific first: six lengths of prefix, with and without category and kind -#}
{%- set classes = range(24) | list -%}

with cases as {{ streamed_cte() }} (
    select
        {%- for column in case_columns %}
        {{ column }},
        {%- endfor %}
        {{ berlin_date('opened_at') }} as opened_on,
        coalesce(substr(customer_postal_code, 1, 5), '') as postal_start
    from {{ ref('fct_case') }}
    where {{ in_months('opened_month', touched) }}
)

, rule_months as {{ streamed_cte() }} (
    select * from {{ ref('int_service__list_rule_months') }}
    where {{ in_months('rule_month', touched) }}
)

, rule_keys as (
    select distinct
        key_no,
        class_rank,
        brand_code,
        postal_prefix,
        coalesce(product_category, '') as category_key,
        coalesce(case_type, '') as type_key
    from rule_months
)

, used_classes as (
    select distinct
        class_rank,
        length(postal_prefix) as prefix_length,
        category_key <> '' as has_category,
        type_key <> '' as has_type
    from rule_keys
)

-- Millions of cases ask for far fewer combinations; those are what rules are sought for.
, combinations as (
    select distinct brand_code, case_type, product_category, postal_start from cases
)

, sought as (
    select
        combinations.*,
        used_classes.class_rank,
        substr(combinations.postal_start, 1, used_classes.prefix_length) as postal_prefix,
        case when used_classes.has_category then combinations.product_category else '' end as category_key,
        case when used_classes.has_type then combinations.case_type else '' end as type_key
    from combinations
    cross join used_classes
)

-- At most one set of competing rules in each class.
, matched as (
    select
        sought.brand_code,
        sought.case_type,
        sought.product_category,
        sought.postal_start,
        {%- for class in classes %}
        max(case when sought.class_rank = {{ class }} then rule_keys.key_no end) as key_{{ class }}{{ ',' if not loop.last }}
        {%- endfor %}
    from sought
    inner join rule_keys
        on
            sought.class_rank = rule_keys.class_rank
            and sought.brand_code = rule_keys.brand_code
            and sought.postal_prefix = rule_keys.postal_prefix
            and sought.category_key = rule_keys.category_key
            and sought.type_key = rule_keys.type_key
    group by sought.brand_code, sought.case_type, sought.product_category, sought.postal_start
)

-- What holds of each class on the day.
, candidates as {{ streamed_cte() }} (
    select
        cases.*,
        {%- for class in classes %}
        rules_{{ class }}.period_no as period_{{ class }}{{ ',' if not loop.last }}
        {%- endfor %}
    from cases
    left join matched
        on
            cases.brand_code = matched.brand_code
            and cases.case_type = matched.case_type
            and cases.product_category = matched.product_category
            and cases.postal_start = matched.postal_start
    {%- for class in classes %}
    left join rule_months as rules_{{ class }}
        on
            rules_{{ class }}.class_rank = {{ class }}
            and matched.key_{{ class }} = rules_{{ class }}.key_no
            and cases.opened_month = rules_{{ class }}.rule_month
            and cases.opened_on >= rules_{{ class }}.first_day
            and cases.opened_on <= rules_{{ class }}.last_day
    {%- endfor %}
)

, decided as {{ streamed_cte() }} (
    select
        *,
        coalesce({% for class in classes %}period_{{ class }}{{ ', ' if not loop.last }}{% endfor %}) as first_period
    from candidates
)

, followed as {{ streamed_cte() }} (
    select
        *,
        coalesce({% for class in classes %}nullif(period_{{ class }}, first_period){{ ', ' if not loop.last }}{% endfor %})
            as next_period
    from decided
)

, periods as (
    select distinct
        period_no,
        prefix_length,
        rule_id,
        responsible_dealer_id,
        second_rule_id,
        is_ambiguous
    from rule_months
)

select
    cases.case_id,
    cases.brand_code,
    cases.case_type,
    cases.product_category,
    cases.customer_postal_code,
    cases.opened_at,
    cases.opened_month,
    cases.resolved_at,
    cases.dealer_id as received_by_dealer_id,
    coalesce(deciding.responsible_dealer_id, 'OEM') as responsible_party,
    deciding.rule_id,
    coalesce(deciding.second_rule_id, following.rule_id) as runner_up_rule_id,
    cast(deciding.prefix_length as bigint) as matched_prefix_length,
    deciding.rule_id is null as is_unrouted,
    coalesce(deciding.is_ambiguous, false) as is_ambiguous,
    deciding.rule_id is null or cases.dealer_id <> deciding.responsible_dealer_id as was_misrouted,
    cases.hours_to_assignment,
    cases.hours_to_resolution,
    {{ is_over_service_level('cases.opened_at', 'cases.resolved_at', 'service_levels.target_hours') }}
        as is_service_level_breached
from followed as cases
left join periods as deciding
    on cases.first_period = deciding.period_no
left join periods as following
    on cases.next_period = following.period_no
left join {{ ref('stg_oem__service_levels') }} as service_levels
    on
        cases.brand_code = service_levels.brand_code
        and cases.case_type = service_levels.case_type
        and not service_levels.is_deleted
