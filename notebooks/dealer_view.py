"""What stands behind the dealer's page: SQL over the published marts, and how its lights are set.

Every query takes `dealer_id`; all but those of the feeds `brand_code`, too. Ages are hours up to
the publication's instant of knowledge (`as_of`, UTC).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.serving.reading import Publication
from orchestration.settings import NETWORK_ZONE

Row = dict[str, Any]

LIGHTS = {"GOOD": "●", "WATCH": "▲", "LATE": "■", "BREACHED": "✖", "UNKNOWN": "○"}
"""Each light has a shape of its own: it is never told by its colour alone."""

DAY, WEEK = 24, 7 * 24
AGE_CLASSES = ("TO_30", "TO_60", "TO_90", "TO_180", "OVER_180", "UNKNOWN")
RECENT_DAYS = 90
LEAST_RHYTHM_DAYS = 2
"""Feeds of every day pause on Sundays."""

NOW = """
select now.*, coalesce(dealer_name, dealer_id) as dealer_name, closed_on
from mart_dealer_now as now
left join dim_dealer using (dealer_id, brand_code)
order by lower(dealer_name), dealer_id, brand_code
"""

_UNITS = """
from fct_stock
inner join mart_dealer_now as now using (dealer_id, brand_code)
where
    dealer_id = $dealer_id
    and brand_code = $brand_code
    and snapshot_date = now.stock_snapshot_on
    and stock_status = 'IN_STOCK'
"""

STOCK = f"""
select
    case
        when stock_age_days is null then 'UNKNOWN'
        when stock_age_days > 180 then 'OVER_180'
        when stock_age_days > 90 then 'TO_180'
        when stock_age_days > 60 then 'TO_90'
        when stock_age_days > 30 then 'TO_60'
        else 'TO_30'
    end as age_class,
    count(*) as unit_count
{_UNITS}
group by age_class
"""
"""Units in stock of the dealer's last snapshot by their age on its day."""

OLDEST_UNITS = f"""
with models as (select model_code, any_value(model_name) as model_name
    from dim_vehicle_model group by model_code)

, units as (select vin, model_code, in_stock_since, stock_age_days {_UNITS})

select vin, coalesce(model_name, model_code) as model_name, in_stock_since, stock_age_days
from units
left join models using (model_code)
where stock_age_days > 90
order by stock_age_days desc, vin
"""

_AGE = "date_diff('microsecond', {since}, (select as_of from _publication)) / 3600000000.0"

LEADS = f"""
select
    lead_id,
    channel,
    campaign_id,
    created_at,
    first_response_at is not null as is_answered,
    {_AGE.format(since="created_at")} as age_hours
from fct_lead
where
    dealer_id = $dealer_id
    and brand_code = $brand_code
    and not is_sold
    and lost_at is null
order by created_at, lead_id
"""
"""Leads that are neither sold nor lost, the oldest first."""

LEAD_COUNT = """
select count(*) as lead_count
from fct_lead
where dealer_id = $dealer_id and brand_code = $brand_code
"""

CAMPAIGNS = """
select
    campaign_id,
    count(*) as lead_count,
    count(*) filter (where first_response_at is not null) as answered_count,
    count(*) filter (where is_sold) as sold_count,
    count(*) filter (where lost_at is not null and not is_sold) as lost_count
from fct_lead
where
    dealer_id = $dealer_id
    and brand_code = $brand_code
    and campaign_id is not null
    and created_at >= $since
    and created_at <= $until
group by campaign_id
order by max(created_at) desc, campaign_id
"""

CASES = f"""
with names as (
    select dealer_id, any_value(dealer_name) as dealer_name from dim_dealer group by dealer_id
)

select
    case_id,
    case_type,
    product_category,
    opened_at,
    rule_id,
    is_ambiguous,
    coalesce(is_service_level_breached, false) as is_breached,
    received_by_dealer_id = $dealer_id as is_received,
    responsible_party = $dealer_id as is_responsible,
    responsible_party,
    coalesce(owners.dealer_name, responsible_party) as responsible_name,
    coalesce(receivers.dealer_name, received_by_dealer_id) as receiver_name,
    {_AGE.format(since="opened_at")} as age_hours
from mart_case_routing
left join names as owners on owners.dealer_id = responsible_party
left join names as receivers on receivers.dealer_id = received_by_dealer_id
where
    brand_code = $brand_code
    and (received_by_dealer_id = $dealer_id or responsible_party = $dealer_id)
    and (resolved_at is null or resolved_at > (select as_of from _publication))
order by is_breached desc, opened_at, case_id
"""
"""Open cases that the dealer received or is responsible for: breached ones first, then by age."""

ROUTED = """
select
    count(*) as case_count,
    count(*) filter (where received_by_dealer_id = $dealer_id) as received_count,
    count(*) filter (where received_by_dealer_id = $dealer_id and was_misrouted) as misrouted_count,
    count(*) filter (where opened_at >= $since and received_by_dealer_id = $dealer_id)
        as recent_count,
    count(*) filter (
        where opened_at >= $since and received_by_dealer_id = $dealer_id and was_misrouted
    ) as recent_misrouted_count
from mart_case_routing
where
    brand_code = $brand_code
    and opened_at <= $until
    and (received_by_dealer_id = $dealer_id or responsible_party = $dealer_id)
"""

MEASURED_KINDS = """
select distinct case_type
from mart_case_routing
where brand_code = $brand_code and is_service_level_breached
"""
"""Kinds of cases that certainly have a service level: a case of the brand has breached it."""

CYCLE_MONTHS = """
select
    opened_month,
    sum(opened_count)::bigint as opened_count,
    sum(open_count)::bigint as open_count,
    sum(backlog_count)::bigint as backlog_count,
    (sum(mean_hours * timed_count) / nullif(sum(timed_count), 0))::double as mean_hours
from mart_case_cycle_time
where
    dealer_id = $dealer_id
    and brand_code = $brand_code
    and opened_month
    > (select max(opened_month) from mart_case_cycle_time) - interval 12 month
group by opened_month
order by opened_month
"""

CYCLE_KINDS = """
with newest as (
    select max(opened_month) as opened_month
    from mart_case_cycle_time
    where dealer_id = $dealer_id and brand_code = $brand_code and timed_count > 0
)

select case_type, opened_month, opened_count, open_count, median_hours, p90_hours
from mart_case_cycle_time
inner join newest using (opened_month)
where dealer_id = $dealer_id and brand_code = $brand_code
order by case_type
"""
"""The newest month of which a case has been resolved, by kind."""

HAS_SERVICE_LEVELS = """
select 1 from mart_feed_quality where feed = 'oem__service_levels' and accepted_rows > 0 limit 1
"""

DEALER_FEEDS = (
    *("dealer__stock", "dealer__leads", "dealer__cases"),
    *("dealer__vehicle_events", "dealer__surveys", "dealer__financials"),
)

_RHYTHMS = """
months as (
    select
        feed,
        sender,
        file_count - rejected_file_count as taken_count,
        last_delivered_at,
        date_diff(
            'hour',
            lag(last_delivered_at) over (partition by feed, sender order by delivery_month),
            last_delivered_at
        ) / 24.0 as gap_days
    from mart_feed_quality
    where
        file_count > rejected_file_count
        and delivery_month > (select as_of from _publication) - interval 25 month
)

, rhythms as (
    select
        feed,
        sender,
        max(last_delivered_at) as last_delivered_at,
        median(gap_days) / greatest(median(taken_count), 1) as usual_days
    from months
    group by feed, sender
)
"""

FEEDS = f"""
with {_RHYTHMS}

, feeds as (
    select * from (values {", ".join(f"('{f}', {n})" for n, f in enumerate(DEALER_FEEDS))})
        as listed(feed, position)
)

select
    feeds.feed,
    newest.last_sender = $dealer_id as is_own,
    newest.last_delivered_at,
    newest.last_file,
    newest.accepted_rows,
    {_AGE.format(since="newest.last_delivered_at")} / 24 as days_since,
    usual_days
from feeds
left join mart_dealer_feed_freshness as newest
    on
        feeds.feed = newest.feed
        and newest.dealer_id = $dealer_id
left join rhythms
    on
        newest.feed = rhythms.feed
        and newest.last_sender = rhythms.sender
order by position
"""
"""The newest delivery of each feed of dealers with rows of this one: his own, or a hub's."""

NETWORK_FEEDS = f"""
with {_RHYTHMS}

select
    feed,
    last_delivered_at,
    {_AGE.format(since="last_delivered_at")} / 24 as days_since,
    usual_days
from rhythms
where not starts_with(feed, 'dealer__')
qualify row_number() over (partition by feed order by last_delivered_at desc, sender) = 1
order by feed
"""
"""The newest delivery of each feed of the manufacturer and the market."""


def as_of(publication: Publication) -> datetime:
    """The publication's instant of knowledge, UTC without a zone as it is stored."""
    return publication.records("select as_of from _publication")[0]["as_of"].replace(tzinfo=None)


def german_day(instant: datetime) -> date:
    """The day in Germany of an instant that is stored in UTC without a zone."""
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(NETWORK_ZONE)).date()


def recent(until: datetime) -> dict[str, datetime]:
    """The last 90 days in Germany up to an instant, as `since` and `until` (UTC, no zone)."""
    first_day = german_day(until) - timedelta(RECENT_DAYS - 1)
    midnight = datetime.combine(first_day, time(), ZoneInfo(NETWORK_ZONE))
    return {"since": midnight.astimezone(UTC).replace(tzinfo=None), "until": until}


def most_to_see(rows: Sequence[Row], today: datetime) -> Row:
    """The first dealer who is open and has something of most that the page shows."""
    shown = (
        "in_stock_units",
        "units_over_90_days",
        "open_leads",
        "campaign_leads_90d",
        "open_cases",
        "open_cases_1_to_7_days",
        "data_as_of",
    )
    return max(
        rows, key=lambda row: (not is_closed(row, today), sum(bool(row[name]) for name in shown))
    )


def is_closed(row: Row, today: datetime) -> bool:
    return row["closed_on"] is not None and row["closed_on"] < german_day(today)


def age_light(hours: Any, *, is_breached: bool = False) -> str:
    """The light of what waits: under a day, up to seven days, longer; a breach goes first."""
    if is_breached:
        return "BREACHED"
    return "GOOD" if hours < DAY else "WATCH" if hours <= WEEK else "LATE"


def feed_light(days_since: Any, usual_days: Any) -> str:
    """How late a feed is, by the days that usually lie between two of its deliveries."""
    if days_since is None or usual_days is None:
        return "UNKNOWN"
    lateness = float(days_since) / max(float(usual_days), LEAST_RHYTHM_DAYS)
    return "GOOD" if lateness <= 1.5 else "WATCH" if lateness <= 3 else "LATE"


def class_light(age_class: str) -> str:
    """The light of a class of ages in stock."""
    return {"UNKNOWN": "UNKNOWN", "TO_180": "WATCH", "OVER_180": "LATE"}.get(age_class, "GOOD")


def counted(lights: Iterable[str]) -> dict[str, int]:
    """How often each light is on, the worst first; those that are off are left out."""
    found = list(lights)
    return {
        code: found.count(code)
        for code in ("BREACHED", "LATE", "WATCH", "GOOD", "UNKNOWN")
        if code in found
    }


def rate(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
