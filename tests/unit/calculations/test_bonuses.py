"""Which month a posting repays in."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations.bonuses import BONUSES, bonus_by_month
from tests.unit.calculations.investment_cases import month, records

COLUMNS = [
    *("dealer_id", "brand_code", "program_id", "program_version", "period_start"),
    *("posted_in_month", "amount_eur", "credits_refinancing"),
]


def posting(number, euros, **changes):
    return {
        "dealer_id": "D1",
        "brand_code": "AURA",
        "program_id": "P1",
        "program_version": 1,
        "period_start": date(2024, 1, 1),
        "posted_in_month": month(number),
        "amount_eur": Decimal(str(euros)).quantize(Decimal("0.01")),
        "credits_refinancing": True,
    } | changes


def by_month(*postings, until=99):
    found = bonus_by_month(pd.DataFrame(list(postings), columns=COLUMNS), month(until))
    assert list(found.columns) == BONUSES
    return [(r["dealer_id"], r["month"], r["bonus_cents"]) for r in records(found)]


def test_a_bonus_belongs_to_the_month_into_which_it_was_posted():
    further = posting(5, "0.25", period_start=date(2024, 4, 1))
    found = by_month(posting(2, "10.01"), posting(5, 3), further)
    assert found == [("D1", month(2), 1_001), ("D1", month(5), 325)]


def test_what_is_taken_back_belongs_to_the_month_of_the_first_posting():
    assert by_month(posting(2, 10), posting(5, 3), posting(6, -4)) == [
        ("D1", month(2), 600),
        ("D1", month(5), 300),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"dealer_id": "D2"},
        {"program_id": "P2"},
        {"period_start": date(2024, 4, 1)},
    ],
)
def test_first_is_by_dealer_programme_and_period(changes):
    found = by_month(posting(2, 10), posting(4, 7, **changes), posting(6, -4, **changes))
    dealer_id = changes.get("dealer_id", "D1")
    assert found == [("D1", month(2), 1_000), (dealer_id, month(4), 300)]


def test_only_postings_that_credit_refinancing_repay():
    assert by_month(posting(2, 10, credits_refinancing=False)) == []


def test_postings_after_the_month_asked_for_are_not_known():
    assert by_month(posting(2, 10), posting(6, -4), until=5) == [("D1", month(2), 1_000)]
    assert by_month(posting(2, 10), posting(6, -4), until=6) == [("D1", month(2), 600)]
    assert by_month() == []


def test_a_bonus_beyond_its_type_is_refused():
    most = [posting(2, "9999999999999999.99", program_id=p) for p in "ABCDEFGHIJK"]
    with pytest.raises(ValueError, match="beyond decimal"):
        by_month(*most)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_postings_does_not_matter_and_no_cent_is_lost(data):
    postings = data.draw(
        st.lists(
            st.builds(
                posting,
                st.integers(0, 6),
                st.integers(-9, 9),
                dealer_id=st.sampled_from(["D1", "D2"]),
                program_id=st.sampled_from(["P1", "P2"]),
            ),
            max_size=12,
        )
    )
    found = by_month(*postings)
    assert by_month(*data.draw(st.permutations(postings))) == found
    assert sum(cents for *_, cents in found) == 100 * sum(p["amount_eur"] for p in postings)
    assert [(d, m) for d, m, _ in found] == sorted({(d, m) for d, m, _ in found})
