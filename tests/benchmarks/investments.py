"""Refinancing many investments, against what DuckDB alone needs to sort and write the rows.

20,000 investments of 10,000 dealers over 120 months, of every policy, with a bonus in each month.
Both run in this process, in turn; `python -m tests.benchmarks.investments [INVESTMENTS]` prints the
comparison as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from orchestration.calculations.investments import END, SHORTFALL, SURPLUS
from orchestration.calculations.projection import simulate, status
from orchestration.calculations.refinancing import refinance
from orchestration.calculations.schedules import plan
from orchestration.duck import connect, quoted
from orchestration.settings import Settings
from tests.benchmarks.incentives import timed

INVESTMENTS, MONTHS = 20_000, 120


def compare_investments(count: int = INVESTMENTS, months: int = MONTHS) -> dict[str, Any]:
    """Wall and CPU seconds of both, their ratios, and the peak of this process (bytes)."""
    terms, bonuses, until = make_investments(count, months)
    made: dict[str, pd.DataFrame] = {}

    def decide() -> None:
        made["plan"] = plan(terms)
        made["ledger"] = refinance(terms, bonuses, until)
        made["status"] = status(made["ledger"], terms)
        made["simulation"] = simulate(made["ledger"], terms)

    decided = timed(decide)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    ledger = made["ledger"]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({}, extracts=Path(folder), warehouse=Path(folder))
        with closing(connect(settings)) as connection:
            connection.register("ledger", ledger)
            connection.execute("create table shuffled as from ledger order by hash(ledger)")
            written = quoted(Path(folder) / "plain.parquet")
            straight = timed(
                lambda: connection.execute(
                    "copy (from shuffled order by investment_id, period_no) "
                    f"to {written} (format parquet, compression zstd)"
                )
            )
    return {
        "investments": count,
        "months": months,
        "plan_rows": len(made["plan"]),
        "ledger_rows": len(ledger),
        "wall_ratio": round(decided[0] / straight[0], 2),
        "cpu_ratio": round(decided[1] / straight[1], 2),
        "peak_bytes": peak,
        "figures": {
            "decided": dict(zip(("wall_seconds", "cpu_seconds"), decided, strict=True)),
            "straight_line": dict(zip(("wall_seconds", "cpu_seconds"), straight, strict=True)),
        },
    }


def make_investments(count: int, months: int) -> tuple[pd.DataFrame, pd.DataFrame, date]:
    """Investments, two to a dealer, their bonuses, and the last closed month."""
    draw = np.random.default_rng(5)
    surplus = draw.choice(SURPLUS, count)
    dealers = np.array([f"D{n}" for n in range((count + 1) // 2)], object)
    # only where surplus is paid out may an investment bear interest
    rates = np.where(surplus == "PAY_OUT", Decimal("0.036"), Decimal(0))
    terms = pd.DataFrame(
        {
            "investment_id": [f"I{n}" for n in range(count)],
            "dealer_id": np.tile(dealers, 2)[:count],
            "brand_code": "AURA",
            "total_cost_eur": draw.integers(10**7, 10**8, count).astype(object) * Decimal("0.01"),
            "upfront_rate": Decimal("0.6"),
            "refinance_months": months,
            "annual_interest_rate": rates,
            "day_count": draw.choice(["30E/360", "ACT/365"], count),
            "start_date": [date(2014, 12, 1 + n % 28) for n in range(count)],
            "surplus_policy": surplus,
            "shortfall_policy": draw.choice(SHORTFALL, count),
            "end_policy": draw.choice(END, count),
            "max_extension_months": draw.integers(0, 12, count),
            "terminated_on": None,
        }
    )
    days = pd.date_range("2015-01-01", periods=months, freq="MS")
    bonuses = pd.DataFrame(
        {
            "dealer_id": np.repeat(dealers, months),
            "brand_code": "AURA",
            "month": np.tile(days.date, len(dealers)),
            "bonus_cents": draw.integers(-(10**5), 4 * 10**5, months * len(dealers)),
        }
    )
    return terms, bonuses, days[-1].date()


if __name__ == "__main__":
    print(json.dumps(compare_investments(*map(int, sys.argv[1:])), indent=1))
