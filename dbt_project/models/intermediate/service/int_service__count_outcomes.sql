-- As of later there are only more of both. So a month with the same cases and the same counts is the same.
select
    cases.opened_month,
    count(*) filter (where {{ is_resolved('cases.resolved_at') }}) as resolved_count,
    count(*) filter (
        where {{ is_over_service_level('cases.opened_at', 'cases.resolved_at', 'service_levels.target_hours') }}
    ) as breached_count
from {{ ref('fct_case') }} as cases
left join {{ ref('stg_oem__service_levels') }} as service_levels
    on
        cases.brand_code = service_levels.brand_code
        and cases.case_type = service_levels.case_type
        and not service_levels.is_deleted
group by cases.opened_month
