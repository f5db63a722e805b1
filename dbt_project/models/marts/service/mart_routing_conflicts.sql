with rules as (
    select * from {{ ref('int_service__list_rules') }}
    where fits_from is not null
)

-- Days on which a rule decided although another one tied with it.
, ambiguous_days as (
    select
        rules.key_no,
        rules.priority,
        {{ berlin_date('cases.opened_at') }} as opened_on,
        count(*) as case_count
    from {{ ref('mart_case_routing') }} as cases
    inner join rules
        on cases.rule_id = rules.rule_id
    where cases.is_ambiguous
    group by rules.key_no, rules.priority, {{ berlin_date('cases.opened_at') }}
)

-- The days on which rules begin and end to fit, among those with cases: there the cases so far are read off.
, days as (
    select key_no, priority, opened_on as day_on, case_count, cast(null as {{ text_type() }}) as first_of, cast(null as {{ text_type() }}) as last_of
    from ambiguous_days
    union all
    select key_no, priority, {{ days_later('fits_from', -1) }}, 0, rule_id, null
    from rules
    union all
    select key_no, priority, fits_to, 0, null, rule_id
    from rules
)

, counted as (
    select
        first_of,
        last_of,
        sum(case_count) over (
            partition by key_no, priority
            order by day_on
            range between unbounded preceding and current row
        ) as cases_so_far
    from days
)

, counted_rules as {{ materialized_cte() }} (
    select
        rules.rule_id,
        rules.brand_code,
        rules.responsible_dealer_id,
        rules.key_no,
        rules.priority,
        rules.fits_from,
        rules.fits_to,
        cast(befores.cases_so_far as bigint) as cases_before,
        cast(untils.cases_so_far as bigint) as cases_until
    from rules
    inner join counted as befores
        on rules.rule_id = befores.first_of
    inner join counted as untils
        on rules.rule_id = untils.last_of
)

-- Cases so far only grow from day to day: those of the later day are the more, those of the earlier the fewer.
select
    rules.rule_id,
    others.rule_id as other_rule_id,
    rules.brand_code,
    rules.responsible_dealer_id,
    others.responsible_dealer_id as other_responsible_dealer_id,
    greatest(rules.fits_from, others.fits_from) as overlap_from,
    nullif(least(rules.fits_to, others.fits_to), {{ open_end() }}) as overlap_to,
    least(rules.cases_until, others.cases_until) - greatest(rules.cases_before, others.cases_before) as case_count
from counted_rules as rules
inner join counted_rules as others
    on
        rules.key_no = others.key_no
        and rules.priority = others.priority
        and rules.rule_id < others.rule_id
        and rules.responsible_dealer_id <> others.responsible_dealer_id
        and rules.fits_from <= others.fits_to
        and others.fits_from <= rules.fits_to
