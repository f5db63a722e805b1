-- To the vehicle, over the dealers of a brand, unless minimum purchases and maxima leave no room for it.
{{ config(meta={'dagster': {'ref': {'name': 'mart_target_proposal'}}}) }}

select
    brand_code,
    quarter_start,
    segment_code,
    powertrain_code,
    sum(base_units) as base_units,
    sum(proposed_units) as proposed_units
from {{ ref('mart_target_proposal') }}
where is_feasible
group by brand_code, quarter_start, segment_code, powertrain_code
having sum(base_units) <> sum(proposed_units)
