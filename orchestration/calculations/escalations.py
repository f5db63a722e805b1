"""How contracts escalate, quarter by quarter: a pure function of scores and events.

A quarter is judged on the day after it (its evaluation day). Enough breaches in a row open an
escalation at level 1. Level 2 comes on the day after the plan's due date, if none was agreed from
the opening to it; level 3 on the evaluation day of the second breach in a row after the opening. A
CLOSED event, or the second quarter in a row without breach, closes it; then the count begins anew
with quarters that end after the closing.

With the contract its escalations end: after its last day nothing opens, rises or closes any more.

What a day brings of itself (a quarter judged, a due date passed) comes before the events that are
dated on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.calculations.business_days import next_business_days
from orchestration.calculations.columns import codes, column, dates, days
from orchestration.calculations.investments import frame_of

PLAN_DAYS = 30
"""Days from the opening to the due date of the plan, before it is moved to a business day."""
BREACHES_TO_LEVEL_3, QUARTERS_TO_CLOSE = 2, 2
NONE, OPEN, ACKNOWLEDGED, PLAN_AGREED, CLOSED = range(5)
STATUSES = ("NONE", "OPEN", "ACKNOWLEDGED", "PLAN_AGREED", "CLOSED")

ESCALATIONS = pa.schema(
    [
        ("contract_id", pa.string()),
        ("quarter_start", pa.date32()),
        ("dealer_id", pa.string()),
        ("brand_code", pa.string()),
        ("score_mean", pa.decimal128(18, 6)),
        ("benchmark_score", pa.decimal128(18, 6)),
        ("is_breach", pa.bool_()),
        ("breaches_in_row", pa.int64()),
        ("level", pa.int64()),
        ("due_on", pa.date32()),
        ("status", pa.string()),
        ("opened_on", pa.date32()),
        ("level_2_on", pa.date32()),
        ("level_3_on", pa.date32()),
        ("closed_on", pa.date32()),
    ]
)
_NEVER = np.iinfo(np.int64).max
_SHOWN_DAYS = ("due_on", "opened_on", "level_2_on", "level_3_on", "closed_on")
_AS_GIVEN = ("contract_id", "dealer_id", "brand_code", "score_mean", "benchmark_score", "is_breach")


def escalate(scores: pd.DataFrame, events: pd.DataFrame, today: date) -> pd.DataFrame:
    """The state of each contract at the end of each quarter's span, as `ESCALATIONS`, sorted by
    contract_id and quarter_start.

    The span of a row runs from its evaluation day to the day before that of the contract's next
    row, that of the last row to today; none goes beyond the contract's last day. The row of a
    quarter that ended with the contract shows the state of that day. A quarter without a row
    neither continues nor ends a run.

    Args:
        scores: the columns of int_governance__list_quarter_scores; quarters that have not ended
            before today are left out. valid_to is the contract's last day, null without one.
        events: contract_id, event_type, event_on of the events of escalations; those dated after
            today or the contract's last day, and of contracts without a row, have no effect.
        today: the day as of which the states are.

    Raises:
        ValueError: a contract has two rows of a quarter.
    """
    today_number = (today - date(1970, 1, 1)).days
    rows = _Rows(scores, today_number)
    past = _Events(events, rows.numbers, today_number)
    shown = {name: np.full(rows.count, _NEVER) for name in _SHOWN_DAYS}
    for name in ("breaches_in_row", "level", "status"):
        shown[name] = np.zeros(rows.count, np.int64)
    state = _State(len(rows.numbers))
    # the loop is over quarters: each contract's first row, then each one's second, ...
    for place in range(int(rows.places.max(initial=-1)) + 1):
        at = np.flatnonzero(rows.places == place)
        for name, values in state.advance(rows, at, past).items():
            shown[name][at] = values
    taken = pa.array(rows.order)
    made = {
        name: column(scores, name, ESCALATIONS.field(name).type).take(taken) for name in _AS_GIVEN
    }
    made |= {
        "quarter_start": dates(rows.quarters),
        "breaches_in_row": pa.array(shown["breaches_in_row"]),
        "level": pa.array(shown["level"]),
        "status": pa.array(STATUSES, pa.string()).take(pa.array(shown["status"])),
    }
    for name in _SHOWN_DAYS:
        is_none = shown[name] == _NEVER
        made[name] = dates(np.where(is_none, 0, shown[name]), is_none)
    return frame_of(made, ESCALATIONS)


class _Rows:
    """Rows by contract and quarter; `order` are their rows in the frame given, `places` count the
    quarters of a contract from 0, days are since 1970."""

    def __init__(self, scores: pd.DataFrame, today: int) -> None:
        ids = column(scores, "contract_id", pa.string())
        names = sorted(set(ids.to_pylist()))
        self.numbers = {name: number for number, name in enumerate(names)}
        contracts, quarters = codes(ids, self.numbers), days(scores, "quarter_start")
        evaluated = _next_quarter(quarters)
        order = np.lexsort((quarters, contracts))
        self.order = order = order[evaluated[order] <= today]
        self.count = len(order)
        self.contracts, self.quarters = contracts[order], quarters[order]
        self.evaluated = evaluated[order]
        is_same = self.contracts[1:] == self.contracts[:-1]
        twice = np.flatnonzero(is_same & (self.quarters[1:] == self.quarters[:-1]))
        if len(twice):
            name = names[self.contracts[twice[0]]]
            quarter = date.fromordinal(date(1970, 1, 1).toordinal() + int(self.quarters[twice[0]]))
            raise ValueError(f"contract {name} has two rows of the quarter from {quarter}")
        starts = np.flatnonzero(np.append(True, ~is_same)) if self.count else np.zeros(0, np.int64)
        lengths = np.diff(np.append(starts, self.count))
        self.places = np.arange(self.count) - np.repeat(starts, lengths)
        self.ends = np.full(self.count, today)
        self.ends[:-1][is_same] = self.evaluated[1:][is_same] - 1
        taken = pa.array(order)
        # without a last day a contract goes on until today
        last = column(scores, "valid_to", pa.date32()).take(taken).cast(pa.int32())
        self.ends = np.minimum(self.ends, last.fill_null(today).to_numpy().astype(np.int64))
        breach = column(scores, "is_breach", pa.bool_()).take(taken)
        self.is_breach = breach.to_numpy(zero_copy_only=False).astype(bool)
        needed = column(scores, "breach_quarters", pa.int64()).take(taken)
        self.breach_quarters = needed.to_numpy()
        self.states = column(scores, "state_code", pa.string()).take(taken)


class _Events:
    """Events of each type, to be asked for the first or last of a contract between two days."""

    def __init__(self, events: pd.DataFrame, numbers: dict[str, int], today: int) -> None:
        contracts = codes(column(events, "contract_id", pa.string()), numbers)
        kinds = codes(
            column(events, "event_type", pa.string()), {s: n for n, s in enumerate(STATUSES)}
        )
        day = days(events, "event_on")
        self._first = int(day.min(initial=0))
        self._width = today - self._first + 2
        counts = (contracts >= 0) & (day <= today)
        keys = self._key(contracts, day)
        self._keys = {
            kind: np.sort(keys[counts & (kinds == kind)])
            for kind in (ACKNOWLEDGED, PLAN_AGREED, CLOSED)
        }

    def first(self, kind: int, contracts: np.ndarray, since: np.ndarray) -> np.ndarray:
        """The day of the first event of a type on or after a day; never without one."""
        keys = self._keys[kind]
        return self._day_at(keys, np.searchsorted(keys, self._key(contracts, since)), contracts)

    def last(self, kind: int, contracts: np.ndarray, until: np.ndarray) -> np.ndarray:
        """The day of the last event of a type on or before a day; -1 without one."""
        keys = self._keys[kind]
        at = np.searchsorted(keys, self._key(contracts, until), side="right") - 1
        found = self._day_at(keys, at, contracts)
        return np.where(found == _NEVER, -1, found)

    def _key(self, contracts: np.ndarray, day: np.ndarray) -> np.ndarray:
        within = np.clip(day - self._first, 0, self._width - 1)
        return contracts * self._width + within

    def _day_at(self, keys: np.ndarray, at: np.ndarray, contracts: np.ndarray) -> np.ndarray:
        found = np.full(len(contracts), _NEVER)
        there = (at >= 0) & (at < len(keys))
        key = keys[at[there]]
        is_own = key // self._width == contracts[there]
        found[there] = np.where(is_own, key % self._width + self._first, _NEVER)
        return found


@dataclass
class _State:
    """Where each contract stands, as arrays over all contracts; days since 1970, or never."""

    count: int

    def __post_init__(self) -> None:
        self.breaches_in_row, self.calm, self.further = (
            np.zeros(self.count, np.int64) for _ in range(3)
        )
        """Rows in a row: in breach since the last closing; without breach, and in breach, since
        the opening."""
        self.is_open = np.zeros(self.count, bool)
        self.opened, self.due, self.level_2, self.level_3, self.closed = (
            np.full(self.count, _NEVER) for _ in range(5)
        )
        self.last_closed = np.full(self.count, -_NEVER)

    def advance(self, rows: _Rows, at: np.ndarray, past: _Events) -> dict[str, np.ndarray]:
        """Take the contracts of these rows (one each) through the rows' spans; gives what the rows
        show."""
        who = rows.contracts[at]
        evaluated, ends = rows.evaluated[at], rows.ends[at]
        breaches = self._count_breaches(who, rows.is_breach[at], evaluated)
        was_open = self.is_open[who]
        # a contract that ended with the quarter was over when it was judged
        goes_on = evaluated <= ends
        opens = ~was_open & goes_on & (breaches > 0) & (breaches >= rows.breach_quarters[at])
        self._open(who[opens], evaluated[opens], rows.states.take(pa.array(at[opens])))
        judged = was_open & goes_on
        self._judge_open(who[judged], rows.is_breach[at[judged]], evaluated[judged])
        self._close_by_event(who, ends, past)
        self._miss_plan(who, ends, past)
        return self._shown(who, evaluated, ends, past) | {"breaches_in_row": breaches}

    def _count_breaches(
        self, who: np.ndarray, breach: np.ndarray, evaluated: np.ndarray
    ) -> np.ndarray:
        # a quarter that had ended by the closing belongs to what was closed
        counts = breach & (evaluated - 1 > self.last_closed[who])
        self.breaches_in_row[who] = np.where(counts, self.breaches_in_row[who] + 1, 0)
        return self.breaches_in_row[who]

    def _open(self, who: np.ndarray, evaluated: np.ndarray, states: pa.Array) -> None:
        self.is_open[who] = True
        self.opened[who] = evaluated
        self.due[who] = next_business_days(evaluated + PLAN_DAYS, states)
        self.level_2[who] = self.level_3[who] = self.closed[who] = _NEVER
        self.calm[who] = self.further[who] = 0

    def _judge_open(self, who: np.ndarray, breach: np.ndarray, evaluated: np.ndarray) -> None:
        self.further[who] = np.where(breach, self.further[who] + 1, 0)
        self.calm[who] = np.where(breach, 0, self.calm[who] + 1)
        rises = (self.further[who] >= BREACHES_TO_LEVEL_3) & (self.level_3[who] == _NEVER)
        self.level_3[who[rises]] = evaluated[rises]
        ends = self.calm[who] >= QUARTERS_TO_CLOSE
        self._close(who[ends], evaluated[ends])

    def _close_by_event(self, who: np.ndarray, ends: np.ndarray, past: _Events) -> None:
        held = self.is_open[who]
        who, ends = who[held], ends[held]
        closed = past.first(CLOSED, who, self.opened[who])
        is_closed = closed <= ends
        self._close(who[is_closed], closed[is_closed])

    def _close(self, who: np.ndarray, day: np.ndarray) -> None:
        self.is_open[who] = False
        self.closed[who] = self.last_closed[who] = day
        self.breaches_in_row[who] = 0

    def _miss_plan(self, who: np.ndarray, ends: np.ndarray, past: _Events) -> None:
        """Level 2 from the day after the due date, unless it was closed before."""
        day = self.due[who] + (self.due[who] != _NEVER)
        reached = (day <= ends) & (day <= self.closed[who]) & (self.level_2[who] == _NEVER)
        who, day = who[reached], day[reached]
        late = past.first(PLAN_AGREED, who, self.opened[who]) > self.due[who]
        self.level_2[who[late]] = day[late]

    def _shown(
        self, who: np.ndarray, evaluated: np.ndarray, ends: np.ndarray, past: _Events
    ) -> dict[str, np.ndarray]:
        is_closed = ~self.is_open[who] & (self.last_closed[who] >= evaluated)
        is_shown = self.is_open[who] | is_closed
        opened = self.opened[who]
        until = np.minimum(ends, np.where(is_closed, self.closed[who], ends))
        agreed = past.last(PLAN_AGREED, who, until)
        seen = past.last(ACKNOWLEDGED, who, until)
        status = np.full(len(who), OPEN)
        status[seen >= opened] = ACKNOWLEDGED
        # of two events of a day the agreed plan says more
        status[(agreed >= opened) & (agreed >= seen)] = PLAN_AGREED
        status[is_closed] = CLOSED
        level = np.where(self.level_2[who] <= ends, 2, 1)
        level = np.where(self.level_3[who] <= ends, 3, level)
        shown = {
            "due_on": self.due[who],
            "opened_on": opened,
            "level_2_on": self.level_2[who],
            "level_3_on": self.level_3[who],
            "closed_on": np.where(is_closed, self.closed[who], _NEVER),
        }
        return {name: np.where(is_shown, day, _NEVER) for name, day in shown.items()} | {
            "level": np.where(is_shown, level, 0),
            "status": np.where(is_shown, status, NONE),
        }


def _next_quarter(quarters: np.ndarray) -> np.ndarray:
    """The first day after each quarter, of the quarters' first days."""
    months = quarters.astype("datetime64[D]").astype("datetime64[M]") + np.timedelta64(3, "M")
    return months.astype("datetime64[D]").astype(np.int64)
