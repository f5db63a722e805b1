"""The terms of each programme in each period, as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.columns import codes, column, days
from orchestration.calculations.money import CENTS, whole_numbers
from orchestration.calculations.tiers import Tiers

UNITS_REGISTERED, UNITS_INVOICED, REVENUE_NET, TARGET_ATTAINMENT, KPI = range(5)
MEASURES = ("UNITS_REGISTERED", "UNITS_INVOICED", "REVENUE_NET", "TARGET_ATTAINMENT", "KPI")
EUR_PER_UNIT, RATE_OF_LIST_PRICE, RATE_OF_NET_PRICE, FIXED_EUR = range(4)
BASES = ("EUR_PER_UNIT", "RATE_OF_LIST_PRICE", "RATE_OF_NET_PRICE", "FIXED_EUR")
RETROACTIVE, MARGINAL, LINEAR = range(3)
MODES = ("RETROACTIVE", "MARGINAL", "LINEAR")

_DAY_SPAN = 2**32


class Terms:
    """Programmes x periods, sorted by program_id and period_start; every column is an array over
    them. `versions` is the row of their version in `tiers`."""

    def __init__(self, periods: pd.DataFrame, tiers: pd.DataFrame) -> None:
        """`periods` as int_incentives__list_periods, `tiers` as int_incentives__list_tiers.

        Raises:
            ValueError: a period twice, a word that is none of a measure, basis or tier mode, a
                combination that is refused, a version whose tiers are (see `Tiers`).
        """
        start = days(periods, "period_start")
        periods = periods.assign(start=start).sort_values(["program_id", "start"], kind="stable")
        self.program_ids = periods["program_id"].tolist()
        self.brand_codes = periods["brand_code"].tolist()
        self.starts = periods["start"].to_numpy(np.int64)
        self.program_versions = periods["program_version"].to_numpy(np.int64)
        self.measures = _words(periods, "measure", MEASURES)
        self.bases = _words(periods, "payout_basis", BASES)
        self.modes = _words(periods, "tier_mode", MODES)
        self.caps, self.has_no_cap = whole_numbers(periods["cap_eur"], CENTS)
        strong = column(periods, "requires_strong_market", pa.bool_()).fill_null(False)
        has_gate = np.asarray(column(periods, "gate_kpi_code", pa.string()).is_valid())
        self.has_gate = np.asarray(strong) | has_gate

        self._programs = {p: n for n, p in enumerate(dict.fromkeys(self.program_ids))}
        self._keys = self._key(column(periods, "program_id", pa.string()), self.starts)
        twice = np.flatnonzero(self._keys[1:] == self._keys[:-1])
        self._refuse(twice, "is listed twice")
        self._refuse(np.flatnonzero(~self.has_no_cap & (self.caps < 0)), "has a negative cap")
        is_by_unit = (self.bases != FIXED_EUR) & (self.measures <= REVENUE_NET)
        bad = np.flatnonzero((self.modes == MARGINAL) & ~is_by_unit)
        self._refuse(bad, "pays by the unit (MARGINAL), but has no measure or basis by the unit")
        pairs = list(zip(self.program_ids, self.program_versions.tolist(), strict=True))
        numbers = {pair: row for row, pair in enumerate(dict.fromkeys(pairs))}
        self.versions = np.array([numbers[pair] for pair in pairs], np.int64)
        self.tiers = Tiers(tiers, list(numbers))

    def _key(self, program_ids: pa.Array, starts: np.ndarray) -> np.ndarray:
        return codes(program_ids, self._programs) * _DAY_SPAN + (starts + _DAY_SPAN // 2)

    def rows(self, table: pa.Table | pd.DataFrame) -> np.ndarray:
        """The programme x period of each row of a table that names one, -1 where it is none of
        these.

        Raises:
            ValueError: a row of another version than that of the period.
        """
        keys = self._key(column(table, "program_id", pa.string()), days(table, "period_start"))
        if not len(self._keys):
            return np.full(len(keys), -1)
        found = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found = np.where(self._keys[found] == keys, found, -1)
        versions = column(table, "program_version", pa.int64()).to_numpy()
        is_other = (found >= 0) & (versions != self.program_versions[found])
        self._refuse(found[is_other], "has rows of another version")
        return found

    def name(self, row: int) -> str:
        """How a message names a programme in a period."""
        start = np.datetime64(int(self.starts[row]), "D")
        version = self.program_versions[row]
        return f"programme {self.program_ids[row]} version {version} of {start}"

    def _refuse(self, rows: np.ndarray, what: str) -> None:
        if len(rows):
            raise ValueError(f"{self.name(int(rows[0]))} {what}")


def _words(periods: pd.DataFrame, name: str, words: tuple[str, ...]) -> np.ndarray:
    numbers = {word: number for number, word in enumerate(words)}
    unknown = set(periods[name]) - set(words)
    if unknown:
        raise ValueError(f"{name} {sorted(map(str, unknown))} is none of {', '.join(words)}")
    return periods[name].map(numbers).to_numpy(np.int64)
