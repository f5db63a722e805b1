"""Dagster and what its assets call.

The layout tells the data's way: `ingestion` loads delivered files into the lake, `assets` and
`checks` are the thin Dagster layer, `calculations` decides money in pure functions, `serving`
publishes. `settings` owns every path and switch, `cli` is the `partnerdw` command. Importing any
module here does nothing but define names.
"""

__version__ = "0.1.0"
