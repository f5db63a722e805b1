-- The newest value that a correction names is what the ledger shows; without a value the row is no more.
{{ config(meta={'dagster': {'ref': {'name': 'mart_refinancing_correction'}}}) }}

with corrections as (
    select
        investment_id,
        period_no,
        new_value,
        row_number() over (partition by investment_id, period_no order by as_known_at desc) as place
    from {{ ref('mart_refinancing_correction') }}
    where column_name = 'closing_eur'
)

select
    investment_id,
    period_no,
    corrections.new_value as corrected_closing_eur,
    ledger.closing_eur
from corrections
left join {{ ref('mart_refinancing_ledger') }} as ledger using (investment_id, period_no)
where
    corrections.place = 1
    and cast(ledger.closing_eur as {{ text_type() }}) is distinct from corrections.new_value
