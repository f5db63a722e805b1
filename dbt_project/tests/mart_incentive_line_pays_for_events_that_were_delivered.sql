-- A line of an open period is for an event that stands as it says. A settled one may be for an event that
-- was corrected since: the next close adjusts it.
{{ config(meta={'dagster': {'ref': {'name': 'mart_incentive_line'}}}) }}

select
    lines.line_id,
    lines.dealer_id,
    lines.event_id,
    lines.vin
from (
    select * from {{ ref('mart_incentive_line') }}
    where status = 'OPEN' and event_id is not null
) as lines
{{ anti_join() }} {{ ref('fct_vehicle_event') }} as events
    on
        events.event_id = lines.event_id
        and events.dealer_id = lines.dealer_id
        and events.vin = lines.vin
        and events.event_date = lines.event_date
