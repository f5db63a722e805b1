-- The newest value that a correction names is what the ledger shows, unless the row is no more.
{{ config(meta={'dagster': {'ref': {'name': 'mart_refinancing_correction'}}}) }}

with newest as (
    select
        investment_id,
        period_no,
        max_by(new_value, as_known_at) as closing_eur
    from {{ ref('mart_refinancing_correction') }}
    where column_name = 'closing_eur'
    group by investment_id, period_no
)

select
    investment_id,
    period_no,
    newest.closing_eur as corrected_closing_eur,
    ledger.closing_eur
from newest
left join {{ ref('mart_refinancing_ledger') }} as ledger using (investment_id, period_no)
where cast(ledger.closing_eur as {{ text_type() }}) is distinct from newest.closing_eur
