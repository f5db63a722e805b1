with rules as (
    select * from {{ ref('int_service__list_rules') }}
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

, pairs as (
    select
        rules.rule_id,
        others.rule_id as other_rule_id,
        rules.brand_code,
        rules.responsible_dealer_id,
        others.responsible_dealer_id as other_responsible_dealer_id,
        greatest(rules.valid_from, others.valid_from) as overlap_from,
        least(rules.valid_to, others.valid_to) as overlap_to,
        rules.key_no,
        rules.priority,
        rules.fits_from,
        rules.fits_to,
        others.fits_from as other_fits_from,
        others.fits_to as other_fits_to
    from rules
    inner join rules as others
        on
            rules.key_no = others.key_no
            and rules.priority = others.priority
            and rules.rule_id < others.rule_id
            and rules.responsible_dealer_id <> others.responsible_dealer_id
            and rules.valid_from <= others.valid_to
            and others.valid_from <= rules.valid_to
    where
        rules.valid_from <= rules.valid_to
        and others.valid_from <= others.valid_to
)

select
    pairs.rule_id,
    pairs.other_rule_id,
    pairs.brand_code,
    pairs.responsible_dealer_id,
    pairs.other_responsible_dealer_id,
    pairs.overlap_from,
    nullif(pairs.overlap_to, {{ open_end() }}) as overlap_to,
    cast(coalesce(sum(ambiguous_days.case_count), 0) as bigint) as case_count
from pairs
left join ambiguous_days
    on
        pairs.key_no = ambiguous_days.key_no
        and pairs.priority = ambiguous_days.priority
        and pairs.fits_from <= ambiguous_days.opened_on
        and pairs.fits_to >= ambiguous_days.opened_on
        and pairs.other_fits_from <= ambiguous_days.opened_on
        and pairs.other_fits_to >= ambiguous_days.opened_on
group by
    pairs.rule_id,
    pairs.other_rule_id,
    pairs.brand_code,
    pairs.responsible_dealer_id,
    pairs.other_responsible_dealer_id,
    pairs.overlap_from,
    pairs.overlap_to
