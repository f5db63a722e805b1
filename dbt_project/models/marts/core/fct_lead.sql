{%- set touched = touched_months([months_of_changed_rows(ref('stg_dealer__leads'), 'created_month', ['lead_id'])]) -%}

select
    lead_id,
    dealer_id,
    brand_code,
    campaign_id,
    channel,
    model_code,
    created_at,
    created_month,
    first_response_at,
    {{ hours_between('created_at', 'first_response_at') }} as response_hours,
    coalesce({{ microseconds_between('created_at', 'first_response_at') }} <= 86400000000, false) as is_answered_in_24h,
    sold_vin,
    sold_vin is not null as is_sold,
    lost_at,
    {{ fact_lineage_columns(ref('stg_dealer__leads')) }}
from {{ ref('stg_dealer__leads') }}
where
    not is_deleted
    and {{ in_months('created_month', touched) }}
