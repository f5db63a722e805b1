{%- set touched = months_to_build([
    reads(ref('int_capability__measure_it'), 'month', ['dealer_id', 'mandatory_criteria', 'met_criteria']),
    reads(ref('dim_dealer'), none, ['dealer_id', 'brand_code']),
]) -%}

-- An assessment names no brand: all brands of the dealer have the same figure.
select
    dealers.dealer_id,
    dealers.brand_code,
    readiness.month as score_month,
    {{ kpi_figures(
        'IT_READINESS',
        'readiness.met_criteria',
        per='readiness.mandatory_criteria',
        sample='readiness.mandatory_criteria'
    ) }}
from {{ ref('int_capability__measure_it') }} as readiness
inner join {{ ref('dim_dealer') }} as dealers
    on readiness.dealer_id = dealers.dealer_id
where {{ in_months('readiness.month', touched) }}
