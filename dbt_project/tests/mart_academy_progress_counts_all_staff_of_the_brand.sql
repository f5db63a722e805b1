-- Brands and months whose staff is not that of their dealers together.
{{ config(meta={'dagster': {'ref': {'name': 'mart_academy_progress'}}}) }}

select
    progress.brand_code,
    progress.month,
    progress.active_staff,
    coalesce(sum(staff.active_staff), 0) as active_staff_of_dealers
from {{ ref('mart_academy_progress') }} as progress
left join {{ ref('int_capability__count_staff') }} as staff
    on progress.brand_code = staff.brand_code and progress.month = staff.month
group by progress.brand_code, progress.month, progress.active_staff
having progress.active_staff <> coalesce(sum(staff.active_staff), 0)
