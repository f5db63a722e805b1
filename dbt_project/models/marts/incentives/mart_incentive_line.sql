{%- set touched = months_to_build([
    reads(ref('stg_computed__incentive_lines'), 'period_start'),
    reads(ref('int_incentives__list_periods'), 'period_start', ['program_id', 'is_closed', 'closed_on']),
]) -%}

with lines as (
    select * from {{ ref('stg_computed__incentive_lines') }}
    where {{ in_months('period_start', touched) }}
)

select
    {{ key_id(['lines.program_id', 'lines.period_start', 'lines.dealer_id', "coalesce(lines.event_id, '')"]) }} as line_id,
    lines.dealer_id,
    lines.brand_code,
    lines.program_id,
    lines.program_version,
    lines.period_start,
    lines.event_id,
    lines.vin,
    lines.event_date,
    lines.list_price_eur,
    lines.net_price_eur,
    lines.tier_no,
    lines.tier_rate,
    lines.basis_amount_eur,
    lines.amount_eur,
    lines.zero_reason,
    case when periods.is_closed then 'SETTLED' else 'OPEN' end as status,
    periods.closed_on,
    lines.batch_id,
    lines.source_file,
    lines.source_row
from lines
left join {{ ref('int_incentives__list_periods') }} as periods
    on lines.program_id = periods.program_id and lines.period_start = periods.period_start
