with investments as (
    select
        {{ cents('accepted.total_cost_eur') }} as total_cost,
        {{ cents('accepted.upfront_eur') }} as upfront,
        accepted.refinance_months,
        {{ berlin_date('delivered._delivered_at') }} as delivered_on
    from {{ ref('stg_computed__refinancing_status') }} as accepted
    inner join {{ ref('stg_oem__showroom_investments') }} as delivered
        on accepted.investment_id = delivered.investment_id
)

, sums as (
    select
        count(*) as sample_count,
        sum(total_cost) as total_cost,
        sum(upfront) as upfront,
        sum(refinance_months) as refinance_months,
        max(delivered_on) as measured_as_of
    from investments
)

, measured as (
    select
        'SHOWROOM_INVESTMENT' as claim_code,
        {{ exact_rate('total_cost', '100 * sample_count') }} as measured_value,
        sample_count,
        measured_as_of
    from sums
    union all
    select
        'SHOWROOM_UPFRONT_SHARE',
        {{ exact_rate('upfront', 'total_cost') }},
        sample_count,
        measured_as_of
    from sums
    union all
    select
        'SHOWROOM_REFINANCED_SHARE',
        {{ exact_rate('total_cost - upfront', 'total_cost') }},
        sample_count,
        measured_as_of
    from sums
    union all
    select
        'SHOWROOM_REFINANCING_TIME',
        {{ exact_rate('refinance_months', 'sample_count') }},
        sample_count,
        measured_as_of
    from sums
)

select * from measured
