{{ config(materialized='table') }}

select
    model_code,
    brand_code,
    model_name,
    segment_code,
    powertrain_code,
    powertrain_code = 'BEV' as is_battery_electric,
    list_price_eur,
    max_discount_rate
from {{ ref('stg_oem__vehicle_models') }}
