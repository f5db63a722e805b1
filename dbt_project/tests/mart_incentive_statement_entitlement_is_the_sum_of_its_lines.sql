-- Every euro that a dealer is entitled to stands in a line, and every line in a statement.
{{ config(meta={'dagster': {'ref': {'name': 'mart_incentive_statement'}}}) }}

with lines as (
    select
        dealer_id,
        brand_code,
        program_id,
        period_start,
        sum(amount_eur) as lines_eur
    from {{ ref('mart_incentive_line') }}
    group by dealer_id, brand_code, program_id, period_start
)

select
    dealer_id,
    brand_code,
    program_id,
    period_start,
    statements.entitlement_eur,
    lines.lines_eur
from {{ ref('mart_incentive_statement') }} as statements
full outer join lines using (dealer_id, brand_code, program_id, period_start)
where
    statements.entitlement_eur is null
    or statements.entitlement_eur <> coalesce(lines.lines_eur, 0)
