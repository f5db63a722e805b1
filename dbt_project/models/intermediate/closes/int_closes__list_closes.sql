-- A file with an old stamp that was loaded after a close was taken changes nothing that the close said:
-- known at a close is what was loaded by the time that it, and every close before it, was known itself.
select
    period_month,
    closed_at,
    closed_by,
    {{ berlin_date('closed_at') }} as closed_on,
    max(greatest(closed_at, _loaded_at)) over (order by period_month) as known_loaded_at
from {{ ref('stg_oem__period_closes') }}
where closed_at <= {{ as_of() }}
