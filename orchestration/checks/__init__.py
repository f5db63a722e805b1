"""Running the quality rules: Great Expectations, pushed down into DuckDB.

`database` opens the lake or the warehouse to the rules, `great_expectations_rules` is how Great
Expectations sees a rule, `gate` runs the rules and reports, `asset_checks` shows them in Dagster.
`pass_rates` measures the same rules for each dealer and month, `rule_texts` hands on what they say.
What belongs here: evaluation and its report. What does not: the rules (package `expectations`).
"""
