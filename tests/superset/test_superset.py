"""The dashboards in a real Superset, over the serving file and over PostgreSQL."""

from __future__ import annotations

import math
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from notebooks.superset.bundle import Source
from orchestration.settings import Settings
from tests.superset.client import Installation, Superset, interpreter
from tests.support import postgres
from tests.support.postgres import as_login, login, running_server

pytestmark = pytest.mark.slow

_MISSING = (
    "PostgreSQL or its driver is not installed"
    if postgres.binaries() is None or find_spec("psycopg") is None
    else ""
)
ENGLISH, GERMAN, OVER_POSTGRES = "partner-network", "partner-network-de", "partner-network-postgres"


@pytest.fixture(scope="module")
def server(published: Settings) -> Iterator[Settings | None]:
    """The sample on a PostgreSQL server, read by `reader_oem` and by a login for each of two
    dealers; None where no server is installed."""
    if _MISSING:
        yield None
        return
    from orchestration.serving.postgres import publish_to_postgres

    with running_server() as dsn:
        settings = replace(published, postgres_dsn=as_login(dsn, "publisher"))
        with login(settings, "admin") as admin:
            admin.execute(
                "create role publisher login createrole; "
                "grant create on database postgres to publisher"
            )
            publish_to_postgres(settings)
            admin.execute("create role reader_oem login in role partnerdw_oem")
            admin.execute("create role reader_dealer login in role partnerdw_dealer")
            mapped = "insert into access.dealer_logins values ('reader_dealer', %s)"
            admin.execute(mapped, [_dealer(published)])
        yield settings


@pytest.fixture(scope="module")
def installation(
    published: Settings, server: Settings | None, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """The published sample with Superset's metadata beside it, imported by the command."""
    python = interpreter()
    warehouse = tmp_path_factory.mktemp("superset") / "it's a warehouse"
    file = replace(published, warehouse=warehouse).serving_file
    file.parent.mkdir(parents=True)
    shutil.copy(published.serving_file, file)
    made = Installation(python, warehouse)
    _install(made, server, "reader_oem")
    return made


@pytest.fixture(scope="module")
def superset(installation: Installation) -> Iterator[Superset]:
    with installation.serving() as running:
        yield running


def _install(installation: Installation, server: Settings | None, reader: str) -> str:
    over = [] if server is None else ["--postgres", as_login(server.postgres_dsn, reader)]
    return installation.run("install", *over).stdout


def _dealer(settings: Settings) -> str:
    """The dealer with most investments of those that were paid something."""
    with closing(duckdb.connect(str(settings.serving_file), read_only=True)) as local:
        return local.execute(
            "select dealer_id from mart_refinancing_status "
            "where dealer_id in (select dealer_id from mart_incentive_ledger) "
            "group by dealer_id order by count(*) desc, dealer_id limit 1"
        ).fetchone()[0]


def _titles() -> set[str]:
    return {chart["slice_name"] for chart in Source().of("charts").values()}


def _same(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> bool:
    def sorted_rows(rows: list[dict[str, Any]]) -> list[list[Any]]:
        return sorted((list(row.values()) for row in rows), key=lambda row: str(row[:2]))

    def equal(a: Any, b: Any) -> bool:
        if isinstance(a, int | float) and isinstance(b, int | float):
            return math.isclose(a, b, rel_tol=1e-7, abs_tol=1e-6)
        return a == b

    return len(left) == len(right) and all(
        equal(a, b)
        for one, other in zip(sorted_rows(left), sorted_rows(right), strict=True)
        for a, b in zip(one, other, strict=True)
    )


def test_every_chart_shows_something_in_both_languages(superset: Superset) -> None:
    english, german = superset.charts(ENGLISH), superset.charts(GERMAN)
    assert set(english) == _titles()
    assert len(german) == len(english)
    assert "Score je Monat und Marke" in german
    for charts in (english, german):
        empty = [title for title, chart in charts.items() if not superset.rows(chart)]
        assert empty == []


def test_postgres_shows_what_the_serving_file_shows(
    superset: Superset, server: Settings | None
) -> None:
    if server is None:
        pytest.skip(_MISSING)
    here, there = superset.charts(ENGLISH), superset.charts(OVER_POSTGRES)
    assert set(there) == _titles()
    for title in here:
        assert _same(superset.rows(here[title]), superset.rows(there[title])), title


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        (
            "Score by month and brand",
            "select 1000 * epoch(score_month), brand_code, avg(score) "
            "from mart_partner_scorecard group by all",
        ),
        (
            "Payout by programme and month",
            "select 1000 * epoch(posted_in_month), program_name, sum(amount_eur) "
            "from mart_incentive_ledger "
            "join dim_incentive_program using (program_id, program_version) group by all",
        ),
        (
            "Claw-backs by programme and month",
            "select 1000 * epoch(posted_in_month), program_name, sum(amount_eur) "
            "from mart_incentive_ledger "
            "join dim_incentive_program using (program_id, program_version) "
            "where posting_type = 'CLAWBACK' group by all",
        ),
        (
            "Outstanding at the end of the month",
            "select 1000 * epoch(ledger_month), brand_code, sum(closing_eur) "
            "from mart_refinancing_ledger group by all",
        ),
        (
            "Misrouted cases by month of opening",
            "select 1000 * epoch(opened_month), brand_code, "
            "count(*) filter (was_misrouted) / count(*) from mart_case_routing group by all",
        ),
        (
            "Cases by kind",
            "select case_type, count(*), avg(was_misrouted::int), avg(hours_to_resolution), "
            "median(hours_to_resolution), avg(coalesce(is_service_level_breached, false)::int) "
            "from mart_case_routing group by all",
        ),
        (
            "Rows accepted by feed and month",
            "select substr(delivery_month::varchar, 1, 7), feed, "
            "sum(accepted_rows) / nullif(sum(delivered_rows), 0) "
            "from mart_feed_quality group by all",
        ),
        (
            "KPIs by attainment of their targets",
            "select name_en, count(*) filter (attainment >= 1), "
            "count(*) filter (attainment >= 0.8 and attainment < 1), "
            "count(*) filter (attainment < 0.8), count(*) filter (attainment is null) "
            "from mart_partner_scorecard_kpi join dim_kpi using (kpi_code) group by all",
        ),
    ],
)
def test_figures_are_those_of_the_serving_file(
    superset: Superset, installation: Installation, title: str, statement: str
) -> None:
    file = Settings.from_env({}, warehouse=installation.warehouse).serving_file
    with closing(duckdb.connect(str(file), read_only=True)) as local:
        result = local.execute(statement)
        names = [column[0] for column in result.description]
        wanted = [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]
    shown = superset.rows(superset.charts(ENGLISH)[title])
    assert len(wanted) > 1
    assert _same(shown, wanted)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else float(value)


def test_filters_offer_and_choose(superset: Superset) -> None:
    offered = superset.filters(ENGLISH)
    assert set(offered) == {"Brand", "Dealer", "Month"}
    assert all(len(values) > 1 for values in offered.values())
    charts = superset.charts(ENGLISH)
    brand, month = offered["Brand"][0], max(offered["Month"])
    by_brand = superset.narrowed(charts["Score by month and brand"], "brand_code", brand)
    assert {row["brand_code"] for row in by_brand} == {brand}
    assert len(superset.narrowed(charts["Score"], "month", month)) == 1
    one = superset.narrowed(charts["Dealers by score"], "dealer", offered["Dealer"][0])
    assert {row["dealer"] for row in one} == {offered["Dealer"][0]}


def test_the_next_publication_is_seen_and_the_file_is_let_go_of(
    superset: Superset, installation: Installation
) -> None:
    file = Settings.from_env({}, warehouse=installation.warehouse).serving_file
    chart = superset.charts(ENGLISH)["What is shown"]
    before = superset.rows(chart)[0]["code_version"]
    assert before != "the next one"
    made = file.with_name("next.duckdb")
    shutil.copy(file, made)
    with closing(duckdb.connect(str(made))) as connection:
        connection.execute("update _publication set code_version = 'the next one'")
    made.replace(file)
    assert superset.rows(chart)[0]["code_version"] == "the next one"
    held = {os.readlink(link) for link in Path(f"/proc/{superset.process}/fd").iterdir()}
    assert not [path for path in held if path.startswith(str(file))]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "attach '/tmp/other.duckdb' as other",
        "copy (select 1) to '/tmp/written.csv'",
        "set enable_external_access = true",
        "load httpfs",
        "install httpfs",
        "create table made as select 1",
        "delete from dim_kpi",
    ],
)
def test_sql_reaches_no_other_file_and_changes_nothing(superset: Superset, statement: str) -> None:
    database = superset.databases()["Partner warehouse (serving file)"]
    assert superset.sql(database, "select count(*) as n from dim_kpi")["data"][0]["n"] > 0
    answer = superset.sql(database, statement)
    assert answer.get("errors"), answer


def test_what_is_its_own_is_closed_to_others(installation: Installation) -> None:
    home = installation.warehouse / "superset"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600


def test_a_second_import_changes_nothing_and_a_change_comes_back_as_code(
    installation: Installation, server: Settings | None, superset: Superset, tmp_path: Path
) -> None:
    charts = superset.charts(ENGLISH)
    key = (installation.warehouse / "superset/secret_key").read_text()
    told = _install(installation, server, "reader_oem")
    assert "password" not in told
    assert superset.charts(ENGLISH) == charts
    assert (installation.warehouse / "superset/secret_key").read_text() == key

    files = Source(shutil.copytree(Source().folder, tmp_path / "dashboard"))
    told = installation.run("export", "--files", str(files.folder)).stdout
    assert told.splitlines()[-1] == "nothing differs from the files"
    superset.rename(charts["Score by month and brand"], "Scores")
    told = installation.run("export", "--files", str(files.folder)).stdout
    changed = "charts/scores/score_by_month.yaml"
    assert changed in told.splitlines()
    before = (Source().folder / changed).read_text("utf-8")
    after = (files.folder / changed).read_text("utf-8")
    assert after == before.replace("Score by month and brand", "Scores")


def test_a_dealers_login_shows_his_own_rows_only(
    superset: Superset, installation: Installation, server: Settings | None
) -> None:
    """The last one: from here on the database over PostgreSQL is the dealer's."""
    if server is None:
        pytest.skip(_MISSING)
    dealer = _dealer(server)
    charts = superset.charts(OVER_POSTGRES)
    everything = {title: superset.rows(chart) for title, chart in charts.items()}
    _install(installation, server, "reader_dealer")
    named = set()
    for title, chart in charts.items():
        rows = superset.rows(chart)
        assert len(rows) <= len(everything[title])
        for row in rows:
            # a case that he received may be another's to answer
            if "dealer" in row and title != "Cases by who answers for them":
                named.add(title)
                assert row["dealer"].startswith(f"{dealer} "), title
    assert {"Dealers by score", "Dealers by payout", "Dealers whose rows fail most often"} <= named
    assert len(everything["Dealers by score"]) > 1
    database = superset.databases()["Partner warehouse (PostgreSQL)"]
    for table in ("mart_partner_scorecard", "mart_incentive_ledger", "mart_refinancing_status"):
        answer = superset.sql(database, f"select distinct dealer_id from marts.{table}")
        assert [row["dealer_id"] for row in answer["data"]] == [dealer]
    routed = superset.sql(
        database,
        f"select count(*) as n from marts.mart_case_routing "
        f"where '{dealer}' not in (received_by_dealer_id, responsible_party)",
    )
    assert routed["data"] == [{"n": 0}]
