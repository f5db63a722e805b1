with market_months as (
    select registration_month, row_number() over (order by registration_month desc) as newest
    from (select distinct registration_month from {{ ref('fct_market_registration') }}) as months
)

, newest_year as (
    select min(registration_month) as first_month, max(registration_month) as last_month
    from market_months
    where newest <= 12
)

, budgets as (
    select
        'BRAND_POSITIONING_COST' as budget_code,
        cast(null as {{ text_type() }}) as brand_code,
        cast(value as decimal(18, 2)) as budget_eur,
        cast(null as date) as start_month
    from {{ ref('benchmark_claims') }}
    where claim_code = 'BRAND_POSITIONING_COST'
    union all
    -- a campaign that takes the name of the claim would be added to it
    select
        campaign_id,
        brand_code,
        budget_eur,
        {{ month_of('starts_on') }}
    from {{ ref('stg_oem__brand_campaigns') }}
    where
        not is_deleted
        and campaign_id <> 'BRAND_POSITIONING_COST'
)

-- Campaigns go by the twelve months before them, as far as the market of these is known.
, known_years as (
    select distinct budgets.budget_code
    from budgets
    inner join market_months
        on
            market_months.registration_month >= {{ months_later('budgets.start_month', -12) }}
            and market_months.registration_month < budgets.start_month
)

select
    budgets.budget_code,
    budgets.brand_code,
    budgets.budget_eur,
    case
        when known_years.budget_code is not null then {{ months_later('budgets.start_month', -12) }}
        else newest_year.first_month
    end as first_month,
    case
        when known_years.budget_code is not null then {{ months_later('budgets.start_month', -1) }}
        else newest_year.last_month
    end as last_month
from budgets
cross join newest_year
left join known_years
    on budgets.budget_code = known_years.budget_code
where newest_year.first_month is not null
