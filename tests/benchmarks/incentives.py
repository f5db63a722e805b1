"""Deciding the money of many units, against what DuckDB alone needs to sort and write them.

5,000 dealers, 20 programmes in all tier modes and payout bases, each dealer's units of a quarter.
The yardstick reads the same table, multiplies every unit with one rate and writes the lines: no
tiers, gates or caps. Both run in this process, in turn; `python -m tests.benchmarks.incentives
[UNITS]` prints the comparison as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import connect, quoted
from orchestration.ledger.entitlements import Sources, entitle
from orchestration.settings import Settings

DEALERS, PROGRAMS = 5_000, 20
_BASES = ("EUR_PER_UNIT", "RATE_OF_LIST_PRICE", "RATE_OF_NET_PRICE")
_MODES = ("RETROACTIVE", "MARGINAL", "LINEAR")


def compare_incentives(units: int = 10_000_000) -> dict[str, Any]:
    """Wall and CPU seconds of both, their ratios, and the peak of this process (bytes)."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({}, extracts=Path(folder), warehouse=Path(folder))
        database = Path(folder) / "units.duckdb"
        with closing(connect(settings, database)) as connection:
            make_units(connection, units)
        with closing(connect(settings, database)) as connection:
            connection.execute("set preserve_insertion_order = false")
            plain = Path(folder) / "plain.parquet"
            straight = timed(lambda: connection.execute(_straight_line(plain)))
            lines = Path(folder) / "lines.parquet"
            statements: list[Any] = []
            decided = timed(lambda: statements.append(entitle(connection, SOURCES, lines)))
            written = connection.execute(f"select count(*) from {quoted(lines)}").fetchone()[0]
    assert written == units, (written, units)
    return {
        "units": units,
        "dealers": DEALERS,
        "programs": PROGRAMS,
        "statements": len(statements[0]),
        "wall_ratio": round(decided[0] / straight[0], 2),
        "cpu_ratio": round(decided[1] / straight[1], 2),
        "units_per_second": round(units / decided[0]),
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "figures": {
            "decided": dict(zip(("wall_seconds", "cpu_seconds"), decided, strict=True)),
            "straight_line": dict(zip(("wall_seconds", "cpu_seconds"), straight, strict=True)),
        },
    }


SOURCES = Sources(units="units", dealers="dealers", periods="periods", tiers="tiers")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def make_units(connection: duckdb.DuckDBPyConnection, units: int, dealers: int = DEALERS) -> None:
    """Tables with the columns of the models that `entitle` reads."""
    bases = ", ".join(quoted(name) for name in _BASES)
    modes = ", ".join(quoted(name) for name in _MODES)
    connection.execute(f"""
        create table periods as
        select
            'P' || lpad(n::varchar, 3, '0') as program_id, 1::bigint as program_version,
            'AURA' as brand_code, date '2024-01-01' as period_start,
            date '2024-03-31' as period_end, false as is_closed, 'QUARTER' as period_grain,
            case when n % 4 = 3 then 'TARGET_ATTAINMENT' else 'UNITS_REGISTERED' end as measure,
            null::varchar as measure_kpi_code,
            ([{bases}])[1 + n % 3] as payout_basis,
            case when n % 4 = 3 then 'RETROACTIVE' else ([{modes}])[1 + (n // 3) % 3] end
                as tier_mode,
            null::varchar as segment_code, null::varchar as powertrain_code,
            false as requires_strong_market, null::varchar as gate_kpi_code,
            null::decimal(18,6) as gate_min_value,
            case when n % 5 = 0 then 20000 end::decimal(18,2) as cap_eur,
            30::bigint as hold_days, 10::bigint as grace_days, 30::bigint as payment_days,
            true as credits_refinancing
        from range({PROGRAMS}) as numbers(n)
    """)
    connection.execute("""
        create table tiers as
        select
            program_id, program_version, t::bigint as tier_no,
            (case when measure = 'TARGET_ATTAINMENT' then 0.8 + t * 0.1 else t * 20 end)
                ::decimal(18,6) as threshold,
            (case when payout_basis = 'EUR_PER_UNIT' then t * 100 else t * 0.004 end)
                ::decimal(18,6) as rate
        from periods cross join range(1, 5) as numbers(t)
    """)
    connection.execute(f"""
        create table dealers as
        select
            program_id, program_version, period_start, 'D' || lpad(d::varchar, 5, '0') as dealer_id,
            brand_code, 80 + d % 50 as target_units, null::decimal(18,6) as kpi_value,
            null::decimal(18,6) as gate_value, d % 10 <> 0 as is_gate_met
        from periods cross join range({dealers}) as numbers(d)
    """)
    connection.execute(f"""
        create table units as
        select
            'P' || lpad((n % {PROGRAMS})::varchar, 3, '0') as program_id,
            1::bigint as program_version, date '2024-01-01' as period_start,
            'D' || lpad(((n // {PROGRAMS}) % {dealers})::varchar, 5, '0') as dealer_id,
            'AURA' as brand_code, 'E' || n as event_id, 'WAURA' || lpad(n::varchar, 12, '0') as vin,
            date '2024-01-01' + (hash(n) % 90)::integer as event_date,
            (20000 + hash(n) % 3000000 * 0.01)::decimal(18,2) as list_price_eur,
            (18000 + hash(n) % 3000000 * 0.01)::decimal(18,2) as net_price_eur,
            case when n % 97 = 0 then 'SELF_REGISTRATION' else 'COUNTS' end as unit_status,
            md5((n // 50000)::varchar) as batch_id, 'dms_20240402T0615.csv' as source_file,
            n % 50000 + 1 as source_row
        from range({units}) as numbers(n)
    """)


def _straight_line(path: Path) -> str:
    return f"""
        copy (
            select
                program_id, program_version, period_start, dealer_id, brand_code, event_id, vin,
                event_date, list_price_eur, net_price_eur,
                round(list_price_eur * 0.02::decimal(18,6), 2)::decimal(18,2) as amount_eur,
                batch_id, source_file, source_row
            from units
            order by program_id, period_start, dealer_id, event_date, vin
        ) to {quoted(path)} (format parquet, compression zstd)
    """


if __name__ == "__main__":
    print(json.dumps(compare_incentives(*map(int, sys.argv[1:])), indent=1))
