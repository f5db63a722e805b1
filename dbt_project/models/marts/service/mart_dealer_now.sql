{%- set key = ['dealer_id', 'brand_code'] -%}

-- The dealer's last snapshot over all brands: a brand that it does not name has nothing in stock.
with snapshots as (
    select dealer_id, max(snapshot_date) as stock_snapshot_on
    from {{ ref('fct_stock') }}
    where snapshot_date <= {{ berlin_date(as_of()) }}
    group by dealer_id
)

, stock as (
    select
        stock.dealer_id,
        stock.brand_code,
        stock.stock_status,
        case when stock.stock_status = 'IN_STOCK' then stock.stock_age_days end as age_days
    from {{ ref('fct_stock') }} as stock
    inner join snapshots
        on
            stock.dealer_id = snapshots.dealer_id
            and stock.snapshot_date = snapshots.stock_snapshot_on
)

, ranked_stock as (
    select
        *,
        row_number() over (partition by dealer_id, brand_code order by age_days nulls last) as age_rank,
        count(age_days) over (partition by dealer_id, brand_code) as aged_count
    from stock
)

, units as (
    select
        dealer_id,
        brand_code,
        count(*) filter (where stock_status = 'IN_STOCK') as in_stock_units,
        count(*) filter (where stock_status = 'IN_TRANSIT') as in_transit_units,
        count(*) filter (where stock_status = 'DEMO') as demo_units,
        sum(age_days * ({{ quantile_weight('age_rank', 'aged_count', 5) }})) as ten_median_ages,
        count(*) filter (where age_days > 90) as units_over_90_days,
        count(*) filter (where age_days > 180) as units_over_180_days
    from ranked_stock
    group by dealer_id, brand_code
)

, stock_days as (
    select
        dealer_id,
        brand_code,
        actual_numerator,
        actual_denominator,
        row_number() over (partition by dealer_id, brand_code order by score_month desc) as recency
    from {{ ref('int_kpis__measure_stock') }}
    where
        kpi_code = 'STOCK_DAYS'
        and actual_denominator <> 0
        and score_month <= {{ berlin_date(as_of()) }}
)

, leads_so_far as (
    select
        *,
        not is_sold and not {{ has_happened('lost_at') }} as is_open
    from {{ ref('fct_lead') }}
    where {{ has_happened('created_at') }}
)

, leads as (
    select
        dealer_id,
        brand_code,
        count(*) filter (where is_open) as open_leads,
        min(case when is_open and not {{ has_happened('first_response_at') }} then created_at end)
            as oldest_unanswered_at,
        count(*) filter (
            where campaign_id is not null
            and {{ berlin_date('created_at') }} > {{ days_later(berlin_date(as_of()), -90) }}
        ) as campaign_leads_90d
    from leads_so_far
    group by dealer_id, brand_code
)

, open_cases as (
    select
        received_by_dealer_id,
        responsible_party,
        brand_code,
        is_service_level_breached,
        {{ microseconds_between('opened_at', as_of()) }} as age_us
    from {{ ref('mart_case_routing') }}
    where
        {{ has_happened('opened_at') }}
        and not {{ is_resolved('resolved_at') }}
)

, received as (
    select
        received_by_dealer_id as dealer_id,
        brand_code,
        count(*) as open_cases,
        count(*) filter (where age_us < 86400000000) as open_cases_under_1_day,
        count(*) filter (where age_us between 86400000000 and 7 * 86400000000) as open_cases_1_to_7_days,
        count(*) filter (where age_us > 7 * 86400000000) as open_cases_over_7_days,
        count(*) filter (where is_service_level_breached) as breached_cases
    from open_cases
    group by received_by_dealer_id, brand_code
)

, responsible as (
    select responsible_party as dealer_id, brand_code, count(*) as responsible_open_cases
    from open_cases
    group by responsible_party, brand_code
)

, deliveries as (
    select dealer_id, max(last_delivered_at) as data_as_of
    from {{ ref('mart_dealer_feed_freshness') }}
    group by dealer_id
)

select
    dealers.dealer_id,
    dealers.brand_code,
    snapshots.stock_snapshot_on,
    {%- for column in [
        'in_stock_units', 'in_transit_units', 'demo_units', 'units_over_90_days', 'units_over_180_days',
    ] %}
    case when snapshots.dealer_id is not null then coalesce(units.{{ column }}, 0) end as {{ column }},
    {%- endfor %}
    {{ exact_rate('units.ten_median_ages', '10') }} as median_stock_age_days,
    {{ exact_rate('stock_days.actual_numerator', 'stock_days.actual_denominator') }} as stock_days,
    coalesce(leads.open_leads, 0) as open_leads,
    {{ hours_between('leads.oldest_unanswered_at', as_of()) }} as oldest_unanswered_lead_hours,
    coalesce(leads.campaign_leads_90d, 0) as campaign_leads_90d,
    {%- for column in [
        'open_cases', 'open_cases_under_1_day', 'open_cases_1_to_7_days', 'open_cases_over_7_days', 'breached_cases',
    ] %}
    coalesce(received.{{ column }}, 0) as {{ column }},
    {%- endfor %}
    coalesce(responsible.responsible_open_cases, 0) as responsible_open_cases,
    deliveries.data_as_of
from {{ ref('dim_dealer') }} as dealers
left join snapshots
    on dealers.dealer_id = snapshots.dealer_id
left join units on {{ same_key('dealers', 'units', key) }}
left join stock_days
    on
        {{ same_key('dealers', 'stock_days', key) }}
        and stock_days.recency = 1
left join leads on {{ same_key('dealers', 'leads', key) }}
left join received on {{ same_key('dealers', 'received', key) }}
left join responsible on {{ same_key('dealers', 'responsible', key) }}
left join deliveries
    on dealers.dealer_id = deliveries.dealer_id
