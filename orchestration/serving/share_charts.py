"""Small charts of a dealer's page: lines and bars over months, as inline SVG.

The drawing is 100 wide and 100 high and is stretched to the page; its labels are words of the page
beside it, so that they stay as large as other text on a phone and on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from orchestration.review.both import Both
from orchestration.serving.share_words import euro_short, month

Value = Decimal | None
_TOP, _BOTTOM = 6.0, 94.0
"""Between them lie the values, so that a line at the edge is seen whole."""


def lines(
    months: Sequence[date],
    values: Sequence[Value],
    others: Sequence[Value],
    said: Callable[[Any], Both],
    *,
    from_zero: bool = False,
) -> dict[str, Any] | None:
    """A line through the values and a dashed one through what they are compared with; None where
    nothing is known.

    Args:
        said: writes a value.
        from_zero: whether the axis begins at 0.
    """
    known = [v for v in (*values, *others) if v is not None]
    if not known:
        return None
    least, most = min(known), max(known)
    if from_zero:
        least = min(least, Decimal(0))
    if least == most:
        least, most = least - 1, most + 1

    def height(value: Decimal) -> float:
        return round(_BOTTOM - float((value - least) / (most - least)) * (_BOTTOM - _TOP), 2)

    def path(series: Sequence[Value]) -> str:
        drawn, is_open = [], False
        for at, value in enumerate(series):
            if value is not None:
                # without length, but with a round end: a month alone is a dot
                drawn.append(f"{'L' if is_open else 'M'}{_across(at, len(months))} {height(value)}")
            is_open = value is not None
        return "".join(drawn) + "h0" if drawn else ""

    return {
        "line": path(values),
        "dashed": path(others),
        "bars": [],
        "high": said(most),
        "low": said(least),
        "first": month(months[0]),
        "last": month(months[-1]),
    }


def bars(months: Sequence[date], values: Sequence[Decimal]) -> dict[str, Any] | None:
    """A bar for each month's amount, downwards where it is negative; None where all are 0."""
    if not any(values):
        return None
    least, most = min(*values, Decimal(0)), max(*values, Decimal(0))
    step = 100 / len(months)

    def height(value: Decimal) -> float:
        return float((most - value) / (most - least)) * 100

    return {
        "line": "",
        "dashed": "",
        "zero": round(height(Decimal(0)), 2),
        "bars": [
            {
                "x": round(at * step + step * 0.15, 2),
                "width": round(step * 0.7, 2),
                "y": round(min(height(value), height(Decimal(0))), 2),
                "height": round(abs(height(value) - height(Decimal(0))), 2),
                "is_negative": value < 0,
            }
            for at, value in enumerate(values)
            if value
        ],
        "high": euro_short(most) if most else None,
        "low": euro_short(least) if least else None,
        "first": month(months[0]),
        "last": month(months[-1]),
    }


def _across(at: int, count: int) -> float:
    return round(2 + 96 * at / (count - 1), 2) if count > 1 else 50.0
