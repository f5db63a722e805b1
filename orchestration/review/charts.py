"""Small charts of the last weeks: where each mark lies, in the units of an SVG's view box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orchestration.calculations.findings import KINDS
from orchestration.review.both import Both, each, text

WIDTH = 338
_LEFT, _TOP, _BOTTOM = 3, 16, 76
_WEEKS_BELOW = 12
_SQUARE = 16
_TEXT = 11
"""Height of a label and what keeps it clear of a tick."""
_OF_GROUP = {
    "SALES": ("ORDERS", "REGISTRATIONS"),
    "CUSTOMERS": ("COMPLAINTS", "CSI"),
    "MARKET": ("PENETRATION", "EV_SHARE"),
    "AGREEMENTS": ("OPEN_ACTIONS", "MEETING"),
}
_CAPTIONS = {
    "CSI": "review_chart_line",
    "PENETRATION": "review_chart_quarters",
    "EV_SHARE": "review_chart_quarters",
    "OPEN_ACTIONS": "review_chart_actions",
    "MEETING": "review_chart_meetings",
}

Week = tuple[int, int]
Figures = Mapping[tuple[str, Week], tuple[Decimal, Decimal | None]]
"""(finding, week) -> value and comparison."""


def charts(group: str, weeks: Sequence[Week], figures: Figures) -> list[dict[str, Any]]:
    """The charts of a part of the page; a finding without any figure has none.

    Args:
        weeks: (ISO year, ISO week), oldest first; the last one is that of the page.
    """
    made = []
    for finding in _OF_GROUP[group]:
        values = [figures.get((finding, week)) for week in weeks]
        if all(value is None for value in values):
            continue
        if finding == "MEETING":
            marks = _squares(values)
        elif KINDS[finding].unit == "COUNT":
            marks = _bars(values)
        else:
            marks = _line(values, KINDS[finding].unit)
        marks["height"] = marks["base"] + _WEEKS_BELOW + 4
        made.append(
            {
                "name": text(f"review_name_{finding}"),
                "caption": text(_CAPTIONS.get(finding, "review_chart_bars")),
                "weeks": [
                    {"x": _middle(at), "number": week, "is_now": at == len(weeks) - 1}
                    for at, (_, week) in enumerate(weeks)
                ],
                **marks,
            }
        )
    return made


def _bars(values: Sequence[tuple[Decimal, Decimal | None] | None]) -> dict[str, Any]:
    """A bar for the value, a tick for what it is compared with."""
    most = max([Decimal(1), *(v for pair in values if pair for v in pair if v is not None)])
    bars, ticks, labels = [], [], []
    for at, pair in enumerate(values):
        if pair is None:
            continue
        value, before = pair
        top = _height(value, Decimal(0), most)
        bars.append({"x": _middle(at) - 8, "y": top, "height": round(_BOTTOM - top, 1), "at": at})
        if before is not None:
            tick = _height(before, Decimal(0), most)
            ticks.append({"x": _middle(at) - 11, "y": tick})
            if -2 < top - tick < _TEXT + 4:
                top = min(top, tick)
        labels.append(_label(at, top, each(lambda say, v=value: say.number(v))))
    return {"base": _BOTTOM, "bars": bars, "ticks": ticks, "labels": labels}


def _line(values: Sequence[tuple[Decimal, Decimal | None] | None], unit: str) -> dict[str, Any]:
    """A line through the values, a dashed one through what they are compared with; labels at the
    first and the last value."""
    known = [v for pair in values if pair for v in pair if v is not None]
    least, most = min(known), max(known)
    if least == most:
        least, most = least - 1, most + 1
    least -= (most - least) / 8  # the lowest point stays clear of the axis
    lines: dict[str, list[str]] = {"line": [], "dashed": []}
    for name, place in (("line", 0), ("dashed", 1)):
        for at, pair in enumerate(values):
            if pair is not None and pair[place] is not None:
                # a gap begins a new part of the line
                before = values[at - 1] if at else None
                is_gap = before is None or before[place] is None
                y = _height(pair[place], least, most)
                # without length, but with a round end: a week alone is a dot
                lines[name].append(f"{'M' if is_gap else 'L'}{_middle(at)} {y}h0")
    shown = [at for at, pair in enumerate(values) if pair is not None]
    ends = [
        (at, values[at][0], _height(values[at][0], least, most))  # type: ignore[index]
        for at in sorted({shown[0], shown[-1]})
    ]
    return {
        "base": _BOTTOM,
        "line": " ".join(lines["line"]),
        "dashed": " ".join(lines["dashed"]),
        "dots": [{"x": _middle(at), "y": y} for at, _, y in ends],
        # the outermost labels would leave the chart
        "labels": [
            _label(at, y, _said(value, unit))
            | {"anchor": {0: "start", len(values) - 1: "end"}.get(at, "middle")}
            for at, value, y in ends
        ],
    }


def _squares(values: Sequence[tuple[Decimal, Decimal | None] | None]) -> dict[str, Any]:
    return {
        "base": _SQUARE + 4,
        "squares": [
            {"x": _middle(at) - _SQUARE / 2, "y": 1, "is_full": pair[0] > 0}
            for at, pair in enumerate(values)
            if pair is not None
        ],
    }


def _said(value: Decimal, unit: str) -> Both:
    # rounded like the sentences, of which one may say the same figure
    if unit == "RATE":
        rate = value.quantize(Decimal("0.001"), ROUND_HALF_UP)
        return each(lambda say: say.percent(rate))
    figure = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return each(lambda say: say.number(figure, 1))


def _label(at: int, y: float, said: Both) -> dict[str, Any]:
    return {"x": _middle(at), "y": round(y - 4, 1), "text": said}


def _middle(at: int) -> float:
    return _LEFT + 26 * at + 10


def _height(value: Decimal, least: Decimal, most: Decimal) -> float:
    return round(_BOTTOM - float((value - least) / (most - least)) * (_BOTTOM - _TOP), 1)
