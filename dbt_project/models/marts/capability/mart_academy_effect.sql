with changes as (
    select
        course_code,
        count(*) as trained_dealers,
        sum({{ millionths('before_rate') }}) as before_sum,
        sum({{ millionths('after_rate') }}) as after_sum,
        sum({{ millionths('untrained_before_rate') }}) as untrained_before_sum,
        sum({{ millionths('untrained_after_rate') }}) as untrained_after_sum
    from {{ ref('int_capability__measure_course_changes') }}
    group by course_code
)

, untrained as (
    select course_code, count(distinct untrained_dealer_id) as untrained_dealers
    from {{ ref('int_capability__pair_dealers') }}
    group by course_code
)

select
    courses.course_code,
    courses.course_name,
    courses.quality_dimension,
    coalesce(changes.trained_dealers, 0) as trained_dealers,
    coalesce(untrained.untrained_dealers, 0) as untrained_dealers,
    {{ exact_rate('changes.before_sum', 'changes.trained_dealers * 1000000') }} as before_rate,
    {{ exact_rate('changes.after_sum', 'changes.trained_dealers * 1000000') }} as after_rate,
    {{ exact_rate('changes.untrained_before_sum', 'changes.trained_dealers * 1000000') }} as untrained_before_rate,
    {{ exact_rate('changes.untrained_after_sum', 'changes.trained_dealers * 1000000') }} as untrained_after_rate,
    effects.effect,
    effects.ci_low,
    effects.ci_high
from {{ ref('stg_oem__courses') }} as courses
left join changes
    on courses.course_code = changes.course_code
left join untrained
    on courses.course_code = untrained.course_code
left join {{ ref('stg_computed__academy_effects') }} as effects
    on courses.course_code = effects.course_code
where
    not courses.is_deleted
    and courses.quality_dimension is not null
