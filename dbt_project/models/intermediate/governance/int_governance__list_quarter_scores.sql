-- The score as mart_partner_scorecard shows it, which lies above this model; a test holds them together.
with sums as (
    select
        dealer_id,
        brand_code,
        score_month,
        peer_group,
        coalesce(sum({{ millionths('weight') }} * clipped_attainment), 0) as points,
        sum(case when missing_reason is null or missing_policy = 'ZERO' then {{ millionths('weight') }} end) as weight
    from {{ ref('int_scorecard__attain_kpis') }}
    where {{ months_later(quarter_of('score_month'), 3) }} <= {{ today() }}
    group by dealer_id, brand_code, score_month, peer_group
)

, means as (
    select *, {{ scaled_quotient('100 * points', 'weight', 0) }} as score_mean from sums
)

, mended as (
    select *, {{ mended('score_mean') }} as mended_score from means
)

, scores as (
    select
        dealer_id,
        brand_code,
        peer_group,
        {{ quarter_of('score_month') }} as quarter_start,
        {{ as_shown('mended_score', 15) }} as score
    from mended
)

, quarter_sums as (
    select
        dealer_id,
        brand_code,
        peer_group,
        quarter_start,
        sum({{ millionths('score') }}) as score_millionths,
        count(score) as month_count
    from scores
    group by dealer_id, brand_code, peer_group, quarter_start
)

, quarters as (
    select
        dealer_id,
        brand_code,
        peer_group,
        quarter_start,
        {{ exact_rate('score_millionths', '1000000 * month_count') }} as score_mean
    from quarter_sums
    where month_count > 0
)

, ranked as (
    select
        *,
        row_number() over (
            partition by brand_code, peer_group, quarter_start order by score_mean, dealer_id
        ) as score_rank,
        count(*) over (partition by brand_code, peer_group, quarter_start) as dealer_count
    from quarters
)

, contract_quarters as (
    select
        contracts.contract_id,
        quarters.quarter_start,
        quarters.dealer_id,
        quarters.brand_code,
        quarters.peer_group,
        contracts.benchmark_quantile,
        contracts.breach_quarters,
        contracts.valid_to,
        quarters.score_mean
    from {{ ref('stg_oem__contracts') }} as contracts
    inner join quarters
        on
            contracts.dealer_id = quarters.dealer_id
            and contracts.brand_code = quarters.brand_code
    where
        not contracts.is_deleted
        and {{ holds_on(
            days_later(months_later('quarters.quarter_start', 3), -1), 'contracts.valid_from', 'contracts.valid_to'
        ) }}
)

-- Few quantiles are agreed on; each is reckoned once for its peer group and quarter.
, agreed as (
    select distinct
        brand_code,
        peer_group,
        quarter_start,
        benchmark_quantile,
        cast({{ millionths('benchmark_quantile') }} as bigint) as quantile_millionths
    from contract_quarters
)

, weighed as (
    select
        agreed.brand_code,
        agreed.peer_group,
        agreed.quarter_start,
        agreed.benchmark_quantile,
        sum(
            {{ millionths('ranked.score_mean') }}
            * {{ quantile_millionths('ranked.score_rank', 'ranked.dealer_count', 'agreed.quantile_millionths') }}
        ) as weighed_sum
    from agreed
    inner join ranked
        on
            agreed.brand_code = ranked.brand_code
            and agreed.peer_group = ranked.peer_group
            and agreed.quarter_start = ranked.quarter_start
    group by agreed.brand_code, agreed.peer_group, agreed.quarter_start, agreed.benchmark_quantile
)

, benchmarks as (
    select *, {{ exact_rate('weighed_sum', 10 ** 12) }} as benchmark_score from weighed
)

-- Where the district is not in the list of postal areas, the postal code may tell.
, postal_states as (
    select postal_code, min(state_code) as state_code
    from {{ ref('stg_oem__postal_areas') }}
    group by postal_code
)

select
    contract_quarters.contract_id,
    contract_quarters.quarter_start,
    contract_quarters.dealer_id,
    contract_quarters.brand_code,
    contract_quarters.peer_group,
    coalesce(districts.state_code, postal_states.state_code) as state_code,
    contract_quarters.benchmark_quantile,
    contract_quarters.breach_quarters,
    contract_quarters.valid_to,
    contract_quarters.score_mean,
    benchmarks.benchmark_score,
    contract_quarters.score_mean < benchmarks.benchmark_score as is_breach
from contract_quarters
inner join benchmarks
    on
        contract_quarters.brand_code = benchmarks.brand_code
        and contract_quarters.peer_group = benchmarks.peer_group
        and contract_quarters.quarter_start = benchmarks.quarter_start
        and contract_quarters.benchmark_quantile = benchmarks.benchmark_quantile
inner join {{ ref('dim_dealer') }} as dealers
    on
        contract_quarters.dealer_id = dealers.dealer_id
        and contract_quarters.brand_code = dealers.brand_code
left join {{ ref('dim_district') }} as districts
    on dealers.district_code = districts.district_code
left join postal_states
    on dealers.postal_code = postal_states.postal_code
