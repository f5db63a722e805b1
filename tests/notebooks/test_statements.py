"""The incentive statement: every figure is that of the marts, down to the file's row."""

from __future__ import annotations

import importlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from notebooks import statements
from orchestration.serving.reading import Publication
from orchestration.settings import Settings
from tests.notebooks.example import (
    DECEMBER,
    NOVEMBER,
    QUARTER,
    incentives,
    key_id,
    posting,
    publish_rows,
    rows,
    run,
)


@pytest.fixture(autouse=True)
def _reads_example(example: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(example.warehouse))


TIERS = [
    {
        "program_id": "P",
        "program_version": 1,
        "tier_no": n,
        "threshold": Decimal(threshold),
        "rate": Decimal(rate),
    }
    for n, threshold, rate in ((1, "0.7", "0.005"), (2, "0.8", "0.0175"), (3, "0.85", "0.02"))
]


def key(dealer_id: str, program_id: str, start: date) -> dict:
    return {
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "program_id": program_id,
        "period_start": start,
    }


def shown(dealer_id: str, program_id: str, start: date, language: str = "en", **overrides):
    return run("incentive_statement", language, key=key(dealer_id, program_id, start), **overrides)


EVERY = pytest.mark.parametrize(
    "own",
    [
        (r["dealer_id"], r["program_id"], r["period_start"])
        for r in incentives()["mart_incentive_statement"]
    ],
    ids=lambda own: f"{own[1]}-{own[0]}",
)


@EVERY
def test_the_figures_are_those_of_the_marts(own, publication: Publication) -> None:
    page = shown(*own, language="de")
    (mart,) = publication.records(
        f"select * from mart_incentive_statement where {WHERE}", **key(*own)
    )
    (lines,) = publication.records(
        "select count(*) as n, count(zero_reason) as zeros, sum(amount_eur) as total "
        f"from mart_incentive_line where {WHERE}",
        **key(*own),
    )
    for name in ("entitlement_eur", "posted_eur", "accrual_eur"):
        amount = f"{mart[name]:,.2f}".translate(str.maketrans(",.", ".,")).replace("-", "\u2212")
        assert f"<strong>{amount}\u00a0€</strong>" in page.html
    assert page.line_total == lines["total"] == mart["entitlement_eur"]
    assert (page.line_count, page.zero_count) == (lines["n"], lines["zeros"])
    assert sum(line["amount_eur"] for line in page.lines) == mart["entitlement_eur"]
    assert "genau der Anspruch" in page.html and "Bitte melden" not in page.html
    ends = [c.end for c in page.waterfall if c.kind == "POSTED"]
    assert ends == [mart["posted_eur"]]
    assert page.waterfall[-1].end == mart["posted_eur"] + mart["accrual_eur"]


WHERE = (
    "dealer_id = $dealer_id and brand_code = $brand_code and program_id = $program_id "
    "and period_start = $period_start"
)


def test_the_waterfall_goes_from_close_to_close_to_today() -> None:
    page = shown("D1", "STAIRS", QUARTER)
    assert [(c.kind, c.start, c.end) for c in page.waterfall] == [
        ("SETTLEMENT", 0, 33000),
        ("CLAWBACK", 33000, 21600),
        ("POSTED", 21600, 21600),
        ("ACCRUAL", 21600, 21200),
        ("NOW", 21200, 21200),
    ]
    assert (
        "33,000.00\u00a0€ \u221211,400.00\u00a0€ = <b>21,600.00\u00a0€</b>, the sum of the postings"
        in page.html
    )
    assert "Not yet posted: \u2212400.00\u00a0€; as known today it is <b>21,200.00" in page.html
    assert "December 2024\\nSettlement" in page.html.replace("\\\\n", "\\n")


def test_behind_a_claw_back_stands_what_took_the_unit_away() -> None:
    html = shown("D1", "STAIRS", QUARTER).html
    row = html.split(f">VIN{99:014}<")[1].split("</tr>")[0]
    for cell in ("20 Dec 2024", "Deregistration", "7 Jan 2025", "D1_20250110.csv", "12"):
        assert f">{cell}</td>" in row
    assert "Vehicles that no longer count" not in shown("D1", "MARGINAL", DECEMBER).html


def test_each_line_leads_to_its_row_and_to_the_command_that_explains_it() -> None:
    page = shown("D1", "STAIRS", QUARTER)
    first = key_id("STAIRS", QUARTER, "D1", "D1-STAIRS-0")
    assert f"<code>partnerdw explain {first[:12]}</code>" in page.html
    own = key_id("D1", "ARVA", "STAIRS", QUARTER)
    assert f"<code>partnerdw explain {own[:12]}</code>" in page.html
    line = page.html.split(f">{first[:12]}<")[0].rsplit("<tr>", 1)[1]
    cells = [cell.split(">", 1)[1].removesuffix("</td>") for cell in line.split("<td")[1:-1]]
    assert cells == [
        f"VIN{0:014}",
        "1 Oct 2024",
        "400.00\u00a0€",
        "400.00\u00a0€",
        "",
        "D1_20250103.csv",
        "2",
    ]
    assert "0: registered to dealer or OEM" in page.html
    assert "0: somebody else claimed this vehicle first" in page.html


@pytest.mark.parametrize(("wanted", "count"), [("all", 56), ("paid", 54), ("zero", 2)])
def test_lines_can_be_narrowed(wanted: str, count: int) -> None:
    assert len(shown("D1", "STAIRS", QUARTER, wanted=wanted).lines) == count


def test_the_amount_is_split_by_tier() -> None:
    page = shown("D1", "MARGINAL", DECEMBER)
    assert [(p["tier_no"], p["line_count"], p["amount_eur"]) for p in page.parts] == [
        (3, 5, 1500),
        (2, 10, 2000),
        (1, 10, 1000),
    ]
    assert "The period is open: nothing is posted yet, as known today it is 4,500.00" in page.html


def test_the_rule_stands_in_words_with_its_tiers_and_what_was_reached() -> None:
    html = shown("D1", "STAIRS", QUARTER).html
    assert "Measured: attainment of the target. Paid: amount per vehicle." in html
    assert "Gate: Satisfaction at least 80" in html
    assert "<b>Reached: 108.00%, tier 2. Target: 50 vehicles, counted: 54.</b>" in html
    assert 'reached: 108.00%"' in html.replace("\\", "")


def test_a_gate_that_is_missed_is_said() -> None:
    page = shown("D3", "STAIRS", QUARTER)
    assert "The gate is not met: 0 is paid" in page.html and "0: gate not met" in page.html
    assert "No close has posted anything; as known today it is 0.00" in page.html


def test_a_cap_says_what_it_would_be_without() -> None:
    page = shown("D2", "CAPPED", NOVEMBER, "de")
    assert "Obergrenze je Periode: 10.000,00" in page.html
    assert "Ohne die Obergrenze wären es 12.000,00\u00a0€." in page.html
    assert "nach Obergrenze 3.333,34\u00a0€" in page.html
    assert "Ohne die Obergrenze" not in shown("D2", "LINEAR", QUARTER, "de").html


def test_a_fixed_amount_needs_no_vehicle() -> None:
    page = shown("D3", "QUALITY", QUARTER)
    assert "KPI Satisfaction" in page.html and "VIN0" not in page.html
    assert ">VIN</th>" not in page.html and "2,500.00\u00a0€" in page.html


def test_names_of_programmes_are_no_markup() -> None:
    app = importlib.import_module("notebooks.incentive_statement").app
    outputs, _ = app.run(defs={"key": key("D1", "STAIRS", QUARTER)})
    text = "".join(o.text for o in outputs if o is not None)
    assert "Bonus STAIRS &lt;i&gt;" in text and "STAIRS <i>" not in text


def test_at_first_the_newest_settled_statement_with_an_amount_is_shown() -> None:
    page = run("incentive_statement", "de")
    # Autohaus Ost is the first by name; his programme with an amount comes before the other
    assert page.key == key("D3", "QUALITY", QUARTER)


def test_the_default_period_is_settled_with_an_amount_if_there_is_one() -> None:
    def row(month: int, status: str, amount: int) -> dict:
        return {
            "program_id": "P",
            "period_start": date(2024, month, 1),
            "status": status,
            "entitlement_eur": Decimal(amount),
        }

    newest_first = [row(4, "OPEN", 9), row(3, "SETTLED", 0), row(2, "SETTLED", 5)]
    assert statements.default_period(newest_first) is newest_first[2]
    assert statements.default_period(newest_first[:2]) is newest_first[1]
    assert statements.default_period(newest_first[:1]) is newest_first[0]
    other = {**row(3, "SETTLED", 1), "program_id": "A"}
    assert statements.newest_first([*newest_first, other]) == ["A", "P"]


def test_the_outlook_says_what_the_next_unit_brings() -> None:
    page = shown("D1", "MARGINAL", DECEMBER)
    assert "highest tier reached" in page.html and "300.00\u00a0€" in page.html
    assert "Cliff" not in page.html
    assert "No open period has reached anything yet." in shown("D2", "LINEAR", QUARTER).html


def test_a_cliff_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(rows())
    (outlook,) = tables["mart_incentive_outlook"]
    cliff = {
        "next_threshold": Decimal(26),
        "units_to_next_tier": 1,
        "payout_at_next_tier_eur": Decimal(34500),
        "next_unit_value_eur": Decimal(30000),
        "is_cliff": True,
    }
    tables["mart_incentive_outlook"] = [outlook | cliff]
    publish_rows(Settings.from_env({}, warehouse=tmp_path), **tables)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(tmp_path))
    page = shown("D1", "MARGINAL", DECEMBER)
    assert "the next vehicle is worth 30,000.00\u00a0€, more than a mean list price" in page.html
    assert "1 vehicle more: 34,500.00\u00a0€" in page.html


def test_postings_of_a_programme_that_is_gone_are_still_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = dict(rows())
    gone = {"program_version": 9, "measure_value": None, "tier_no": None, "period_end": None}
    tables["mart_incentive_statement"] = [
        row | (gone if row["program_id"] == "STAIRS" else {})
        for row in tables["mart_incentive_statement"]
    ]
    publish_rows(Settings.from_env({}, warehouse=tmp_path), **tables)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(tmp_path))
    page = shown("D1", "STAIRS", QUARTER)
    assert "The terms of this programme are no longer in the publication." in page.html
    assert "= <b>21,600.00\u00a0€</b>, the sum of the postings" in page.html


def test_lines_that_do_not_sum_to_the_entitlement_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = dict(rows())
    tables["mart_incentive_line"] = tables["mart_incentive_line"][1:]
    publish_rows(Settings.from_env({}, warehouse=tmp_path), **tables)
    monkeypatch.setenv("PARTNERDW_WAREHOUSE", str(tmp_path))
    page = shown("D1", "STAIRS", QUARTER).html
    assert "<b>The lines sum to 21,200.00\u00a0€ and not to the entitlement.</b>" in page


@pytest.mark.parametrize(
    ("measure", "tier_no", "mode", "rate"),
    [
        ("0.699999", None, "LINEAR", "0"),
        ("0.7", 1, "LINEAR", "0.005"),
        ("0.75", 1, "LINEAR", "0.01125"),
        ("0.75", 1, "RETROACTIVE", "0.005"),
        ("0.8", 2, "LINEAR", "0.0175"),
        ("0.86", 3, "LINEAR", "0.02"),
    ],
)
def test_the_rate_at_the_measure(measure, tier_no, mode, rate) -> None:
    found = statements.rate_at(
        {"tier_mode": mode}, TIERS, {"measure_value": Decimal(measure), "tier_no": tier_no}
    )
    assert found == Decimal(rate)


def test_the_line_of_rates_jumps_or_rises() -> None:
    attainment = {"measure": "TARGET_ATTAINMENT", "payout_basis": "RATE_OF_LIST_PRICE"}
    linear = statements.curve(
        attainment | {"tier_mode": "LINEAR"}, TIERS[:2], Decimal("0.75"), Decimal("0.01125")
    )
    low, high = Decimal("0.675"), Decimal("0.825")
    rates = [(Decimal("0.7"), Decimal("0.005")), (Decimal("0.8"), Decimal("0.0175"))]
    assert linear.corners[1:-1] == [(Decimal("0.7"), 0), *rates]
    assert (linear.corners[0][0] < Decimal("0.7")) and (linear.corners[-1] == (high, rates[1][1]))
    assert low < linear.corners[0][0] and linear.area == []
    stairs = statements.curve(
        attainment | {"tier_mode": "RETROACTIVE"}, TIERS[:2], Decimal("0.75"), Decimal("0.005")
    )
    assert stairs.corners[1:-1] == [
        (Decimal("0.7"), 0),
        rates[0],
        (Decimal("0.8"), rates[0][1]),
        rates[1],
    ]


def test_the_area_is_what_the_amount_comes_from() -> None:
    units = {"measure": "UNITS_REGISTERED", "payout_basis": "EUR_PER_UNIT"}
    tiers = [{"threshold": Decimal(n), "rate": Decimal(rate)} for n, rate in ((1, 100), (11, 200))]
    marginal = statements.curve(units | {"tier_mode": "MARGINAL"}, tiers, Decimal(12), Decimal(200))
    assert marginal.area == [(0, 0), (1, 0), (1, 100), (11, 100), (11, 200), (12, 200)]
    whole = statements.curve(units | {"tier_mode": "RETROACTIVE"}, tiers, Decimal(12), Decimal(200))
    assert whole.area == [(0, 200), (12, 200)]
    assert (
        statements.curve(units | {"tier_mode": "MARGINAL"}, tiers, Decimal(0), Decimal(0)).area
        == []
    )


def test_changes_sum_exactly() -> None:
    cents = [posting("D1", "P", QUARTER, "0.10", month=date(2025, n, 1)) for n in (1, 2, 3)]
    found = statements.changes(cents, Decimal(0))
    assert found[-1] == statements.Change("POSTED", *[Decimal("0.30")] * 3)
    assert statements.changes([], Decimal("0.01"))[-1].amount == Decimal("0.01")
