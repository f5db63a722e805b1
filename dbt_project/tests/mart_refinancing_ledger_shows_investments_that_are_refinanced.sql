-- A refused investment has no ledger, unless it was refused since the last close: the next one ends it.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'mart_refinancing_ledger'}}}) }}

select distinct ledger.investment_id
from {{ ref('mart_refinancing_ledger') }} as ledger
{{ anti_join() }} {{ ref('int_investments__list_accepted') }} as accepted
    on ledger.investment_id = accepted.investment_id
