"""`make bench`: what a run costs, as ratios to a straight-line script for the same marts.

For each size, sample extracts with about so many vehicle events (the other feeds in proportion)
are loaded and published: everything but the newest month, then that month, then nothing new (see
`whole_runs`). `straight_line` is the yardstick, `loading` compares the loading of one file alone,
`incentives` the deciding of ten million units, `investments` that of 2.4 million months,
`routing` that of ten million cases, `quality` the measuring of every rule of ten million vehicle
events for each dealer, `arrival` the way of one file to the dealers' view, `postgres` the
publishing of a million rows to PostgreSQL.
The aims are judged on the largest size; they are aims, not tests: what misses one is printed, and
the exit code stays 0. A run that fails ends the benchmark.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT_ROOT
from tests.benchmarks.postgres import LIMIT as POSTGRES_LIMIT
from tests.benchmarks.quality import LIMIT
from tests.benchmarks.whole_runs import BenchmarkError, measure, measure_size

START_SECONDS = 20
"""Fixed cost of starting the tools, which no script has."""
ARRIVAL_SECONDS = 20
"""Within which a file that arrives should be in the dealers' view, on the sample."""
GIB = 1024**3
_CHECKS = ("feed_gate", "dbt_tests", "mart_gate")


@dataclass(frozen=True)
class Aim:
    """A figure beside what it should be at most."""

    name: str
    figure: float
    limit: float | None = None

    def __str__(self) -> str:
        if self.limit is None:
            return f"{self.name:<58}{self.figure:>9.3f}"
        verdict = "met" if self.figure <= self.limit else "MISSED"
        return f"{self.name:<58}{self.figure:>9.3f}  aim {self.limit:g}: {verdict}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument(
        "--json", type=Path, metavar="FILE", default=PROJECT_ROOT / "var" / "bench" / "bench.json"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the extracts here, and take them from here"
    )
    arguments = parser.parse_args()
    file = arguments.json.absolute()
    work = file.parent / "work"
    kept = arguments.keep.absolute() if arguments.keep else work
    kept.mkdir(parents=True, exist_ok=True)
    try:
        report = {
            "machine": {"processor": platform.machine(), "cores": os.cpu_count()},
            "loading": json.loads(measure("-m", "tests.benchmarks.loading").output),
            "incentives": json.loads(measure("-m", "tests.benchmarks.incentives").output),
            "investments": json.loads(measure("-m", "tests.benchmarks.investments").output),
            "routing": json.loads(measure("-m", "tests.benchmarks.routing").output),
            "quality": json.loads(measure("-m", "tests.benchmarks.quality").output),
            "arrival": json.loads(measure("-m", "tests.benchmarks.arrival").output),
            "postgres": json.loads(measure("-m", "tests.benchmarks.postgres").output),
            "sizes": [
                measure_size(events, work / f"run_{events}", kept / f"events_{events}")
                for events in sorted(arguments.events)
            ],
        }
    except BenchmarkError as error:
        raise SystemExit(f"bench: {error}") from error
    shutil.rmtree(work, ignore_errors=True)
    aims = judge(report["sizes"])
    report["aims"] = [asdict(aim) for aim in aims]
    for size in report["sizes"]:
        print(table(size), end="\n\n")
    for line, part in (
        (loading_line, "loading"),
        (incentives_line, "incentives"),
        (investments_line, "investments"),
        (routing_line, "routing"),
        (quality_line, "quality"),
        (arrival_line, "arrival"),
        (postgres_line, "postgres"),
    ):
        print(line(report[part]))
    print(*aims, sep="\n")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=1), encoding="utf-8")
    print(f"raw figures: {file}")


def judge(sizes: list[dict[str, Any]]) -> list[Aim]:
    """The figures that the aims speak of, for the largest size; growth from the smallest to it."""
    smallest, largest = sizes[0], sizes[-1]
    full, script = largest["full"], largest["straight_line"]["wall_seconds"]
    checks = sum(full["phases"][name] for name in _CHECKS)
    steps = ("full", "one_more_month", "nothing_new")
    peak = max(size[step]["peak_bytes"] for size in sizes for step in steps)
    aims = [
        Aim("full run / straight line", full["wall_seconds"] / script),
        Aim(
            f"(full run - {START_SECONDS} s) / straight line",
            (full["wall_seconds"] - START_SECONDS) / script,
            2,
        ),
        Aim("the same in CPU time", (full["cpu_seconds"] - START_SECONDS) / _cpu(largest)),
        Aim(
            "one more month / full run",
            largest["one_more_month"]["wall_seconds"] / full["wall_seconds"],
            0.1,
        ),
        Aim("nothing new, seconds", largest["nothing_new"]["wall_seconds"], 15),
        Aim("peak memory, GiB", peak / GIB, 8),
        Aim("gates and dbt tests / full run", checks / full["wall_seconds"], 0.3),
    ]
    if smallest is not largest:
        growth = _per_row(largest) / _per_row(smallest)
        aims.append(Aim("time per row, largest size / smallest", growth, 1))
    return aims


def _cpu(size: dict[str, Any]) -> float:
    return size["straight_line"]["cpu_seconds"]


def _per_row(size: dict[str, Any]) -> float:
    return size["full"]["wall_seconds"] / size["delivered"]["full"]["rows"]


def table(size: dict[str, Any]) -> str:
    """The figures of one size, a line a run; of runs also where the time went."""
    lines = [f"{size['events']:,} vehicle events, {size['delivered']['full']['rows']:,} rows"]
    lines.append(f"{'':<18}{'wall s':>9}{'CPU s':>9}{'GiB':>7}  of which")
    for step in ("straight_line", "full", "one_more_month", "nothing_new"):
        cost = size[step]
        parts = ", ".join(
            f"{name.replace('_', ' ')} {seconds:.1f} ({seconds / cost['wall_seconds']:.0%})"
            for name, seconds in cost.get("phases", {}).items()
        )
        lines.append(
            f"{step.replace('_', ' '):<18}{cost['wall_seconds']:>9.1f}{cost['cpu_seconds']:>9.1f}"
            f"{cost['peak_bytes'] / GIB:>7.2f}  {parts}"
        )
    month = size["delivered"]["one_more_month"]
    share = month["rows"] / size["delivered"]["full"]["rows"]
    lines.append(
        f"the month more ({size['newest_month']}): {month['files']:,} files, {month['rows']:,} "
        f"rows, {share:.1%} of what was there"
    )
    return "\n".join(lines)


def loading_line(loading: dict[str, Any]) -> str:
    return (
        f"loading a file of {loading['rows']:,} rows takes {loading['wall_ratio']} times the wall "
        f"and {loading['cpu_ratio']} times the CPU time of a statement that reads and writes it"
    )


def incentives_line(decided: dict[str, Any]) -> str:
    return (
        f"deciding {decided['units']:,} units of {decided['dealers']:,} dealers x "
        f"{decided['programs']} programmes takes {decided['wall_ratio']} times the wall "
        f"and {decided['cpu_ratio']} times the CPU time of a statement that sorts and writes them, "
        f"with {decided['peak_bytes'] / GIB:.1f} GiB at most"
    )


def investments_line(decided: dict[str, Any]) -> str:
    return (
        f"refinancing {decided['investments']:,} investments over {decided['months']} months "
        f"takes {decided['wall_ratio']} times the wall and {decided['cpu_ratio']} times the CPU "
        f"time of a statement that sorts and writes the months, with "
        f"{decided['peak_bytes'] / GIB:.1f} GiB at most"
    )


def routing_line(routed: dict[str, Any]) -> str:
    within = "within" if routed["is_within_two_minutes"] else "NOT within"
    return (
        f"routing {routed['cases']:,} cases by {routed['rules']:,} rules takes "
        f"{routed['wall_ratio']} times the wall and {routed['cpu_ratio']} times the CPU time of a "
        f"statement that sorts and writes them, {within} two minutes, with "
        f"{routed['peak_bytes'] / GIB:.1f} GiB at most"
    )


def quality_line(compared: dict[str, Any]) -> str:
    return (
        f"measuring {compared['rules']} rules of {compared['rows']:,} vehicle events for each "
        f"dealer takes {compared['wall_ratio']} times the wall and {compared['cpu_ratio']} times "
        f"the CPU time of one scan that counts as many conditions, with "
        f"{compared['peak_bytes'] / GIB:.1f} GiB at most\n"
        f"{Aim('rules for each dealer / plain count, CPU time', compared['cpu_ratio'], LIMIT)}"
    )


def arrival_line(arrival: dict[str, Any]) -> str:
    seconds = arrival["arrival"]["wall_seconds"]
    return (
        f"a file is in the dealers' published view {seconds:.0f} s after its arrival (aim "
        f"{ARRIVAL_SECONDS}), {arrival['wall_ratio']:.0%} of the time of a run of everything"
    )


def postgres_line(published: dict[str, Any]) -> str:
    if "missing" in published:
        return f"publishing to PostgreSQL is not measured: {published['missing']}"
    ratio = published["wall_ratio"]
    return (
        f"publishing {published['rows']:,} rows to PostgreSQL takes {ratio} times the wall time of "
        f"a plain COPY of them as a CSV file\n"
        f"{Aim('publication to PostgreSQL / plain COPY', ratio, POSTGRES_LIMIT)}"
    )


if __name__ == "__main__":
    main()
