{{ config(materialized='view') }}

select
    brand_code,
    is_after,
    duration_us
from {{ ref('int_service__list_window_cases') }}
where duration_us is not null
