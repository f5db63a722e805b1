"""The real districts in which the invented dealers sell (facts: see SOURCES.md)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import numpy as np


@dataclass(frozen=True)
class Districts:
    """Columns of equal length, one entry per district."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    state_code: tuple[str, ...]
    nuts3_code: tuple[str, ...]
    population: np.ndarray
    postal_codes: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def state(self) -> np.ndarray:
        """Number of the state, 0 for the first."""
        return np.unique(self.state_code, return_inverse=True)[1]

    @cached_property
    def flat_postal_codes(self) -> tuple[str, ...]:
        return tuple(p for codes in self.postal_codes for p in codes)

    @cached_property
    def postal_count(self) -> np.ndarray:
        return np.array([len(codes) for codes in self.postal_codes])

    @cached_property
    def postal_start(self) -> np.ndarray:
        """Where a district's codes begin in `flat_postal_codes`."""
        return np.concatenate([[0], np.cumsum(self.postal_count)[:-1]])


def load_districts() -> Districts:
    text = files("orchestration.sample").joinpath("districts.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))

    def column(name: str) -> tuple[str, ...]:
        return tuple(r[name] for r in rows)

    return Districts(
        code=column("district_code"),
        name=column("district_name"),
        state_code=column("state_code"),
        nuts3_code=column("nuts3_code"),
        population=np.array([int(p) for p in column("population")]),
        postal_codes=tuple(tuple(p.split()) for p in column("postal_codes")),
    )
