"""Many investments take little longer than a few: they are decided a month at a time."""

import time
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from orchestration.calculations.investments import END, SHORTFALL, SURPLUS
from orchestration.calculations.refinancing import refinance
from orchestration.calculations.schedules import plan

MONTHS = 60


def many(count):
    draw = np.random.default_rng(5)
    surplus = draw.choice(SURPLUS, count)
    dealers = np.array([f"D{n}" for n in range(count // 2)], object)
    rates = [Decimal("0.036") if policy == "PAY_OUT" else Decimal(0) for policy in surplus]
    investments = pd.DataFrame(
        {
            "investment_id": [f"I{n}" for n in range(count)],
            "dealer_id": np.tile(dealers, 2),
            "brand_code": "AURA",
            "total_cost_eur": [Decimal(int(n)) / 100 for n in draw.integers(10**7, 10**8, count)],
            "upfront_rate": Decimal("0.6"),
            "refinance_months": MONTHS,
            "annual_interest_rate": rates,
            "day_count": draw.choice(["30E/360", "ACT/365"], count),
            "start_date": [date(2020 + n % 2, 1 + n % 12, 1 + n % 28) for n in range(count)],
            "surplus_policy": surplus,
            "shortfall_policy": draw.choice(SHORTFALL, count),
            "end_policy": draw.choice(END, count),
            "max_extension_months": draw.integers(0, 12, count),
            "terminated_on": None,
        }
    )
    months = pd.date_range("2020-01-01", periods=84, freq="MS").date
    bonuses = pd.DataFrame(
        {
            "dealer_id": np.repeat(dealers, len(months)),
            "brand_code": "AURA",
            "month": np.tile(months, len(dealers)),
            "bonus_cents": draw.integers(-(10**5), 10**6, len(months) * len(dealers)),
        }
    )
    return investments, bonuses, date(2026, 12, 31)


def seconds(work):
    times = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def test_a_hundred_times_as_many_investments_take_a_few_times_as_long():
    few, investments = many(40), many(4_000)
    rows = refinance(*investments)
    assert len(rows) > 4_000 * MONTHS / 2
    assert seconds(lambda: refinance(*investments)) < 25 * seconds(lambda: refinance(*few))
    assert seconds(lambda: plan(investments[0])) < 40 * seconds(lambda: plan(few[0]))
