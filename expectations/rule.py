"""The form of a quality rule.

A rule is SQL over one table. The gate offers these schemas to it:

- `delivered.<feed>`: the rows delivered since the last publication, withdrawals left out;
- `history.<feed>`: the same of all deliveries ever, for what only shows across deliveries;
- `state.<feed>`: the feed as it stands: of an events feed the newest version of each key,
  withdrawn keys left out, of a snapshot feed the newest delivery of each sender;
- `lake.deliveries`, `lake.rejected`, `lake.files` (rows that the files of the lake really hold),
  `lake.feeds` (feed, mode);
- `marts.<model>`: the public models of the warehouse (mart gate only).

`{batch}` stands for the table's own rows, as its scan (`SCANS` of the module) gives them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COMPLETENESS = "COMPLETENESS"
VALIDITY = "VALIDITY"
UNIQUENESS = "UNIQUENESS"
TIMELINESS = "TIMELINESS"
CONSISTENCY = "CONSISTENCY"
DIMENSIONS = (COMPLETENESS, VALIDITY, UNIQUENESS, TIMELINESS, CONSISTENCY)

CRITICAL = "critical"
"""Nothing is published while the rule does not hold."""
WARNING = "warning"
SEVERITIES = (CRITICAL, WARNING)

DELIVERED = "delivered"
HISTORY = "history"
STATE = "state"
SCOPES = (DELIVERED, HISTORY, STATE)

COURSE_TOPICS = ("DIGITAL", "DATA_QUALITY", "EV", "SALES", "SERVICE")

_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


class RuleError(ValueError):
    """A rule that cannot be used; the message names it and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One quality rule of one table.

    Either `passes`, a condition that is true of a good row (where it is null, or `applies` is not
    true, the rule does not speak of the row), or `violations`, a SELECT of whatever breaks the
    rule (`checked` counts what was looked at). `mostly` is the share that must pass for the rule
    to hold at the gate, `target_rate` the share that the partner academy aims at, `course_topic`
    what it teaches about it. Rates are fractions. `description` says what a good row is like,
    `reason` what goes wrong without it, `remedy` what its sender does about it.

    Raises:
        RuleError: a code, dimension, severity, scope or topic that is none, a share outside 0..1,
            or not exactly one of `passes` and `violations`.
    """

    code: str
    table: str
    dimension: str
    description: str
    severity: str = WARNING
    passes: str | None = None
    applies: str = "true"
    violations: str | None = None
    checked: str = "count(*)"
    scope: str = DELIVERED
    mostly: float = 1.0
    target_rate: float = 0.98
    course_topic: str = "DATA_QUALITY"
    reason: str = ""
    remedy: str = ""

    def __post_init__(self) -> None:
        for name, allowed in (
            ("dimension", DIMENSIONS),
            ("severity", SEVERITIES),
            ("scope", SCOPES),
            ("course_topic", COURSE_TOPICS),
        ):
            if getattr(self, name) not in allowed:
                raise RuleError(
                    f"rule {self.code}: {name} is {getattr(self, name)!r}, "
                    f"give one of {', '.join(allowed)}"
                )
        if not _CODE.fullmatch(self.code):
            raise RuleError(f"rule {self.code!r}: a code is upper case letters, digits and _")
        if (self.passes is None) == (self.violations is None):
            raise RuleError(f"rule {self.code}: give either `passes` or `violations`")
        if self.violations is not None and "{batch}" not in self.violations:
            raise RuleError(f"rule {self.code}: `violations` must read {{batch}}")
        for name in ("mostly", "target_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise RuleError(f"rule {self.code}: {name} must lie within 0 and 1")

    def failing_rows(self, batch: str) -> str:
        """SELECT of what breaks the rule; `batch` is what to read from."""
        if self.violations is not None:
            return self.violations.replace("{batch}", batch)
        return f"select * from {batch} where ({self.applies}) and not ({self.passes})"

    def failed_count(self, batch: str) -> str:
        """Aggregate over `batch` that counts what breaks the rule."""
        if self.violations is not None:
            return f"(select count(*) from ({self.failing_rows(batch)}))"
        return f"count(*) filter (where ({self.applies}) and not ({self.passes}))"

    def checked_count(self) -> str:
        """Aggregate over the batch that counts what the rule speaks of."""
        if self.violations is not None:
            return self.checked
        return f"count({self.passes}) filter (where {self.applies})"


def timely(code: str, table: str, column: str, days: int) -> Rule:
    """The newest `column` of a file lies at most `days` days before its delivery."""
    return Rule(
        code=code,
        table=table,
        dimension=TIMELINESS,
        description=f"The newest {column} of a file is at most {days} days old when the file "
        "arrives: scores of a month are closed on what has arrived by then.",
        violations=f"""
            select _source_file, _sender, _delivered_at, max({column}) as newest_{column}
            from {{batch}}
            group by _batch_id, _source_file, _sender, _delivered_at
            having date_diff('day', cast(max({column}) as date), cast(_delivered_at as date))
                > {days}
        """,
        checked="count(distinct _batch_id)",
        mostly=0.95,
        target_rate=0.95,
        course_topic="DIGITAL",
    )


def no_month_missing(code: str, table: str, column: str, per: tuple[str, ...], why: str) -> Rule:
    """Between its first and last month each `per` has every month (table taken as it stands)."""
    group = ", ".join(per)
    listed = f"{group}, " if per else ""
    having = f"count(distinct {column}) < date_diff('month', min({column}), max({column})) + 1"
    return Rule(
        code=code,
        table=table,
        dimension=COMPLETENESS,
        description=why,
        violations=f"""
            select
                {listed}min({column}) as first_month, max({column}) as last_month,
                count(distinct {column}) as months_present
            from {{batch}}
            {f"group by {group}" if per else ""}
            having {having}
        """,
        checked=f"count(distinct ({group}))" if per else "least(count(*), 1)",
        scope=STATE,
        mostly=0.95 if per else 1.0,
    )
