"""Odd cells to values: all forms that feeds.md allows, text by text.

What belongs here: the full grammar of numbers, dates and instants. What does not: blanks, null
tokens and marks, which are taken off before, and the fast way of the plain forms (`plain`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.settings import NETWORK_ZONE

_ZONE = ZoneInfo(NETWORK_ZONE)
_EPOCH = datetime(1970, 1, 1)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)

_B = "[ \t\u00a0\u2007\u202f]*"
_UNIT = "(?:[eE][uU][rR]|€)"
_NUMBER = re.compile(rf"([+-]?)({_B}{_UNIT}{_B})?([+-]?)([0-9.,]+)([-]?)({_B}{_UNIT})?([-]?)")
# Groups do not begin with 0: 0.125 in a German file is no 125, but a value that does not fit.
_ENGLISH = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)?(?:\.[0-9]+)?")
_GERMAN = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)?(?:,[0-9]+)?")
_ENGLISH_EVIDENCE = re.compile(
    r"[0-9]*\.(?:[0-9]{1,2}|[0-9]{4,})|[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+"
)
_GERMAN_EVIDENCE = re.compile(
    r"[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})|[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+"
)
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_GERMAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})" + _MIDNIGHT)
_ISO_DAY = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})" + _MIDNIGHT)
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?"
    r"(?:\.([0-9]+))? ?(Z|([+-])(0[0-9]|1[0-4])(?::?([0-5][0-9]))?)?"
)


@dataclass(frozen=True)
class Number:
    """What a text is in one number locale: `value` in steps of the type's last decimal, None if it
    is none, `too_fine` if it has more decimals; and whether it is evidence for a locale."""

    value: int | None
    too_fine: bool = False
    german: bool = False
    english: bool = False


_NO_NUMBER = Number(None)


def number(text: str, scale: int, precision: int, german: bool, marked: bool) -> Number:
    """Read a number of a decimal type, or a whole number where `precision` is 0; `marked` if a
    typed format says that it is one."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return _NO_NUMBER
    before, unit, between, body, behind, unit_behind, last = match.groups("")
    signs = before + between + behind + last
    if len(signs) > 1 or (unit and unit_behind):
        return _NO_NUMBER
    is_german = not marked and bool(_GERMAN_EVIDENCE.fullmatch(body))
    is_english = not marked and bool(_ENGLISH_EVIDENCE.fullmatch(body))
    if german and not marked:
        plain = body.replace(".", "").replace(",", ".") if _GERMAN.fullmatch(body) else None
    else:
        plain = body.replace(",", "") if _ENGLISH.fullmatch(body) else None
    if plain is None:
        return Number(None, False, is_german, is_english)
    whole, _, fraction = plain.partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    too_fine = len(fraction) > scale
    value = None
    if len(whole) < 40 and (precision or not too_fine):
        value = int(whole + fraction[:scale].ljust(scale, "0") or "0")
        # Rounded it may be too large for the type, which counts before being too fine.
        value += fraction[scale : scale + 1] >= "5"
        value = -value if "-" in signs else value
        low, high = (1 - 10**precision, 10**precision) if precision else (-(2**63), 2**63)
        value = value if low <= value < high else None
    return Number(value, too_fine and value is not None, is_german, is_english)


def day(text: str) -> int | None:
    """Days since 1970, None if the text is no day."""
    if match := _ISO_DAY.fullmatch(text):
        year, month, number_ = match.groups()
    elif match := _GERMAN_DAY.fullmatch(text):
        number_, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(number_)).toordinal() - _FIRST_DAY
    except ValueError:
        return None


def instant(text: str) -> tuple[int | None, bool, bool]:
    """Microseconds of UTC since 1970 (None if the text is no instant), and whether its local hour
    occurs twice, or does not exist."""
    match = _INSTANT.fullmatch(text)
    if not match:
        return None, False, False
    year, month, day_, hour, minute, second, fraction, offset, sign, hours, minutes = match.groups()
    micros = int(fraction[:6].ljust(6, "0")) if fraction and second else 0
    try:
        local = datetime(
            int(year), int(month), int(day_), int(hour), int(minute), int(second or 0), micros
        )
        if offset:
            ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            utc = local + (ahead if sign == "-" else -ahead)
            return (utc - _EPOCH) // _MICROSECOND, False, False
        summer, winter = _is_shown(local, 2), _is_shown(local, 1)
        # Of an hour that occurs twice the first is meant; what does not exist is moved on.
        utc = local - timedelta(hours=2 if summer else 1)
        # Clocks change at this hour of these months; before 1893 they were set otherwise.
        changing = local.hour == 2 and local.month in (3, 4, 9, 10)
        twice, never = summer and winter, not summer and not winter
        return (utc - _EPOCH) // _MICROSECOND, changing and twice, changing and never
    except (ValueError, OverflowError):
        return None, False, False


def _is_shown(local: datetime, hours: int) -> bool:
    """Whether the local time is what a clock in the zone shows at UTC = local - hours."""
    utc = (local - timedelta(hours=hours)).replace(tzinfo=UTC)
    return utc.astimezone(_ZONE).replace(tzinfo=None) == local
