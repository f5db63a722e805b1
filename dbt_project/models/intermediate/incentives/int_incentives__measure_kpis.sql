-- Only what a programme names as its measure or its gate.
with named as (
    select
        program_id,
        period_start,
        period_end,
        brand_code,
        measure_kpi_code as kpi_code
    from {{ ref('int_incentives__list_periods') }}
    where measure = 'KPI'
    union
    select
        program_id,
        period_start,
        period_end,
        brand_code,
        gate_kpi_code
    from {{ ref('int_incentives__list_periods') }}
    where gate_kpi_code is not null
)

, periods as (
    select distinct brand_code, period_start, period_end, kpi_code from named
)

, summed as (
    select
        monthly.dealer_id,
        periods.brand_code,
        periods.period_start,
        periods.period_end,
        periods.kpi_code,
        sum({{ millionths('monthly.actual_value') }} * monthly.sample_count) as weighed,
        sum(monthly.sample_count) as sample_count
    from periods
    inner join {{ ref('int_incentives__round_kpis') }} as monthly
        on
            periods.brand_code = monthly.brand_code
            and periods.kpi_code = monthly.kpi_code
            and monthly.score_month between periods.period_start and periods.period_end
    where monthly.actual_value is not null and monthly.sample_count > 0
    group by monthly.dealer_id, periods.brand_code, periods.period_start, periods.period_end, periods.kpi_code
)

-- How many observations are enough say the weights of the last month of the period that has any for the
-- key figure: of the brand's versions valid on the last day of the month the highest.
, months as (
    select brand_code, period_start, period_end, kpi_code, {{ each_month('period_start', 'period_end') }} as month
    from periods
)

, valid_weights as (
    select
        months.brand_code,
        months.period_start,
        months.period_end,
        months.kpi_code,
        months.month,
        weights.kpi_code as weighed_kpi_code,
        weights.min_sample,
        weights.version = max(weights.version) over (
            partition by months.brand_code, months.period_start, months.period_end, months.kpi_code, months.month
        ) as is_in_force
    from months
    inner join {{ ref('stg_oem__kpi_weights') }} as weights
        on
            months.brand_code = weights.brand_code
            and last_day(months.month) >= weights.valid_from
            and (weights.valid_to is null or last_day(months.month) <= weights.valid_to)
    where not weights.is_deleted
)

, samples as (
    select
        brand_code,
        period_start,
        period_end,
        kpi_code,
        max_by(min_sample, month) as min_sample
    from valid_weights
    where is_in_force and weighed_kpi_code = kpi_code
    group by brand_code, period_start, period_end, kpi_code
)

, judged as (
    select
        summed.*,
        coalesce(samples.min_sample, 0) as min_sample
    from summed
    left join samples
        on
            summed.brand_code = samples.brand_code
            and summed.period_start = samples.period_start
            and summed.period_end = samples.period_end
            and summed.kpi_code = samples.kpi_code
)

select
    dealer_id,
    brand_code,
    period_start,
    period_end,
    kpi_code,
    cast(sample_count as bigint) as sample_count,
    min_sample,
    case when sample_count >= min_sample then {{ exact_rate('weighed', whole('sample_count') ~ ' * 1000000') }} end as kpi_value
from judged
