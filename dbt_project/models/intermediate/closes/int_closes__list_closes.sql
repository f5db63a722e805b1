-- Known at a close is what was delivered by its instant and loaded by the first load after both that
-- instant and the arrival of the close itself: what is loaded later, with however old a stamp, changes
-- nothing that was posted. Until there is such a load the close is not due.
with loads as (
    select distinct loaded_at from {{ ref('stg_lake__deliveries') }}
)

, bounds as (
    select
        closes.period_month,
        closes.closed_at,
        closes.closed_by,
        min(loads.loaded_at) as first_loaded_at
    from {{ ref('stg_oem__period_closes') }} as closes
    inner join loads
        on
            closes.closed_at <= loads.loaded_at
            and closes._loaded_at <= loads.loaded_at
    where closes.closed_at <= {{ as_of() }}
    group by closes.period_month, closes.closed_at, closes.closed_by
)

select
    period_month,
    closed_at,
    closed_by,
    {{ berlin_date('closed_at') }} as closed_on,
    max(first_loaded_at) over (order by period_month) as known_loaded_at
from bounds
