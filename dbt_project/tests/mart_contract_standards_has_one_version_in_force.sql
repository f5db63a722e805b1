-- Of a standard at most one version is in force in a contract; superseded ones have one that is.
{{ config(meta={'dagster': {'ref': {'name': 'mart_contract_standards'}}}) }}

select contract_id, standard_code
from {{ ref('mart_contract_standards') }}
group by contract_id, standard_code
having
    count(case when status = 'IN_FORCE' then 1 end) > 1
    or (
        count(case when status = 'SUPERSEDED' then 1 end) > 0
        and count(case when status = 'IN_FORCE' then 1 end) = 0
    )
