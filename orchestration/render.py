"""What the `partnerdw` command shows people: progress and compact tables."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.run import ExitCode, Outcome

if TYPE_CHECKING:
    from orchestration.ingestion.forget import Forgotten
    from orchestration.language import Language
    from orchestration.simulate import Simulation

_SHOWN_ROWS = 40
"""Rows of quarantine shown to a person; `--json` has them all."""
_SHOWN_OF_ID = 12
"""Characters of an id that tell it from all others for people."""


class Progress:
    """Tells on standard error what is going on: one moving line on a terminal, else a line a
    stage."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._status = self._console.status("") if sys.stderr.isatty() else None
        self._started = time.monotonic()
        self._stage = ""

    def __enter__(self) -> Progress:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def __call__(self, text: str) -> None:
        seconds = time.monotonic() - self._started
        if self._status:
            self._status.update(f"{seconds:5.1f} s  {escape(text)}")
        elif (stage := text.split(" ")[0]) != self._stage:
            self._stage = stage
            self._console.print(f"{seconds:5.1f} s  {escape(text)}", highlight=False)


def print_forgotten(forgotten: Forgotten) -> None:
    """What was overwritten, and what people have to do themselves."""
    console = Console()
    if not forgotten.files:
        console.print("The lake holds nothing of this person.")
        return
    rows = ", ".join(f"{count:,} in {escape(name)}" for name, count in forgotten.rows.items())
    console.print(f"Overwritten: {rows}; {len(forgotten.files):,} files of the lake.")
    console.print("The next `partnerdw run` builds every table without the person.")
    console.print("What later deliveries hold of the person is overwritten as it is loaded.")
    console.print("These delivered files still hold it; delete or correct them in the drop zone:")
    for name in forgotten.delivered:
        console.print(f"  {escape(name)}", highlight=False)


def print_run(outcome: Outcome, summary: dict[str, Any], seconds: float) -> None:
    """The end of a run: loaded, quarantined, checked, published, where to look."""
    console = Console()
    if not outcome.changed:
        console.print(f"Nothing changed: no new file in {escape(summary['extracts'])}.")
    elif summary["feeds"]:
        console.print(_feeds(summary["feeds"], "Loaded"))
    _print_drop_zone(console, summary)
    _print_closes(console, summary)
    _print_gates(console, summary)
    published = summary["publication"]
    match outcome.exit_code:
        case ExitCode.PUBLISHED if published:
            rows = sum(published["marts"].values())
            console.print(
                f"[green]Published[/] {len(published['marts'])} tables, {rows:,} rows, "
                f"in {seconds:.1f} s"
            )
        case ExitCode.PUBLISHED:
            console.print(f"Done in {seconds:.1f} s; nothing was published yet")
        case ExitCode.GATE_STOPPED:
            console.print("[red]A gate stopped the run. Nothing was published[/]", end="")
            console.print("; the last published version stays." if published else ".")
        case _:
            console.print("[red]The run failed. Nothing was published.[/]")
    for problem in outcome.problems:
        console.print(f"  {escape(problem)}", highlight=False, soft_wrap=True)
    _print_where_to_look(console, summary)


def print_status(summary: dict[str, Any]) -> None:
    """What the warehouse holds, and what waits in the drop zone."""
    console = Console()
    if summary["feeds"]:
        console.print(_feeds(summary["feeds"], "Loaded so far"))
    else:
        console.print(f"Nothing loaded yet into {escape(summary['warehouse'])}.")
    console.print(f"{len(summary['pending_files'])} files wait in {escape(summary['extracts'])}")
    _print_drop_zone(console, summary)
    _print_closes(console, summary)
    _print_gates(console, summary)
    if published := summary["publication"]:
        console.print(
            f"Published {published['published_at']} (UTC), as of {published['as_of']}, "
            f"code {published['code_version']}",
            highlight=False,
        )
    _print_where_to_look(console, summary)


def print_quarantine(rows: list[dict[str, Any]]) -> None:
    """Rows and files that were not accepted, newest first."""
    console = Console()
    if not rows:
        console.print("Nothing in quarantine.")
        return
    for row in rows[:_SHOWN_ROWS]:
        place = f"{row['feed']}/{row['file']}"
        if row["row_number"] is not None:
            place += f" row {row['row_number']}"
        what = row["reason_code"]
        if row["column"]:
            what += f" {row['column']}"
        if row["value"]:
            what += f": {row['value']}"
        console.print(escape(f"{place}  {what}"), highlight=False, soft_wrap=True)
    if len(rows) > _SHOWN_ROWS:
        console.print(f"... and {len(rows) - _SHOWN_ROWS} more; --json or --feed shows them")


def print_sample(report: dict[str, Any]) -> None:
    """What was generated."""
    console = Console()
    table = Table(title=f"Sample extracts in {report['target']}", title_justify="left", box=None)
    table.add_column("feed")
    table.add_column("files", justify="right")
    table.add_column("rows", justify="right")
    for feed, counts in report["feeds"].items():
        table.add_row(feed, f"{counts['files']:,}", f"{counts['rows']:,}")
    console.print(table)


def print_lines(lines: Iterable[str]) -> None:
    """Text as it is, however wide the terminal."""
    console = Console()
    for line in lines:
        console.print(escape(line), highlight=False, soft_wrap=True)


def print_statements(statements: list[dict[str, Any]], say: Language) -> None:
    """Incentive statements to choose from; ids are never cut."""
    console = Console()
    table = Table(title=say("explain_list"), title_justify="left", box=None)
    table.add_column(say("explain_column_id"), no_wrap=True, min_width=_SHOWN_OF_ID)
    for header in (say("dealer"), say("explain_column_program"), say("explain_column_from")):
        table.add_column(header, overflow="fold")
    for header in (say("explain_column_entitlement"), say("explain_column_posted")):
        table.add_column(header, justify="right", no_wrap=True)
    for row in statements:
        table.add_row(
            row["statement_id"][:_SHOWN_OF_ID],
            row["dealer_id"],
            row["program_id"],
            say.day(row["period_start"]),
            say.euro(row["entitlement_eur"]),
            say.euro(row["posted_eur"]),
        )
    console.print(table)


def print_simulation(simulation: Simulation) -> None:
    """Old against new, by dealer and programme and in all."""
    console = Console()
    for row in simulation.refused:
        console.print(
            f"[yellow]not calculated[/] {escape(row['program_id'])} "
            f"version {row['program_version']}: {row['refusal_reason']}",
            highlight=False,
        )
    table = Table(title="What other rules would have paid, in euro", title_justify="left", box=None)
    for column in ("dealer", "brand", "programme"):
        table.add_column(column)
    for column in ("old", "new", "difference"):
        table.add_column(column, justify="right")
    rows = simulation.as_dict()
    for row in rows["by_dealer"]:
        _add_amounts(table, row["dealer_id"], row["brand_code"], row["program_id"], amounts=row)
    table.add_section()
    _add_amounts(table, "all", "", "", amounts=rows["total"])
    console.print(table)
    console.print("Nothing was posted or published.")


def _add_amounts(table: Table, *names: str, amounts: dict[str, Any]) -> None:
    old, new = amounts["old_eur"], amounts["new_eur"]
    table.add_row(*names, f"{old:,.2f}", f"{new:,.2f}", f"{new - old:+,.2f}")


def _feeds(feeds: list[dict[str, Any]], title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None)
    table.add_column("feed")
    for header in ("files", "rejected", "rows", "accepted", "quarantined"):
        table.add_column(header, justify="right")
    columns = ("files", "rejected_files", "delivered_rows", "accepted_rows", "quarantined_rows")
    for row in feeds:
        table.add_row(row["feed"], *(f"{row[c]:,}" for c in columns))
    if len(feeds) > 1:
        table.add_section()
        table.add_row("all", *(f"{sum(r[c] for r in feeds):,}" for c in columns))
    return table


def _print_drop_zone(console: Console, summary: dict[str, Any]) -> None:
    for rejected in summary["rejected_files"]:
        console.print(
            f"[red]rejected[/] {escape(rejected['feed'])}/{escape(rejected['file'])}: "
            f"{rejected['reason_code']}: {escape(rejected['message'])}",
            highlight=False,
            soft_wrap=True,
        )
    if summary["warnings"]:
        console.print(f"{len(summary['warnings'])} files with warnings (status --json lists them)")
    for left in summary["left_files"]:
        console.print(f"[yellow]left[/] {escape(left)}", highlight=False, soft_wrap=True)
    for folder in summary["unknown_folders"]:
        console.print(f"[yellow]unknown folder[/] {escape(folder)}: no feed of that name")
    for stray in summary["stray_files"]:
        console.print(f"[yellow]not a delivery[/] {escape(stray)}", soft_wrap=True)


def _print_closes(console: Console, summary: dict[str, Any]) -> None:
    if months := summary["closes_posted"]:
        console.print(f"closes posted: {len(months)}, the last {months[-1]}", highlight=False)


def _print_gates(console: Console, summary: dict[str, Any]) -> None:
    for name, gate in summary["gates"].items():
        if gate is None:
            continue
        critical, warned = len(gate["critical_failures"]), gate["warnings"]
        console.print(
            f"{name.replace('_', ' ')}: {gate['rules']} rules, {critical} critical failures, "
            f"{len(warned)} warnings",
            highlight=False,
        )
        for w in warned:
            console.print(
                f"  warning {w['code']} on {w['table']}: "
                f"{w['failed_rows']:,} of {w['checked_rows']:,} rows",
                highlight=False,
            )


def _print_where_to_look(console: Console, summary: dict[str, Any]) -> None:
    console.print("Where to look:")
    if summary["publication"]:
        serving = Path(summary["serving_file"])
        for name, path, text in (
            ("marts", serving, ""),
            ("dealers", serving.parent / "dealers", ": a file and a page for each"),
            ("reviews", serving.parent / "reviews", ": the newest week of each top partner"),
        ):
            console.print(f"  {name:<12}{escape(str(path))}{text}", highlight=False, soft_wrap=True)
    console.print("  quarantine  partnerdw quarantine", highlight=False)
    if line := (summary["publication"] or {}).get("example_line"):
        console.print(f"  a bonus     partnerdw explain {line[:12]}", highlight=False)
    console.print(
        "  lineage     partnerdw lineage mart_partner_scorecard.score, make docs, make dev",
        highlight=False,
        soft_wrap=True,
    )
