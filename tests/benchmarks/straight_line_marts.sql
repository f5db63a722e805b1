-- From facts to marts: dimensions, the registration and invoice of each vehicle, the KPIs, the score.
-- Rates are DOUBLE until they are stored: rounded half up, so what lies a hair below a half is one.

create temp macro rate(x) as try_cast(round(x + sign(x) * 1e-12, 6) as decimal(18, 6));
create table fct_lead as from lead_versions;
drop table lead_versions;

create temp macro newest_month() as (
    select max(m) from (
        select max(event_month) as m from fct_vehicle_event
        union all select max(created_month) from fct_lead
        union all select max(sent_month) from fct_survey
        union all select max(opened_month) from fct_case
        union all select max(fiscal_month) from fct_dealer_financials
        union all select max(snapshot_month) from fct_stock
        union all select max(registration_month) from fct_market_registration
    )
);
create temp macro oldest_month() as (
    select min(m) from (
        select min(event_month) as m from fct_vehicle_event
        union all select min(created_month) from fct_lead
        union all select min(sent_month) from fct_survey
        union all select min(opened_month) from fct_case
        union all select min(fiscal_month) from fct_dealer_financials
        union all select min(snapshot_month) from fct_stock
        union all select min(registration_month) from fct_market_registration
    )
);

-- -- dimensions ---------------------------------------------------------------------------------

create table dim_month as
select
    month, last_day(month) as month_end, day(last_day(month)) as days_count,
    date_trunc('quarter', month)::date as quarter_start, year(month) as calendar_year
from (
    select unnest(generate_series(oldest_month(), newest_month(), interval 1 month))::date as month
);

create table dim_day as
select
    day, date_trunc('week', day)::date as week_start, isoyear(day) as iso_year, week(day) as iso_week,
    date_trunc('month', day)::date as month
from (
    select unnest(generate_series(min(month), max(month_end), interval 1 day))::date as day
    from dim_month
);

create table dim_dealer as
select
    dealer_id, brand_code, dealer_name, group_id, contract_model, peer_group, is_top_partner,
    postal_code, district_code, opened_on, closed_on,
    coalesce(territory_district_count, 0) as territory_district_count, territory_population
from dealers
left join (
    select
        dealer_id, brand_code,
        count(*) as territory_district_count,
        sum(population)::bigint as territory_population
    from (
        select distinct dealer_id, brand_code, district_code
        from territories
        where (select max(delivered_on) from files where feed = 'oem__territories')
            between valid_from and valid_to
    )
    left join dim_district using (district_code)
    group by dealer_id, brand_code
) using (dealer_id, brand_code);

create table dim_kpi as
select kpi_code, name_en, name_de, unit, direction, owner_side, formula, min_sample_basis
from kpi_catalog;

-- -- registrations and invoices -----------------------------------------------------------------

create temp table cancellations as
select dealer_id, vin, max(event_date) as last_cancelled_on
from fct_vehicle_event
where event_type = 'CANCELLATION'
group by dealer_id, vin;

create table fct_invoice as
select
    event_id, dealer_id, brand_code, vin, model_code, event_date as invoice_date,
    event_month as invoice_month, holder_type, customer_postal_code, list_price_eur, net_price_eur,
    net_price_eur is not null as has_net_price,
    coalesce(last_cancelled_on >= event_date, false) as is_cancelled
from fct_vehicle_event
left join cancellations using (dealer_id, vin)
where event_type = 'INVOICE';

-- Letters of a VIN have the values of their digits; the weighted sum modulo 11 is the ninth place.
create temp macro check_digit_sum(number) as
    8 * (number // 10000000000000000 % 10) + 7 * (number // 1000000000000000 % 10)
    + 6 * (number // 100000000000000 % 10) + 5 * (number // 10000000000000 % 10)
    + 4 * (number // 1000000000000 % 10) + 3 * (number // 100000000000 % 10)
    + 2 * (number // 10000000000 % 10) + 10 * (number // 1000000000 % 10)
    + 9 * (number // 10000000 % 10) + 8 * (number // 1000000 % 10) + 7 * (number // 100000 % 10)
    + 6 * (number // 10000 % 10) + 5 * (number // 1000 % 10) + 4 * (number // 100 % 10)
    + 3 * (number // 10 % 10) + 2 * (number % 10);

create table fct_registration as
-- Few VINs are registered more than once: only those are sorted.
with again as (
    select hash(vin) as vin_hash
    from fct_vehicle_event
    where event_type = 'REGISTRATION'
    group by all
    having count(*) > 1
)

, judged as (
    select
        events.*,
        coalesce(last_cancelled_on >= event_date, false) as is_cancelled,
        coalesce(holder_type in ('DEALER', 'OEM'), false) as is_self_registration
    from fct_vehicle_event as events
    left join cancellations using (dealer_id, vin)
    where event_type = 'REGISTRATION'
)

, first_of_vin as (
    select * from judged anti join again on hash(vin) = vin_hash
    union all
    select * from judged semi join again on hash(vin) = vin_hash
    qualify row_number() over (partition by vin order by is_cancelled, event_date, event_id) = 1
)

select
    vin, dealer_id, first_of_vin.brand_code, model_code, segment_code, powertrain_code,
    event_date as registration_date, event_month as registration_month, event_id, holder_type,
    customer_postal_code,
    not (is_self_registration or is_cancelled) as is_counted,
    case when is_self_registration then 'SELF_REGISTRATION' when is_cancelled then 'CANCELLED' end
        as not_counted_reason,
    coalesce(
        check_digit_sum(
            translate(vin, 'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789')::bigint
        ) % 11 = if(vin[9] = 'X', 10, try_cast(vin[9] as int)),
        false
    ) as is_vin_check_digit_valid
from first_of_vin
left join dim_vehicle_model using (model_code);

-- -- by month -----------------------------------------------------------------------------------

create temp table revenue as
select
    dealer_id, invoices.brand_code, segment_code, invoice_month,
    coalesce(sum(net_price_eur), 0)::decimal(18, 2) as net_revenue_eur, count(*) as invoiced_units
from fct_invoice as invoices
left join dim_vehicle_model using (model_code)
where not is_cancelled
group by all;

create temp table counted as
select
    dealer_id, brand_code, segment_code, powertrain_code, registration_month,
    count(*) as counted_registrations
from fct_registration
where is_counted
group by all;

create temp table market as
select registration_month, district_code, segment_code, brand_code, sum(units) as units
from fct_market_registration
group by all;

create temp table network as
select
    *, sum(brand_units) over (partition by registration_month, segment_code) as market_units
from (
    select registration_month, segment_code, brand_code, sum(units) as brand_units
    from market
    group by all
);

-- Each dealer's territory against the market; the network's share of each segment beside it.
create temp table territory_market as
select
    territory.dealer_id, territory.brand_code, segment_code, registration_month,
    sum(units) as market_units,
    coalesce(sum(units) filter (where market.brand_code = territory.brand_code), 0) as brand_units
from (
    select distinct dealer_id, brand_code, district_code, month as registration_month
    from territories
    join dim_month on month_end between valid_from and valid_to
) as territory
semi join dim_dealer using (dealer_id, brand_code)
join market using (registration_month, district_code)
group by all
having sum(units) > 0;

create table mart_market_penetration as
with units as (
    select
        dealer_id, brand_code, segment_code, registration_month,
        coalesce(brand_units, 0) as brand_units, coalesce(market_units, 0) as market_units,
        coalesce(counted_registrations, 0) as counted_registrations
    from territory_market
    full join (
        select dealer_id, brand_code, segment_code, registration_month,
            sum(counted_registrations) as counted_registrations
        from counted
        semi join dim_dealer using (dealer_id, brand_code)
        where segment_code is not null
        group by all
    ) using (dealer_id, brand_code, segment_code, registration_month)
)

, shares as (
    select
        units.*,
        case when segments.market_units > 0 then coalesce(network.brand_units, 0) end
            / segments.market_units as network_penetration
    from units
    left join (
        select distinct registration_month, segment_code, market_units from network
    ) as segments using (registration_month, segment_code)
    left join network using (registration_month, segment_code, brand_code)
)

select
    dealer_id, brand_code, segment_code, registration_month, brand_units::bigint as brand_units,
    market_units::bigint as market_units,
    rate(brand_units / nullif(market_units, 0)) as penetration,
    rate(network_penetration) as network_penetration,
    coalesce(rate(network_penetration * market_units), 0) as expected_units,
    counted_registrations::bigint as counted_registrations,
    rate(counted_registrations / nullif(network_penetration * market_units, 0))
        as sales_effectiveness
from shares;

create table mart_segment_growth as
with revenues as (
    select * from revenue semi join dim_dealer using (dealer_id, brand_code)
    where segment_code is not null
)

select
    dealer_id, brand_code, segment_code, revenue_month,
    coalesce(now.net_revenue_eur, 0)::decimal(18, 2) as net_revenue_eur,
    coalesce(now.invoiced_units, 0) as invoiced_units,
    coalesce(before.net_revenue_eur, 0)::decimal(18, 2) as prior_year_net_revenue_eur,
    coalesce(before.invoiced_units, 0) as prior_year_invoiced_units,
    rate(
        (coalesce(now.net_revenue_eur, 0) - before.net_revenue_eur)::double
        / nullif(before.net_revenue_eur, 0)
    ) as growth_rate
from (select *, invoice_month as revenue_month from revenues) as now
full join (
    select *, (invoice_month + interval 12 month)::date as revenue_month from revenues
) as before using (dealer_id, brand_code, segment_code, revenue_month)
where revenue_month <= newest_month() and revenue_month <= current_date;

create table mart_national_market(
    brand_name varchar, registration_month date, units bigint, bev_units bigint, market_units bigint,
    market_share decimal(18, 6), bev_share decimal(18, 6), prior_year_units bigint,
    growth_rate decimal(18, 6)
);

-- -- the KPIs: what each is of, by dealer, brand and month -----------------------------------------

-- Months from a dealer's first to his last with any data, while he is open at their end.
create temp table dealer_months as
with known as (
    select dealer_id, brand_code, event_month as month from fct_vehicle_event group by all
    union all select dealer_id, brand_code, created_month from fct_lead group by all
    union all select dealer_id, brand_code, sent_month from fct_survey group by all
    union all
    select dealer_id, brand_code, answered_month from fct_survey
    where answered_month is not null group by all
    union all select dealer_id, brand_code, opened_month from fct_case group by all
    union all
    select dealer_id, brand_code, resolved_month from fct_case
    where resolved_month is not null group by all
    union all select dealer_id, brand_code, fiscal_month from fct_dealer_financials
    union all select dealer_id, brand_code, snapshot_month from fct_stock group by all
)

select dealer_id, brand_code, peer_group, score_month, last_day(score_month) as month_end
from (
    select
        dealer_id, brand_code,
        unnest(generate_series(min(month), max(month), interval 1 month))::date as score_month
    from known
    group by dealer_id, brand_code
)
join dim_dealer using (dealer_id, brand_code)
where
    opened_on <= last_day(score_month)
    and (closed_on is null or closed_on >= last_day(score_month))
    and score_month <= current_date;

create temp table kpi_values(
    kpi_code varchar, dealer_id varchar, brand_code varchar, score_month date, actual double, n double
);

-- Of months on their own.
insert into kpi_values
with surveys as (
    select
        dealer_id, brand_code, answered_month as month, count(*) as n, avg(score) as mean,
        count(*) filter (where score >= 9) - count(*) filter (where score <= 6) as promoters
    from fct_survey
    where answered_month is not null and score is not null
    group by all
)

, leads as (
    select
        dealer_id, brand_code, created_month as month, count(*) as n,
        count(*) filter (where is_sold) as sold,
        count(*) filter (where is_answered_in_24h) as answered
    from fct_lead
    group by all
)

, territory as (
    select
        dealer_id, brand_code, registration_month as month, sum(brand_units) as brand_units,
        sum(market_units) as market_units
    from territory_market
    group by all
)

, expected as (
    select
        dealer_id, brand_code, registration_month as month,
        sum(territory_market.market_units * network.brand_units / network.market_units) as units
    from territory_market
    join network using (registration_month, segment_code, brand_code)
    group by all
)

, registrations as (
    select
        dealer_id, brand_code, registration_month as month,
        sum(counted_registrations) as all_units,
        sum(counted_registrations) filter (where powertrain_code is not null) as known_units,
        coalesce(sum(counted_registrations) filter (where powertrain_code = 'BEV'), 0) as bev_units
    from counted
    group by all
)

, invoices as (
    select
        dealer_id, fct_invoice.brand_code, invoice_month as month, count(*) as n,
        count(*) filter (
            where fct_invoice.list_price_eur - net_price_eur
                <= max_discount_rate * fct_invoice.list_price_eur
        ) as consistent
    from fct_invoice
    join dim_vehicle_model using (model_code)
    where not is_cancelled and fct_invoice.list_price_eur > 0 and net_price_eur is not null
    group by all
)

, deliveries as (
    select
        upper(sender) as dealer_id, date_trunc('month', delivered_on)::date as month,
        sum(accepted) as accepted, sum(delivered) as delivered
    from file_rows
    join files using (file_no)
    where sender not in ('dms', 'market', 'oem')
    group by all
)

, cases as (
    select
        dealer_id, brand_code, resolved_month as month, count(*) as n,
        median(date_diff('microsecond', opened_at, resolved_at)) / 3600000000 as hours
    from fct_case
    where resolved_at >= opened_at
    group by all
)

select 'CSI', dealer_id, brand_code, month, mean * 10, n from surveys
union all select 'NPS', dealer_id, brand_code, month, 100 * promoters / n, n from surveys
union all
select 'MARKET_PENETRATION', dealer_id, brand_code, month, brand_units / market_units, market_units
from territory
union all
select
    'SALES_EFFECTIVENESS', dealer_id, brand_code, month, coalesce(all_units, 0) / units, units
from expected
left join registrations using (dealer_id, brand_code, month)
where units > 0
union all
select 'EV_SHARE', dealer_id, brand_code, month, bev_units / known_units, known_units
from registrations where known_units > 0
union all select 'CLOSING_RATE', dealer_id, brand_code, month, sold / n, n from leads
union all select 'LEAD_RESPONSE_24H', dealer_id, brand_code, month, answered / n, n from leads
union all
select
    'RETURN_ON_SALES', dealer_id, brand_code, fiscal_month,
    operating_result_eur::double
    / nullif(new_vehicle_revenue_eur + used_vehicle_revenue_eur + service_revenue_eur, 0),
    1
from fct_dealer_financials
union all
select
    'SERVICE_ABSORPTION', dealer_id, brand_code, fiscal_month,
    service_gross_profit_eur::double / nullif(fixed_expenses_eur, 0), 1
from fct_dealer_financials
union all select 'BRAND_CONSISTENCY', dealer_id, brand_code, month, consistent / n, n from invoices
union all
select 'DATA_QUALITY', dealer_id, brand_code, month, accepted / nullif(delivered, 0), delivered
from deliveries join dim_dealer using (dealer_id)
union all select 'CASE_CYCLE_HOURS', dealer_id, brand_code, month, hours, n from cases;

-- Of three months, and of the same three months a year earlier.
insert into kpi_values
with sums as (
    select
        dealer_id, brand_code, invoice_month as month, sum(net_revenue_eur) as net_revenue_eur,
        sum(invoiced_units) as units
    from revenue
    group by all
)

, windows as (
    select
        dealer_id, brand_code, score_month,
        sum(net_revenue_eur) filter (where offset_months < 3) as revenue,
        sum(net_revenue_eur) filter (where offset_months >= 12) as year_earlier,
        sum(units) as units
    from dealer_months
    cross join unnest([0, 1, 2, 12, 13, 14]) as offsets(offset_months)
    join sums
        using (dealer_id, brand_code)
    where sums.month = score_month - to_months(offset_months)
    group by all
)

select
    'REVENUE_GROWTH', dealer_id, brand_code, score_month,
    (coalesce(revenue, 0) - year_earlier)::double / nullif(year_earlier, 0), units
from windows;

insert into kpi_values
with last_snapshots as (
    select dealer_id, snapshot_month as month, max(snapshot_date) as snapshot_date
    from fct_stock
    group by all
)

, in_stock as (
    select dealer_id, brand_code, snapshot_month as month, count(*) as units
    from fct_stock
    semi join last_snapshots using (dealer_id, snapshot_date)
    where stock_status = 'IN_STOCK'
    group by all
)

, registrations as (
    select
        dealer_id, brand_code, score_month as month, sum(counted_registrations) as units,
        month_end - (score_month - interval 2 month)::date + 1 as days
    from dealer_months
    join counted using (dealer_id, brand_code)
    where registration_month between score_month - interval 2 month and score_month
    group by all
)

select
    'STOCK_DAYS', dealer_id, brand_code, month,
    if(snapshot_date is not null, coalesce(in_stock.units, 0) * days / registrations.units, null),
    registrations.units
from registrations
left join last_snapshots using (dealer_id, month)
left join in_stock using (dealer_id, brand_code, month);

-- -- attainment and score --------------------------------------------------------------------------

create temp table attained as
with in_force as (
    select brand_code, score_month, max(version) as version
    from (select distinct brand_code, score_month, month_end from dealer_months)
    join kpi_weights using (brand_code)
    where month_end between valid_from and coalesce(valid_to, date '9999-12-31')
    group by all
)

, measured as (
    select
        months.dealer_id, months.brand_code, months.score_month, months.peer_group,
        weights.kpi_code, weights.version, weights.weight::double as weight,
        weights.floor_rate::double as floor_rate, weights.cap_rate::double as cap_rate,
        weights.min_sample, weights.missing_policy, owner_side, actual, coalesce(n, 0) as n, target_value,
        case
            when target_value is null or target_value <= 0 then 'NO_TARGET'
            when actual is null then 'NO_DATA'
            when coalesce(n, 0) < weights.min_sample then 'SMALL_SAMPLE'
        end as missing_reason,
        case
            when missing_reason is not null then null
            when direction = 'HIGHER' then actual / target_value
            when actual = 0 then cap_rate
            else target_value / actual
        end as attainment
    from dealer_months as months
    join in_force using (brand_code, score_month)
    join kpi_weights as weights using (brand_code, version)
    left join dim_kpi using (kpi_code)
    left join kpi_values using (dealer_id, brand_code, score_month, kpi_code)
    left join kpi_targets
        on months.dealer_id = kpi_targets.dealer_id and months.brand_code = kpi_targets.brand_code
        and months.score_month = kpi_targets.target_month
        and weights.kpi_code = kpi_targets.kpi_code
    where weights.weight > 0
)

select *, least(greatest(attainment, floor_rate), cap_rate) as clipped from measured;

create table mart_partner_scorecard_kpi as
select
    dealer_id, brand_code, score_month, kpi_code, version as weights_version,
    rate(actual) as actual_value, round(n)::bigint as sample_count, target_value,
    rate(attainment) as attainment,
    if(attainment is null, null, rate(clipped)) as clipped_attainment, rate(weight) as weight,
    case
        when attainment is not null then rate(weight * clipped)
        when missing_policy = 'ZERO' then 0
    end::decimal(18, 6) as points,
    if(missing_reason is null, 'SCORED', 'MISSING') as status, missing_reason, missing_policy,
    rate(floor_rate) as floor_rate, rate(cap_rate) as cap_rate, min_sample
from attained;

create table mart_partner_scorecard as
with sums as (
    select
        dealer_id, brand_code, score_month, peer_group, version as weights_version,
        rate(
            100 * coalesce(sum(weight * clipped) filter (where missing_reason is null), 0)
            / sum(weight) filter (where missing_reason is null or missing_policy = 'ZERO')
        ) as score,
        count(*) as kpi_count,
        count(missing_reason) as missing_count,
        sum(weight * clipped) filter (where owner_side = 'OEM' and missing_reason is null)
            / sum(weight) filter (where owner_side = 'OEM' and missing_reason is null) as oem,
        sum(weight * clipped) filter (where owner_side = 'PARTNER' and missing_reason is null)
            / sum(weight) filter (where owner_side = 'PARTNER' and missing_reason is null) as partner,
        sum(weight * clipped) filter (where owner_side = 'SHARED' and missing_reason is null)
            / sum(weight) filter (where owner_side = 'SHARED' and missing_reason is null) as shared
    from attained
    group by all
)

select
    now.dealer_id, now.brand_code, now.score_month, now.peer_group, now.weights_version, now.score,
    if(
        now.score is null, null,
        dense_rank() over (
            partition by now.brand_code, now.peer_group, now.score_month
            order by now.score desc nulls last
        )
    ) as score_rank,
    count(now.score) over (partition by now.brand_code, now.peer_group, now.score_month)
        as peer_count,
    (now.score - before.score)::decimal(18, 6) as score_change,
    now.kpi_count, now.missing_count, rate(now.oem) as oem_side_attainment,
    rate(now.partner) as partner_side_attainment, rate(now.shared) as shared_attainment,
    rate(abs(now.oem - now.partner)) as goal_divergence,
    round(abs(now.oem - now.partner), 12) > 0.2 as is_diverging
from sums as now
left join sums as before
    on now.dealer_id = before.dealer_id and now.brand_code = before.brand_code
    and now.score_month = before.score_month + interval 1 month;
