-- Months in which a brand's dealers have no scorecard, since no version of its weights is valid.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'mart_partner_scorecard'}}}) }}

select
    months.brand_code,
    months.score_month,
    count(*) as dealers_without_scorecard
from {{ ref('int_scorecard__list_dealer_months') }} as months
left join {{ ref('mart_partner_scorecard') }} as scores
    on
        months.dealer_id = scores.dealer_id
        and months.brand_code = scores.brand_code
        and months.score_month = scores.score_month
where scores.dealer_id is null
group by months.brand_code, months.score_month
