{{ config(materialized='view') }}

{#- Every claim of the article that this network measures; a new one is a line here. -#}
{%- set measures = [
    'int_benchmarks__measure_dealer_margin',
    'int_benchmarks__measure_case_handling',
    'int_benchmarks__measure_investments',
    'int_benchmarks__measure_module_adoptions',
    'int_benchmarks__measure_requirements',
    'int_benchmarks__measure_it_readiness',
    'int_benchmarks__measure_training',
    'int_benchmarks__measure_rollouts',
    'int_benchmarks__measure_campaigns',
    'int_benchmarks__measure_brand_budget',
] -%}

{%- for measure in measures %}
select
    claim_code,
    measured_value,
    sample_count,
    measured_as_of
from {{ ref(measure) }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
