{%- set columns = [
    'dealer_id',
    'brand_code',
    'ledger_month',
    'opening_eur',
    'scheduled_eur',
    'arrears_in_eur',
    'due_eur',
    'bonus_earned_eur',
    'applied_eur',
    'prepaid_eur',
    'paid_out_eur',
    'cash_called_eur',
    'interest_eur',
    'written_off_eur',
    'closing_eur',
    'arrears_out_eur',
    'status',
] -%}

with states as (
    select
        investment_id,
        period_no,
        as_known_at,
        known_in_month,
        {%- for column in columns %}
        case when not is_void then cast({{ column }} as {{ text_type() }}) end as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('stg_ledger__refinancing') }}
    where investment_id in (select investment_id from {{ ref('int_investments__list_accepted') }})
)

-- Of closes that share an instant the last one tells.
, known as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by investment_id, period_no, as_known_at order by known_in_month desc
            ) as place
        from states
    ) as placed
    where place = 1
)

, changes as (
    select
        *,
        lag(as_known_at) over newest_before as known_before_at,
        {%- for column in columns %}
        lag({{ column }}) over newest_before as {{ column }}_before{{ ',' if not loop.last }}
        {%- endfor %}
    from known
    window newest_before as (partition by investment_id, period_no order by as_known_at)
)

, column_names as (
    select * from (values {% for column in columns %}('{{ column }}'){{ ', ' if not loop.last }}{% endfor %}) as names(column_name)
)

, corrections as (
    select
        changes.investment_id,
        changes.period_no,
        changes.as_known_at,
        column_names.column_name,
        case column_names.column_name
            {%- for column in columns %}
            when '{{ column }}' then changes.{{ column }}_before
            {%- endfor %}
        end as old_value,
        case column_names.column_name
            {%- for column in columns %}
            when '{{ column }}' then changes.{{ column }}
            {%- endfor %}
        end as new_value
    from changes
    cross join column_names
    where changes.known_before_at is not null
)

select
    investment_id,
    period_no,
    as_known_at,
    column_name,
    old_value,
    new_value
from corrections
where old_value is distinct from new_value
