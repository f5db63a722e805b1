"""A small publication of a made-up network: two dealers, each kind of reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb

from orchestration.serving.publish import publish
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, write_state

AS_OF = datetime(2025, 3, 1, 12, tzinfo=UTC)
READERS: dict[str, dict[str, Any]] = {
    "dim_dealer": {},
    "fct_text": {},
    "mart_score": {},
    "mart_status": {},
    "mart_correction": {"through": "mart_status", "key": "investment_id"},
    "mart_routing": {"dealer_columns": ["received_by_dealer_id", "responsible_party"]},
    "mart_benchmark": {"network": True, "where": "dealer_count >= 5"},
    "mart_market": {"network": True},
    "mart_conflict": {"manufacturer": True},
}
TABLES = {
    "dim_dealer": "select * from (values ('A', 'Autohaus'), ('B', 'secret of B')) "
    "as t(dealer_id, dealer_name)",
    "fct_text": "select * from (values ('A', 'Größe \"3\", \n\\N;'), ('A', ''), ('A', null), "
    "('A', '\\N'), ('A', chr(0) || 'x'), ('B', 'secret of B')) as t(dealer_id, note)",
    "mart_score": "select dealer_id, score::decimal(18, 6) as score, {version}::bigint as version, "
    "date '2025-01-01' as score_month, true as is_diverging, 1.5::double as ratio, "
    "timestamp '2025-01-01 10:00:00.123456' as made_at "
    "from (values ('A', 91.25), ('B', 47.11)) as t(dealer_id, score)",
    "mart_status": "select * from (values ('I1', 'A', 10.00::decimal(18, 2)), "
    "('I2', 'B', 4711.00)) as t(investment_id, dealer_id, outstanding_eur)",
    "mart_correction": "select * from (values ('I1', 'old of A'), ('I2', 'old of B')) "
    "as t(investment_id, old_value)",
    "mart_routing": "select * from (values ('C1', 'A', 'A'), ('C2', 'B', 'A'), ('C3', 'B', 'OEM'), "
    "('C4', 'B', 'B')) as t(case_id, received_by_dealer_id, responsible_party)",
    "mart_benchmark": "select * from (values ('LARGE', 9::bigint), ('SMALL', 2)) "
    "as t(peer_group, dealer_count)",
    "mart_market": "select 'AURA' as brand_code, {version}::bigint as version",
    "mart_conflict": "select 'R1' as rule_id",
}


def make_publication(
    settings: Settings,
    version: int = 1,
    dealers: int = 0,
    tables: Mapping[str, str] = TABLES,
    readers: Mapping[str, Mapping[str, Any]] = READERS,
) -> None:
    """Publish the network; its figures say which `version` it is. `dealers` adds that many;
    `tables` and `readers` make it another network."""
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    settings.marts.unlink(missing_ok=True)
    nodes = {}
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("create schema build")
        connection.execute("create table build.versions (model varchar, version varchar)")
        for name, query in tables.items():
            connection.execute(f"create table {name} as {query.format(version=version)}")
            connection.execute("insert into build.versions values (?, ?)", [name, f"v{version}"])
            connection.execute(f"comment on table {name} is 'Grain: it''s a row of {name}.'")
            columns = [row[0] for row in connection.execute(f"describe {name}").fetchall()]
            connection.execute(f"comment on column {name}.{columns[0]} is 'The first column.'")
            nodes[f"model.p.{name}"] = {
                "resource_type": "model",
                "name": name,
                "columns": dict.fromkeys(columns, {}),
                "config": {"meta": {"readers": readers[name]}},
            }
        if dealers:
            connection.execute(
                f"insert into mart_score by name select 'D' || i as dealer_id, 50 as score, "
                f"{version} as version, date '2025-01-01' as score_month "
                f"from range({dealers}) as t(i)"
            )
    path = settings.state / "dbt" / "manifest.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nodes": nodes}))
    write_state(settings, PUBLICATION, publish(settings, AS_OF, "1.0").as_dict())
