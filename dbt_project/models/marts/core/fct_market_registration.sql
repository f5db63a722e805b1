{%- set touched = touched_months([months_of_changed_rows(ref('stg_market__registrations'), 'registration_month', ['registration_month', 'district_code', 'brand_code', 'segment_code', 'powertrain_code', 'holder_type'])]) -%}

select
    registration_month,
    district_code,
    brand_code,
    segment_code,
    powertrain_code,
    holder_type,
    units,
    {{ fact_lineage_columns(ref('stg_market__registrations')) }}
from {{ ref('stg_market__registrations') }}
where
    not is_deleted
    and {{ in_months('registration_month', touched) }}
