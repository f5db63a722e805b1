-- The last twelve months with financials against the twelve before.
with financials as (
    select
        financials.fiscal_month,
        {{ cents('financials.new_vehicle_revenue_eur') }} as revenue,
        {{ cents('financials.new_vehicle_gross_profit_eur') }} as gross_profit
    from {{ ref('fct_dealer_financials') }} as financials
    inner join {{ ref('dim_dealer') }} as dealers
        on
            financials.dealer_id = dealers.dealer_id
            and financials.brand_code = dealers.brand_code
    where financials.fiscal_month <= {{ berlin_date(as_of()) }}
)

, newest as (
    select max(fiscal_month) as newest_month from financials
)

, both_years as (
    select
        financials.*,
        newest.newest_month,
        financials.fiscal_month > {{ months_later('newest.newest_month', -12) }} as is_last_year
    from financials
    cross join newest
    where financials.fiscal_month > {{ months_later('newest.newest_month', -24) }}
)

, sums as (
    select
        max(newest_month) as newest_month,
        count(*) as sample_count,
        count(distinct fiscal_month) as month_count,
        sum(case when is_last_year then revenue end) as revenue,
        sum(case when is_last_year then gross_profit end) as gross_profit,
        sum(case when not is_last_year then revenue end) as revenue_before,
        sum(case when not is_last_year then gross_profit end) as gross_profit_before
    from both_years
)

, margins as (
    select
        *,
        {{ scaled_quotient('gross_profit', 'revenue', 12) }} as margin,
        {{ scaled_quotient('gross_profit_before', 'revenue_before', 12) }} as margin_before
    from sums
)

select
    'DEALER_MARGIN_CHANGE' as claim_code,
    case
        when month_count = 24 and margin_before > 0 then {{ exact_rate('margin - margin_before', 'margin_before') }}
    end as measured_value,
    sample_count,
    last_day(newest_month) as measured_as_of
from margins
