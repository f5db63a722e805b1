"""Rules of the marts of service: every case has exactly one owner, what is counted adds up, and
what keeps cases and dealers waiting is seen.

Who is responsible by which rule is reckoned once more, from the feeds, by a test of its own.
"""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    TIMELINESS,
    UNIQUENESS,
    VALIDITY,
    Rule,
)

_CASES = "mart_case_routing"
_TIMES = "mart_case_cycle_time"
_EFFECT = "mart_routing_effect"
_CONFLICTS = "mart_routing_conflicts"
_COVERAGE = "mart_routing_coverage"
_GAPS = "mart_responsibility_gaps"
_NOW = "mart_dealer_now"
_FRESHNESS = "mart_dealer_feed_freshness"

_OPENED_ON = "cast(opened_at at time zone 'UTC' at time zone 'Europe/Berlin' as date)"
_UNIT = "cast(0.000001 as decimal(7, 6))"
"""The last place of a figure."""

_SEEN_AT = """
    select max(last_delivered_at + to_microseconds(cast(hours_since * 3600000000 as bigint) - 2000))
    from marts.mart_dealer_feed_freshness
"""
"""The instant of knowledge, less what hours of six decimals leave open: later is not there yet."""

SCANS = {
    _GAPS: """
        select
            r.*, lag(r.gap_from) over gaps as previous_from, lag(r.gap_to) over gaps as previous_to,
            lag(r.accountable_count) over gaps as previous_count
        from {batch} as r
        window gaps as (partition by r.brand_code, r.process_code order by r.gap_from)
    """,
    _NOW: f"""
        select
            r.*, k.closed_on, f.newest_delivery,
            coalesce(o.unresolved_cases, 0) as unresolved_cases,
            coalesce(d.unresolved_cases, 0) as unresolved_cases_to_answer,
            max(r.data_as_of) over () as newest_of_all
        from {{batch}} as r
        left join marts.dim_dealer as k using (dealer_id, brand_code)
        left join (
            select dealer_id, max(last_delivered_at) as newest_delivery
            from marts.mart_dealer_feed_freshness
            group by dealer_id
        ) as f using (dealer_id)
        left join (
            select received_by_dealer_id as dealer_id, brand_code, count(*) as unresolved_cases
            from marts.mart_case_routing
            where resolved_at is null and opened_at <= ({_SEEN_AT})
            group by received_by_dealer_id, brand_code
        ) as o using (dealer_id, brand_code)
        left join (
            select responsible_party as dealer_id, brand_code, count(*) as unresolved_cases
            from marts.mart_case_routing
            where resolved_at is null and opened_at <= ({_SEEN_AT})
            group by responsible_party, brand_code
        ) as d using (dealer_id, brand_code)
    """,
}

_ROUTING_RULES = (
    Rule(
        code="CASES_ROUTED_EXACTLY_ONCE",
        table=_CASES,
        severity=CRITICAL,
        dimension=COMPLETENESS,
        description="Every case is routed, and once: nobody's case is nobody's concern, and one "
        "with two owners has none.",
        violations="""
            with routed as (
                select case_id, count(*) as routed_rows from {batch} group by case_id
            )
            select case_id, r.routed_rows, c.brand_code
            from marts.fct_case as c
            full join routed as r using (case_id)
            where r.routed_rows is distinct from 1 or c.opened_at is null
            order by case_id
        """,
        checked="greatest(count(*), (select count(*) from marts.fct_case))",
        target_rate=1.0,
    ),
    Rule(
        code="CASE_HAS_ONE_RESPONSIBLE",
        table=_CASES,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="A case has exactly one responsible party: the dealer of the rule that "
        "decides, by up to five digits, or the OEM where none fits. It is misrouted if another "
        "received it.",
        passes="""
            coalesce(is_unrouted is not null and case
                when is_unrouted then responsible_party = 'OEM' and rule_id is null
                    and runner_up_rule_id is null and matched_prefix_length is null
                    and was_misrouted and not is_ambiguous
                else responsible_party <> '' and rule_id <> ''
                    and rule_id is distinct from runner_up_rule_id
                    and (runner_up_rule_id is not null or not is_ambiguous)
                    and matched_prefix_length between 0 and 5
                    and was_misrouted = (responsible_party <> received_by_dealer_id)
            end, false)
        """,
        target_rate=1.0,
    ),
    Rule(
        code="CASE_AMBIGUITY_IS_A_CONFLICT",
        table=_CONFLICTS,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Where only the id has decided between two dealers, the pair of rules is "
        "reported, with its cases.",
        violations="""
            select case_id, brand_code, rule_id, runner_up_rule_id
            from marts.mart_case_routing
            where is_ambiguous and rule_id not in (
                select rule_id from {batch} where case_count > 0
            )
            order by case_id
        """,
        checked="(select count(*) from marts.mart_case_routing where is_ambiguous)",
        target_rate=1.0,
    ),
    Rule(
        code="CASES_MOSTLY_ROUTED",
        table=_CASES,
        dimension=COMPLETENESS,
        description="Nine in ten cases have a rule that fits: the others fall to the OEM.",
        passes="not is_unrouted",
        mostly=0.9,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASES_SELDOM_AMBIGUOUS",
        table=_CASES,
        dimension=UNIQUENESS,
        description="One case in fifty at most is decided by the id of a rule.",
        passes="not is_ambiguous",
        mostly=0.98,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASES_MOSTLY_RECEIVED_BY_RESPONSIBLE",
        table=_CASES,
        dimension=VALIDITY,
        description="Four in five cases come at once to who is responsible for them.",
        passes="not was_misrouted",
        mostly=0.8,
        target_rate=0.95,
        course_topic="SERVICE",
    ),
    Rule(
        code="CASES_MOSTLY_WITHIN_SERVICE_LEVEL",
        table=_CASES,
        dimension=TIMELINESS,
        description="Seven in ten cases keep the service level of their brand and kind.",
        passes="not is_service_level_breached",
        mostly=0.7,
        target_rate=0.9,
        course_topic="SERVICE",
    ),
    # -- conflicts, coverage -------------------------------------------------------------------
    Rule(
        code="ROUTING_CONFLICT_OF_TWO_DEALERS",
        table=_CONFLICTS,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="A conflict is of two rules that name different dealers and hold on a common "
        "day; it stands once, the rule that decides first.",
        passes="coalesce(rule_id < other_rule_id "
        "and responsible_dealer_id <> other_responsible_dealer_id "
        "and overlap_from <= coalesce(overlap_to, overlap_from) and case_count >= 0, false)",
        target_rate=1.0,
    ),
    Rule(
        code="ROUTING_CONFLICTS_WITHOUT_CASES",
        table=_CONFLICTS,
        dimension=UNIQUENESS,
        description="No case has come to where two rules tie: those that have may be disputed.",
        passes="case_count = 0",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_COVERAGE_COUNTS_KINDS",
        table=_COVERAGE,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Covered is what has a rule for one of the three kinds of cases at least.",
        passes="coalesce(covered_case_types between 0 and 3 "
        "and is_covered = (covered_case_types > 0), false)",
        target_rate=1.0,
    ),
    Rule(
        code="ROUTING_COVERAGE_MOSTLY_THERE",
        table=_COVERAGE,
        dimension=COMPLETENESS,
        description="Nine in ten postal codes and categories of a brand are covered by a rule.",
        passes="is_covered",
        mostly=0.9,
        course_topic="SERVICE",
    ),
)

_TIME_RULES = (
    Rule(
        code="CYCLE_TIME_COUNTS_ADD_UP",
        table=_TIMES,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="What was opened is resolved or still open; the hours are of resolved cases.",
        passes="coalesce(opened_count = resolved_count + open_count and open_count >= 0 "
        "and timed_count between 0 and resolved_count and backlog_count >= 0, false)",
        target_rate=1.0,
    ),
    Rule(
        code="CYCLE_TIME_FIGURES_IN_RANGE",
        table=_TIMES,
        severity=CRITICAL,
        dimension=VALIDITY,
        description="Hours are 0 or more, nine in ten cases take no less than half of them, and "
        "there are hours exactly where something is resolved; the share of those opened again "
        "lies within 0 and 1.",
        passes="""
            coalesce(reopened_rate between 0 and 1 and case
                when timed_count = 0 then coalesce(mean_hours, median_hours, p90_hours) is null
                else mean_hours >= 0 and median_hours >= 0 and median_hours <= p90_hours
            end, false)
        """,
        target_rate=1.0,
    ),
    Rule(
        code="CYCLE_TIME_COUNTS_EVERY_CASE",
        table=_TIMES,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The cases of a brand and month are those of the facts: open ones are counted, "
        "never dropped. Those of unknown dealers are in no mart.",
        violations="""
            with mart as (
                select brand_code, opened_month, sum(opened_count) as mart_cases
                from {batch}
                group by brand_code, opened_month
            ),
            facts as (
                select brand_code, opened_month, count(*) as cases
                from marts.fct_case
                where (dealer_id, brand_code) in (
                    select (dealer_id, brand_code) from marts.dim_dealer
                )
                group by brand_code, opened_month
            )
            select *
            from mart
            full join facts using (brand_code, opened_month)
            where mart_cases is distinct from cases
            order by brand_code, opened_month
        """,
        checked="greatest(count(distinct (brand_code, opened_month)), 1)",
        target_rate=1.0,
    ),
    # -- effect of the go-live -----------------------------------------------------------------
    Rule(
        code="ROUTING_EFFECT_COUNTS_EVERY_CASE",
        table=_EFFECT,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The cases before and after a go-live are all that were opened in the six "
        "months on either side of it.",
        violations=f"""
            with counted as (
                select
                    r.brand_code,
                    count(*) filter (where c.opened_on < r.go_live_on) as opened_before,
                    count(*) filter (where c.opened_on >= r.go_live_on) as opened_after
                from {{batch}} as r
                inner join (
                    select brand_code, {_OPENED_ON} as opened_on from marts.fct_case
                ) as c
                    on c.brand_code = r.brand_code
                        and c.opened_on >= r.go_live_on - interval 6 month
                        and c.opened_on < r.go_live_on + interval 6 month
                group by r.brand_code
            )
            select
                r.brand_code, r.go_live_on, r.cases_before, r.cases_after, c.opened_before,
                c.opened_after
            from {{batch}} as r
            left join counted as c using (brand_code)
            where (r.cases_before, r.cases_after)
                is distinct from (coalesce(c.opened_before, 0), coalesce(c.opened_after, 0))
            order by r.brand_code
        """,
        target_rate=1.0,
    ),
    Rule(
        code="ROUTING_EFFECT_IS_OF_MEANS",
        table=_EFFECT,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The reduction is the share of the mean hours before that is saved; there is "
        "none without hours on either side.",
        passes=f"""
            case
                when mean_hours_before > 0 and mean_hours_after is not null then coalesce(
                    abs(mean_reduction_rate * mean_hours_before
                        - (mean_hours_before - mean_hours_after))
                    <= {_UNIT} * (mean_hours_before + 2 + mean_hours_after / mean_hours_before),
                    false)
                when mean_hours_before = 0 then true  -- it may be more than it is rounded to
                else mean_reduction_rate is null
            end
        """,
        target_rate=1.0,
    ),
    Rule(
        code="ROUTING_EFFECT_INTERVAL_ORDERED",
        table=_EFFECT,
        severity=CRITICAL,
        dimension=VALIDITY,
        description="An interval has two ends, the lower one first; nobody saves more than all.",
        applies="coalesce(ci_low, ci_high) is not null",
        passes="coalesce(ci_low <= ci_high and ci_high <= 1, false)",
        target_rate=1.0,
    ),
    Rule(
        code="ROUTING_EFFECT_WITHIN_INTERVAL",
        table=_EFFECT,
        dimension=CONSISTENCY,
        description="The reduction lies within its interval: outside, the interval is of other "
        "cases, or missing.",
        applies="mean_reduction_rate is not null",
        passes="coalesce(mean_reduction_rate between ci_low and ci_high, false)",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_EFFECT_SAMPLE_ENOUGH",
        table=_EFFECT,
        dimension=COMPLETENESS,
        description="Thirty resolved cases or more stand on either side of a go-live: fewer show "
        "chance.",
        passes="least(resolved_before, resolved_after) >= 30",
        course_topic="SERVICE",
    ),
    Rule(
        code="ROUTING_EFFECT_SAVES_TIME",
        table=_EFFECT,
        dimension=VALIDITY,
        description="Cases take less time after the go-live than before.",
        passes="mean_reduction_rate > 0",
        course_topic="SERVICE",
    ),
    # -- responsibilities ----------------------------------------------------------------------
    Rule(
        code="RESPONSIBILITY_GAPS_APART",
        table=_GAPS,
        severity=CRITICAL,
        dimension=UNIQUENESS,
        description="A gap is a range of days on which none or several are accountable, as long as "
        "it lasts: the gaps of a process follow one another, and where one follows at once, "
        "another number is.",
        passes="""
            coalesce(accountable_count >= 0 and accountable_count <> 1
                and gap_from <= coalesce(gap_to, gap_from)
                and (
                    previous_from is null or previous_to < gap_from - 1
                    or (previous_to = gap_from - 1 and previous_count <> accountable_count)
                ), false)
        """,
        target_rate=1.0,
    ),
    Rule(
        code="RESPONSIBILITY_GAPS_ENDED",
        table=_GAPS,
        dimension=COMPLETENESS,
        description="Every gap has an end: one without needs a decision.",
        passes="gap_to is not null",
        course_topic="SERVICE",
    ),
)

_NOW_RULES = (
    Rule(
        code="DEALER_NOW_STOCK_ADDS_UP",
        table=_NOW,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Old units are part of those in stock; all are unknown together, or none.",
        passes="""
            case
                when coalesce(
                    in_stock_units, in_transit_units, demo_units, units_over_90_days,
                    units_over_180_days
                ) is null then median_stock_age_days is null
                else coalesce(
                    0 <= units_over_180_days and units_over_180_days <= units_over_90_days
                    and units_over_90_days <= in_stock_units and in_transit_units >= 0
                    and demo_units >= 0, false)
            end
        """,
        target_rate=1.0,
    ),
    Rule(
        code="DEALER_NOW_CASES_ADD_UP",
        table=_NOW,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Each open case has an age, late ones are among them, and no case that is not "
        "resolved is left out.",
        passes="""
            coalesce(
                open_cases = open_cases_under_1_day + open_cases_1_to_7_days
                    + open_cases_over_7_days
                and breached_cases between 0 and open_cases and open_cases >= unresolved_cases
                and responsible_open_cases >= unresolved_cases_to_answer, false)
        """,
        target_rate=1.0,
    ),
    Rule(
        code="DEALER_NOW_LEADS_ADD_UP",
        table=_NOW,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Who has no open lead has none that waits for an answer.",
        passes="coalesce(open_leads >= 0 and campaign_leads_90d >= 0 "
        "and (open_leads > 0 or oldest_unanswered_lead_hours is null), false)",
        target_rate=1.0,
    ),
    Rule(
        code="DEALER_NOW_AS_OF_NEWEST_DELIVERY",
        table=_NOW,
        severity=CRITICAL,
        dimension=TIMELINESS,
        description="The data of a dealer is as of his newest delivery.",
        passes="data_as_of is not distinct from newest_delivery",
        target_rate=1.0,
    ),
    Rule(
        code="DEALER_NOW_DATA_FRESH",
        table=_NOW,
        dimension=TIMELINESS,
        description="The newest delivery of an open dealer is at most 100 days older than that of "
        "anybody: a quarter, and some days to make it.",
        applies="closed_on is null",
        passes="date_diff('day', data_as_of, newest_of_all) <= 100",
        mostly=0.9,
        course_topic="DIGITAL",
    ),
    Rule(
        code="DEALER_NOW_STOCK_SELDOM_OLD",
        table=_NOW,
        dimension=VALIDITY,
        description="A fifth of the vehicles in stock at most has stood for more than half a year.",
        applies="in_stock_units > 0",
        passes="5 * units_over_180_days <= in_stock_units",
        mostly=0.8,
        course_topic="SALES",
    ),
    Rule(
        code="DEALER_FEED_FRESHNESS_IN_BOOKS",
        table=_FRESHNESS,
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The last delivery of a dealer is in the books of the lake, not rejected, and "
        "none of his own is newer: a hub's may be.",
        violations="""
            with books as (
                select sender, feed, delivered_at
                from lake.deliveries
                where status <> 'REJECTED' and starts_with(feed, 'dealer__')
            ),
            own as (
                select sender as dealer_id, feed, max(delivered_at) as newest_of_his_own
                from books
                where sender in (select dealer_id from marts.dim_dealer)
                group by sender, feed
            )
            select dealer_id, feed, r.last_delivered_at, o.newest_of_his_own
            from {batch} as r
            full join own as o using (dealer_id, feed)
            where r.last_delivered_at is null
                or r.last_delivered_at < o.newest_of_his_own
                or (feed, r.last_delivered_at) not in (select (feed, delivered_at) from books)
            order by dealer_id, feed
        """,
        checked="greatest(count(*), 1)",
        target_rate=1.0,
    ),
    Rule(
        code="DEALER_FEED_DELIVERED_LATELY",
        table=_FRESHNESS,
        dimension=TIMELINESS,
        description="A dealer who delivers a feed has done so within 100 days: a quarter, and some "
        "days to make it.",
        passes="hours_since <= 100 * 24",
        mostly=0.9,
        course_topic="DIGITAL",
    ),
)

RULES = (*_ROUTING_RULES, *_TIME_RULES, *_NOW_RULES)
