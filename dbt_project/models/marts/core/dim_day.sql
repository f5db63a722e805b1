{{ config(materialized='table') }}

with days as (
    select {{ each_day('month', 'last_day(month)') }} as day
    from {{ ref('int_calendar__list_months') }}
)

, weeks as (
    select
        day,
        cast(date_trunc('week', day) as date) as week_start
    from days
)

select
    day,
    week_start,
    {{ iso_year('week_start') }} as iso_year,
    {{ iso_week('week_start') }} as iso_week,
    cast(date_trunc('month', day) as date) as month
from weeks
