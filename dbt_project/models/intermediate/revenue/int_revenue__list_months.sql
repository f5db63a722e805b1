{{ config(materialized='table') }}

select month
from {{ ref('dim_month') }}
where month <= {{ berlin_month(as_of()) }}
