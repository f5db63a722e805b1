with modules as (
    select brand_code, module_code, module_name
    from {{ ref('stg_oem__business_modules') }}
    where not is_deleted
)

, adopted as (
    select
        brand_code,
        module_code,
        count(*) as decided_count,
        count(case when status = 'LIVE' then 1 end) as live_count,
        count(case when status = 'ABANDONED' then 1 end) as abandoned_count,
        count(case when is_within_six_months then 1 end) as within_six_count,
        count(is_within_six_months) as verdict_count,
        {{ doubled_median('months_to_live') }} as doubled_months_to_live
    from {{ ref('mart_module_adoption') }}
    group by brand_code, module_code
)

, listed as (
    select brand_code, module_code from modules
    union
    select brand_code, module_code from adopted
)

, cycle as (
    select max(value) as planning_cycle_months from {{ ref('benchmark_claims') }}
    where claim_code = 'PLANNING_CYCLE'
)

select
    listed.brand_code,
    listed.module_code,
    modules.module_name,
    coalesce(adopted.decided_count, 0) as decided_count,
    coalesce(adopted.live_count, 0) as live_count,
    coalesce(adopted.abandoned_count, 0) as abandoned_count,
    coalesce(adopted.within_six_count, 0) as within_six_count,
    coalesce(adopted.verdict_count, 0) as verdict_count,
    {{ exact_rate('adopted.within_six_count', 'adopted.verdict_count') }} as within_six_rate,
    {{ exact_rate('adopted.doubled_months_to_live', '2') }} as median_months_to_live,
    cycle.planning_cycle_months
from listed
left join modules
    on listed.brand_code = modules.brand_code and listed.module_code = modules.module_code
left join adopted
    on listed.brand_code = adopted.brand_code and listed.module_code = adopted.module_code
cross join cycle
