"""The last stage: what BI tools and dealers read, replaced in one step."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import dagster as dg

from orchestration.assets.keys import POSTGRES, SERVING, SHARES, model_key
from orchestration.locking import warehouse_lock
from orchestration.serving.postgres import publish_to_postgres
from orchestration.serving.publish import Publication, publish
from orchestration.serving.share_page import PAGE
from orchestration.serving.shares import write_shares
from orchestration.settings import Settings
from orchestration.state import PUBLICATION, write_state
from orchestration.version import code_version


def publish_marts(settings: Settings) -> Publication:
    """Publish the marts as they stand, and remember that."""
    with warehouse_lock(settings):
        publication = publish(
            settings, as_of=settings.as_of or datetime.now(UTC), code_version=code_version()
        )
        write_state(settings, PUBLICATION, publication.as_dict())
    return publication


def build_serving_asset(
    settings: Settings,
    models: Iterable[str],
    on_progress: Callable[[str], None] | None = None,
) -> dg.AssetsDefinition:
    """The published DuckDB file and its Parquet twins, from the public models named."""

    @dg.asset(
        key=SERVING,
        deps=[model_key(m) for m in sorted(models)],
        group_name="serving",
        owners=["warehouse@partner-warehouse.example"],
        kinds={"duckdb", "parquet"},
        description="What BI tools read: every public mart in one DuckDB file and as Parquet, "
        "replaced in one step. Readers keep the version they opened.",
    )
    def partner_marts(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        if on_progress:
            on_progress("publishing")
        publication = publish_marts(settings)
        return dg.MaterializeResult(
            metadata={
                "file": dg.MetadataValue.path(str(settings.serving_file)),
                "marts": len(publication.marts),
                "dagster/row_count": sum(publication.marts.values()),
            }
        )

    return partner_marts


def build_share_asset(
    settings: Settings, on_progress: Callable[[str], None] | None = None
) -> dg.AssetsDefinition:
    """A file and a page for each dealer, with his own rows."""

    @dg.asset(
        key=SHARES,
        deps=[SERVING],
        group_name="serving",
        owners=["warehouse@partner-warehouse.example"],
        kinds={"duckdb", "html"},
        description="A folder for each dealer: a DuckDB file with every published table, but only "
        "the rows that are his own or the network's, and a page in German and English that is made "
        "from that file alone. Each is replaced in one step, and only when rows of the dealer have "
        "changed.",
    )
    def dealer_shares() -> dg.MaterializeResult:
        if on_progress:
            on_progress("dealers' files")
        with warehouse_lock(settings):
            shares = write_shares(settings)
        files = [f for share in shares for f in (share, share.with_name(PAGE))]
        return dg.MaterializeResult(
            metadata={
                "folder": dg.MetadataValue.path(str(settings.dealer_shares)),
                "dealers": len(shares),
                "files": len(files),
                "bytes": sum(file.stat().st_size for file in files),
            }
        )

    return dealer_shares


def build_postgres_asset(
    settings: Settings, on_progress: Callable[[str], None] | None = None
) -> list[dg.AssetsDefinition]:
    """The published tables in PostgreSQL; nothing where the settings name no server."""
    if settings.postgres_dsn is None:
        return []

    @dg.asset(
        key=POSTGRES,
        deps=[SERVING],
        group_name="serving",
        owners=["warehouse@partner-warehouse.example"],
        kinds={"postgres"},
        description="Every published table in schema `marts` of PostgreSQL, swapped in one "
        "transaction; a dealer's login reads his own rows and the network's.",
    )
    def postgres(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        if on_progress:
            on_progress("PostgreSQL")
        rows = publish_to_postgres(settings)
        return dg.MaterializeResult(
            metadata={"marts": len(rows), "dagster/row_count": sum(rows.values())}
        )

    return [postgres]
