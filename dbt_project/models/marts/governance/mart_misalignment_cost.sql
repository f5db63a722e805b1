with parameters as (
    select
        max(case when parameter_code = 'HOURLY_RATE_EUR' then value end) as hourly_rate,
        max(case when parameter_code = 'MISROUTING_COST_EUR' then value end) as misrouting_cost,
        max(case when parameter_code = 'LATE_ANSWER_HOURS' then value end) as late_hours
    from {{ ref('governance_parameters') }}
)

-- How long each case has waited beyond its service level, so far where it is open; without one it has not.
, cases as (
    select
        routing.received_by_dealer_id as dealer_id,
        routing.brand_code,
        cast(extract(year from routing.opened_month) as bigint) as year,
        routing.was_misrouted,
        coalesce(
            greatest(
                {{ microseconds_between('routing.opened_at', 'least(routing.resolved_at, ' ~ as_of() ~ ')') }}
                - service_levels.target_hours * 3600000000,
                0
            ),
            0
        ) as waiting_us
    from {{ ref('mart_case_routing') }} as routing
    left join {{ ref('stg_oem__service_levels') }} as service_levels
        on
            routing.brand_code = service_levels.brand_code
            and routing.case_type = service_levels.case_type
            and not service_levels.is_deleted
)

, case_sums as (
    select
        dealer_id,
        brand_code,
        year,
        sum(case when waiting_us > 0 then waiting_us else 0 end) as waiting_us,
        count(case when was_misrouted then 1 end) as misrouted_cases
    from cases
    group by dealer_id, brand_code, year
)

-- What was never answered is late once it is older than that.
, leads as (
    select
        leads.dealer_id,
        leads.brand_code,
        cast(extract(year from leads.created_month) as bigint) as year,
        leads.is_sold,
        leads.first_response_at is not null as is_answered,
        {{ whole(microseconds_between('leads.created_at', 'coalesce(leads.first_response_at, ' ~ as_of() ~ ')')) }} * 1000000
        > {{ millionths('parameters.late_hours') }} * 3600000000 as is_late
    from {{ ref('fct_lead') }} as leads
    cross join parameters
)

, lead_sums as (
    select
        dealer_id,
        brand_code,
        year,
        count(case when is_late and not is_sold then 1 end) as late_leads,
        count(case when is_answered and not is_late then 1 end) as fast_leads,
        count(case when is_answered and not is_late and is_sold then 1 end) as fast_sold_leads
    from leads
    group by dealer_id, brand_code, year
)

, profits as (
    select
        dealer_id,
        brand_code,
        cast(extract(year from fiscal_month) as bigint) as year,
        sum({{ cents('new_vehicle_gross_profit_eur') }}) as gross_profit
    from {{ ref('fct_dealer_financials') }}
    group by dealer_id, brand_code, extract(year from fiscal_month)
)

, invoices as (
    select
        dealer_id,
        brand_code,
        cast(extract(year from invoice_month) as bigint) as year,
        count(*) as invoiced_units
    from {{ ref('fct_invoice') }}
    where not is_cancelled
    group by dealer_id, brand_code, extract(year from invoice_month)
)

, years as (
    select dealer_id, brand_code, year from case_sums
    union
    select dealer_id, brand_code, year from lead_sums
)

, factors as (
    select
        years.dealer_id,
        years.brand_code,
        years.year,
        coalesce(case_sums.waiting_us, 0) as waiting_us,
        coalesce(case_sums.misrouted_cases, 0) as misrouted_cases,
        coalesce(lead_sums.late_leads, 0) as late_leads,
        coalesce(lead_sums.fast_leads, 0) as fast_leads,
        coalesce(lead_sums.fast_sold_leads, 0) as fast_sold_leads,
        profits.gross_profit,
        coalesce(invoices.invoiced_units, 0) as invoiced_units,
        parameters.hourly_rate,
        parameters.misrouting_cost
    from years
    {{ semi_join() }} {{ ref('dim_dealer') }} as dealers
        on years.dealer_id = dealers.dealer_id and years.brand_code = dealers.brand_code
    cross join parameters
    left join case_sums
        on {{ same_key('years', 'case_sums', ['dealer_id', 'brand_code', 'year']) }}
    left join lead_sums
        on {{ same_key('years', 'lead_sums', ['dealer_id', 'brand_code', 'year']) }}
    left join profits
        on {{ same_key('years', 'profits', ['dealer_id', 'brand_code', 'year']) }}
    left join invoices
        on {{ same_key('years', 'invoices', ['dealer_id', 'brand_code', 'year']) }}
)

-- Whole numbers to divide: of hours, of lost leads times closing rate times profit, of cases.
, products as (
    select
        *,
        {{ whole('waiting_us') }} * {{ millionths('hourly_rate') }} as waiting_product,
        {{ whole('late_leads') }} * fast_sold_leads * greatest(gross_profit, 0) as lost_lead_product,
        {{ whole('fast_leads') }} * invoiced_units as lost_lead_divisor,
        {{ whole('misrouted_cases') }} * {{ millionths('misrouting_cost') }} as misrouting_product
    from factors
)

, costs as (
    select
        *,
        coalesce({{ scaled_quotient('waiting_product', 36 * 10 ** 12, 0) }}, 0) as waiting_cents,
        coalesce({{ scaled_quotient('lost_lead_product', 'lost_lead_divisor', 0) }}, 0) as lost_lead_cents,
        coalesce({{ scaled_quotient('misrouting_product', 10 ** 4, 0) }}, 0) as misrouting_cents
    from products
)

select
    dealer_id,
    brand_code,
    year,
    {{ exact_rate('waiting_us', '3600000000') }} as waiting_hours,
    cast(hourly_rate as decimal(18, 2)) as hourly_rate_eur,
    {{ euros('waiting_cents') }} as waiting_cost_eur,
    late_leads,
    fast_leads,
    fast_sold_leads,
    {{ exact_rate('fast_sold_leads', 'fast_leads') }} as closing_rate,
    {{ euros('gross_profit') }} as gross_profit_eur,
    invoiced_units,
    {{ euros('lost_lead_cents') }} as lost_lead_cost_eur,
    misrouted_cases,
    cast(misrouting_cost as decimal(18, 2)) as misrouting_unit_cost_eur,
    {{ euros('misrouting_cents') }} as misrouting_cost_eur,
    {{ euros('waiting_cents + lost_lead_cents + misrouting_cents') }} as total_cost_eur
from costs
