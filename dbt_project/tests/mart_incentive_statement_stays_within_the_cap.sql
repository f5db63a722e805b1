-- No dealer is entitled to more of a period than the cap of its version.
{{ config(meta={'dagster': {'ref': {'name': 'mart_incentive_statement'}}}) }}

select
    statements.dealer_id,
    statements.program_id,
    statements.period_start,
    statements.entitlement_eur,
    programs.cap_eur
from {{ ref('mart_incentive_statement') }} as statements
inner join {{ ref('dim_incentive_program') }} as programs
    on
        statements.program_id = programs.program_id
        and statements.program_version = programs.program_version
where statements.entitlement_eur > programs.cap_eur
