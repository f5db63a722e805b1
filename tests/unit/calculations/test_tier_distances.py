"""How far dealers were from the next tier on a day: what adding units on that day would show."""

import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations import money
from orchestration.calculations.tier_distances import UNIT_MEASURES, tier_distances
from tests.unit.calculations.cases import START, Case, dealer, program, tiers, unit
from tests.unit.calculations.random_cases import case_of_all_combinations, cases
from tests.unit.calculations.slow_incentives import SlowGroup, slow_outlook

FURTHEST = 60
COUNTS = pa.schema(
    [
        *[("program_id", pa.string()), ("program_version", pa.int64())],
        *[("period_start", pa.date32()), ("dealer_id", pa.string())],
        *[("event_date", pa.date32()), ("unit_count", pa.int64())],
    ]
)
DAYS = pa.schema(
    [
        *[("dealer_id", pa.string()), ("brand_code", pa.string())],
        *[("segment_code", pa.string()), ("powertrain_code", pa.string())],
        ("day", pa.date32()),
    ]
)


def counts_of(case):
    """A row for each unit that counts."""
    counting = [u for u in case.units if u["unit_status"] == "COUNTS"]
    return pa.Table.from_pylist([u | {"unit_count": 1} for u in counting], COUNTS)


def distances(case, days):
    """(units, programme) of each of `days`: (dealer, brand, day), of an electric SUV unless
    segment and powertrain follow the brand."""
    whole = [d if len(d) == 5 else (*d[:2], "SUV", "BEV", d[2]) for d in days]
    asked = pa.Table.from_pylist([dict(zip(DAYS.names, d, strict=True)) for d in whole], DAYS)
    _, dealers, periods, of_tiers = case.inputs()
    found = tier_distances(asked, counts_of(case), dealers, periods, of_tiers)
    assert found.drop_columns(["units_to_next_tier", "program_id"]) == asked
    assert found["units_to_next_tier"].type == pa.int64()
    return list(zip(*(found[c].to_pylist() for c in found.column_names[-2:]), strict=True))


def on_days(case, *numbers, dealer_id="D1", brand="AURA"):
    days = [(dealer_id, brand, START + timedelta(number)) for number in numbers]
    return [units for units, _ in distances(case, days)]


def test_units_of_earlier_days_count_and_those_of_the_day_do_not():
    units = [unit(n, event_date=START + timedelta(d)) for n, d in enumerate([0, 1, 1, 4, 4])]
    case = Case([program()], tiers((3, 100), (5, 200)), units=units)
    assert on_days(case, 0, 1, 2, 4, 5) == [3, 2, 2, 2, None]


def test_a_dealer_without_a_unit_lacks_the_whole_first_tier():
    case = Case([program()], tiers((3, 100)), [dealer(), dealer(dealer_id="D2")])
    assert on_days(case, 0, 90, dealer_id="D2") == [3, 3]


def test_units_that_do_not_count_bring_no_tier_nearer():
    units = [unit(1, unit_status=s) for s in ("DUPLICATE_VIN", "SELF_REGISTRATION", "COUNTS")]
    case = Case([program()], tiers((3, 100)), units=units)
    assert on_days(case, 1) == [2]


def test_only_a_period_that_holds_the_day_is_looked_at_first_and_last_day_included():
    case = Case([program()], tiers((3, 100)))
    assert on_days(case, -1, 0, 90, 91) == [None, 3, 3, None]


def test_attainment_asks_for_the_units_that_the_target_makes_of_it():
    case = Case(
        [program(measure="TARGET_ATTAINMENT")],
        tiers(("0.9", 100), ("1.05", 200)),
        [dealer(target_units=15), dealer(dealer_id="D2"), dealer(dealer_id="D3", target_units=0)],
        [unit(n, event_date=START + timedelta(n)) for n in range(14)],
    )
    # 0.9 x 15 = 13.5 takes 14, 1.05 x 15 = 15.75 takes 16
    assert on_days(case, 0, 13, 14) == [14, 1, 2]
    assert on_days(case, 14, dealer_id="D2") == on_days(case, 14, dealer_id="D3") == [None]


@pytest.mark.parametrize("measure", ["KPI", "REVENUE_NET"])
def test_a_measure_that_units_alone_do_not_reach_has_no_distance(measure):
    case = Case([program(measure=measure)], tiers((3, 100)), units=[unit(1, 1, 1)])
    assert on_days(case, 1) == [None]


@pytest.mark.parametrize("mode", ["RETROACTIVE", "MARGINAL", "LINEAR"])
def test_neither_tier_mode_nor_cap_nor_gate_changes_the_distance(mode):
    terms = program(tier_mode=mode, cap_eur=Decimal("0.01"), gate_kpi_code="CSI")
    case = Case([terms], tiers((3, 100), (5, 50)), [dealer(is_gate_met=False)], [unit(1)])
    assert on_days(case, 1) == [2]


def test_the_nearest_of_several_programmes_counts_and_of_equals_the_first():
    names = ["P3", "P2", "P1"]
    case = Case(
        [program(program_id=p) for p in names],
        [t for p, n in zip(names, (4, 2, 2), strict=True) for t in tiers((n, 1), program_id=p)],
        [dealer(program_id=p) for p in names],
        [unit(1, program_id="P2", event_date=START + timedelta(2))]
        + [unit(n, program_id="P1", event_date=START + timedelta(4)) for n in (1, 2)]
        + [unit(n, program_id="P2", event_date=START + timedelta(4)) for n in (2, 3)],
    )
    found = distances(case, [("D1", "AURA", START + timedelta(n)) for n in (1, 3, 5)])
    assert found == [(2, "P1"), (1, "P2"), (4, "P3")]


def test_programmes_of_another_brand_or_dealer_are_passed_over():
    case = Case(
        [program(), program(program_id="P2", brand_code="VELA")],
        tiers((3, 100)) + tiers((2, 100), program_id="P2"),
        [dealer(), dealer(program_id="P2", brand_code="VELA", dealer_id="D2")],
    )
    asked = [(d, b, START) for d in ("D1", "D2", "D9") for b in ("AURA", "VELA", "LUNA")]
    nothing = (None, None)
    expected = [(3, "P1"), nothing, nothing, nothing, (2, "P2"), nothing, *[nothing] * 3]
    assert distances(case, asked) == expected


def test_a_programme_of_one_kind_of_model_presses_no_other():
    kinds = {
        "P1": (None, None),
        "P2": ("SUV", None),
        "P3": (None, "PETROL"),
        "P4": ("COMPACT", "BEV"),
    }
    case = Case(
        [
            program(program_id=p, segment_code=segment, powertrain_code=powertrain)
            for p, (segment, powertrain) in kinds.items()
        ],
        [t for n, p in zip((9, 8, 7, 6), kinds, strict=True) for t in tiers((n, 1), program_id=p)],
        [dealer(program_id=p) for p in kinds],
    )
    asked = [("SUV", "BEV"), ("SUV", "PETROL"), ("COMPACT", "BEV"), ("COMPACT", "DIESEL")]
    found = distances(case, [("D1", "AURA", *kind, START) for kind in asked])
    assert found == [(8, "P2"), (7, "P3"), (6, "P4"), (9, "P1")]


def test_without_programmes_or_days_there_is_nothing_to_tell():
    case = Case([program()], tiers((3, 100)))
    assert distances(case, []) == []
    assert on_days(Case([], []), 1) == [None]
    assert on_days(Case([program(measure="KPI")], tiers((3, 100))), 1) == [None]


def test_a_dealer_listed_twice_is_refused():
    case = Case([program()], tiers((3, 100)), [dealer(), dealer()])
    with pytest.raises(ValueError, match="dealer D1 is listed twice in programme P1 version 1 of"):
        on_days(case, 1)


def slow_distance(case, dealer_id, brand, segment, powertrain, day):
    """By adding units to those before the day, one programme after the other."""
    earlier = case.with_units([u for u in case.units if u["event_date"] < day])
    found = []
    for terms in case.periods:
        group = SlowGroup(earlier, (terms["program_id"], terms["period_start"], dealer_id))
        if (
            terms["brand_code"] == brand
            and terms["segment_code"] in (None, segment)
            and terms["powertrain_code"] in (None, powertrain)
            and terms["period_start"] <= day <= terms["period_end"]
            and terms["measure"] in UNIT_MEASURES
            and group.dealer is not None
        ):
            missing = slow_outlook(earlier, group, FURTHEST)["units_to_next_tier"]
            if missing is not None:
                found.append((missing, terms["program_id"]))
    return min(found, default=(None, None))


@st.composite
def cases_of_brands(draw):
    """Cases of two brands, whose programmes do not all measure by units."""
    case = draw(cases())
    brands = {p["program_id"]: draw(st.sampled_from(["AURA", "VELA"])) for p in case.periods}
    periods = [
        p
        | {"brand_code": brands[p["program_id"]]}
        | {"segment_code": draw(st.sampled_from([None, None, "SUV", "COMPACT"]))}
        | {"powertrain_code": draw(st.sampled_from([None, None, "BEV"]))}
        | {"period_end": date(2024, 3 if p["period_start"] == START else 6, 30)}
        for p in case.periods
    ]
    units = [
        u | {"event_date": u["event_date"] + timedelta(draw(st.integers(0, 3)))} for u in case.units
    ]
    return replace(case, periods=periods, units=units)


asked_days = st.lists(
    st.tuples(
        st.sampled_from(["D1", "D2", "D3", "X9"]),
        st.sampled_from(["AURA", "AURA", "VELA", "LUNA"]),
        st.sampled_from(["SUV", "COMPACT"]),
        st.sampled_from(["BEV", "PETROL"]),
        st.sampled_from([START + timedelta(d) for d in (-1, 0, 1, 2, 3, 4, 6, 89, 90, 91, 93, 97)]),
    ),
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(cases_of_brands(), asked_days)
def test_a_distance_is_what_adding_units_one_by_one_shows(case, asked):
    found = distances(case, asked)
    assert found == [slow_distance(case, *day) for day in asked]
    assert all(units is None or units >= 1 for units, _ in found)


@settings(max_examples=30, deadline=None)
@given(cases_of_brands(), asked_days)
def test_python_integers_give_what_64_bits_give(case, asked):
    found = distances(case, asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(money, "_SAFE", -1.0)
        assert distances(case, asked) == found


@pytest.mark.parametrize("seed", range(3))
def test_after_all_units_of_a_period_the_distance_is_that_of_the_outlook(seed):
    case = case_of_all_combinations(seed)
    after = max(u["event_date"] for u in case.units) + timedelta(1)
    _, dealers, periods, of_tiers = case.inputs()
    counts, compared = counts_of(case), 0
    for program_id, shown in case.outlook().groupby("program_id"):
        alone = periods[periods["program_id"] == program_id]
        if alone["measure"].iloc[0] in UNIT_MEASURES:
            asked = pa.table(
                [
                    *shown[["dealer_id", "brand_code"]].T.to_numpy(),
                    *([kind] * len(shown) for kind in ("SUV", "BEV", after)),
                ],
                DAYS,
            )
            found = tier_distances(asked, counts, dealers, alone, of_tiers).to_pydict()
            expected = [None if pd.isna(u) else u for u in shown["units_to_next_tier"]]
            assert found["units_to_next_tier"] == expected
            assert found["program_id"] == [None if u is None else program_id for u in expected]
            compared += len(expected) - expected.count(None)
    assert compared > 20


def test_many_days_are_looked_up_within_a_few_sorts_of_them():
    draw = np.random.default_rng(9)
    programs, dealers, days, units = 6, 200, 90, 200_000
    case = Case(
        [program(program_id=f"P{n}") for n in range(programs)],
        [t for n in range(programs) for t in tiers((50, 1), (900, 2), program_id=f"P{n}")],
        [
            dealer(program_id=f"P{n}", dealer_id=f"D{d}")
            for n in range(programs)
            for d in range(dealers)
        ],
    )
    _, listed, periods, of_tiers = case.inputs()

    def texts(prefix, numbers):
        return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")

    def dates(numbers):
        return pa.array((19_723 + numbers).astype(np.int32)).cast(pa.date32())

    counts = pa.table(
        {
            "program_id": texts("P", draw.integers(0, programs, units)),
            "program_version": pa.array(np.ones(units, np.int64)),
            "period_start": dates(np.zeros(units, np.int64)),
            "dealer_id": texts("D", draw.integers(0, dealers, units)),
            "event_date": dates(draw.integers(0, days, units)),
            "unit_count": pa.array(np.ones(units, np.int64)),
        },
        COUNTS,
    )
    asked = pa.table(
        {
            "dealer_id": texts("D", np.repeat(np.arange(dealers), days)),
            "brand_code": texts("AURA", np.full(dealers * days, "")),
            "segment_code": texts("SUV", np.full(dealers * days, "")),
            "powertrain_code": texts("BEV", np.full(dealers * days, "")),
            "day": dates(np.tile(np.arange(days), dealers)),
        },
        DAYS,
    )

    def seconds(work):
        times = []
        for _ in range(2):
            started = time.perf_counter()
            work()
            times.append(time.perf_counter() - started)
        return min(times)

    keys = [(name, "ascending") for name in ("program_id", "dealer_id", "event_date")]
    sort = seconds(lambda: pc.sort_indices(counts, sort_keys=keys))
    found = []
    spent = seconds(lambda: found.append(tier_distances(asked, counts, listed, periods, of_tiers)))
    assert found[0]["units_to_next_tier"].null_count < asked.num_rows
    assert spent < 10 * sort, (spent, sort)
