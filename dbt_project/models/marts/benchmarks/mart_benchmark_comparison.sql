select
    claims.claim_code,
    claims.company,
    claims.practice,
    claims.metric,
    claims.value as claimed_value,
    claims.unit,
    measured.measured_value,
    measured.sample_count,
    measured.measured_as_of
from {{ ref('benchmark_claims') }} as claims
left join {{ ref('int_benchmarks__measure_all') }} as measured
    on claims.claim_code = measured.claim_code
