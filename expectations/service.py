"""Rules of how the manufacturer routes cases: which dealer answers, since when, who is accountable
for a process, and how long a case may take."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    HISTORY,
    STATE,
    TIMELINESS,
    UNIQUENESS,
    VALIDITY,
    Rule,
)
from expectations.shared import BRANDS, DELIVERED_ON, FOREVER

_RULES = "oem__routing_rules"
_GO_LIVES = "oem__routing_go_lives"
_RESPONSIBILITIES = "oem__responsibilities"
_LEVELS = "oem__service_levels"

_NAMED = 10
"""How many of the rules that tie name another one: more than a gate shows examples of."""

SCANS = {
    # An empty table of cases knows no category: then the rule about them does not speak.
    _RULES: f"""
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on, b.brand_code is not null as is_known_brand,
            case
                when exists (select 1 from history.dealer__cases)
                    then c.product_category is not null
            end as is_known_category
        from {{batch}} as r
        left join state.oem__dealers as k
            on k.dealer_id = r.responsible_dealer_id and k.brand_code = r.brand_code
        left join {BRANDS} as b on b.brand_code = r.brand_code
        left join (select distinct product_category from history.dealer__cases) as c
            on c.product_category = r.product_category
    """,
    _GO_LIVES: f"""
        select
            r.*, b.brand_code is not null as is_known_brand,
            exists (
                select 1 from state.oem__routing_rules as u
                where u.brand_code = r.brand_code
                    and r.go_live_on between u.valid_from and coalesce(u.valid_to, {FOREVER})
            ) as has_rules
        from {{batch}} as r
        left join {BRANDS} as b using (brand_code)
    """,
    _RESPONSIBILITIES: f"""
        select
            r.*, b.brand_code is not null as is_known_brand,
            r.party in ('OEM', 'PARTNER') or k.dealer_id is not null as is_known_party
        from {{batch}} as r
        left join {BRANDS} as b using (brand_code)
        left join state.oem__dealers as k
            on k.dealer_id = r.party and k.brand_code = r.brand_code
    """,
    _LEVELS: f"""
        select r.*, b.brand_code is not null as is_known_brand
        from {{batch}} as r
        left join {BRANDS} as b using (brand_code)
    """,
}


def _known_brand(prefix: str, table: str, what: str) -> Rule:
    return Rule(
        code=f"{prefix}_BRAND_KNOWN",
        table=table,
        scope=STATE,
        dimension=CONSISTENCY,
        description=f"{what} is of a brand that has dealers.",
        reason="Another has no effect.",
        remedy="Correct the brand's code.",
        passes="is_known_brand",
        course_topic="SERVICE",
    )


def _ordered(prefix: str, table: str, what: str) -> Rule:
    return Rule(
        code=f"{prefix}_VALIDITY_ORDERED",
        table=table,
        scope=STATE,
        dimension=CONSISTENCY,
        description=f"{what} does not end before it begins.",
        reason="It would never hold.",
        remedy="Correct one of the two days.",
        applies="valid_to is not null",
        passes="valid_to >= valid_from",
        course_topic="SERVICE",
    )


def _same_rank(is_same_dealer: bool) -> str:
    """Rules that fit the same cases with the same rank at the same time as another one; those that
    can hold only. The first few name one that they tie with.

    They are counted, not paired, since of n that tie there are n * n pairs: those that a rule
    overlaps have begun by its last day, and have not ended before its first.
    """
    rank = "brand_code, postal_prefix, product_category, case_type, priority"
    of_rank = "over (partition by {} order by day range unbounded preceding)"
    every, of_dealer = of_rank.format(rank), of_rank.format(f"{rank}, responsible_dealer_id")
    tied = (
        "d.of_dealer - 1"  # without itself
        if is_same_dealer
        else "d.every - d.of_dealer"
    )
    return f"""
        with ranked as materialized (
            select
                rule_id, brand_code, coalesce(postal_prefix, '') as postal_prefix,
                coalesce(product_category, '') as product_category,
                coalesce(case_type, '') as case_type, priority, responsible_dealer_id,
                valid_from, coalesce(valid_to, {FOREVER}) as valid_to
            from {{batch}}
            where coalesce(valid_to, {FOREVER}) >= valid_from
        ),
        days as (
            select {rank}, responsible_dealer_id, null as rule_id, 0 as sign,
                valid_from as day, 1 as begun, 0 as ended
            from ranked
            union all
            select {rank}, responsible_dealer_id, rule_id, 1, valid_to, 0, 1 from ranked
            union all
            select {rank}, responsible_dealer_id, rule_id, -1, valid_from - 1, 0, 0 from ranked
        ),
        so_far as (
            select
                rule_id, sign,
                case sign when 1 then sum(begun) {every} else sum(ended) {every} end as every,
                case sign when 1 then sum(begun) {of_dealer} else sum(ended) {of_dealer} end
                    as of_dealer
            from days
        ),
        overlapped as (
            select rule_id, sum(sign * every) as every, sum(sign * of_dealer) as of_dealer
            from so_far
            where rule_id is not null
            group by rule_id
        ),
        failing as materialized (
            select r.*, cast({tied} as bigint) as tied_rules
            from ranked as r
            inner join overlapped as d using (rule_id)
            where {tied} > 0
        ),
        partners as (
            select
                a.rule_id, b.rule_id as other_rule_id, b.responsible_dealer_id as other_dealer_id,
                greatest(a.valid_from, b.valid_from) as overlap_from,
                nullif(least(a.valid_to, b.valid_to), {FOREVER}) as overlap_to
            from (select * from failing order by rule_id limit {_NAMED}) as a
            inner join ranked as b using ({rank})
            where a.rule_id <> b.rule_id
                and (a.responsible_dealer_id = b.responsible_dealer_id) = {is_same_dealer}
                and a.valid_from <= b.valid_to and b.valid_from <= a.valid_to
            qualify row_number() over (partition by a.rule_id order by b.rule_id) = 1
        )
        select
            f.rule_id, p.other_rule_id, {rank}, f.responsible_dealer_id, p.other_dealer_id,
            p.overlap_from, p.overlap_to, f.tied_rules
        from failing as f
        left join partners as p using (rule_id)
        order by f.rule_id
    """


_ROUTING_RULES = (
    Rule(
        code="ROUTING_RULE_DEALER_KNOWN",
        table=_RULES,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A rule names a dealer of its brand.",
        reason="With another it never fits: its cases stay with the manufacturer.",
        remedy="Correct dealer or brand, or withdraw the rule.",
        passes="is_known_dealer",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_RULE_WHILE_DEALER_OPEN",
        table=_RULES,
        scope=STATE,
        dimension=CONSISTENCY,
        description="Some day on which a rule holds its dealer is open.",
        reason="Otherwise it never fits.",
        remedy="Give the rule to a dealer who is open, or withdraw it.",
        applies=f"is_known_dealer and coalesce(valid_to, {FOREVER}) >= valid_from",
        passes=f"dealer_opened_on <= coalesce(valid_to, {FOREVER}) "
        f"and valid_from <= coalesce(dealer_closed_on, {FOREVER})",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_RULE_ENDS_WITH_DEALER",
        table=_RULES,
        scope=STATE,
        dimension=TIMELINESS,
        description="A rule ends when its dealer closes.",
        reason=("From then on it is passed over, and who answers next was decided by nobody."),
        remedy=("End the rule with the dealer's last day, and deliver one for who takes over."),
        applies="dealer_closed_on is not null",
        passes=f"coalesce(valid_to, {FOREVER}) <= dealer_closed_on",
        mostly=0.9,
        course_topic="SERVICE",
    ),
    _known_brand("ROUTING_RULE", _RULES, "A rule"),
    Rule(
        code="ROUTING_RULE_CATEGORY_KNOWN",
        table=_RULES,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The product category of a rule stands in some case, spelled like that.",
        reason="Otherwise the rule never fits.",
        remedy="Use the categories of the cases.",
        applies="product_category is not null",
        passes="is_known_category",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_RULE_PRIORITY_PLAUSIBLE",
        table=_RULES,
        scope=STATE,
        dimension=VALIDITY,
        description="A priority is from 0 to 9999, the lowest first.",
        reason="A date or an id in its place would decide by chance.",
        remedy="Deliver the rank among rules that fit equally well.",
        passes="priority between 0 and 9999",
        course_topic="SERVICE",
    ),
    _ordered("ROUTING_RULE", _RULES, "A rule"),
    Rule(
        code="ROUTING_RULES_NOT_OVERLAPPING",
        table=_RULES,
        scope=STATE,
        dimension=UNIQUENESS,
        description=("No two rules of different dealers hold at the same time with the same rank."),
        reason="Between them only the rule's id decides, and either dealer may say that it was "
        "the other's case.",
        remedy="Give one of them another priority, a longer prefix, or an end.",
        violations=_same_rank(is_same_dealer=False),
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_RULES_NOT_DOUBLED",
        table=_RULES,
        scope=STATE,
        dimension=UNIQUENESS,
        description="No two rules say the same at the same time.",
        reason="Who changes one of them changes nothing.",
        remedy="Withdraw one of them.",
        violations=_same_rank(is_same_dealer=True),
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_RULES_COVER_AREAS",
        table=_RULES,
        scope=STATE,
        dimension=COMPLETENESS,
        description=("Every postal code has an open rule of each routed brand for all its cases."),
        reason="What no rule covers stays with the manufacturer.",
        remedy=("Deliver a rule for the area, or one without a prefix for all that is left."),
        violations="""
            with codes as (select distinct postal_code from state.oem__postal_areas),
            prefixes as (
                select distinct brand_code, coalesce(postal_prefix, '') as prefix
                from {batch}
                where valid_to is null and product_category is null and case_type is null
            ),
            covered as (
                select distinct p.brand_code, c.postal_code
                from (
                    select postal_code, unnest(range(0, 6)) as digits from codes
                ) as c
                inner join prefixes as p on p.prefix = left(c.postal_code, c.digits)
            )
            select brand_code, postal_code
            from (select distinct brand_code from {batch}) as b
            cross join codes
            where (brand_code, postal_code) not in (
                select (brand_code, postal_code) from covered
            )
            order by brand_code, postal_code
        """,
        checked="count(distinct brand_code) "
        "* (select count(distinct postal_code) from state.oem__postal_areas)",
        mostly=0.9,
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_RULE_DELIVERED_IN_TIME",
        table=_RULES,
        scope=HISTORY,
        dimension=TIMELINESS,
        description="A rule is delivered by its first day.",
        reason="Later, cases that others have worked on turn out to be misrouted.",
        remedy="Deliver rules before they hold.",
        violations=f"""
            select
                rule_id, arg_min(valid_from, _delivered_at) as valid_from,
                min({DELIVERED_ON}) as delivered_on
            from {{batch}}
            group by rule_id
            having min({DELIVERED_ON}) > arg_min(valid_from, _delivered_at)
        """,
        checked="count(distinct rule_id)",
        mostly=0.9,
        course_topic="SERVICE",
    ),
)

_GO_LIVE_RULES = (
    _known_brand("ROUTING_GO_LIVE", _GO_LIVES, "A go-live"),
    Rule(
        code="ROUTING_GO_LIVE_HAS_RULES",
        table=_GO_LIVES,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A brand has rules that hold on the day on which its routing goes live.",
        reason="Otherwise from that day on every case stays with the manufacturer.",
        remedy="Deliver the rules first, or put off the go-live.",
        passes="has_rules",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_GO_LIVE_PLAUSIBLE",
        table=_GO_LIVES,
        scope=HISTORY,
        dimension=VALIDITY,
        description=("Routing goes live within ten years before and three after its announcement."),
        reason="`2205` for `2025` would leave nothing to compare.",
        remedy="Correct the day.",
        passes=f"go_live_on between {DELIVERED_ON} - interval 10 year "
        f"and {DELIVERED_ON} + interval 3 year",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_GO_LIVE_ANNOUNCED_IN_TIME",
        table=_GO_LIVES,
        scope=HISTORY,
        dimension=TIMELINESS,
        description="A go-live is delivered by its day.",
        reason="Otherwise dealers learn who answers only after it counts.",
        remedy="Deliver go-lives before they come.",
        violations=f"""
            select
                brand_code, arg_min(go_live_on, _delivered_at) as go_live_on,
                min({DELIVERED_ON}) as delivered_on
            from {{batch}}
            group by brand_code
            having min({DELIVERED_ON}) > arg_min(go_live_on, _delivered_at)
        """,
        checked="count(distinct brand_code)",
        mostly=0.9,
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_GO_LIVE_KEPT",
        table=_GO_LIVES,
        scope=HISTORY,
        dimension=CONSISTENCY,
        description="A go-live is not moved once it has come.",
        reason="What routing has changed would be measured over other months.",
        remedy="Leave the day as it was; what changes is told by rules.",
        violations=f"""
            select brand_code, go_live_before, go_live_on, _source_file, _source_row
            from (
                select *, lag(go_live_on) over (
                    partition by brand_code order by _delivered_at, _loaded_at, _source_file
                ) as go_live_before
                from {{batch}}
            )
            where go_live_on <> go_live_before and go_live_before < {DELIVERED_ON}
        """,
        course_topic="SERVICE",
    ),
)

_RESPONSIBILITY_RULES = (
    Rule(
        code="RESPONSIBILITY_ONE_ACCOUNTABLE",
        table=_RESPONSIBILITIES,
        scope=STATE,
        dimension=UNIQUENESS,
        description=("Exactly one party is accountable for a process of a brand on every day."),
        reason="With none nobody decides, with two nobody has to.",
        remedy="End one accountability the day before the next begins.",
        violations=f"""
            with duties as (
                select brand_code, process_code, role, party, valid_from,
                    coalesce(valid_to, {FOREVER}) as valid_to
                from {{batch}}
                where coalesce(valid_to, {FOREVER}) >= valid_from
            ),
            -- who is accountable changes on these days only
            days as (
                select brand_code, process_code, valid_from as day from duties
                union
                select brand_code, process_code, valid_to + 1
                from duties
                where valid_to < {FOREVER}
            ),
            counted as (
                select
                    d.brand_code, d.process_code, d.day,
                    count(distinct a.party) as accountable_count
                from days as d
                inner join (
                    select brand_code, process_code, max(valid_to) as last_day
                    from duties
                    group by brand_code, process_code
                ) as p
                    on p.brand_code = d.brand_code and p.process_code = d.process_code
                        and p.last_day >= d.day
                left join duties as a
                    on a.brand_code = d.brand_code and a.process_code = d.process_code
                        and a.role = 'ACCOUNTABLE' and d.day between a.valid_from and a.valid_to
                group by d.brand_code, d.process_code, d.day
            )
            select
                brand_code, process_code, min(day) as first_from,
                min(accountable_count) as fewest, max(accountable_count) as most
            from counted
            where accountable_count <> 1
            group by brand_code, process_code
            order by brand_code, process_code
        """,
        checked="count(distinct (brand_code, process_code))",
        course_topic="SERVICE",
    ),
    Rule(
        code="RESPONSIBILITY_HAS_RESPONSIBLE",
        table=_RESPONSIBILITIES,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Somebody is responsible for each process of a brand, without an end.",
        reason="Otherwise nobody does the work.",
        remedy="Deliver who is responsible.",
        violations="""
            select brand_code, process_code
            from {batch}
            group by brand_code, process_code
            having count(*) filter (where role = 'RESPONSIBLE' and valid_to is null) = 0
            order by brand_code, process_code
        """,
        checked="count(distinct (brand_code, process_code))",
        course_topic="SERVICE",
    ),
    Rule(
        code="RESPONSIBILITY_PARTY_KNOWN",
        table=_RESPONSIBILITIES,
        scope=STATE,
        dimension=VALIDITY,
        description="A party is OEM, PARTNER or a dealer of the brand.",
        reason="Another cannot be asked.",
        remedy="Deliver OEM, PARTNER or the dealer's id.",
        passes="is_known_party",
        course_topic="SERVICE",
    ),
    _known_brand("RESPONSIBILITY", _RESPONSIBILITIES, "A role"),
    _ordered("RESPONSIBILITY", _RESPONSIBILITIES, "A role"),
    Rule(
        code="RESPONSIBILITY_NOT_OVERLAPPING",
        table=_RESPONSIBILITIES,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A party has a role in a process once at a time.",
        reason="Who ends one of two rows ends nothing.",
        remedy="End the older row the day before the newer begins.",
        violations="""
            select brand_code, process_code, role, party, valid_from, valid_to, next_valid_from
            from (
                select *, lead(valid_from) over (
                    partition by brand_code, process_code, role, party order by valid_from
                ) as next_valid_from
                from {batch}
            )
            where next_valid_from <= coalesce(valid_to, date '9999-12-31')
        """,
        course_topic="SERVICE",
    ),
    Rule(
        code="RESPONSIBILITY_DELIVERED_IN_TIME",
        table=_RESPONSIBILITIES,
        scope=HISTORY,
        dimension=TIMELINESS,
        description="A role is delivered within a month of its first day.",
        reason=("Until then the process shows a gap, or somebody who does not answer any more."),
        remedy="Deliver roles before they begin.",
        violations=f"""
            select
                brand_code, process_code, role, party, valid_from,
                min({DELIVERED_ON}) as delivered_on
            from {{batch}}
            group by brand_code, process_code, role, party, valid_from
            having min({DELIVERED_ON}) > valid_from + interval 1 month
        """,
        checked="count(distinct (brand_code, process_code, role, party, valid_from))",
        mostly=0.9,
        course_topic="SERVICE",
    ),
)

_LEVEL_RULES = (
    _known_brand("SERVICE_LEVEL", _LEVELS, "A service level"),
    Rule(
        code="SERVICE_LEVEL_HOURS_PLAUSIBLE",
        table=_LEVELS,
        scope=STATE,
        dimension=VALIDITY,
        description="A case may take from one hour to ninety days.",
        reason="Minutes in place of hours would let every case pass.",
        remedy="Deliver hours.",
        passes="target_hours between 1 and 90 * 24",
        course_topic="SERVICE",
    ),
    Rule(
        code="SERVICE_LEVELS_COMPLETE",
        table=_LEVELS,
        scope=STATE,
        dimension=COMPLETENESS,
        description=("Each brand that has dealers has a service level for every kind of case."),
        reason="Without one, no case of it is ever late.",
        remedy="Deliver the missing service level.",
        violations=f"""
            select b.brand_code, t.case_type
            from {BRANDS} as b
            cross join (
                select unnest(['WARRANTY', 'COMPLAINT', 'SERVICE_REQUEST']) as case_type
            ) as t
            where exists (select 1 from {{batch}})
                and (b.brand_code, t.case_type) not in (
                    select (brand_code, case_type) from {{batch}}
                )
            order by b.brand_code, t.case_type
        """,
        checked=f"3 * (select count(*) from {BRANDS}) * least(count(*), 1)",
        course_topic="SERVICE",
    ),
    Rule(
        code="SERVICE_LEVEL_CHANGE_PLAUSIBLE",
        table=_LEVELS,
        scope=HISTORY,
        dimension=CONSISTENCY,
        description="A service level is changed to a quarter at least and to the fourfold at most.",
        reason="Beyond, days and hours are mixed: all cases are late, or none.",
        remedy="Deliver hours; change in steps where the change is meant.",
        violations="""
            select brand_code, case_type, hours_before, target_hours, _source_file, _source_row
            from (
                select *, lag(target_hours) over (
                    partition by brand_code, case_type
                    order by _delivered_at, _loaded_at, _source_file
                ) as hours_before
                from {batch}
            )
            where 4 * target_hours < hours_before or target_hours > 4 * hours_before
        """,
        course_topic="SERVICE",
    ),
)

RULES = (*_ROUTING_RULES, *_GO_LIVE_RULES, *_RESPONSIBILITY_RULES, *_LEVEL_RULES)
