"""What is reckoned in Python: pure functions over tables; money is exact, in integers.

What belongs here: splitting, tiers, measures, lines, proposals, outlooks, schedules, refinancing,
shared costs, escalations, intervals, the wording of figures. What does not: Dagster, files,
databases, dates of today.
"""
