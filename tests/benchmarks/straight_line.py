"""The yardstick of `make bench`: the script that one would write by hand for the same marts.

    python -m tests.benchmarks.straight_line EXTRACTS TARGET

One process, one DuckDB connection, the files of the sample in, the public tables out: one DuckDB
file and their Parquet twins in TARGET. Files that a sender writes in the same way are read by one
typed scan; facts are inserted once, and what is superseded, withdrawn or bad is deleted from them;
the marts follow in plain SQL (`straight_line_facts.sql`, `straight_line_marts.sql`).

It knows its senders: how each writes stands in `DIALECTS`, only the names of columns are looked up.
Labels of KPIs and the article's claims are the dbt project's seeds. What it leaves out, against the
product:

- quarantine: a row that does not parse is dropped by the scan, one that breaks a rule by a filter;
  they are counted per file (DATA_QUALITY needs that), but there are no reasons and no values kept;
- rejection: a file that is empty or lacks a column is passed over. An archive that breaks off is
  read as far as it goes, and contradictory numbers are not noticed; in the sample the sender
  delivers both again a day later, so only DATA_QUALITY of that month differs. The same bytes again
  count twice there;
- values are taken as they are spelled: codes are neither upper-cased nor stripped;
- lineage columns, the registry of deliveries, and `mart_feed_quality`, which needs reasons;
- the KBA workbooks, which the sample does not have: `mart_national_market` is empty;
- targets and incentives with their ledger (`incentives` measures them by themselves);
- checks, contracts, comments, incremental runs, a lake to rebuild from, personal data (not read);
- exact arithmetic of rates: they are DOUBLE, rounded to six decimals when stored.

`test_straight_line.py` shows that all its tables equal the product's, apart from this.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shutil
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import fastexcel
import pyarrow as pa
import pyarrow.parquet as pq

_SQL = Path(__file__).parent
_SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"

SNAPSHOTS = ("oem__dealers", "oem__postal_areas", "oem__territories", "oem__vehicle_models")
"""Feeds of one sender whose newest file replaces all earlier ones."""
EVENTS = {
    "dealer__vehicle_events": ("fct_vehicle_event", "event_id"),
    "dealer__leads": ("lead_versions", "lead_id"),
    "dealer__surveys": ("fct_survey", "response_id"),
    "dealer__cases": ("fct_case", "case_id"),
    "dealer__stock": ("fct_stock", "dealer_id, snapshot_date, vin"),
    "dealer__financials": ("fct_dealer_financials", "dealer_id, brand_code, fiscal_month"),
    "market__registrations": (
        "fct_market_registration",
        "registration_month, district_code, brand_code, segment_code, powertrain_code, holder_type",
    ),
    "oem__kpi_weights": ("kpi_weights", "brand_code, kpi_code, version"),
    "oem__kpi_targets": ("kpi_targets", "dealer_id, brand_code, kpi_code, target_month"),
}
"""Feed -> its table and the columns of its key; the latest delivery of a key wins."""


@dataclass(frozen=True)
class Dialect:
    """How a sender writes delimited text. `skip` lines stand before the header. A `unit` behind
    amounts is taken out first; the euro sign was all that Windows-1252 has beyond Latin-1 here."""

    delimiter: str = ","
    dates: str = "%Y-%m-%d"
    point: str = "."
    group: str = ""
    null: str = ""
    encoding: str = "utf-8"
    unit: str = ""
    skip: int = 0
    is_utc: bool = False
    """Instants end in Z; else they are the wall clock of Berlin. An offset behind that, which the
    scan passes over, says the same."""


_GERMAN = Dialect(";", "%d.%m.%Y", ",", ".")
DIALECTS = {
    "D0001": _GERMAN,
    "D0002": Dialect(),
    "D0003": Dialect(";", "%d.%m.%Y", ",", ".", null="-", encoding="cp1252", unit=" €"),
    "D0004": Dialect("\t", "%d.%m.%Y", ",", encoding="utf-16"),
    "D0005": Dialect("|", group=",", null="NULL"),
    "D0006": Dialect(),
    "D0007": Dialect(is_utc=True),
    "D0008": Dialect(is_utc=True),
    "D0009": Dialect(";", "%d.%m.%Y", ",", ".", unit=" EUR", skip=1),
    "D0011": Dialect(",", "%d.%m.%Y", ",", null="n/a"),
    "D0014": Dialect(";", is_utc=True),
    "dms": Dialect(";", is_utc=True),
    "market": Dialect(";"),
    "oem": Dialect(),
}
"""Sender -> how he writes. D0007 and D0012 send JSON, D0008 and D0013 Parquet, D0010 workbooks."""
_TRUE = ("ja", "j", "x", "true", "yes", "1", "wahr")
_TYPES = {
    "_eur": "decimal(18,2)",
    "_rate": "decimal(18,6)",
    "weight": "decimal(18,6)",
    "target_value": "decimal(18,6)",
    "_at": "timestamp",
    "_on": "date",
    "_date": "date",
    "_month": "date",
    "_from": "date",
    "valid_to": "date",
    "_since": "date",
    "_count": "bigint",
    "score": "bigint",
    "units": "bigint",
    "population": "bigint",
    "version": "bigint",
    "min_sample": "bigint",
    "is_top_partner": "boolean",
    "is_deleted": "boolean",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("extracts", type=Path)
    parser.add_argument("target", type=Path, help="new or empty folder")
    parser.add_argument("--memory-limit", default="6GiB", help="of DuckDB; it spills beyond")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    seconds = build(arguments.extracts, arguments.target, arguments.memory_limit, arguments.threads)
    print(json.dumps(seconds))


def build(
    extracts: Path, target: Path, memory_limit: str = "6GiB", threads: int = 2
) -> dict[str, float]:
    """Make `marts.duckdb` and `parquet/*.parquet` in a new folder; gives the seconds by phase.

    Raises:
        duckdb.Error: files that are not as the sample writes them.
    """
    target.mkdir(parents=True, exist_ok=True)
    clock = _Clock()
    options = {
        "memory_limit": memory_limit,
        "threads": threads,
        "temp_directory": str(target / "tmp"),
        "preserve_insertion_order": False,
        "storage_compatibility_version": "v1.5.0",
        "checkpoint_threshold": "1TB",  # only once, at the end
    }
    with duckdb.connect(str(target / "marts.duckdb"), config=options) as connection:
        sources = _Sources(connection, extracts, target / "tmp", threads)
        facts = (_SQL / "straight_line_facts.sql").read_text(encoding="utf-8")
        connection.execute(re.sub(r"\{(\w+__\w+)\}", lambda found: sources.rows(found[1]), facts))
        clock.stop("read")
        sources.register()
        for table, key in EVENTS.values():
            _settle(connection, table, key)
        clock.stop("latest")
        for seed in ("kpi_catalog",):
            connection.execute(
                f"create temp table {seed} as from read_csv('{_SEEDS / seed}.csv', header = true)"
            )
        connection.execute((_SQL / "straight_line_marts.sql").read_text(encoding="utf-8"))
        clock.stop("marts")
        _write_twins(connection, target / "parquet")
        connection.execute("checkpoint")
        clock.stop("write")
    shutil.rmtree(target / "tmp", ignore_errors=True)
    return clock.seconds


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, phase: str) -> None:
        now = time.perf_counter()
        self.seconds[phase], self._last = round(now - self._last, 3), now


# -- from rows to facts -----------------------------------------------------------------------


def _settle(connection: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    """Count the good rows of each file, then keep the latest good row of each key.

    Few keys are delivered twice: their hashes are found first, the rows compared afterwards.
    """
    connection.execute(
        f"""
        create or replace temp table again as
        select rowid as row_id, {key}, file_no
        from {table}
        semi join (
            select hash({key}) as key_hash from {table} where is_good
            group by all having count(*) > 1
        ) as twice on hash({key}) = key_hash
        where is_good;

        insert into file_rows
        select
            file_no,
            delivered + coalesce(unparsed, 0) as delivered,
            good - coalesce(doubled, 0) as accepted
        from (
            select file_no, count(*) as delivered, count(*) filter (is_good) as good
            from {table} group by file_no
        )
        left join (
            select file_no, sum(times - 1) as doubled
            from (select file_no, {key}, count(*) as times from again group by all)
            group by file_no
        ) using (file_no)
        left join unparsed_rows using (file_no);

        delete from {table} where not is_good;
        delete from {table} where rowid in (
            select row_id from again
            qualify row_number() over (partition by {key} order by file_no desc, row_id desc) > 1
        );
        delete from {table} where is_deleted;
        """
    )
    for column in ("is_good", "is_deleted", "file_no"):
        connection.execute(f"alter table {table} drop column {column}")


def _write_twins(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    folder.mkdir()
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where not temporary and "
        "regexp_matches(table_name, '^(mart|dim|fct)_') order by table_name"
    ).fetchall():
        connection.execute(
            f"copy {table} to '{folder / table}.parquet' (format parquet, compression zstd)"
        )


# -- from files to rows -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """Files that one scan reads: of one sender, with the same columns."""

    sender: str
    columns: tuple[str, ...]
    suffix: str
    files: list[tuple[int, Path]] = field(default_factory=list)


class _Sources:
    """The SELECT that reads a feed, whatever its senders write."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, extracts: Path, workspace: Path, threads: int
    ) -> None:
        self._connection = connection
        self._extracts = extracts
        self._workspace = workspace
        self._threads = threads
        self._files: list[tuple[int, str, str, str, str]] = []

    def rows(self, feed: str) -> str:
        """SELECT of all rows of a feed: the columns that its files have, typed, instants in UTC;
        `file_no` (ascending by delivery), `sender`, `is_deleted`."""
        files = sorted((self._extracts / feed).iterdir(), key=_delivery)
        if feed in SNAPSHOTS:
            files = files[-1:]
        nothing = "select 0::bigint as file_no, '' as sender, false as is_deleted where false"
        scans = [self._scan(feed, group) for group in self._groups(feed, files)]
        return f"({' union all by name '.join([nothing, *scans])})"

    def register(self) -> None:
        """Make `files` and `unparsed_rows` of what was read, and an empty `file_rows`."""
        columns = zip(*self._files, strict=True)
        names = ("file_no", "feed", "sender", "stamp", "path")
        self._connection.register("read_files", pa.table(dict(zip(names, columns, strict=True))))
        self._connection.execute(
            """
            create temp table files as
            select file_no, feed, sender, strptime(stamp[:8], '%Y%m%d')::date as delivered_on, path
            from read_files;

            create temp table unparsed_rows as
            select file_no, count(distinct line) as unparsed
            from reject_errors
            join reject_scans using (scan_id, file_id)
            join files on path = file_path
            group by file_no;

            create temp table file_rows(file_no bigint, delivered bigint, accepted bigint);
            """
        )

    def _groups(self, feed: str, files: Sequence[Path]) -> Iterable[_Group]:
        """The files that can be read, by what reads them alike."""
        groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
        usual: dict[str, set[str]] = {}
        for path in files:
            if path.stat().st_size == 0:
                continue
            stamp, name = _delivery(path)
            sender, suffix = name.partition("_")[0], name.partition(".")[2]
            dialect = _dialect(feed, sender)
            columns = _columns(path, suffix, dialect)
            named = {c for c in columns if not c.startswith("unnamed_")}
            if not usual.setdefault(sender, named) <= named:
                continue
            number = len(self._files)
            if dialect.unit and suffix == "csv":
                path = self._without_units(feed, path, dialect)
            self._files.append((number, feed, sender, stamp, str(path)))
            group = groups.setdefault((sender, columns), _Group(sender, columns, suffix))
            group.files.append((number, path))
        return groups.values()

    def _without_units(self, feed: str, path: Path, dialect: Dialect) -> Path:
        """A copy of a file with bare amounts, the minus in front."""
        content = path.read_bytes().replace(dialect.unit.encode(dialect.encoding), b"")
        if feed == "dealer__financials":
            content = re.sub(rb"([\d.,]+)-(?=;)", rb"-\1", content)
        copy = self._workspace / feed / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        return copy

    def _scan(self, feed: str, group: _Group) -> str:
        dialect = _dialect(feed, group.sender)
        paths = [str(path) for _, path in group.files]
        numbers = [number for number, _ in group.files]
        types = {c: _type(c) for c in group.columns}
        file_no = f"{numbers}[file_index::bigint + 1]"
        instant = "{0}" if dialect.is_utc else "utc({0})"
        if group.suffix == "xlsx":
            scan, types = self._workbooks(group.files)
            file_no, instant = "file_no", "utc({0}::timestamp)"
        elif group.suffix == "parquet":
            scan = f"read_parquet({paths})"
            instant = "make_timestamp(epoch_us({0}))" if dialect.is_utc else instant
        elif group.suffix in ("json", "ndjson"):
            layout = "array" if group.suffix == "json" else "newline_delimited"
            scan = f"read_json({paths}, columns = {types}, format = '{layout}')"
        else:
            types |= {c: "varchar" for c in types if c == "is_deleted"}
            encoding = {"cp1252": "latin-1"}.get(dialect.encoding, dialect.encoding)
            group_mark = f"thousands = '{dialect.group}', " if dialect.group else ""
            scan = (
                f"read_csv({paths}, columns = {types}, auto_detect = false, header = true, "
                f"skip = {dialect.skip}, delim = '{dialect.delimiter}', "
                f"nullstr = '{dialect.null}', encoding = '{encoding}', "
                f"dateformat = '{dialect.dates}', decimal_separator = '{dialect.point}', "
                f"""{group_mark}quote = '"', escape = '"', store_rejects = true)"""
            )
        values = [
            f"{instant.format(c)} as {c}" if t == "timestamp" else f"{c}::{t} as {c}"
            for c, t in types.items()
            if c != "is_deleted"
        ]
        if "is_deleted" in types:
            values.append(f"coalesce(lower(is_deleted::varchar) in {_TRUE}, false) as is_deleted")
        values = [f"{file_no} as file_no", f"'{group.sender}' as sender", *values]
        return f"select {', '.join(values)} from {scan}"

    def _workbooks(self, files: Sequence[tuple[int, Path]]) -> tuple[str, dict[str, str]]:
        """Workbooks as one registered Arrow table of text; its name, and the types to cast to."""

        def read(file: tuple[int, Path]) -> pa.Table:
            number, path = file
            sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string")
            table = pa.table(sheet.to_arrow())
            return table.append_column("file_no", pa.array([number] * len(table), pa.int64()))

        with ThreadPoolExecutor(self._threads) as workers:
            table = pa.concat_tables(workers.map(read, files), promote_options="default")
        name = f"workbooks_{files[0][0]}"
        self._connection.register(name, table)
        return name, {c: _type(c) for c in table.column_names if c != "file_no"}


def _delivery(path: Path) -> tuple[str, str]:
    """When a file was delivered (sorts as text), and its name."""
    return path.name.partition("_")[2].partition(".")[0].ljust(15, "0"), path.name


def _dialect(feed: str, sender: str) -> Dialect:
    return _GERMAN if feed == "oem__postal_areas" else DIALECTS.get(sender, Dialect())


def _columns(path: Path, suffix: str, dialect: Dialect) -> tuple[str, ...]:
    """Column names of a file; none for a workbook, which is read at once."""
    if suffix == "xlsx":
        return ()
    if suffix == "parquet":
        return tuple(pq.read_schema(path).names)
    is_json = suffix in ("json", "ndjson")
    with (gzip.open if suffix == "csv.gz" else open)(
        path, "rt", encoding=dialect.encoding
    ) as lines:
        if is_json:
            line = next(lines)
            return tuple(json.loads((line if "{" in line else next(lines)).rstrip(",\n")))
        for _ in range(dialect.skip):
            next(lines)
        names = next(lines).lstrip("\ufeff").rstrip("\n").split(dialect.delimiter)
    names = [name.strip(' "').lower() for name in names]
    return tuple(name or f"unnamed_{place}" for place, name in enumerate(names))


def _type(column: str) -> str:
    """Type of a column by what its name ends with, as the feeds are named."""
    return next((kind for end, kind in _TYPES.items() if column.endswith(end)), "varchar")


if __name__ == "__main__":
    main()
