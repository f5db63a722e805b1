"""Slips: rows that load, yet break a rule of data quality, at each dealer's own rate.

A dealer slips in each dimension of data quality at a rate of his own; from the month after the one
in which somebody of him has first passed its course it is a fifth of that. Other dealers do not
improve. Slips touch no figure that a dealer is paid by, but what he is known for: no address to
answer to, no vehicle to a survey, plans told as facts, files that come weeks late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.ingestion.contract import Feed
from orchestration.sample.academy import DIMENSIONS, NEVER, Staff, Training
from orchestration.sample.network import Network
from orchestration.sample.timeline import Schedule, month_of, stream, to_day, to_month

_COMPLETENESS, _VALIDITY, _UNIQUENESS, _TIMELINESS, _CONSISTENCY = range(5)
_MEDIAN, _SPREAD, _LEAST, _MOST = 0.045, 0.5, 0.012, 0.14
"""Share of the rows in which a dealer slips."""
_LEFT = 0.2
"""What is left of it after the course."""
_TWICE = 0.15
"""Rows that stand twice in their file, for each other slip: these are quarantined."""
_LATE = 5
"""Files that come late, for each other slip of a row."""
_LATE_FEEDS = ("surveys", "cases")
"""Feeds without corrections, which a late file would undo."""
_SECOND = 1_000_000


@dataclass(frozen=True)
class Slipped:
    """A frame with its slips: rows to stand twice in their file, and periods whose file is late."""

    table: pa.Table
    twice: np.ndarray
    late: frozenset[int]


class Slips:
    """How often each dealer slips, by dimension and month."""

    def __init__(self, net: Network, staff: Staff, training: Training, seed: int) -> None:
        self._net, self._seed = net, seed
        rng = stream(seed, "slips")
        shape = (len(net.dealer_id), len(DIMENSIONS))
        self._rate = np.clip(_MEDIAN * rng.lognormal(0, _SPREAD, shape), _LEAST, _MOST)
        passed = np.stack(
            [training.first_passed(net, staff, course) for course in range(len(DIMENSIONS))], axis=1
        )
        self._passed = np.where(passed < 0, NEVER, month_of(passed))

    def chance(self, dealer: np.ndarray, dimension: int, month: np.ndarray) -> np.ndarray:
        """Share of rows in which dealers slip in what they deliver in a month."""
        passed = self._passed[dealer, dimension]
        is_taught = (passed >= 0) & (month > passed)
        return self._rate[dealer, dimension] * np.where(is_taught, _LEFT, 1.0)

    def of(
        self,
        feed: Feed,
        table: pa.Table,
        period: np.ndarray,
        schedule: Schedule,
        is_dealer: bool,
        rng: np.random.Generator,
    ) -> Slipped:
        """The frame of a sender with the slips of its dealers. Rows stay in their order."""
        known = pa.array(self._net.dealer_id)
        dealer = pc.index_in(table["dealer_id"].combine_chunks(), known).to_numpy()
        stamps = [schedule.stamp(p).date() for p in range(schedule.periods)]
        delivered = np.array([to_day(s) for s in stamps])[period]
        month = np.array([to_month(s) for s in stamps])[period]

        def hits(dimension: int, share: float = 1.0) -> np.ndarray:
            return rng.random(len(dealer)) < share * self.chance(dealer, dimension, month)

        for dimension, slip in _SLIPS.get(feed.entity, ()):
            table = slip(table, hits(dimension), _Context(self._net, schedule, dealer, delivered))
        twice = hits(_UNIQUENESS, _TWICE) & is_dealer
        late: frozenset[int] = frozenset()
        if is_dealer and feed.entity in _LATE_FEEDS and schedule.cadence == 3 and len(dealer):
            months = np.array([to_month(s) for s in stamps])
            chances = self.chance(np.full(len(months), dealer[0]), _TIMELINESS, months)
            is_late = rng.random(len(months)) < np.minimum(_LATE * chances, 0.5)
            is_late[-1] = False  # the newest is awaited as well
            late = frozenset(np.flatnonzero(is_late).tolist())
        return Slipped(table, twice, late)


@dataclass(frozen=True)
class _Context:
    """Of each row: its dealer, and the day on which it is delivered."""

    net: Network
    schedule: Schedule
    dealer: np.ndarray
    delivered: np.ndarray


_Slip = Callable[[pa.Table, np.ndarray, _Context], pa.Table]


def _replaced(
    table: pa.Table, name: str, rows: np.ndarray, values: pa.Array | pa.Scalar
) -> pa.Table:
    column = table[name].combine_chunks()
    mixed = pc.if_else(pa.array(rows), values.cast(column.type), column)
    return table.set_column(table.column_names.index(name), name, mixed)


def _is(table: pa.Table, name: str, value: str) -> np.ndarray:
    found = pc.fill_null(pc.equal(table[name], value), False)
    return found.to_numpy()


def _left_out(name: str, where: str = "", value: str = "") -> _Slip:
    """The column is empty, where another one has a value."""

    def slip(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
        if where:
            rows = rows & _is(table, where, value)
        return _replaced(table, name, rows, pa.scalar(None, table[name].type))

    return slip


def _private_holder_left_out(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
    """Only where an empty holder counts as what it was."""
    rows = rows & _is(table, "event_type", "REGISTRATION") & _is(table, "holder_type", "PRIVATE")
    return _replaced(table, "holder_type", rows, pa.scalar(None, pa.string()))


def _promised_before_order(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
    ordered = _days(table, "event_date")
    promised = _days(table, "promised_on")
    rows = rows & _is(table, "event_type", "ORDER") & (promised > 0) & (promised < ordered + 31)
    return _replaced(table, "promised_on", rows, _dates(ordered - 1 - ordered % 9))


def _planned_delivery(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
    """The day on which a vehicle is to be handed over, told before it is."""
    happened = _days(table, "event_date")
    planned = context.delivered + 3 + happened % 23
    rows = rows & _is(table, "event_type", "DELIVERY") & (planned <= context.schedule.span.end)
    rows &= context.net.closed[context.dealer] < 0
    return _replaced(table, "event_date", rows, _dates(planned))


def _email_misspelled(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
    wrong = pc.replace_substring(table["customer_email"].combine_chunks(), "@", " at ")
    return _replaced(table, "customer_email", rows, wrong)


def _sold_and_lost(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
    rows = rows & pc.is_valid(table["sold_vin"]).to_numpy()
    created = table["created_at"].combine_chunks()
    later = pc.add(created.cast(pa.int64()), 600 * _SECOND).cast(created.type)
    return _replaced(table, "lost_at", rows, later)


def _postal_code_with_town(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
    code = table["customer_postal_code"].combine_chunks()
    return _replaced(
        table, "customer_postal_code", rows, pc.binary_join_element_wise(code, "ORT", " ")
    )


def _approved_above_claim(table: pa.Table, rows: np.ndarray, context: _Context) -> pa.Table:
    rows = rows & pc.is_valid(table["approved_amount_eur"]).to_numpy()
    claimed = pc.fill_null(table["claimed_amount_eur"].combine_chunks(), 0).to_numpy()
    return _replaced(table, "approved_amount_eur", rows, pa.array(claimed + 5_000))


def _days(table: pa.Table, name: str) -> np.ndarray:
    return (
        pc.fill_null(table[name].combine_chunks().cast(pa.int32()), 0).to_numpy().astype(np.int64)
    )


def _dates(days: np.ndarray) -> pa.Array:
    return pa.array(days.astype(np.int32)).cast(pa.date32())


_SLIPS: dict[str, tuple[tuple[int, _Slip], ...]] = {
    "vehicle_events": (
        (_COMPLETENESS, _private_holder_left_out),
        (_TIMELINESS, _planned_delivery),
        (_CONSISTENCY, _promised_before_order),
    ),
    "leads": (
        (_VALIDITY, _email_misspelled),
        (_COMPLETENESS, _left_out("customer_email")),
        (_CONSISTENCY, _sold_and_lost),
    ),
    "surveys": ((_COMPLETENESS, _left_out("vin")),),
    "cases": ((_VALIDITY, _postal_code_with_town), (_CONSISTENCY, _approved_above_claim)),
    "stock": ((_COMPLETENESS, _left_out("in_stock_since", "stock_status", "IN_STOCK")),),
}
"""What slips in each feed, by dimension."""
