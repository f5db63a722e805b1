"""Thin Dagster assets, one module per stage of the way: raw, dbt, serving.

What belongs here: asset specs, and the call of the function that does the work. What does not:
the work itself (`ingestion`, `dbt_runner`, `serving`), and checks (`orchestration.checks`).
"""
