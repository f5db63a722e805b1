with assessments as (
    select
        dealer_id,
        criterion_code,
        is_met,
        assessed_on as known_from,
        {{ days_later(
            'lead(assessed_on) over (partition by dealer_id, criterion_code order by assessed_on)', -1
        ) }} as known_to
    from {{ ref('stg_dealer__it_assessments') }}
    where not is_deleted
)

-- Who was never assessed is unknown, not unready: a dealer's months begin with his first assessment.
, spans as (
    select
        dealer_id,
        {{ month_of('min(known_from)') }} as first_month,
        {{ month_of(today()) }} as last_month
    from assessments
    group by dealer_id
    having min(known_from) <= last_day({{ today() }})
)

, dealer_months as (
    select dealer_id, {{ each_month('first_month', 'last_month') }} as month from spans
)

, months as (
    select dealer_id, month, last_day(month) as month_end from dealer_months
)

, open_months as (
    select distinct
        months.dealer_id,
        months.month,
        months.month_end
    from months
    inner join {{ ref('dim_dealer') }} as dealers
        on
            months.dealer_id = dealers.dealer_id
            and {{ holds_on('months.month_end', 'dealers.opened_on', 'dealers.closed_on') }}
)

, asked as (
    select
        open_months.dealer_id,
        open_months.month,
        criteria.criterion_code,
        coalesce(assessments.is_met, false) as is_met
    from open_months
    inner join {{ ref('stg_oem__it_criteria') }} as criteria
        on open_months.month_end >= criteria.valid_from
    left join assessments
        on
            open_months.dealer_id = assessments.dealer_id
            and criteria.criterion_code = assessments.criterion_code
            and {{ holds_on('open_months.month_end', 'assessments.known_from', 'assessments.known_to') }}
    where
        criteria.is_mandatory
        and not criteria.is_deleted
)

, missing as (
    select dealer_id, month, {{ sorted_words('criterion_code') }} as missing_criteria
    from asked
    where not is_met
    group by dealer_id, month
)

, counted as (
    select
        dealer_id,
        month,
        count(*) as mandatory_criteria,
        count(case when is_met then 1 end) as met_criteria
    from asked
    group by dealer_id, month
)

select
    counted.dealer_id,
    counted.month,
    counted.mandatory_criteria,
    counted.met_criteria,
    coalesce(missing.missing_criteria, '') as missing_criteria
from counted
left join missing
    on counted.dealer_id = missing.dealer_id and counted.month = missing.month
