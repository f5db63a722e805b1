{%- set key = ['dealer_id', 'brand_code', 'program_id', 'period_start'] -%}

with posted as (
    select
        dealer_id,
        brand_code,
        program_id,
        period_start,
        max(program_version) as program_version,
        sum(amount_eur) as posted_eur
    from {{ ref('stg_ledger__incentive_postings') }}
    group by dealer_id, brand_code, program_id, period_start
)

-- What was posted and has no line any more is a row, too.
, statements as (
    select
        {%- for column in key %}
        coalesce(computed.{{ column }}, posted.{{ column }}) as {{ column }},
        {%- endfor %}
        coalesce(computed.program_version, posted.program_version) as program_version,
        computed.measure_value,
        computed.tier_no,
        coalesce(computed.qualifying_units, 0) as qualifying_units,
        cast(coalesce(computed.entitlement_eur, 0) as decimal(18, 2)) as entitlement_eur,
        cast(coalesce(computed.entitlement_now_eur, 0) as decimal(18, 2)) as entitlement_now_eur,
        cast(coalesce(posted.posted_eur, 0) as decimal(18, 2)) as posted_eur
    from {{ ref('stg_computed__incentive_statements') }} as computed
    full outer join posted on {{ same_key('computed', 'posted', key) }}
)

select
    {{ key_id(['statements.dealer_id', 'statements.brand_code', 'statements.program_id', 'statements.period_start']) }} as statement_id,
    statements.dealer_id,
    statements.brand_code,
    statements.program_id,
    statements.period_start,
    periods.period_end,
    statements.program_version,
    statements.measure_value,
    statements.tier_no,
    statements.qualifying_units,
    statements.entitlement_eur,
    statements.posted_eur,
    cast(statements.entitlement_now_eur - statements.posted_eur as decimal(18, 2)) as accrual_eur,
    case when periods.is_closed = false then 'OPEN' else 'SETTLED' end as status,
    periods.closed_on,
    periods.payment_due_on
from statements
left join {{ ref('int_incentives__list_periods') }} as periods
    on statements.program_id = periods.program_id and statements.period_start = periods.period_start
