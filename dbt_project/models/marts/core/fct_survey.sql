{%- set touched = touched_months([months_of_changed_rows(ref('stg_dealer__surveys'), 'sent_month', ['response_id'])]) -%}

select
    response_id,
    dealer_id,
    brand_code,
    vin,
    survey_type,
    sent_at,
    sent_month,
    answered_at,
    {{ berlin_month('answered_at') }} as answered_month,
    score,
    {{ fact_lineage_columns(ref('stg_dealer__surveys')) }}
from {{ ref('stg_dealer__surveys') }}
where
    not is_deleted
    and {{ in_months('sent_month', touched) }}
