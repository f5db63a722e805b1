"""Rules of the marts about quality itself: they must agree with the lake's books."""

from __future__ import annotations

from expectations.rule import CONSISTENCY, CRITICAL, VALIDITY, Rule

SCANS: dict[str, str] = {}

RULES = (
    Rule(
        code="FEED_QUALITY_PASS_RATE_IS_SHARE",
        table="mart_feed_quality",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The pass rate is the share of accepted rows, and null without rows.",
        passes="(pass_rate is null) = (delivered_rows = 0) "
        "and coalesce(abs(pass_rate * delivered_rows - accepted_rows) "
        "<= cast(0.000001 as decimal(7, 6)) * delivered_rows, true)",
        target_rate=1.0,
    ),
    Rule(
        code="FEED_QUALITY_RECONCILED",
        table="mart_feed_quality",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Files and rows of a feed are those of the lake's books.",
        violations="""
            with mart as (
                select
                    feed, sum(file_count) as mart_files, sum(delivered_rows) as mart_delivered,
                    sum(accepted_rows) as mart_accepted
                from {batch}
                group by feed
            ),
            books as (
                select
                    feed, count(*) as files, sum(delivered_rows) as delivered,
                    sum(accepted_rows) as accepted
                from lake.deliveries
                group by feed
            )
            select *
            from mart
            full join books using (feed)
            where (mart_files, mart_delivered, mart_accepted)
                is distinct from (files, delivered, accepted)
            order by feed
        """,
        checked="greatest(count(distinct feed), 1)",
        target_rate=1.0,
    ),
    Rule(
        code="FEED_QUALITY_PASS_RATE_REACHED",
        table="mart_feed_quality",
        dimension=VALIDITY,
        description="At least 95 % of the rows that a sender delivers of a feed in a month pass "
        "every row rule.",
        applies="delivered_rows >= 20",
        passes="pass_rate >= 0.95",
        mostly=0.95,
    ),
)
