with rules as (
    select * from {{ ref('int_service__list_rules') }}
    where fits_from is not null
)

-- What holds changes where a rule begins to fit or has ended.
, starts as (
    select key_no, fits_from as period_from from rules
    union
    select key_no, {{ days_later('fits_to', 1) }} from rules where fits_to < {{ open_end() }}
)

, periods as (
    select
        key_no,
        period_from,
        coalesce(
            {{ days_later('lead(period_from) over (partition by key_no order by period_from)', -1) }}, {{ open_end() }}
        ) as period_to
    from starts
)

, firsts as (
    select
        periods.key_no,
        periods.period_from,
        periods.period_to,
        min(rules.rule_rank) as first_rank
    from periods
    inner join rules
        on
            periods.key_no = rules.key_no
            and periods.period_from >= rules.fits_from
            and periods.period_from <= rules.fits_to
    group by periods.key_no, periods.period_from, periods.period_to
)

, others as (
    select
        firsts.key_no,
        firsts.period_from,
        firsts.first_rank,
        min(rules.rule_rank) as second_rank,
        max(
            case
                when rules.priority = first_rules.priority
                    and rules.responsible_dealer_id <> first_rules.responsible_dealer_id then 1
                else 0
            end
        ) as has_rival
    from firsts
    inner join rules as first_rules
        on firsts.first_rank = first_rules.rule_rank
    inner join rules
        on
            firsts.key_no = rules.key_no
            and firsts.first_rank < rules.rule_rank
            and firsts.period_from >= rules.fits_from
            and firsts.period_from <= rules.fits_to
    group by firsts.key_no, firsts.period_from, firsts.first_rank
)

select
    cast(row_number() over (order by firsts.key_no, firsts.period_from) as int) as period_no,
    firsts.key_no,
    first_rules.class_rank,
    first_rules.brand_code,
    first_rules.postal_prefix,
    first_rules.prefix_length,
    first_rules.product_category,
    first_rules.case_type,
    firsts.period_from,
    firsts.period_to,
    first_rules.rule_id,
    first_rules.responsible_dealer_id,
    first_rules.priority,
    second_rules.rule_id as second_rule_id,
    coalesce(others.has_rival, 0) = 1 as is_ambiguous
from firsts
inner join rules as first_rules
    on firsts.first_rank = first_rules.rule_rank
left join others
    on
        firsts.key_no = others.key_no
        and firsts.period_from = others.period_from
left join rules as second_rules
    on others.second_rank = second_rules.rule_rank
