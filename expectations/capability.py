"""Rules of the partner academy and of the systems at the dealers: courses and who has passed them,
staff, what the IT has to meet, and introductions of systems."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    DIMENSIONS,
    HISTORY,
    STATE,
    TIMELINESS,
    UNIQUENESS,
    VALIDITY,
    Rule,
    accepted,
    timely,
)
from expectations.shared import (
    DELIVERED_ON,
    FOREVER,
    holds,
    known_dealer,
    not_doubled,
    told_in_time,
)

_COURSES = "oem__courses"
_TRAINING = "oem__training_events"
_STAFF = "dealer__staff"
_CRITERIA = "oem__it_criteria"
_ASSESSMENTS = "dealer__it_assessments"
_ROLLOUTS = "oem__system_rollouts"

# dealers of any brand: who is assessed, or sends people, does so for all of his
_HOUSES = f"""(
    select
        dealer_id, min(opened_on) as dealer_opened_on,
        max(coalesce(closed_on, {FOREVER})) as dealer_closed_on
    from state.oem__dealers
    group by dealer_id
)"""

SCANS = {
    # a dealer without a list of his people knows nobody: then rules about them do not speak
    _TRAINING: f"""
        select
            r.*, k.dealer_id is not null as is_known_dealer,
            c.course_code is not null as is_known_course,
            case when l.dealer_id is not null then s.person_id is not null end as is_listed,
            s.employed_from, s.employed_to
        from {{batch}} as r
        left join {_HOUSES} as k using (dealer_id)
        left join state.oem__courses as c using (course_code)
        left join (select distinct dealer_id from state.dealer__staff) as l using (dealer_id)
        left join state.dealer__staff as s using (person_id, dealer_id)
    """,
    _STAFF: """
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
    """,
    _ASSESSMENTS: f"""
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.dealer_opened_on,
            k.dealer_closed_on, c.criterion_code is not null as is_known_criterion,
            c.valid_from as criterion_from
        from {{batch}} as r
        left join {_HOUSES} as k using (dealer_id)
        left join state.oem__it_criteria as c using (criterion_code)
    """,
    _ROLLOUTS: """
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
    """,
}


def _house_known(prefix: str, table: str, reason: str) -> Rule:
    return holds(
        f"{prefix}_DEALER_KNOWN",
        table,
        CONSISTENCY,
        "The dealer has a contract for some brand.",
        reason,
        "Export the dealer's id as the contract has it; if it is right, deliver the contract.",
        "is_known_dealer",
        mostly=0.99,
    )


def _not_ahead(prefix: str, table: str, day: str, description: str, reason: str) -> Rule:
    return Rule(
        code=f"{prefix}_NOT_AHEAD_OF_DELIVERY",
        table=table,
        dimension=TIMELINESS,
        description=description,
        reason=reason,
        remedy="Enter a day when it has come; keep plans apart.",
        passes=f"{day} <= {DELIVERED_ON} + 1",
        mostly=0.995,
    )


_COURSE_RULES = (
    holds(
        "COURSE_VALIDITY_PLAUSIBLE",
        _COURSES,
        VALIDITY,
        "A certificate is valid from three months to ten years, or for ever.",
        "Days or years in place of months would let all certificates expire at once, or none.",
        "Deliver months; leave the column empty for a certificate without an end.",
        "validity_months between 3 and 120",
    ),
    Rule(
        code="COURSE_NAME_UNIQUE",
        table=_COURSES,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A course has one code.",
        reason="Under two codes its certificates are split: who has one lacks the other.",
        remedy="Deliver the events of one code again under the other first, then withdraw the one "
        "that is left without events.",
        violations="""
            select lower(trim(course_name)) as course_name, count(*) as codes
            from {batch}
            group by all
            having count(*) > 1
            order by all
        """,
    ),
    Rule(
        code="COURSES_TEACH_EVERY_DIMENSION",
        table=_COURSES,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Each dimension of data quality has a course that teaches it.",
        reason="Of the others nobody learns, and no dealer is told what would help.",
        remedy="Deliver quality_dimension with the course that teaches it, or offer one.",
        violations=f"""
            select d.quality_dimension
            from (select unnest({list(DIMENSIONS)}) as quality_dimension) as d
            where exists (select 1 from {{batch}}) and d.quality_dimension not in (
                select quality_dimension from {{batch}} where quality_dimension is not null
            )
            order by d.quality_dimension
        """,
        checked=f"{len(DIMENSIONS)} * least(count(*), 1)",
    ),
    Rule(
        code="COURSE_TAKEN_UP",
        table=_COURSES,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Somebody has completed each course.",
        reason="A course that nobody takes was made for nobody, or its events are not delivered.",
        remedy="Deliver the events of the course, or withdraw it where it is not offered any more.",
        violations="""
            select course_code, course_name
            from {batch}
            where course_code not in (select course_code from state.oem__training_events)
            order by course_code
        """,
        mostly=0.8,
    ),
)

_TRAINING_RULES = (
    holds(
        "TRAINING_COURSE_KNOWN",
        _TRAINING,
        CONSISTENCY,
        "What was completed is a course of the academy.",
        "An event of another makes no certificate: who has learnt is counted as if he had not.",
        "Correct the code, or deliver the course.",
        "is_known_course",
    ),
    _house_known("TRAINING", _TRAINING, "What others have learnt is in no figure."),
    holds(
        "TRAINING_PERSON_LISTED",
        _TRAINING,
        COMPLETENESS,
        "Who completes a course stands in the list of his dealer's people.",
        "Otherwise his certificate raises nobody's coverage, and his brand is unknown.",
        "Use the person's id as dealers list it; ask the dealer to list everybody.",
        "is_listed",
        mostly=0.95,
    ),
    holds(
        "TRAINING_WHILE_EMPLOYED",
        _TRAINING,
        CONSISTENCY,
        "Who completes a course works at that dealer on that day.",
        "The seat counts for a dealer whom it does not help, and what the course has changed is "
        "measured at the wrong one.",
        "Deliver the dealer for whom the person worked that day, or correct the day.",
        f"completed_on between employed_from and coalesce(employed_to, {FOREVER})",
        applies="is_listed",
        mostly=0.95,
    ),
    _not_ahead(
        "TRAINING",
        _TRAINING,
        "completed_on",
        "A course was completed when the file arrives (a day's grace for time zones).",
        "Who is booked has not learnt yet: certificates would begin too early.",
    ),
    not_doubled(
        "TRAINING_EVENTS",
        _TRAINING,
        ("person_id", "course_code", "completed_on"),
        "A person completes a course once a day.",
        "A second row is the same seat under another id, and seats and pass rate count it twice.",
        "Withdraw one of them.",
    ),
    timely("TRAINING_TIMELY", _TRAINING, "completed_on", 62),
)

_STAFF_RULES = (
    known_dealer("STAFF", _STAFF),
    holds(
        "STAFF_EMPLOYMENT_ORDERED",
        _STAFF,
        CONSISTENCY,
        "The last day of an employment is not before its first.",
        "The person is never active, and missing in the coverage by certificates.",
        "Correct one of the two days.",
        "employed_to >= employed_from",
        applies="employed_to is not null",
        mostly=0.99,
    ),
    holds(
        "STAFF_FROM_PLAUSIBLE",
        _STAFF,
        VALIDITY,
        "An employment begins since 1950, and at most a year after the list.",
        "A default in place of the day makes a person active before he was, or never.",
        "Enter the first day of the employment.",
        f"employed_from between date '1950-01-01' and {DELIVERED_ON} + 366",
        mostly=0.99,
    ),
    holds(
        "STAFF_ENDS_WITH_DEALER",
        _STAFF,
        TIMELINESS,
        "In a list of later than that an employment ends by the day on which the dealer closes.",
        "Otherwise the person counts at a dealer who is no more.",
        "List the last day of everybody when you close.",
        f"coalesce(employed_to, {FOREVER}) <= dealer_closed_on",
        applies=f"{DELIVERED_ON} > dealer_closed_on",
        mostly=0.9,
    ),
    Rule(
        code="STAFF_AT_ONE_DEALER",
        table=_STAFF,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A person works at one dealer at a time.",
        reason="He counts at each: coverage and seats of one of them are wrong.",
        remedy="Enter the last day of who has left for another dealer.",
        violations=f"""
            with employments as (
                select
                    person_id, dealer_id, employed_from,
                    coalesce(employed_to, {FOREVER}) as employed_to
                from {{batch}}
            )
            select
                a.person_id, a.dealer_id, b.dealer_id as other_dealer_id,
                greatest(a.employed_from, b.employed_from) as overlap_from
            from employments as a
            inner join employments as b on
                b.person_id = a.person_id and b.dealer_id > a.dealer_id
                and b.employed_from <= a.employed_to and a.employed_from <= b.employed_to
            order by a.dealer_id, b.dealer_id
        """,
        mostly=0.98,
    ),
    Rule(
        code="STAFF_LISTED_BY_ALL",
        table=_STAFF,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Every open dealer lists people of each of his brands.",
        reason="Without a list the coverage by certificates is missing in his scorecard.",
        remedy="Deliver the list of all people, with the brand that each works for most.",
        violations="""
            select k.dealer_id, k.brand_code
            from state.oem__dealers as k
            where k.closed_on is null and exists (select 1 from {batch})
                and (k.dealer_id, k.brand_code) not in (
                    select (dealer_id, brand_code) from {batch}
                )
            order by k.dealer_id, k.brand_code
        """,
        checked="(select count(*) from state.oem__dealers where closed_on is null) "
        "* least(count(*), 1)",
        mostly=0.9,
    ),
    Rule(
        code="STAFF_LEAVERS_KEPT",
        table=_STAFF,
        scope=HISTORY,
        dimension=COMPLETENESS,
        description="Who was listed once is listed again, with his last day if he has left.",
        reason="Months of the past are counted from the newest list: who is missing there was "
        "never trained, and coverage changes in hindsight.",
        remedy="List everybody since the first list; never delete who leaves.",
        violations="""
            select r.dealer_id, r.person_id, max(r._delivered_at) as last_listed_at
            from {batch} as r
            where (r.dealer_id, r.person_id) not in (
                select (dealer_id, person_id) from state.dealer__staff
            )
            group by r.dealer_id, r.person_id
            order by r.dealer_id, r.person_id
        """,
        checked="count(distinct (dealer_id, person_id))",
        mostly=0.97,
    ),
    *accepted("STAFF", _STAFF),
)

_CRITERION_RULES = (
    Rule(
        code="IT_CRITERION_NAME_UNIQUE",
        table=_CRITERIA,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A criterion has one code.",
        reason="Under two codes nobody meets both, since nobody is assessed twice.",
        remedy="Keep one code per criterion, and withdraw the other.",
        violations="""
            select lower(trim(name)) as criterion_name, count(*) as codes
            from {batch}
            group by all
            having count(*) > 1
            order by all
        """,
    ),
    told_in_time(
        "IT_CRITERION_ANNOUNCED",
        _CRITERIA,
        ("criterion_code",),
        "valid_from",
        0,
        "A criterion is delivered by the day from which it is asked for.",
        "Who has not been told is not ready from that day on.",
        "Deliver criteria before they are asked for.",
    ),
)

_ASSESSMENT_RULES = (
    _house_known(
        "IT_ASSESSMENT", _ASSESSMENTS, "What others have is in no mart: the dealer is not ready."
    ),
    holds(
        "IT_ASSESSMENT_CRITERION_KNOWN",
        _ASSESSMENTS,
        CONSISTENCY,
        "An assessment is of a criterion that the manufacturer asks for.",
        "Another changes nothing: the criterion that was meant counts as not met.",
        "Use the codes of the criteria as the manufacturer gives them.",
        "is_known_criterion",
        mostly=0.99,
    ),
    holds(
        "IT_ASSESSMENT_WHILE_DEALER_OPEN",
        _ASSESSMENTS,
        CONSISTENCY,
        "Who is assessed is open on that day, or opens within the year.",
        "The day is wrong, and a newer assessment may lose to it.",
        "Enter the day on which the criterion was looked at.",
        "assessed_on between dealer_opened_on - 366 and dealer_closed_on",
        applies="is_known_dealer",
        mostly=0.99,
    ),
    holds(
        "IT_ASSESSMENT_SINCE_CRITERION",
        _ASSESSMENTS,
        VALIDITY,
        "A criterion is assessed from a year before it is asked for.",
        "Before, what it asks for was not settled: such an assessment says nothing.",
        "Assess again when the criterion is announced; correct the day if it is wrong.",
        "assessed_on >= criterion_from - 366",
        applies="is_known_criterion",
        mostly=0.98,
    ),
    _not_ahead(
        "IT_ASSESSMENT",
        _ASSESSMENTS,
        "assessed_on",
        "An assessment was made when the file arrives (a day's grace for time zones).",
        "A plan told as a fact makes a dealer ready who is not.",
    ),
    Rule(
        code="IT_ASSESSMENTS_COMPLETE",
        table=_ASSESSMENTS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="Who is assessed is assessed in each mandatory criterion.",
        reason="What was not assessed counts as not met: one missing row makes a dealer not ready.",
        remedy="Assess every mandatory criterion, and deliver also what is not met.",
        violations="""
            select d.dealer_id, c.criterion_code
            from (select dealer_id, max(assessed_on) as newest from {batch} group by all) as d
            inner join state.oem__it_criteria as c
                on c.is_mandatory and c.valid_from <= d.newest
            where (d.dealer_id, c.criterion_code) not in (
                select (dealer_id, criterion_code) from {batch}
            )
            order by d.dealer_id, c.criterion_code
        """,
        checked="count(distinct dealer_id) "
        "* (select count(*) from state.oem__it_criteria where is_mandatory)",
        mostly=0.95,
    ),
    Rule(
        code="IT_ASSESSMENTS_RENEWED",
        table=_ASSESSMENTS,
        scope=STATE,
        dimension=TIMELINESS,
        description="An open dealer was assessed within the two years before the newest "
        "assessment of all.",
        reason="Systems age: what was met then may not be met now.",
        remedy="Assess all criteria once a year.",
        violations=f"""
            select r.dealer_id, max(r.assessed_on) as last_assessed_on
            from {{batch}} as r
            where r.dealer_closed_on = {FOREVER}
            group by r.dealer_id
            having max(r.assessed_on)
                < (select max(assessed_on) from {{batch}}) - interval 24 month
            order by r.dealer_id
        """,
        checked="count(distinct dealer_id)",
        mostly=0.9,
    ),
    *accepted("IT_ASSESSMENT", _ASSESSMENTS),
)

_ROLLOUT_RULES = (
    known_dealer("ROLLOUT", _ROLLOUTS),
    holds(
        "ROLLOUT_LIVE_AFTER_START",
        _ROLLOUTS,
        CONSISTENCY,
        "A system is live when its introduction began, or later.",
        "One that is live before is left out: the median is that of the others only.",
        "Correct one of the two days.",
        "live_on >= started_on",
        applies="live_on is not null",
    ),
    holds(
        "ROLLOUT_ABANDONED_AFTER_START",
        _ROLLOUTS,
        CONSISTENCY,
        "An introduction is given up when it began, or later.",
        "One that ends before is left out: what was given up is missing, and the median is that of "
        "the others only.",
        "Correct one of the two days.",
        "abandoned_on >= started_on",
        applies="abandoned_on is not null",
    ),
    holds(
        "ROLLOUT_NOT_LIVE_AND_ABANDONED",
        _ROLLOUTS,
        CONSISTENCY,
        "An introduction ends live or given up, not both.",
        "It counts as live: what was given up makes introductions look shorter.",
        "Empty live_on where the dealer never worked with the system, else abandoned_on.",
        "abandoned_on is null",
        applies="live_on is not null",
    ),
    holds(
        "ROLLOUT_WHILE_DEALER_OPEN",
        _ROLLOUTS,
        CONSISTENCY,
        "An introduction begins while its dealer is open, or in the year before.",
        "Otherwise it is another dealer's, or a day is wrong.",
        "Correct the dealer or the day.",
        f"started_on between dealer_opened_on - 366 and coalesce(dealer_closed_on, {FOREVER})",
        applies="is_known_dealer",
        mostly=0.99,
    ),
    _not_ahead(
        "ROLLOUT",
        _ROLLOUTS,
        "greatest(started_on, live_on, abandoned_on)",
        "What has begun or ended has done so when the file arrives (a day's grace for time zones).",
        "A go-live that is put off would count as reached.",
    ),
    Rule(
        code="ROLLOUTS_NOT_OVERLAPPING",
        table=_ROLLOUTS,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A system is introduced at a dealer and brand once at a time.",
        reason="Two introductions of the same are one: its days count twice.",
        remedy="Withdraw one of them, or enter when the first was given up.",
        violations=f"""
            select rollout_id, dealer_id, brand_code, system_code, started_on, next_started_on
            from (
                select *, lead(started_on) over (
                    partition by dealer_id, brand_code, system_code
                    order by started_on, rollout_id
                ) as next_started_on
                from {{batch}}
            )
            where next_started_on <= coalesce(live_on, abandoned_on, {FOREVER})
            order by rollout_id
        """,
    ),
    Rule(
        code="ROLLOUTS_NOT_FORGOTTEN",
        table=_ROLLOUTS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="An introduction ends within three years.",
        reason="One that runs for longer was forgotten: as a running one it makes the median "
        "longer than it is.",
        remedy="Enter when the system went live or was given up.",
        violations=f"""
            select rollout_id, dealer_id, brand_code, system_code, started_on
            from {{batch}}
            where live_on is null and abandoned_on is null
                and started_on < (
                    select max({DELIVERED_ON}) from {{batch}}
                ) - interval 36 month
            order by rollout_id
        """,
        checked="count(*) filter (where live_on is null and abandoned_on is null)",
        mostly=0.9,
    ),
)

RULES = (
    *_COURSE_RULES,
    *_TRAINING_RULES,
    *_STAFF_RULES,
    *_CRITERION_RULES,
    *_ASSESSMENT_RULES,
    *_ROLLOUT_RULES,
)
