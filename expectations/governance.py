"""Rules of contracts and their standards, of escalations and requirements, and of the dialogue
between manufacturer and dealers."""

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
    timely,
)

_CONTRACTS = "oem__contracts"
_STANDARDS = "oem__technology_standards"
_EVENTS = "oem__contract_events"
_ESCALATIONS = "oem__escalation_events"
_REQUIREMENTS = "oem__requirements"
_PULSE = "dealer__pulse_surveys"
_MEETINGS = "dealer__meetings"
_ACTIONS = "dealer__actions"
_MODULES = "oem__business_modules"
_ADOPTIONS = "dealer__module_adoptions"

_FOREVER = "date '9999-12-31'"
_BRANDS = "(select distinct brand_code from state.oem__dealers)"
_DELIVERED_ON = "cast(_delivered_at at time zone 'UTC' at time zone 'Europe/Berlin' as date)"

_WITH_BRAND = f"""
    select r.*, b.brand_code is not null as is_known_brand
    from {{batch}} as r
    left join {_BRANDS} as b using (brand_code)
"""
_WITH_DEALER = """
    select
        r.*, k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
        k.closed_on as dealer_closed_on, k.is_top_partner
    from {batch} as r
    left join state.oem__dealers as k using (dealer_id, brand_code)
"""

SCANS = {
    _CONTRACTS: f"""
        select
            r.*, b.brand_code is not null as is_known_brand,
            k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on
        from {{batch}} as r
        left join {_BRANDS} as b using (brand_code)
        left join state.oem__dealers as k using (dealer_id, brand_code)
    """,
    _STANDARDS: _WITH_BRAND,
    _EVENTS: """
        select
            r.*, c.contract_id is not null as is_known_contract,
            s.standard_code is not null as is_known_standard, c.auto_adopt_standards,
            c.objection_days, c.valid_from as contract_from, c.valid_to as contract_to,
            s.published_on
        from {batch} as r
        left join state.oem__contracts as c using (contract_id)
        left join state.oem__technology_standards as s
            on s.standard_code = r.standard_code and s.version = r.version
                and s.brand_code = coalesce(c.brand_code, s.brand_code)
    """,
    _ESCALATIONS: """
        select
            r.*, c.contract_id is not null as is_known_contract, c.valid_from as contract_from,
            c.valid_to as contract_to
        from {batch} as r
        left join state.oem__contracts as c using (contract_id)
    """,
    _REQUIREMENTS: f"""
        select
            r.*, b.brand_code is not null as is_known_brand,
            upper(r.applies_to) = 'ALL' or p.peer_group is not null as is_known_group
        from {{batch}} as r
        left join {_BRANDS} as b using (brand_code)
        left join (select distinct brand_code, peer_group from state.oem__dealers) as p
            on p.brand_code = r.brand_code and p.peer_group = r.applies_to
    """,
    _PULSE: _WITH_DEALER,
    _MEETINGS: _WITH_DEALER,
    _ACTIONS: """
        select r.*, m.meeting_id is not null as is_known_meeting, m.held_on
        from {batch} as r
        left join state.dealer__meetings as m using (meeting_id)
    """,
    _MODULES: _WITH_BRAND,
    _ADOPTIONS: """
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on, m.module_code is not null as is_known_module,
            m.available_from
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
        left join state.oem__business_modules as m
            on m.module_code = r.module_code and m.brand_code = r.brand_code
    """,
}


def _holds(
    code: str,
    table: str,
    dimension: str,
    description: str,
    passes: str,
    applies: str = "true",
    mostly: float = 1.0,
) -> Rule:
    """A rule of each row as it stands."""
    return Rule(
        code=code,
        table=table,
        scope=STATE,
        dimension=dimension,
        description=description,
        passes=passes,
        applies=applies,
        mostly=mostly,
    )


def _known_brand(prefix: str, table: str, what: str) -> Rule:
    return _holds(
        f"{prefix}_BRAND_KNOWN",
        table,
        CONSISTENCY,
        f"{what} is of a brand that has dealers: another has no effect.",
        "is_known_brand",
    )


def _known_dealer(prefix: str, table: str) -> Rule:
    return _holds(
        f"{prefix}_DEALER_KNOWN",
        table,
        CONSISTENCY,
        "The dealer has a contract for this brand: rows of others are in no mart.",
        "is_known_dealer",
        mostly=0.99,
    )


def _ordered(prefix: str, table: str, what: str) -> Rule:
    return _holds(
        f"{prefix}_VALIDITY_ORDERED",
        table,
        CONSISTENCY,
        f"{what} does not end before it begins: it would never hold.",
        "valid_to >= valid_from",
        applies="valid_to is not null",
    )


def _known_contract(prefix: str, table: str) -> Rule:
    return _holds(
        f"{prefix}_CONTRACT_KNOWN",
        table,
        CONSISTENCY,
        "An event names a contract that is known: another has no effect.",
        "is_known_contract",
    )


def _while_valid(prefix: str, table: str) -> Rule:
    return _holds(
        f"{prefix}_WHILE_CONTRACT_VALID",
        table,
        CONSISTENCY,
        "An event is dated from the first to the last day of its contract.",
        f"event_on between contract_from and coalesce(contract_to, {_FOREVER})",
        applies="is_known_contract",
    )


def _not_doubled(prefix: str, table: str, per: tuple[str, ...], description: str) -> Rule:
    group = ", ".join(per)
    return Rule(
        code=f"{prefix}_NOT_DOUBLED",
        table=table,
        scope=STATE,
        dimension=UNIQUENESS,
        description=description,
        violations=f"""
            select {group}, count(*) as rows_told
            from {{batch}}
            group by {group}
            having count(*) > 1
            order by {group}
        """,
        checked=f"count(distinct ({group}))",
    )


def _told_in_time(
    prefix: str, table: str, key: tuple[str, ...], day: str, grace: int, description: str
) -> Rule:
    """The first delivery of a key comes at most `grace` days after a day that it tells. What was
    dated before the feed began could not come in time."""
    listed = ", ".join(key)
    return Rule(
        code=f"{prefix}_IN_TIME",
        table=table,
        scope=HISTORY,
        dimension=TIMELINESS,
        description=description,
        violations=f"""
            with told as (
                select
                    {listed}, arg_min({day}, _delivered_at) as {day},
                    min({_DELIVERED_ON}) as delivered_on
                from {{batch}}
                group by {listed}
            )
            select *
            from told
            where delivered_on > {day} + {grace}
                and {day} >= (select min(delivered_on) from told)
            order by {listed}
        """,
        checked=f"count(distinct ({listed}))",
        mostly=0.9,
    )


_CONTRACT_RULES = (
    _known_dealer("CONTRACT", _CONTRACTS),
    _known_brand("CONTRACT", _CONTRACTS, "A contract"),
    _ordered("CONTRACT", _CONTRACTS, "A contract"),
    _holds(
        "CONTRACT_WHILE_DEALER_OPEN",
        _CONTRACTS,
        CONSISTENCY,
        "On some day of a contract its dealer is open: otherwise it binds nobody.",
        f"dealer_opened_on <= coalesce(valid_to, {_FOREVER}) "
        f"and valid_from <= coalesce(dealer_closed_on, {_FOREVER})",
        applies=f"is_known_dealer and coalesce(valid_to, {_FOREVER}) >= valid_from",
    ),
    _holds(
        "CONTRACT_ENDS_WITH_DEALER",
        _CONTRACTS,
        TIMELINESS,
        "A contract ends by the day on which its dealer closes: shares of contracts would count "
        "it on.",
        f"coalesce(valid_to, {_FOREVER}) <= dealer_closed_on",
        applies="dealer_closed_on is not null",
        mostly=0.9,
    ),
    Rule(
        code="CONTRACTS_NOT_OVERLAPPING",
        table=_CONTRACTS,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A dealer has one contract for a brand at a time: with two, each standard and "
        "each breach counts twice.",
        violations=f"""
            select dealer_id, brand_code, contract_id, valid_from, valid_to, next_valid_from
            from (
                select *, lead(valid_from) over (
                    partition by dealer_id, brand_code order by valid_from, contract_id
                ) as next_valid_from
                from {{batch}}
                where coalesce(valid_to, {_FOREVER}) >= valid_from
            )
            where next_valid_from <= coalesce(valid_to, {_FOREVER})
            order by dealer_id, brand_code, valid_from
        """,
    ),
    Rule(
        code="CONTRACTS_COMPLETE",
        table=_CONTRACTS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every open dealer has a contract without end for his brand: without one "
        "nothing was agreed, and nothing escalates.",
        violations="""
            select dealer_id, brand_code
            from state.oem__dealers
            where closed_on is null and exists (select 1 from {batch})
                and (dealer_id, brand_code) not in (
                    select (dealer_id, brand_code) from {batch} where valid_to is null
                )
            order by dealer_id, brand_code
        """,
        checked="(select count(*) from state.oem__dealers where closed_on is null) "
        "* least(count(*), 1)",
        mostly=0.95,
    ),
    _holds(
        "CONTRACT_OBJECTION_DAYS_PLAUSIBLE",
        _CONTRACTS,
        VALIDITY,
        "A window for objections lasts from a week to half a year: months in place of days would "
        "leave nobody the time.",
        "objection_days between 7 and 180",
    ),
    _holds(
        "CONTRACT_QUANTILE_PLAUSIBLE",
        _CONTRACTS,
        VALIDITY,
        "The benchmark is a quantile above 0 and below 1: at 0 nobody is ever in breach, at 1 "
        "everybody but the best.",
        "benchmark_quantile > 0 and benchmark_quantile < 1",
    ),
    _holds(
        "CONTRACT_BREACH_QUARTERS_PLAUSIBLE",
        _CONTRACTS,
        VALIDITY,
        "One to eight quarters in breach open an escalation: days or months in their place would "
        "never do.",
        "breach_quarters between 1 and 8",
    ),
    _told_in_time(
        "CONTRACT_DELIVERED",
        _CONTRACTS,
        ("contract_id",),
        "valid_from",
        0,
        "A contract is delivered by its first day: versions that were published since would be "
        "taken up without a window.",
    ),
)

_STANDARD_RULES = (
    _known_brand("STANDARD", _STANDARDS, "A standard"),
    _holds(
        "STANDARD_MANDATORY_AFTER_PUBLICATION",
        _STANDARDS,
        CONSISTENCY,
        "A version is not mandatory before it is published.",
        "mandatory_from >= published_on",
    ),
    _holds(
        "STANDARD_WITHDRAWN_AFTER_PUBLICATION",
        _STANDARDS,
        CONSISTENCY,
        "A version is not withdrawn before it is published.",
        "withdrawn_on >= published_on",
        applies="withdrawn_on is not null",
    ),
    Rule(
        code="STANDARD_OF_ONE_BRAND",
        table=_STANDARDS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="All versions of a standard are of one brand: those of another supersede "
        "nothing.",
        violations="""
            select standard_code, count(distinct brand_code) as brands
            from {batch}
            group by standard_code
            having count(distinct brand_code) > 1
            order by standard_code
        """,
        checked="count(distinct standard_code)",
    ),
    Rule(
        code="STANDARD_VERSIONS_DISTINCT",
        table=_STANDARDS,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A version is spelled in one way only: `V2` and `2.0` beside `2` would "
        "supersede one another.",
        violations="""
            with spelled as (
                select *, regexp_replace(
                    regexp_replace(lower(trim(version)), '^(version|v)[ .]*', ''), '(\\.0+)+$', ''
                ) as plain_version
                from {batch}
            )
            select standard_code, plain_version, min(version) as version, max(version) as other
            from spelled
            group by standard_code, plain_version
            having count(*) > 1
            order by standard_code, plain_version
        """,
    ),
    _told_in_time(
        "STANDARD_DELIVERED",
        _STANDARDS,
        ("standard_code", "version"),
        "published_on",
        7,
        "A version is delivered within a week of its publication: the window for objections runs.",
    ),
)

_EVENT_RULES = (
    _known_contract("CONTRACT_EVENT", _EVENTS),
    _holds(
        "CONTRACT_EVENT_STANDARD_KNOWN",
        _EVENTS,
        CONSISTENCY,
        "An event names a version of a standard of the contract's brand: another has no effect.",
        "is_known_standard",
    ),
    _while_valid("CONTRACT_EVENT", _EVENTS),
    _holds(
        "OBJECTION_WITHIN_WINDOW",
        _EVENTS,
        TIMELINESS,
        "An objection comes within the window of its contract: one outside has no effect.",
        "event_on between published_on and published_on + cast(objection_days as integer)",
        applies="event_type = 'OBJECTION' and is_known_contract and is_known_standard",
    ),
    _holds(
        "OBJECTION_OF_AUTOMATIC_CONTRACT",
        _EVENTS,
        VALIDITY,
        "Only who adopts standards automatically objects: the others just do not sign.",
        "auto_adopt_standards",
        applies="event_type = 'OBJECTION' and is_known_contract",
    ),
    _holds(
        "ADOPTION_AFTER_PUBLICATION",
        _EVENTS,
        CONSISTENCY,
        "A version is signed after it is published.",
        "event_on >= published_on",
        applies="event_type = 'ADOPTION' and is_known_standard",
    ),
    Rule(
        code="OBJECTION_RESOLVED_AFTER_OBJECTION",
        table=_EVENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="What is resolved was objected before: a resolution without an objection of "
        "the contract to that version has no effect.",
        violations="""
            select r.event_id, r.contract_id, r.standard_code, r.version, r.event_on
            from {batch} as r
            where r.event_type = 'OBJECTION_RESOLVED' and not exists (
                select 1
                from {batch} as o
                where o.event_type = 'OBJECTION' and o.contract_id = r.contract_id
                    and o.standard_code = r.standard_code and o.version = r.version
                    and o.event_on <= r.event_on
            )
            order by r.event_id
        """,
        checked="count(*) filter (where event_type = 'OBJECTION_RESOLVED')",
    ),
    _not_doubled(
        "CONTRACT_EVENTS",
        _EVENTS,
        ("contract_id", "event_type", "standard_code", "version", "event_on"),
        "An event of a contract is told under one id: who withdraws one of two withdraws nothing.",
    ),
    timely("CONTRACT_EVENT_TIMELY", _EVENTS, "event_on", 62),
)

_ESCALATION_RULES = (
    _known_contract("ESCALATION_EVENT", _ESCALATIONS),
    _while_valid("ESCALATION_EVENT", _ESCALATIONS),
    _not_doubled(
        "ESCALATION_EVENTS",
        _ESCALATIONS,
        ("contract_id", "event_type", "event_on"),
        "An event of an escalation is told under one id: who withdraws one of two withdraws "
        "nothing.",
    ),
    Rule(
        code="ESCALATION_CLOSED_AFTER_A_STEP",
        table=_ESCALATIONS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="What is closed was acknowledged, or a plan was agreed, on that day or "
        "before: nobody closes what nobody has seen.",
        violations="""
            select r.event_id, r.contract_id, r.event_on
            from {batch} as r
            where r.event_type = 'CLOSED' and not exists (
                select 1
                from {batch} as s
                where s.contract_id = r.contract_id and s.event_on <= r.event_on
                    and s.event_type <> 'CLOSED'
            )
            order by r.event_id
        """,
        checked="count(*) filter (where event_type = 'CLOSED')",
    ),
    timely("ESCALATION_EVENT_TIMELY", _ESCALATIONS, "event_on", 62),
)

_REQUIREMENT_RULES = (
    _known_brand("REQUIREMENT", _REQUIREMENTS, "A requirement"),
    _ordered("REQUIREMENT", _REQUIREMENTS, "A requirement"),
    _holds(
        "REQUIREMENT_PEER_GROUP_KNOWN",
        _REQUIREMENTS,
        VALIDITY,
        "A requirement applies to ALL (in capitals or not), or to a peer group that has dealers of "
        "its brand, spelt as there: another costs nobody anything.",
        "is_known_group",
    ),
    _holds(
        "REQUIREMENT_EFFORT_OR_COST_PRESENT",
        _REQUIREMENTS,
        COMPLETENESS,
        "A requirement states the work that it takes, or what it costs.",
        "coalesce(effort_days, cost_eur) is not null",
    ),
    _holds(
        "REQUIREMENT_EFFORT_PLAUSIBLE",
        _REQUIREMENTS,
        VALIDITY,
        "A requirement takes a dealer at most a working year: hours in place of days would stand "
        "out.",
        "effort_days between 0 and 220",
    ),
    _holds(
        "REQUIREMENT_COST_PLAUSIBLE",
        _REQUIREMENTS,
        VALIDITY,
        "A requirement costs a dealer at most a million euro: what it costs all of them is "
        "another figure.",
        "cost_eur between 0 and 1000000",
    ),
    Rule(
        code="REQUIREMENTS_NOT_DOUBLED",
        table=_REQUIREMENTS,
        scope=STATE,
        dimension=UNIQUENESS,
        description="The same requirement does not hold twice at a time: it would cost twice.",
        violations=f"""
            select
                a.requirement_id, b.requirement_id as other_requirement_id, a.brand_code,
                a.title, a.applies_to
            from {{batch}} as a
            inner join {{batch}} as b using (brand_code, title, applies_to)
            where a.requirement_id < b.requirement_id
                and a.valid_from <= coalesce(b.valid_to, {_FOREVER})
                and b.valid_from <= coalesce(a.valid_to, {_FOREVER})
            order by a.requirement_id, b.requirement_id
        """,
    ),
    _told_in_time(
        "REQUIREMENT_ANNOUNCED",
        _REQUIREMENTS,
        ("requirement_id",),
        "valid_from",
        0,
        "A requirement is delivered by its first day: nobody meets what he does not know.",
    ),
)

_PULSE_RULES = (
    _known_dealer("PULSE", _PULSE),
    _holds(
        "PULSE_WHILE_DEALER_OPEN",
        _PULSE,
        CONSISTENCY,
        "Who answers is open in the month of the wave.",
        f"dealer_opened_on < wave_month + interval 1 month "
        f"and wave_month <= coalesce(dealer_closed_on, {_FOREVER})",
        applies="is_known_dealer",
    ),
    Rule(
        code="PULSE_NOT_AHEAD_OF_DELIVERY",
        table=_PULSE,
        dimension=TIMELINESS,
        description="A wave has begun when its answers arrive (a day's grace for time zones).",
        passes="wave_month <= cast(_delivered_at as date) + 1",
    ),
    _holds(
        "PULSE_TRUST_PRESENT",
        _PULSE,
        COMPLETENESS,
        "Three in four answers say how far the dealer trusts the manufacturer.",
        "trust_score is not null",
        mostly=0.75,
    ),
    Rule(
        code="PULSE_ANSWERED_BY_HALF",
        table=_PULSE,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Half of the open dealers of a brand answer a wave: those who stay silent may "
        "think otherwise.",
        violations=f"""
            with waves as (
                select brand_code, wave_month, count(*) as answers
                from {{batch}}
                where is_known_dealer
                group by brand_code, wave_month
            )
            select w.brand_code, w.wave_month, w.answers, count(*) as open_dealers
            from waves as w
            inner join state.oem__dealers as k
                on k.brand_code = w.brand_code and k.opened_on <= w.wave_month
                    and coalesce(k.closed_on, {_FOREVER}) >= w.wave_month
            group by w.brand_code, w.wave_month, w.answers
            having 2 * w.answers < count(*)
            order by w.brand_code, w.wave_month
        """,
        checked="count(distinct (brand_code, wave_month))",
        mostly=0.9,
    ),
    timely("PULSE_TIMELY", _PULSE, "wave_month", 100),
)

_MEETING_RULES = (
    _known_dealer("MEETING", _MEETINGS),
    _holds(
        "MEETING_OF_TOP_PARTNER",
        _MEETINGS,
        VALIDITY,
        "A meeting is with a top partner: those of others are in no review.",
        "is_top_partner",
        applies="is_known_dealer",
    ),
    Rule(
        code="MEETING_NOT_AHEAD_OF_DELIVERY",
        table=_MEETINGS,
        dimension=TIMELINESS,
        description="A meeting was held when the file arrives (a day's grace for time zones): "
        "planned ones are none.",
        passes="held_on <= cast(_delivered_at as date) + 1",
        mostly=0.995,
    ),
    _holds(
        "MEETING_PARTICIPANTS_PLAUSIBLE",
        _MEETINGS,
        VALIDITY,
        "Two to fifty people meet: with one it was no meeting.",
        "participants between 2 and 50",
    ),
    _holds(
        "MEETING_HAS_TOPICS",
        _MEETINGS,
        COMPLETENESS,
        "Two in three meetings tell what they were about.",
        "coalesce(trim(topics), '') <> ''",
        mostly=2 / 3,
    ),
    _not_doubled(
        "MEETINGS",
        _MEETINGS,
        ("dealer_id", "brand_code", "held_on"),
        "A partner and a brand meet once a day: a second row is the same meeting under another "
        "id, and its actions count twice.",
    ),
    Rule(
        code="MEETINGS_HELD_IN_MOST_WEEKS",
        table=_MEETINGS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Between his first and his last meeting a partner meets the manufacturer in "
        "two weeks of three: otherwise meetings are not recorded, or the review is not weekly.",
        violations="""
            select
                dealer_id, brand_code, count(distinct date_trunc('week', held_on)) as weeks_met,
                date_diff('week', min(date_trunc('week', held_on)), max(held_on)) + 1 as weeks
            from {batch}
            group by dealer_id, brand_code
            having 3 * weeks_met < 2 * weeks
            order by dealer_id, brand_code
        """,
        checked="count(distinct (dealer_id, brand_code))",
        mostly=0.9,
    ),
    timely("MEETING_TIMELY", _MEETINGS, "held_on", 45),
)

_ACTION_RULES = (
    _holds(
        "ACTION_MEETING_KNOWN",
        _ACTIONS,
        CONSISTENCY,
        "An action was raised in a meeting that is known: others belong to no partner.",
        "is_known_meeting",
        mostly=0.99,
    ),
    _holds(
        "ACTION_RAISED_IN_MEETING",
        _ACTIONS,
        CONSISTENCY,
        "An action is raised on the day of its meeting.",
        "raised_on = held_on",
        applies="is_known_meeting",
    ),
    _holds(
        "ACTION_DECIDED_AFTER_RAISED",
        _ACTIONS,
        CONSISTENCY,
        "An action is decided when it has been raised.",
        "decided_on >= raised_on",
        applies="decided_on is not null",
    ),
    _holds(
        "ACTION_DUE_AFTER_DECISION",
        _ACTIONS,
        CONSISTENCY,
        "An action is due when it has been decided: before, it would be overdue at once.",
        "due_on >= coalesce(decided_on, raised_on)",
        applies="due_on is not null",
    ),
    _holds(
        "ACTION_DONE_AFTER_DECISION",
        _ACTIONS,
        CONSISTENCY,
        "What is done has been decided before.",
        "coalesce(done_on >= decided_on, false)",
        applies="done_on is not null",
    ),
    _holds(
        "ACTION_DECIDED_HAS_DUE_DATE",
        _ACTIONS,
        COMPLETENESS,
        "What is decided is due on some day: otherwise it is never overdue.",
        "due_on is not null",
        applies="decided_on is not null",
    ),
    Rule(
        code="ACTION_NOT_AHEAD_OF_DELIVERY",
        table=_ACTIONS,
        dimension=TIMELINESS,
        description="What is raised, decided or done has been so when the file arrives (a day's "
        "grace for time zones).",
        passes="greatest(raised_on, decided_on, done_on) <= cast(_delivered_at as date) + 1",
        mostly=0.995,
    ),
    _not_doubled(
        "ACTIONS",
        _ACTIONS,
        ("meeting_id", "owner", "title", "raised_on", "due_on"),
        "A meeting raises an action of an owner once.",
    ),
    timely("ACTION_TIMELY", _ACTIONS, "raised_on", 45),
)

_MODULE_RULES = (
    _known_brand("MODULE", _MODULES, "A module"),
    Rule(
        code="MODULE_NAME_UNIQUE",
        table=_MODULES,
        scope=STATE,
        dimension=UNIQUENESS,
        description="Two modules of a brand with the same name are one module under two codes.",
        violations="""
            select brand_code, lower(trim(module_name)) as module_name, count(*) as codes
            from {batch}
            group by all
            having count(*) > 1
            order by all
        """,
    ),
    Rule(
        code="MODULE_TAKEN_UP",
        table=_MODULES,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Some dealer has decided for each module: one that nobody takes up was made "
        "for nobody, or adoptions are not delivered.",
        violations="""
            select module_code, brand_code, module_name, available_from
            from {batch}
            where module_code not in (select module_code from state.dealer__module_adoptions)
            order by module_code
        """,
        mostly=0.8,
    ),
    _told_in_time(
        "MODULE_ANNOUNCED",
        _MODULES,
        ("module_code",),
        "available_from",
        0,
        "A module is delivered by the day from which it is offered.",
    ),
    _known_dealer("MODULE_ADOPTION", _ADOPTIONS),
    _holds(
        "MODULE_ADOPTION_MODULE_KNOWN",
        _ADOPTIONS,
        CONSISTENCY,
        "A dealer decides for a module that his brand offers.",
        "is_known_module",
        mostly=0.99,
    ),
    _holds(
        "MODULE_ADOPTION_WHILE_DEALER_OPEN",
        _ADOPTIONS,
        CONSISTENCY,
        "Who decides for a module is open on that day.",
        f"decided_on between dealer_opened_on and coalesce(dealer_closed_on, {_FOREVER})",
        applies="is_known_dealer",
    ),
    _holds(
        "MODULE_LIVE_AFTER_DECISION",
        _ADOPTIONS,
        CONSISTENCY,
        "A module is live after it was decided for: otherwise it took less than no time.",
        "live_on >= decided_on",
        applies="live_on is not null",
    ),
    _holds(
        "MODULE_LIVE_SINCE_AVAILABLE",
        _ADOPTIONS,
        CONSISTENCY,
        "A module is live from the day on which it is offered, not before.",
        "live_on >= available_from",
        applies="live_on is not null and is_known_module",
    ),
    _holds(
        "MODULE_ABANDONED_AFTER_DECISION",
        _ADOPTIONS,
        CONSISTENCY,
        "A module is given up after it was decided for, and after it was live if it ever was.",
        "abandoned_on >= greatest(decided_on, live_on)",
        applies="abandoned_on is not null",
    ),
    Rule(
        code="MODULE_ADOPTION_NOT_AHEAD_OF_DELIVERY",
        table=_ADOPTIONS,
        dimension=TIMELINESS,
        description="What is decided, live or given up has been so when the file arrives (a day's "
        "grace for time zones): plans are no facts.",
        passes="greatest(decided_on, live_on, abandoned_on) <= cast(_delivered_at as date) + 1",
        mostly=0.995,
    ),
)

RULES = (
    *_CONTRACT_RULES,
    *_STANDARD_RULES,
    *_EVENT_RULES,
    *_ESCALATION_RULES,
    *_REQUIREMENT_RULES,
    *_PULSE_RULES,
    *_MEETING_RULES,
    *_ACTION_RULES,
    *_MODULE_RULES,
)
