"""Publishing a million rows to PostgreSQL, against a plain COPY of the same rows.

What is measured is a whole publication: the export from the serving file, its loading into the
shadow schema with policies and comments, the statistics and the swap. The yardstick copies the
same rows, as CSV that lies there already, into a bare table, as `psql` would: no key, no policy, no
statistics. Both go to the same server, in turn; it syncs to disk as usual.
`python -m tests.benchmarks.postgres [--rows ROWS]` prints the figures as JSON, and where PostgreSQL
is not installed the reason why there are none.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import quoted
from orchestration.serving.postgres import publish_to_postgres
from orchestration.serving.publish import publish
from orchestration.settings import Settings
from tests.support.postgres import binaries, running_server

LIMIT = 2.5
"""How many times the yardstick a publication should take at most."""
_TABLE = "fct_vehicle_event"
_COLUMNS = """
    event_id text, dealer_id text, brand_code text, vin text, event_type text, event_date date,
    model_code text, holder_type text, customer_postal_code text, list_price_eur numeric(18, 2),
    net_price_eur numeric(18, 2), promised_on date, source_row bigint, delivered_at timestamp
"""
_ROWS = """
    select
        'E' || lpad(i::varchar, 10, '0') as event_id,
        'D' || lpad((i % 400)::varchar, 4, '0') as dealer_id,
        'ARVA' as brand_code,
        'WVWZZZ1KZ' || lpad((i // 4)::varchar, 8, '0') as vin,
        ['ORDER', 'INVOICE', 'DELIVERY', 'REGISTRATION'][i % 4 + 1] as event_type,
        date '2023-01-01' + (i % 700)::integer as event_date,
        'ARV-C' || (i % 9) as model_code,
        'PRIVATE' as holder_type,
        case when i % 10 > 0 then lpad((i % 99999)::varchar, 5, '0') end as customer_postal_code,
        (30000 + i % 20000)::decimal(18, 2) as list_price_eur,
        (28000 + i % 20000 + 0.37)::decimal(18, 2) as net_price_eur,
        case when i % 3 > 0 then date '2023-02-01' + (i % 700)::integer end as promised_on,
        i as source_row,
        timestamp '2025-02-03 06:15:00' as delivered_at
    from range({rows}) as numbers(i)
"""


def compare_publishing(rows: int = 1_000_000, runs: int = 3) -> dict[str, Any]:
    """Medians of the wall seconds of both, and their ratio; a publication and a plain copy before
    those that count make the server's files warm. Without PostgreSQL only `missing`, the reason.

    Raises:
        AssertionError: not every row arrived.
    """
    if binaries() is None:
        return {"missing": "PostgreSQL is not installed"}
    with tempfile.TemporaryDirectory() as folder, running_server(syncs=True) as dsn:
        settings = Settings.from_env(
            {"PARTNERDW_POSTGRES_DSN": dsn}, extracts=Path(folder), warehouse=Path(folder) / "w"
        )
        file = Path(folder) / "rows.csv"
        _make(settings, file, rows)
        measured: dict[str, list[float]] = {"publication": [], "copy": []}
        for _ in range(runs + 1):
            measured["copy"].append(_timed(lambda: _plain_copy(dsn, file)))
            published: dict[str, int] = {}
            measured["publication"].append(
                _timed(lambda into=published: into.update(publish_to_postgres(settings)))
            )
            assert published[_TABLE] == rows == _count(dsn), published
    seconds = {name: statistics.median(of_runs[1:]) for name, of_runs in measured.items()}
    return {
        "rows": rows,
        "wall_ratio": round(seconds["publication"] / seconds["copy"], 2),
        "wall_seconds": seconds,
        "runs": measured,
    }


def _make(settings: Settings, file: Path, rows: int) -> None:
    """The table as published, and as a CSV file."""
    settings.warehouse.mkdir(parents=True)
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("create schema build")
        connection.execute("create table build.versions (model varchar, version varchar)")
        connection.execute(f"create table {_TABLE} as {_ROWS.format(rows=int(rows))}")
        connection.execute(f"copy {_TABLE} to {quoted(file)} (format csv, header false)")
        columns = [row[0] for row in connection.execute(f"describe {_TABLE}").fetchall()]
    node = {
        "resource_type": "model",
        "name": _TABLE,
        "columns": dict.fromkeys(columns, {}),
        "config": {"meta": {}},
    }
    manifest = settings.state / "dbt" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"nodes": {f"model.p.{_TABLE}": node}}), encoding="utf-8")
    publish(settings, datetime(2025, 3, 1, tzinfo=UTC), "1.0")


def _plain_copy(dsn: str, file: Path) -> None:
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"drop table if exists public.plain; create table plain ({_COLUMNS})")
        with (
            connection.cursor() as cursor,
            file.open("rb") as source,
            cursor.copy("copy plain from stdin (format csv)") as copy,
        ):
            while block := source.read(1 << 20):
                copy.write(block)


def _count(dsn: str) -> int:
    import psycopg

    with psycopg.connect(dsn) as connection:
        return connection.execute(
            f"select (select count(*) from marts.{_TABLE}) "
            "where (select count(*) from plain) = (select count(*) from marts.fct_vehicle_event)"
        ).fetchone()[0]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    print(json.dumps(compare_publishing(parser.parse_args().rows)))


if __name__ == "__main__":
    main()
