"""Raw assets, made from the feed contracts: one asset per feed, and the lake's own books.

One step loads them all, since one load is committed as a whole. A subset can be chosen in the UI.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.assets.keys import column_schema, lake_key, raw_key
from orchestration.catalog.freshness import MAX_AGE
from orchestration.ingestion.contract import Column, Feed, load_own_tables
from orchestration.ingestion.lake import deliveries_table
from orchestration.ingestion.load import LoadReport, load_deliveries
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings
from orchestration.state import LAST_LOAD, write_state

_BOOKS = ("deliveries", "quarantine", "rejected")


def build_raw_assets(
    settings: Settings,
    feeds: Mapping[str, Feed],
    docs: Mapping[str, str],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """The multi-asset that takes what lies in the drop zone into the lake.

    `docs` resolves a contract's description where it refers to a shared doc block.
    """
    books = load_own_tables()
    specs = [_feed_spec(feed, docs) for feed in feeds.values()]
    specs += [_book_spec(book, books[book], docs) for book in _BOOKS]

    @dg.multi_asset(
        name="raw", specs=specs, can_subset=True, description="Load delivered files into the lake."
    )
    def raw(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        selected = context.selected_asset_keys
        chosen = [name for name in feeds if raw_key(name) in selected]
        with warehouse_lock(settings):
            report = load_deliveries(settings, feeds=chosen, on_progress=on_progress)
            write_state(settings, LAST_LOAD, {"left": report.left})
        for left in report.left:
            context.log.warning(left)
        rows = _rows(deliveries_table(settings))
        for name in chosen:
            metadata = {"dagster/row_count": rows.get(name, 0), **_feed_metadata(report, name)}
            yield dg.MaterializeResult(raw_key(name), metadata=metadata)
        for book in _BOOKS:
            if lake_key(book) in selected:
                yield dg.MaterializeResult(
                    lake_key(book),
                    metadata={
                        "dagster/row_count": rows[book],
                        "files in this load": len(report.deliveries),
                    },
                )

    return raw


def _feed_spec(feed: Feed, docs: Mapping[str, str]) -> dg.AssetSpec:
    max_age = MAX_AGE.get(feed.system)
    return dg.AssetSpec(
        raw_key(feed.name),
        group_name=f"raw_{feed.system}",
        description=f"{feed.description}\n\nMode `{feed.mode}`, key `{', '.join(feed.key)}`.",
        owners=[feed.owner],
        kinds={"python", "parquet"},
        metadata={"dagster/column_schema": _schema(feed.columns, docs)},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=max_age) if max_age else None,
    )


def _schema(columns: Iterable[Column], docs: Mapping[str, str]) -> dg.TableSchema:
    return column_schema(
        (c.name, c.data_type, docs.get(c.description, c.description), not c.required)
        for c in columns
    )


def _book_spec(book: str, columns: Iterable[Column], docs: Mapping[str, str]) -> dg.AssetSpec:
    what = {
        "deliveries": "One row per delivered file: who, when, how many rows, accepted or not.",
        "quarantine": "Rows that did not pass a row rule, as they were delivered.",
        "rejected": "Files that were rejected whole, with the reason.",
    }[book]
    return dg.AssetSpec(
        lake_key(book),
        group_name="raw_lake",
        description=what,
        owners=["warehouse@partner-warehouse.example"],
        kinds={"python", "parquet"},
        metadata={"dagster/column_schema": _schema(columns, docs)},
    )


def _rows(deliveries: pa.Table) -> dict[str, int]:
    """Rows of every feed in the lake, and of the lake's books."""
    by_feed = deliveries.group_by("feed").aggregate([("accepted_rows", "sum")]).to_pydict()
    rejected = pc.equal(deliveries["status"], "REJECTED")
    return {
        **dict(zip(by_feed["feed"], by_feed["accepted_rows_sum"], strict=True)),
        "deliveries": deliveries.num_rows,
        "quarantine": pc.sum(deliveries["quarantined_rows"]).as_py() or 0,
        "rejected": pc.sum(rejected).as_py() or 0,
    }


def _feed_metadata(report: LoadReport, feed: str) -> dict[str, int]:
    files = [d for d in report.deliveries if d.feed == feed]
    return {
        "files": len(files),
        "files rejected": sum(d.status == "REJECTED" for d in files),
        "rows delivered": sum(d.delivered_rows for d in files),
        "rows accepted": sum(d.accepted_rows for d in files),
        "rows quarantined": sum(d.quarantined_rows for d in files),
    }
