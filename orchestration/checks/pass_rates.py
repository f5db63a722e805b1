"""How well each dealer keeps each rule, month by month: dbt source `quality`, table `pass_counts`.

The rules that the gate judges are measured again for each dealer, over whatever he ever delivered:
one scan of a feed for all its rules. Rows and files count for the dealer that the row names (hubs
deliver for many), what is in quarantine for its sender; both in the month (of Berlin) of the
delivery, so that a bad row stays seen although a corrected one has replaced it.

A month of a feed is counted again only if its files have changed, or any file of a feed that the
rules compare it to, or the code. What belongs here: counting. What does not: the rules
(`expectations`), rates and targets (dbt).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.registry import feed_rules, scan
from expectations.rule import FILES, QUARANTINE, ROWS, Rule
from orchestration.checks.database import RuleDatabase, references, rule_database, show_batches
from orchestration.duck import quoted
from orchestration.ingestion import lake
from orchestration.ingestion.contract import load_contracts
from orchestration.ledger.tables import PASS_COUNTS, computed_path
from orchestration.settings import NETWORK_ZONE, Settings
from orchestration.state import PASS_RATES, read_state, write_state
from orchestration.version import code_version

_TABLE = "pass_counts"
"""Name of the table in its dbt source."""
_COMPARED = ("state", "history")
"""Schemas that do not hang on when the rules are measured."""


class PassRateError(RuntimeError):
    """A rule whose pass rate cannot be measured; the message names it and the remedy."""


def measured_rules() -> dict[str, list[Rule]]:
    """Feed -> its rules that are measured for each dealer."""
    found: dict[str, list[Rule]] = {}
    for rule in feed_rules():
        if rule.is_measured_per_dealer:
            found.setdefault(rule.table, []).append(rule)
    return found


def compared_feeds() -> dict[str, list[str]]:
    """Feed with measured rules -> the feeds that these compare its rows to, itself if they do.

    Raises:
        PassRateError: a rule compares with what is not the same at any time.
    """
    return {feed: _compared(feed, rules) for feed, rules in measured_rules().items()}


def count_passes(
    settings: Settings, on_progress: Callable[[str], None] | None = None
) -> dict[str, int]:
    """Bring the counts of every dealer feed up to what the lake holds; gives, by feed, how many
    months were counted.

    Raises:
        PassRateError: a rule compares with what is not the same at any time.
    """
    rules, compared = measured_rules(), compared_feeds()
    batches = _batches(settings)
    before = {} if settings.full_refresh else read_state(settings, PASS_RATES)
    made_by = f"{code_version()} {sorted(settings.hub_senders)}"
    now = {feed: _fingerprints(made_by, feed, compared[feed], batches) for feed in rules}
    stale = {feed: _stale(settings, feed, now[feed], before.get(feed, {})) for feed in rules}
    todo = {feed: months for feed, months in stale.items() if months}
    if todo:
        queries = "\n".join(_judged(feed, rules[feed]) for feed in todo)
        with rule_database(settings, load_contracts(), queries) as database:
            for feed, months in todo.items():
                if on_progress:
                    on_progress(f"pass rates of {feed}")
                chosen = batches[feed].select(["batch_id", "month"])
                chosen = chosen.filter(pc.is_in(chosen["month"], pa.array(months, pa.date32())))
                counted = count_batches(database, settings, feed, rules[feed], chosen)
                _replace(settings, feed, counted, kept=now[feed].keys() - set(months))
    nothing = lake.table_schema(_TABLE).empty_table()
    for feed in rules:
        # also what was counted of files that are no more, as after a new beginning of the lake
        months_counted = _months_counted(settings, feed)
        if months_counted is None or months_counted - now[feed].keys():
            _replace(settings, feed, nothing, kept=now[feed].keys())
    for path in computed_path(settings, PASS_COUNTS).parent.glob("*.parquet"):
        if path.stem not in rules:
            path.unlink()
    write_state(
        settings,
        PASS_RATES,
        {feed: {f"{m}": stamp for m, stamp in months.items()} for feed, months in now.items()},
    )
    return {feed: len(stale[feed]) for feed in rules}


def count_batches(
    database: RuleDatabase,
    settings: Settings,
    feed: str,
    rules: Sequence[Rule],
    batches: pa.Table,
) -> pa.Table:
    """The counts of some files of a feed (`batches`: batch_id, month), in one scan of them: the
    columns of `pass_counts`, without rows for what was not checked."""
    show_batches(database, settings, load_contracts()[feed], batches)
    counted = " union all ".join(pass_counts_sql(feed, rules, settings.hub_senders))
    return database.connection.execute(f"""
        select dealer_id, {quoted(feed)} as feed, rule_code, month,
            cast(checked_rows as bigint) as checked_rows,
            cast(passed_rows as bigint) as passed_rows
        from ({counted})
        where checked_rows > 0
    """).to_arrow_table()


def pass_counts_sql(feed: str, rules: Sequence[Rule], hub_senders: Collection[str]) -> list[str]:
    """SELECTs of dealer_id, month, rule_code, checked_rows, passed_rows, from `measured.<feed>` and
    `measured.batches` (batch_id, month): the scan of rows and files, and what is in quarantine."""
    of_rows = [(f"rule_{n}", rule) for n, rule in enumerate(rules) if rule.kind in (ROWS, FILES)]
    made = []
    if of_rows:
        # Per file first, on few groups at a time; a file has one month.
        by_file, by_month, listed = [], [], []
        for name, rule in of_rows:
            if rule.kind == ROWS:
                by_file += [
                    f"count({name}) as {name}_checked",
                    f"count(case when {name} then 1 end) as {name}_passed",
                ]
                sums = (f"sum({name}_checked)", f"sum({name}_passed)")
            else:
                by_file.append(f"({rule.file_passes}) as {name}")
                sums = (f"count({name})", f"count(case when {name} then 1 end)")
            by_month += [f"{sums[0]} as {name}_checked", f"{sums[1]} as {name}_passed"]
            listed.append(
                f"{{'rule_code': {quoted(rule.code)}, 'checked_rows': {name}_checked, "
                f"'passed_rows': {name}_passed}}"
            )
        made.append(f"""
            select dealer_id, month, unnest([{", ".join(listed)}], max_depth := 2)
            from (
                select dealer_id, month, {", ".join(by_month)}
                from (
                    select _batch_id, dealer_id, {", ".join(by_file)}
                    from ({_judged(feed, rules)})
                    where dealer_id is not null
                    group by _batch_id, dealer_id
                )
                inner join measured.batches on batch_id = _batch_id
                group by dealer_id, month
            )
        """)
    hubs = ", ".join(quoted(sender) for sender in sorted(hub_senders))
    made += [
        f"""
            select
                sender, month, {quoted(rule.code)}, sum(delivered_rows),
                sum(delivered_rows - ({rule.quarantined_rows}))
            from quarantined.{feed}
            inner join measured.batches using (batch_id)
            where lower(sender) not in ({hubs or "''"})
            group by sender, month
        """
        for rule in rules
        if rule.kind == QUARANTINE
    ]
    return made


def _judged(feed: str, rules: Sequence[Rule]) -> str:
    """SELECT of a feed's rows as its scan gives them, with what each rule of rows says of them."""
    verdicts = "".join(
        f", {rule.verdict()} as rule_{n}" for n, rule in enumerate(rules) if rule.kind == ROWS
    )
    rows = scan(feed).replace("{batch}", f"measured.{feed}")
    return f"select *{verdicts} from ({rows})"


# -- what has to be counted again -------------------------------------------------------------


def _compared(feed: str, rules: Sequence[Rule]) -> list[str]:
    texts = [_judged(feed, rules), *(rule.file_passes or "" for rule in rules)]
    found = references("\n".join(texts))
    if strange := sorted(f"{schema}.{table}" for schema, table in found if schema not in _COMPARED):
        raise PassRateError(
            f"{feed}: its rules read {', '.join(strange)}, which is not the same at any time; "
            f"compare with {' or '.join(_COMPARED)}, or state the rule as `violations`"
        )
    return sorted({table for _, table in found})


def _batches(settings: Settings) -> dict[str, pa.Table]:
    """Feed -> its accepted files: batch_id, month, delivered_rows, and what tells them apart. Those
    without rows count too: such a list of a snapshot feed empties it."""
    deliveries = lake.deliveries_table(settings)  # noqa: F841  # DuckDB reads it by this name
    with duckdb.connect() as connection:
        found = connection.execute(f"""
            select
                feed, batch_id,
                cast(date_trunc(
                    'month', delivered_at at time zone 'UTC' at time zone '{NETWORK_ZONE}'
                ) as date) as month,
                delivered_rows,
                concat_ws(' ', batch_id, sender, delivered_at, loaded_at, delivered_rows) as stamp
            from deliveries
            where status = 'LOADED'
            order by feed, stamp
        """).to_arrow_table()
    feeds = found["feed"].unique().to_pylist()
    made = {feed: found.filter(pc.equal(found["feed"], feed)) for feed in feeds}
    return {name: made.get(name, found.slice(0, 0)) for name in load_contracts()}


def _fingerprints(
    made_by: str, feed: str, compared: Sequence[str], batches: Mapping[str, pa.Table]
) -> dict[date, str]:
    """Month -> fingerprint of what its counts hang on."""
    same = hashlib.sha256(made_by.encode())
    for other in compared:
        same.update("\n".join([other, *batches[other]["stamp"].to_pylist()]).encode())
    stamps: dict[date, list[str]] = {}
    of_feed = batches[feed].filter(pc.greater(batches[feed]["delivered_rows"], 0))
    for month, stamp in zip(
        of_feed["month"].to_pylist(), of_feed["stamp"].to_pylist(), strict=True
    ):
        stamps.setdefault(month, []).append(stamp)
    found = {}
    for month, listed in stamps.items():
        digest = same.copy()
        digest.update("\n".join(listed).encode())
        found[month] = digest.hexdigest()
    return found


def _stale(
    settings: Settings, feed: str, now: Mapping[date, str], before: Mapping[str, str]
) -> list[date]:
    """The months to count; all of them where the counts are gone."""
    if not computed_path(settings, PASS_COUNTS, feed).is_file():
        return sorted(now)
    return sorted(month for month, stamp in now.items() if before.get(f"{month}") != stamp)


def _months_counted(settings: Settings, feed: str) -> set[date] | None:
    """The months that a feed's counts have; None where there are no counts."""
    path = computed_path(settings, PASS_COUNTS, feed)
    if not path.is_file():
        return None
    return set(pq.ParquetFile(path).read(columns=["month"])["month"].unique().to_pylist())


def _replace(settings: Settings, feed: str, counted: pa.Table, kept: Collection[date]) -> None:
    """Write a feed's counts: those just made, and of the file before those of the months kept."""
    path = computed_path(settings, PASS_COUNTS, feed)
    schema = lake.table_schema(_TABLE)
    parts = [counted.cast(schema)]
    if kept and path.is_file():
        old = pq.ParquetFile(path).read()
        parts.append(old.filter(pc.is_in(old["month"], pa.array(sorted(kept), pa.date32()))))
    order = [(name, "ascending") for name in ("rule_code", "month", "dealer_id")]
    with lake.workspace(settings) as workspace:
        lake.write_table(pa.concat_tables(parts).sort_by(order), path, workspace)
