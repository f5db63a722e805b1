{{ config(materialized='table') }}

select
    month,
    last_day(month) as month_end,
    cast(extract(day from last_day(month)) as bigint) as days_count,
    cast(date_trunc('quarter', month) as date) as quarter_start,
    cast(extract(year from month) as bigint) as calendar_year
from {{ ref('int_calendar__list_months') }}
