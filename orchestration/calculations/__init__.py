"""What decides money: pure functions over tables, exact in integers.

What belongs here: splitting, tiers, measures, lines, proposals, outlooks. What does not: Dagster,
files, databases, dates of today.
"""
