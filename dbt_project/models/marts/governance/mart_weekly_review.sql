select
    dealer_id,
    brand_code,
    iso_year,
    iso_week,
    week_start,
    finding_code,
    subject,
    value,
    comparison_value,
    comparison,
    finding_text_de,
    finding_text_en
from {{ ref('stg_computed__weekly_findings') }}
