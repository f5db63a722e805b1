"""What is described in English where it is declared, in both languages.

What belongs here: looking the German up. A description without German is shown as it is.
"""

from __future__ import annotations

from orchestration.language.texts import (
    catalog_business,
    catalog_feeds,
    catalog_kpis,
    catalog_tables,
    catalog_terms,
)
from orchestration.review.both import Both

_OF_FEEDS = {**catalog_feeds.GERMAN, **catalog_terms.GERMAN, **catalog_business.GERMAN}


def feed_words(english: str) -> Both:
    """What a feed holds, or one of its columns."""
    return Both((_OF_FEEDS.get(english, english), english))


def table_words(table: str, english: str) -> Both:
    """What a published table holds."""
    return Both((catalog_tables.GERMAN.get(table, english), english))


def formula_words(kpi_code: str, english: str) -> Both:
    return Both((catalog_kpis.FORMULAS.get(kpi_code, english), english))


def basis_words(kpi_code: str, english: str) -> Both:
    return Both((catalog_kpis.BASES.get(kpi_code, english), english))
