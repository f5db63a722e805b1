-- One typed scan per feed. Each table keeps for a while from which file a row came, whether it keeps
-- the rules of its feed, and whether it withdraws its key.

-- The clock of Berlin, without the general machinery of time zones: an hour or two ahead of UTC. The
-- hour that comes twice is the first, one that does not exist is moved forward.
create temp macro last_sunday(t) as last_day(t) - dayofweek(last_day(t))::int;
create temp macro shifted(t, hours) as make_timestamp(epoch_us(t) + 3600000000 * hours);
create temp macro berlin(t) as shifted(t, case
    when month(t) between 4 and 9 then 2
    when month(t) = 3 and t >= last_sunday(t) + interval 1 hour then 2
    when month(t) = 10 and t < last_sunday(t) + interval 1 hour then 2
    else 1
end);
create temp macro utc(t) as shifted(t, case
    when month(t) between 4 and 9 then -2
    when month(t) = 3 and t >= last_sunday(t) + interval 3 hour then -2
    when month(t) = 10 and t < last_sunday(t) + interval 3 hour then -2
    else -1
end);
create temp macro month_of(t) as date_trunc('month', t)::date;
create temp macro hours(a, b) as (date_diff('microsecond', a, b) / 3600000000)::decimal(18, 6);
create temp macro is_vin(vin) as length(vin) = 17 and not regexp_matches(vin, '[^A-HJ-NPR-Z0-9]');
create temp macro is_own(sender, dealer_id) as sender = 'dms' or sender = dealer_id;

create table fct_vehicle_event as
select
    event_id, dealer_id, brand_code, vin, event_type, event_date, month_of(event_date) as event_month,
    model_code, holder_type, customer_postal_code, list_price_eur, net_price_eur, promised_on,
    source_system, file_no, is_deleted,
    event_id is not null and coalesce(
        is_deleted or (
            is_own(sender, dealer_id) and brand_code is not null and is_vin(vin)
            and event_type in (
                'ORDER', 'INVOICE', 'DELIVERY', 'REGISTRATION', 'DEREGISTRATION', 'CANCELLATION',
                'DEMO_IN', 'DEMO_OUT'
            )
            and event_date >= date '1990-01-01' and model_code is not null
            and (holder_type is null or holder_type in ('PRIVATE', 'FLEET', 'RENTAL', 'DEALER', 'OEM'))
        ),
        false
    ) as is_good
from {dealer__vehicle_events};

-- A lead is delivered again with each step, so that many rows are superseded: they go into the file
-- only when these are gone.
create temp table lead_versions as
select
    lead_id, dealer_id, brand_code, campaign_id, channel, model_code, created_at,
    month_of(berlin(created_at)) as created_month, first_response_at,
    hours(created_at, first_response_at) as response_hours,
    coalesce(first_response_at <= created_at + interval 24 hour, false) as is_answered_in_24h,
    sold_vin, sold_vin is not null as is_sold, lost_at, file_no, is_deleted,
    lead_id is not null and coalesce(
        is_deleted or (
            is_own(sender, dealer_id) and brand_code is not null and channel is not null
            and created_at >= timestamp '1990-01-01' and (sold_vin is null or is_vin(sold_vin))
        ),
        false
    ) as is_good
from {dealer__leads};

create table fct_survey as
select
    response_id, dealer_id, brand_code, vin, survey_type, sent_at,
    month_of(berlin(sent_at)) as sent_month, answered_at,
    month_of(berlin(answered_at)) as answered_month, score, file_no, is_deleted,
    response_id is not null and coalesce(
        is_deleted or (
            is_own(sender, dealer_id) and brand_code is not null and (vin is null or is_vin(vin))
            and survey_type in ('SALES', 'SERVICE') and sent_at >= timestamp '1990-01-01'
            and (score is null or score between 0 and 10)
        ),
        false
    ) as is_good
from {dealer__surveys};

create table fct_case as
select
    case_id, dealer_id, brand_code, vin, case_type, product_category, customer_postal_code, opened_at,
    month_of(berlin(opened_at)) as opened_month, first_assigned_at, resolved_at,
    month_of(berlin(resolved_at)) as resolved_month,
    hours(opened_at, first_assigned_at) as hours_to_assignment,
    hours(opened_at, resolved_at) as hours_to_resolution,
    reassign_count, reopened_count,
    claimed_amount_eur, approved_amount_eur, file_no, is_deleted,
    case_id is not null and coalesce(
        is_deleted or (
            is_own(sender, dealer_id) and brand_code is not null and (vin is null or is_vin(vin))
            and case_type in ('WARRANTY', 'COMPLAINT', 'SERVICE_REQUEST')
            and product_category is not null and customer_postal_code is not null
            and opened_at >= timestamp '1990-01-01'
        ),
        false
    ) as is_good
from {dealer__cases};

create table fct_stock as
select
    dealer_id, snapshot_date, month_of(snapshot_date) as snapshot_month, vin, brand_code, model_code,
    stock_status, in_stock_since, date_diff('day', in_stock_since, snapshot_date) as stock_age_days,
    file_no, is_deleted,
    coalesce(
        snapshot_date >= date '1990-01-01' and is_vin(vin) and is_own(sender, dealer_id) and (
            is_deleted or (
                brand_code is not null and model_code is not null
                and stock_status in ('IN_STOCK', 'IN_TRANSIT', 'DEMO')
            )
        ),
        false
    ) as is_good
from {dealer__stock};

create table fct_dealer_financials as
select
    dealer_id, brand_code, month_of(fiscal_month) as fiscal_month, new_vehicle_revenue_eur,
    new_vehicle_gross_profit_eur, used_vehicle_revenue_eur, used_vehicle_gross_profit_eur,
    service_revenue_eur, service_gross_profit_eur, fixed_expenses_eur, operating_result_eur,
    equity_eur, total_assets_eur, liquid_funds_eur, file_no, is_deleted,
    coalesce(
        is_own(sender, dealer_id) and brand_code is not null
        and fiscal_month >= date '1990-01-01'
        and (
            is_deleted or not (
                new_vehicle_revenue_eur is null or new_vehicle_gross_profit_eur is null
                or used_vehicle_revenue_eur is null or used_vehicle_gross_profit_eur is null
                or service_revenue_eur is null or service_gross_profit_eur is null
                or fixed_expenses_eur is null or operating_result_eur is null or equity_eur is null
                or total_assets_eur is null or liquid_funds_eur is null
            )
        ),
        false
    ) as is_good
from {dealer__financials};

create table fct_market_registration as
select
    month_of(registration_month) as registration_month, district_code, brand_code, segment_code,
    powertrain_code, holder_type, units, file_no, is_deleted,
    coalesce(
        registration_month >= date '1990-01-01' and length(district_code) = 5
        and brand_code is not null and segment_code is not null and powertrain_code is not null
        and holder_type in ('PRIVATE', 'FLEET', 'RENTAL', 'DEALER', 'OEM')
        and (is_deleted or units >= 0),
        false
    ) as is_good
from {market__registrations};

create temp table kpi_weights as
select
    brand_code, kpi_code, version, valid_from, valid_to, weight, floor_rate, cap_rate, min_sample,
    missing_policy, file_no, is_deleted, true as is_good
from {oem__kpi_weights};

create temp table kpi_targets as
select
    dealer_id, brand_code, kpi_code, target_month, target_value, file_no, is_deleted, true as is_good
from {oem__kpi_targets};

create temp table territories as
select
    dealer_id, brand_code, district_code, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to
from {oem__territories};

create temp table dealers as
select
    dealer_id, brand_code, dealer_name, group_id, contract_model, peer_group, is_top_partner,
    postal_code, district_code, opened_on, closed_on
from {oem__dealers};

create table dim_vehicle_model as
select
    model_code, brand_code, model_name, segment_code, powertrain_code,
    powertrain_code = 'BEV' as is_battery_electric, list_price_eur, max_discount_rate
from {oem__vehicle_models};

create table dim_district as
select
    district_code,
    min_by(district_name, postal_code) as district_name,
    min_by(state_code, postal_code) as state_code,
    min_by(nuts3_code, postal_code) filter (where nuts3_code is not null) as nuts3_code,
    min_by(population, postal_code) filter (where population is not null) as population,
    count(*) as postal_code_count
from {oem__postal_areas}
group by district_code;
