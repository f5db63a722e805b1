"""The chain behind a figure of incentives: posting, statement, rule, tier, units, delivered rows.

`chain` collects the facts from what was published and from the lake, `words` says them in German or
English.
"""
