-- The newest wave of the pulse survey, over all brands.
with answers as (
    select
        pulses.wave_month,
        pulses.requirements_increased,
        max(pulses.wave_month) over () as newest_wave
    from {{ ref('stg_dealer__pulse_surveys') }} as pulses
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on pulses.dealer_id = dealers.dealer_id and pulses.brand_code = dealers.brand_code
    where
        not pulses.is_deleted
        and pulses.wave_month <= {{ today() }}
)

, sums as (
    select
        max(wave_month) as wave_month,
        count(*) as sample_count,
        count(case when requirements_increased then 1 end) as increased_count
    from answers
    where wave_month = newest_wave
)

select
    'RISING_REQUIREMENTS' as claim_code,
    {{ exact_rate('increased_count', 'sample_count') }} as measured_value,
    sample_count,
    least(last_day(wave_month), case when wave_month is not null then {{ today() }} end) as measured_as_of
from sums
