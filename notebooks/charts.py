"""The looks of all charts: colours, fonts, language, data."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from orchestration.language import Language

# Blue against orange stays apart for every kind of colour blindness; grey is context.
OWN = "#1f5fa8"
LOSS = "#c8541a"
GAIN = "#5b9bd5"
MISSING = "#8a5a83"
CONTEXT = "#8c96a3"
FAINT = "#dfe4ea"
INK = "#26323f"
AROUND_TARGET = [LOSS, "#f2c9a8", "#f4f4f2", "#b9d3ec", OWN]
"""From far below target over on target to far above."""


def data(frame: pd.DataFrame) -> alt.InlineData:
    """The rows of a frame inside the chart: dates as ISO days, the unknown as null."""
    dated = frame.assign(
        **{
            name: frame[name].dt.strftime("%Y-%m-%d")
            for name in frame.columns
            if pd.api.types.is_datetime64_any_dtype(frame[name])
        }
    )
    plain = dated.astype(object).where(dated.notna(), None)
    return alt.InlineData(values=plain.to_dict("records"))


def month_axis(field: str, title: str) -> alt.X:
    """A time axis of months. They are days without a zone: shown as UTC, wherever people sit."""
    return alt.X(
        f"{field}:T",
        title=title,
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            format="%b %Y", labelOverlap=True, labelFlush=False, tickCount="month", grid=False
        ),
    )


def month_steps(field: str, title: str) -> alt.X:
    """An axis with a place for each month: for bars and cells."""
    return alt.X(f"utcyearmonth({field}):O", title=title, axis=alt.Axis(format="%b %y"))


def wrapped(names: pd.Series) -> pd.Series:
    """Names broken into short lines for `name_axis`."""
    return names.map(lambda name: "\n".join(wrap(name, 28, break_long_words=False)))


def name_axis(field: str, names: Iterable[str]) -> alt.Y:
    """A vertical axis of exactly these names in their order, in lines where they are `wrapped`."""
    return alt.Y(
        f"{field}:N",
        scale=alt.Scale(domain=list(dict.fromkeys(names))),
        title=None,
        axis=alt.Axis(
            labelExpr="split(datum.label, '\\n')",
            labelLineHeight=13,
            labelOffset=alt.condition(
                "indexof(datum.label, '\\n') > 0", alt.value(-6), alt.value(0)
            ),
        ),
    )


def dressed(chart: Any, say: Language, height: int) -> Any:
    """A chart as wide as its place, in the project's looks and the page's language."""
    return (
        chart.properties(
            width="container",
            height=height,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            usermeta={"embedOptions": {"actions": False}},
        )
        .configure(locale=alt.Locale.from_dict(say.vega_locale()), font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            titleFontWeight="normal",
            gridColor="#edf0f3",
            domainColor="#c5ccd4",
            tickColor="#c5ccd4",
            labelFontSize=12,
            titleFontSize=12,
            labelLimit=260,
        )
        .configure_legend(
            orient="top", title=None, labelFontSize=12, labelColor=INK, labelLimit=320
        )
    )
