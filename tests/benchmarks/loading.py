"""Loading one plain UTF-8 file, against what DuckDB alone does with the same file.

The straight-line statement reads the columns as the contract types them and writes Parquet; it
keeps no row that does not fit, no reason, no registry. Both run in this process, in turn;
`python -m tests.benchmarks.loading` prints the comparison as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from orchestration.ingestion.contract import load_contracts
from orchestration.ingestion.load import load_deliveries
from orchestration.settings import Settings

_FEED = "dealer__vehicle_events"
_FILE = "dms_20250203T0615.csv"


def compare_loading(rows: int = 1_000_000, runs: int = 3) -> dict[str, Any]:
    """Medians of wall and CPU seconds of both, and their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "extracts" / _FEED / _FILE
        file.parent.mkdir(parents=True)
        _write_events(file, rows)
        measured: dict[str, list[tuple[float, float]]] = {"load": [], "straight_line": []}
        for run in range(runs):
            target = Path(folder) / f"run{run}"
            settings = Settings.from_env(
                {}, extracts=file.parent.parent, warehouse=target, max_file_bytes=1 << 40
            )
            measured["load"].append(_timed(lambda s=settings: load_deliveries(s)))
            measured["straight_line"].append(_timed(lambda t=target: _straight_line(file, t)))
    figures = {
        name: {
            "wall_seconds": statistics.median(w for w, _ in of_runs),
            "cpu_seconds": statistics.median(c for _, c in of_runs),
        }
        for name, of_runs in measured.items()
    }
    load, straight = figures["load"], figures["straight_line"]
    return {
        "rows": rows,
        "wall_ratio": round(load["wall_seconds"] / straight["wall_seconds"], 2),
        "cpu_ratio": round(load["cpu_seconds"] / straight["cpu_seconds"], 2),
        "rows_per_cpu_second": round(rows / load["cpu_seconds"]),
        "figures": figures,
    }


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _write_events(file: Path, rows: int) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select
                    'E' || lpad(i::varchar, 10, '0') as event_id,
                    'D' || lpad((i % 400)::varchar, 4, '0') as dealer_id,
                    'ARVA' as brand_code,
                    'WVWZZZ1KZ' || lpad((i // 4)::varchar, 8, '0') as vin,
                    ['ORDER', 'INVOICE', 'DELIVERY', 'REGISTRATION'][i % 4 + 1] as event_type,
                    date '2023-01-01' + (i % 700)::integer as event_date,
                    'ARV-C' || (i % 9) as model_code,
                    'PRIVATE' as holder_type,
                    lpad((i % 99999)::varchar, 5, '0') as customer_postal_code,
                    (30000 + i % 20000)::decimal(18, 2) as list_price_eur,
                    (28000 + i % 20000 + 0.37)::decimal(18, 2) as net_price_eur,
                    date '2023-02-01' + (i % 700)::integer as promised_on,
                    'DMS' as source_system
                from range({int(rows)}) as numbers(i)
            ) to '{file}' (header, delimiter ',')
            """
        )


def _straight_line(file: Path, target: Path) -> None:
    columns = load_contracts()[_FEED].declared
    types = ", ".join(f"'{c.name}': '{c.data_type}'" for c in columns)
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {os.cpu_count() or 1}")
        connection.execute(
            f"copy (select * from read_csv('{file}', header = true, columns = {{{types}}})) "
            f"to '{target}.parquet' (format parquet, compression zstd)"
        )


if __name__ == "__main__":
    print(json.dumps(compare_loading()))
