-- Each figure of a week has its row and its sentences.
{{ config(meta={'dagster': {'ref': {'name': 'mart_weekly_review'}}}) }}

select dealer_id, brand_code, iso_year, iso_week, finding_code, shown.value, measured.value as measured_value
from {{ ref('mart_weekly_review') }} as shown
full outer join {{ ref('int_governance__measure_weeks') }} as measured
    using (dealer_id, brand_code, iso_year, iso_week, finding_code)
where
    shown.value is distinct from measured.value
    or shown.comparison_value is distinct from measured.comparison_value
    or shown.finding_text_de is null
    or shown.finding_text_en is null
