"""The `partnerdw` command.

What belongs here: arguments, output, exit codes. Heavy imports stay inside the functions that a
command needs, so that `status` and `quarantine` answer at once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from orchestration.language import LANGUAGES
from orchestration.run import ExitCode
from orchestration.settings import NETWORK_ZONE, Settings, SettingsError, UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = _parser()
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stop:  # argparse exits with 2, which here means a gate
        return ExitCode.PUBLISHED if stop.code == 0 else ExitCode.WRONG_USAGE
    try:
        return arguments.command(arguments)
    except _expected_errors() as error:
        print(f"partnerdw: {error}", file=sys.stderr)
        return ExitCode.WRONG_USAGE if isinstance(error, UsageError) else ExitCode.FAILED


def _expected_errors() -> tuple[type[Exception], ...]:
    from orchestration.ingestion.contract import ContractError
    from orchestration.locking import WarehouseBusy

    return (UsageError, SettingsError, ContractError, WarehouseBusy, OSError)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="partnerdw",
        description="The partner warehouse: from delivered files to published marts.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="answer in JSON, for machines")
    folders = argparse.ArgumentParser(add_help=False)
    folders.add_argument("--extracts", type=Path, metavar="DIR", help="drop zone to load from")
    folders.add_argument("--warehouse", type=Path, metavar="DIR", help="folder of the warehouse")

    run = commands.add_parser(
        "run", parents=[common, folders], help="load, check, build, check and publish"
    )
    run.add_argument(
        "--full-refresh", action="store_true", help="rebuild every table from the lake"
    )
    run.add_argument(
        "--as-of",
        type=_instant,
        metavar="TIMESTAMP",
        help="take only what was delivered by then (ISO; without offset Europe/Berlin); "
        "use another --warehouse for it",
    )
    run.add_argument(
        "--select", metavar="ASSETS", help="only these assets, e.g. +mart_feed_quality"
    )
    run.set_defaults(command=_run)

    sample = commands.add_parser("sample", parents=[common], help="make sample extracts")
    sample.add_argument("target", type=Path, metavar="DIR")
    sample.add_argument("--dealers", type=_positive(int), metavar="N", help="how many dealers")
    sample.add_argument("--months", type=_positive(int), metavar="N", help="how many months")
    sample.add_argument("--scale", type=_positive(float), metavar="X", help="multiplies volumes")
    sample.add_argument("--seed", type=int, metavar="S", help="same seed, same bytes")
    sample.add_argument("--start", type=_month, metavar="MONTH", help="first month, e.g. 2024-01")
    sample.set_defaults(command=_sample)

    status = commands.add_parser(
        "status", parents=[common, folders], help="what the warehouse holds, and what waits"
    )
    status.set_defaults(command=_status)

    quarantine = commands.add_parser(
        "quarantine", parents=[common, folders], help="rows and files that were not accepted"
    )
    quarantine.add_argument("--feed", metavar="F", help="of this feed only")
    quarantine.set_defaults(command=_quarantine)

    explain = commands.add_parser(
        "explain",
        parents=[common, folders],
        help="the chain behind an incentive statement, line or posting, down to the delivered row",
    )
    explain.add_argument(
        "id", nargs="?", metavar="ID", help="id, or its beginning; without one, statements"
    )
    explain.add_argument("--dealer", metavar="D", help="list the statements of this dealer only")
    explain.add_argument("--lang", choices=list(LANGUAGES), help="de or en")
    explain.add_argument("--all", action="store_true", help="all lines of a statement")
    explain.set_defaults(command=_explain)

    simulate = commands.add_parser(
        "simulate",
        parents=[common, folders],
        help="what other programmes, tiers, weights or targets would have paid",
    )
    simulate.add_argument(
        "--rules",
        type=Path,
        metavar="DIR",
        required=True,
        help="folder like a drop zone, with the feeds of the other rules",
    )
    simulate.set_defaults(command=_simulate)

    review = commands.add_parser(
        "review",
        parents=[common, folders],
        help="the weekly review of top partners, a page for each and week",
    )
    review.add_argument("--dealer", metavar="D", help="of this dealer only")
    review.add_argument("--week", metavar="WEEK", help="such as 2025-W07; the newest by default")
    review.set_defaults(command=_review)

    lineage = commands.add_parser(
        "lineage",
        parents=[common, folders],
        help="where a column comes from, down to the delivered feeds",
    )
    lineage.add_argument("column", metavar="TABLE.COLUMN")
    lineage.set_defaults(command=_lineage)

    export = commands.add_parser(
        "export",
        parents=[common, folders],
        help="a published table as a file for a spreadsheet (.csv, .xlsx)",
    )
    export.add_argument("table", metavar="TABLE")
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--dealer", metavar="D", help="rows of this dealer only")
    export.set_defaults(command=_export)

    forget = commands.add_parser(
        "forget",
        parents=[common, folders],
        help="overwrite what the lake holds of a person",
    )
    forget.add_argument(
        "--person", metavar="NAME", required=True, help="e-mail address or person id"
    )
    forget.set_defaults(command=_forget)
    return parser


def _instant(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no ISO timestamp such as 2025-02-03T06:15:00+01:00"
        ) from None
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(NETWORK_ZONE))


def _month(text: str) -> date:
    try:
        return datetime.strptime(text[:7], "%Y-%m").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2024-01") from None


def _positive(kind: Callable[[str], int | float]) -> Callable[[str], int | float]:
    def convert(text: str) -> int | float:
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not 0 < value < 1e9:
            raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
        return value

    return convert


def _settings(arguments: argparse.Namespace, **more: object) -> Settings:
    return Settings.from_env(extracts=arguments.extracts, warehouse=arguments.warehouse, **more)


def _run(arguments: argparse.Namespace) -> int:
    from orchestration.render import Progress, print_run
    from orchestration.run import run_warehouse
    from orchestration.summary import summarize

    settings = _settings(
        arguments, as_of=arguments.as_of, full_refresh=arguments.full_refresh or None
    )
    if not settings.extracts.is_dir():
        raise UsageError(
            f"the drop zone {settings.extracts} does not exist: make it, give --extracts, or make "
            "sample extracts with `partnerdw sample DIR`"
        )
    started = time.monotonic()
    with Progress(quiet=arguments.json) as progress:
        outcome = run_warehouse(settings, arguments.select, progress)
    seconds = time.monotonic() - started
    if outcome.exit_code == ExitCode.WRONG_USAGE:
        raise UsageError("; ".join(outcome.problems))
    summary = summarize(settings, last_load_only=outcome.changed)
    if arguments.json:
        verdict = {
            "exit_code": int(outcome.exit_code),
            "changed": outcome.changed,
            "problems": outcome.problems,
            "seconds": round(seconds, 1),
        }
        print(json.dumps(verdict | summary, indent=1, default=str, ensure_ascii=False))
    else:
        print_run(outcome, summary, seconds)
    return outcome.exit_code


def _sample(arguments: argparse.Namespace) -> int:
    from orchestration.render import Progress, print_sample
    from orchestration.sample import generate

    options = {
        name: value
        for name in ("dealers", "months", "scale", "seed", "start")
        if (value := getattr(arguments, name)) is not None
    }
    if arguments.target.is_dir() and any(arguments.target.iterdir()):
        raise UsageError(f"{arguments.target} is not empty: give a new or an empty folder")
    with Progress(quiet=arguments.json) as progress:
        report = generate(arguments.target, on_progress=progress, **options)
    if arguments.json:
        print(json.dumps(report.as_dict(), indent=1, default=str))
    else:
        print_sample(report.as_dict())
    return ExitCode.PUBLISHED


def _review(arguments: argparse.Namespace) -> int:
    from orchestration.review import write_pages

    pages = write_pages(_settings(arguments), arguments.dealer, arguments.week)
    if arguments.json:
        print(json.dumps([str(path) for path in pages], indent=1))
    else:
        print(*pages or ["No partner is a top partner in the newest week."], sep="\n")
    return ExitCode.PUBLISHED


def _lineage(arguments: argparse.Namespace) -> int:
    from orchestration.catalog.graph import load_graph
    from orchestration.catalog.trace import as_dict, as_text, trace

    way = trace(load_graph(_settings(arguments)), arguments.column)
    if arguments.json:
        print(json.dumps(as_dict(way), indent=1, ensure_ascii=False))
    else:
        print(as_text(way))
    return ExitCode.PUBLISHED


def _export(arguments: argparse.Namespace) -> int:
    from orchestration.serving.export import export_table

    rows = export_table(_settings(arguments), arguments.table, arguments.file, arguments.dealer)
    if arguments.json:
        print(json.dumps({"file": str(arguments.file), "rows": rows}))
    else:
        print(f"{rows:,} rows of {arguments.table} in {arguments.file}")
    return ExitCode.PUBLISHED


def _forget(arguments: argparse.Namespace) -> int:
    from orchestration.ingestion.forget import forget_person
    from orchestration.render import print_forgotten

    forgotten = forget_person(_settings(arguments), arguments.person)
    if arguments.json:
        print(json.dumps(asdict(forgotten), indent=1, default=str, ensure_ascii=False))
    else:
        print_forgotten(forgotten)
    return ExitCode.PUBLISHED


def _status(arguments: argparse.Namespace) -> int:
    from orchestration.render import print_status
    from orchestration.summary import summarize

    summary = summarize(_settings(arguments))
    if arguments.json:
        print(json.dumps(summary, indent=1, default=str, ensure_ascii=False))
    else:
        print_status(summary)
    return ExitCode.PUBLISHED


def _quarantine(arguments: argparse.Namespace) -> int:
    from orchestration.ingestion.contract import load_contracts
    from orchestration.ingestion.quarantine import read_quarantine
    from orchestration.render import print_quarantine

    feeds = load_contracts()
    if arguments.feed is not None and arguments.feed not in feeds:
        raise UsageError(f"no feed {arguments.feed!r}; there are {', '.join(feeds)}")
    rows = read_quarantine(_settings(arguments), arguments.feed)
    if arguments.json:
        print(json.dumps(rows, indent=1, default=str, ensure_ascii=False))
    else:
        print_quarantine(rows)
    return ExitCode.PUBLISHED


def _explain(arguments: argparse.Namespace) -> int:
    from orchestration.explain import chain
    from orchestration.explain.words import in_words
    from orchestration.language import Language, preferred
    from orchestration.render import print_lines, print_statements

    settings = _settings(arguments)
    say = Language(preferred(arguments.lang, os.environ.get("LANG")))
    if arguments.id is None:
        statements = chain.list_statements(chain.open_incentives(settings), arguments.dealer)
        if arguments.json:
            print(json.dumps(statements, indent=1, default=str, ensure_ascii=False))
        else:
            print_statements(statements, say)
        return ExitCode.PUBLISHED
    explained = chain.explain(settings, arguments.id)
    if arguments.json:
        print(json.dumps(explained.as_dict(), indent=1, default=str, ensure_ascii=False))
    else:
        print_lines(in_words(explained, say, arguments.all))
    return ExitCode.PUBLISHED


def _simulate(arguments: argparse.Namespace) -> int:
    from orchestration.render import Progress, print_simulation
    from orchestration.simulate import simulate

    with Progress(quiet=arguments.json) as progress:
        simulation = simulate(_settings(arguments), arguments.rules, progress)
    if arguments.json:
        print(json.dumps(simulation.as_dict(), indent=1, default=str, ensure_ascii=False))
    else:
        print_simulation(simulation)
    return ExitCode.PUBLISHED


if __name__ == "__main__":
    sys.exit(main())
