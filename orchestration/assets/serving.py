"""The last stage: what BI tools read, replaced in one step."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import dagster as dg

from orchestration.assets.keys import SERVING, model_key
from orchestration.locking import warehouse_lock
from orchestration.serving.publish import Publication, publish
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
                "rows": sum(publication.marts.values()),
            }
        )

    return partner_marts
