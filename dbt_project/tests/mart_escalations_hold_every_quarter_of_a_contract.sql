-- Each quarter of a contract that is judged has its row, with the figures that it was judged by.
{{ config(meta={'dagster': {'ref': {'name': 'mart_escalations'}}}) }}

select contract_id, quarter_start, shown.score_mean, judged.score_mean as judged_mean
from {{ ref('mart_escalations') }} as shown
full outer join {{ ref('int_governance__list_quarter_scores') }} as judged
    using (contract_id, quarter_start)
where
    shown.score_mean is distinct from judged.score_mean
    or shown.benchmark_score is distinct from judged.benchmark_score
    or shown.is_breach is distinct from judged.is_breach
