"""The weekly review as pages: one self-contained HTML file per top partner, brand and ISO week.

What belongs here: gathering what was published and showing it. What does not: figures or sentences
that are in no mart (`orchestration/calculations/findings.py` writes the sentences).
"""

from orchestration.review.pages import write_pages

__all__ = ["write_pages"]
