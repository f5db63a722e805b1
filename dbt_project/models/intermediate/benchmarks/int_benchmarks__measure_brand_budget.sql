-- The last complete calendar year.
with sums as (
    select
        count(*) as sample_count,
        sum({{ cents('budget_eur') }}) as budget_cents
    from {{ ref('stg_oem__brand_campaigns') }}
    where
        not is_deleted
        and extract(year from starts_on) = extract(year from {{ today() }}) - 1
)

select
    'BRAND_POSITIONING_COST' as claim_code,
    {{ exact_rate('budget_cents', '100') }} as measured_value,
    sample_count,
    case
        when sample_count > 0 then make_date(cast(extract(year from {{ today() }}) - 1 as int), 12, 31)
    end as measured_as_of
from sums
