"""The quality of a dealer's deliveries on his page: by feed, the worst rules, what helps."""

from __future__ import annotations

from typing import Any

from orchestration.review.both import Both, each, text
from orchestration.serving.share_reader import Row, Share
from orchestration.serving.share_words import code, instant, month, number, percent, rich

_RULES = 6
_COURSES = 3

_LAST = "select max(month) as month from mart_data_quality where dealer_id = $dealer_id"

_BY_RULE = """
select
    feed,
    rule_code,
    target_rate,
    sum(checked_rows)::bigint as checked_rows,
    sum(passed_rows)::bigint as passed_rows,
    sum(checked_rows - passed_rows)::bigint as failed_rows,
    sum(passed_rows) < sum(checked_rows) * target_rate as is_below_target,
    coalesce(any_value(rules.description), rule_code) as description_en,
    coalesce(any_value(rules.description_de), any_value(rules.description), rule_code)
        as description_de,
    coalesce(any_value(rules.remedy), '') as remedy_en,
    coalesce(any_value(rules.remedy_de), any_value(rules.remedy), '') as remedy_de
from mart_data_quality
left join (
    select rule_code, description, description_de, remedy, remedy_de from dim_quality_rule
) as rules using (rule_code)
where dealer_id = $dealer_id and month > $last::date - interval 3 month
group by feed, rule_code, target_rate
order by is_below_target desc, failed_rows desc, feed, rule_code
"""

_FRESH = """
select feed, last_delivered_at from mart_dealer_feed_freshness
where dealer_id = $dealer_id
order by feed
"""

_KEPT = """
select
    coalesce(sum(delivered_rows), 0)::bigint as delivered,
    coalesce(sum(quarantined_rows), 0)::bigint as quarantined,
    coalesce(sum(rejected_file_count), 0)::bigint as files
from mart_feed_quality
where sender = $dealer_id and delivery_month > $last::date - interval 3 month
"""

_NEEDS = """
select * from mart_academy_needs
where dealer_id = $dealer_id and (rules_below_target > 0 or untrained_staff > 0)
order by priority, course_code
limit $limit
"""


def quality(share: Share) -> dict[str, Any] | None:
    """The three newest months in which something was measured; None without any."""
    if not share.holds("quality"):
        return None
    last = share.rows(_LAST)[0]["month"]
    if last is None:
        return None
    rules = share.rows(_BY_RULE, last=last)
    below = [row for row in rules if row["is_below_target"]]
    kept = share.rows(_KEPT, last=last)[0]
    fresh = {row["feed"]: row["last_delivered_at"] for row in share.rows(_FRESH)}
    return {
        "intro": text("share_quality_of", month=month(last)),
        "tiles": [
            (
                text("dq_tile_rate"),
                _rate(rules, 2),
                text(
                    "dq_tile_rate_note",
                    checked=number(sum(row["checked_rows"] for row in rules)),
                ),
            ),
            (
                text("dq_tile_below"),
                number(len(below)),
                text("dq_tile_below_note", rules=number(len(rules))),
            ),
        ],
        "feeds": [
            _feed(feed, [row for row in rules if row["feed"] == feed], fresh.get(feed))
            for feed in sorted({row["feed"] for row in rules} | set(fresh))
        ],
        "rules": [_rule(row) for row in below[:_RULES]],
        "kept": text("share_quality_kept", **{name: number(kept[name]) for name in kept}),
        "courses": [
            {
                "name": row["course_name"],
                "below": number(row["rules_below_target"]),
                "affected": number(row["affected_rows"]),
                "untrained": text(
                    "of", part=number(row["untrained_staff"]), whole=number(row["active_staff"])
                ),
            }
            for row in share.rows(_NEEDS, limit=_COURSES)
        ],
        "now": [
            (
                "warn",
                rich("share_now_quality", count=number(len(below)), whole=number(len(rules))),
            )
        ]
        if below
        else [],
    }


def _rate(rules: list[Row], digits: int = 1) -> Both:
    checked = sum(row["checked_rows"] for row in rules)
    passed = sum(row["passed_rows"] for row in rules)
    return percent(passed / checked if checked else None, digits)


def _feed(feed: str, rules: list[Row], delivered: Any) -> dict[str, Any]:
    below = sum(row["is_below_target"] for row in rules)
    return {
        "name": code("now_feed", feed),
        "feed": feed,
        "rate": _rate(rules, 2),
        "below": text("of", part=number(below), whole=number(len(rules))),
        "is_below": below > 0,
        "delivered": instant(delivered),
    }


def _rule(row: Row) -> dict[str, Any]:
    return {
        "code": row["rule_code"],
        "feed": row["feed"],
        "what": each(lambda say: row[f"description_{say.code}"]),
        "remedy": each(lambda say: row[f"remedy_{say.code}"]),
        "figures": text(
            "share_quality_rule",
            rate=_rate([row]),
            target=percent(row["target_rate"]),
            rows=number(row["failed_rows"]),
        ),
    }
