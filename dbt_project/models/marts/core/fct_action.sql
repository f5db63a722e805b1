{{ config(materialized='table') }}

-- An action belongs to the dealer and brand of its meeting; without the meeting it is nobody's.
select
    actions.action_id,
    meetings.dealer_id,
    meetings.brand_code,
    actions.owner,
    actions.title,
    actions.raised_on,
    actions.decided_on,
    actions.due_on,
    actions.done_on
from {{ ref('stg_dealer__actions') }} as actions
inner join {{ ref('stg_dealer__meetings') }} as meetings
    on actions.meeting_id = meetings.meeting_id
where
    not actions.is_deleted
    and not meetings.is_deleted
