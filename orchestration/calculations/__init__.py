"""What decides money: pure functions over tables, exact in integers.

What belongs here: splitting, tiers, measures, lines, proposals, outlooks, schedules, refinancing,
shared costs. What does not: Dagster, files, databases, dates of today.
"""
