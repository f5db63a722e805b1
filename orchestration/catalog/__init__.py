"""The catalog: what each number is, whose it is, where it comes from.

    graph = load_graph(settings)
    print(as_text(trace(graph, "mart_partner_scorecard.score")))

`graph` knows every column and its parents, `made_from` what Python-made tables are made from,
`trace` follows a column down to the feeds; the other modules write pages. What belongs here:
reading dbt's manifest and putting it into words. What does not: the parse of SQL
(`orchestration.lineage`), Dagster, figures of dealers.
"""

from orchestration.catalog.graph import Column, ColumnGraph, load_graph
from orchestration.catalog.trace import as_dict, as_text, trace

__all__ = ["Column", "ColumnGraph", "as_dict", "as_text", "load_graph", "trace"]
