-- A certificate goes with the person, whatever dealer he works at; an unknown course gives none.
select
    events.person_hash,
    events.course_code,
    events.completed_on as valid_from,
    {{ months_later('events.completed_on', 'cast(courses.validity_months as int)') }} as valid_to
from {{ ref('stg_oem__training_events') }} as events
inner join {{ ref('stg_oem__courses') }} as courses
    on events.course_code = courses.course_code
where
    events.passed
    and not events.is_deleted
    and not courses.is_deleted
