"""Lines and statements of incentives: against the slow rules, and what must hold of any."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations import money
from orchestration.calculations.incentives import LINES, decide_lines
from tests.unit.calculations.cases import START, Case, dealer, program, tiers, unit
from tests.unit.calculations.random_cases import case_of_all_combinations, cases
from tests.unit.calculations.slow_incentives import slow_lines, slow_statements

MANY = settings(max_examples=120, deadline=None)
FEW = settings(max_examples=40, deadline=None)


def statements(decided):
    """The statements as the slow rules give them: the measure one exact fraction, in units."""
    rows = []
    for row in decided.statements.to_dict("records"):
        top, bottom = int(row.pop("measure_numerator")), int(row.pop("measure_denominator"))
        row["measure"] = Fraction(top, bottom * 10**6)
        row["tier_no"] = None if pd.isna(row["tier_no"]) else row["tier_no"]
        rows.append(row)
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_every_mode_measure_and_basis_pays_as_the_slow_rules_do(seed):
    case = case_of_all_combinations(seed)
    decided = case.decide()
    lines = decided.lines.to_pylist()
    assert lines == slow_lines(case)
    assert statements(decided) == slow_statements(case)
    # what is compared is not mostly nothing
    assert sum(line["amount_eur"] > 0 for line in lines) > len(lines) / 3


@MANY
@given(cases())
def test_lines_and_statements_are_those_of_the_slow_rules(case):
    decided = case.decide()
    assert decided.lines.schema == LINES
    assert decided.lines.to_pylist() == slow_lines(case)
    assert statements(decided) == slow_statements(case)


@FEW
@given(cases())
def test_lines_sum_to_the_entitlement_which_is_never_above_the_cap(case):
    decided = case.decide()
    key = ["program_id", "period_start", "dealer_id"]
    cents = pd.DataFrame(decided.lines.to_pylist(), columns=LINES.names)
    cents["amount_eur"] = [int(a * 100) for a in cents["amount_eur"]]
    sums = cents.groupby(key)["amount_eur"].sum()
    entitled = decided.statements.set_index(key)["entitlement_cents"]
    assert sums.to_dict() == entitled.to_dict()
    caps = {(p["program_id"], p["period_start"]): p["cap_eur"] for p in case.periods}
    for (program_id, start, _), amount in entitled.items():
        cap = caps[program_id, start]
        assert cap is None or amount <= cap * 100


@FEW
@given(cases(), st.randoms())
def test_the_order_of_rows_changes_nothing(case, random):
    shuffled = [random.sample(rows, len(rows)) for rows in (case.units, case.dealers)]
    terms = [random.sample(rows, len(rows)) for rows in (case.periods, case.tiers)]
    other = Case(terms[0], terms[1], shuffled[1], shuffled[0]).decide()
    decided = case.decide()
    assert other.lines.equals(decided.lines)
    pd.testing.assert_frame_equal(other.statements, decided.statements)


@FEW
@given(cases())
def test_whole_groups_may_be_decided_apart(case):
    decided = case.decide()
    lines, rows = [], []
    for dealer_id in ("D1", "D2", "D3", "X9"):
        own = [
            [r for r in rows if r["dealer_id"] == dealer_id] for rows in (case.dealers, case.units)
        ]
        part = Case(case.periods, case.tiers, *own).decide()
        lines += part.lines.to_pylist()
        rows += statements(part)
    key = ("program_id", "period_start", "dealer_id")
    # within a group the order stays, since sorting is stable
    assert sorted(lines, key=lambda r: [r[k] for k in key]) == decided.lines.to_pylist()
    assert sorted(rows, key=lambda r: [r[k] for k in key]) == statements(decided)


@FEW
@given(cases())
def test_python_integers_give_what_64_bits_give(case):
    decided = case.decide()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(money, "_SAFE", -1.0)
        other = case.decide()
    assert other.lines.equals(decided.lines)
    assert statements(other) == statements(decided)


@FEW
@given(st.integers(0, 30), st.lists(st.integers(1, 10), min_size=1, max_size=4, unique=True))
def test_retroactive_pays_no_less_than_marginal_where_rates_rise(count, steps):
    steps = [(step, 100 * place) for place, step in enumerate(sorted(steps), 1)]
    units = [unit(n) for n in range(count)]
    retroactive, marginal = (
        Case([program(tier_mode=mode)], tiers(*steps), units=units).entitlement()
        for mode in ("RETROACTIVE", "MARGINAL")
    )
    assert marginal <= retroactive
    reached = [rate for step, rate in steps if step <= count]
    assert retroactive == count * (reached[-1] if reached else 0)
    earned = [max((r for s, r in steps if s <= k), default=0) for k in range(1, count + 1)]
    assert marginal == sum(earned)


def test_chunks_slices_and_dictionaries_of_arrow_are_read_alike():
    case = Case([program()], tiers((1, 100)), units=[unit(n, n, n) for n in range(20)])
    units, *frames = case.inputs()
    decided = case.decide()
    chunked = pa.concat_tables([units.slice(7), units.slice(0, 7)])
    padded = pa.concat_tables([units.slice(3, 2), units]).combine_chunks().slice(2)
    coded = units.set_column(
        units.schema.get_field_index("dealer_id"),
        "dealer_id",
        units["dealer_id"].dictionary_encode(),
    )
    wide = units.cast(
        pa.schema(
            [(f.name, pa.large_string() if f.type == pa.string() else f.type) for f in units.schema]
        )
    )
    for same in (chunked, padded, coded, wide):
        assert decide_lines(same, *frames).lines.equals(decided.lines)


def test_frames_as_duckdb_gives_them_are_read_alike():
    case = Case(
        [program(measure="TARGET_ATTAINMENT"), program(program_id="P2", measure="KPI")],
        tiers((1, 100)) + tiers(("0.5", 7), program_id="P2"),
        [dealer(target_units=2), dealer(program_id="P2", kpi_value=Decimal("0.5"))],
        [unit(1), unit(2), unit(3, program_id="P2")],
    )
    units, dealers, periods, of_tiers = case.inputs()
    dealers["target_units"] = dealers["target_units"].astype("float64")
    dealers["is_gate_met"] = dealers["is_gate_met"].astype(bool)
    for frame in (dealers, periods):
        frame["period_start"] = pd.to_datetime(frame["period_start"]).astype("datetime64[us]")
    for frame in (dealers, periods, of_tiers):
        frame["program_version"] = frame["program_version"].astype("int64")
    decided = decide_lines(units, dealers, periods, of_tiers)
    assert decided.lines.equals(case.decide().lines)


def test_nothing_gives_nothing():
    for case in (
        Case([], [], [], []),
        Case([program()], tiers((1, 1)), [], []),
        Case([program()], tiers((1, 1)), [dealer()], []),
    ):
        decided = case.decide()
        assert (decided.lines.num_rows, decided.lines.schema) == (0, LINES)
        assert len(decided.statements) == 0
        assert len(case.outlook()) == 0


def test_a_target_of_nothing_earns_nothing_even_at_a_threshold_of_zero():
    case = Case([program(measure="TARGET_ATTAINMENT")], tiers((0, 100)), units=[unit(1)])
    (line,) = case.decide().lines.to_pylist()
    assert (line["zero_reason"], line["amount_eur"]) == ("BELOW_FIRST_TIER", 0)


@pytest.mark.parametrize(
    ("cap", "amounts"), [("200.01", [100, 100]), ("200.00", [100, 100]), ("199.99", [100, "99.99"])]
)
def test_a_cap_cuts_from_the_first_cent_above_it(cap, amounts):
    case = Case([program(cap_eur=Decimal(cap))], tiers((1, 100)), units=[unit(1), unit(2)])
    paid = [line["amount_eur"] for line in case.decide().lines.to_pylist()]
    assert paid == [Decimal(a) for a in amounts]


def test_a_tier_reached_that_pays_nothing_is_no_reason_for_a_zero():
    case = Case([program()], tiers((1, 0), (5, 100)), units=[unit(1)])
    (line,) = case.decide().lines.to_pylist()
    assert (line["amount_eur"], line["zero_reason"], line["tier_no"]) == (0, None, 1)
    assert (line["tier_rate"], line["basis_amount_eur"]) == (0, 1)


def test_a_fixed_sum_is_one_line_of_no_unit():
    case = Case(
        [program(payout_basis="FIXED_EUR")],
        tiers((2, 500)),
        [dealer(), dealer(dealer_id="D2"), dealer(dealer_id="D3", is_gate_met=False)],
        [unit(1), unit(2), unit(3, unit_status="DUPLICATE_VIN")],
    )
    decided = case.decide()
    shown = [
        (r["dealer_id"], r["event_id"], r["amount_eur"], r["basis_amount_eur"], r["zero_reason"])
        for r in decided.lines.to_pylist()
    ]
    assert shown == [
        ("D1", None, 500, 1, None),
        ("D2", None, 0, None, "BELOW_FIRST_TIER"),
        ("D3", None, 0, None, "GATE_NOT_MET"),
    ]
    assert decided.statements["qualifying_units"].tolist() == [2, 0, 0]


def test_the_first_reason_that_applies_is_named():
    case = Case(
        [program(gate_kpi_code="CSI")],
        tiers((9, 100)),
        [dealer(is_gate_met=False), dealer(dealer_id="D2")],
        [
            unit(1, unit_status="DUPLICATE_VIN"),
            unit(2, unit_status="SELF_REGISTRATION"),
            unit(3),
            unit(4, dealer_id="D2"),
        ],
    )
    reasons = [line["zero_reason"] for line in case.decide().lines.to_pylist()]
    assert reasons == ["DUPLICATE_VIN", "SELF_REGISTRATION", "GATE_NOT_MET", "BELOW_FIRST_TIER"]


@pytest.mark.parametrize(
    ("basis", "rate", "amount"),
    [
        ("0.50", "0.01", "0.01"),  # half a cent goes up
        ("0.49", "0.01", "0.00"),
        ("100.00", "0.000050", "0.01"),
        ("100.00", "0.000049", "0.00"),
        # products beyond 64 bits, and amounts next to the limit of the type
        ("9999999999999999.99", "1", "9999999999999999.99"),
        ("9999999999999999.99", "0.999999", "9999989999999999.99"),
        ("9999999999999999.50", "0.5", "4999999999999999.75"),
        ("0.01", "999999999999", "9999999999.99"),
    ],
)
def test_amounts_are_exact_and_rounded_half_up(basis, rate, amount):
    case = Case(
        [program(payout_basis="RATE_OF_LIST_PRICE")], tiers((1, rate)), units=[unit(1, basis)]
    )
    (line,) = case.decide().lines.to_pylist()
    assert line["amount_eur"] == Decimal(amount)


def test_revenue_beyond_64_bits_of_millionths_is_exact():
    prices = ["9999999999999999.99", "9999999999999999.99", "0.01"]
    case = Case(
        [program(measure="REVENUE_NET", tier_mode="MARGINAL")],
        tiers((1, 1), ("999999999999.999999", 2)),
        units=[unit(n, 0, p) for n, p in enumerate(prices)],
    )
    most = Decimal("999999999999.999999")  # what is beyond is shown as this
    assert statements(case.decide())[0]["measure_value"] == most
    small = case.with_units([unit(n, 0, p) for n, p in enumerate(["999999999999.99", "0.01"])])
    assert statements(small.decide())[0]["measure_value"] == most
    exact = case.with_units([unit(1, 0, "999999999999.98"), unit(2, 0, "0.01")])
    assert statements(exact.decide())[0]["measure_value"] == Decimal("999999999999.99")


def test_amounts_beyond_the_type_are_refused_by_name():
    rate = program(payout_basis="RATE_OF_LIST_PRICE")
    case = Case([rate], tiers((1, "1.5")), units=[unit(7, "9999999999999999.99")])
    message = "event E00007 of dealer D1 in programme P1 version 1 of 2024-01-01 is beyond"
    with pytest.raises(ValueError, match=message):
        case.decide()
    two = Case([rate], tiers((1, 1)), units=[unit(n, "9999999999999999.99") for n in (1, 2)])
    with pytest.raises(ValueError, match="the entitlement of dealer D1 .* is beyond"):
        two.decide()
    many = two.with_units([unit(n, "9999999999999999.99") for n in range(2_000)])
    with pytest.raises(ValueError, match="the entitlement of dealer D1 .* is beyond"):
        many.decide()
    fixed = Case(
        [program(payout_basis="FIXED_EUR", measure="KPI")],
        tiers((0, "999999999999.999999")),
        [dealer()],
    )
    assert fixed.entitlement() == 10**12
    # a cap holds what would be too much in all
    capped = Case([rate | {"cap_eur": Decimal("0.03")}], two.tiers, units=two.units)
    assert [r["amount_eur"] * 100 for r in capped.decide().lines.to_pylist()] == [2, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"units": [unit(1, program_version=2)]}, "P1 version 1 of 2024-01-01 has rows of another"),
        ({"units": [unit(1, period_start=date(2024, 4, 1))]}, "a unit of programme P1 is of a per"),
        ({"units": [unit(1, program_id="P9")]}, "a unit of programme P9 is of a period not listed"),
        ({"units": [unit(1, unit_status="REMOVED")]}, "unit E00001 has a unit_status"),
        ({"units": [unit(1, unit_status=None)]}, "unit E00001 has a unit_status"),
        ({"units": [unit(1, -1)]}, "unit E00001 has no list_price_eur that may be paid on"),
        ({"units": [unit(1) | {"net_price_eur": None}]}, "unit E00001 has no net_price_eur"),
        ({"dealers": [dealer(), dealer()]}, "dealer D1 is listed twice in programme P1"),
        ({"dealers": [dealer(program_id="P9")]}, "a dealer of programme P9 is of a period not"),
        ({"periods": [program(), program()]}, "P1 version 1 of 2024-01-01 is listed twice"),
        ({"periods": [program(measure="UNITS")]}, "measure .'UNITS'. is none of UNITS_REG"),
        ({"periods": [program(tier_mode=None)]}, "tier_mode .'None'. is none of"),
        ({"periods": [program(cap_eur=Decimal(-1))]}, "has a negative cap"),
        ({"periods": [program(tier_mode="MARGINAL", measure="KPI")]}, "MARGINAL"),
        ({"periods": [program(tier_mode="MARGINAL", payout_basis="FIXED_EUR")]}, "MARGINAL"),
        ({"tiers": []}, "programme P1 version 1 has no tiers"),
        ({"tiers": tiers((2, 1), (1, 2))}, "version 1 has tiers that do not ascend"),
        ({"tiers": tiers((1, 1), (1, 2))}, "version 1 has tiers that do not ascend"),
        ({"tiers": tiers((1, -1))}, "version 1 has a negative rate"),
        ({"tiers": tiers((1, 1), threshold=None)}, "version 1 has a tier without its figures"),
    ],
)
def test_wrong_input_is_named(change, message):
    parts = {"periods": [program()], "tiers": tiers((1, 100)), "units": [unit(1)]}
    with pytest.raises(ValueError, match=message):
        Case(**(parts | change)).decide()


def test_dealers_that_are_not_listed_have_no_target_and_meet_no_gate():
    gated = program(program_id="P2", requires_strong_market=True)
    case = Case(
        [program(), gated],
        tiers((1, 100)) + tiers((1, 100), program_id="P2"),
        [],
        [unit(1), unit(1, program_id="P2")],
    )
    reasons = [line["zero_reason"] for line in case.decide().lines.to_pylist()]
    assert reasons == [None, "GATE_NOT_MET"]


def test_a_line_keeps_the_way_back_to_its_row():
    case = Case([program()], tiers((1, 100)), units=[unit(8, 1, 2), unit(7, 3, 4)])
    lines = case.decide().lines.to_pylist()
    assert [line["source_row"] for line in lines] == [7, 8]
    assert {line["event_date"] for line in lines} == {START}
    assert lines[0]["batch_id"] == "b" * 64
