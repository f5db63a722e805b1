{{ config(materialized='table') }}

select
    kpi_code,
    name_en,
    name_de,
    unit,
    direction,
    owner_side,
    formula,
    min_sample_basis
from {{ ref('kpi_catalog') }}
