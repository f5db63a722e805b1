"""A job per need; the asset graph itself says what depends on what."""

from __future__ import annotations

from typing import Any

import dagster as dg

EVERYTHING = "everything"
_RAW = dg.AssetSelection.key_prefixes(["raw"], ["lake"])
_SERVING = dg.AssetSelection.key_prefixes(["serving"])


def build_jobs() -> list[Any]:
    """The asset jobs, to be resolved by the Definitions that they join."""
    return [
        dg.define_asset_job(
            EVERYTHING,
            dg.AssetSelection.all(),
            description="Load what was delivered, check it, build every mart, check and publish.",
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
