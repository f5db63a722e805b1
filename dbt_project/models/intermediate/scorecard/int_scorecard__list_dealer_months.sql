{{ config(materialized='table') }}

{#- the facts that show a dealer at work, with the first and the last month that a row of them speaks of -#}
{%- set facts = [
    ('fct_vehicle_event', 'event_month', 'event_month'),
    ('fct_lead', 'created_month', 'created_month'),
    ('fct_survey', 'least(sent_month, answered_month)', 'greatest(sent_month, answered_month)'),
    ('fct_case', 'least(opened_month, resolved_month)', 'greatest(opened_month, resolved_month)'),
    ('fct_dealer_financials', 'fiscal_month', 'fiscal_month'),
    ('fct_stock', 'snapshot_month', 'snapshot_month'),
] -%}

with known as (
    {%- for fact, first_month, last_month in facts %}
    select dealer_id, brand_code, min({{ first_month }}) as first_month, max({{ last_month }}) as last_month
    from {{ ref(fact) }}
    group by dealer_id, brand_code
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

, spans as (
    select dealer_id, brand_code, min(first_month) as first_month, max(last_month) as last_month
    from known
    group by dealer_id, brand_code
)

, months as (
    select dealer_id, brand_code, {{ each_month('first_month', 'last_month') }} as score_month
    from spans
)

select
    months.dealer_id,
    months.brand_code,
    months.score_month,
    dealers.peer_group
from months
inner join {{ ref('dim_dealer') }} as dealers
    on
        months.dealer_id = dealers.dealer_id
        and months.brand_code = dealers.brand_code
where
    last_day(months.score_month) >= dealers.opened_on
    and (dealers.closed_on is null or last_day(months.score_month) <= dealers.closed_on)
    and months.score_month <= {{ berlin_date(as_of()) }}
