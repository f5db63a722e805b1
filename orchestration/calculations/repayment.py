"""One month of repayment: what bonuses pay, what is missing, and what becomes of it.

All investments of the month are decided at once; what is carried on is kept in `State`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.calculations import investments as t
from orchestration.calculations.investments import Investments
from orchestration.calculations.schedules import check_amounts, interest_of, schedule_of
from orchestration.calculations.surplus import reschedule

OPEN, ARREARS, SETTLED, EXTENDED, TERMINATED = range(5)
STATUSES = ("OPEN", "ARREARS", "SETTLED", "EXTENDED", "TERMINATED")
AMOUNTS = (
    "opening",
    "scheduled",
    "arrears_in",
    "due",
    "bonus_earned",
    "applied",
    "prepaid",
    "paid_out",
    "cash_called",
    "interest",
    "written_off",
    "closing",
    "arrears_out",
)

SAFE = 2**62


@dataclass
class State:
    """What is carried from month to month, one row per investment."""

    terms: Investments
    instalments: np.ndarray  # investments x periods, in force now
    balances: np.ndarray
    arrears: np.ndarray
    added: np.ndarray  # months added to the plan
    is_waiting: np.ndarray  # the months added are those of the end policy by now
    is_over: np.ndarray


def begin(terms: Investments, width: int) -> State:
    """Before the first month; no investment comes to have more than `width` periods."""
    schedule = schedule_of(terms)
    instalments = np.zeros((len(terms), width), np.int64)
    instalments[schedule.rows, schedule.periods - 1] = schedule.scheduled
    nothing = np.zeros(len(terms), np.int64)
    return State(
        terms=terms,
        instalments=instalments,
        balances=terms.refinanced.copy(),
        arrears=nothing,
        added=nothing.copy(),
        is_waiting=np.zeros(len(terms), bool),
        is_over=np.zeros(len(terms), bool),
    )


def decide(
    state: State,
    live: np.ndarray,
    period: np.ndarray,
    month: int,
    is_first: np.ndarray,
    pools: np.ndarray,
) -> dict[str, np.ndarray]:
    """One month of the investments `live`; `pools` is the bonus of their dealer (cents), on each
    of his rows, of which `is_first` marks the first. Changes the state."""
    terms = state.terms
    opening, arrears_in = state.balances[live], state.arrears[live]
    scheduled = state.instalments[live, period - 1]
    interest = np.zeros(len(live), np.int64)
    charged = np.flatnonzero(terms.rates[live] > 0)
    interest[charged] = interest_of(terms, live[charged], opening[charged], period[charged])
    owed = opening + interest
    check_amounts(terms, live, owed)
    taken_back = np.where(is_first, np.minimum(pools, 0), 0)
    is_terminated = terms.terminated[live] <= month
    due = np.where(is_terminated, owed, scheduled + arrears_in) - taken_back
    check_amounts(terms, live, due)

    applied, prepaid, paid_out = _shared_out(terms, live, is_first, pools, due, owed)
    left = owed - applied - prepaid
    # a bonus taken back can raise the due above the balance, but never the balance
    unpaid = np.minimum(due - applied, left)

    earned = applied + prepaid + paid_out + taken_back
    check_amounts(terms, live, earned)
    cash_called, arrears_out = _shortfall(state, live, is_terminated, unpaid)
    left -= cash_called
    lasts = terms.months[live] + state.added[live]
    reschedule(state.instalments, terms.surplus[live], live, period, lasts, prepaid, left)
    billed, written_off, arrears_out = _end(state, live, period, earned, left, arrears_out)
    cash_called += billed
    closing = left - billed - written_off
    arrears_out = np.minimum(arrears_out, closing)

    state.balances[live], state.arrears[live] = closing, arrears_out
    state.is_over[live] = closing == 0
    conditions = [is_terminated, closing == 0, period > terms.months[live], arrears_out > 0]
    status = np.select(conditions, [TERMINATED, SETTLED, EXTENDED, ARREARS], OPEN)
    return {
        "period": period,
        "opening": opening,
        "scheduled": scheduled,
        "arrears_in": arrears_in,
        "due": due,
        "bonus_earned": earned,
        "applied": applied,
        "prepaid": prepaid,
        "paid_out": paid_out,
        "cash_called": cash_called,
        "interest": interest,
        "written_off": written_off,
        "closing": closing,
        "arrears_out": arrears_out,
        "status": status,
    }


def _shared_out(
    terms: Investments,
    live: np.ndarray,
    is_first: np.ndarray,
    pools: np.ndarray,
    due: np.ndarray,
    owed: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each takes of its dealer's bonus: applied to its due, paid ahead, paid out."""
    pools = np.maximum(pools, 0)
    firsts = np.flatnonzero(is_first)
    most = int(np.diff(np.append(firsts, len(live))).max())
    largest = np.maximum(pools, owed)
    if int(largest.max()) * most >= SAFE:
        name = terms.name(live[int(np.argmax(largest))])
        raise ValueError(f"the amounts of the dealer of {name} are too large to be summed")
    applied = _in_turn(pools, np.minimum(due, owed), is_first)
    surplus = pools - _sum_of_group(applied, firsts, is_first)
    left = owed - applied
    has_balance = left > 0
    pays_out = (terms.surplus[live] == t.PAY_OUT) & has_balance
    taken = _in_turn(surplus, np.where(pays_out, surplus, left), is_first)
    rest = surplus - _sum_of_group(taken, firsts, is_first)
    paid_out = np.where(pays_out, taken, 0)
    place = np.arange(len(live))
    last = np.maximum.reduceat(place + len(live) * has_balance, firsts) % len(live)
    paid_out[last] += rest[last]
    return applied, np.where(pays_out, 0, taken), paid_out


def _in_turn(pools: np.ndarray, wanted: np.ndarray, is_first: np.ndarray) -> np.ndarray:
    """What each row gets of its group's pool if they take what they want in their order."""
    before = np.cumsum(wanted) - wanted
    # running sums may leave 64 bits, but wrap round; their differences within a group do not
    before -= before[is_first][np.cumsum(is_first) - 1]
    return np.clip(pools - before, 0, wanted)


def _sum_of_group(values: np.ndarray, firsts: np.ndarray, is_first: np.ndarray) -> np.ndarray:
    """The sum of a row's group, on every row."""
    return np.add.reduceat(values, firsts)[np.cumsum(is_first) - 1]


def _shortfall(
    state: State, live: np.ndarray, is_terminated: np.ndarray, unpaid: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is billed now and what is carried into the next month, of what is unpaid; the rest has
    become the instalment of an added month. Months that the end policy added are its own matter
    (and with everything billed in time there are none)."""
    terms = state.terms
    policy = terms.shortfall[live]
    billed = np.where(is_terminated | (policy == t.CASH_CALL), unpaid, 0)
    arrears = unpaid - billed
    has_room = (state.added[live] < terms.extensions[live]) & ~state.is_waiting[live]
    at = np.flatnonzero((arrears > 0) & (policy == t.EXTEND_SHORTFALL) & has_room)
    rows = live[at]
    state.instalments[rows, terms.months[rows] + state.added[rows]] = arrears[at]
    state.added[rows] += 1
    arrears[at] = 0
    return billed, arrears


def _end(
    state: State,
    live: np.ndarray,
    period: np.ndarray,
    earned: np.ndarray,
    left: np.ndarray,
    arrears: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is billed and what is written off at the end, and the arrears then."""
    terms = state.terms
    policy, added = terms.end[live], state.added[live]
    is_last = period >= terms.months[live] + added
    has_room = added < terms.extensions[live]
    goes_on = (policy == t.EXTEND_END) & is_last & has_room & (left > 0)
    # a first month is added in any case, further ones while bonuses come
    goes_on &= ~state.is_waiting[live] | (earned > 0)
    state.added[live[goes_on]] += 1
    state.is_waiting[live[goes_on]] = True
    ends = is_last & ~goes_on
    written_off = np.where(ends & (policy == t.WRITE_OFF), left, 0)
    billed = np.where(ends, left - written_off, 0)
    return billed, written_off, np.where(goes_on, left, arrears)
