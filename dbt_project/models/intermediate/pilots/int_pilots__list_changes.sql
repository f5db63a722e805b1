-- Who has changed the arm once the pilot ran was treated and compared with.
with moved as (
    select distinct
        windows.pilot_id,
        arms.dealer_id
    from {{ ref('int_pilots__set_windows') }} as windows
    inner join {{ ref('stg_oem__pilot_members__arms') }} as arms
        on windows.pilot_id = arms.pilot_id
    where
        arms.arm <> arms.arm_before
        and arms.delivered_on >= windows.starts_on
)

, members as (
    select
        windows.pilot_id,
        members.dealer_id,
        members.arm,
        windows.brand_code,
        windows.kpi_code,
        coalesce(kpis.direction = 'LOWER', false) as is_lower_better,
        windows.before_from_month,
        windows.before_end_month,
        windows.after_from_month,
        windows.after_end_month
    from {{ ref('int_pilots__set_windows') }} as windows
    inner join {{ ref('stg_oem__pilot_members') }} as members
        on windows.pilot_id = members.pilot_id
    left join {{ ref('dim_kpi') }} as kpis
        on windows.kpi_code = kpis.kpi_code
    left join moved
        on
            members.pilot_id = moved.pilot_id
            and members.dealer_id = moved.dealer_id
    where
        not members.is_deleted
        and moved.dealer_id is null
        and members.joined_on <= windows.after_from_month
        and windows.window_months > 0
)

, known_members as (
    select members.* from members
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on members.dealer_id = dealers.dealer_id and members.brand_code = dealers.brand_code
)

, figures as (
    select
        members.pilot_id,
        members.dealer_id,
        members.arm,
        members.kpi_code,
        members.is_lower_better,
        measures.score_month >= members.after_from_month as is_after,
        {{ scaled_quotient('measures.actual_numerator', 'measures.actual_denominator', attainment_digits()) }} as actual
    from known_members as members
    inner join {{ ref('int_kpis__measure_all') }} as measures
        on
            members.dealer_id = measures.dealer_id
            and members.brand_code = measures.brand_code
            and members.kpi_code = measures.kpi_code
    where
        measures.sample_numerator > 0
        and (
            (measures.score_month >= members.before_from_month and measures.score_month < members.before_end_month)
            or (measures.score_month >= members.after_from_month and measures.score_month < members.after_end_month)
        )
)

, mended as (
    select *, {{ mended('actual') }} as mended_actual from figures
)

-- As the scorecard shows them, so that whoever sees it can recompute the rest.
, shown as (
    select *, {{ as_shown(within('mended_actual', 999999999999 * 10 ** 15), 15) }} as actual_value from mended
)

, sums as (
    select
        pilot_id,
        dealer_id,
        arm,
        kpi_code,
        is_lower_better,
        sum(case when not is_after then {{ millionths('actual_value') }} end) as before_sum,
        count(case when not is_after then actual_value end) as before_count,
        sum(case when is_after then {{ millionths('actual_value') }} end) as after_sum,
        count(case when is_after then actual_value end) as after_count
    from shown
    group by pilot_id, dealer_id, arm, kpi_code, is_lower_better
)

, compared as (
    select
        *,
        case when is_lower_better then -1 else 1 end * (after_sum * before_count - before_sum * after_count) as gain,
        {{ whole('before_count') }} * after_count * 1000000 as gain_divisor
    from sums
    where
        before_count > 0
        and after_count > 0
)

select
    pilot_id,
    dealer_id,
    arm,
    kpi_code,
    {{ exact_rate('before_sum', '1000000 * before_count') }} as before_value,
    {{ exact_rate('after_sum', '1000000 * after_count') }} as after_value,
    {{ exact_rate('gain', 'gain_divisor') }} as change
from compared
