-- Once for each month, so that claims are joined by equality.
select
    program_id,
    program_version,
    brand_code,
    period_start,
    period_end,
    {{ each_month('period_start', 'period_end') }} as month,
    case when measure in ('UNITS_INVOICED', 'REVENUE_NET') then 'INVOICE' else 'REGISTRATION' end as claim_type,
    segment_code,
    powertrain_code,
    hold_days,
    grace_days
from {{ ref('int_incentives__list_periods') }}
