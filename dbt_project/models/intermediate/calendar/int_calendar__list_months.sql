with known as (
    select min(event_month) as first_month, max(event_month) as last_month
    from {{ ref('stg_dealer__vehicle_events') }} where not is_deleted
    union all
    select min(created_month), max(created_month) from {{ ref('stg_dealer__leads') }} where not is_deleted
    union all
    select min(sent_month), max(sent_month) from {{ ref('stg_dealer__surveys') }} where not is_deleted
    union all
    select min(opened_month), max(opened_month) from {{ ref('stg_dealer__cases') }} where not is_deleted
    union all
    select min(fiscal_month), max(fiscal_month) from {{ ref('stg_dealer__financials') }} where not is_deleted
    union all
    select min(snapshot_month), max(snapshot_month) from {{ ref('stg_dealer__stock') }} where not is_deleted
    union all
    select min(registration_month), max(registration_month)
    from {{ ref('stg_market__registrations') }} where not is_deleted
    union all
    select min(registration_month), max(registration_month) from {{ ref('stg_kba__fz10') }} where not is_deleted
)

, span as (
    select min(first_month) as first_month, max(last_month) as last_month from known
)

select {{ each_month('first_month', 'last_month') }} as month
from span
where first_month is not null
