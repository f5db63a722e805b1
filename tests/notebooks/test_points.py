"""A score's points: what each KPI loses, and what a step better brings."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notebooks import points
from orchestration.serving.reading import Publication
from tests.notebooks.example import DECEMBER, NOVEMBER


def key(dealer_id: str, month=DECEMBER) -> dict:
    return {"dealer_id": dealer_id, "brand_code": "ARVA", "score_month": month}


def lost(publication: Publication, dealer_id: str, month=DECEMBER) -> dict[str, int]:
    """KPI -> hundredths of a point that it loses."""
    return {
        row["kpi_code"]: row["lost_hundredths"]
        for row in publication.records(
            "select * from points_lost where dealer_id = $dealer_id and score_month = $month",
            dealer_id=dealer_id,
            month=month,
        )
    }


def waterfall(publication: Publication, dealer_id: str, other=None, month=None) -> list[dict]:
    return publication.records(
        points.WATERFALL, **key(dealer_id), other_dealer_id=other, other_month=month
    )


def next_steps(publication: Publication, dealer_id: str, month=DECEMBER) -> dict[str, dict]:
    found = publication.records(
        points.NEXT_STEPS, **key(dealer_id, month), steps=points.steps_parameter()
    )
    return {row["kpi_code"]: row for row in found}


def test_the_worked_example_loses_at_closing_what_it_gains_elsewhere(publication) -> None:
    assert lost(publication, "D1") == {"CSI": -200, "CLOSING_RATE": 700, "STOCK_DAYS": -500}


def test_a_missing_kpi_that_is_excluded_has_no_part_and_the_others_weigh_more(publication) -> None:
    # 100 x 35 x 0.2 / 75 = 9.3333, 100 x 40 x -0.05 / 75 = -2.6667, and 100 - 93.33 = 6.67
    assert lost(publication, "D2") == {"CSI": -267, "CLOSING_RATE": 934}


def test_a_missing_kpi_that_counts_as_zero_loses_its_whole_weight(publication) -> None:
    assert lost(publication, "D3") == {"CSI": -200, "CLOSING_RATE": 700, "STOCK_DAYS": 2500}


def test_without_a_score_nothing_is_split(publication) -> None:
    assert lost(publication, "D4") == {}


def test_the_waterfall_leads_from_100_to_the_score(publication) -> None:
    found = waterfall(publication, "D3")
    assert [
        (r["kpi_code"], r["from_hundredths"], r["to_hundredths"], r["kind"]) for r in found
    ] == [
        ("STOCK_DAYS", 10000, 7500, "MISSING"),
        ("CLOSING_RATE", 7500, 6800, "LOST"),
        ("CSI", 6800, 7000, "GAINED"),
    ]


def test_the_waterfall_leads_from_the_month_before_to_the_score(publication) -> None:
    found = waterfall(publication, "D1", "D1", NOVEMBER)
    assert [(r["kpi_code"], r["lost_hundredths"]) for r in found] == [
        ("CLOSING_RATE", 700),
        ("CSI", -200),
        ("STOCK_DAYS", -1000),
    ]
    assert (found[0]["from_hundredths"], found[-1]["to_hundredths"]) == (9500, 10000)


def test_compared_with_the_best_a_kpi_that_does_not_count_is_shown_as_such(publication) -> None:
    found = waterfall(publication, "D2", "D1", DECEMBER)
    assert {r["kpi_code"]: (r["lost_hundredths"], r["kind"]) for r in found} == {
        "STOCK_DAYS": (500, "NOT_COUNTED"),
        "CLOSING_RATE": (234, "LOST"),
        "CSI": (-67, "GAINED"),
    }
    assert (found[0]["from_hundredths"], found[-1]["to_hundredths"]) == (10000, 9333)


def test_one_more_sale_of_50_leads_brings_a_third_of_the_way_to_the_target(publication) -> None:
    # 0.12 + 1/50 = 0.14 of 0.15: attainment 0.8 -> 0.9333, two thirds of the 7 points lost
    step = next_steps(publication, "D1")["CLOSING_RATE"]
    assert step["points_of_a_step"] == pytest.approx(7 * 2 / 3)
    assert step["steps_to_target"] == 2


def test_a_day_less_of_stock_counts_where_lower_is_better(publication) -> None:
    # 75 / 93.75 = 0.8 -> 75 / 92.75; 18.75 days to the target
    step = next_steps(publication, "D1", NOVEMBER)["STOCK_DAYS"]
    assert step["points_of_a_step"] == pytest.approx(25 * (75 / 92.75 - 0.8))
    assert step["steps_to_target"] == 19


def test_only_kpis_below_target_are_proposed(publication) -> None:
    assert set(next_steps(publication, "D3")) == {"CLOSING_RATE"}


def test_each_kpi_with_a_step_of_its_own_is_said_in_words() -> None:
    from orchestration.language.texts import TEXTS

    assert {f"step_{code}" for code in points.STEPS} <= set(TEXTS)


MILLIONTH = Decimal("0.000001")
rates = st.integers(0, 1_500_000).map(lambda i: i * MILLIONTH)
weights = st.integers(1, 60_000_000).map(lambda i: i * MILLIONTH)
cards = st.lists(
    st.tuples(weights, st.one_of(rates, st.sampled_from(["EXCLUDE", "ZERO"]))),
    min_size=1,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(cards)
def test_points_lost_always_sum_to_100_minus_the_score(drawn) -> None:
    counted = [(w, Decimal(0) if c == "ZERO" else c) for w, c in drawn if c != "EXCLUDE"]
    total = sum(w for w, _ in counted)
    score = (
        (100 * sum(w * c for w, c in counted) / total).quantize(MILLIONTH, ROUND_HALF_UP)
        if counted
        else None
    )
    publication = tables(drawn, score)
    found = publication.records("select sum(lost_hundredths) as lost from points_lost")[0]["lost"]
    shown = score and score.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert found == (None if score is None else 10_000 - 100 * shown)
    exact = publication.records(
        "select weight, clipped_attainment, lost_hundredths from points_lost"
    )
    for row in exact:
        loss = 10_000 * row["weight"] * (1 - (row["clipped_attainment"] or 0)) / total
        assert abs(row["lost_hundredths"] - loss) < 1


def tables(drawn, score) -> Publication:
    """One scorecard in memory."""
    connection = duckdb.connect()
    connection.execute(
        "create table mart_partner_scorecard as select 'D' as dealer_id, 'B' as brand_code, "
        "date '2024-01-01' as score_month, $score::decimal(18, 6) as score",
        {"score": score},
    )
    connection.execute(
        "create table mart_partner_scorecard_kpi (dealer_id varchar, brand_code varchar, "
        "score_month date, kpi_code varchar, status varchar, missing_reason varchar, "
        "missing_policy varchar, actual_value decimal(18, 6), sample_count bigint, "
        "target_value decimal(18, 6), attainment decimal(18, 6), "
        "clipped_attainment decimal(18, 6), floor_rate decimal(18, 6), cap_rate decimal(18, 6), "
        "weight decimal(18, 6))"
    )
    connection.executemany(
        "insert into mart_partner_scorecard_kpi (dealer_id, brand_code, score_month, kpi_code, "
        "status, missing_policy, clipped_attainment, weight) "
        "values ('D', 'B', date '2024-01-01', $1, $2, $3, $4, $5)",
        [
            (
                f"K{i}",
                "MISSING" if isinstance(clipped, str) else "SCORED",
                clipped if isinstance(clipped, str) else "EXCLUDE",
                None if isinstance(clipped, str) else clipped,
                weight,
            )
            for i, (weight, clipped) in enumerate(drawn)
        ],
    )
    publication = Publication(connection)
    points.prepare(publication)
    return publication
