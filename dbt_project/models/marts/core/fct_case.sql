{%- set touched = touched_months([months_of_changed_rows(ref('stg_dealer__cases'), 'opened_month', ['case_id'])]) -%}

select
    case_id,
    dealer_id,
    brand_code,
    vin,
    case_type,
    product_category,
    customer_postal_code,
    opened_at,
    opened_month,
    first_assigned_at,
    resolved_at,
    {{ berlin_month('resolved_at') }} as resolved_month,
    {{ hours_between('opened_at', 'first_assigned_at') }} as hours_to_assignment,
    {{ hours_between('opened_at', 'resolved_at') }} as hours_to_resolution,
    reassign_count,
    reopened_count,
    claimed_amount_eur,
    approved_amount_eur,
    {{ fact_lineage_columns(ref('stg_dealer__cases')) }}
from {{ ref('stg_dealer__cases') }}
where
    not is_deleted
    and {{ in_months('opened_month', touched) }}
