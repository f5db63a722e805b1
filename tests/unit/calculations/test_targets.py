"""Proposals of targets."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations import targets
from orchestration.calculations.targets import PROPOSALS, propose
from tests.unit.calculations.slow_apportion import apportioned

QUARTER = date(2024, 4, 1)
INPUTS = [
    *("dealer_id", "brand_code", "quarter_start", "segment_code", "powertrain_code"),
    *("base_units", "min_purchase_units", "max_units", "index_numerator", "index_denominator"),
    *("regional_index", "is_strong_market"),
]


def target(dealer_id, base, index=(1, 1), least=0, most=None, **changes):
    row = [dealer_id, "AURA", QUARTER, "SUV", "BEV", base, least, most, *index, None, False]
    return dict(zip(INPUTS, row, strict=True)) | changes


def frame(rows):
    return pd.DataFrame(rows, columns=INPUTS, dtype=object)


def proposed(*rows):
    found = propose(frame(rows))
    return dict(zip(found["dealer_id"], found["proposed_units"], strict=True)), found


def test_units_move_to_the_markets_that_grow():
    units, found = proposed(
        target("D1", 100, (13, 10)), target("D2", 100, (7, 10)), target("D3", 100)
    )
    assert units == {"D1": 130, "D2": 70, "D3": 100}
    assert found.columns.tolist() == PROPOSALS
    assert found["is_feasible"].all()
    assert found["raw_units"].tolist() == [130, 70, 100]


def test_minimum_and_maximum_hold_and_the_total_stays():
    units, _ = proposed(
        target("D1", 100, (13, 10), most=105), target("D2", 100, (7, 10), least=95), target("D3", 9)
    )
    assert units == {"D1": 105, "D2": 95, "D3": 9}


def test_minimums_above_the_total_are_proposed_and_marked():
    units, found = proposed(target("D1", 10, least=20), target("D2", 10, least=5))
    assert units == {"D1": 20, "D2": 5}
    assert not found["is_feasible"].any()


def test_a_minimum_above_its_maximum_wins_and_marks_the_whole_split():
    units, found = proposed(target("D1", 10, least=8, most=3), target("D2", 10))
    assert units == {"D1": 8, "D2": 12}
    assert not found["is_feasible"].any()


def test_the_smaller_dealer_id_gets_the_odd_unit():
    # two units for three dealers alike
    units, _ = proposed(*(target(f"D{n}", 1) for n in (2, 3, 1)), target("D4", 0, least=1))
    assert units == {"D1": 1, "D2": 1, "D3": 0, "D4": 1}


def test_the_index_is_exact_and_rounded_only_for_show():
    _, found = proposed(target("D1", 1, (2, 3)), target("D2", 10**6, (1_000_000_5, 10_000_000)))
    assert found["regional_index"].tolist() == [Decimal("0.666667"), Decimal("1.000001")]
    assert found["raw_units"].tolist() == [Decimal("0.666667"), Decimal("1000000.500000")]
    assert [type(v) for v in found["regional_index"]] == [Decimal, Decimal]


@st.composite
def inputs(draw):
    rows = {}
    number = st.integers(0, 60)
    for _ in range(draw(st.integers(1, 10))):
        top, bottom = draw(st.tuples(st.integers(1, 10**12), st.integers(1, 10**12)))
        least = draw(st.one_of(st.just(0), number))
        row = target(
            draw(st.sampled_from(["D1", "D2", "D3", "D4"])),
            draw(number),
            draw(st.sampled_from([(7, 10), (13, 10), (1, 1), (top, top + 7 * bottom)])),
            least,
            draw(st.none() | number),
            segment_code=draw(st.sampled_from(["SUV", "VAN"])),
            brand_code=draw(st.sampled_from(["AURA", "AURA", "VELO"])),
        )
        rows[tuple(row[k] for k in INPUTS[:5])] = row
    return list(rows.values())


def slow_proposals(rows):
    found = {}
    for group in {(r["brand_code"], r["segment_code"]) for r in rows}:
        own = [r for r in rows if (r["brand_code"], r["segment_code"]) == group]
        total = sum(r["base_units"] for r in own)
        raw = [
            r["base_units"] * Fraction(r["index_numerator"], r["index_denominator"]) for r in own
        ]
        least = [r["min_purchase_units"] for r in own]
        most = [10**9 if r["max_units"] is None else r["max_units"] for r in own]
        caps = [max(pair) for pair in zip(least, most, strict=True)]
        shares, is_feasible = apportioned(total, raw, least, caps, [r["dealer_id"] for r in own])
        is_feasible &= caps == most
        for row, share, exact in zip(own, shares, raw, strict=True):
            with localcontext(prec=60):
                shown = Decimal(exact.numerator) / Decimal(exact.denominator)
                shown = shown.quantize(Decimal("0.000001"), ROUND_HALF_UP)
            found[tuple(row[k] for k in INPUTS[:5])] = (share, is_feasible, shown)
    return found


@settings(max_examples=100, deadline=None)
@given(inputs(), st.integers(1, 5), st.randoms())
def test_proposals_are_those_of_the_slow_rule_in_any_order_and_batch(rows, at_once, random):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(targets, "_ROWS_AT_ONCE", at_once)
        found = propose(frame(random.sample(rows, len(rows))))
    keys = found[INPUTS[:5]].apply(tuple, axis=1).tolist()
    assert keys == sorted(keys)
    shown = zip(found["proposed_units"], found["is_feasible"], found["raw_units"], strict=True)
    assert dict(zip(keys, shown, strict=True)) == slow_proposals(rows)


def test_no_inputs_give_no_proposals():
    found = propose(frame([]))
    assert (len(found), found.columns.tolist()) == (0, PROPOSALS)


def test_figures_as_pandas_reads_them_are_taken_alike():
    rows = [target("D1", 10, (4, 6), most=7), target("D2", 20)]
    found = frame(rows).astype({"base_units": "int64", "max_units": "float64"})
    pd.testing.assert_frame_equal(propose(found), propose(frame(rows)))
    assert propose(found)["max_units"].tolist() == [7, pd.NA]
    found["index_numerator"] = [Decimal(4), np.int64(1)]
    pd.testing.assert_frame_equal(propose(found), propose(frame(rows)))


@pytest.mark.parametrize(
    ("row", "error", "message"),
    [
        (target("D1", -1), ValueError, "target of D1, AURA, 2024-04-01, SUV, BEV has negative"),
        (target("D1", 1, least=-1), ValueError, "has negative units"),
        (target("D1", 1, most=-1), ValueError, "has negative units"),
        (target("D1", 1, (0, 1)), ValueError, "has an index that is no positive fraction"),
        (target("D1", 1, (1, 0)), ValueError, "has an index that is no positive fraction"),
        (target("D1", 1, (1.0, 1)), TypeError, "the index 1.0 / 1 is not of whole numbers"),
        (target("D1", 1, (Decimal("0.5"), 1)), TypeError, "is not of whole numbers"),
    ],
)
def test_wrong_input_is_named(row, error, message):
    with pytest.raises(error, match=message):
        propose(frame([target("D0", 1), row]))
