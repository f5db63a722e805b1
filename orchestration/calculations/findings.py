"""Findings of the weekly review in sentences, German and English: figure, comparison, direction.

Figures are rounded half up to the digits shown before they are compared, so that every sentence
adds up by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import column
from orchestration.calculations.money import MILLION, MILLIONTHS, whole_numbers
from orchestration.language import Language

KEY = ["dealer_id", "brand_code", "iso_year", "iso_week", "finding_code"]
SMALL_BASE = 10
"""Below so many, a change is said in units: percent of a handful would sound like more than it
is."""


@dataclass(frozen=True)
class Kind:
    """What a finding is: `unit` of its figures (COUNT, POINTS, RATE, HOURS, YES), `sense` 1 where
    more is better, -1 where less is, 0 where neither."""

    unit: str
    sense: int


KINDS = {
    "ORDERS": Kind("COUNT", 1),
    "REGISTRATIONS": Kind("COUNT", 1),
    "QUARTER_TARGET": Kind("COUNT", 1),
    "CSI": Kind("POINTS", 1),
    "NPS": Kind("POINTS", 1),
    "COMPLAINTS": Kind("COUNT", -1),
    "WORST_CASE_TYPE": Kind("HOURS", -1),
    "PENETRATION": Kind("RATE", 1),
    "EV_SHARE": Kind("RATE", 1),
    "OPEN_ACTIONS": Kind("COUNT", -1),
    "MEETING": Kind("YES", 1),
}
"""Every finding there is, in the order in which they are told."""
_SHOWN = {"COUNT": MILLION, "POINTS": 100_000, "RATE": 1_000, "HOURS": 100_000, "YES": MILLION}
"""Unit -> the last digit shown, in millionths: one decimal of points, hours and percent."""


def write_findings(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows with `finding_text_de` and `finding_text_en`, sorted by `KEY`.

    Args:
        measures: the columns of int_governance__measure_weeks; value and comparison_value are
            vehicles, cases, points, hours, fractions, actions.

    Raises:
        ValueError: a finding that no sentence is known for, or one without a value.
    """
    rows = measures.sort_values(KEY, ignore_index=True)
    unknown = sorted(set(rows["finding_code"]) - set(KINDS))
    if unknown:
        raise ValueError(f"no sentence is known for finding {', '.join(map(str, unknown))}")
    cases, numbers = _distinct(rows)
    for code in ("de", "en"):
        say = Language(code)
        texts = np.full(len(cases), "", object)
        for finding in KINDS:
            at = np.flatnonzero(cases["finding_code"] == finding)
            if len(at):
                texts[at] = _SENTENCES[finding](say, _Cases(finding, cases.iloc[at]))
        rows[f"finding_text_{code}"] = texts[numbers]
    return rows


def shown(values: pd.Series, unit: str) -> np.ndarray:
    """Figures (decimals) rounded half up to what is shown of the unit, in whole numbers of the last
    digit: 0.0845 of RATE is 85 (8.5 %)."""
    return half_up(whole_numbers(values, MILLIONTHS)[0], _SHOWN[unit])


def said(say: Language, values: np.ndarray, unit: str) -> np.ndarray:
    """Rounded figures (`shown`) as text; each distinct one is written once."""
    if unit in ("COUNT", "YES"):
        return _each(values, lambda v: say.number(v))
    if unit == "RATE":
        return _each(values, lambda v: say.percent(v / 1000))
    return _each(values, lambda v: say.number(v / 10, 1))


def half_up(values: np.ndarray, unit: np.ndarray | int) -> np.ndarray:
    """Whole units, halves away from zero."""
    return np.sign(values) * ((2 * np.abs(values) + unit) // (2 * unit))


def elapsed(rows: pd.DataFrame) -> np.ndarray:
    """Thousandths of the days of the quarter (that of the week's Thursday) up to the week's last
    day in it."""
    year = column(rows, "iso_year", pa.int64()).to_numpy()
    week = column(rows, "iso_week", pa.int64()).to_numpy()
    fourth_of_january = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + 3
    weekday = (fourth_of_january.astype(np.int64) + 3) % 7  # Monday is 0
    thursday = fourth_of_january - weekday + 3 + 7 * (week - 1)
    months = thursday.astype("datetime64[M]").astype(np.int64) // 3 * 3
    start = months.astype("datetime64[M]").astype("datetime64[D]")
    end = (months + 3).astype("datetime64[M]").astype("datetime64[D]")
    gone = np.minimum(thursday + 4, end) - start
    return half_up(1000 * MILLION * gone.astype(np.int64), MILLION * (end - start).astype(np.int64))


def attained(units: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Thousandths of the target that are reached; one that is not met never shows as 100 %."""
    rate = half_up(1000 * MILLION * units, MILLION * np.maximum(target, 1))
    return np.where(units < target, np.minimum(rate, 999), rate)


def _distinct(rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """What sentences depend on, each once, and the number of each row's case."""
    value, has_no_value = whole_numbers(rows["value"], MILLIONTHS)
    if has_no_value.any():
        row = rows.iloc[int(np.argmax(has_no_value))]
        raise ValueError(f"finding {row['finding_code']} of {row['dealer_id']} has no value")
    before, has_none = whole_numbers(rows["comparison_value"], MILLIONTHS)
    code = rows["finding_code"].to_numpy(object)
    week = column(rows, "iso_week", pa.int64()).to_numpy()
    is_target = code == "QUARTER_TARGET"
    frame = pd.DataFrame(
        {
            "finding_code": code,
            "value": value,
            "before": before,
            "has_none": has_none,
            "subject": column(rows, "subject", pa.string()).fill_null("").to_numpy(False),
            "elapsed": np.where(is_target, elapsed(rows), 0),
            "is_week_53": (week == 53) & (code != "WORST_CASE_TYPE"),
        }
    )
    numbers = frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    first = np.unique(numbers, return_index=True)[1]
    return frame.iloc[first].reset_index(drop=True), numbers


class _Cases:
    """Distinct cases of one finding: figures rounded as shown."""

    def __init__(self, finding: str, cases: pd.DataFrame) -> None:
        self.finding = finding
        self.unit = KINDS[finding].unit
        self.value = half_up(cases["value"].to_numpy(), _SHOWN[self.unit])
        self.before = half_up(cases["before"].to_numpy(), _SHOWN[self.unit])
        self.has_none = cases["has_none"].to_numpy()
        self.subject = cases["subject"].to_numpy(object)
        self.elapsed = cases["elapsed"].to_numpy()
        self.is_week_53 = cases["is_week_53"].to_numpy()

    def directions(self) -> np.ndarray:
        change = np.sign(self.value - self.before)
        words = np.array(["less", "same", "more"], object)[change + 1]
        words[self.has_none] = "unknown"
        return words


def _count(say: Language, cases: _Cases) -> np.ndarray:
    """Of a week, against the week a year before."""
    amount = np.array(["none", "one", "many"], object)[np.minimum(cases.value, 2)]
    what = _fill(
        say,
        np.array([f"finding_{cases.finding}_{word}" for word in amount], object),
        value=said(say, cases.value, "COUNT"),
    )
    change = np.abs(cases.value - cases.before)
    thousandths = half_up(1000 * MILLION * change, MILLION * np.maximum(cases.before, 1))
    is_percent = (cases.before >= SMALL_BASE) & (cases.value > 0) & (thousandths > 0)
    how = np.where(is_percent, said(say, thousandths, "RATE"), said(say, change, "COUNT"))
    week = np.where(cases.is_week_53, "WEEK53", "WEEK")
    return what + _compared(say, cases, week, how)


def _figure(say: Language, cases: _Cases) -> np.ndarray:
    """Points, rates and hours: the difference is in their own unit."""
    value = said(say, cases.value, cases.unit)
    subject = _each(cases.subject, lambda s: say.code_text("case_type", s))
    what = _fill(
        say, np.full(len(value), f"finding_{cases.finding}", object), value=value, subject=subject
    )
    change = np.abs(cases.value - cases.before)
    how = _each(change, lambda c: say(f"change_{cases.unit}", change=say.number(c / 10, 1)))
    with_whom = "NETWORK" if cases.finding == "WORST_CASE_TYPE" else "YEAR"
    return what + _compared(say, cases, np.full(len(value), with_whom), how)


def _compared(
    say: Language, cases: _Cases, with_whom: np.ndarray, change: np.ndarray
) -> np.ndarray:
    directions = zip(with_whom, cases.directions(), strict=True)
    keys = np.array([f"compared_{whom}_{direction}" for whom, direction in directions], object)
    return _fill(say, keys, change=change, before=said(say, cases.before, cases.unit))


def _target(say: Language, cases: _Cases) -> np.ndarray:
    """Registrations of the quarter so far against its target, and against the days gone by."""
    target, value = cases.before, cases.value
    rate = attained(value, target)
    lacking = np.maximum(target - value, 0)
    is_met, is_over = value >= target, cases.elapsed >= 1000
    what = np.select(
        [target <= 0, is_met & (value == 1), is_met, value == 0, value == 1],
        ["target_nought", "target_reached_by_one", "target_reached", "target_none", "target_one"],
        "target_many",
    )
    how = np.select(
        [is_met, is_over, rate > cases.elapsed, rate == cases.elapsed],
        ["", "target_missed", "target_ahead", "target_even"],
        "target_behind",
    )
    numbers = {
        "target": _one_or_many(say, "vehicles", "value", target),
        "value": said(say, value, "COUNT"),
        "rate": said(say, rate, "RATE"),
        "elapsed": said(say, cases.elapsed, "RATE"),
    }
    gap = np.where(
        how == "target_missed",
        said(say, lacking, "COUNT"),
        _one_or_many(say, "gap", "gap", lacking),
    )
    return _fill(say, what, **numbers) + _fill(say, how, **numbers, gap=gap)


def _one_or_many(say: Language, what: str, name: str, values: np.ndarray) -> np.ndarray:
    def write(value: int) -> str:
        number = "one" if value == 1 else "many"
        return say(f"target_{what}_{number}", **{name: say.number(value)})

    return _each(values, write)


def _actions(say: Language, cases: _Cases) -> np.ndarray:
    is_one, overdue = cases.value == 1, cases.before
    keys = np.select(
        [
            cases.value == 0,
            is_one & cases.has_none,
            is_one & (overdue > 0),
            is_one,
            cases.has_none,
            overdue == 0,
            overdue == 1,
        ],
        [
            "actions_none",
            "actions_one_unknown",
            "actions_one_overdue",
            "actions_one",
            "actions_many_unknown",
            "actions_many",
            "actions_many_one_overdue",
        ],
        "actions_many_overdue",
    )
    value, late = said(say, cases.value, "COUNT"), said(say, overdue, "COUNT")
    return _fill(say, keys, value=value, overdue=late)


def _meeting(say: Language, cases: _Cases) -> np.ndarray:
    is_held = cases.value > 0
    keys = np.select(
        [is_held & ~cases.has_none, ~is_held & ~cases.has_none, is_held],
        ["meeting_held", "meeting_missed", "meeting_held_unknown"],
        "meeting_missed_unknown",
    )
    return _fill(say, keys, weeks=said(say, cases.before, "COUNT"))


_SENTENCES: dict[str, Callable[[Language, _Cases], np.ndarray]] = {
    **dict.fromkeys(("ORDERS", "REGISTRATIONS", "COMPLAINTS"), _count),
    **dict.fromkeys(("CSI", "NPS", "PENETRATION", "EV_SHARE", "WORST_CASE_TYPE"), _figure),
    "QUARTER_TARGET": _target,
    "OPEN_ACTIONS": _actions,
    "MEETING": _meeting,
}


def _fill(say: Language, keys: np.ndarray, **values: np.ndarray) -> np.ndarray:
    """The text of each key with the values of its row, nothing for an empty key: a pass for each
    text that occurs."""
    filled = np.full(len(keys), "", object)
    for key in set(keys.tolist()) - {""}:
        at = np.flatnonzero(keys == key)
        rows = zip(*(v[at] for v in values.values()), strict=True)
        filled[at] = [say(key, **dict(zip(values, row, strict=True))) for row in rows]
    return filled


def _each(values: np.ndarray, write: Callable[..., str]) -> np.ndarray:
    """Each value as text; every distinct one is written once."""
    distinct, numbers = np.unique(values, return_inverse=True)
    return np.array([write(value) for value in distinct.tolist()], object)[numbers]
