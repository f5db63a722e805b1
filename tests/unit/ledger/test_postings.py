"""What a close posts, from what dealers are entitled to."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from orchestration.ledger.postings import KEY, posting_amounts

amounts = st.integers(min_value=-(10**17), max_value=10**17)
accounts = st.dictionaries(
    st.tuples(st.sampled_from(["D1", "D2", "D3"]), st.sampled_from(["P1", "P2"])),
    amounts,
    max_size=6,
)


def rows(cents: dict[tuple[str, str], int], name: str) -> pd.DataFrame:
    made = [(d, "AURA", p, 1, date(2024, 1, 1), value) for (d, p), value in cents.items()]
    return pd.DataFrame(made, columns=[*KEY, name])


def posted_by(postings: pd.DataFrame) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for row in postings.to_dict("records"):
        key = row["dealer_id"], row["program_id"]
        sums[key] = sums.get(key, 0) + row["amount_cents"]
    return sums


@given(accounts, accounts, accounts)
def test_what_is_posted_makes_up_the_entitlement(entitled, posted, remaining) -> None:
    """Whatever was posted before, and whatever was taken away since."""
    postings = posting_amounts(
        rows(entitled, "entitlement_cents"),
        rows(remaining, "entitlement_cents"),
        rows(posted, "posted_cents"),
    )
    made = posted_by(postings)
    for key in {*entitled, *posted}:
        assert posted.get(key, 0) + made.get(key, 0) == entitled.get(key, 0)
    assert (postings["amount_cents"] != 0).all()
    for row in postings.to_dict("records"):
        key = row["dealer_id"], row["program_id"]
        assert (row["posting_type"] == "SETTLEMENT") == (key not in posted)
        if row["posting_type"] == "CLAWBACK":
            assert row["amount_cents"] == remaining[key] - posted[key]


def test_a_claw_back_and_an_adjustment_are_told_apart() -> None:
    postings = posting_amounts(
        rows({("D1", "P1"): 21_600_00}, "entitlement_cents"),
        rows({("D1", "P1"): 20_000_00}, "entitlement_cents"),
        rows({("D1", "P1"): 33_000_00, ("D2", "P1"): 100_00}, "posted_cents"),
    )
    found = {
        (row["dealer_id"], row["posting_type"]): row["amount_cents"]
        for row in postings.to_dict("records")
    }
    assert found == {
        ("D1", "CLAWBACK"): -13_000_00,
        ("D1", "ADJUSTMENT"): 1_600_00,
        ("D2", "ADJUSTMENT"): -100_00,
    }
