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

There are four kinds of rule, by what they look at:

- each row (`passes`);
- each delivered file, of dealer feeds each dealer's rows in it (`file_passes`): `timely`;
- what the loader put into quarantine (`quarantined`): `accepted`;
- the whole table (`violations`), for what only shows between rows.

Of dealer feeds all but the last are also measured for each dealer and month (`pass_rates` of the
gate's package) unless a rule says otherwise (`per_dealer`), over whatever was delivered and in one
scan, so the scan of a dealer feed gives `dealer_id`: the feed's own, or that of what the row
belongs to.
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

ROWS, FILES, QUARANTINE, TABLE = "rows", "files", "quarantine", "table"
"""Kinds of rule: what is judged one by one."""

REASONS = (
    "WRONG_COLUMN_COUNT",
    "MISSING_REQUIRED",
    "BAD_TYPE",
    "BAD_VALUE",
    "UNKNOWN_SENDER_SCOPE",
    "DUPLICATE_KEY_IN_FILE",
)
"""Why the loader puts a row into quarantine."""

_DEALER_FEED = "dealer__"
_TARGET_RATE = 0.98
_CODE = re.compile(r"[A-Z][A-Z0-9_]*")
_KINDS = {
    "passes": ROWS,
    "file_passes": FILES,
    "quarantined": QUARANTINE,
    "violations": TABLE,
}


class RuleError(ValueError):
    """A rule that cannot be used; the message names it and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One quality rule of one table.

    Exactly one of these says what is good:

    - `passes`, a condition that is true of a good row (where it is null, or `applies` is not true,
      the rule does not speak of the row);
    - `file_passes`, the same of a file, of dealer feeds of the rows that it has of one dealer: a
      condition of aggregates, such as `max(event_date)`, over the columns of the scan (`shown` are
      further aggregates, `<aggregate> as <name>`, for the examples);
    - `quarantined`, the reasons for which no row of a file should be in quarantine;
    - `violations`, a SELECT of whatever breaks the rule (`checked` counts what was looked at).

    `mostly` is the share that must pass for the rule to hold at the gate, `target_rate` the share
    that the partner academy aims at (98 %, or `mostly` where that is more), `course_topic` what it
    teaches about it. Rates are fractions. `per_dealer` is false where the share says nothing about
    a single dealer: the rule stands at the gate only. `description` says what a good row is like,
    `reason` what goes wrong without it, `remedy` what its sender does about it.

    Raises:
        RuleError: a code, dimension, severity, scope, topic or reason of quarantine that is none, a
            share outside 0..1, a measured rule that aims at less than the gate asks for, or not
            exactly one of the above.
    """

    code: str
    table: str
    dimension: str
    description: str
    severity: str = WARNING
    passes: str | None = None
    applies: str = "true"
    file_passes: str | None = None
    shown: str = ""
    quarantined: tuple[str, ...] | None = None
    violations: str | None = None
    checked: str = "count(*)"
    scope: str = DELIVERED
    mostly: float = 1.0
    target_rate: float | None = None
    course_topic: str = "DATA_QUALITY"
    reason: str = ""
    remedy: str = ""
    per_dealer: bool = True

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
        if sum(getattr(self, name) is not None for name in _KINDS) != 1:
            raise RuleError(
                f"rule {self.code}: give either `passes` or `violations` or `file_passes` or "
                "`quarantined`, exactly one"
            )
        if self.violations is not None and "{batch}" not in self.violations:
            raise RuleError(f"rule {self.code}: `violations` must read {{batch}}")
        if self.quarantined is not None:
            unknown = [r for r in self.quarantined if r not in REASONS]
            if unknown or not self.quarantined:
                raise RuleError(
                    f"rule {self.code}: `quarantined` is {self.quarantined!r}, "
                    f"give some of {', '.join(REASONS)}"
                )
        if self.target_rate is None:
            object.__setattr__(self, "target_rate", max(_TARGET_RATE, self.mostly))
        for name in ("mostly", "target_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise RuleError(f"rule {self.code}: {name} must lie within 0 and 1")
        if self.is_measured_per_dealer and self.target_rate < self.mostly:
            raise RuleError(
                f"rule {self.code}: the academy aims at {self.target_rate}, less than the "
                f"{self.mostly} of the gate; raise target_rate, or lower mostly"
            )

    @property
    def kind(self) -> str:
        """What it judges one by one: ROWS, FILES, QUARANTINE (rows, counted by file), or the whole
        TABLE."""
        return next(kind for name, kind in _KINDS.items() if getattr(self, name) is not None)

    @property
    def is_measured_per_dealer(self) -> bool:
        """Whether its pass rate is measured for each dealer and month."""
        return self.per_dealer and self.table.startswith(_DEALER_FEED) and self.kind != TABLE

    @property
    def file_key(self) -> tuple[str, ...]:
        """What a rule of files is judged for: a file, of dealer feeds each dealer in it."""
        of_dealer = self.table.startswith(_DEALER_FEED)
        return ("_batch_id", "dealer_id") if of_dealer else ("_batch_id",)

    @property
    def quarantined_rows(self) -> str:
        """Of a file, the rows in quarantine for the reasons of the rule; columns of the gate's
        counts are named after the reasons."""
        return " + ".join(reason.lower() for reason in self.quarantined or ())

    # What a suite reads, `batch`, has rows, or (kind FILES) a row for each file with a column named
    # after each rule, or (kind QUARANTINE) a row for each file with a count for each reason.

    def failing_rows(self, batch: str) -> str:
        """SELECT of what breaks the rule; `batch` is what to read from."""
        if self.violations is not None:
            return self.violations.replace("{batch}", batch)
        if self.kind == FILES:
            return f"select * from {batch} where not {self.code}"
        if self.kind == QUARANTINE:
            return f"select * from {batch} where {self.quarantined_rows} > 0"
        return f"select * from {batch} where ({self.applies}) and not ({self.passes})"

    def failed_count(self, batch: str) -> str:
        """Aggregate over `batch` that counts what breaks the rule."""
        if self.violations is not None:
            return f"(select count(*) from ({self.failing_rows(batch)}))"
        if self.kind == FILES:
            return f"count(*) filter (where not {self.code})"
        if self.kind == QUARANTINE:
            return f"coalesce(sum({self.quarantined_rows}), 0)"
        return f"count(case when not {self.verdict()} then 1 end)"

    def checked_count(self) -> str:
        """Aggregate over the batch that counts what the rule speaks of."""
        if self.violations is not None:
            return self.checked
        if self.kind == FILES:
            return f"count({self.code})"
        if self.kind == QUARANTINE:
            return "coalesce(sum(delivered_rows), 0)"
        return f"count({self.verdict()})"

    def verdict(self) -> str:
        """What a rule of rows says of a row: whether it passes, null where the rule does not speak
        of it. A condition is only reckoned where the rule applies, which a FILTER would not do."""
        if self.applies == "true":
            return f"({self.passes})"
        return f"(case when {self.applies} then {self.passes} end)"


def day_in_berlin(instant: str) -> str:
    """SQL: the day of an instant (UTC) in Berlin; a day stays itself."""
    return f"cast({instant} at time zone 'UTC' at time zone 'Europe/Berlin' as date)"


def timely(code: str, table: str, column: str, days: int) -> Rule:
    """The newest `column` of a file lies at most `days` days before its delivery."""
    newest = f"max({column})"
    return Rule(
        code=code,
        table=table,
        dimension=TIMELINESS,
        description=f"The newest {column} of a file is at most {days} days old when the file "
        "arrives.",
        reason="A month is scored and closed on what has arrived by then: what comes later is "
        "missing in it, and is settled with the next close.",
        remedy="Let the system send on its own, at least once a month, and look whether an export "
        "has stopped.",
        file_passes=f"{day_in_berlin(newest)} >= {day_in_berlin('max(_delivered_at)')} - {days}",
        shown=f"{newest} as newest_{column}",
        mostly=0.95,
        target_rate=0.95,
        course_topic="DIGITAL",
    )


def accepted(
    prefix: str, table: str, mostly: float = 0.98, target_rate: float = 0.99
) -> list[Rule]:
    """One rule for each dimension in which the loader refuses rows of a feed, put into quarantine:
    `<prefix>_ROWS_COMPLETE`, `_ROWS_READABLE`, `_ROWS_UNIQUE`, `_ROWS_OF_SENDER`."""
    wrong = "The row is in quarantine and in no figure until it is sent again."
    return [
        Rule(
            code=f"{prefix}_{ending}",
            table=table,
            dimension=dimension,
            description=description,
            reason=reason,
            remedy=remedy,
            quarantined=reasons,
            mostly=mostly,
            target_rate=target_rate,
        )
        for ending, dimension, reasons, description, reason, remedy in (
            (
                "ROWS_COMPLETE",
                COMPLETENESS,
                ("MISSING_REQUIRED",),
                "Every required column of a row has a value.",
                wrong,
                "Make the field compulsory where it is entered; see which one with `partnerdw "
                "quarantine`, fill it and send the row again.",
            ),
            (
                "ROWS_READABLE",
                VALIDITY,
                ("BAD_TYPE", "BAD_VALUE", "WRONG_COLUMN_COUNT"),
                "Every value is of its column's type and among the allowed ones, and a row has as "
                "many fields as the header.",
                wrong,
                "Export by the contract of the feed: dates, numbers and codes as it says, texts "
                "with separators in quotes. Correct the row and send it again.",
            ),
            (
                "ROWS_UNIQUE",
                UNIQUENESS,
                ("DUPLICATE_KEY_IN_FILE",),
                "A key stands once in a file.",
                "Of rows with the same key only the last counts: whatever the others said is lost, "
                "and which one is right nobody knows.",
                "Merge records that were entered twice, and export each record once, in its newest "
                "state.",
            ),
            (
                "ROWS_OF_SENDER",
                CONSISTENCY,
                ("UNKNOWN_SENDER_SCOPE",),
                "A dealer's file has rows of that dealer only.",
                "Nobody may report another's figures: the row is in quarantine and counts for "
                "neither.",
                "Export by dealer, and check which id the system gives each of your sites.",
            ),
        )
    ]


def no_month_missing(
    code: str,
    table: str,
    column: str,
    per: tuple[str, ...],
    description: str,
    reason: str = "",
    remedy: str = "",
) -> Rule:
    """Between its first and last month each `per` has every month (table taken as it stands)."""
    group = ", ".join(per)
    listed = f"{group}, " if per else ""
    having = f"count(distinct {column}) < date_diff('month', min({column}), max({column})) + 1"
    return Rule(
        code=code,
        table=table,
        dimension=COMPLETENESS,
        description=description,
        reason=reason,
        remedy=remedy,
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
