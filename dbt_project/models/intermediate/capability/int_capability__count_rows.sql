{{ config(materialized='view') }}

-- Rules that are no more, and rules of other feeds under the same code, count for nothing.
select
    counts.dealer_id,
    counts.feed,
    counts.rule_code,
    counts.month,
    rules.dimension,
    rules.severity,
    rules.target_rate,
    rules.course_topic,
    counts.checked_rows,
    counts.passed_rows
from {{ ref('stg_quality__pass_counts') }} as counts
inner join {{ ref('stg_quality__rules') }} as rules
    on
        counts.rule_code = rules.rule_code
        and counts.feed = rules.feed
where
    counts.checked_rows > 0
    and rules.is_measured_per_dealer
