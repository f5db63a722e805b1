-- In a programme, over all its periods and dealers, as the last close settled it.
{{ config(meta={'dagster': {'ref': {'name': 'mart_incentive_line'}}}) }}

with paid as {{ streamed_cte() }} (
    select program_id, vin from {{ ref('mart_incentive_line') }}
    where status = 'SETTLED' and zero_reason is null and vin is not null
)

, suspects as (
    select {{ key_hash(['program_id', 'vin']) }} as key_hash
    from paid
    group by 1
    having count(*) > 1
)

select paid.program_id, paid.vin, count(*) as line_count
from paid
{{ semi_join() }} suspects on {{ key_hash(['paid.program_id', 'paid.vin']) }} = suspects.key_hash
group by paid.program_id, paid.vin
having count(*) > 1
