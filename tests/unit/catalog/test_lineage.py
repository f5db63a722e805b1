"""What the compiled SQL of a model says of its columns."""

from __future__ import annotations

from pathlib import Path

from orchestration.lineage import CLOCK, CONSTANT, ROWS, ColumnLineage
from tests.unit.catalog.small_manifest import compiled, manifest_of, model, source

LEADS = source("dealer", "leads", {"lead_id": "Which.", "sold_vin": "What.", "created_at": "When."})
RAW = '"warehouse"."raw"."dealer__leads"'
LEADS_ID = LEADS["unique_id"]


def lineage(folder: Path, sql: str, columns: list[str]) -> tuple[ColumnLineage, str]:
    made = model("m", columns, [LEADS])
    compiled(folder, "m", sql)
    known = ColumnLineage(manifest_of(LEADS, made), folder, folder / "cache.json")
    return known, made["unique_id"]


def parents(folder: Path, sql: str, column: str) -> list[tuple[str, str]]:
    known, unique_id = lineage(folder, sql, [column])
    return known.of(unique_id)[column]


def test_a_column_comes_from_what_its_expression_reads(tmp_path: Path) -> None:
    sql = f"""
        with l as (select upper(lead_id) as id, sold_vin from {RAW} where created_at > '')
        select id || coalesce(sold_vin, '') as x from l
    """
    assert parents(tmp_path, sql, "x") == [(LEADS_ID, "lead_id"), (LEADS_ID, "sold_vin")]


def test_a_count_comes_from_the_rows_that_it_counts(tmp_path: Path) -> None:
    sql = f"""
        with l as (select * from (select lead_id from {RAW}) as inner_leads),
        n as (select count(*) as leads from l)
        select n.leads as x from n
    """
    assert parents(tmp_path, sql, "x") == [(LEADS_ID, ROWS)]
    counted = f"select count(*) filter (where sold_vin <> '') as x from {RAW}"
    assert parents(tmp_path / "sold", counted, "x") == [(LEADS_ID, "sold_vin")]


def test_the_rows_of_a_model_are_those_of_each_part_of_a_union(tmp_path: Path) -> None:
    other = source("oem", "leads", {"lead_id": "Which."})
    made = model("m", ["x"], [LEADS, other])
    compiled(
        tmp_path,
        "m",
        f"select lead_id as x from {RAW} "
        'union all select lead_id from "warehouse"."raw"."oem__leads"',
    )
    known = ColumnLineage(manifest_of(LEADS, other, made), tmp_path, tmp_path / "cache.json")
    assert known.of(made["unique_id"])[ROWS] == [(LEADS_ID, ROWS), (other["unique_id"], ROWS)]


def test_what_no_table_holds_is_a_constant_or_the_clock(tmp_path: Path) -> None:
    assert parents(tmp_path / "a", f"select 'X' as x from {RAW}", "x") == [(CONSTANT, "")]
    assert parents(tmp_path / "b", "select * from (values ('a'), ('b')) as v(x)", "x") == [
        (CONSTANT, "")
    ]
    age = f"select date_diff('day', created_at, getvariable('as_of')) as x from {RAW}"
    assert parents(tmp_path / "c", age, "x") == [(CLOCK, ""), (LEADS_ID, "created_at")]
    key = f"select sha256(getvariable('pii_ipad') || lead_id) as x from {RAW}"
    assert parents(tmp_path / "d", key, "x") == [(LEADS_ID, "lead_id")]


def test_a_null_is_no_origin_where_there_is_another(tmp_path: Path) -> None:
    sql = f"select lead_id as x from {RAW} union all select cast(null as varchar) from {RAW}"
    assert parents(tmp_path, sql, "x") == [(LEADS_ID, "lead_id")]


def test_what_a_model_holds_already_is_not_where_it_comes_from(tmp_path: Path) -> None:
    sql = f"""
        select new.lead_id as x from {RAW} as new
        union all
        select held.x from "warehouse"."staging"."m" as held
    """
    assert parents(tmp_path, sql, "x") == [(LEADS_ID, "lead_id")]


def test_columns_are_told_apart_by_the_literal_beside_them(tmp_path: Path) -> None:
    sql = f"""
        select 'SOLD' as code, count(sold_vin) as n from {RAW}
        union all select 'ALL', count(lead_id) from {RAW}
        union all select 'OLD', count(created_at) from {RAW}
    """
    known, unique_id = lineage(tmp_path, sql, ["code", "n"])
    assert known.by_literal(unique_id, "code", ["n"]) == {
        "SOLD": [(LEADS_ID, "sold_vin")],
        "ALL": [(LEADS_ID, "lead_id")],
        "OLD": [(LEADS_ID, "created_at")],
    }


def test_an_incremental_build_that_does_not_name_its_source_is_not_kept(tmp_path: Path) -> None:
    known, unique_id = lineage(tmp_path, "select cast(null as varchar) as x", ["x"])
    assert known.lacking() == ["m"]
    assert known.of(unique_id)["x"] == [(CONSTANT, "")]
    compiled(tmp_path, "m", f"select lead_id as x from {RAW}")
    assert known.lacking() == []
    known.save()
    again = ColumnLineage(
        manifest_of(LEADS, model("m", ["x"], [LEADS])), tmp_path, tmp_path / "cache.json"
    )
    (tmp_path / "compiled" / "small" / "models" / "m.sql").unlink()
    assert again.of(unique_id)["x"] == [(LEADS_ID, "lead_id")]
    changed = manifest_of(LEADS, model("m", ["x"], [LEADS], checksum="2"))
    assert ColumnLineage(changed, tmp_path, tmp_path / "cache.json").lacking() == ["m"]
