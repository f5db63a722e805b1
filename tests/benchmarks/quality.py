"""Measuring every rule of a feed for each dealer, against one plain count of as many conditions.

The lake is made as the loader leaves it: vehicle events of three years, half of them in monthly
files of a hub for 200 dealers, half in monthly files of 20 dealers. What is measured is the scan
from which pass rates come: all rules of the feed that look at rows or files, joined to dealers and
models, by dealer, file and month. The yardstick reads the same Parquet once, with a
`count(*) filter (...)` for each of these rules and the rule's own condition; where that speaks of a
dealer's or model's column, one of the feed stands in for it, since a plain count joins nothing.
Both run in this process, in turn, within the memory limit and threads of a run;
`python -m tests.benchmarks.quality [--rows ROWS]` prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from expectations.registry import scan
from expectations.rule import FILES, ROWS, Rule
from orchestration.checks.database import RuleDatabase, rule_database, show_batches
from orchestration.checks.pass_rates import count_batches, measured_rules
from orchestration.duck import connect, quoted
from orchestration.ingestion import lake
from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.settings import Settings

FEED = "dealer__vehicle_events"
LIMIT = 2
"""How many times the yardstick all rules should cost at most."""
HUB_DEALERS, OWN_DEALERS, MONTHS = 200, 20, 36
BRANDS, MODELS = 4, 20
_LOADED_AT = datetime(2026, 1, 1, 6)
_STAND_INS = {
    "k.dealer_id": "r.dealer_id",
    "k.opened_on": "r.promised_on",
    "k.closed_on": "r.promised_on",
    "m.brand_code": "r.model_code",
}
"""Columns of the feed instead of those that the scan joins."""
_JOINED = ("is_known_dealer", "dealer_opened_on", "dealer_closed_on", "model_brand_code")
"""What the scan makes of joined columns."""


def compare_quality(rows: int = 10_000_000, runs: int = 3) -> dict[str, Any]:
    """Medians of wall and CPU seconds of both and their ratios, and the peak of this process
    (bytes), the making of the rows included.

    Raises:
        AssertionError: not each row was judged, or the yardstick counts otherwise.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({}, extracts=Path(folder), warehouse=Path(folder))
        batches = write_lake(settings, rows)
        rules = [rule for rule in measured_rules()[FEED] if rule.kind in (ROWS, FILES)]
        with rule_database(settings, load_contracts(), scan(FEED)) as database:
            show_batches(database, settings, load_contracts()[FEED], batches)
            measured: dict[str, list[tuple[float, float]]] = {"rules": [], "plain_count": []}
            for _ in range(runs):
                plain, seconds = _timed(lambda: _plain(database, rules))
                measured["plain_count"].append(seconds)
                counted, seconds = _timed(
                    lambda: count_batches(database, settings, FEED, rules, batches)
                )
                measured["rules"].append(seconds)
        outcome = _outcome(counted)
    written = sum(batches["rows"].to_pylist())
    assert outcome["rows"] == written, outcome
    _compare(rules, plain, outcome)
    figures = {
        name: {
            "wall_seconds": round(statistics.median(w for w, _ in of_runs), 3),
            "cpu_seconds": round(statistics.median(c for _, c in of_runs), 3),
        }
        for name, of_runs in measured.items()
    }
    ratios = {
        kind: round(
            figures["rules"][f"{kind}_seconds"] / figures["plain_count"][f"{kind}_seconds"], 2
        )
        for kind in ("wall", "cpu")
    }
    return {
        "rows": written,
        "files": len(batches),
        "rules": len(rules),
        "wall_ratio": ratios["wall"],
        "cpu_ratio": ratios["cpu"],
        "is_within_twice": ratios["cpu"] <= LIMIT,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "outcome": outcome | {"passed": sum(outcome["passed"].values())},
        "figures": figures,
    }


def _timed(work: Any) -> tuple[Any, tuple[float, float]]:
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, (time.perf_counter() - wall, time.process_time() - cpu)


def _plain(database: RuleDatabase, rules: list[Rule]) -> tuple[int, ...]:
    """One scan with a condition for each rule: what is counted of each."""
    columns = scan(FEED).partition("from {batch}")[0]
    for joined, own in _STAND_INS.items():
        columns = columns.replace(joined, own)
    conditions = [
        rule.verdict() if rule.kind == ROWS else f"event_date >= date '{2024 + n}-01-01'"
        for n, rule in enumerate(rules)
    ]
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
    return database.connection.execute(
        f"select {counts} from ({columns} from measured.{FEED} as r)"
    ).fetchone()


def _outcome(counted: pa.Table) -> dict[str, Any]:
    """What came out, so that nobody measures how fast nothing is judged."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select rule_code, sum(checked_rows)::bigint, sum(passed_rows)::bigint from counted "
            "group by rule_code"
        ).fetchall()
        dealers = connection.execute("select count(distinct dealer_id) from counted").fetchone()[0]
    return {
        "rows": max(checked for _, checked, _ in rows),
        "dealers": dealers,
        "passed": {code: passed for code, _, passed in rows},
    }


def _compare(rules: list[Rule], plain: tuple[int, ...], outcome: dict[str, Any]) -> None:
    """Rules that compare with nothing joined count the same either way."""
    alike = [
        (rule.code, count, outcome["passed"].get(rule.code, 0))
        for rule, count in zip(rules, plain, strict=True)
        if rule.kind == ROWS and not any(name in rule.verdict() for name in _JOINED)
    ]
    assert len(alike) > len(rules) // 2, alike
    assert all(count == passed for _, count, passed in alike), alike


# -- the lake ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    """One delivery: rows of the dealers 0 .. `dealers` - 1, or of one dealer."""

    sender: str
    month: date
    rows: int

    @property
    def name(self) -> str:
        return f"{self.sender}_{self.delivered_at:%Y%m%dT%H%M}.csv"

    @property
    def batch_id(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def delivered_at(self) -> datetime:
        return datetime(self.month.year, self.month.month, 28, 5)


def _files(rows: int) -> Iterator[_File]:
    of_hub = rows // 2 // MONTHS
    of_dealer = of_hub // OWN_DEALERS
    for number in range(MONTHS):
        month = date(2023 + number // 12, number % 12 + 1, 1)
        yield _File("dms", month, of_hub)
        for dealer in range(OWN_DEALERS):
            yield _File(f"D{dealer:04d}", month, of_dealer)


def write_lake(settings: Settings, rows: int) -> pa.Table:
    """Write dealers, models and about so many vehicle events as the loader leaves them; gives the
    events' files: batch_id, month, rows."""
    feeds = load_contracts()
    deliveries, batches = [], []
    with connect(settings) as connection, lake.workspace(settings) as workspace:
        for feed, file, sql in [
            *(("oem__dealers", _File("oem", date(2023, 1, 1), BRANDS * 300), _DEALERS),),
            *(("oem__vehicle_models", _File("oem", date(2023, 1, 1), BRANDS * MODELS), _MODELS),),
            *((FEED, file, _EVENTS) for file in _files(rows)),
        ]:
            made = _as_stored(feeds[feed], file, connection.execute(_filled(sql, file)))
            path = lake.raw_path(settings, feed, file.batch_id)
            lake.write_table(made, path, workspace, lake.raw_file_options(feeds[feed]))
            deliveries.append(_delivery(feed, file))
            if feed == FEED:
                batches.append((file.batch_id, file.month, file.rows))
        lake.commit_deliveries(settings, deliveries, workspace)
    names = ("batch_id", "month", "rows")
    return pa.table(dict(zip(names, zip(*batches, strict=True), strict=True)))


def _as_stored(feed: Feed, file: _File, rows: duckdb.DuckDBPyConnection) -> pa.Table:
    """The rows in the columns of the raw lake, with their way back to the file."""
    made = rows.to_arrow_table()
    lineage = {
        "_batch_id": file.batch_id,
        "_source_file": file.name,
        "_sender": file.sender,
        "_delivered_at": file.delivered_at,
        "_loaded_at": _LOADED_AT,
    }
    columns = []
    for field in lake.raw_file_schema(feed):
        if field.name in lineage:
            stored = lake.raw_schema(feed).field(field.name).type
            columns.append(lake.repeated(lineage[field.name], stored, len(made)))
        elif field.name in made.column_names:
            columns.append(made[field.name].cast(field.type))
        else:
            columns.append(pa.nulls(len(made), field.type))
    return pa.table(columns, schema=lake.raw_file_schema(feed))


def _delivery(feed: str, file: _File) -> lake.Delivery:
    return lake.Delivery(
        feed=feed,
        source_file=file.name,
        sender=file.sender,
        delivered_at=file.delivered_at.replace(tzinfo=UTC),
        loaded_at=_LOADED_AT.replace(tzinfo=UTC),
        batch_id=file.batch_id,
        status=lake.LOADED,
        reason_code=None,
        message=None,
        delivered_rows=file.rows,
        accepted_rows=file.rows,
        quarantined_rows=0,
        file_bytes=0,
        file_modified_ns=0,
        warnings=None,
    )


def _filled(sql: str, file: _File) -> str:
    is_hub = file.sender == "dms"
    dealer = f"'H' || lpad((h // 31 % {HUB_DEALERS})::varchar, 4, '0')"
    return sql.format(
        rows=file.rows,
        month=file.month,
        seed=file.batch_id[:12],
        dealer=dealer if is_hub else quoted(file.sender),
    )


_EVENTS = f"""
    with numbers as (select n, hash(n, '{{seed}}') as h from range({{rows}}) as numbers(n)),
    events as (
        select
            *, date '{{month}}' + (h // 13 % 28)::int as event_date,
            (20000 + h // 17 % 40000)::decimal(18, 2) as list_price_eur,
            (['ORDER', 'INVOICE', 'DELIVERY', 'REGISTRATION', 'REGISTRATION', 'ORDER', 'INVOICE',
                'DELIVERY', 'DEMO_IN', 'DEMO_OUT', 'CANCELLATION', 'DEREGISTRATION'
            ])[1 + (h % 12)::int] as event_type
        from numbers
    )
    select
        'E{{seed}}' || n as event_id, {{dealer}} as dealer_id,
        'BRAND' || h // 19 % {BRANDS} as brand_code,
        'WVWZZZ1K' || (['1', '5', 'X', 'Z'])[1 + (h // 23 % 4)::int] || 'A'
            || lpad((h // 29 % 10000000)::varchar, 7, '0') as vin,
        event_type, event_date,
        case when h % 97 = 0 then 'OTHER'
            else 'M' || h // 19 % {BRANDS} || '-' || h // 37 % {MODELS} end as model_code,
        case when event_type = 'REGISTRATION' and h % 53 <> 0
            then (['PRIVATE', 'FLEET', 'RENTAL', 'DEALER'])[1 + (h // 41 % 4)::int] end
            as holder_type,
        lpad((h // 43 % 99999)::varchar, 5, '0') as customer_postal_code, list_price_eur,
        case when event_type = 'INVOICE' and h % 61 <> 0
            then (list_price_eur * (80 + h // 47 % 22)::decimal(4, 0) / 100)::decimal(18, 2) end
            as net_price_eur,
        case when event_type = 'ORDER' then event_date + (h // 53 % 90)::int - 1 end as promised_on,
        'DMS' as source_system, false as is_deleted, n + 1 as _source_row
    from events
"""
_DEALERS = f"""
    select
        case when n % 300 < {HUB_DEALERS} then 'H' || lpad((n % 300)::varchar, 4, '0')
            else 'D' || lpad((n % 300 - {HUB_DEALERS})::varchar, 4, '0') end as dealer_id,
        'BRAND' || n // 300 as brand_code, 'Dealer' as dealer_name, 'DEALER' as contract_model,
        '01067' as postal_code, '14612' as district_code, 'CITY' as peer_group,
        false as is_top_partner, date '2010-01-01' + (n % 4000)::int as opened_on,
        case when n % 40 = 0 then date '2025-01-31' end as closed_on, n + 1 as _source_row
    from range({{rows}}) as numbers(n)
"""
_MODELS = f"""
    select
        'M' || n // {MODELS} || '-' || n % {MODELS} as model_code,
        'BRAND' || n // {MODELS} as brand_code, 'Model' as model_name, 'COMPACT' as segment_code,
        'BEV' as powertrain_code, 40000::decimal(18, 2) as list_price_eur,
        0.1::decimal(18, 6) as max_discount_rate, n + 1 as _source_row
    from range({{rows}}) as numbers(n)
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    print(json.dumps(compare_quality(parser.parse_args().rows), indent=1))
