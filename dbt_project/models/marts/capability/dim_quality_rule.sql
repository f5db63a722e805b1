with courses as (
    select quality_dimension, count(*) as course_count
    from {{ ref('stg_oem__courses') }}
    where not is_deleted
    group by quality_dimension
)

select
    rules.rule_code,
    rules.feed,
    rules.dimension,
    rules.severity,
    rules.kind,
    rules.mostly as gate_rate,
    rules.target_rate,
    rules.course_topic,
    rules.description,
    rules.reason,
    rules.remedy,
    rules.description_de,
    rules.reason_de,
    rules.remedy_de,
    rules.is_measured_per_dealer,
    coalesce(courses.course_count, 0) as course_count
from {{ ref('stg_quality__rules') }} as rules
left join courses
    on rules.dimension = courses.quality_dimension
