"""Millions of rows stay a matter of seconds: set-based, no work by the row in Python.

Times are compared with one sort of the same rows, so that a slow machine fails nothing; a loop by
the row would take some fifty times as long.
"""

import time
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.calculations.apportion import apportion
from orchestration.calculations.incentives import decide_lines
from orchestration.calculations.money import decimals
from orchestration.calculations.outlook import look_ahead
from tests.unit.calculations.cases import DEALERS, START, UNITS, Case, dealer, program, tiers


def seconds(work):
    """The faster of two runs."""
    times = []
    for _ in range(2):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def test_many_groups_are_split_within_a_few_sorts_of_them():
    draw = np.random.default_rng(4)
    count, rows = 100_000, 400_000
    groups, weights = draw.integers(0, count, rows), draw.integers(0, 10**6, rows)
    floors, totals = draw.integers(0, 30, rows), draw.integers(0, 1_000, count)
    caps, ties = floors + draw.integers(0, 400, rows), draw.permutation(rows)
    sort = seconds(lambda: np.lexsort((ties, -weights, groups)))
    for bounds in ({}, {"floors": floors, "caps": caps}):
        split = seconds(
            lambda b=bounds: apportion(totals, weights, **b, tie_keys=ties, groups=groups)
        )
        assert split < 12 * sort


def many_units(rows, dealers, programs):
    draw = np.random.default_rng(4)

    def texts(prefix, numbers):
        return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")

    def prices():
        return decimals(draw.integers(10**6, 6 * 10**6, rows), pa.decimal128(18, 2))

    statuses = pa.array(["COUNTS", "DUPLICATE_VIN", "SELF_REGISTRATION"])
    columns = {
        "program_id": texts("P", draw.integers(0, programs, rows)),
        "program_version": pa.array(np.ones(rows, np.int64)),
        "period_start": pa.array([START]).take(pa.array(np.zeros(rows, np.int64))),
        "dealer_id": texts("D", draw.integers(0, dealers, rows)),
        "brand_code": texts("AURA", np.zeros(rows, np.int64)),
        "event_id": texts("E", draw.permutation(rows)),
        "vin": texts("WAUZZZ", draw.integers(10**10, 10**11, rows)),
        "event_date": pa.array((19_723 + draw.integers(0, 90, rows)).astype(np.int32)).cast(
            pa.date32()
        ),
        "list_price_eur": prices(),
        "net_price_eur": prices(),
        "unit_status": statuses.take(pa.array(draw.choice(3, rows, p=[0.9, 0.04, 0.06]))),
        "batch_id": texts("b", np.zeros(rows, np.int64)),
        "source_file": texts("registrations", np.zeros(rows, np.int64)),
        "source_row": pa.array(np.arange(1, rows + 1)),
    }
    return pa.table([columns[name] for name in UNITS.names], schema=UNITS)


def test_many_units_are_decided_within_a_few_sorts_of_them():
    rows, dealers, programs = 200_000, 200, 6
    modes = ["RETROACTIVE", "MARGINAL", "LINEAR"] * 2
    case = Case(
        [
            program(
                program_id=f"P{n}",
                measure="REVENUE_NET" if n > 2 else "UNITS_REGISTERED",
                payout_basis="RATE_OF_LIST_PRICE",
                tier_mode=mode,
                cap_eur=Decimal("90000.00") if n % 2 else None,
            )
            for n, mode in enumerate(modes)
        ],
        [t for n in range(programs) for t in tiers((1, "0.01"), (90, "0.02"), program_id=f"P{n}")],
        [
            dealer(program_id=f"P{n}", dealer_id=f"D{d}", target_units=100)
            for n in range(programs)
            for d in range(dealers)
        ],
    )
    _, frame, periods, of_tiers = case.inputs()
    frame = pd.DataFrame(frame, columns=DEALERS)
    units = many_units(rows, dealers, programs)
    keys = [(name, "ascending") for name in ("program_id", "dealer_id", "event_date", "vin")]
    sort = seconds(lambda: pc.sort_indices(units, sort_keys=keys))
    decided = decide_lines(units, frame, periods, of_tiers)
    assert decided.lines.num_rows == rows
    assert seconds(lambda: decide_lines(units, frame, periods, of_tiers)) < 10 * sort
    assert seconds(lambda: look_ahead(units, frame, periods, of_tiers, decided)) < 10 * sort
