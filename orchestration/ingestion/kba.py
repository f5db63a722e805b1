"""The FZ 10 workbook as the Kraftfahrt-Bundesamt publishes it: new registrations by brand and model
series, one workbook a month.

What belongs here: the layout of that workbook, found by its texts and never by position, since
sheet names, line breaks and columns vary from month to month. What the sheet hides: `/` is a figure
that is suppressed (unknown, part of the total), `-` is zero; a brand stands once and is carried
down; `<brand> ZUSAMMEN` is its total; free text stands below the table.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from orchestration.ingestion.cells import number_text
from orchestration.ingestion.contract import Feed
from orchestration.ingestion.readers import Attempt, Chunk, Limits, Reading, Rejected, RowChunks
from orchestration.ingestion.workbooks import cell_text, opened, sheet_rows

TOTAL = "INSGESAMT"
_MONTHS = (
    *("januar", "februar", "märz", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "dezember"),
)
_MONTH_NAMES = {name: number for number, name in enumerate(_MONTHS, start=1)} | {"maerz": 3}
_TITLE_MONTH = re.compile(rf"\b({'|'.join(_MONTH_NAMES)})\s+((?:19|20)\d\d)\b", re.I)
_FOOTNOTE = re.compile(r"\s*(?:(?<![(\d])\d\s?\)|[¹²³⁰⁴-⁹]+\s?\)?|⁾|\*+\)?)+$")
_GROUPS = {
    # Of the texts without blanks and hyphens. Names that only contain them (Benzin-Hybridantrieb,
    # Hybridantrieb ohne Plug-in) are other groups.
    "units": re.compile(r"insgesamt"),
    "diesel": re.compile(r"(mit)?dieselantrieb|diesel"),
    "hybrid": re.compile(
        r"(mit)?hybridantrieb(\((incl|inkl|einschl)\.?pluginhybrid(e|antrieb)?\))?"
    ),
    "phev": re.compile(r"(mit|darunter|dar\.)?pluginhybrid(antrieb)?"),
    "bev": re.compile(r"(mit)?elektroantrieb(\(bev\))?|elektro\(bev\)|(elektro)?\(?bev\)?"),
    "awd": re.compile(r"(mit)?allradantrieb|allrad"),
    "cabrio": re.compile(r"cabrio(let)?s?"),
}
_UNKNOWN_SIGNS = {"/", ".", "...", "x"}
_ZERO_SIGNS = {"-", "–", "—"}


def read_fz10(handle: BinaryIO, feed: Feed, limits: Limits, attempt: Attempt) -> Reading:
    """Read an FZ 10 workbook into rows of the `kba__fz10` contract, in the order of the sheet.

    Raises:
        Rejected: UNREADABLE with sheet, cell and what was expected there; TOO_LARGE.
    """
    with opened(handle, limits) as workbook:
        sheet = _find_sheet(workbook)
        title, grid = sheet.title, list(sheet_rows(sheet))
    layout = _Layout.find(title, grid)
    names = [column.name for column in feed.declared]
    reading = Reading(iter(()), is_typed=True)
    reading.chunks = _chunks(layout, grid, names, limits, reading)
    return reading


def _chunks(
    layout: _Layout, grid: list[Sequence[Any]], names: list[str], limits: Limits, reading: Reading
) -> Iterator[Chunk]:
    collected = RowChunks(names, limits, reading)
    for row in layout.rows(grid):
        if chunk := collected.add([row[name] for name in names]):
            yield chunk
    if chunk := collected.flush():
        yield chunk


def _find_sheet(workbook: Any) -> Any:
    for sheet in workbook.worksheets:
        if _fold(sheet.title).replace(".", "") == "fz101":
            return sheet
    raise Rejected(
        "UNREADABLE",
        f"no sheet FZ 10.1; the workbook has {', '.join(workbook.sheetnames)[:200]}: "
        "this feed takes the FZ 10 workbook as the KBA publishes it",
    )


@dataclass(frozen=True)
class _Layout:
    """Where things stand in the sheet; rows and columns count from 0."""

    sheet: str
    month: dt.date
    brand: int
    series: int
    first_row: int
    figures: dict[str, int]

    @classmethod
    def find(cls, sheet: str, grid: list[Sequence[Any]]) -> _Layout:
        for at, row in enumerate(grid):
            folded = [_fold(value) for value in row]
            if "marke" in folded and "modellreihe" in folded:
                header = at
                brand, series = folded.index("marke"), folded.index("modellreihe")
                break
        else:
            raise _surprise(sheet, None, "a header row with Marke and Modellreihe")
        title, month = _find_month(sheet, grid[: header + 1])
        first_row = next(
            (at for at in range(header + 1, len(grid)) if _name(grid[at], brand)), None
        )
        if first_row is None:
            raise _surprise(sheet, (header + 1, brand), "a brand below Marke")
        figures = _find_figures(sheet, grid[title + 1 : first_row], title + 1, month)
        return cls(sheet, month, brand, series, first_row, figures)

    def rows(self, grid: list[Sequence[Any]]) -> Iterator[dict[str, str | None]]:
        """The rows of the table, with the total of the market last."""
        carried: str | None = None
        total_at: int | None = None
        for at in range(self.first_row, len(grid)):
            row = grid[at]
            brand, series = _name(row, self.brand), _name(row, self.series)
            figures = {name: _value(row, column) for name, column in self.figures.items()}
            is_filled = any(value not in (None, "") for value in figures.values())
            if total_at is not None:
                if is_filled:
                    raise _surprise(
                        self.sheet, (at, self.brand), f"only notes below row {total_at + 1}"
                    )
                continue
            if not is_filled and (not series or _is_market(brand)):
                if brand and not _is_market(brand):
                    carried = brand  # a brand on a line of its own, its series follow
                continue  # else a blank line, or a second and empty total
            if _is_market(brand):
                total_at = at
                brand, series = TOTAL, TOTAL
            elif brand.upper().endswith(" ZUSAMMEN"):
                brand, series = brand[: -len(" ZUSAMMEN")].strip(), TOTAL
                if brand != carried:
                    raise _surprise(self.sheet, (at, self.brand), f"{carried} ZUSAMMEN")
            elif not brand and carried is None or not brand and not series:
                raise _surprise(self.sheet, (at, self.brand), "a brand")
            else:
                carried = brand or carried
                brand = carried
                if not series or series.upper() in ("ZUSAMMEN", TOTAL):
                    series = TOTAL
            yield {
                "registration_month": self.month.isoformat(),
                "brand_name": brand,
                "model_series": series,
            } | {name: _figure(value) for name, value in figures.items()}
        if total_at is None:
            raise _surprise(self.sheet, (len(grid) - 1, self.brand), "NEUZULASSUNGEN INSGESAMT")


def _find_month(sheet: str, head: list[Sequence[Any]]) -> tuple[int, dt.date]:
    """Row of the title and the month that it names."""
    for at, row in enumerate(head):
        for value in row:
            if isinstance(value, str) and "neuzulassungen" in value.lower():
                match = _TITLE_MONTH.search(" ".join(value.split()))
                if match:
                    return at, dt.date(int(match[2]), _MONTH_NAMES[match[1].lower()], 1)
    raise _surprise(sheet, None, "a title 'Neuzulassungen ... im <Monat> <Jahr>' above the table")


def _find_figures(
    sheet: str, block: list[Sequence[Any]], offset: int, month: dt.date
) -> dict[str, int]:
    """Column of the month's figure of each group, from the rows between title and data."""
    months_row = next(
        (at for at, row in enumerate(block) if any(_is_month(value, month) for value in row)), None
    )
    if months_row is None:
        wanted = f"{_MONTHS[month.month - 1].capitalize()} {month.year}"
        raise _surprise(sheet, (offset, 0), f"column headers {wanted!r} as in the title")
    titles: dict[int, list[str]] = {}
    for row in block[:months_row]:
        for column, value in enumerate(row):
            if (text := _fold(value)) not in ("", "marke", "modellreihe"):
                titles.setdefault(column, []).append(text)
    found: dict[str, int] = {}
    starts = sorted(titles)
    ends = [*starts[1:], max(len(row) for row in block)]
    for start, end in zip(starts, ends, strict=True):
        texts = titles[start]
        # A title may spread over several rows, or have a common one above it.
        spread = [_FOOTNOTE.sub("", "".join(texts[at:])) for at in range(len(texts))]
        title = spread[0]
        for name, pattern in _GROUPS.items():
            if not any(pattern.fullmatch(text) for text in spread):
                continue
            if name in found:
                raise _surprise(sheet, (offset, start), f"one group of columns for {name}, not two")
            row = block[months_row]
            columns = [c for c in range(start, min(end, len(row))) if _is_month(row[c], month)]
            if len(columns) != 1:
                raise _surprise(
                    sheet, (offset + months_row, start), f"one column of the month below {title!r}"
                )
            found[name] = columns[0]
    if missing := [name for name in _GROUPS if name not in found]:
        shown = ", ".join("".join(texts) for texts in titles.values())
        raise _surprise(
            sheet, (offset, 0), f"groups of columns for {', '.join(missing)}; there are: {shown}"
        )
    return found


def _is_month(value: Any, month: dt.date) -> bool:
    """Whether a column header names just this month: not `Jan.-März 2021`, not a share."""
    if isinstance(value, dt.datetime):
        return (value.year, value.month) == (month.year, month.month)
    text = _FOOTNOTE.sub("", "".join(str(value or "").lower().split()))
    return any(
        number == month.month and text in (f"{name}{month.year}", f"{name[:3]}.{month.year}")
        for name, number in _MONTH_NAMES.items()
    )


def _fold(value: Any) -> str:
    """Header text without blanks, line breaks, hyphens and case."""
    if not isinstance(value, str):
        return ""
    return re.sub(r"[\s\u00ad\u200b\u2010-\u2015-]+", "", value).lower()


def _name(row: Sequence[Any], column: int) -> str:
    value = row[column] if column < len(row) else None
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a model series such as 500
    return _FOOTNOTE.sub("", " ".join(str(value).split()))


def _is_market(brand: str) -> bool:
    return _fold(brand) in ("neuzulassungeninsgesamt", "insgesamt")


def _value(row: Sequence[Any], column: int) -> Any:
    value = row[column] if column < len(row) else None
    return value.strip() if isinstance(value, str) else value


def _figure(value: Any) -> str | None:
    if isinstance(value, str):
        if not value or value.lower() in _UNKNOWN_SIGNS:
            return None
        if value in _ZERO_SIGNS:
            return number_text("0")
        if re.fullmatch(r"\d{1,3}(\.\d{3})+", value):
            return number_text(value.replace(".", ""))  # the KBA groups with points
    return cell_text(value)


def _surprise(sheet: str, place: tuple[int, int] | None, expected: str) -> Rejected:
    from openpyxl.utils import get_column_letter

    where = f", cell {get_column_letter(place[1] + 1)}{place[0] + 1}" if place else ""
    return Rejected("UNREADABLE", f"sheet {sheet}{where}: expected {expected}")
