"""German and English: texts, numbers, dates and units from one place."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from orchestration.language.texts import TEXTS
from orchestration.settings import NETWORK_ZONE

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES = {"de": "Deutsch", "en": "English"}
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
_SHORT_MONTHS = {
    "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_DAYS = {
    "de": "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag",
    "en": "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
}
_NOTHING = "–"
_NO_BREAK = "\u00a0"


class Language:
    """Says things in one language: `say("score")`, `say.percent(0.125)`.

    What is unknown (None, NaN, NaT) is a dash in every format.
    """

    def __init__(self, code: str) -> None:
        if code not in LANGUAGES:
            raise ValueError(f"no language {code!r}: one of {', '.join(LANGUAGES)}")
        self.code = code

    def __call__(self, key: str, **values: Any) -> str:
        """A text, its `{placeholders}` filled. Raises KeyError where either is missing."""
        return TEXTS[key][list(LANGUAGES).index(self.code)].format(**values)

    def html(self, key: str, **values: Any) -> str:
        """A text as HTML: its own markup stays, the values are escaped."""
        return self(key, **{name: escape(str(value)) for name, value in values.items()})

    def code_text(self, prefix: str, code: object) -> str:
        """The text of a code of the marts (`prefix_CODE`); the code itself if it has none."""
        key = f"{prefix}_{code}"
        return self(key) if key in TEXTS else str(code)

    def number(self, value: Any, digits: int = 0, *, is_signed: bool = False) -> str:
        if _is_unknown(value):
            return _NOTHING
        text = f"{Decimal(str(value)):{'+' if is_signed else ''},.{digits}f}"
        if self.code == "de":
            text = text.translate(str.maketrans(",.", ".,"))
        if not text.strip("+-0.,"):
            text = text.lstrip("+-")
        return text.replace("-", "\u2212")

    def euro(self, amount: Any, *, is_signed: bool = False) -> str:
        """An amount of money, to the cent."""
        if _is_unknown(amount):
            return _NOTHING
        return f"{self.number(amount, 2, is_signed=is_signed)}{_NO_BREAK}€"

    def exact(self, value: Any) -> str:
        """A decimal with the digits that it has, without zeros behind them."""
        if _is_unknown(value):
            return _NOTHING
        whole = Decimal(str(value)).normalize()
        return self.number(whole, max(0, -int(whole.as_tuple().exponent)))

    def day(self, day: Any) -> str:
        """05.03.2025, 5 Mar 2025."""
        if _is_unknown(day):
            return _NOTHING
        if self.code == "de":
            return f"{day:%d.%m.%Y}"
        return f"{day.day} {_SHORT_MONTHS['en'].split()[day.month - 1]} {day.year}"

    def percent(self, rate: Any, digits: int = 1) -> str:
        if _is_unknown(rate):
            return _NOTHING
        unit = f"{_NO_BREAK}%" if self.code == "de" else "%"
        return self.number(Decimal(str(rate)) * 100, digits) + unit

    def value(self, value: Any, unit: str) -> str:
        """A KPI's figure in its unit (`dim_kpi.unit`)."""
        if _is_unknown(value):
            return _NOTHING
        if unit == "RATE":
            return self.percent(value, 1 if abs(value) >= 0.1 else 2)
        return f"{self.number(value, 1)}{_NO_BREAK}{self.code_text('unit', unit)}"

    def values(self, figures: pd.Series, units: pd.Series) -> pd.Series:
        """KPIs' figures, each in its unit."""
        return figures.combine(units, self.value)

    def month(self, month: Any) -> str:
        """März 2025, March 2025."""
        if _is_unknown(month):
            return _NOTHING
        return f"{_MONTHS[self.code].split()[month.month - 1]} {month.year}"

    def instant(self, instant: datetime | None) -> str:
        """An instant that is stored in UTC, as clocks in Germany show it."""
        if _is_unknown(instant):
            return _NOTHING
        local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(NETWORK_ZONE))
        if self.code == "de":
            return f"{local:%d.%m.%Y, %H:%M} Uhr"
        return f"{local.day} {_SHORT_MONTHS['en'].split()[local.month - 1]} {local:%Y, %H:%M}"

    def kpi_names(self, frame: pd.DataFrame) -> pd.Series:
        """Names of the KPIs of a frame with `dim_kpi`'s name_de and name_en, else their codes."""
        return frame[f"name_{self.code}"].fillna(frame["kpi_code"])

    def vega_locale(self) -> dict[str, Any]:
        """How charts write numbers and dates (Vega-Lite `config.locale`)."""
        is_german = self.code == "de"
        return {
            "number": {
                "decimal": "," if is_german else ".",
                "thousands": "." if is_german else ",",
                "grouping": [3],
                "currency": ["", f"{_NO_BREAK}€"] if is_german else ["€", ""],
                "percent": f"{_NO_BREAK}%" if is_german else "%",
                "minus": "\u2212",
            },
            "time": {
                "dateTime": "%d.%m.%Y %H:%M" if is_german else "%d %b %Y %H:%M",
                "date": "%d.%m.%Y" if is_german else "%d %b %Y",
                "time": "%H:%M",
                "periods": ["AM", "PM"],
                "days": _DAYS[self.code].split(),
                "shortDays": [day[: 2 if is_german else 3] for day in _DAYS[self.code].split()],
                "months": _MONTHS[self.code].split(),
                "shortMonths": _SHORT_MONTHS[self.code].split(),
            },
        }


def preferred(asked: str | None, accept_language: str | None) -> str:
    """The language that the address asks for, else the browser's first that there is, else de."""
    wishes = [asked or ""] + [
        wish.split(";")[0].strip()[:2].lower() for wish in (accept_language or "").split(",")
    ]
    return next((wish for wish in wishes if wish in LANGUAGES), next(iter(LANGUAGES)))


def _is_unknown(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, date) and value != value  # NaT
