"""Rules of the lake's own books: nothing is lost, and what did not fit is seen."""

from __future__ import annotations

from expectations.rule import (
    COMPLETENESS,
    CONSISTENCY,
    CRITICAL,
    TIMELINESS,
    VALIDITY,
    Rule,
)

SCANS = {
    "lake__deliveries": """
        select
            r.*, f.mode as feed_mode, raw.row_count as raw_file_rows,
            coalesce(quarantined.row_count, 0) as quarantine_file_rows,
            n.source_file is not null as is_rejection_recorded
        from {batch} as r
        left join lake.feeds as f on f.feed = r.feed
        left join lake.files as raw
            on raw.folder = 'raw' and raw.feed = r.feed and raw.batch_id = r.batch_id
        left join lake.files as quarantined
            on quarantined.folder = 'quarantine'
            and quarantined.feed = r.feed and quarantined.batch_id = r.batch_id
        left join (select distinct feed, source_file from lake.rejected) as n
            on n.feed = r.feed and n.source_file = r.source_file
    """,
}

RULES = (
    Rule(
        code="DELIVERY_CONSERVED",
        table="lake__deliveries",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="Delivered rows are accepted or quarantined, for every file.",
        reason="Otherwise rows were lost on their way, and no figure can be trusted.",
        remedy="Nothing to do for the sender: run with --full-refresh, and report it if it stays.",
        passes="coalesce(delivered_rows = accepted_rows + quarantined_rows "
        "and least(accepted_rows, quarantined_rows) >= 0, false)",
        target_rate=1.0,
    ),
    Rule(
        code="DELIVERY_ROWS_IN_LAKE",
        table="lake__deliveries",
        severity=CRITICAL,
        dimension=CONSISTENCY,
        description="The files of the lake hold the very rows that the books say: accepted rows "
        "in lake/raw, quarantined rows in lake/quarantine.",
        reason="Otherwise a file of the lake was changed or lost after it was loaded.",
        remedy="Nothing to do for the sender: restore lake/ from a backup, and keep others from "
        "writing into it.",
        applies="status = 'LOADED'",
        passes="coalesce(accepted_rows = raw_file_rows "
        "and quarantined_rows = quarantine_file_rows, false)",
        target_rate=1.0,
    ),
    Rule(
        code="DELIVERY_REJECTION_RECORDED",
        table="lake__deliveries",
        dimension=COMPLETENESS,
        description="Every rejected file stands with its reason in lake/rejected.",
        reason="Otherwise nobody can be told why a delivery is missing.",
        remedy="Nothing to do for the sender: restore lake/rejected from a backup.",
        applies="status = 'REJECTED'",
        passes="is_rejection_recorded and reason_code is not null",
        target_rate=1.0,
    ),
    Rule(
        code="DELIVERY_NOT_REJECTED",
        table="lake__deliveries",
        dimension=VALIDITY,
        description="A file can be read.",
        reason=("A rejected one is missing whole, in every figure, until it is sent again."),
        remedy=("See why with `partnerdw quarantine`, mend the export and send the file again."),
        passes="status <> 'REJECTED'",
        mostly=0.95,
        target_rate=0.99,
        course_topic="DIGITAL",
    ),
    Rule(
        code="DELIVERY_SENDER_KNOWN",
        table="lake__deliveries",
        dimension=COMPLETENESS,
        description="A file's name says who sent it and when (sender_YYYYMMDDTHHMM).",
        reason="Otherwise nobody can be asked about it, and its own time decides which delivery "
        "wins.",
        remedy=("Name files sender_YYYYMMDDTHHMM, by your id and the time of the export."),
        passes="sender <> 'unknown'",
        course_topic="DIGITAL",
    ),
    Rule(
        code="DELIVERY_SNAPSHOT_NOT_EMPTY",
        table="lake__deliveries",
        dimension=COMPLETENESS,
        description="The newest snapshot of a sender has rows.",
        reason="An empty one empties the feed of that sender.",
        remedy="Look whether the export ran without data; send the full list again.",
        violations="""
            select feed, sender, source_file, delivered_at, delivered_rows, accepted_rows
            from {batch}
            where feed_mode = 'snapshot' and status = 'LOADED'
            qualify row_number() over (
                partition by feed, sender order by delivered_at desc, loaded_at desc,
                source_file desc
            ) = 1 and accepted_rows = 0
        """,
        checked="count(distinct (feed, sender)) filter (where feed_mode = 'snapshot')",
    ),
    Rule(
        code="DELIVERY_QUARANTINE_SHARE",
        table="lake__deliveries",
        dimension=VALIDITY,
        description="At most 2 % of the rows of a feed are quarantined.",
        reason="More points to a format that changed, not to slips: whole columns may be missing "
        "in the figures.",
        remedy="Compare the newest export to the contract of the feed, mend it and send the rows "
        "again.",
        violations="""
            select
                feed, sum(delivered_rows) as delivered_rows,
                sum(quarantined_rows) as quarantined_rows
            from {batch}
            group by feed
            having sum(quarantined_rows) > 0.02 * sum(delivered_rows)
        """,
        checked="count(distinct feed)",
        course_topic="DIGITAL",
    ),
    Rule(
        code="DELIVERY_KNOWN_AT_CLOSE",
        table="lake__deliveries",
        dimension=TIMELINESS,
        description="What was delivered before a month was closed was also loaded by the first "
        "load after that.",
        reason="What is loaded later changes nothing that was posted, and counts in the next "
        "close.",
        remedy=("Deliver before the close, and load at least once after each: partnerdw run."),
        violations="""
            with standing as (
                select period_month, closed_at, min(_loaded_at) as loaded_at
                from history.oem__period_closes
                semi join state.oem__period_closes using (period_month, closed_at)
                group by period_month, closed_at
            ),
            bounds as (
                select period_month, closed_at, min(l.loaded_at) as known_until
                from standing as c
                inner join (select distinct loaded_at from lake.deliveries) as l
                    on l.loaded_at >= greatest(c.closed_at, c.loaded_at)
                group by period_month, closed_at
            ),
            closes as (
                select
                    period_month, closed_at,
                    max(known_until) over (order by period_month) as known_until
                from bounds
            )
            select
                d.feed, d.sender, d.source_file, d.delivered_at, d.loaded_at,
                max(c.period_month) as closed_without_it
            from {batch} as d
            inner join closes as c
                on d.delivered_at <= c.closed_at and d.loaded_at > c.known_until
            where d.status = 'LOADED' and d.accepted_rows > 0
            group by all
        """,
        checked="count(*) filter (where status = 'LOADED')",
        mostly=0.99,
        course_topic="DIGITAL",
    ),
)
