"""The outlook: what adding the units one by one would show."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations import money
from orchestration.calculations.outlook import look_ahead
from tests.unit.calculations.cases import Case, dealer, program, tiers, unit
from tests.unit.calculations.random_cases import case_of_all_combinations, cases
from tests.unit.calculations.slow_incentives import slow_groups, slow_outlook

FURTHEST = 20


def rows(outlook):
    return [
        {k: None if v is None or v is pd.NA else v for k, v in row.items()}
        for row in outlook.to_dict("records")
    ]


@pytest.mark.parametrize("seed", range(2))
def test_the_outlook_of_every_combination_is_what_adding_units_shows(seed):
    compare(case_of_all_combinations(seed))


@settings(max_examples=80, deadline=None)
@given(cases(most_units=6))
def test_an_outlook_is_what_adding_units_one_by_one_shows(case):
    compare(case)


def compare(case):
    found = rows(case.outlook())
    expected = [slow_outlook(case, g, FURTHEST) for g in slow_groups(case) if g.lines()]
    for row in found:
        if (row["units_to_next_tier"] or 0) > FURTHEST:
            row["units_to_next_tier"] = row["payout_at_next_tier_eur"] = None
    assert found == expected


@settings(max_examples=30, deadline=None)
@given(cases(), st.data())
def test_only_the_periods_given_are_looked_at(case, data):
    units, dealers, periods, of_tiers = case.inputs()
    decided = case.decide()
    chosen = data.draw(st.lists(st.booleans(), min_size=len(periods), max_size=len(periods)))
    some = look_ahead(units, dealers, periods[chosen], of_tiers, decided)
    every = case.outlook()
    wanted = periods.loc[chosen, ["program_id", "period_start"]].apply(tuple, axis=1).tolist()
    keys = every[["program_id", "period_start"]].apply(tuple, axis=1)
    assert rows(some) == rows(every[keys.isin(wanted).to_numpy(bool)])


@settings(max_examples=30, deadline=None)
@given(cases())
def test_python_integers_give_what_64_bits_give(case):
    found = case.outlook()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(money, "_SAFE", -1.0)
        assert rows(case.outlook()) == rows(found)


def test_a_missed_gate_pays_nothing_now_but_is_taken_as_met_ahead():
    case = Case(
        [program()], tiers((1, 100), (3, 200)), [dealer(is_gate_met=False)], [unit(1), unit(2)]
    )
    (row,) = rows(case.outlook())
    assert row["payout_now_eur"] == 0
    assert row["payout_at_next_tier_eur"] == 600
    assert row["next_unit_value_eur"] == 400


def test_the_cap_limits_what_is_ahead():
    case = Case(
        [program(cap_eur=Decimal("450.00"))], tiers((1, 100), (3, 200)), units=[unit(1), unit(2)]
    )
    (row,) = rows(case.outlook())
    assert row["payout_at_next_tier_eur"] == 450
    assert row["next_unit_value_eur"] == 250


def test_a_kpi_programme_names_its_next_threshold_but_no_units_to_it():
    case = Case(
        [program(measure="KPI")],
        tiers(("0.5", 100), ("0.8", 200)),
        [dealer(kpi_value=Decimal("0.6"))],
        [unit(1)],
    )
    (row,) = rows(case.outlook())
    assert row["next_threshold"] == Decimal("0.8")
    assert row["units_to_next_tier"] is row["payout_at_next_tier_eur"] is None
    assert row["next_unit_value_eur"] == 100


def test_without_a_unit_there_is_no_price_to_reckon_with():
    units = [unit(1, 100, 100, unit_status="SELF_REGISTRATION")]
    of_price = program(payout_basis="RATE_OF_LIST_PRICE")
    (row,) = rows(Case([of_price], tiers((2, "0.1")), units=units).outlook())
    assert row["units_to_next_tier"] == 2
    assert row["payout_at_next_tier_eur"] is row["next_unit_value_eur"] is None
    assert row["mean_list_price_eur"] is None
    assert not row["is_cliff"]


@pytest.mark.parametrize(("threshold", "missing"), [("100.00", 1), ("100.000001", 2)])
def test_a_threshold_between_two_cents_takes_the_unit_that_passes_it(threshold, missing):
    case = Case([program(measure="REVENUE_NET")], tiers((threshold, 9)), units=[unit(1, 1, 50)])
    assert rows(case.outlook())[0]["units_to_next_tier"] == missing


def test_figures_beyond_their_type_are_left_out():
    case = Case(
        [program(measure="REVENUE_NET")],
        tiers((1, 100), ("999999999999", 200_000)),
        units=[unit(1, 1, "1.00")],
    )
    (row,) = rows(case.outlook())
    assert row["units_to_next_tier"] == 999_999_999_998
    assert row["payout_at_next_tier_eur"] is None
    assert row["next_unit_value_eur"] == 100


def test_a_statement_without_a_dealer_is_refused():
    case = Case([program()], tiers((1, 100)), units=[unit(1)])
    units, dealers, *terms = case.inputs()
    with pytest.raises(ValueError, match="dealer D1 has a statement, but neither units nor"):
        look_ahead(units.slice(0, 0), dealers.iloc[:0], *terms, case.decide())
