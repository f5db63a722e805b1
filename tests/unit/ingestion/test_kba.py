"""The FZ 10 workbook as the KBA publishes it: the real ones, and what later ones may look like."""

import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from orchestration.settings import PROJECT_ROOT

FEED = "kba__fz10"
NAME = "fz10_2025_03.xlsx"
REAL = PROJECT_ROOT.parent / "shared" / "data" / "kba_fz10"
TOTALS = {
    # Year: all registrations, battery electric, as the KBA states them.
    2021: (2_622_132, 355_961),
    2022: (2_651_357, 470_559),
    2023: (2_844_609, 524_219),
}
BRANDS = {
    "VW": (489_962, 480_967, 519_089),
    "BMW": (222_481, 209_722, 233_160),
    "AUDI": (181_877, 213_410, 246_880),
    "MERCEDES": (225_392, 243_999, 277_352),
    "FORD": (126_358, 131_256, 116_578),
    "TESLA": (39_714, 69_963, 63_685),
    "TOYOTA": (71_890, 78_366, 75_199),
}
GROUPS = [
    "Insgesamt",
    "mit Dieselantrieb",
    "mit Hybridantrieb\n(incl. Plug-in-Hybrid)",
    "Benzin-Hybridantrieb (incl. \nPlug-in-Hybrid)",
    "Hybridantrieb (ohne Plug-in-Hybrid)",
    "Plug-in-Hybridantrieb",
    "Diesel-Plug-in-Hybridantrieb",
    "mit Elektroantrieb (BEV)",
    "mit Allradantrieb",
    "Cabriolets",
]


def workbook(
    rows,
    groups=GROUPS,
    title="FZ 10.1 Neuzulassungen ... im März 2025",
    sheet="FZ 10.1",
    month="März \n2025",
    notes=("Hinweis:", "Die Neuzulassungen wurden revidiert."),
) -> bytes:
    """`rows` are (brand, series, figures by group index); each group has month, year, share."""
    book = openpyxl.Workbook()
    book.active.title = "Deckblatt"
    page = book.create_sheet(sheet)
    page.cell(2, 2, title)
    for index, group in enumerate(groups):
        column = 4 + 3 * index
        page.cell(4, column, group)
        page.cell(5, column, month)
        page.cell(5, column + 1, "Jan.-März \n2025")
        page.cell(5, column + 2, "Anteil \nin %")
    page.cell(5, 2, "Marke")
    page.cell(5, 3, "Modellreihe")
    for offset, (brand, series, figures) in enumerate(rows):
        page.cell(6 + offset, 2, brand)
        page.cell(6 + offset, 3, series)
        for index in range(len(groups)):
            page.cell(6 + offset, 4 + 3 * index, figures.get(index, "-"))
            page.cell(6 + offset, 5 + 3 * index, 999)
            page.cell(6 + offset, 6 + 3 * index, 12.5)
    for offset, note in enumerate(notes):
        page.cell(8 + len(rows) + offset, 2, note)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


ROWS = [
    ("ALFA ROMEO", "GIULIA", {0: 12, 1: "/", 5: 3.0}),
    (None, 500, {0: 8, 7: "1.234"}),
    ("ALFA ROMEO ZUSAMMEN", "", {0: 20, 1: 5, 2: 7}),
    ("MORGAN ", "", {0: 4}),
    ("SONSTIGE", None, {0: 6, 1: "."}),
    ("NEUZULASSUNGEN INSGESAMT", None, {0: 30, 7: 9, 8: 1, 9: 2}),
]


def table(zone, content, name=NAME):
    delivery = zone.deliver(content, FEED, name)
    assert delivery.status == "LOADED", delivery.message
    assert delivery.quarantined_rows == 0
    return {(r["brand_name"], r["model_series"]): r for r in zone.rows(delivery)}


def test_brands_are_carried_down_and_totals_are_series_insgesamt(zone):
    rows = table(zone, workbook(ROWS))
    assert list(rows) == [
        ("ALFA ROMEO", "GIULIA"),
        ("ALFA ROMEO", "500"),
        ("ALFA ROMEO", "INSGESAMT"),
        ("MORGAN", "INSGESAMT"),
        ("SONSTIGE", "INSGESAMT"),
        ("INSGESAMT", "INSGESAMT"),
    ]
    assert [r["_source_row"] for r in rows.values()] == [1, 2, 3, 4, 5, 6]
    assert {r["registration_month"] for r in rows.values()} == {date(2025, 3, 1)}
    assert {r["_sender"] for r in rows.values()} == {"kba"}


def test_suppressed_figures_are_null_and_dashes_are_zero(zone):
    rows = table(zone, workbook(ROWS))
    giulia = rows["ALFA ROMEO", "GIULIA"]
    assert (giulia["units"], giulia["diesel"], giulia["phev"], giulia["bev"]) == (12, None, 3, 0)
    assert rows["ALFA ROMEO", "500"]["bev"] == 1234
    assert rows["SONSTIGE", "INSGESAMT"]["diesel"] is None
    total = rows["INSGESAMT", "INSGESAMT"]
    assert (total["units"], total["bev"], total["awd"], total["cabrio"]) == (30, 9, 1, 2)


@pytest.mark.parametrize(
    ("sheet", "edit"),
    [
        ("FZ10.1", lambda groups: groups),
        ("fz 10.1 ", lambda groups: groups[::-1]),
        ("FZ 10.1", lambda groups: [*groups[:3], "mit Wasserstoff", *groups[3:], "Wohnmobile"]),
        ("FZ 10.1", lambda groups: [re.sub(r"\s+", "\n", g) for g in groups]),
        ("FZ 10.1", lambda groups: [g.upper() for g in groups]),
        ("FZ 10.1", lambda groups: [g + " 1)" for g in groups]),
        ("FZ 10.1", lambda groups: [g + "²⁾" for g in groups]),
        ("FZ 10.1", lambda groups: [g.replace("-", "-\n") for g in groups]),
    ],
)
def test_columns_are_found_by_their_texts(zone, sheet, edit):
    groups = edit(GROUPS)
    rows = [
        (brand, series, {edit_index(edit, i): v for i, v in figures.items()})
        for brand, series, figures in ROWS
    ]
    found = table(zone, workbook(rows, groups, sheet=sheet))
    total = found["INSGESAMT", "INSGESAMT"]
    assert (total["units"], total["bev"], total["awd"], total["cabrio"]) == (30, 9, 1, 2)
    assert found["ALFA ROMEO", "INSGESAMT"]["hybrid"] == 7


def edit_index(edit, index):
    """Where the group of GROUPS stands after the edit."""
    marks = [f"g{chr(97 + i)}" for i in range(len(GROUPS))]
    edited = [m.lower().split(" ")[0].rstrip("²⁾") for m in edit(marks)]
    return edited.index(marks[index])


def test_footnotes_at_names_are_taken_off(zone):
    rows = [("MG ROEWE 1)", "ZS²⁾", {0: 1}), ("MG ROEWE 1) ZUSAMMEN", "", {0: 1}), ROWS[-1]]
    assert ("MG ROEWE", "ZS") in table(
        zone, workbook([rows[0], ("MG ROEWE ZUSAMMEN", "", {0: 1}), rows[2]])
    )


def test_a_second_empty_total_and_notes_are_no_rows(zone):
    empty = dict.fromkeys(range(len(GROUPS)))
    rows = [*ROWS, ("NEUZULASSUNGEN INSGESAMT", None, empty)]
    content = workbook(rows)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book["FZ 10.1"]
    for column in range(4, page.max_column + 1):
        page.cell(5 + len(rows), column).value = None
    buffer = io.BytesIO()
    book.save(buffer)
    assert len(table(zone, buffer.getvalue())) == 6


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sheet": "FZ 10.2"}, "no sheet FZ 10.1"),
        ({"title": "Neuzulassungen"}, "a title"),
        ({"month": "April 2025"}, "März 2025"),
        ({"groups": GROUPS[:-1]}, "cabrio"),
        ({"groups": [*GROUPS, "Insgesamt"]}, "not two"),
        ({"rows": ROWS[:-1]}, "NEUZULASSUNGEN INSGESAMT"),
        ({"rows": [ROWS[0], ("BMW ZUSAMMEN", "", {0: 1}), ROWS[-1]]}, "ALFA ROMEO ZUSAMMEN"),
        ({"rows": [*ROWS, ("VW", "GOLF", {0: 1})]}, "only notes"),
    ],
)
def test_a_layout_that_surprises_is_refused_with_the_place(zone, changes, expected):
    delivery = zone.deliver(workbook(**{"rows": ROWS} | changes), FEED, NAME)
    assert delivery.reason_code == "UNREADABLE"
    assert expected in delivery.message


def test_a_figure_that_is_none_goes_to_quarantine(zone):
    rows = [("VW", "GOLF", {0: "k.A."}), ("VW ZUSAMMEN", "", {0: 12.5}), ROWS[-1]]
    delivery = zone.deliver(workbook(rows), FEED, NAME)
    assert (delivery.delivered_rows, delivery.accepted_rows) == (3, 1)
    assert [(e["reason_code"], e["column"], e["value"]) for e in zone.quarantine()] == [
        ("BAD_TYPE", "units", "k.A."),
        ("BAD_TYPE", "units", "12.5"),
    ]


def test_the_feed_takes_plain_files_with_its_columns_too(zone):
    text = "registration_month,brand_name,model_series,units\n2025-03-01,VW,GOLF,5\n"
    assert zone.deliver(text, FEED, "kba_20250401.csv").accepted_rows == 1


@pytest.mark.skipif(not REAL.is_dir(), reason=f"needs the KBA workbooks in {REAL}")
def test_the_real_workbooks_match_the_stated_totals_to_the_unit(zone):
    for path in sorted(Path(REAL).glob("*.xlsx")):
        zone.put(path.read_bytes(), FEED, path.name)
    deliveries = zone.load().deliveries
    assert len(deliveries) == 36
    assert {d.status for d in deliveries} == {"LOADED"}
    assert {d.warnings for d in deliveries} == {None}
    assert sum(d.quarantined_rows for d in deliveries) == 0
    rows = pa.concat_tables(zone.table(d) for d in deliveries)
    rows = rows.append_column("year", pc.year(rows["registration_month"]))
    assert len(set(rows["registration_month"].to_pylist())) == 36
    totals = rows.filter(pc.equal(rows["model_series"], "INSGESAMT"))

    def total(year, column, brand):
        chosen = totals.filter(
            pc.and_(pc.equal(totals["year"], year), pc.equal(totals["brand_name"], brand))
        )
        return pc.sum(chosen[column]).as_py()

    for year, (units, bev) in TOTALS.items():
        assert (total(year, "units", "INSGESAMT"), total(year, "bev", "INSGESAMT")) == (units, bev)
        brands = totals.filter(
            pc.and_(pc.equal(totals["year"], year), pc.not_equal(totals["brand_name"], "INSGESAMT"))
        )
        assert (pc.sum(brands["units"]).as_py(), pc.sum(brands["bev"]).as_py()) == (units, bev)
    for brand, stated in BRANDS.items():
        assert tuple(total(year, "units", brand) for year in TOTALS) == stated
