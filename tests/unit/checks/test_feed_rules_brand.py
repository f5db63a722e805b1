"""The rules of campaigns and pilots at their edges."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from orchestration.checks.gate import RuleResult, run_feed_gate
from tests.unit.checks.small_brand import (
    campaign,
    change,
    element,
    local_campaign,
    member,
    pilot,
    rollout,
)
from tests.unit.checks.small_lake import Row, SmallLake, dealer, lead

CAMPAIGNS = "oem__brand_campaigns"
ELEMENTS = "oem__campaign_elements"
LOCAL = "dealer__local_campaigns"
CHANGES = "dealer__campaign_changes"
PILOTS = "oem__pilots"
MEMBERS = "oem__pilot_members"
ROLLOUTS = "oem__pilot_rollouts"


def judge(lake: SmallLake, feed: str, *rows: Row) -> dict[str, RuleResult]:
    """The results of a feed's rules, with these rows delivered."""
    lake.deliver(feed, *rows)
    return {r.code: r for r in run_feed_gate(lake.settings, [feed]).results}


def test_the_weights_of_a_campaign_sum_to_100(lake: SmallLake) -> None:
    whole = [element("A", 60, is_locked=True), element("B", 40)]
    short = [element("A", 60, campaign_id="C2"), element("B", 39, campaign_id="C2")]
    found = judge(lake, ELEMENTS, *whole, *short)["CAMPAIGN_ELEMENTS_SUM_TO_100"]
    assert (found.checked_rows, found.failed_rows) == (2, 1)
    assert found.examples == [{"campaign_id": "C2", "weight": 99, "elements": 2}]
    assert not found.is_critical_failure
    healed = judge(lake, ELEMENTS, element("B", 40, campaign_id="C2"))
    assert healed["CAMPAIGN_ELEMENTS_SUM_TO_100"].success
    withdrawn = {"campaign_id": "C2", "element_code": "B", "is_deleted": True}
    assert judge(lake, ELEMENTS, withdrawn)["CAMPAIGN_ELEMENTS_SUM_TO_100"].failed_rows == 1


def test_elements_may_change_until_their_campaign_starts(lake: SmallLake) -> None:
    code = "CAMPAIGN_ELEMENTS_KEPT_ONCE_STARTED"
    lake.deliver(CAMPAIGNS, campaign())
    lake.deliver(ELEMENTS, element("A", 60))
    last_evening = datetime(2025, 3, 14, 22, 59)  # a minute before the first day in Berlin
    lake.deliver(ELEMENTS, element("A", 61), delivered_at=last_evening)
    assert judge(lake, ELEMENTS)[code].failed_rows == 0
    lake.deliver(ELEMENTS, element("A", 61), delivered_at=datetime(2025, 3, 15))
    assert judge(lake, ELEMENTS)[code].failed_rows == 0, "told again is not changed"
    locked = element("A", 61, is_locked=True)
    lake.deliver(ELEMENTS, locked, delivered_at=datetime(2025, 3, 16))
    [row] = judge(lake, ELEMENTS)[code].examples
    assert (row["locked_before"], row["is_locked"], row["weight"]) == (False, True, 61)


def test_a_campaign_lasts_from_a_day_to_a_year(lake: SmallLake) -> None:
    a_day = campaign(campaign_id="C2", ends_on=date(2025, 3, 15))
    found = judge(lake, CAMPAIGNS, campaign(), a_day)
    for code in ("BRAND_CAMPAIGN_ENDS_AFTER_START", "BRAND_CAMPAIGN_LENGTH_PLAUSIBLE"):
        assert found[code].success and found[code].checked_rows == 2, code


def test_a_campaign_is_in_time_by_its_first_delivery(lake: SmallLake) -> None:
    lake.deliver(CAMPAIGNS, campaign())
    lake.deliver(CAMPAIGNS, campaign(), delivered_at=datetime(2025, 3, 10))
    found = judge(lake, CAMPAIGNS)["BRAND_CAMPAIGN_DELIVERED_IN_TIME"]
    assert (found.checked_rows, found.failed_rows) == (1, 0)
    put_forward = campaign(starts_on=date(2025, 3, 1))
    assert judge(lake, CAMPAIGNS, put_forward)["BRAND_CAMPAIGN_DELIVERED_IN_TIME"].success


def test_two_flights_of_a_campaign_follow_one_another(lake: SmallLake) -> None:
    first = local_campaign(ends_on=date(2025, 4, 1))
    second = local_campaign(local_campaign_id="LC2", starts_on=date(2025, 4, 2))
    of_other = local_campaign(local_campaign_id="LC3", campaign_id="C2")
    found = judge(lake, LOCAL, first, second, of_other)["LOCAL_CAMPAIGNS_NOT_DOUBLED"]
    assert (found.checked_rows, found.failed_rows) == (3, 0)
    found = judge(lake, LOCAL, second | {"starts_on": date(2025, 4, 1)})
    [row] = found["LOCAL_CAMPAIGNS_NOT_DOUBLED"].examples
    assert (row["local_campaign_id"], row["next_local_campaign_id"]) == ("LC1", "LC2")


def test_an_approval_is_dated_from_submission_to_start(lake: SmallLake) -> None:
    lake.deliver(CAMPAIGNS, campaign())
    on_the_first_day = local_campaign(local_campaign_id="LC2", approved_on=date(2025, 3, 15))
    silent = local_campaign(local_campaign_id="LC3", approved_on=None)
    found = judge(lake, LOCAL, local_campaign(), on_the_first_day, silent)
    for code in (
        "LOCAL_CAMPAIGN_APPROVED_AFTER_SUBMISSION",
        "LOCAL_CAMPAIGN_APPROVED_BEFORE_START",
    ):
        assert (found[code].checked_rows, found[code].failed_rows) == (2, 0), code


def test_results_are_asked_for_once_a_campaign_is_over(lake: SmallLake) -> None:
    code = "LOCAL_CAMPAIGN_RESULTS_PRESENT"
    nothing = {"impressions": None, "clicks": None}
    running = local_campaign(starts_on=date(2025, 2, 1), ends_on=date(2025, 3, 1), **nothing)
    assert judge(lake, LOCAL, running)[code].checked_rows == 0, "it ends on the day of delivery"
    over = local_campaign(starts_on=date(2025, 2, 1), ends_on=date(2025, 2, 28))
    assert judge(lake, LOCAL, over)[code].checked_rows == 1
    assert judge(lake, LOCAL, over | {"clicks": None})[code].failed_rows == 1


def test_a_locked_element_that_is_put_back_is_not_changed(lake: SmallLake) -> None:
    code = "CAMPAIGN_CHANGE_NOT_OF_LOCKED_ELEMENT"
    lake.deliver(CAMPAIGNS, campaign())
    lake.deliver(ELEMENTS, element("LOGO", 10, is_locked=True))
    lake.deliver(LOCAL, local_campaign())
    assert judge(lake, CHANGES, change("LOGO", True))[code].failed_rows == 1
    assert judge(lake, CHANGES, change("LOGO", False))[code].failed_rows == 0


def test_an_element_is_sought_in_campaigns_that_are_known_only(lake: SmallLake) -> None:
    code = "CAMPAIGN_CHANGE_ELEMENT_KNOWN"
    lake.deliver(LOCAL, local_campaign())
    assert judge(lake, CHANGES, change("LOGO", True))[code].checked_rows == 0
    lake.deliver(CAMPAIGNS, campaign())
    assert judge(lake, CHANGES, change("LOGO", True))[code].failed_rows == 2


def test_a_lead_names_a_campaign_of_the_oem_or_of_a_dealer_or_none(lake: SmallLake) -> None:
    lake.deliver(CAMPAIGNS, campaign())
    lake.deliver(LOCAL, local_campaign())
    names = ("C1", "LC1", None, "c1")
    leads = [lead(lead_id=f"L{n}", campaign_id=name) for n, name in enumerate(names)]
    found = judge(lake, "dealer__leads", *leads)["LEAD_CAMPAIGN_KNOWN"]
    assert (found.checked_rows, found.failed_rows) == (3, 1)
    assert found.examples[0]["lead_id"] == "L3"
    others = [
        lead(lead_id="L4", campaign_id="LC1", dealer_id="D1"),
        lead(lead_id="L5", campaign_id="LC1", brand_code="BETA"),
        lead(lead_id="L6", campaign_id="C1", brand_code="BETA"),
        lead(lead_id="L7", campaign_id="C1", dealer_id="D1"),
    ]
    found = judge(lake, "dealer__leads", *others)["LEAD_CAMPAIGN_KNOWN"]
    assert sorted(row["lead_id"] for row in found.examples) == ["L3", "L4", "L5", "L6"]


def test_an_id_of_a_local_campaign_is_of_the_dealer_who_used_it_first(lake: SmallLake) -> None:
    code = "LOCAL_CAMPAIGN_ID_OF_ONE_DEALER"
    lake.deliver(LOCAL, local_campaign(), local_campaign(local_campaign_id="LC2"))
    lake.deliver(LOCAL, local_campaign(cost_eur=Decimal(1)), delivered_at=datetime(2025, 3, 2))
    found = judge(lake, LOCAL)[code]
    assert (found.checked_rows, found.failed_rows) == (2, 0), "told again by the same dealer"
    taken = local_campaign(dealer_id="D1")
    lake.deliver(LOCAL, taken, delivered_at=datetime(2025, 3, 3))
    [row] = judge(lake, LOCAL)[code].examples
    assert (row["local_campaign_id"], row["dealers"]) == ("LC1", 2)


def test_a_pilot_covers_a_whole_month(lake: SmallLake) -> None:
    code = "PILOT_LASTS_A_WHOLE_MONTH"
    whole = [
        pilot(pilot_id="A", starts_on=date(2025, 2, 1), ends_on=date(2025, 2, 28)),
        pilot(pilot_id="B", starts_on=date(2025, 1, 2), ends_on=date(2025, 2, 28)),
        pilot(pilot_id="C", starts_on=date(2025, 1, 31), ends_on=date(2025, 2, 28)),
        pilot(pilot_id="D", starts_on=date(2024, 12, 2), ends_on=date(2025, 1, 31)),
    ]
    found = judge(lake, PILOTS, *whole, pilot(pilot_id="E", ends_on=None))[code]
    assert (found.checked_rows, found.failed_rows) == (4, 0)
    cut = pilot(pilot_id="A", starts_on=date(2025, 2, 2), ends_on=date(2025, 3, 30))
    assert judge(lake, PILOTS, cut)[code].failed_rows == 1


def test_arms_are_filled_by_the_first_day_of_a_pilot(lake: SmallLake) -> None:
    code = "PILOT_HAS_BOTH_ARMS"
    tomorrow = pilot(pilot_id="P2", starts_on=date(2025, 3, 2))
    found = judge(lake, PILOTS, pilot(starts_on=date(2025, 2, 2)), tomorrow)[code]
    assert (found.checked_rows, found.failed_rows) == (1, 1)
    assert found.examples == [
        {"pilot_id": "P1", "min_dealers": 2, "pilot_dealers": 0, "control_dealers": 0}
    ]
    arms = ("PILOT", "PILOT", "CONTROL", "CONTROL")
    lake.deliver("oem__dealers", *(dealer(dealer_id=f"D{n}") for n in range(4)))
    by_then = date(2025, 3, 1)  # the first whole month
    members = [member(dealer_id=f"D{n}", arm=a, joined_on=by_then) for n, a in enumerate(arms)]
    lake.deliver(MEMBERS, *members)
    assert judge(lake, PILOTS)[code].success
    for change_ in ({"arm": "PILOT"}, {"joined_on": date(2025, 3, 2)}):
        lake.deliver(MEMBERS, members[3] | change_)
        assert judge(lake, PILOTS)[code].failed_rows == 1, change_
    stranger = member(dealer_id="D9", arm="CONTROL", joined_on=by_then)
    assert judge(lake, MEMBERS, stranger) and judge(lake, PILOTS)[code].failed_rows == 1
    lake.deliver(MEMBERS, members[3])
    assert judge(lake, PILOTS)[code].success


def test_the_goal_of_a_pilot_may_change_until_it_starts(lake: SmallLake) -> None:
    code = "PILOT_TERMS_KEPT_ONCE_STARTED"
    lake.deliver(PILOTS, pilot())
    assert judge(lake, PILOTS, pilot(kpi_code="NPS"))[code].failed_rows == 0
    lake.deliver(PILOTS, pilot(kpi_code="NPS", ends_on=None), delivered_at=datetime(2025, 3, 2))
    assert judge(lake, PILOTS)[code].failed_rows == 0, "its end may"
    easier = pilot(kpi_code="NPS", success_uplift_rate=Decimal("0.000002"))
    lake.deliver(PILOTS, easier, delivered_at=datetime(2025, 3, 3))
    [row] = judge(lake, PILOTS)[code].examples
    assert (row["kpi_before"], row["kpi_code"]) == ("NPS", "NPS")


def test_a_dealer_changes_the_arm_before_the_pilot_starts_or_never(lake: SmallLake) -> None:
    code = "PILOT_MEMBER_IN_ONE_ARM"
    lake.deliver(PILOTS, pilot())
    lake.deliver(MEMBERS, member())
    assert judge(lake, MEMBERS, member(arm="CONTROL"))[code].failed_rows == 0
    lake.deliver(MEMBERS, member(), delivered_at=datetime(2025, 3, 2))
    [row] = judge(lake, MEMBERS)[code].examples
    assert (row["dealer_id"], row["arm_before"], row["arm"]) == ("D0001", "CONTROL", "PILOT")


def test_a_control_dealer_goes_live_after_the_pilot(lake: SmallLake) -> None:
    code = "PILOT_CONTROL_NOT_LIVE"
    lake.deliver(PILOTS, pilot())
    lake.deliver(ROLLOUTS, rollout(live_on=date(2025, 5, 1)))
    assert judge(lake, MEMBERS, member())[code].checked_rows == 0
    found = judge(lake, MEMBERS, member(arm="CONTROL"))[code]
    assert (found.checked_rows, found.failed_rows) == (1, 0)
    lake.deliver(ROLLOUTS, rollout(live_on=date(2025, 4, 30)))
    assert judge(lake, MEMBERS)[code].failed_rows == 1


def test_pilots_of_a_kpi_follow_one_another_for_a_dealer(lake: SmallLake) -> None:
    code = "PILOT_MEMBER_OF_ONE_PILOT_OF_A_KPI"
    lake.deliver(
        PILOTS,
        pilot(),
        pilot(pilot_id="P2", starts_on=date(2025, 5, 1), ends_on=None),
        pilot(pilot_id="P3", kpi_code="NPS"),
    )
    members = [member(pilot_id=f"P{n}") for n in (1, 2, 3)]
    assert judge(lake, MEMBERS, *members)[code].success
    lake.deliver(PILOTS, pilot(pilot_id="P2", starts_on=date(2025, 4, 30)))
    [row] = judge(lake, MEMBERS)[code].examples
    assert (row["pilot_id"], row["other_pilot_id"], row["overlap_from"]) == (
        "P1",
        "P2",
        "2025-04-30",
    )


def test_a_dealer_may_be_of_a_pilot_until_his_last_day(lake: SmallLake) -> None:
    lake.deliver(PILOTS, pilot())
    lake.deliver("oem__dealers", dealer(opened_on=date(2024, 9, 2), closed_on=date(2025, 4, 30)))
    code = "PILOT_MEMBER_OPEN_THROUGHOUT"
    assert judge(lake, MEMBERS, member())[code].failed_rows == 0
    lake.deliver("oem__dealers", dealer(closed_on=date(2025, 4, 29)))
    assert judge(lake, MEMBERS)[code].failed_rows == 1
