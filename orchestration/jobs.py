"""A job per need; the asset graph itself says what depends on what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dagster as dg

from orchestration.assets.keys import SERVING, model_key, raw_key

EVERYTHING = "everything"
DEALER_NOW = "dealer_now"
_BOOKS = dg.AssetSelection.key_prefixes(["lake"])
_RAW = dg.AssetSelection.key_prefixes(["raw"]) | _BOOKS
_DELIVERIES = dg.AssetSelection.assets(model_key("stg_lake__deliveries"))
_SERVING = dg.AssetSelection.assets(SERVING)
_ROUND_THE_CLOCK = dg.AssetSelection.assets(
    model_key("mart_dealer_now"), model_key("mart_dealer_feed_freshness")
)
"""What dealers look at at any hour: made anew as soon as a file arrives, before everything else."""


def build_jobs() -> list[Any]:
    """The asset jobs, to be resolved by the Definitions that they join."""
    return [
        dg.define_asset_job(
            EVERYTHING,
            dg.AssetSelection.all(),
            description="Load what was delivered, check it, build every mart, check and publish.",
        ),
        dg.define_asset_job(
            DEALER_NOW,
            _way_to_dealers(_RAW),
            description="Load what was delivered and publish what dealers look at at any hour; of "
            "the models only those between the two. The sensor narrows it to the feeds with files.",
        ),
        dg.define_asset_job(
            "load_deliveries",
            _RAW,
            description="Load what was delivered and run the feed gate; build nothing.",
        ),
        dg.define_asset_job(
            "rebuild_marts",
            dg.AssetSelection.all() - _RAW,
            description="Build every mart from the lake as it stands, check and publish.",
        ),
        dg.define_asset_job(
            "publish",
            _SERVING,
            description="Publish the marts as they stand.",
        ),
    ]


def dealer_now_selection(feeds: Iterable[str], graph: Any) -> list[dg.AssetKey]:
    """The assets of the job `DEALER_NOW` that new files of these feeds touch; none if they lead to
    nothing that dealers look at at any hour. `graph` is a repository's asset graph."""
    files = dg.AssetSelection.assets(*map(raw_key, feeds))
    if not (files.downstream() & _ROUND_THE_CLOCK).resolve(graph):
        return []
    return sorted(_way_to_dealers(files).resolve(graph))


def _way_to_dealers(files: dg.AssetSelection) -> dg.AssetSelection:
    # lists of which only the newest delivery counts ask the books, too: no file of theirs came
    touched = files.downstream() | _DELIVERIES.downstream()
    return files | _BOOKS | (touched & _ROUND_THE_CLOCK.upstream()) | _SERVING
