"""Findings of the weekly review: figure, comparison and direction in one sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.calculations.findings import KINDS, attained, elapsed, write_findings

COMPARISONS = {
    "QUARTER_TARGET": "TARGET",
    "WORST_CASE_TYPE": "NETWORK",
    "OPEN_ACTIONS": "OVERDUE",
    "MEETING": "WEEKS_MET",
}
NB = "\u00a0"


def measure(code, value, before=None, week=(2026, 7), subject=None, dealer_id="D1"):
    return {
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "iso_year": week[0],
        "iso_week": week[1],
        "finding_code": code,
        "subject": subject,
        "value": None if value is None else Decimal(str(value)),
        "comparison_value": None if before is None else Decimal(str(before)),
        "comparison": COMPARISONS.get(code, "YEAR_BEFORE"),
    }


def said(*given, **values):
    """The German and the English sentence."""
    row = write_findings(pd.DataFrame([measure(*given, **values)])).iloc[0]
    return row["finding_text_de"].replace(NB, " "), row["finding_text_en"]


# -- weeks against the week a year before ---------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "before", "german", "english"),
    [
        (
            *(9, 12),
            "Es wurden 9 Fahrzeuge zugelassen, 25,0 % weniger als in der Vorjahreswoche (12).",
            "9 vehicles were registered, 25.0% fewer than in the same week of the year before "
            "(12).",
        ),
        (
            *(1234, 1000),
            "Es wurden 1.234 Fahrzeuge zugelassen, 23,4 % mehr als in der Vorjahreswoche (1.000).",
            "1,234 vehicles were registered, 23.4% more than in the same week of the year before "
            "(1,000).",
        ),
        (
            *(1, 1),
            "Es wurde 1 Fahrzeug zugelassen, genau wie in der Vorjahreswoche (1).",
            "1 vehicle was registered, just as in the same week of the year before (1).",
        ),
        (
            *(4, 0),
            "Es wurden 4 Fahrzeuge zugelassen, 4 mehr als in der Vorjahreswoche (0).",
            "4 vehicles were registered, 4 more than in the same week of the year before (0).",
        ),
        (
            *(0, 0),
            "Es wurde kein Fahrzeug zugelassen, genau wie in der Vorjahreswoche (0).",
            "No vehicle was registered, just as in the same week of the year before (0).",
        ),
        (
            *(0, 12),
            "Es wurde kein Fahrzeug zugelassen, 12 weniger als in der Vorjahreswoche (12).",
            "No vehicle was registered, 12 fewer than in the same week of the year before (12).",
        ),
        (
            *(9, None),
            "Es wurden 9 Fahrzeuge zugelassen; aus der Vorjahreswoche liegt keine Zahl vor.",
            "9 vehicles were registered; there is no figure for the same week of the year before.",
        ),
        # a change that no digit of the percent shows is said in vehicles
        (
            *(10_001, 10_000),
            "Es wurden 10.001 Fahrzeuge zugelassen, 1 mehr als in der Vorjahreswoche (10.000).",
            "10,001 vehicles were registered, 1 more than in the same week of the year before "
            "(10,000).",
        ),
    ],
)
def test_a_week_against_the_week_a_year_before(value, before, german, english):
    assert said("REGISTRATIONS", value, before) == (german, english)


def test_of_less_than_ten_before_the_change_is_no_percent():
    assert said("ORDERS", 12, 9)[0] == (
        "Es wurden 12 Fahrzeuge bestellt, 3 mehr als in der Vorjahreswoche (9)."
    )
    assert said("COMPLAINTS", 1, 3) == (
        "Es ging 1 Beschwerde ein, 2 weniger als in der Vorjahreswoche (3).",
        "1 complaint was received, 2 fewer than in the same week of the year before (3).",
    )


def test_week_53_is_compared_with_the_last_week_of_the_year_before():
    german, english = said("ORDERS", 9, 12, week=(2026, 53))
    assert german.endswith("weniger als in der letzten Woche des Vorjahres, KW 52 (12).")
    assert english.endswith("fewer than in the last week of the year before, week 52 (12).")


# -- points, rates, hours -------------------------------------------------------------------------
def test_points_and_rates_differ_by_what_is_shown():
    # 84.25 - 82.94 is 1.31, but 84.3 - 82.9 is what people will check
    assert said("CSI", "84.25", "82.94") == (
        "Die Kundenzufriedenheit (CSI) der letzten 13 Wochen liegt bei 84,3 Punkten, 1,4 Punkte "
        "mehr als ein Jahr zuvor (82,9).",
        "Customer satisfaction (CSI) over the last 13 weeks stands at 84.3 points, 1.4 points "
        "more than a year before (82.9).",
    )
    assert said("PENETRATION", "0.0801", "0.0799")[1] == (
        "Market penetration in the newest quarter with market data is 8.0%, just as a year before "
        "(8.0%)."
    )
    assert "beträgt 7,9 %, 0,6 Prozentpunkte weniger" in said("PENETRATION", "0.0785", "0.0845")[0]


def test_a_net_promoter_score_may_be_below_zero():
    assert said("NPS", "-5.05", "3") == (
        "Die Weiterempfehlungsbereitschaft (NPS) der letzten 13 Wochen liegt bei \u22125,1 "
        "Punkten, 8,1 Punkte weniger als ein Jahr zuvor (3,0).",
        "The net promoter score (NPS) over the last 13 weeks stands at \u22125.1 points, 8.1 "
        "points less than a year before (3.0).",
    )


def test_the_electric_share_without_a_year_before():
    german, english = said("EV_SHARE", "0.25")
    assert german.endswith("25,0 % der Zulassungen aus; von einem Jahr zuvor liegt kein Wert vor.")
    assert english.endswith("; there is no figure from a year before.")


@pytest.mark.parametrize(
    ("value", "before", "subject", "german"),
    [
        (71.5, 59.5, "WARRANTY", "Garantiefälle: im Median der letzten 13 Wochen 71,5 Stunden"),
        (50, 59.5, "COMPLAINT", "Lösung, aber 9,5 Stunden weniger als im Netz (59,5)."),
        (50, 50, "SERVICE_REQUEST", "Lösung, genau wie im Netz (50,0)."),
        (1271.5, None, "RECALL", "Am längsten dauern RECALL: im Median"),
    ],
)
def test_the_worst_case_type_against_the_network(value, before, subject, german):
    assert german in said("WORST_CASE_TYPE", value, before, subject=subject)[0]


# -- the quarter's target -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "target", "week", "german", "english"),
    [
        (
            *(45, 120, (2026, 7)),
            "Vom Quartalsziel von 120 Fahrzeugen sind 45 zugelassen (37,5 %), weniger als der "
            "Anteil der vergangenen Tage (51,1 %); es fehlen noch 75.",
            "45 of the quarter's target of 120 vehicles are registered (37.5%), less than the "
            "share of days gone by (51.1%); 75 to go.",
        ),
        (
            *(1, 2, (2026, 5)),
            "Vom Quartalsziel von 2 Fahrzeugen ist 1 zugelassen (50,0 %), mehr als der Anteil der "
            "vergangenen Tage (35,6 %); es fehlt noch 1.",
            "1 of the quarter's target of 2 vehicles is registered (50.0%), more than the share "
            "of days gone by (35.6%); 1 to go.",
        ),
        (
            *(0, 1, (2026, 1)),
            "Vom Quartalsziel von 1 Fahrzeug ist noch keines zugelassen (0,0 %), weniger als der "
            "Anteil der vergangenen Tage (4,4 %); es fehlt noch 1.",
            "None of the quarter's target of 1 vehicle is registered (0.0%), less than the share "
            "of days gone by (4.4%); 1 to go.",
        ),
        (
            *(125, 120, (2026, 7)),
            "Das Quartalsziel von 120 Fahrzeugen ist mit 125 Zulassungen erreicht (104,2 %), nach "
            "51,1 % der Tage des Quartals.",
            "The quarter's target of 120 vehicles is met with 125 registrations (104.2%), after "
            "51.1% of the quarter's days.",
        ),
        # the week of Thursday 31 December: the quarter is over
        (
            *(1999, 2000, (2026, 53)),
            "Vom Quartalsziel von 2.000 Fahrzeugen sind 1.999 zugelassen (99,9 %); das Quartal "
            "ist zu Ende, das Ziel um 1 verfehlt.",
            "1,999 of the quarter's target of 2,000 vehicles are registered (99.9%); the quarter "
            "is over, the target missed by 1.",
        ),
        (
            *(5, 0, (2026, 7)),
            "Für das Quartal ist kein Fahrzeug als Ziel vereinbart (0); zugelassen: 5.",
            "The target agreed for the quarter is no vehicle (0); registered: 5.",
        ),
    ],
)
def test_the_quarters_target_against_the_days_gone_by(value, target, week, german, english):
    assert said("QUARTER_TARGET", value, target, week=week) == (german, english)


def test_days_gone_by_are_those_of_the_quarter_of_the_weeks_thursday():
    weeks = [(year, week) for year in (2020, 2021, 2024, 2025) for week in range(1, 53)]
    weeks.append((2020, 53))
    rows = pd.DataFrame(weeks, columns=["iso_year", "iso_week"])
    for (year, week), found in zip(weeks, elapsed(rows).tolist(), strict=True):
        thursday = date.fromisocalendar(year, week, 4)
        first = thursday.month - (thursday.month - 1) % 3
        start = date(thursday.year, first, 1)
        end = date(thursday.year + (first + 2) // 12, (first + 3) % 12, 1)
        gone = min((date.fromisocalendar(year, week, 7) - start).days + 1, (end - start).days)
        assert abs(found - 1000 * gone / (end - start).days) <= 0.5


def test_a_target_that_is_not_met_never_shows_as_a_hundred_percent():
    assert attained(np.array([9999, 10_000, 0]), np.array([10_000, 10_000, 0])).tolist() == [
        *(999, 1000, 0)
    ]


# -- the dialogue ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "overdue", "german", "english"),
    [
        (0, 0, "Keine Maßnahme ist offen (0), keine", "No action is open (0), none"),
        (1, 0, "1 Maßnahme ist offen; überfällig ist sie nicht (0).", "1 action is open; it is"),
        (1, 1, "1 Maßnahme ist offen, und sie ist überfällig (1).", "open, and it is overdue (1)."),
        (7, 0, "7 Maßnahmen sind offen; überfällig ist keine davon (0).", "none of them is"),
        (7, 1, "7 Maßnahmen sind offen, 1 davon ist überfällig.", "1 of them is overdue."),
        (7, 2, "7 Maßnahmen sind offen, 2 davon sind überfällig.", "2 of them are overdue."),
        (7, None, "7 Maßnahmen sind offen.", "7 actions are open."),
        (1, None, "1 Maßnahme ist offen.", "1 action is open."),
    ],
)
def test_open_actions_and_those_overdue(value, overdue, german, english):
    found = said("OPEN_ACTIONS", value, overdue)
    assert german in found[0] and english in found[1]


def test_whether_they_met_and_how_often():
    assert said("MEETING", 1, 11) == (
        "Das Wochengespräch fand statt, in den letzten 13 Wochen 11-mal.",
        "The weekly meeting took place; of the last 13 weeks it was held in 11.",
    )
    assert said("MEETING", 0, 0)[0] == (
        "Das Wochengespräch fiel aus; in den letzten 13 Wochen fand es 0-mal statt."
    )
    assert said("MEETING", 1) == (
        "Das Wochengespräch fand statt.",
        "The weekly meeting took place.",
    )


# -- all of them ----------------------------------------------------------------------------------
def test_every_row_keeps_its_columns_and_gets_its_own_sentences():
    rows = [
        measure("ORDERS", value, 12, dealer_id=dealer_id, week=week)
        for value, dealer_id, week in [
            (3, "D2", (2026, 7)),
            (9, "D1", (2026, 7)),
            (9, "D1", (2026, 6)),
        ]
    ]
    made = write_findings(pd.DataFrame(rows))
    assert list(made.columns) == [*rows[0], "finding_text_de", "finding_text_en"]
    assert made["dealer_id"].tolist() == ["D1", "D1", "D2"]
    assert made["iso_week"].tolist() == [6, 7, 7]
    assert [text[:10] for text in made["finding_text_en"]] == [
        "9 vehicles",
        "9 vehicles",
        "3 vehicles",
    ]


def test_a_finding_without_sentence_or_value_is_refused():
    with pytest.raises(ValueError, match="no sentence is known for finding WEATHER"):
        said("WEATHER", 1)
    with pytest.raises(ValueError, match="finding ORDERS of D1 has no value"):
        said("ORDERS", None, 1)


def test_without_measures_there_are_no_findings():
    made = write_findings(pd.DataFrame([measure("ORDERS", 1)]).iloc[:0])
    assert made.empty and "finding_text_de" in made.columns


figures = st.decimals(-1000, 100_000, places=6)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(KINDS)), figures, st.none() | figures, st.integers(1, 53)),
        min_size=1,
        max_size=20,
    )
)
def test_every_finding_says_something_complete_in_both_languages(some):
    rows = [
        measure(code, abs(value) if KINDS[code].unit != "POINTS" else value, before, (2026, week))
        for code, value, before, week in some
    ]
    made = write_findings(pd.DataFrame(rows))
    for text in [*made["finding_text_de"], *made["finding_text_en"]]:
        assert text.endswith(".") and text[0].isalnum()
        assert "{" not in text and "nan" not in text
