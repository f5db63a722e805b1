"""The figures of a week as the page's table shows them, in both languages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orchestration.calculations.findings import (
    KINDS,
    SMALL_BASE,
    attained,
    elapsed,
    half_up,
    said,
    shown,
)
from orchestration.language import Language
from orchestration.review.both import SAY, Both, each, text

GROUPS = {
    "SALES": ("ORDERS", "REGISTRATIONS", "QUARTER_TARGET"),
    "CUSTOMERS": ("CSI", "NPS", "COMPLAINTS", "WORST_CASE_TYPE"),
    "MARKET": ("PENETRATION", "EV_SHARE"),
    "AGREEMENTS": ("OPEN_ACTIONS", "MEETING"),
}
"""Part of the page -> its findings, in order."""
_WITHOUT_CHANGE = ("OPEN_ACTIONS", "MEETING")


def add_figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of mart_weekly_review with `name`, `figure`, `before`, `against` and `change` (Both) and
    `verdict`: 1 better than the comparison, -1 worse, 0 neither."""
    made = rows.copy()
    for name in ("name", "figure", "before", "change"):
        made[name] = pd.Series([Both(("",) * len(SAY))] * len(made), index=made.index, dtype=object)
    made["against"] = [
        each(lambda say, code=code: say.code_text("review_against", code))
        for code in made["comparison"]
    ]
    made["verdict"] = pd.Series(0, index=made.index, dtype=object)
    for finding in KINDS:
        at = made.index[made["finding_code"] == finding]
        if len(at):
            for name, values in _of_finding(finding, made.loc[at]).items():
                made.loc[at, name] = pd.Series(list(values), index=at, dtype=object)
    return made


def _of_finding(finding: str, rows: pd.DataFrame) -> dict[str, Any]:
    unit = KINDS[finding].unit
    value, before = shown(rows["value"], unit), shown(rows["comparison_value"], unit)
    has_none = rows["comparison_value"].isna().to_numpy()
    change = value - before
    verdict = np.where(has_none, 0, KINDS[finding].sense * np.sign(change))
    if finding == "QUARTER_TARGET":
        gone = elapsed(rows)
        pace = np.sign(attained(value, before) - gone)
        verdict = np.where(value >= before, 1, np.where(gone >= 1000, -1, pace))
    elif finding == "OPEN_ACTIONS":
        verdict = np.where(before > 0, -1, 0)
    elif finding == "MEETING":
        verdict = np.where(value > 0, 1, -1)
    figure, compared, changed = [], [], []
    for say in SAY:
        figure.append(_figures(say, value, unit))
        compared.append(_figures(say, before, "COUNT" if unit == "YES" else unit))
        compared[-1][has_none] = say.number(None)
        changed.append(_changes(say, finding, value, before))
        changed[-1][has_none] = ""
    return {
        "name": [text(f"review_name_{finding}")] * len(rows),
        "figure": _pairs(figure),
        "before": _pairs(compared),
        "change": _pairs(changed),
        "verdict": verdict,
    }


def _figures(say: Language, values: np.ndarray, unit: str) -> np.ndarray:
    if unit == "YES":
        return np.where(values > 0, say("review_yes"), say("review_no")).astype(object)
    numbers = said(say, values, unit)
    if unit != "HOURS":
        return numbers
    return np.array([say("review_unit_HOURS", value=number) for number in numbers], object)


def _changes(say: Language, finding: str, value: np.ndarray, before: np.ndarray) -> np.ndarray:
    if finding in _WITHOUT_CHANGE:
        return np.full(len(value), "", object)
    unit = KINDS[finding].unit
    per, digits = (1, 0) if unit == "COUNT" else (10, 1)
    texts = [
        say(f"review_unit_{unit}", value=say.number(change / per, digits, is_signed=True))
        for change in (value - before).tolist()
    ]
    if finding == "QUARTER_TARGET":
        rates = said(say, attained(value, before), "RATE")
        added = [say("review_reached", rate=rate) for rate in rates]
        is_added = before > 0
    else:
        thousandths = half_up(1000 * (value - before), np.maximum(before, 1))
        added = [
            say("review_percent", value=say.number(rate / 10, 1, is_signed=True))
            for rate in thousandths.tolist()
        ]
        is_added = (before >= SMALL_BASE) & (unit == "COUNT")
    return np.array(
        [
            f"{one} ({more})" if is_more else one
            for one, more, is_more in zip(texts, added, is_added, strict=True)
        ],
        object,
    )


def _pairs(by_language: list[np.ndarray]) -> list[Both]:
    return [Both(texts) for texts in zip(*by_language, strict=True)]
