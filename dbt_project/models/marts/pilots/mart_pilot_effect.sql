with arms as (
    select
        pilot_id,
        arm,
        count(*) as dealer_count,
        {{ whole('1000000') }} * count(*) as divisor,
        sum({{ millionths('before_value') }}) as before_sum,
        sum({{ millionths('after_value') }}) as after_sum
    from {{ ref('int_pilots__list_changes') }}
    group by pilot_id, arm
)

, means as (
    select
        pilot_id,
        arm,
        dealer_count,
        {{ exact_rate('before_sum', 'divisor') }} as before_value,
        {{ exact_rate('after_sum', 'divisor') }} as after_value
    from arms
)

, compared as (
    select
        windows.pilot_id,
        windows.pilot_name,
        windows.brand_code,
        windows.kpi_code,
        windows.starts_on,
        windows.ends_on,
        windows.window_months,
        coalesce(pilot.dealer_count, 0) as pilot_dealers,
        coalesce(control.dealer_count, 0) as control_dealers,
        pilot.before_value as pilot_before,
        pilot.after_value as pilot_after,
        control.before_value as control_before,
        control.after_value as control_after,
        effects.uplift,
        effects.ci_low,
        effects.ci_high,
        windows.success_uplift_rate,
        windows.min_dealers,
        coalesce(pilot.dealer_count, 0) >= windows.min_dealers
        and coalesce(control.dealer_count, 0) >= windows.min_dealers as is_enough_dealers
    from {{ ref('int_pilots__set_windows') }} as windows
    left join means as pilot
        on windows.pilot_id = pilot.pilot_id and pilot.arm = 'PILOT'
    left join means as control
        on windows.pilot_id = control.pilot_id and control.arm = 'CONTROL'
    left join {{ ref('stg_computed__pilot_effects') }} as effects
        on windows.pilot_id = effects.pilot_id
)

select
    pilot_id,
    pilot_name,
    brand_code,
    kpi_code,
    starts_on,
    ends_on,
    window_months,
    pilot_dealers,
    control_dealers,
    pilot_before,
    pilot_after,
    control_before,
    control_after,
    uplift,
    ci_low,
    ci_high,
    {{ exact_rate(millionths('uplift'), 'abs(' ~ millionths('pilot_before') ~ ')') }} as relative_uplift_rate,
    success_uplift_rate,
    min_dealers,
    is_enough_dealers,
    case
        when is_enough_dealers and ci_low > 0 and uplift >= success_uplift_rate then 'ROLL_OUT'
        when is_enough_dealers and ci_high < 0 then 'STOP'
        else 'CONTINUE'
    end as recommendation
from compared
