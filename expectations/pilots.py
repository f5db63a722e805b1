"""Rules of pilots: what they are to improve, who takes part on which side, and how they are rolled
out."""

from __future__ import annotations

import csv
from functools import cache

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    DELIVERED,
    HISTORY,
    STATE,
    TIMELINESS,
    UNIQUENESS,
    VALIDITY,
    Rule,
)
from expectations.shared import DELIVERED_ON, FOREVER
from orchestration.settings import DBT_PROJECT_DIR

_PILOTS = "oem__pilots"
_MEMBERS = "oem__pilot_members"
_ROLLOUTS = "oem__pilot_rollouts"

# of PILOTS: the first calendar month that begins on the first day of the pilot, or later
_FIRST_MONTH = "date_trunc('month', starts_on + interval 1 month - interval 1 day)"
_ENDS = f"coalesce(ends_on, {FOREVER})"


@cache
def _kpis(unit: str | None = None) -> str:
    """The codes of the KPI catalog, of one unit or all, as a list of SQL literals."""
    catalog = DBT_PROJECT_DIR / "seeds" / "kpi_catalog.csv"
    with catalog.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return ", ".join(f"'{r['kpi_code']}'" for r in rows if unit in (None, r["unit"]))


SCANS = {
    _PILOTS: """
        select
            r.*, b.brand_code is not null as is_known_brand,
            r.starts_on <= (
                select cast(
                    max(delivered_at) at time zone 'UTC' at time zone 'Europe/Berlin' as date
                )
                from lake.deliveries
            ) as is_begun
        from {batch} as r
        left join (select distinct brand_code from state.oem__dealers) as b using (brand_code)
    """,
    _MEMBERS: """
        select
            r.*, p.pilot_id is not null as is_known_pilot, p.brand_code, p.kpi_code, p.starts_on,
            p.ends_on, k.dealer_id is not null as is_known_dealer,
            k.opened_on as dealer_opened_on, k.closed_on as dealer_closed_on, o.live_on
        from {batch} as r
        left join state.oem__pilots as p using (pilot_id)
        left join state.oem__dealers as k
            on k.dealer_id = r.dealer_id and k.brand_code = p.brand_code
        left join state.oem__pilot_rollouts as o
            on o.pilot_id = r.pilot_id and o.dealer_id = r.dealer_id
    """,
    _ROLLOUTS: """
        select
            r.*, p.pilot_id is not null as is_known_pilot, p.starts_on,
            k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on
        from {batch} as r
        left join state.oem__pilots as p using (pilot_id)
        left join state.oem__dealers as k
            on k.dealer_id = r.dealer_id and k.brand_code = p.brand_code
    """,
}

_PILOT_RULES = (
    Rule(
        code="PILOT_BRAND_KNOWN",
        table=_PILOTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A pilot is of a brand that has dealers.",
        reason="Of another no dealer can take part.",
        remedy="Correct the brand of the pilot.",
        passes="is_known_brand",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_KPI_KNOWN",
        table=_PILOTS,
        scope=STATE,
        dimension=VALIDITY,
        description="A pilot is to improve a KPI of the catalog.",
        reason="Another figure is measured for nobody, so that the pilot never has a result.",
        remedy="Give the code of a KPI of the catalog.",
        passes=f"kpi_code in ({_kpis()})",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_ENDS_AFTER_START",
        table=_PILOTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A pilot ends on its first day or later, or has no end yet.",
        reason="Otherwise it runs on no day.",
        remedy="Exchange first and last day, or correct the year.",
        applies="ends_on is not null",
        passes="ends_on >= starts_on",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_LASTS_A_WHOLE_MONTH",
        table=_PILOTS,
        scope=STATE,
        dimension=VALIDITY,
        description="A pilot covers a whole calendar month.",
        reason="KPIs are measured by month: a shorter pilot has nothing to compare.",
        remedy="Let the pilot run to the end of a month that it has wholly covered.",
        applies="ends_on >= starts_on",
        passes=f"{_FIRST_MONTH} + interval 1 month - interval 1 day <= {_ENDS}",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_MIN_DEALERS_ENOUGH",
        table=_PILOTS,
        scope=STATE,
        dimension=VALIDITY,
        description="A pilot asks for two dealers or more in each arm.",
        reason="With one there is no interval, and nobody can tell an effect from chance.",
        remedy="Ask for as many dealers as the effect that is hoped for needs.",
        passes="min_dealers >= 2",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_SUCCESS_POSITIVE",
        table=_PILOTS,
        scope=STATE,
        dimension=VALIDITY,
        description="A pilot is a success from an uplift above 0 on.",
        reason="From 0 or less on even what does harm would be rolled out.",
        remedy="Give the uplift that pays for the roll-out.",
        passes="success_uplift_rate > 0",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_SUCCESS_IN_UNIT_OF_KPI",
        table=_PILOTS,
        scope=STATE,
        dimension=VALIDITY,
        description="The uplift of a KPI that is a share is a fraction, below 1.",
        reason="`5` for five per cent is reached by no pilot.",
        remedy="Write five points of a share as 0.05.",
        applies=f"kpi_code in ({_kpis('RATE')})",
        passes="success_uplift_rate < 1",
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="PILOT_HAS_BOTH_ARMS",
        table=_PILOTS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A pilot that has begun has as many dealers as it asks for, in each arm: of "
        "its brand, and joined by the first whole month.",
        reason="Without them it ends without a recommendation.",
        remedy="Win more dealers, for the arm that lacks them, before the pilot starts.",
        violations=f"""
            with counting as (
                select p.pilot_id, m.arm
                from {{batch}} as p
                inner join state.oem__pilot_members as m using (pilot_id)
                inner join state.oem__dealers as k
                    on k.dealer_id = m.dealer_id and k.brand_code = p.brand_code
                where m.joined_on <= {_FIRST_MONTH}
            )
            select
                p.pilot_id, p.min_dealers,
                count(*) filter (where m.arm = 'PILOT') as pilot_dealers,
                count(*) filter (where m.arm = 'CONTROL') as control_dealers
            from {{batch}} as p
            left join counting as m using (pilot_id)
            where p.is_begun
            group by p.pilot_id, p.min_dealers
            having p.min_dealers > least(
                count(*) filter (where m.arm = 'PILOT'), count(*) filter (where m.arm = 'CONTROL')
            )
            order by p.pilot_id
        """,
        checked="count(*) filter (where is_begun)",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_TERMS_KEPT_ONCE_STARTED",
        table=_PILOTS,
        scope=HISTORY,
        dimension=CONSISTENCY,
        description="First day, KPI and uplift of success stay as they are once the pilot has "
        "started.",
        reason="Who chooses the goal when the figures are there always finds one that is met.",
        remedy="Tell a pilot of its own for another goal.",
        violations=f"""
            select
                pilot_id, started_before, starts_on, kpi_before, kpi_code, success_before,
                success_uplift_rate, _source_file, _source_row
            from (
                select
                    *, lag(starts_on) over versions as started_before,
                    lag(kpi_code) over versions as kpi_before,
                    lag(success_uplift_rate) over versions as success_before
                from {{batch}}
                window versions as (
                    partition by pilot_id order by _delivered_at, _loaded_at, _source_file
                )
            )
            where started_before <= {DELIVERED_ON} and (
                starts_on <> started_before or kpi_code <> kpi_before
                or success_uplift_rate <> success_before
            )
        """,
        course_topic="DATA_QUALITY",
    ),
)

_MEMBER_RULES = (
    Rule(
        code="PILOT_MEMBER_PILOT_KNOWN",
        table=_MEMBERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A dealer takes part in a pilot that has been told.",
        reason="He counts in none.",
        remedy="Deliver the pilot, or correct its id.",
        passes="is_known_pilot",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_MEMBER_DEALER_KNOWN",
        table=_MEMBERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A dealer of a pilot has a contract for its brand.",
        reason="He has no figures of the brand.",
        remedy="Correct the dealer's number.",
        applies="is_known_pilot",
        passes="is_known_dealer",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_MEMBER_IN_ONE_ARM",
        table=_MEMBERS,
        scope=HISTORY,
        dimension=UNIQUENESS,
        description="A dealer stays in the arm that he was in when the pilot started.",
        reason="Who has been in both has been treated and compared with: his change is of neither "
        "arm.",
        remedy="Take back the member in place of moving him.",
        violations=f"""
            select
                h.pilot_id, h.dealer_id, h.arm_before, h.arm, p.starts_on, h._source_file,
                h._source_row
            from (
                select *, lag(arm) over (
                    partition by pilot_id, dealer_id
                    order by _delivered_at, _loaded_at, _source_file
                ) as arm_before
                from {{batch}}
            ) as h
            inner join state.oem__pilots as p using (pilot_id)
            where h.arm <> h.arm_before
                and {DELIVERED_ON.replace("_delivered_at", "h._delivered_at")} >= p.starts_on
        """,
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="PILOT_MEMBER_JOINED_BY_START",
        table=_MEMBERS,
        scope=STATE,
        dimension=TIMELINESS,
        description="A dealer has joined by the first day of the pilot.",
        reason="Who joins after the first whole month of the pilot is not counted.",
        remedy="Win the dealers before the pilot starts.",
        applies="is_known_pilot",
        passes="joined_on <= starts_on",
        mostly=0.85,
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_MEMBER_OPEN_THROUGHOUT",
        table=_MEMBERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A dealer of a pilot is open from half a year before it to its end.",
        reason="Without figures before and after it he is not counted.",
        remedy="Choose dealers who are there for the whole of the comparison.",
        applies="is_known_pilot and is_known_dealer",
        passes="dealer_opened_on <= starts_on - interval 6 month "
        "and (dealer_closed_on is null or dealer_closed_on >= coalesce(ends_on, starts_on))",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_CONTROL_NOT_LIVE",
        table=_MEMBERS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A control dealer does not work with what is tried while the pilot runs.",
        reason="Compared with dealers who do the same, a pilot that works seems to have no effect.",
        remedy="Put off his roll-out to the end of the pilot.",
        applies="arm = 'CONTROL' and live_on is not null",
        passes=f"live_on > {_ENDS}",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_MEMBER_OF_ONE_PILOT_OF_A_KPI",
        table=_MEMBERS,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A dealer takes part in one pilot at a time that is to improve a KPI.",
        reason="Of two nobody can say which of them has moved the figure.",
        remedy="Let the pilots follow one another, or give them different dealers.",
        violations=f"""
            with pilots as (
                select
                    m.pilot_id, m.dealer_id, p.brand_code, p.kpi_code, p.starts_on,
                    coalesce(p.ends_on, {FOREVER}) as ends_on
                from {{batch}} as m
                inner join state.oem__pilots as p using (pilot_id)
            )
            select
                a.dealer_id, a.pilot_id, b.pilot_id as other_pilot_id, a.brand_code, a.kpi_code,
                greatest(a.starts_on, b.starts_on) as overlap_from
            from pilots as a
            inner join pilots as b using (dealer_id, brand_code, kpi_code)
            where a.pilot_id < b.pilot_id
                and a.starts_on <= b.ends_on and b.starts_on <= a.ends_on
            order by a.dealer_id, a.pilot_id, b.pilot_id
        """,
        mostly=0.99,
        course_topic="SALES",
    ),
)

_ROLLOUT_RULES = (
    Rule(
        code="PILOT_ROLLOUT_PILOT_KNOWN",
        table=_ROLLOUTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A roll-out is of a pilot that has been told.",
        reason="It is counted nowhere.",
        remedy="Deliver the pilot, or correct its id.",
        passes="is_known_pilot",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_ROLLOUT_DEALER_KNOWN",
        table=_ROLLOUTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A dealer who takes a pilot over has a contract for its brand.",
        reason="Dealers of others are in no figure of the roll-out.",
        remedy="Correct the dealer's number.",
        applies="is_known_pilot",
        passes="is_known_dealer",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_ROLLOUT_PLANNED_WHILE_DEALER_OPEN",
        table=_ROLLOUTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A roll-out is planned for a day on which the dealer is open.",
        reason="A closed dealer is late for ever.",
        remedy="Take the plan for him back, or correct its day.",
        applies="is_known_dealer",
        passes=f"planned_on between dealer_opened_on and coalesce(dealer_closed_on, {FOREVER})",
        mostly=0.95,
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_ROLLOUT_LIVE_SINCE_PILOT",
        table=_ROLLOUTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="Nobody goes live before the first day of the pilot.",
        reason="Before it there is nothing to go live with: the day is wrong.",
        remedy="Correct the day, or that of the pilot.",
        applies="is_known_pilot and live_on is not null",
        passes="live_on >= starts_on",
        course_topic="SALES",
    ),
    Rule(
        code="PILOT_ROLLOUT_LIVE_NOT_AHEAD_OF_DELIVERY",
        table=_ROLLOUTS,
        scope=DELIVERED,
        dimension=TIMELINESS,
        description="A go-live is not dated after the file that tells of it (a day's grace for "
        "time zones).",
        reason="What is planned has not happened.",
        remedy="Leave the day empty until it has come; the plan has a column of its own.",
        applies="live_on is not null",
        passes=f"live_on <= {DELIVERED_ON} + 1",
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="PILOT_ROLLOUT_LIVE_ON_PLAN",
        table=_ROLLOUTS,
        scope=STATE,
        dimension=TIMELINESS,
        description="A dealer is live a month after the day planned, or earlier.",
        reason="A network that is served by halves gains half of what the pilot promised.",
        remedy="Plan days that can be kept, and see what holds the dealer up.",
        applies="live_on is not null",
        passes="live_on <= planned_on + interval 1 month",
        mostly=0.8,
        target_rate=0.9,
        course_topic="SALES",
    ),
)

RULES = (*_PILOT_RULES, *_MEMBER_RULES, *_ROLLOUT_RULES)
