"""What good data is: the quality rules of the warehouse, each stated once.

One module per family of feeds (`oem`, `governance`, `incentives`, `investments`, `service`,
`capability`, `brand`, `pilots`, `market`, `dealer`, `lake`) and per domain of marts (`marts_*`),
each with `RULES` and `SCANS`; `registry` collects them, `shared` has forms that several use. What
belongs here: what must hold, why, what its sender does about it, how badly it matters, and what the
partner academy aims at. What does not: running the rules (`orchestration.checks`), keys,
relationships and types of models (dbt tests and contracts), and what the loader already refuses row
by row (the feed contracts, settled closes).
"""
