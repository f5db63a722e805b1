"""Rules of contracts and their standards, of escalations and requirements, and of the dialogue
between manufacturer and dealers."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    STATE,
    TIMELINESS,
    UNIQUENESS,
    VALIDITY,
    Rule,
    accepted,
    timely,
)
from expectations.shared import (
    BRANDS,
    FOREVER,
    holds,
    known_brand,
    known_dealer,
    not_doubled,
    ordered,
    told_in_time,
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


_WITH_BRAND = f"""
    select r.*, b.brand_code is not null as is_known_brand
    from {{batch}} as r
    left join {BRANDS} as b using (brand_code)
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
        left join {BRANDS} as b using (brand_code)
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
        left join {BRANDS} as b using (brand_code)
        left join (select distinct brand_code, peer_group from state.oem__dealers) as p
            on p.brand_code = r.brand_code and p.peer_group = r.applies_to
    """,
    _PULSE: _WITH_DEALER,
    _MEETINGS: _WITH_DEALER,
    _ACTIONS: """
        select r.*, m.dealer_id, m.meeting_id is not null as is_known_meeting, m.held_on
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


def _known_contract(prefix: str, table: str) -> Rule:
    return holds(
        f"{prefix}_CONTRACT_KNOWN",
        table,
        CONSISTENCY,
        "An event names a contract that is known.",
        "Another has no effect.",
        "Correct the contract's id, or deliver the contract.",
        "is_known_contract",
    )


def _while_valid(prefix: str, table: str) -> Rule:
    return holds(
        f"{prefix}_WHILE_CONTRACT_VALID",
        table,
        CONSISTENCY,
        "An event is dated from the first to the last day of its contract.",
        "Outside it has no effect.",
        "Correct the day, or the contract that the event names.",
        f"event_on between contract_from and coalesce(contract_to, {FOREVER})",
        applies="is_known_contract",
    )


_CONTRACT_RULES = (
    known_dealer("CONTRACT", _CONTRACTS),
    known_brand("CONTRACT", _CONTRACTS, "A contract"),
    ordered("CONTRACT", _CONTRACTS, "A contract"),
    holds(
        "CONTRACT_WHILE_DEALER_OPEN",
        _CONTRACTS,
        CONSISTENCY,
        "On some day of a contract its dealer is open.",
        "Otherwise it binds nobody.",
        "Correct the days of the contract or of the dealer.",
        f"dealer_opened_on <= coalesce(valid_to, {FOREVER}) "
        f"and valid_from <= coalesce(dealer_closed_on, {FOREVER})",
        applies=f"is_known_dealer and coalesce(valid_to, {FOREVER}) >= valid_from",
    ),
    holds(
        "CONTRACT_ENDS_WITH_DEALER",
        _CONTRACTS,
        TIMELINESS,
        "A contract ends by the day on which its dealer closes.",
        "Shares of contracts would count it on.",
        "Deliver the end of the contract.",
        f"coalesce(valid_to, {FOREVER}) <= dealer_closed_on",
        applies="dealer_closed_on is not null",
        mostly=0.9,
    ),
    Rule(
        code="CONTRACTS_NOT_OVERLAPPING",
        table=_CONTRACTS,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A dealer has one contract for a brand at a time.",
        reason="With two, each standard and each breach counts twice.",
        remedy="End the older contract the day before the newer begins.",
        violations=f"""
            select dealer_id, brand_code, contract_id, valid_from, valid_to, next_valid_from
            from (
                select *, lead(valid_from) over (
                    partition by dealer_id, brand_code order by valid_from, contract_id
                ) as next_valid_from
                from {{batch}}
                where coalesce(valid_to, {FOREVER}) >= valid_from
            )
            where next_valid_from <= coalesce(valid_to, {FOREVER})
            order by dealer_id, brand_code, valid_from
        """,
    ),
    Rule(
        code="CONTRACTS_COMPLETE",
        table=_CONTRACTS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every open dealer has a contract without end for his brand.",
        reason="Without one nothing was agreed, and nothing escalates.",
        remedy="Deliver the contract.",
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
    holds(
        "CONTRACT_OBJECTION_DAYS_PLAUSIBLE",
        _CONTRACTS,
        VALIDITY,
        "A window for objections lasts from a week to half a year.",
        "Months in place of days would leave nobody the time.",
        "Deliver days.",
        "objection_days between 7 and 180",
    ),
    holds(
        "CONTRACT_QUANTILE_PLAUSIBLE",
        _CONTRACTS,
        VALIDITY,
        "The benchmark is a quantile above 0 and below 1.",
        "At 0 nobody is ever in breach, at 1 everybody but the best.",
        "Deliver a fraction, 0.25 for the lower quarter.",
        "benchmark_quantile > 0 and benchmark_quantile < 1",
    ),
    holds(
        "CONTRACT_BREACH_QUARTERS_PLAUSIBLE",
        _CONTRACTS,
        VALIDITY,
        "One to eight quarters in breach open an escalation.",
        "Days or months in their place would never do.",
        "Deliver quarters.",
        "breach_quarters between 1 and 8",
    ),
    told_in_time(
        "CONTRACT_DELIVERED",
        _CONTRACTS,
        ("contract_id",),
        "valid_from",
        0,
        "A contract is delivered by its first day.",
        "Versions that were published since would be taken up without a window.",
        "Deliver contracts before they begin.",
    ),
)

_STANDARD_RULES = (
    known_brand("STANDARD", _STANDARDS, "A standard"),
    holds(
        "STANDARD_MANDATORY_AFTER_PUBLICATION",
        _STANDARDS,
        CONSISTENCY,
        "A version is mandatory when it is published, or later.",
        "Nobody can keep what he has not been told.",
        "Correct one of the two days.",
        "mandatory_from >= published_on",
    ),
    holds(
        "STANDARD_WITHDRAWN_AFTER_PUBLICATION",
        _STANDARDS,
        CONSISTENCY,
        "A version is withdrawn when it is published, or later.",
        "Otherwise it was never in force, and objections to it have no window.",
        "Correct one of the two days.",
        "withdrawn_on >= published_on",
        applies="withdrawn_on is not null",
    ),
    Rule(
        code="STANDARD_OF_ONE_BRAND",
        table=_STANDARDS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="All versions of a standard are of one brand.",
        reason="Those of another supersede nothing.",
        remedy="Use a code of its own for each brand.",
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
        description="A version is spelled in one way only.",
        reason="`V2` and `2.0` beside `2` would supersede one another.",
        remedy="Withdraw all spellings but one.",
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
    told_in_time(
        "STANDARD_DELIVERED",
        _STANDARDS,
        ("standard_code", "version"),
        "published_on",
        7,
        "A version is delivered within a week of its publication.",
        "The window for objections runs while dealers know nothing.",
        "Deliver versions when they are published.",
    ),
)

_EVENT_RULES = (
    _known_contract("CONTRACT_EVENT", _EVENTS),
    holds(
        "CONTRACT_EVENT_STANDARD_KNOWN",
        _EVENTS,
        CONSISTENCY,
        "An event names a version of a standard of the contract's brand.",
        "Another has no effect.",
        "Correct standard or version.",
        "is_known_standard",
    ),
    _while_valid("CONTRACT_EVENT", _EVENTS),
    holds(
        "OBJECTION_WITHIN_WINDOW",
        _EVENTS,
        TIMELINESS,
        "An objection comes within the window of its contract.",
        "One outside has no effect.",
        ("Correct the day if it is wrong; else tell the dealer that it was too late."),
        "event_on between published_on and published_on + cast(objection_days as integer)",
        applies="event_type = 'OBJECTION' and is_known_contract and is_known_standard",
    ),
    holds(
        "OBJECTION_OF_AUTOMATIC_CONTRACT",
        _EVENTS,
        VALIDITY,
        "Only who adopts standards automatically objects.",
        "The others just do not sign: their objection has no effect.",
        "Correct the contract that the event names, or withdraw it.",
        "auto_adopt_standards",
        applies="event_type = 'OBJECTION' and is_known_contract",
    ),
    holds(
        "ADOPTION_AFTER_PUBLICATION",
        _EVENTS,
        CONSISTENCY,
        "A version is signed when it is published, or later.",
        "Otherwise another version was signed.",
        "Correct the version or the day.",
        "event_on >= published_on",
        applies="event_type = 'ADOPTION' and is_known_standard",
    ),
    Rule(
        code="OBJECTION_RESOLVED_AFTER_OBJECTION",
        table=_EVENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="What is resolved was objected before.",
        reason=("A resolution without an objection of the contract to that version has no effect."),
        remedy="Deliver the objection, or correct contract, standard or version.",
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
    not_doubled(
        "CONTRACT_EVENTS",
        _EVENTS,
        ("contract_id", "event_type", "standard_code", "version", "event_on"),
        "An event of a contract is told under one id.",
        "Who withdraws one of two withdraws nothing.",
        "Withdraw one of them.",
    ),
    timely("CONTRACT_EVENT_TIMELY", _EVENTS, "event_on", 62),
)

_ESCALATION_RULES = (
    _known_contract("ESCALATION_EVENT", _ESCALATIONS),
    _while_valid("ESCALATION_EVENT", _ESCALATIONS),
    not_doubled(
        "ESCALATION_EVENTS",
        _ESCALATIONS,
        ("contract_id", "event_type", "event_on"),
        "An event of an escalation is told under one id.",
        "Who withdraws one of two withdraws nothing.",
        "Withdraw one of them.",
    ),
    Rule(
        code="ESCALATION_CLOSED_AFTER_A_STEP",
        table=_ESCALATIONS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="What is closed was acknowledged, or a plan was agreed, on that day or before.",
        reason="Nobody closes what nobody has seen.",
        remedy="Deliver the step that came before.",
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
    known_brand("REQUIREMENT", _REQUIREMENTS, "A requirement"),
    ordered("REQUIREMENT", _REQUIREMENTS, "A requirement"),
    holds(
        "REQUIREMENT_PEER_GROUP_KNOWN",
        _REQUIREMENTS,
        VALIDITY,
        "A requirement applies to ALL (in capitals or not), or to a peer group that has dealers "
        "of its brand, spelt as there.",
        "Another costs nobody anything.",
        "Use the peer groups of the dealers.",
        "is_known_group",
    ),
    holds(
        "REQUIREMENT_EFFORT_OR_COST_PRESENT",
        _REQUIREMENTS,
        COMPLETENESS,
        "A requirement states the work that it takes, or what it costs.",
        "Otherwise it adds nothing to the burden that is measured.",
        "Deliver effort_days or cost_eur.",
        "coalesce(effort_days, cost_eur) is not null",
    ),
    holds(
        "REQUIREMENT_EFFORT_PLAUSIBLE",
        _REQUIREMENTS,
        VALIDITY,
        "A requirement takes a dealer at most a working year.",
        "Hours in place of days would stand out above all others.",
        "Deliver working days of one dealer.",
        "effort_days between 0 and 220",
    ),
    holds(
        "REQUIREMENT_COST_PLAUSIBLE",
        _REQUIREMENTS,
        VALIDITY,
        "A requirement costs a dealer at most a million euro.",
        "What it costs all of them is another figure.",
        "Deliver the cost of one dealer.",
        "cost_eur between 0 and 1000000",
    ),
    Rule(
        code="REQUIREMENTS_NOT_DOUBLED",
        table=_REQUIREMENTS,
        scope=STATE,
        dimension=UNIQUENESS,
        description="The same requirement does not hold twice at a time.",
        reason="It would cost twice.",
        remedy="Withdraw one of them, or end the older.",
        violations=f"""
            select
                a.requirement_id, b.requirement_id as other_requirement_id, a.brand_code,
                a.title, a.applies_to
            from {{batch}} as a
            inner join {{batch}} as b using (brand_code, title, applies_to)
            where a.requirement_id < b.requirement_id
                and a.valid_from <= coalesce(b.valid_to, {FOREVER})
                and b.valid_from <= coalesce(a.valid_to, {FOREVER})
            order by a.requirement_id, b.requirement_id
        """,
    ),
    told_in_time(
        "REQUIREMENT_ANNOUNCED",
        _REQUIREMENTS,
        ("requirement_id",),
        "valid_from",
        0,
        "A requirement is delivered by its first day.",
        "Nobody meets what he does not know.",
        "Deliver requirements before they hold.",
    ),
)

_PULSE_RULES = (
    known_dealer("PULSE", _PULSE),
    holds(
        "PULSE_WHILE_DEALER_OPEN",
        _PULSE,
        CONSISTENCY,
        "Who answers is open in the month of the wave.",
        "Answers of others count in the share of the network.",
        "Correct the month, or have the dealer's days corrected.",
        f"dealer_opened_on < wave_month + interval 1 month "
        f"and wave_month <= coalesce(dealer_closed_on, {FOREVER})",
        applies="is_known_dealer",
    ),
    Rule(
        code="PULSE_NOT_AHEAD_OF_DELIVERY",
        table=_PULSE,
        dimension=TIMELINESS,
        description=("A wave has begun when its answers arrive (a day's grace for time zones)."),
        reason="Answers to a wave that has not begun belong to another.",
        remedy="Deliver the month of the wave that was asked.",
        passes="wave_month <= cast(_delivered_at as date) + 1",
    ),
    holds(
        "PULSE_TRUST_PRESENT",
        _PULSE,
        COMPLETENESS,
        "An answer says how far the dealer trusts the manufacturer.",
        "Trust is then that of the few who say.",
        "Answer both questions of the wave.",
        "trust_score is not null",
        mostly=0.75,
    ),
    Rule(
        code="PULSE_ANSWERED_BY_HALF",
        table=_PULSE,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Half of the open dealers of a brand answer a wave.",
        reason="Those who stay silent may think otherwise.",
        remedy="Answer each wave; it takes a minute.",
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
                    and coalesce(k.closed_on, {FOREVER}) >= w.wave_month
            group by w.brand_code, w.wave_month, w.answers
            having 2 * w.answers < count(*)
            order by w.brand_code, w.wave_month
        """,
        checked="count(distinct (brand_code, wave_month))",
        mostly=0.9,
    ),
    timely("PULSE_TIMELY", _PULSE, "wave_month", 100),
    *accepted("PULSE", _PULSE),
)

_MEETING_RULES = (
    known_dealer("MEETING", _MEETINGS),
    holds(
        "MEETING_OF_TOP_PARTNER",
        _MEETINGS,
        VALIDITY,
        "A meeting is with a top partner.",
        "Those of others are in no review.",
        "Correct dealer or brand, or have the partner's status corrected.",
        "is_top_partner",
        applies="is_known_dealer",
    ),
    Rule(
        code="MEETING_NOT_AHEAD_OF_DELIVERY",
        table=_MEETINGS,
        dimension=TIMELINESS,
        description=("A meeting was held when the file arrives (a day's grace for time zones)."),
        reason="Planned ones are none: one that is cancelled would count as held.",
        remedy="Export meetings after they were held.",
        passes="held_on <= cast(_delivered_at as date) + 1",
        mostly=0.995,
    ),
    holds(
        "MEETING_PARTICIPANTS_PLAUSIBLE",
        _MEETINGS,
        VALIDITY,
        "Two to fifty people meet.",
        "With one it was no meeting, and it counts as one.",
        "Count all who took part, of both sides.",
        "participants between 2 and 50",
    ),
    holds(
        "MEETING_HAS_TOPICS",
        _MEETINGS,
        COMPLETENESS,
        "A meeting tells what it was about.",
        "Otherwise the next one begins anew.",
        "Note the topics when the meeting ends.",
        "coalesce(trim(topics), '') <> ''",
        mostly=0.666,
    ),
    not_doubled(
        "MEETINGS",
        _MEETINGS,
        ("dealer_id", "brand_code", "held_on"),
        "A partner and a brand meet once a day.",
        ("A second row is the same meeting under another id, and its actions count twice."),
        "Withdraw one of them.",
    ),
    Rule(
        code="MEETINGS_HELD_IN_MOST_WEEKS",
        table=_MEETINGS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Between his first and his last meeting a partner meets the manufacturer in "
        "two weeks of three.",
        reason="Otherwise meetings are not recorded, or the review is not weekly.",
        remedy="Record each meeting, also short ones.",
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
    *accepted("MEETING", _MEETINGS),
)

_ACTION_RULES = (
    holds(
        "ACTION_MEETING_KNOWN",
        _ACTIONS,
        CONSISTENCY,
        "An action was raised in a meeting that is known.",
        "Others belong to no partner: nobody is reminded of them.",
        "Deliver the meeting as well, or correct its id.",
        "is_known_meeting",
        mostly=0.99,
    ),
    holds(
        "ACTION_RAISED_IN_MEETING",
        _ACTIONS,
        CONSISTENCY,
        "An action is raised on the day of its meeting.",
        "Days until it is done count from a wrong day.",
        "Correct the day, or the meeting that the action names.",
        "raised_on = held_on",
        applies="is_known_meeting",
    ),
    holds(
        "ACTION_DECIDED_AFTER_RAISED",
        _ACTIONS,
        CONSISTENCY,
        "An action is decided when it was raised, or later.",
        "Otherwise it was decided in less than no time.",
        "Correct one of the two days.",
        "decided_on >= raised_on",
        applies="decided_on is not null",
    ),
    holds(
        "ACTION_DUE_AFTER_DECISION",
        _ACTIONS,
        CONSISTENCY,
        "An action is due when it was decided, or later.",
        "Before, it would be overdue at once.",
        "Agree a day that lies ahead.",
        "due_on >= coalesce(decided_on, raised_on)",
        applies="due_on is not null",
    ),
    holds(
        "ACTION_DONE_AFTER_DECISION",
        _ACTIONS,
        CONSISTENCY,
        "What is done has been decided, on that day or before.",
        "Otherwise nobody knows who asked for it, and it counts as kept.",
        "Enter the day of the decision; correct done_on if it is wrong.",
        "coalesce(done_on >= decided_on, false)",
        applies="done_on is not null",
    ),
    holds(
        "ACTION_DECIDED_HAS_DUE_DATE",
        _ACTIONS,
        COMPLETENESS,
        "What is decided is due on some day.",
        "Otherwise it is never overdue.",
        "Agree a day when you decide.",
        "due_on is not null",
        applies="decided_on is not null",
    ),
    Rule(
        code="ACTION_NOT_AHEAD_OF_DELIVERY",
        table=_ACTIONS,
        dimension=TIMELINESS,
        description="What is raised, decided or done has been so when the file arrives (a day's "
        "grace for time zones).",
        reason="A plan told as a fact counts as kept, whatever becomes of it.",
        remedy="Enter a day when it has come; a plan is due_on.",
        passes="greatest(raised_on, decided_on, done_on) <= cast(_delivered_at as date) + 1",
        mostly=0.995,
    ),
    not_doubled(
        "ACTIONS",
        _ACTIONS,
        ("meeting_id", "owner", "title", "raised_on", "due_on"),
        "A meeting raises an action of an owner once.",
        "Done once, it would count as half kept.",
        "Withdraw one of them.",
    ),
    timely("ACTION_TIMELY", _ACTIONS, "raised_on", 45),
    *accepted("ACTION", _ACTIONS),
)

_MODULE_RULES = (
    known_brand("MODULE", _MODULES, "A module"),
    Rule(
        code="MODULE_NAME_UNIQUE",
        table=_MODULES,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A module of a brand has one code.",
        reason="Under two its adoptions are split.",
        remedy="Keep one code per module, and withdraw the other.",
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
        description="Some dealer has decided for each module.",
        reason=("One that nobody takes up was made for nobody, or adoptions are not delivered."),
        remedy="Ask dealers to deliver adoptions; withdraw a module that is not offered any more.",
        violations="""
            select module_code, brand_code, module_name, available_from
            from {batch}
            where module_code not in (select module_code from state.dealer__module_adoptions)
            order by module_code
        """,
        mostly=0.8,
    ),
    told_in_time(
        "MODULE_ANNOUNCED",
        _MODULES,
        ("module_code",),
        "available_from",
        0,
        "A module is delivered by the day from which it is offered.",
        "Dealers decide for what they know, and are late for what they do not.",
        "Deliver modules before they are offered.",
    ),
    known_dealer("MODULE_ADOPTION", _ADOPTIONS),
    holds(
        "MODULE_ADOPTION_MODULE_KNOWN",
        _ADOPTIONS,
        CONSISTENCY,
        "A dealer decides for a module that his brand offers.",
        "Another is in no figure.",
        "Use the code of the module as the brand gives it.",
        "is_known_module",
        mostly=0.99,
    ),
    holds(
        "MODULE_ADOPTION_WHILE_DEALER_OPEN",
        _ADOPTIONS,
        CONSISTENCY,
        "Who decides for a module is open on that day.",
        "Decisions of others count in the shares of the network.",
        "Correct the day, or have the dealer's days corrected.",
        f"decided_on between dealer_opened_on and coalesce(dealer_closed_on, {FOREVER})",
        applies="is_known_dealer",
    ),
    holds(
        "MODULE_LIVE_AFTER_DECISION",
        _ADOPTIONS,
        CONSISTENCY,
        "A module is live when it was decided for, or later.",
        "Otherwise it took less than no time, and the mean is too short.",
        "Correct one of the two days.",
        "live_on >= decided_on",
        applies="live_on is not null",
    ),
    holds(
        "MODULE_LIVE_SINCE_AVAILABLE",
        _ADOPTIONS,
        CONSISTENCY,
        "A module is live from the day on which it is offered, not before.",
        "Otherwise it was another module, or a day is wrong.",
        "Correct the day, or the module's code.",
        "live_on >= available_from",
        applies="live_on is not null and is_known_module",
    ),
    holds(
        "MODULE_ABANDONED_AFTER_DECISION",
        _ADOPTIONS,
        CONSISTENCY,
        "A module is given up when it was decided for or later, and not before it was live if it "
        "ever was.",
        "Otherwise it counts as given up before it began.",
        "Correct the days.",
        "abandoned_on >= greatest(decided_on, live_on)",
        applies="abandoned_on is not null",
    ),
    Rule(
        code="MODULE_ADOPTION_NOT_AHEAD_OF_DELIVERY",
        table=_ADOPTIONS,
        dimension=TIMELINESS,
        description="What is decided, live or given up has been so when the file arrives (a day's "
        "grace for time zones).",
        reason="Plans are no facts: a go-live that is put off would count as reached.",
        remedy="Enter a day when it has come.",
        passes="greatest(decided_on, live_on, abandoned_on) <= cast(_delivered_at as date) + 1",
        mostly=0.995,
    ),
    *accepted("MODULE_ADOPTION", _ADOPTIONS),
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
