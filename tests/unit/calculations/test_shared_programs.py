"""Shared programmes: what each member carries."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations.shared_programs import allocate


def member(dealer_id, weight, total, floor=None, cap=None, program_id="P1"):
    return {
        "program_id": program_id,
        "dealer_id": dealer_id,
        "brand_code": "AURA",
        "allocation_weight": weight,
        "program_partner_total_eur": Decimal(total),
        "min_share_eur": None if floor is None else Decimal(floor),
        "max_share_eur": None if cap is None else Decimal(cap),
    }


def shares(*members):
    rows = allocate(pd.DataFrame(members))
    return dict(zip(rows["dealer_id"], map(str, rows["partner_share_eur"]), strict=True))


def test_golden_135_million_of_450_million_are_split_to_the_cent():
    members = [member(f"D{n:03}", 1, "135000000.00") for n in range(7)]
    rows = allocate(pd.DataFrame(members))
    assert rows["partner_share_eur"].tolist() == [
        Decimal(cents) / 100 for cents in [1_928_571_429] * 4 + [1_928_571_428] * 3
    ]
    assert rows["partner_share_eur"].sum() == Decimal("135000000.00")


def test_equal_odd_cents_go_by_dealer_whatever_the_order_of_the_rows():
    one, two, three = (member(d, 1, "100.00") for d in ("D1", "D2", "D3"))
    expected = {"D1": "33.34", "D2": "33.33", "D3": "33.33"}
    assert shares(one, two, three) == shares(three, two, one) == expected


def test_floors_and_caps_move_the_rest_to_the_others():
    found = shares(
        member("D1", 90, "100.00", "10.00", "50.00"),
        member("D2", 9, "100.00", "10.00", "50.00"),
        member("D3", 1, "100.00", "10.00", "50.00"),
    )
    assert found == {"D1": "50.00", "D2": "40.00", "D3": "10.00"}


@pytest.mark.parametrize(
    ("floor", "cap"),
    [("60.00", None), (None, "40.00"), ("50.00", "40.00")],
    ids=["floors above the total", "caps below the total", "a floor above its cap"],
)
def test_a_programme_that_cannot_be_split_is_refused_alone(floor, cap):
    refused = [member(d, 1, "100.00", floor, cap) for d in ("D1", "D2")]
    held = member("D3", 1, "9.99", program_id="P2")
    assert shares(*refused, held) == {"D3": "9.99"}


def test_without_members_there_is_nothing():
    assert allocate(pd.DataFrame([member("D1", 1, "1.00")]).iloc[:0]).empty


programs = st.lists(
    st.tuples(
        st.integers(0, 10**11),
        st.lists(st.integers(0, 10**6), min_size=1, max_size=8),
        st.one_of(st.none(), st.integers(0, 10**9)),
        st.one_of(st.none(), st.integers(0, 10**11)),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(programs)
def test_a_programme_is_split_whole_within_its_bounds_or_not_at_all(some):
    def euro(cents):
        return None if cents is None else Decimal(cents) / 100

    rows = allocate(
        pd.DataFrame(
            member(f"D{n}", weight, euro(total), euro(floor), euro(cap), f"P{number}")
            for number, (total, weights, floor, cap) in enumerate(some)
            for n, weight in enumerate(weights)
        )
    )
    for number, (total, weights, floor, cap) in enumerate(some):
        found = rows.loc[rows["program_id"] == f"P{number}", "partner_share_eur"]
        most = total if cap is None else cap
        least = floor or 0
        if least > most or least * len(weights) > total or most * len(weights) < total:
            assert found.empty
        else:
            assert found.sum() * 100 == total
            assert found.between(euro(least), euro(most)).all()
