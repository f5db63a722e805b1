select
    events.dealer_id,
    courses.course_code,
    courses.quality_dimension,
    events.completed_on,
    {{ month_of('events.completed_on') }} as completed_month,
    count(*) as passed_events
from {{ ref('stg_oem__training_events') }} as events
inner join {{ ref('stg_oem__courses') }} as courses
    on events.course_code = courses.course_code
where
    events.passed
    and not events.is_deleted
    and not courses.is_deleted
    and courses.quality_dimension is not null
group by
    events.dealer_id,
    courses.course_code,
    courses.quality_dimension,
    events.completed_on
