"""Business days of the German states: Monday to Friday without the state's public holidays."""

from __future__ import annotations

from functools import lru_cache

import holidays
import numpy as np
import pyarrow as pa

STATES = {
    "01": "SH",
    "02": "HH",
    "03": "NI",
    "04": "HB",
    "05": "NW",
    "06": "HE",
    "07": "RP",
    "08": "BW",
    "09": "BY",
    "10": "SL",
    "11": "BE",
    "12": "BB",
    "13": "MV",
    "14": "SN",
    "15": "ST",
    "16": "TH",
}
"""First two digits of a district's key (AGS) -> the state as `holidays` names it."""


def next_business_days(days: np.ndarray, states: pa.Array) -> np.ndarray:
    """Each day if it is a business day of its state, else the first one after it.

    Args:
        days: days since 1970, int64.
        states: the two digits of the AGS; null or unknown: the holidays of all of Germany.

    Raises:
        ValueError: the two are not of equal length.
    """
    if len(days) != len(states):
        raise ValueError(f"{len(days)} days, but {len(states)} states")
    moved = days.astype(np.int64)
    encoded = states.dictionary_encode(null_encoding="encode")
    numbers = encoded.indices.to_numpy()
    for number, state in enumerate(encoded.dictionary.to_pylist()):
        rows = np.flatnonzero(numbers == number)
        asked = moved[rows].astype("datetime64[D]")
        years = asked.astype("datetime64[Y]").astype(np.int64) + 1970
        calendar = _calendar(STATES.get(state), int(years.min()), int(years.max()) + 1)
        moved[rows] = np.busday_offset(asked, 0, roll="forward", busdaycal=calendar).astype(
            np.int64
        )
    return moved


@lru_cache(maxsize=64)
def _calendar(subdivision: str | None, first_year: int, last_year: int) -> np.busdaycalendar:
    found = holidays.country_holidays(
        "DE", subdiv=subdivision, years=range(first_year, last_year + 1)
    )
    return np.busdaycalendar(holidays=np.array(sorted(found), "datetime64[D]"))
