{#- all versions of a member, which the newest one does not tell: few, so made anew by every run -#}
{{ config(materialized='table') }}

with pilot_members as (
    select
        pilot_id,
        dealer_id,
        arm,
        {{ lineage_columns() }}
    from {{ source('oem', 'pilot_members') }}
    where not coalesce(is_deleted, false)
)

select
    *,
    {{ berlin_date('_delivered_at') }} as delivered_on,
    lag(arm) over (
        partition by pilot_id, dealer_id order by _delivered_at, _loaded_at, _source_file
    ) as arm_before
from pilot_members
