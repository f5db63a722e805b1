select
    rule_code,
    feed,
    dimension,
    severity,
    kind,
    mostly,
    target_rate,
    course_topic,
    description,
    reason,
    remedy,
    description_de,
    reason_de,
    remedy_de,
    is_measured_per_dealer
from {{ source('quality', 'rules') }}
