-- The cost of diverging goals stands on a mart, so it is measured here: of the last complete year, per
-- dealer, over all of his brands.
with last_year as (
    select max(year) as year
    from {{ ref('mart_misalignment_cost') }}
    where year < cast(extract(year from {{ today() }}) as bigint)
)

, costs as (
    select
        count(distinct costs.dealer_id) as sample_count,
        sum({{ cents('costs.total_cost_eur') }}) as total_cost,
        max(last_year.year) as year
    from {{ ref('mart_misalignment_cost') }} as costs
    inner join last_year
        on costs.year = last_year.year
)

, measured as (
    select claim_code, measured_value, sample_count, measured_as_of
    from {{ ref('int_benchmarks__measure_all') }}
    union all
    select
        'DIVERGING_GOALS_COST',
        {{ exact_rate('total_cost', '100 * sample_count') }},
        sample_count,
        make_date(cast(year as int), 12, 31)
    from costs
)

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
left join measured
    on claims.claim_code = measured.claim_code
