"""What the dealers' pages say, in both languages at once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from notebooks.dealer_view import german_day
from orchestration.review.both import SAY, Both, each

Row = dict[str, Any]


def rich(key: str, **values: Any) -> Both:
    """A text of `orchestration/language` with its own markup; values are escaped, those that are
    `Both` are put in by language."""
    return Both(
        tuple(
            Markup(
                say.html(
                    key, **{n: v.texts[at] if isinstance(v, Both) else v for n, v in values.items()}
                )
            )
            for at, say in enumerate(SAY)
        )
    )


def plain(words: object) -> Both:
    """What is the same in both languages."""
    return each(lambda _: str(words))


def euro(amount: Decimal | None, *, is_signed: bool = False) -> Both:
    return each(lambda say: say.euro(amount, is_signed=is_signed))


def euro_short(amount: Decimal) -> Both:
    """An amount at an axis, without cents."""
    return each(lambda say: f"{say.number(amount)}\u00a0€")


def number(value: Any, digits: int = 0, *, is_signed: bool = False) -> Both:
    return each(lambda say: say.number(value, digits, is_signed=is_signed))


def percent(rate: Any, digits: int = 1) -> Both:
    return each(lambda say: say.percent(rate, digits))


def day(when: date | None) -> Both:
    return each(lambda say: say.day(when))


def local_day(when: datetime) -> Both:
    """The day in Germany of an instant that is stored in UTC."""
    return day(german_day(when))


def month(when: date | None) -> Both:
    return each(lambda say: say.month(when))


def instant(when: datetime | None) -> Both:
    return each(lambda say: say.instant(when))


def code(prefix: str, value: object) -> Both:
    """The text of a code of the marts; the code itself where it has none."""
    return each(lambda say: say.code_text(prefix, value))


def kpi_value(value: Any, unit: str | None) -> Both:
    """A KPI's figure in its unit."""
    return each(lambda say: say.value(value, unit or ""))


def kpi_name(row: Row) -> Both:
    """The name of the KPI of a row with dim_kpi's names, else its code."""
    return each(lambda say: row[f"name_{say.code}"] or row["kpi_code"])


def listed(words: list[Both]) -> Both:
    """Words one after another."""
    return Both(tuple(", ".join(w.texts[at] for w in words) for at in range(len(SAY))))


def age(hours: Any) -> Both:
    """How long something waits: hours up to two days, days beyond."""
    if hours is None:
        return number(None)
    if hours < 48:
        return each(lambda say: say("now_hours", count=say.number(max(int(hours), 0))))
    return each(lambda say: say("now_days", count=say.number(int(hours / 24))))
