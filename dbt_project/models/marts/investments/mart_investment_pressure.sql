{%- set touched = months_to_build([
    reads(ref('int_investments__sum_books'), 'month'),
    reads(ref('stg_computed__refinancing_status'), none, ['investment_id', 'dealer_id', 'brand_code', 'start_date', 'upfront_eur']),
]) -%}

with books as (
    select * from {{ ref('int_investments__sum_books') }}
    where {{ in_months('month', touched) }}
)

, investments as (
    select
        dealer_id,
        brand_code,
        start_date,
        {{ cents('upfront_eur') }} as upfront
    from {{ ref('stg_computed__refinancing_status') }}
)

, upfronts as (
    select
        books.dealer_id,
        books.brand_code,
        books.month,
        sum(investments.upfront) as upfront,
        sum(case when investments.start_date > last_day(books.month) then investments.upfront else 0 end) as open_upfront
    from books
    inner join investments
        on
            books.dealer_id = investments.dealer_id
            and books.brand_code = investments.brand_code
    group by books.dealer_id, books.brand_code, books.month
)

-- Both margins times both revenues, so that they compare in whole numbers; what three months cost is a
-- quarter of what twelve do.
, compared as (
    select
        books.*,
        books.gross_profit_cents * books.revenue_before_cents as margin_now,
        books.gross_profit_before_cents * books.revenue_cents as margin_before,
        books.revenue_cents > 0 and books.revenue_before_cents > 0 as is_comparable,
        4 * books.liquid_funds_cents - books.fixed_expenses_cents as four_buffers,
        upfronts.upfront,
        coalesce(upfronts.open_upfront, 0) as open_upfront
    from books
    left join upfronts
        on
            books.dealer_id = upfronts.dealer_id
            and books.brand_code = upfronts.brand_code
            and books.month = upfronts.month
)

select
    dealer_id,
    brand_code,
    month,
    {{ exact_rate('gross_profit_cents', 'revenue_cents') }} as margin_rate_12m,
    case
        when is_comparable and margin_before > 0
            then {{ exact_rate('margin_now - margin_before', 'margin_before') }}
    end as margin_change_rate,
    case
        when is_comparable and margin_before > margin_now
            then {{ euros(scaled_quotient('margin_before - margin_now', 'revenue_before_cents', 0)) }}
        when is_comparable and margin_before <= margin_now then cast(0 as decimal(18, 2))
    end as margin_lost_eur,
    {{ euros('coalesce(upfront, 0)') }} as upfront_eur,
    {{ euros('open_upfront') }} as open_upfront_eur,
    {{ euros('operating_result_cents') }} as operating_result_12m_eur,
    case when operating_result_cents > 0 then {{ exact_rate('upfront * 12', 'operating_result_cents') }} end as payback_months,
    {{ euros(scaled_quotient('four_buffers', 4, 0)) }} as liquidity_buffer_eur,
    {{ exact_rate('equity_cents', 'total_assets_cents') }} as equity_ratio,
    case
        when four_buffers < 4 * open_upfront or operating_result_cents < 0 then 'HIGH'
        when operating_result_cents > 0 and upfront * 12 > 60 * operating_result_cents then 'WATCH'
        when is_comparable and margin_before > 0 and 100 * margin_now < 88 * margin_before then 'WATCH'
        else 'LOW'
    end as risk_level,
    case
        when operating_result_cents < 0 then 'RESULT_NEGATIVE'
        when four_buffers < 4 * open_upfront then 'BUFFER_BELOW_UPFRONT'
        when operating_result_cents > 0 and upfront * 12 > 60 * operating_result_cents then 'PAYBACK_OVER_60_MONTHS'
        when is_comparable and margin_before > 0 and 100 * margin_now < 88 * margin_before then 'MARGIN_FELL_OVER_12_PERCENT'
        when operating_result_cents is null or four_buffers is null then 'NOT_A_YEAR_OF_BOOKS'
    end as risk_reason
from compared
