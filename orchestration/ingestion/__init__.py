"""From a delivered file to immutable, typed rows in the lake, without losing one.

What belongs here: the feed contract (`contract`), reading what senders really send (`sources`,
`readers`, `kba`), turning text into types with reasons for what does not fit (`convert`), and
writing the lake (`lake`, `load`). What does not: SQL models, Dagster, money.
"""
