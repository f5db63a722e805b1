"""What whole runs cost: `partnerdw run` on sample extracts, each run in a process of its own.

The newest month of deliveries is held back from the first run and delivered for the second; the
third finds nothing new. The straight-line script reads what the first run read.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

from orchestration.ingestion.lake import read_deliveries
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.state import PUBLICATION, read_state

EVENTS_AT_SCALE_1 = 131_000
"""Vehicle events of a sample with its default dealers and months."""
_LOOK_SECONDS = 0.1
"""How often memory is looked at."""
_STAGE = re.compile(r"\s*[\d.]+ s  (.+)")
_MONTH = re.compile(r"_(\d{6})\d{2}[T.]")


class BenchmarkError(RuntimeError):
    """A command that was to be measured failed; the message holds what it said."""


@dataclass(frozen=True)
class Cost:
    """What a process and its children cost. `peak_bytes` is the largest resident size of them all
    together; `stages` are the instants (UTC) and texts of the progress that a run reports."""

    began_at: datetime
    ended_at: datetime
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str = field(repr=False)
    stages: tuple[tuple[datetime, str], ...] = ()

    def figures(self) -> dict[str, float]:
        return {
            "wall_seconds": round(self.wall_seconds, 2),
            "cpu_seconds": round(self.cpu_seconds, 2),
            "peak_bytes": self.peak_bytes,
        }


def measure_size(
    events: int, folder: Path, extracts: Path, tell: Callable[[str], None] = print
) -> dict[str, Any]:
    """All figures of one size; `extracts` are made unless they are there, `folder` is emptied.

    Raises:
        BenchmarkError: a run or the script failed.
    """
    if not extracts.is_dir():
        tell(f"making extracts with about {events:,} vehicle events")
        unfinished = extracts.with_name(f"{extracts.name}.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        scale = str(round(events / EVENTS_AT_SCALE_1, 3))
        measure("-m", "orchestration.cli", "sample", str(unfinished), "--scale", scale)
        unfinished.rename(extracts)
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings.from_env({}, extracts=folder / "extracts", warehouse=folder / "warehouse")
    run = (
        *("-m", "orchestration.cli", "run", "--extracts", str(settings.extracts)),
        *("--warehouse", str(settings.warehouse)),
    )
    files = sorted(path for path in extracts.glob("*/*") if path.is_file())
    newest = max(map(_month, files))
    early = [path for path in files if _month(path) < newest]
    late = [path for path in files if _month(path) == newest]

    _deliver(early, settings.extracts)
    tell(f"straight-line script, {len(early):,} files")
    straight_line = measure(
        *("-m", "tests.benchmarks.straight_line", str(settings.extracts), str(folder / "script"))
    )
    tell("full run")
    full = measure(*run)
    found = {
        "straight_line": straight_line.figures() | {"phases": json.loads(straight_line.output)},
        "full": full.figures() | {"phases": _phases(full, settings)},
    }
    rows = {"full": _rows(settings)}
    _deliver(late, settings.extracts)
    tell(f"one more month, {len(late):,} files")
    month = measure(*run)
    found["one_more_month"] = month.figures() | {"phases": _phases(month, settings)}
    rows["one_more_month"] = _rows(settings) - rows["full"]
    tell("nothing new")
    found["nothing_new"] = measure(*run).figures()
    shutil.rmtree(folder)
    return {
        "events": rows["full"]["dealer__vehicle_events"],
        "newest_month": newest,
        "delivered": {
            step: {
                "files": len(paths),
                "bytes": sum(path.stat().st_size for path in paths),
                "rows": rows[step].total(),
                "rows_by_feed": dict(rows[step]),
            }
            for step, paths in (("full", early), ("one_more_month", late))
        },
        **found,
    }


def measure(*arguments: str) -> Cost:
    """Run Python with these arguments in a process of its own, from start to end.

    Its peak cannot be told apart from that of this process before it, so this one stays small.

    Raises:
        BenchmarkError: it exits with another code than 0.
    """
    began_at, began = datetime.now(UTC), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=PROJECT_ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("PARTNERDW_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    memory = _Memory(process.pid)
    said: list[str] = []
    stages: list[tuple[datetime, str]] = []

    def listen() -> None:
        for line in process.stderr:
            said.append(line)
            if stage := _STAGE.match(line):
                stages.append((datetime.now(UTC), stage[1].strip()))

    listener = threading.Thread(target=listen)
    listener.start()
    output = process.stdout.read()
    listener.join()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = memory.stop()
    if process.returncode:
        command = " ".join(["python", *arguments])
        raise BenchmarkError(
            f"`{command}` ended with exit code {process.returncode}:\n{''.join(said)}{output}"
        )
    return Cost(
        began_at=began_at,
        ended_at=datetime.now(UTC),
        wall_seconds=wall,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=max(peak, usage.ru_maxrss * 1024),
        output=output,
        stages=tuple(stages),
    )


class _Memory:
    """Looks at the resident size of a process and its children, in a thread, until stopped."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._peak = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> int:
        """The largest size seen, in bytes."""
        self._stopped.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            try:
                family = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self._peak = max(self._peak, sum(map(_resident, family)))


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return 0


# -- files ------------------------------------------------------------------------------------


def _month(path: Path) -> str:
    """Month (YYYYMM) in which a file was delivered, as its name says."""
    return _MONTH.search(path.name)[1]


def _deliver(files: Iterable[Path], drop_zone: Path) -> None:
    """Put files into the drop zone, and read them once: whoever comes first finds them in memory
    like everyone after him."""
    for path in files:
        place = drop_zone / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.hardlink_to(path)
        except OSError:  # another file system
            shutil.copy2(path, place)
        place.read_bytes()


def _rows(settings: Settings) -> Counter[str]:
    """Rows delivered so far, by feed."""
    rows: Counter[str] = Counter()
    for delivery in read_deliveries(settings):
        rows[delivery.feed] += delivery.delivered_rows
    return rows


# -- where a run's time goes ------------------------------------------------------------------


def _phases(cost: Cost, settings: Settings) -> dict[str, float]:
    """Seconds of wall time of a run by what it did; they sum to the whole.

    Loads and gates say when they began or how long they took; dbt says it of every model and test.
    Where several of them run at once, each has its share of the time. `start` is the process until
    it loads, `rest` what lies between.
    """
    at = {text.split(" ")[0]: moment for moment, text in reversed(cost.stages)}
    loaded_at = _instant(read_state(settings, PUBLICATION)["loaded_at"])
    gates = {
        name: float(read_state(settings, f"{name}.json")["seconds"])
        for name in ("feed_gate", "mart_gate")
    }
    phases = {
        "start": _seconds(cost.began_at, loaded_at),
        "loading": _seconds(loaded_at, at["feed"]),
        "feed_gate": gates["feed_gate"],
        **_dbt_seconds(settings),
        "mart_gate": gates["mart_gate"],
        "publishing": _seconds(at["publishing"], cost.ended_at),
    }
    phases["rest"] = cost.wall_seconds - sum(phases.values())
    return {name: round(seconds, 2) for name, seconds in phases.items()}


def _dbt_seconds(settings: Settings) -> dict[str, float]:
    """Wall time of dbt's models (with seeds) and of its tests, from its own timings."""
    path = settings.state / "dbt" / "run_results.json"
    spans = []
    for result in json.loads(path.read_text(encoding="utf-8"))["results"]:
        kind = "dbt_tests" if result["unique_id"].startswith("test.") else "dbt_models"
        for timing in result["timing"]:
            if timing["name"] == "execute":
                began, ended = timing["started_at"], timing["completed_at"]
                spans.append((_instant(began), _instant(ended), kind))
    edges = sorted({moment for began, ended, _ in spans for moment in (began, ended)})
    seconds = {"dbt_models": 0.0, "dbt_tests": 0.0}
    for began, ended in pairwise(edges):
        kinds = [kind for a, b, kind in spans if a <= began and ended <= b]
        for kind in kinds:
            seconds[kind] += _seconds(began, ended) / len(kinds)
    return seconds


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds(began: datetime, ended: datetime) -> float:
    return (ended - began).total_seconds()
