-- What is refused or withdrawn, even since the last close, has no ledger and no corrections.
{{ config(meta={'dagster': {'ref': {'name': 'mart_refinancing_ledger'}}}) }}

with shown as (
    select investment_id from {{ ref('mart_refinancing_ledger') }}
    union
    select investment_id from {{ ref('mart_refinancing_correction') }}
)

select shown.investment_id
from shown
{{ anti_join() }} {{ ref('int_investments__list_accepted') }} as accepted
    on shown.investment_id = accepted.investment_id
