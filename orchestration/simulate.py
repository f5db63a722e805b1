"""What other rules would have paid: the incentive calculation on the same facts.

    simulation = simulate(settings, Path("rules"))

`rules` is a folder like a drop zone with files of `RULE_FEEDS`; a feed delivered there stands for
all that was delivered of it. Nothing is posted or published.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.computed.writing import open_warehouse
from orchestration.ingestion import lake
from orchestration.ingestion.load import load_deliveries
from orchestration.ingestion.quarantine import read_quarantine
from orchestration.ledger.entitlements import Sources, entitle, frame
from orchestration.ledger.known import KnownModels, known_models
from orchestration.locking import warehouse_lock
from orchestration.settings import Settings, UsageError

RULE_FEEDS = (
    "oem__incentive_programs",
    "oem__incentive_tiers",
    "oem__kpi_weights",
    "oem__sales_targets",
)
"""Feeds that a simulation may replace."""


class SimulationError(UsageError):
    """Rules that cannot be simulated; the message names file, row, column, value and remedy."""


@dataclass(frozen=True)
class Simulation:
    """Entitlements under the rules that hold and under the others.

    `by_dealer`: dealer_id, brand_code, program_id, old_cents, new_cents (int64), over all periods;
    `refused`: programme versions of the other rules that are not calculated, with the reason.
    """

    by_dealer: pd.DataFrame
    refused: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it; amounts in euro."""
        euro = {"old_cents": "old_eur", "new_cents": "new_eur"}
        rows = self.by_dealer.rename(columns=euro).to_dict("records")
        for row in rows:
            row |= {name: _euro(row[name]) for name in euro.values()}
        totals = {euro[name]: _euro(cents) for name, cents in self.totals().items()}
        return {"total": totals, "by_dealer": rows, "refused": self.refused}

    def totals(self) -> dict[str, int]:
        """Cents in all: old, new."""
        return {
            "old_cents": int(self.by_dealer["old_cents"].sum()),
            "new_cents": int(self.by_dealer["new_cents"].sum()),
        }


def simulate(
    settings: Settings, rules: Path, on_progress: Callable[[str], None] | None = None
) -> Simulation:
    """Reckon every period with the rules in the folder, and with those that hold.

    Raises:
        SimulationError: the folder has no rules, some row or file of it is not accepted, or the
            warehouse was never built.
    """
    if not settings.database.is_file():
        raise SimulationError(
            f"nothing is built in {settings.warehouse}: run `partnerdw run` first"
        )
    tell = on_progress or (lambda _: None)
    settings.tmp.mkdir(parents=True, exist_ok=True)
    with (
        warehouse_lock(settings),
        tempfile.TemporaryDirectory(prefix="simulate-", dir=settings.tmp) as folder,
    ):
        tell("reading the rules")
        instead = _load_rules(settings, rules, Path(folder))
        tell("reckoning with the rules that hold")
        with closing(open_warehouse(settings)) as connection:
            old = entitle(connection, Sources())
        tell("reckoning with the other rules")
        with known_models(settings, instead) as models:
            models.build_without_closes()
            new = _reckon(models)
            refused = frame(
                models.connection,
                "select program_id, program_version, refusal_reason "
                "from warehouse.intermediate.int_incentives__judge_programs "
                "where refusal_reason is not null order by all",
            ).to_dict("records")
    return Simulation(_compare(old, new), refused)


def _euro(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _reckon(models: KnownModels) -> pd.DataFrame:
    try:
        return entitle(models.connection, Sources())
    except ValueError as error:  # terms that no money can be reckoned with
        raise SimulationError(f"the rules cannot be reckoned with: {error}") from error


_KEY = ["dealer_id", "brand_code", "program_id"]


def _compare(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    sums = [
        rows.astype({"entitlement_cents": "Int64"})
        .groupby(_KEY, as_index=False)["entitlement_cents"]
        .sum()
        .rename(columns={"entitlement_cents": name})
        for rows, name in ((old, "old_cents"), (new, "new_cents"))
    ]
    both = sums[0].merge(sums[1], how="outer", on=_KEY).sort_values(_KEY, ignore_index=True)
    for name in ("old_cents", "new_cents"):
        both[name] = both[name].fillna(0).astype("int64")
    return both


def _load_rules(settings: Settings, rules: Path, folder: Path) -> dict[str, list[Path]]:
    """The rules as files of a raw lake of their own in `folder`, by feed."""
    own = replace(settings, extracts=rules, warehouse=folder, as_of=None)
    if not rules.is_dir():
        raise SimulationError(f"the folder of rules {rules} does not exist")
    report = load_deliveries(own, feeds=RULE_FEEDS)
    if not report.deliveries:
        raise SimulationError(
            f"{rules} has no rules: put files into folders named {', '.join(RULE_FEEDS)}"
        )
    if bad := read_quarantine(own):
        first = bad[0]
        raise SimulationError(
            f"{len(bad)} rows or files of the rules are not accepted, the first: "
            f"{first['feed']}/{first['file']}, row {first['row_number']}, "
            f"column {first['column']}, value {first['value']!r}: {first['reason_code']}; "
            "correct it and simulate again"
        )
    return {
        feed: [lake.raw_path(own, d.feed, d.batch_id) for d in report.deliveries if d.feed == feed]
        for feed in sorted({d.feed for d in report.deliveries})
    }
