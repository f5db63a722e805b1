{%- set touched = months_to_build([
    reads(ref('int_capability__count_staff'), 'month'),
]) -%}

select
    dealer_id,
    brand_code,
    month as score_month,
    {{ kpi_figures('TRAINING_COVERAGE', 'certified_staff', per='active_staff', sample='active_staff') }}
from {{ ref('int_capability__count_staff') }}
where {{ in_months('month', touched) }}
