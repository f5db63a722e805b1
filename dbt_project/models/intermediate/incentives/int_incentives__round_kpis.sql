-- Only what a programme names as its measure or its gate.
with named as (
    select measure_kpi_code as kpi_code from {{ ref('int_incentives__list_periods') }}
    where measure = 'KPI'
    union
    select gate_kpi_code from {{ ref('int_incentives__list_periods') }}
    where gate_kpi_code is not null
)

, figures as (
    select
        *,
        {{ scaled_quotient('actual_numerator', 'actual_denominator', attainment_digits()) }} as actual,
        case
            when sample_denominator = 1 then sample_numerator
            else {{ scaled_quotient('sample_numerator', 'sample_denominator', 0) }}
        end as sample_count
    from {{ ref('int_kpis__measure_all') }}
    where kpi_code in (select kpi_code from named)
)

, mended as (
    select *, {{ mended('actual') }} as mended_actual from figures
)

-- A KPI of more observations than a million million is weighted by that many.
select
    dealer_id,
    brand_code,
    score_month,
    kpi_code,
    {{ as_shown(within('mended_actual', 999999999999 * 10 ** 15), 15) }} as actual_value,
    cast({{ within('sample_count', 10 ** 12) }} as bigint) as sample_count
from mended
