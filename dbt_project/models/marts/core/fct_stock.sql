{%- set touched = touched_months([months_of_changed_rows(ref('stg_dealer__stock'), 'snapshot_month', ['dealer_id', 'snapshot_date', 'vin'])]) -%}

select
    dealer_id,
    snapshot_date,
    snapshot_month,
    vin,
    brand_code,
    model_code,
    stock_status,
    in_stock_since,
    {{ days_between('in_stock_since', 'snapshot_date') }} as stock_age_days,
    {{ fact_lineage_columns(ref('stg_dealer__stock')) }}
from {{ ref('stg_dealer__stock') }}
where
    not is_deleted
    and {{ in_months('snapshot_month', touched) }}
