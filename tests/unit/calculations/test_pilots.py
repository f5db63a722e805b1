"""The uplift of a pilot and its interval: what statsmodels makes of the same panel."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from orchestration.calculations.pilots import pilot_effects

MILLIONTH = Decimal("0.000001")


def member(arm, change, pilot_id="P1"):
    return {
        "pilot_id": pilot_id,
        "arm": arm,
        "change": None if change is None else Decimal(str(change)).quantize(MILLIONTH),
    }


def changes(pilot, control, pilot_id="P1"):
    members = [member("PILOT", c, pilot_id) for c in pilot]
    return members + [member("CONTROL", c, pilot_id) for c in control]


def effect(pilot, control):
    (row,) = pilot_effects(pd.DataFrame(changes(pilot, control))).to_dict("records")
    return [None if row[k] is None else str(row[k]) for k in ("uplift", "ci_low", "ci_high")]


def panel(seed):
    """Dealers of both arms in w months before and after, with what dealers, months and the pilot
    bring; the two arms differ in size and in how much they vary."""
    draw = np.random.default_rng(seed)
    months = int(draw.integers(1, 7))
    arms = ["PILOT"] * int(draw.integers(2, 30)) + ["CONTROL"] * int(draw.integers(2, 60))
    lift = draw.normal(0, 0.2)
    rows = []
    for number, arm in enumerate(arms):
        level, spread = draw.normal(0.5, 0.2), 0.02 if arm == "PILOT" else 0.1
        for is_after in (0, 1):
            gain = is_after * (0.03 + lift * (arm == "PILOT") + draw.normal(0, spread))
            for month in range(months):
                value = round(level + gain + 0.01 * month + draw.normal(0, 0.05), 6)
                rows.append((f"D{number}", arm, is_after, month, value))
    return pd.DataFrame(rows, columns=["dealer_id", "arm", "is_after", "month", "value"])


def changes_of(months):
    """Each dealer's mean after less his mean before, as Decimal of six places."""
    means = months.groupby(["dealer_id", "arm", "is_after"])["value"].mean().unstack()
    return [
        member(arm, Decimal(after - before).quantize(MILLIONTH, ROUND_HALF_UP))
        for (_, arm), before, after in means.itertuples()
    ]


@pytest.mark.parametrize("seed", range(12))
def test_random_panels_give_what_statsmodels_gives(seed):
    months = panel(seed)
    made = pd.DataFrame(changes_of(months))
    (found,) = pilot_effects(made).to_dict("records")
    found = [float(found[k]) for k in ("uplift", "ci_low", "ci_high")]

    # difference in differences with effects of each dealer and each month, on all months
    fit = smf.ols(
        "value ~ C(dealer_id) + is_after:C(month) + C(month) + treated",
        months.assign(treated=months["is_after"] * (months["arm"] == "PILOT")),
    ).fit()
    assert found[0] == pytest.approx(fit.params["treated"], abs=2e-6)

    # the same of one change a dealer, arms that vary differently (HC2 is Welch's variance)
    is_pilot = (made["arm"] == "PILOT").to_numpy()
    change = made["change"].to_numpy(float)
    once = sm.OLS(change, sm.add_constant(is_pilot.astype(float))).fit(cov_type="HC2")
    compared = CompareMeans(DescrStatsW(change[is_pilot]), DescrStatsW(change[~is_pilot]))
    freedom = compared.dof_satt()
    reach = student.ppf(0.975, freedom) * once.bse[1]
    expected = [once.params[1], once.params[1] - reach, once.params[1] + reach]
    assert found == pytest.approx(expected, abs=6e-7)
    low, high = compared.tconfint_diff(alpha=0.05, usevar="unequal")
    assert found[1:] == pytest.approx([low, high], abs=6e-7)


def test_the_uplift_is_the_difference_of_the_mean_changes():
    # means 0.3 and 0.1; both arms vary by 0.02 over two dealers: an error of sqrt(0.02), and two
    # degrees of freedom, for which the tables give 4.302653
    reach = 4.302652729911275 * np.sqrt(0.02)
    low, high = 0.2 - reach, 0.2 + reach
    assert effect([0.2, 0.4], [0, 0.2]) == ["0.200000", f"{low:.6f}", f"{high:.6f}"]


@pytest.mark.parametrize(
    ("pilot", "control", "uplift"),
    [
        (["0.000001", "0"], ["0", "0"], "0.000001"),
        (["0", "0"], ["0.000001", "0"], "-0.000001"),
        (["0.000003", "0"], ["0", "0"], "0.000002"),
        (["0.100001", "0.1"], ["0", "0"], "0.100001"),
    ],
)
def test_half_a_millionth_is_rounded_away_from_zero_exactly(pilot, control, uplift):
    assert effect(pilot, control)[0] == uplift


def test_arms_that_do_not_vary_are_sure():
    assert effect([0.3] * 3, [0.1] * 5) == ["0.200000"] * 3


def test_one_dealer_in_an_arm_has_an_uplift_but_no_interval():
    assert effect([0.3], [0.1, 0.2]) == ["0.150000", None, None]
    assert effect([0.3, 0.1], [0.1]) == ["0.100000", None, None]


def test_without_a_dealer_in_an_arm_nothing_is_told():
    assert effect([], [0.1, 0.2]) == effect([0.1], []) == [None] * 3
    assert effect([None], [0.1, 0.2]) == [None] * 3


def test_dealers_without_a_change_are_passed_over():
    assert effect([0.2, None, 0.4], [0, 0.2, None]) == effect([0.2, 0.4], [0, 0.2])


def test_each_pilot_is_told_by_itself_in_their_order():
    made = changes([3, 3], [1, 1], "P2") + changes([1, 1], [3, 3], "P1")
    found = pilot_effects(pd.DataFrame(made))
    assert found["pilot_id"].tolist() == ["P1", "P2"]
    assert found["uplift"].tolist() == [-2, 2]
    assert found["ci_low"].tolist() == found["ci_high"].tolist() == [-2, 2]


def test_pilots_with_and_without_figures_stand_side_by_side():
    exact = "123456789012.345679"
    made = changes([exact] * 2, [0, 0], "P1") + changes([1], [], "P2") + changes([3], [1, 1], "P3")
    found = pilot_effects(pd.DataFrame(made))
    assert found["uplift"].tolist() == [Decimal(exact), None, 2]
    assert found["ci_low"].tolist() == [Decimal(exact), None, None]


def test_without_pilots_there_is_nothing():
    found = pilot_effects(pd.DataFrame(changes([1], [1])).iloc[:0])
    assert found.empty
    assert found.columns.tolist() == ["pilot_id", "uplift", "ci_low", "ci_high"]


def test_an_unknown_arm_is_refused():
    with pytest.raises(ValueError, match=r"arm \['TEST'\] is none of PILOT, CONTROL"):
        pilot_effects(pd.DataFrame([member("TEST", 1)]))


def test_an_uplift_finer_than_floats_still_lies_in_its_interval():
    found = effect(["100000000000.000001", "100000000000"], [0, 0])
    assert found == ["100000000000.000001"] * 3


def test_what_the_type_does_not_hold_is_left_out():
    large = "999999999999.999999"
    assert effect([large] * 2, [f"-{large}"] * 2) == [None] * 3


decimals = st.lists(
    st.decimals(min_value=-(10**11), max_value=10**11, places=6), min_size=2, max_size=12
)


@given(decimals, decimals, st.randoms())
def test_the_uplift_is_exact_lies_in_its_interval_and_does_not_hang_on_the_order(
    pilot, control, random
):
    found = effect(pilot, control)
    exact = sum(map(Fraction, pilot)) / len(pilot) - sum(map(Fraction, control)) / len(control)
    assert abs(Fraction(found[0]) - exact) <= Fraction(1, 2_000_000)
    if None not in found:
        assert Decimal(found[1]) <= Decimal(found[0]) <= Decimal(found[2])
    rows = changes(pilot, control)
    random.shuffle(rows)
    (row,) = pilot_effects(pd.DataFrame(rows)).to_dict("records")
    assert [None if v is None else str(v) for v in list(row.values())[1:]] == found


@given(decimals, decimals)
def test_the_other_way_round_everything_turns_its_sign(pilot, control):
    there, back = effect(pilot, control), effect(control, pilot)
    if None not in there:
        turned = [-Decimal(back[n]) for n in (0, 2, 1)]
        assert [Decimal(v) for v in there] == turned
