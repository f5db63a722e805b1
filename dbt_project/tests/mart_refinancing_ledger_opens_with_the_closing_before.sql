-- From the first month on without a gap.
{{ config(meta={'dagster': {'ref': {'name': 'mart_refinancing_ledger'}}}) }}

with months as (
    select
        investment_id,
        period_no,
        opening_eur,
        row_number() over (partition by investment_id order by period_no) as expected_period_no,
        lag(closing_eur) over (partition by investment_id order by period_no) as closing_before_eur
    from {{ ref('mart_refinancing_ledger') }}
)

select * from months
where period_no <> expected_period_no or opening_eur <> closing_before_eur
