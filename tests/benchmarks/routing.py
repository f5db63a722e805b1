"""Routing many cases by many rules, against what DuckDB alone needs to sort and write them.

20,000 rules of eight brands, by prefix, category and kind of case, many of them for the same, and
cases of two years. What is measured are the models as dbt compiles them, one after the other, from
tables of the facts on: first those that decide who is responsible (at most two minutes), then the
marts that are made of it. The yardstick reads the same cases, sorts them by brand and instant and
writes them into a table: no rules. All run in this process, in turn, within the memory limit and
threads of a run; `python -m tests.benchmarks.routing [CASES [RULES]]` prints the figures as JSON,
and how long conflicts take where thousands of rules tie.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.dbt_runner import CompiledModel, as_of_text, compile_models
from orchestration.duck import connect, quoted
from orchestration.settings import Settings

ROUTING = "mart_case_routing"
CONFLICTS = "mart_routing_conflicts"
OTHERS = (
    CONFLICTS,
    "mart_routing_coverage",
    "mart_case_cycle_time",
    "int_service__measure_windows",
)
"""What is made of routed cases, or of all cases."""
SECONDS = 120
"""Within which 10 million cases are to be routed by 20,000 rules."""
AS_OF = datetime(2025, 12, 31, 12, tzinfo=UTC)
BRANDS, DEALERS, CATEGORIES, POSTAL_CODES = 8, 5_000, 12, 8_000


def compare_routing(cases: int = 10_000_000, rules: int = 20_000) -> dict[str, Any]:
    """Wall and CPU seconds of routing and of the yardstick, their ratios, seconds by model, and the
    peak of this process (bytes), the making of the cases included.

    Raises:
        DbtError: the dbt project does not compile.
        AssertionError: not each case was routed once.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({}, extracts=Path(folder), warehouse=Path(folder))
        settings = replace(settings, as_of=AS_OF)
        # dbt's own database stays beside those that are measured
        deciding = _of_service(compile_models(settings, [ROUTING]))
        models = compile_models(settings, [ROUTING, *OTHERS])
        with closing(_opened(settings, Path(folder), models)) as connection:
            relations = {model.name: model.relation for model in models}
            for name, sql in facts(cases, rules).items():
                if name in relations:
                    connection.execute(f"create table {relations[name]} as {sql}")
            connection.execute("checkpoint warehouse")
            connection.execute("checkpoint marts")
            straight = _timed(connection, _straight_line(relations["fct_case"]), "marts")
            steps: dict[str, tuple[float, float]] = {}
            for model in [*deciding, *_of_service(models)]:
                if model.name not in steps:
                    steps[model.name] = _timed(connection, _create(model), _database(model))
            outcome = _outcome(connection, relations)
    assert outcome["cases"] == outcome["routed_once"] == cases, outcome
    routed = tuple(sum(steps[model.name][i] for model in deciding) for i in (0, 1))
    return {
        "cases": cases,
        "rules": rules,
        "wall_ratio": round(routed[0] / straight[0], 2),
        "cpu_ratio": round(routed[1] / straight[1], 2),
        "cases_per_second": round(cases / routed[0]),
        "is_within_two_minutes": routed[0] <= SECONDS,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "outcome": outcome,
        "figures": {
            "routed": _figures(routed),
            "straight_line": _figures(straight),
            "models": {name: _figures(seconds) for name, seconds in steps.items()},
        },
    }


def time_conflicts(rules: int = 3_000, cases: int = 100_000) -> dict[str, Any]:
    """Wall and CPU seconds of `mart_routing_conflicts` where all rules tie, each for another dealer
    and for other days, over two years of ambiguous cases; with the number of pairs, and the most
    cases that one of them has.

    Raises:
        DbtError: the dbt project does not compile.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({}, extracts=Path(folder), warehouse=Path(folder))
        settings = replace(settings, as_of=AS_OF)
        models = compile_models(settings, [CONFLICTS])
        given = _alike(rules, cases)
        with closing(_opened(settings, Path(folder), models)) as connection:
            for model in models:
                if model.name in given:
                    connection.execute(f"create table {model.relation} as {given[model.name]}")
            (conflicts,) = (model for model in models if model.name == CONFLICTS)
            seconds = _timed(connection, _create(conflicts), _database(conflicts))
            pairs, most = connection.execute(
                f"select count(*), max(case_count) from {conflicts.relation}"
            ).fetchone()
    return {"rules": rules, "pairs": pairs, "most_cases": most} | _figures(seconds)


def _alike(rules: int, cases: int) -> dict[str, str]:
    """Rules that differ in dealer and days only, and cases that the first of them decides."""
    return {
        "int_service__list_rules": f"""
            select
                'R' || lpad(n::varchar, 6, '0') as rule_id, 'BRAND' as brand_code,
                'D' || lpad(n::varchar, 6, '0') as responsible_dealer_id,
                1 as key_no, 1::bigint as priority,
                date '2024-01-01' + (hash(n, 'from') % 300)::int as fits_from,
                date '2024-12-01' + (hash(n, 'to') % 300)::int as fits_to,
                fits_from as valid_from, fits_to as valid_to
            from range({rules}) as numbers(n)
        """,
        ROUTING: f"""
            select
                'R000000' as rule_id, true as is_ambiguous,
                timestamp '2024-01-01' + to_seconds((hash(n) % 63072000)::int) as opened_at
            from range({cases}) as numbers(n)
        """,
    }


def _figures(seconds: tuple[float, float]) -> dict[str, float]:
    return {
        name: round(s, 3) for name, s in zip(("wall_seconds", "cpu_seconds"), seconds, strict=True)
    }


def _opened(
    settings: Settings, folder: Path, models: Sequence[CompiledModel]
) -> duckdb.DuckDBPyConnection:
    """A connection set up as dbt's, on files under the names that the models have."""
    connection = connect(settings)
    for name in ("warehouse", "marts"):
        connection.execute(f"attach {quoted(folder / f'measured_{name}.duckdb')} as {name}")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"set variable as_of = timestamp {quoted(as_of_text(settings))}")
    for schema in sorted({m.schema for m in models if _database(m) == "warehouse"}):
        connection.execute(f"create schema if not exists warehouse.{schema}")
    return connection


def _database(model: CompiledModel) -> str:
    return model.relation.split(".")[0].strip('"')


def _create(model: CompiledModel) -> str:
    return f"create table {model.relation} as {model.sql}"


def _of_service(models: Sequence[CompiledModel]) -> list[CompiledModel]:
    """Those that are measured: parents first, without the facts that they begin with."""
    named = (ROUTING, *OTHERS)
    return [m for m in models if m.name in named or m.name.startswith("int_service__")]


def _timed(
    connection: duckdb.DuckDBPyConnection, statement: str, database: str
) -> tuple[float, float]:
    """Wall and CPU seconds of a statement, its table written to the disk."""
    wall, cpu = time.perf_counter(), time.process_time()
    connection.execute(statement)
    connection.execute(f"checkpoint {database}")
    return time.perf_counter() - wall, time.process_time() - cpu


def _straight_line(cases: str) -> str:
    return f"""
        create table marts.main.straight_line as
        select
            case_id, brand_code, case_type, product_category, customer_postal_code, opened_at,
            opened_month, resolved_at, dealer_id, hours_to_assignment, hours_to_resolution
        from {cases}
        order by brand_code, opened_at, case_id
    """


def _outcome(connection: duckdb.DuckDBPyConnection, relations: dict[str, str]) -> dict[str, Any]:
    """What came out, so that nobody measures how fast nothing is routed."""
    found = connection.execute(f"""
        select
            count(*) as cases, count(distinct case_id) as routed_once,
            round(avg(is_unrouted::int), 4) as unrouted_rate,
            round(avg(is_ambiguous::int), 4) as ambiguous_rate,
            count(distinct rule_id) as deciding_rules
        from {relations[ROUTING]}
    """)
    names = [column[0] for column in found.description]
    outcome = dict(zip(names, found.fetchone(), strict=True))
    conflicts = f"select count(*) from {relations['mart_routing_conflicts']}"
    return outcome | {"conflicts": connection.execute(conflicts).fetchone()[0]}


def facts(cases: int, rules: int) -> dict[str, str]:
    """The tables that routing begins with, by the name of their model: SELECTs of random rows, the
    same in every run."""
    lineage = """
        md5((n // 50000)::varchar) as _batch_id, 'dms_20251231T0615.csv' as _source_file,
        n % 50000 + 1 as _source_row, 'dms' as _sender,
        timestamp '2025-12-31 05:15:00' as _delivered_at,
        timestamp '2025-12-31 06:00:00' as _loaded_at
    """
    brand = f"'BRAND' || (hash(n, 'brand') % {BRANDS})"
    dealer = f"'D' || lpad((hash(n, 'dealer') % {DEALERS})::varchar, 5, '0')"
    kind = "(['WARRANTY', 'COMPLAINT', 'SERVICE_REQUEST'])[1 + (hash(n, 'kind') % 3)::int]"
    category = f"'CATEGORY' || (hash(n, 'category') % {CATEGORIES})"
    code = f"lpad((1000 + (hash(n, 'code') % {POSTAL_CODES}) * 12)::varchar, 5, '0')"
    return {
        "fct_case": f"""
            with cases as (
                select
                    n, 'C' || lpad(n::varchar, 12, '0') as case_id, {dealer} as dealer_id,
                    {brand} as brand_code, 'WAURA' || lpad(n::varchar, 12, '0') as vin,
                    {kind} as case_type, {category} as product_category,
                    case when n % 100 = 0 then 'D-' || n % 1000 else {code} end
                        as customer_postal_code,
                    timestamp '2024-01-01' + to_seconds((hash(n, 'opened') % 63072000)::int)
                        as opened_at,
                    (hash(n, 'minutes') % 20000)::int as minutes
                from range({cases}) as numbers(n)
            ),
            timed as (
                select
                    *, opened_at + to_minutes((minutes // 40)::int) as first_assigned_at,
                    case when n % 20 <> 0 then opened_at + to_minutes(minutes) end as resolved_at
                from cases
            )
            select
                case_id, dealer_id, brand_code, vin, case_type, product_category,
                customer_postal_code, opened_at,
                date_trunc('month', opened_at at time zone 'UTC' at time zone 'Europe/Berlin')::date
                    as opened_month,
                first_assigned_at, resolved_at,
                date_trunc('month', resolved_at at time zone 'UTC' at time zone 'Europe/Berlin')
                    ::date as resolved_month,
                round((minutes // 40) / 60, 6)::decimal(18, 6) as hours_to_assignment,
                case when resolved_at is not null then round(minutes / 60, 6) end::decimal(18, 6)
                    as hours_to_resolution,
                n % 3 as reassign_count, case when n % 9 = 0 then 1 else 0 end::bigint
                    as reopened_count,
                100::decimal(18, 2) as claimed_amount_eur, 90::decimal(18, 2)
                    as approved_amount_eur,
                {lineage}
            from timed
        """,
        "stg_oem__routing_rules": f"""
            select
                'R' || lpad(n::varchar, 6, '0') as rule_id, {brand} as brand_code,
                case when hash(n, 'any kind') % 10 < 4 then {kind} end as case_type,
                case when hash(n, 'any category') % 10 < 5 then {category} end as product_category,
                left({code}, (hash(n, 'length') % 6)::int) as postal_prefix,
                {dealer} as responsible_dealer_id,
                (1 + hash(n, 'priority') % 5)::bigint as priority,
                case when n % 3 = 0 then date '2024-01-01' + (hash(n, 'from') % 600)::int
                    else date '2020-01-01' end as valid_from,
                case when n % 4 = 0 then date '2024-06-01' + (hash(n, 'to') % 600)::int end
                    as valid_to,
                false as is_deleted, {lineage}
            from range({rules}) as numbers(n)
        """,
        "stg_oem__dealers": _dealers(lineage),
        "dim_dealer": _dealers(lineage),
        "stg_oem__service_levels": f"""
            select
                'BRAND' || n // 3 as brand_code,
                (['WARRANTY', 'COMPLAINT', 'SERVICE_REQUEST'])[1 + (n % 3)::int] as case_type,
                48::bigint as target_hours, false as is_deleted, {lineage}
            from range({BRANDS * 3}) as numbers(n)
        """,
        "stg_oem__routing_go_lives": f"""
            select
                'BRAND' || n as brand_code, date '2025-01-31' as go_live_on, false as is_deleted,
                {lineage}
            from range({BRANDS}) as numbers(n)
        """,
        "stg_oem__postal_areas": f"""
            select
                lpad((1000 + n * 12)::varchar, 5, '0') as postal_code, '09162' as district_code,
                'District' as district_name, '09' as state_code, {lineage}
            from range({POSTAL_CODES}) as numbers(n)
        """,
    }


def _dealers(lineage: str) -> str:
    """All dealers under all brands; one of fifty closed, one of fifty opened meanwhile."""
    return f"""
        select
            'D' || lpad((n % {DEALERS})::varchar, 5, '0') as dealer_id,
            'BRAND' || n // {DEALERS} as brand_code,
            case when n % 50 = 1 then date '2024-05-15' else date '2000-01-01' end as opened_on,
            case when n % 50 = 2 then date '2025-03-31' end as closed_on,
            {lineage}
        from range({DEALERS * BRANDS}) as numbers(n)
    """


if __name__ == "__main__":
    figures = compare_routing(*map(int, sys.argv[1:]))
    print(json.dumps(figures | {"equal_rules": time_conflicts()}, indent=1))
