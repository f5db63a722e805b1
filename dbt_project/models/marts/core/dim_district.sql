{{ config(materialized='table') }}

-- Postal areas repeat their district; where they disagree the lowest postal code speaks for it.
select
    district_code,
    min_by(district_name, postal_code) as district_name,
    min_by(state_code, postal_code) as state_code,
    min_by(nuts3_code, postal_code) filter (where nuts3_code is not null) as nuts3_code,
    min_by(population, postal_code) filter (where population is not null) as population,
    count(*) as postal_code_count
from {{ ref('stg_oem__postal_areas') }}
group by district_code
