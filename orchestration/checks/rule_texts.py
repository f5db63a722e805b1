"""What the rules of the feeds say, for dbt and for the catalog of dealers: dbt source `quality`,
table `rules`. Thresholds, targets and English texts are those of `expectations`, German ones of
`orchestration.language`; nothing is stated here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from expectations.registry import feed_rules
from orchestration.ingestion import lake
from orchestration.language.texts.rules import GERMAN
from orchestration.ledger.tables import RULE_TEXTS, computed_path
from orchestration.settings import Settings


@dataclass(frozen=True)
class RuleEntry:
    """A rule in the words of its senders; rates are fractions. German is null where nobody reads
    it: of what manufacturer and market deliver."""

    rule_code: str
    feed: str
    dimension: str
    severity: str
    kind: str
    mostly: Decimal
    target_rate: Decimal
    course_topic: str
    description: str
    reason: str
    remedy: str
    description_de: str | None
    reason_de: str | None
    remedy_de: str | None
    is_measured_per_dealer: bool


def rule_entries() -> list[RuleEntry]:
    """Every rule of the feeds and of the lake's books, in the order of the registry."""
    return [
        RuleEntry(
            rule_code=rule.code,
            feed=rule.table,
            dimension=rule.dimension,
            severity=rule.severity,
            kind=rule.kind,
            mostly=round(Decimal(str(rule.mostly)), 6),
            target_rate=round(Decimal(str(rule.target_rate)), 6),
            course_topic=rule.course_topic,
            description=rule.description,
            reason=rule.reason,
            remedy=rule.remedy,
            description_de=german.description if german else None,
            reason_de=german.reason if german else None,
            remedy_de=german.remedy if german else None,
            is_measured_per_dealer=rule.is_measured_per_dealer,
        )
        for rule in feed_rules()
        for german in [GERMAN.get(rule.code)]
    ]


def write_rule_texts(settings: Settings) -> int:
    """Write the rules for dbt; gives their number."""
    schema = lake.table_schema("rules")
    entries = rule_entries()
    columns = [
        pa.array([getattr(entry, field.name) for entry in entries], field.type) for field in schema
    ]
    with lake.workspace(settings) as workspace:
        made = pa.table(columns, schema=schema)
        lake.write_table(made, computed_path(settings, RULE_TEXTS), workspace)
    return len(entries)
