select
    dealer_id,
    month,
    mandatory_criteria,
    met_criteria,
    {{ exact_rate('met_criteria', 'mandatory_criteria') }} as readiness_rate,
    met_criteria = mandatory_criteria as is_ready,
    missing_criteria
from {{ ref('int_capability__measure_it') }}
