"""The two gates: the rules of the feeds before dbt, the rules of the marts after it.

A gate evaluates its rules through Great Expectations, pushed down into DuckDB: one scan for all
rules of a table, one more for those that judge its files. What it found is returned, and left as
JSON in the state folder for the summary and the data docs. Personal data never appears in it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expectations.registry import feed_rules, mart_rules, scan
from expectations.rule import CRITICAL, DELIVERED, FILES, HISTORY, QUARANTINE, ROWS, Rule
from orchestration.checks.database import RuleDatabase, rule_database
from orchestration.ingestion.contract import Feed, load_contracts
from orchestration.ingestion.lake import naive_utc
from orchestration.settings import Settings
from orchestration.state import FEED_GATE, MART_GATE, PUBLICATION, read_state, write_state
from orchestration.version import code_version

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

LAKE_PREFIX = "lake__"
EXAMPLES = 5
_SHOWN_OF_A_MART = 12
_PRIVATE_OF_THE_LAKE = frozenset({"value", "raw_row"})


class GateError(RuntimeError):
    """A gate that could not judge: a rule that does not evaluate, or none evaluated."""


@dataclass(frozen=True)
class RuleResult:
    """What one rule found. `pass_rate` (a fraction) is null where there was nothing to check;
    `examples` are up to five of the rows that break it, without personal data."""

    code: str
    table: str
    dimension: str
    severity: str
    description: str
    success: bool
    checked_rows: int
    failed_rows: int
    pass_rate: float | None
    mostly: float
    target_rate: float
    examples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_critical_failure(self) -> bool:
        return not self.success and self.severity == CRITICAL

    def __str__(self) -> str:
        text = (
            f"{self.code} ({self.severity}) on {self.table}: "
            f"{self.failed_rows:,} of {self.checked_rows:,} failed. {self.description}"
        )
        return text + "".join(
            "\n    " + ", ".join(f"{k}={v}" for k, v in row.items()) for row in self.examples
        )


@dataclass(frozen=True)
class GateResult:
    """What a gate found. `table_rows` are the rows that each suite judged: a suite is named after
    its table, with the scope behind a dot where a table has a second one, and with what it judges
    behind a dot where that is not the table's rows."""

    gate: str
    results: list[RuleResult]
    table_rows: dict[str, int]
    seconds: float

    @property
    def critical_failures(self) -> list[RuleResult]:
        return [r for r in self.results if r.is_critical_failure]

    @property
    def warnings(self) -> list[RuleResult]:
        return [r for r in self.results if not r.success and r.severity != CRITICAL]

    @property
    def success(self) -> bool:
        """Whether what was checked may be published."""
        return not self.critical_failures

    @property
    def checked_rows(self) -> int:
        """Rows judged, each once whatever the suites."""
        return sum(self._rows_by_table.values())

    @property
    def _rows_by_table(self) -> dict[str, int]:
        return {name: rows for name, rows in self.table_rows.items() if "." not in name}

    def summary(self) -> str:
        """The verdict in words, then what failed: rule, table, counts, example rows."""
        head = (
            f"{self.gate.replace('_', ' ')}: {len(self.results)} rules over "
            f"{self.checked_rows:,} rows of {len(self._rows_by_table)} tables "
            f"in {self.seconds:.1f} s, "
            f"{len(self.critical_failures)} critical failures, {len(self.warnings)} warnings"
        )
        return "\n".join([head, *map(str, self.critical_failures), *map(str, self.warnings)])


def run_feed_gate(settings: Settings, feeds: Collection[str] | None = None) -> GateResult:
    """Judge what was delivered since the last publication, and the feeds as they stand now; `feeds`
    limits it to these tables (feeds, or `lake__deliveries`).

    Raises:
        GateError: a rule could not be evaluated, or there was none to evaluate.
    """
    return _run(settings, FEED_GATE, feed_rules(), feeds)


def run_mart_gate(settings: Settings, marts: Collection[str] | None = None) -> GateResult:
    """Judge the marts of the warehouse, opened read-only; `marts` limits it to these tables.

    Raises:
        GateError: a rule could not be evaluated (a mart is missing), or there was none to evaluate.
    """
    return _run(settings, MART_GATE, mart_rules(), marts)


def _run(
    settings: Settings, gate: str, rules: Sequence[Rule], tables: Collection[str] | None
) -> GateResult:
    started = time.monotonic()
    of_marts = gate == MART_GATE
    feeds = load_contracts()
    suites = _suites(rules, tables, of_marts)
    if not suites:
        raise GateError(f"{gate.removesuffix('.json')}: no rule to evaluate for {tables}")
    queries = "\n".join(
        f"{query} {rule.failing_rows('')} {rule.checked_count()}"
        for query, wanted in suites.values()
        for rule in wanted
    )
    # an import of seconds: before the warehouse is opened, not while it is
    from orchestration.checks.great_expectations_rules import validate

    with rule_database(
        settings, feeds, queries, since=_published_load(settings), with_marts=of_marts
    ) as database:
        validations = validate(database.name, suites)
        results, table_rows = [], {}
        for name, (query, wanted) in suites.items():
            outcomes = _outcomes(name, wanted, validations[name])
            table_rows[name] = outcomes[wanted[0].code].result["table_rows"]
            for rule in wanted:
                outcome = outcomes[rule.code]
                examples = []
                if not outcome.success:
                    examples = _examples(database, feeds, rule, query)
                    outcome.result["examples"] = examples
                results.append(_result(rule, outcome, examples))
    found = GateResult(gate.removesuffix(".json"), results, table_rows, time.monotonic() - started)
    _remember(settings, gate, found, validations, {r.code: r for r in rules})
    return found


def _published_load(settings: Settings) -> datetime | None:
    """The newest load that was published by this very code (naive, UTC); None where everything has
    to be judged."""
    published = read_state(settings, PUBLICATION)
    loaded_at = published.get("loaded_at")
    if settings.full_refresh or not loaded_at or published["code_version"] != code_version():
        return None
    return naive_utc(datetime.fromisoformat(loaded_at))


def _suites(
    rules: Sequence[Rule], tables: Collection[str] | None, of_marts: bool
) -> dict[str, tuple[str, list[Rule]]]:
    """Suite name -> SELECT of what it judges and its rules: one for each table, and scope where
    both are used; and those of files and of the quarantine."""
    suites: dict[str, list[Rule]] = {}
    scopes = {}
    for rule in rules:
        if tables is None or rule.table in tables:
            name = rule.table
            if rule.kind in (FILES, QUARANTINE):
                name += f".{rule.kind}"
            elif rule.scope != scopes.setdefault(rule.table, rule.scope):
                name += f".{rule.scope}"
            suites.setdefault(name, []).append(rule)
    return {name: (_batch(wanted, of_marts), wanted) for name, wanted in suites.items()}


def _batch(rules: Sequence[Rule], of_marts: bool) -> str:
    """SELECT of what the rules of a suite judge."""
    first = rules[0]
    if first.kind == QUARANTINE:
        return f"select * from quarantined.{first.table}"
    # what is judged across all deliveries needs nothing but its own rows
    rows = "select * from {batch}" if first.scope == HISTORY else scan(first.table)
    query = rows.replace("{batch}", _source(first, of_marts))
    return by_file(rules, f"({query})") if first.kind == FILES else query


def by_file(rules: Sequence[Rule], rows: str) -> str:
    """SELECT of a row for each file (of dealer feeds each dealer in it) with what the rules say of
    it, in a column named after each, and what their examples show."""
    key = ", ".join(rules[0].file_key)
    shown = "".join(f", {text}" for text in dict.fromkeys(r.shown for r in rules if r.shown))
    return (
        f"select {key}, any_value(_source_file) as _source_file, any_value(_sender) as _sender, "
        f"any_value(_delivered_at) as _delivered_at{shown}, "
        + ", ".join(f"({rule.file_passes}) as {rule.code}" for rule in rules)
        + f" from {rows} group by {key}"
    )


def _source(rule: Rule, of_marts: bool) -> str:
    if of_marts:
        return f"marts.{rule.table}"
    if rule.table.startswith(LAKE_PREFIX):
        return f"lake.{rule.table.removeprefix(LAKE_PREFIX)}"
    return f"{rule.scope}.{rule.table}"


def _outcomes(
    suite: str, rules: Sequence[Rule], validation: ExpectationSuiteValidationResult
) -> dict[str, Any]:
    """Rule code -> its Great Expectations result; every rule has one, and none has raised."""
    outcomes = {r.expectation_config.kwargs["rule_code"]: r for r in validation.results}
    evaluated = [r for r in validation.results if "observed_value" in r.result]
    if len(evaluated) == len(rules) == len(outcomes):
        return outcomes
    missing = [r.code for r in rules if "observed_value" not in _found(outcomes.get(r.code))]
    reasons = {
        _message(r.exception_info) for r in validation.results if "observed_value" not in r.result
    }
    raise GateError(
        f"{suite}: {len(evaluated)} of {len(rules)} rules were evaluated, "
        f"not {', '.join(missing)}: {'; '.join(sorted(reasons)) or 'no result'}"
    )


def _found(outcome: Any) -> Mapping[str, Any]:
    return outcome.result if outcome is not None else {}


def _message(exception_info: Mapping[str, Any]) -> str:
    """First line of what was raised; the info is one, or one for each metric."""
    every = [exception_info, *(v for v in exception_info.values() if isinstance(v, Mapping))]
    for info in every:
        if info.get("exception_message"):
            return str(info["exception_message"]).split("\n[SQL")[0].strip()
    return ""


def _result(rule: Rule, outcome: Any, examples: list[dict[str, Any]]) -> RuleResult:
    checked, failed = outcome.result["checked_rows"], outcome.result["observed_value"]
    return RuleResult(
        code=rule.code,
        table=rule.table,
        dimension=rule.dimension,
        severity=rule.severity,
        description=rule.description,
        success=bool(outcome.success),
        checked_rows=checked,
        failed_rows=failed,
        pass_rate=max(0.0, 1 - failed / checked) if checked else None,
        mostly=rule.mostly,
        target_rate=rule.target_rate,
        examples=examples,
    )


def _examples(
    database: RuleDatabase, feeds: Mapping[str, Feed], rule: Rule, query: str
) -> list[dict[str, Any]]:
    """Up to five of the rows that break the rule, in the order of the lake's files."""
    failing = rule.failing_rows(f"({query})")
    described = database.connection.execute(f"describe {failing}").fetchall()
    shown = _shown_columns(rule, [name for name, *_ in described], feeds)
    listed = ", ".join(f'"{c}"' for c in shown)
    cursor = database.connection.execute(f"select {listed} from ({failing}) limit {EXAMPLES}")
    rows = [
        {name: _plain(value) for name, value in zip(shown, row, strict=True)}
        for row in cursor.fetchall()
    ]
    return sorted(rows, key=lambda r: [str(v) for v in r.values()])


def _shown_columns(rule: Rule, available: Sequence[str], feeds: Mapping[str, Feed]) -> list[str]:
    """Key, what the rule speaks of, and the way back to the file; never personal data."""
    private = {c.name for f in feeds.values() for c in f.columns if c.pii}
    if rule.table == f"{LAKE_PREFIX}quarantine":
        private |= _PRIVATE_OF_THE_LAKE
    public = [c for c in available if c not in private]
    if rule.kind == FILES:
        return [c for c in public if c.islower() and c != "_batch_id"]
    if rule.kind != ROWS:
        return public
    named = set(re.findall(r"\w+", f"{rule.applies} {rule.passes}"))
    if feed := feeds.get(rule.table):
        named |= {*feed.key, "dealer_id", "brand_code", "_source_file", "_source_row"}
        return [c for c in public if c in named]
    if rule.table.startswith(LAKE_PREFIX):
        named |= {"feed", "source_file", "sender", "delivered_at", "status"}
        return [c for c in public if c in named]
    return [c for c in public if c in named or c in public[:_SHOWN_OF_A_MART]]


def _plain(value: Any) -> Any:
    """A value as JSON and a reader take it; amounts stay exact, as text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _remember(
    settings: Settings,
    gate: str,
    found: GateResult,
    validations: Mapping[str, ExpectationSuiteValidationResult],
    rules: Mapping[str, Rule],
) -> None:
    """Leave the results as JSON; those of tables not looked at this time stay, and those of rules
    about deliveries where nothing was delivered. A mart is always judged whole."""
    before = read_state(settings, gate)
    codes = {
        r.code
        for r in found.results
        if r.checked_rows or gate == MART_GATE or rules[r.code].scope != DELIVERED
    }
    kept = [r for r in before.get("results", []) if r["code"] in rules and r["code"] not in codes]
    before_rows = before.get("table_rows", {})
    kept_codes = {r["code"] for r in kept}
    still = {r["table"] for r in kept}
    results = kept + [asdict(r) for r in found.results if r.code not in kept_codes]
    write_state(
        settings,
        gate,
        {
            "gate": found.gate,
            "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(found.seconds, 3),
            "success": not any(not r["success"] and r["severity"] == CRITICAL for r in results),
            "table_rows": {
                name: rows for name, rows in before_rows.items() if name.partition(".")[0] in still
            }
            | {
                name: rows
                for name, rows in found.table_rows.items()
                if rows or name not in before_rows
            },
            "results": results,
            "validations": {
                name: validation
                for name, validation in before.get("validations", {}).items()
                if name.partition(".")[0] in still
            }
            | {
                name: v.to_json_dict()
                for name, v in validations.items()
                if found.table_rows[name] or name not in before_rows
            },
        },
    )
