"""Rules of campaigns: those of the manufacturer with their elements, what dealers make of them, and
the leads that name them."""

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
    accepted,
)
from expectations.shared import DELIVERED_ON, FOREVER

_CAMPAIGNS = "oem__brand_campaigns"
_ELEMENTS = "oem__campaign_elements"
_LOCAL = "dealer__local_campaigns"
_CHANGES = "dealer__campaign_changes"
_LEADS = "dealer__leads"


SCANS = {
    _CAMPAIGNS: """
        select
            r.*, b.brand_code is not null as is_known_brand,
            e.campaign_id is not null as has_elements
        from {batch} as r
        left join (select distinct brand_code from state.oem__dealers) as b using (brand_code)
        left join (select distinct campaign_id from state.oem__campaign_elements) as e
            using (campaign_id)
    """,
    _ELEMENTS: """
        select r.*, c.campaign_id is not null as is_known_campaign
        from {batch} as r
        left join state.oem__brand_campaigns as c using (campaign_id)
    """,
    _LOCAL: """
        select
            r.*, k.dealer_id is not null as is_known_dealer, k.opened_on as dealer_opened_on,
            k.closed_on as dealer_closed_on, c.campaign_id is not null as is_known_campaign,
            c.brand_code as campaign_brand_code, c.starts_on as campaign_starts_on,
            c.ends_on as campaign_ends_on, h.local_campaign_id is not null as has_changes
        from {batch} as r
        left join state.oem__dealers as k using (dealer_id, brand_code)
        left join state.oem__brand_campaigns as c on c.campaign_id = r.campaign_id
        left join (select distinct local_campaign_id from state.dealer__campaign_changes) as h
            using (local_campaign_id)
    """,
    _CHANGES: """
        select
            r.*, l.dealer_id, l.local_campaign_id is not null as is_known_local_campaign,
            c.campaign_id is not null as is_known_campaign,
            e.element_code is not null as is_known_element, e.is_locked
        from {batch} as r
        left join state.dealer__local_campaigns as l using (local_campaign_id)
        left join state.oem__brand_campaigns as c on c.campaign_id = l.campaign_id
        left join state.oem__campaign_elements as e
            on e.campaign_id = l.campaign_id and e.element_code = r.element_code
    """,
}

_CAMPAIGN_RULES = (
    Rule(
        code="BRAND_CAMPAIGN_ID_NOT_RESERVED",
        table=_CAMPAIGNS,
        scope=STATE,
        dimension=VALIDITY,
        description="A campaign is not called BRAND_POSITIONING_COST.",
        reason="That is the name of the amount which the article claims: the budget of the "
        "campaign is shared out under no name.",
        remedy="Give the campaign another id.",
        passes="campaign_id <> 'BRAND_POSITIONING_COST'",
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="BRAND_CAMPAIGN_BRAND_KNOWN",
        table=_CAMPAIGNS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A campaign is of a brand that has dealers.",
        reason="No dealer can take part in it, and its window protects no price.",
        remedy="Correct the brand of the campaign, or deliver the dealers of the brand first.",
        passes="is_known_brand",
        course_topic="SALES",
    ),
    Rule(
        code="BRAND_CAMPAIGN_ENDS_AFTER_START",
        table=_CAMPAIGNS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="A campaign ends on its first day or later.",
        reason="Otherwise it never runs: no invoice lies in its window, no lead in its time.",
        remedy="Exchange first and last day, or correct the year.",
        passes="ends_on >= starts_on",
        course_topic="SALES",
    ),
    Rule(
        code="BRAND_CAMPAIGN_LENGTH_PLAUSIBLE",
        table=_CAMPAIGNS,
        scope=STATE,
        dimension=VALIDITY,
        description="A campaign lasts a year at most.",
        reason="A longer one is mostly a wrong year, and makes every discount a conflict.",
        remedy="Correct the last day, or tell what follows as a campaign of its own.",
        passes="ends_on < starts_on + interval 1 year",
        course_topic="SALES",
    ),
    Rule(
        code="BRAND_CAMPAIGN_BUDGET_PLAUSIBLE",
        table=_CAMPAIGNS,
        scope=STATE,
        dimension=VALIDITY,
        description="A budget is more than nothing, and 1,000,000,000 EUR at most.",
        reason="Cents in place of euro, or an empty budget, would be shared out over the districts "
        "as they are.",
        remedy="Deliver the budget in euro; take back a campaign without one.",
        passes="budget_eur > 0 and budget_eur <= 1000000000",
        course_topic="SALES",
    ),
    Rule(
        code="BRAND_CAMPAIGN_HAS_ELEMENTS",
        table=_CAMPAIGNS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A campaign is told with its elements.",
        reason="Without them nobody can say how much of it a dealer changed.",
        remedy="Deliver the elements of the campaign with their weights.",
        passes="has_elements",
        course_topic="SALES",
    ),
    Rule(
        code="BRAND_CAMPAIGN_DELIVERED_IN_TIME",
        table=_CAMPAIGNS,
        scope=HISTORY,
        dimension=TIMELINESS,
        description="A campaign is first delivered two weeks before it starts, or earlier.",
        reason="Dealers who learn of it later cannot have their own part approved in time.",
        remedy="Deliver campaigns when they are decided, not when they start.",
        violations=f"""
            select
                campaign_id, arg_min(starts_on, _delivered_at) as starts_on,
                min({DELIVERED_ON}) as delivered_on
            from {{batch}}
            group by campaign_id
            having min({DELIVERED_ON}) > arg_min(starts_on, _delivered_at) - 14
        """,
        checked="count(distinct campaign_id)",
        mostly=0.8,
        course_topic="SALES",
    ),
)

_ELEMENT_RULES = (
    Rule(
        code="CAMPAIGN_ELEMENTS_SUM_TO_100",
        table=_ELEMENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="The weights of the elements of a campaign sum to 100.",
        reason="How much of a campaign may be changed is said in parts of 100: of another sum the "
        "same change is more, or less, than was meant.",
        remedy="Deliver the missing elements, or the weights once more.",
        violations="""
            select campaign_id, sum(weight) as weight, count(*) as elements
            from {batch}
            group by campaign_id
            having sum(weight) <> 100
            order by campaign_id
        """,
        checked="count(distinct campaign_id)",
        course_topic="SALES",
    ),
    Rule(
        code="CAMPAIGN_ELEMENT_CAMPAIGN_KNOWN",
        table=_ELEMENTS,
        scope=STATE,
        dimension=CONSISTENCY,
        description="An element is of a campaign that has been told.",
        reason="Elements of another count nowhere.",
        remedy="Deliver the campaign, or correct its id in the element.",
        passes="is_known_campaign",
        course_topic="SALES",
    ),
    Rule(
        code="CAMPAIGN_ELEMENT_HAS_WEIGHT",
        table=_ELEMENTS,
        scope=STATE,
        dimension=VALIDITY,
        description="An element has a weight above 0.",
        reason="What weighs nothing may be changed without limit.",
        remedy="Give the element a weight, or take it back.",
        passes="weight > 0",
        course_topic="SALES",
    ),
    Rule(
        code="CAMPAIGN_ELEMENTS_PARTLY_LOCKED",
        table=_ELEMENTS,
        scope=STATE,
        dimension=COMPLETENESS,
        description="A campaign has elements that are locked, and others that are not.",
        reason="With all of them locked no dealer can make it his own, with none of them nothing "
        "keeps the brand together.",
        remedy="Say of each element whether dealers may change it.",
        violations="""
            select
                campaign_id, count(*) as elements,
                count(*) filter (where is_locked) as locked_elements
            from {batch}
            group by campaign_id
            having count(*) filter (where is_locked) in (0, count(*))
            order by campaign_id
        """,
        checked="count(distinct campaign_id)",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="CAMPAIGN_ELEMENTS_KEPT_ONCE_STARTED",
        table=_ELEMENTS,
        scope=HISTORY,
        dimension=CONSISTENCY,
        description="Weight and lock of an element stay as they are once its campaign has started.",
        reason="What was approved by the old weights would be refused by the new ones.",
        remedy="Tell another campaign in place of a change.",
        violations=f"""
            select
                h.campaign_id, h.element_code, h.weight_before, h.weight, h.locked_before,
                h.is_locked, c.starts_on, h._source_file, h._source_row
            from (
                select
                    *, lag(weight) over versions as weight_before,
                    lag(is_locked) over versions as locked_before
                from {{batch}}
                window versions as (
                    partition by campaign_id, element_code
                    order by _delivered_at, _loaded_at, _source_file
                )
            ) as h
            inner join state.oem__brand_campaigns as c using (campaign_id)
            where (h.weight <> h.weight_before or h.is_locked <> h.locked_before)
                and {DELIVERED_ON.replace("_delivered_at", "h._delivered_at")} >= c.starts_on
        """,
        course_topic="SALES",
    ),
)

_LOCAL_RULES = (
    Rule(
        code="LOCAL_CAMPAIGN_DEALER_KNOWN",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="The dealer has a contract for the brand of his campaign.",
        reason="No lead of his can be of the campaign.",
        remedy="Correct the dealer's number or the brand.",
        passes="is_known_dealer",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_CAMPAIGN_KNOWN",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="A local campaign is made of a campaign that the manufacturer has told.",
        reason="Of another nobody knows the elements: how much was changed cannot be said.",
        remedy="Give the id of the manufacturer's campaign as he delivers it.",
        passes="is_known_campaign",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_OF_ITS_BRAND",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="A local campaign is of the brand of the campaign that it is made of.",
        reason="Its leads and costs would be compared with those of another brand.",
        remedy="Correct the brand, or the id of the campaign.",
        applies="is_known_campaign",
        passes="campaign_brand_code = brand_code",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_ENDS_AFTER_START",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="A local campaign ends on its first day or later.",
        reason="Otherwise it runs on no day.",
        remedy="Exchange first and last day, or correct the year.",
        passes="ends_on >= starts_on",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_WITHIN_CAMPAIGN",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="A local campaign runs within the days of the campaign that it is made of.",
        reason="Before and after them customers see an offer that the manufacturer does not make.",
        remedy="Move first or last day into the campaign's days.",
        applies="is_known_campaign",
        passes="starts_on >= campaign_starts_on and ends_on <= campaign_ends_on",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_SUBMITTED_BEFORE_START",
        table=_LOCAL,
        dimension=TIMELINESS,
        description="A local campaign is submitted before its first day.",
        reason="What runs when it is submitted cannot be approved in time.",
        remedy="Submit campaigns two weeks before they start.",
        passes="submitted_on < starts_on",
        mostly=0.95,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_APPROVED_AFTER_SUBMISSION",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="An approval is dated on the day of the submission or later.",
        reason="An earlier one is of something else.",
        remedy="Correct the day of the approval or that of the submission.",
        applies="approved_on is not null",
        passes="approved_on >= submitted_on",
        mostly=0.99,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_APPROVED_BEFORE_START",
        table=_LOCAL,
        dimension=TIMELINESS,
        description="An approval is dated on the first day of the campaign or before it.",
        reason="Until then the dealer advertises without leave.",
        remedy="Wait for the approval before the campaign starts; submit it earlier.",
        applies="approved_on is not null",
        passes="approved_on <= starts_on",
        mostly=0.9,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_NOT_AHEAD_OF_DELIVERY",
        table=_LOCAL,
        dimension=TIMELINESS,
        description="Submission and approval are not dated after the file that tells of them (a "
        "day's grace for time zones).",
        reason="Planned days are no approvals.",
        remedy="Leave the day empty until it has come.",
        passes=f"greatest(submitted_on, approved_on) <= {DELIVERED_ON} + 1",
        mostly=0.99,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_WHILE_DEALER_OPEN",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="A local campaign runs while its dealer is open.",
        reason="Nobody is there to answer its leads.",
        remedy="Correct the days of the campaign, or have those of the dealer corrected.",
        applies="is_known_dealer",
        passes=f"starts_on >= dealer_opened_on and ends_on <= coalesce(dealer_closed_on, "
        f"{FOREVER})",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_COST_PLAUSIBLE",
        table=_LOCAL,
        dimension=VALIDITY,
        description="A local campaign costs more than nothing, and 1,000,000 EUR at most.",
        reason="Without its cost, or with cents in place of euro, cost per lead says nothing.",
        remedy="Deliver what was spent, in euro.",
        passes="cost_eur > 0 and cost_eur <= 1000000",
        mostly=0.98,
        course_topic="SALES",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_CLICKS_WITHIN_IMPRESSIONS",
        table=_LOCAL,
        dimension=CONSISTENCY,
        description="A campaign is clicked at most as often as it is shown.",
        reason="The columns are exchanged, or of different channels.",
        remedy="Deliver both figures of the same channels and days.",
        passes="clicks <= impressions",
        mostly=0.99,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_RESULTS_PRESENT",
        table=_LOCAL,
        dimension=COMPLETENESS,
        description="What is delivered after the last day of a campaign says how often it was "
        "shown and clicked.",
        reason="Without that nobody sees whether it was noticed.",
        remedy="Deliver the campaign once more when the figures are there.",
        applies=f"ends_on < {DELIVERED_ON}",
        passes="impressions is not null and clicks is not null",
        mostly=0.8,
        target_rate=0.95,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_HAS_CHANGES",
        table=_LOCAL,
        scope=STATE,
        dimension=COMPLETENESS,
        description="For each local campaign the dealer says of the elements whether they are "
        "changed.",
        reason="Who says nothing passes for one who changed nothing.",
        remedy="Deliver a row for each element of the campaign, also of those not changed.",
        passes="has_changes",
        mostly=0.95,
        course_topic="DIGITAL",
    ),
    Rule(
        code="LOCAL_CAMPAIGN_ID_OF_ONE_DEALER",
        table=_LOCAL,
        scope=HISTORY,
        dimension=UNIQUENESS,
        description="An id of a local campaign is used by one dealer.",
        reason="Of two dealers with one id the later delivery replaces the earlier: the campaign "
        "of the one is lost, with its changes, leads and costs.",
        remedy="Put your dealer number in front of the ids of your campaigns.",
        violations="""
            select
                local_campaign_id, count(distinct dealer_id) as dealers,
                min(dealer_id) as first_dealer_id, max(dealer_id) as last_dealer_id
            from {batch}
            group by local_campaign_id
            having count(distinct dealer_id) > 1
            order by local_campaign_id
        """,
        checked="count(distinct local_campaign_id)",
        mostly=0.99,
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="LOCAL_CAMPAIGNS_NOT_DOUBLED",
        table=_LOCAL,
        scope=STATE,
        dimension=UNIQUENESS,
        description="A dealer has one local campaign of a campaign at a time.",
        reason="Of two that run at once, leads that name the manufacturer's campaign are given "
        "to one of them by chance.",
        remedy="Take back what was delivered under two ids.",
        violations="""
            select
                dealer_id, brand_code, campaign_id, local_campaign_id, starts_on, ends_on,
                next_starts_on, next_local_campaign_id
            from (
                select
                    *, lead(starts_on) over starts as next_starts_on,
                    lead(local_campaign_id) over starts as next_local_campaign_id
                from {batch}
                window starts as (
                    partition by dealer_id, brand_code, campaign_id
                    order by starts_on, local_campaign_id
                )
            )
            where next_starts_on <= ends_on
            order by local_campaign_id
        """,
        mostly=0.99,
        course_topic="DATA_QUALITY",
    ),
)

_CHANGE_RULES = (
    Rule(
        code="CAMPAIGN_CHANGE_LOCAL_CAMPAIGN_KNOWN",
        table=_CHANGES,
        dimension=CONSISTENCY,
        description="A change is of a local campaign that has been delivered.",
        reason="It counts nowhere, and the campaign passes for unchanged.",
        remedy="Deliver the local campaign, or correct its id in the change.",
        passes="is_known_local_campaign",
        mostly=0.95,
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="CAMPAIGN_CHANGE_ELEMENT_KNOWN",
        table=_CHANGES,
        dimension=CONSISTENCY,
        description="A change is of an element that the manufacturer's campaign has.",
        reason="Changes of others weigh nothing: more may have been changed than is seen.",
        remedy="Give the codes of the elements as the manufacturer delivers them.",
        applies="is_known_campaign",
        passes="is_known_element",
        mostly=0.98,
        course_topic="DATA_QUALITY",
    ),
    Rule(
        code="CAMPAIGN_CHANGE_NOT_OF_LOCKED_ELEMENT",
        table=_CHANGES,
        scope=STATE,
        dimension=VALIDITY,
        description="What is locked is not changed.",
        reason="One locked element that is changed has the whole campaign refused.",
        remedy="Put the element back as the manufacturer made it.",
        applies="is_changed and is_known_element",
        passes="not is_locked",
        mostly=0.9,
        course_topic="SALES",
    ),
)

_LEAD_RULES = (
    Rule(
        code="LEAD_CAMPAIGN_KNOWN",
        table=_LEADS,
        dimension=CONSISTENCY,
        description="A lead that names a campaign names one that the manufacturer has for the "
        "brand, or that the dealer has for it, by its id.",
        reason="Leads of others are missing where the cost per lead is reckoned.",
        remedy="Have the system write the id of the campaign, not its name.",
        violations="""
            select
                r.lead_id, r.dealer_id, r.brand_code, r.campaign_id, r._source_file, r._source_row
            from {batch} as r
            anti join state.oem__brand_campaigns as c
                on c.campaign_id = r.campaign_id and c.brand_code = r.brand_code
            anti join state.dealer__local_campaigns as l
                on l.local_campaign_id = r.campaign_id and l.dealer_id = r.dealer_id
                    and l.brand_code = r.brand_code
            where r.campaign_id is not null
        """,
        checked="count(campaign_id)",
        mostly=0.95,
        course_topic="DIGITAL",
    ),
)

RULES = (
    *_CAMPAIGN_RULES,
    *_ELEMENT_RULES,
    *accepted("LOCAL_CAMPAIGN", _LOCAL),
    *_LOCAL_RULES,
    *accepted("CAMPAIGN_CHANGE", _CHANGES),
    *_CHANGE_RULES,
    *_LEAD_RULES,
)
