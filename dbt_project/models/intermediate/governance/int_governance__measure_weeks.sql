{%- set measures = [
    'int_governance__measure_sales_weeks',
    'int_governance__measure_feedback_weeks',
    'int_governance__measure_market_weeks',
    'int_governance__measure_dialogue_weeks',
] -%}

with findings as (
    {%- for measure in measures %}
    select
        dealer_id,
        brand_code,
        week_start,
        finding_code,
        subject,
        value,
        comparison_value,
        comparison
    from {{ ref(measure) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    findings.dealer_id,
    findings.brand_code,
    weeks.iso_year,
    weeks.iso_week,
    findings.week_start,
    findings.finding_code,
    findings.subject,
    findings.value,
    findings.comparison_value,
    findings.comparison
from findings
inner join {{ ref('int_governance__list_weeks') }} as weeks
    on findings.week_start = weeks.week_start
where findings.value is not null
