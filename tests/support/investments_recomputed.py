"""Investments once more, in plain Python, to hold the warehouse against.

    expected = recompute_investments(loads, as_of=datetime(2024, 9, 1, tzinfo=UTC))
    expected["mart_refinancing_ledger"][("I1", 3)]["closing_eur"]

Written from the spec alone and for being read: loops, dicts and fractions, a function for each
rule. Nothing is kept between two closes: each walks through all months again, from the first due
date on, with what was known at it. Money is whole cents until it is shown; interest and annuities
are fractions, rounded once, half up.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from tests.support.incentives_recomputed import (
    Load,
    Row,
    Tables,
    apportion,
    berlin_day,
    euro,
    facts_of,
    files_known,
    half_up,
    post_all_closes,
    shown,
)
from tests.support.recomputed import Facts, last_day, later

DealerBrand = tuple[str, str]
State = dict[tuple[str, int], Row]

INVESTMENT_KEYS = {
    "mart_refinancing_plan": ("investment_id", "period_no"),
    "mart_refinancing_ledger": ("investment_id", "period_no"),
    "mart_refinancing_status": ("investment_id",),
    "mart_refinancing_correction": ("investment_id", "period_no", "as_known_at", "column_name"),
    "mart_refinancing_refusal": ("investment_id",),
    "mart_refinancing_simulation": ("investment_id", "pace_factor"),
    "mart_investment_pressure": ("dealer_id", "brand_code", "month"),
    "mart_shared_program_allocation": ("program_id", "dealer_id", "brand_code"),
    "mart_shared_program_return": ("program_id", "dealer_id", "brand_code"),
}
"""The tables that are recomputed, with columns that name a row."""

LEDGER_COLUMNS = (
    *("dealer_id", "brand_code", "ledger_month", "opening_eur", "scheduled_eur", "arrears_in_eur"),
    *("due_eur", "bonus_earned_eur", "applied_eur", "prepaid_eur", "paid_out_eur"),
    *("cash_called_eur", "interest_eur", "written_off_eur", "closing_eur", "arrears_out_eur"),
    "status",
)
"""The columns of the ledger beside its key: those that can be corrected."""

PACE_MONTHS = 6
PACE_FACTORS = (Decimal("0.5"), Decimal("0.75"), Decimal("1"), Decimal("1.25"))
PAYBACK_TO_WATCH = 60
MARGIN_FALL_TO_WATCH = Fraction(-12, 100)
MONTHS_OF_RESERVE = 3


def recompute_investments(loads: Sequence[Load], as_of: datetime) -> Tables:
    """All tables of `INVESTMENT_KEYS` after these loads, seen at `as_of` (aware)."""
    states = states_of_closes(loads, as_of)
    ledger = states[-1].rows if states else {}
    facts = facts_of(files_known(loads))
    accepted = terms_in_force(accepted_investments(facts), states)
    names = {i["investment_id"] for i in accepted}
    ledger = {key: row for key, row in ledger.items() if row["investment_id"] in names}
    rows = {
        "mart_refinancing_plan": [row for i in accepted for row in plan(i)],
        "mart_refinancing_ledger": list(ledger.values()),
        "mart_refinancing_status": [status(i, rows_of(i, ledger)) for i in accepted],
        "mart_refinancing_correction": [
            row for row in corrections(states) if row["investment_id"] in names
        ],
        "mart_refinancing_refusal": refusals(facts),
        "mart_refinancing_simulation": [
            row for i in accepted for row in simulation(i, rows_of(i, ledger))
        ],
        "mart_investment_pressure": investment_pressure(facts, accepted),
        "mart_shared_program_allocation": shared_program_allocations(facts),
        "mart_shared_program_return": shared_program_returns(facts),
    }
    return {name: keyed(name, rows[name]) for name in INVESTMENT_KEYS}


def keyed(table: str, rows: Iterable[Row]) -> dict[tuple, Row]:
    """The rows by their key; a key that stands twice is an error."""
    found: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[name] for name in INVESTMENT_KEYS[table])
        assert key not in found, f"{table} has {key} twice"
        found[key] = row
    return found


def cents(amount: Decimal) -> int:
    return half_up(amount, 2)


def first_of_month(day: date) -> date:
    return date(day.year, day.month, 1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier below 0), clipped to the month's end."""
    month = later(first_of_month(day), months)
    return month.replace(day=min(day.day, monthrange(month.year, month.month)[1]))


# -- day count, interest, instalments ---------------------------------------------------------


def year_fraction(convention: str, start: date, end: date) -> Fraction:
    """Years between two days, by the day count of a contract."""
    if convention == "ACT/365":
        return Fraction((end - start).days, 365)
    first, last = start.day, end.day
    if convention == "30E/360":
        first, last = min(first, 30), min(last, 30)
    elif convention == "30/360":
        if first == 31:
            first = 30
        if last == 31 and first == 30:
            last = 30
    else:
        raise ValueError(f"no day count {convention}")
    months = 12 * (end.year - start.year) + end.month - start.month
    return Fraction(30 * months + last - first, 360)


def interest_of(opening: int, rate: Fraction, convention: str, start: date, end: date) -> int:
    """Cents of interest on an opening balance in a period, rounded half up."""
    return half_up(opening * rate * year_fraction(convention, start, end), 0)


def annuity(principal: int, rate: Fraction, months: int) -> int:
    """The constant instalment in cents at a yearly rate above 0, rounded half up."""
    monthly = rate / 12
    return half_up(principal * monthly / (1 - 1 / (1 + monthly) ** months), 0)


def equal_instalments(total: int, months: int) -> list[int]:
    """The odd cents go to the earliest months."""
    return apportion(total, [1] * months, tie_keys=range(months)).parts


class Instalment(NamedTuple):
    """A month of the plan, in cents."""

    due_date: date
    opening: int
    scheduled: int
    interest: int

    @property
    def principal(self) -> int:
        return self.scheduled - self.interest

    @property
    def closing(self) -> int:
        return self.opening - self.principal


def instalments(
    principal: int, rate: Fraction, months: int, convention: str, anchor: date
) -> list[Instalment]:
    """The plan: equal instalments without interest, else an annuity whose last closes the
    balance. Due dates hang on the anchor alone."""
    equal = [] if rate else equal_instalments(principal, months)
    constant = annuity(principal, rate, months) if rate else 0
    found: list[Instalment] = []
    opening = principal
    for k in range(1, months + 1):
        start, end = months_after(anchor, k - 1), months_after(anchor, k)
        interest = interest_of(opening, rate, convention, start, end)
        is_last = k == months
        scheduled = constant if rate else equal[k - 1]
        if rate and (is_last or scheduled > opening + interest):
            scheduled = opening + interest
        found.append(Instalment(end, opening, scheduled, interest))
        opening = found[-1].closing
    assert opening == 0
    return found


# -- which investments are accepted -----------------------------------------------------------


def upfront(investment: Row) -> int:
    """Cents that the dealer pays himself."""
    return half_up(Fraction(investment["total_cost_eur"]) * Fraction(investment["upfront_rate"]), 2)


def refinanced(investment: Row) -> int:
    """By subtraction, so that both parts sum to the total."""
    return cents(investment["total_cost_eur"]) - upfront(investment)


def refusal_reason(investment: Row, dealer: Row | None) -> str | None:
    """Why an investment is not accepted; None for a good one. `dealer` is his row of the brand."""
    reasons = {
        "UNKNOWN_DEALER": dealer is None,
        "AGENT_GENUINE": dealer is not None and dealer["contract_model"] == "AGENT_GENUINE",
        "RATE_WITH_SURPLUS_POLICY": investment["annual_interest_rate"] > 0
        and investment["surplus_policy"] != "PAY_OUT",
        "NOTHING_TO_FINANCE": investment["total_cost_eur"] <= 0
        or not 0 <= investment["upfront_rate"] <= 1
        or investment["refinance_months"] < 1,
        "RATE_NEGATIVE": investment["annual_interest_rate"] < 0,
        "DEBT_BEYOND_AMOUNTS": Fraction(investment["total_cost_eur"])
        * (1 + Fraction(investment["annual_interest_rate"]) * 31 / 360)
        ** (investment["refinance_months"] + (investment["max_extension_months"] or 0))
        >= 10**15,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _judged(facts: Facts) -> list[tuple[Row, str | None]]:
    return [
        (row, refusal_reason(row, facts.dealers.get((row["dealer_id"], row["brand_code"]))))
        for row in facts.feeds["oem__showroom_investments"]
    ]


def accepted_investments(facts: Facts) -> list[Row]:
    """In the order in which bonuses reach them: start date, then id."""
    accepted = [row for row, reason in _judged(facts) if reason is None]
    return sorted(accepted, key=lambda row: (row["start_date"], row["investment_id"]))


def refusals(facts: Facts) -> list[Row]:
    return [
        {
            "investment_id": row["investment_id"],
            "dealer_id": row["dealer_id"],
            "reason": reason,
        }
        for row, reason in _judged(facts)
        if reason is not None
    ]


# -- the plan ---------------------------------------------------------------------------------


def plan_of(investment: Row) -> list[Instalment]:
    """Empty where nothing is refinanced."""
    principal = refinanced(investment)
    if not principal:
        return []
    return instalments(
        principal,
        Fraction(investment["annual_interest_rate"]),
        investment["refinance_months"],
        investment["day_count"],
        investment["start_date"],
    )


def plan(investment: Row) -> list[Row]:
    return [
        {
            "investment_id": investment["investment_id"],
            "period_no": number,
            "dealer_id": investment["dealer_id"],
            "brand_code": investment["brand_code"],
            "due_date": instalment.due_date,
            "opening_eur": euro(instalment.opening),
            "scheduled_eur": euro(instalment.scheduled),
            "interest_eur": euro(instalment.interest),
            "principal_eur": euro(instalment.principal),
            "closing_eur": euro(instalment.closing),
        }
        for number, instalment in enumerate(plan_of(investment), start=1)
    ]


# -- bonuses of a month -----------------------------------------------------------------------


def bonuses_by_month(postings: Sequence[Row]) -> dict[DealerBrand, dict[date, int]]:
    """Cents by dealer x brand and month. What is taken back lowers the month into which the first
    posting of that dealer, programme and period went. `postings` stand in the order of closes."""
    first: dict[tuple, date] = {}
    found: dict[DealerBrand, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for posting in postings:
        names = ("dealer_id", "program_id", "program_version", "period_start")
        account = tuple(posting[name] for name in names)
        first.setdefault(account, posting["posted_in_month"])
        if posting["credits_refinancing"]:
            amount = cents(posting["amount_eur"])
            month = posting["posted_in_month"] if amount > 0 else first[account]
            found[posting["dealer_id"], posting["brand_code"]][month] += amount
    return found


# -- what happened, month by month ------------------------------------------------------------


@dataclass
class Debt:
    """An accepted investment on its way through the months, in cents.

    `schedule` holds the instalments in force, that of period k at k - 1, added months at the end.
    """

    investment: Row
    schedule: list[int] = field(init=False)
    balance: int = field(init=False)
    planned_months: int = field(init=False)
    arrears: int = 0
    added_months: int = 0
    added_at_the_end: set[int] = field(default_factory=set)
    is_over: bool = False

    def __post_init__(self) -> None:
        self.schedule = [instalment.scheduled for instalment in plan_of(self.investment)]
        self.planned_months = len(self.schedule)
        self.balance = refinanced(self.investment)
        self.is_over = not self.balance

    def period_in(self, month: date) -> int:
        """The number of the period that is due in a month; below 1 before the first."""
        start = self.investment["start_date"]
        return 12 * (month.year - start.year) + month.month - start.month

    def due_date(self, period: int) -> date:
        return months_after(self.investment["start_date"], period)

    def may_extend(self) -> bool:
        return self.added_months < (self.investment["max_extension_months"] or 0)

    def add_month(self, scheduled: int) -> int:
        """Adds a month at the end and returns its period number."""
        self.added_months += 1
        self.schedule.append(scheduled)
        return len(self.schedule)


@dataclass
class Entry:
    """The row of an investment in a month, in cents, while it is being decided."""

    debt: Debt
    month: date
    period: int
    opening: int
    interest: int
    scheduled: int
    arrears_in: int
    due: int
    is_terminated: bool
    earned: int = 0
    applied: int = 0
    prepaid: int = 0
    paid_out: int = 0
    cash_called: int = 0
    written_off: int = 0
    arrears_out: int = 0

    @property
    def rest(self) -> int:
        """What is still owed."""
        paid = self.applied + self.prepaid + self.cash_called + self.written_off
        return self.opening + self.interest - paid

    @property
    def status(self) -> str:
        if self.is_terminated:
            return "TERMINATED"
        if not self.rest:
            return "SETTLED"
        if self.period > self.debt.planned_months:
            return "EXTENDED"
        return "ARREARS" if self.arrears_out else "OPEN"

    def shown(self) -> Row:
        investment = self.debt.investment
        return {
            "investment_id": investment["investment_id"],
            "period_no": self.period,
            "dealer_id": investment["dealer_id"],
            "brand_code": investment["brand_code"],
            "ledger_month": self.month,
            "opening_eur": euro(self.opening),
            "scheduled_eur": euro(self.scheduled),
            "arrears_in_eur": euro(self.arrears_in),
            "due_eur": euro(self.due),
            "bonus_earned_eur": euro(self.earned),
            "applied_eur": euro(self.applied),
            "prepaid_eur": euro(self.prepaid),
            "paid_out_eur": euro(self.paid_out),
            "cash_called_eur": euro(self.cash_called),
            "interest_eur": euro(self.interest),
            "written_off_eur": euro(self.written_off),
            "closing_eur": euro(self.rest),
            "arrears_out_eur": euro(self.arrears_out),
            "status": self.status,
        }


def ledger_of_dealer(
    investments: Sequence[Row], bonuses: Mapping[date, int], last_month: date
) -> list[Row]:
    """The rows of all investments of a dealer x brand, up to the last closed month.

    They stand in the order in which bonuses reach them. A bonus of a month in which none of them
    has a row waits for the next first due month.
    """
    debts = [Debt(investment) for investment in investments]
    months = [first_of_month(debt.due_date(1)) for debt in debts] + list(bonuses)
    rows: list[Row] = []
    waiting = 0
    month = min(months, default=later(last_month, 1))
    while month <= last_month:
        waiting += bonuses.get(month, 0)
        due = [debt for debt in debts if not debt.is_over and debt.period_in(month) >= 1]
        if due:
            rows += decide_month(due, month, waiting)
            waiting = 0
        month = later(month, 1)
    return rows


def decide_month(debts: Sequence[Debt], month: date, bonus: int) -> list[Row]:
    """One month of the investments that are due in it, with the dealer's bonus (cents)."""
    entries = [open_entry(debt, month) for debt in debts]
    if bonus < 0:
        entries[0].earned = bonus
        entries[0].due -= bonus
    spread_bonus(entries, max(bonus, 0))
    for entry in entries:
        settle(entry)
    return [entry.shown() for entry in entries]


def open_entry(debt: Debt, month: date) -> Entry:
    """What is due: the instalment in force and the arrears; in the month of a termination all."""
    investment = debt.investment
    period = debt.period_in(month)
    interest = interest_of(
        debt.balance,
        Fraction(investment["annual_interest_rate"]),
        investment["day_count"],
        debt.due_date(period - 1),
        debt.due_date(period),
    )
    scheduled = debt.schedule[period - 1]
    terminated_on = investment["terminated_on"]
    is_terminated = terminated_on is not None and first_of_month(terminated_on) <= month
    due = debt.balance + interest if is_terminated else scheduled + debt.arrears
    return Entry(
        debt,
        month,
        period,
        debt.balance,
        interest,
        scheduled,
        debt.arrears,
        due,
        is_terminated,
    )


def spread_bonus(entries: Sequence[Entry], bonus: int) -> None:
    """Each takes its due, arrears and instalment; the surplus goes to the first with a balance.

    What is more than its balance goes on to the next that has one, and is paid out where none has.
    """
    left = bonus
    taker = entries[-1]
    for entry in entries:
        entry.applied = min(left, entry.due, entry.opening + entry.interest)
        left -= entry.applied
    while left:
        with_balance = next((entry for entry in entries if entry.rest), None)
        if with_balance is None:
            taker.paid_out += left
            break
        taker = with_balance
        if taker.debt.investment["surplus_policy"] == "PAY_OUT":
            taker.paid_out += left
            break
        part = min(left, taker.rest)
        taker.prepaid += part
        left -= part
    for entry in entries:
        entry.earned += entry.applied + entry.prepaid + entry.paid_out


def settle(entry: Entry) -> None:
    """What becomes of the surplus, of what was due and is not paid, and of the rest at the end."""
    debt = entry.debt
    if entry.prepaid:
        reduce_schedule(debt, entry.period, entry.prepaid, entry.rest)
    if entry.is_terminated:
        entry.cash_called += entry.rest
    elif entry.period in debt.added_at_the_end:
        end_extension(entry)
    else:
        if shortfall := min(entry.due - entry.applied, entry.rest):
            miss_instalment(entry, shortfall)
        if entry.rest and entry.period == len(debt.schedule):
            reach_the_end(entry)
    debt.balance = entry.rest
    debt.arrears = entry.arrears_out
    debt.is_over = not debt.balance


def reduce_schedule(debt: Debt, period: int, surplus: int, rest: int) -> None:
    """Surplus by policy: off the next instalments in order, off the last ones backwards, or the
    rest spread equally over the months that remain."""
    coming = list(range(period, len(debt.schedule)))
    policy = debt.investment["surplus_policy"]
    if policy == "REAMORTISE":
        if coming:
            debt.schedule[period:] = equal_instalments(rest, len(coming))
        return
    for index in coming if policy == "NEXT" else reversed(coming):
        part = min(surplus, debt.schedule[index])
        debt.schedule[index] -= part
        surplus -= part


def miss_instalment(entry: Entry, shortfall: int) -> None:
    """Shortfall by policy: to an added month, billed now, or carried to the next due."""
    debt = entry.debt
    policy = debt.investment["shortfall_policy"]
    if policy == "EXTEND" and debt.may_extend():
        debt.add_month(shortfall)
    elif policy == "CASH_CALL":
        entry.cash_called += shortfall
    else:
        entry.arrears_out = shortfall


def reach_the_end(entry: Entry) -> None:
    """The last period takes the rest: billed, forgiven, or carried into an added month."""
    debt = entry.debt
    policy = debt.investment["end_policy"]
    if policy == "EXTEND" and debt.may_extend():
        debt.added_at_the_end.add(debt.add_month(0))
        entry.arrears_out = entry.rest
        return
    entry.arrears_out = 0
    if policy == "WRITE_OFF":
        entry.written_off = entry.rest
    else:
        entry.cash_called += entry.rest


def end_extension(entry: Entry) -> None:
    """A month that the end policy added: goes on while bonuses come and months are allowed."""
    if entry.rest and entry.earned > 0 and entry.debt.may_extend():
        entry.debt.added_at_the_end.add(entry.debt.add_month(0))
        entry.arrears_out = entry.rest
    else:
        entry.cash_called += entry.rest


# -- states, close by close -------------------------------------------------------------------


class ClosedState(NamedTuple):
    """What a close knew: all rows up to its month."""

    as_known_at: datetime
    rows: State
    accepted: list[Row]


def states_of_closes(loads: Sequence[Load], as_of: datetime) -> list[ClosedState]:
    """At every close, in order: from the investments, dealers and postings known at it."""
    history = post_all_closes(loads, as_of)
    states = []
    for close in history.closes:
        facts = facts_of(files_known(loads, close.closed_at, close.known_loaded_at))
        postings = [p for p in history.postings if p["posted_in_month"] <= close.month]
        accepted = accepted_investments(facts)
        rows = refinancing_state(accepted, postings, close.month)
        states.append(ClosedState(close.closed_at, rows, accepted))
    return states


def terms_in_force(accepted: Sequence[Row], states: Sequence[ClosedState]) -> list[Row]:
    """Of what is accepted now: the terms known at the last close, if it knew a row of it."""
    if not states:
        return list(accepted)
    begun = {name for name, _ in states[-1].rows}
    known = {i["investment_id"]: i for i in states[-1].accepted}
    return [known[name] if (name := i["investment_id"]) in begun else i for i in accepted]


def refinancing_state(accepted: Sequence[Row], postings: Sequence[Row], last_month: date) -> State:
    """All rows up to the last closed month; `accepted` in the order in which bonuses reach them."""
    bonuses = bonuses_by_month(postings)
    of_dealer: dict[DealerBrand, list[Row]] = defaultdict(list)
    for investment in accepted:
        of_dealer[investment["dealer_id"], investment["brand_code"]].append(investment)
    return {
        (row["investment_id"], row["period_no"]): row
        for dealer, investments in of_dealer.items()
        for row in ledger_of_dealer(investments, bonuses.get(dealer, {}), last_month)
    }


def corrections(states: Sequence[ClosedState]) -> list[Row]:
    """For each value that a close sees otherwise than the one before. A row that is new corrects
    nothing; one that is no more has null in all columns, also when it comes back."""
    found = []
    known: set[tuple[str, int]] = set()
    before: State = {}
    for as_known_at, now, _ in states:
        for key in sorted(known):
            old, new = before.get(key, {}), now.get(key, {})
            for column in LEDGER_COLUMNS:
                if old.get(column) != new.get(column):
                    found.append(
                        {
                            "investment_id": key[0],
                            "period_no": key[1],
                            "as_known_at": as_known_at,
                            "column_name": column,
                            "old_value": as_text(old.get(column)),
                            "new_value": as_text(new.get(column)),
                        }
                    )
        known |= now.keys()
        before = now
    return found


def as_text(value: Any) -> str | None:
    return None if value is None else str(value)


# -- status and simulation --------------------------------------------------------------------


def rows_of(investment: Row, state: State) -> list[Row]:
    """The rows of an investment in order of their periods."""
    found = [row for (name, _), row in state.items() if name == investment["investment_id"]]
    return sorted(found, key=lambda row: row["period_no"])


def outstanding(investment: Row, rows: Sequence[Row]) -> int:
    """Cents still owed after the last row."""
    return cents(rows[-1]["closing_eur"]) if rows else refinanced(investment)


def pace(rows: Sequence[Row]) -> Fraction:
    """Cents a month: mean of what bonuses repaid in the last six closed months; 0 without any."""
    last = rows[-PACE_MONTHS:]
    repaid = sum(cents(row["applied_eur"]) + cents(row["prepaid_eur"]) for row in last)
    return Fraction(repaid, len(last)) if last else Fraction(0)


def projected_end(owed: int, monthly: Fraction, rows: Sequence[Row]) -> date | None:
    """The month in which what is owed is gone at this pace, counted from the last row; that of the
    last row where nothing is owed. None without a row, and where it is never gone."""
    if not rows:
        return None
    if not owed:
        return rows[-1]["ledger_month"]
    if not monthly:
        return None
    return later(rows[-1]["ledger_month"], math.ceil(owed / monthly))


def expected_balloon(investment: Row, owed: int, monthly: Fraction, rows: Sequence[Row]) -> int:
    """Cents left at the planned end at this pace."""
    last_period = rows[-1]["period_no"] if rows else 0
    months_left = max(investment["refinance_months"] - last_period, 0)
    return half_up(max(owed - monthly * months_left, Fraction(0)), 0)


def status(investment: Row, rows: Sequence[Row]) -> Row:
    principal, owed = refinanced(investment), outstanding(investment, rows)
    return {
        "investment_id": investment["investment_id"],
        "dealer_id": investment["dealer_id"],
        "brand_code": investment["brand_code"],
        "start_date": investment["start_date"],
        "refinance_months": investment["refinance_months"],
        "total_cost_eur": investment["total_cost_eur"],
        "upfront_eur": euro(upfront(investment)),
        "refinanced_eur": euro(principal),
        "outstanding_eur": euro(owed),
        "paid_rate": shown(Fraction(principal - owed, principal)) if principal else None,
        "arrears_eur": rows[-1]["arrears_out_eur"] if rows else euro(0),
        "projected_end_month": projected_end(owed, pace(rows), rows),
        "expected_balloon_eur": euro(expected_balloon(investment, owed, pace(rows), rows)),
    }


def simulation(investment: Row, rows: Sequence[Row]) -> list[Row]:
    """End and balloon if bonuses came at another pace."""
    owed = outstanding(investment, rows)
    return [
        {
            "investment_id": investment["investment_id"],
            "pace_factor": factor,
            "projected_end_month": projected_end(owed, pace(rows) * Fraction(factor), rows),
            "balloon_eur": euro(
                expected_balloon(investment, owed, pace(rows) * Fraction(factor), rows)
            ),
        }
        for factor in PACE_FACTORS
    ]


# -- investment pressure ----------------------------------------------------------------------


def investment_pressure(facts: Facts, accepted: Sequence[Row]) -> list[Row]:
    """A row for each month of financials of a known dealer x brand."""
    books: dict[DealerBrand, dict[date, Row]] = defaultdict(dict)
    for row in facts.feeds["dealer__financials"]:
        dealer = row["dealer_id"], row["brand_code"]
        if dealer in facts.dealers:
            books[dealer][first_of_month(row["fiscal_month"])] = row
    investments: dict[DealerBrand, list[Row]] = defaultdict(list)
    for investment in accepted:
        investments[investment["dealer_id"], investment["brand_code"]].append(investment)
    return [
        pressure(dealer, month, of_month, investments[dealer])
        for dealer, of_month in books.items()
        for month in of_month
    ]


def twelve_months(book: Mapping[date, Row], last: date, column: str) -> Fraction | None:
    """The sum over twelve months in EUR; None unless all of them are there."""
    months = [later(last, -n) for n in range(12)]
    if any(month not in book for month in months):
        return None
    return sum((Fraction(book[month][column]) for month in months), Fraction(0))


def margin_rate(book: Mapping[date, Row], last: date) -> Fraction | None:
    """New-vehicle gross profit / revenue over twelve months."""
    profit = twelve_months(book, last, "new_vehicle_gross_profit_eur")
    revenue = twelve_months(book, last, "new_vehicle_revenue_eur")
    return profit / revenue if profit is not None and revenue else None


def pressure(
    dealer: DealerBrand, month: date, book: Mapping[date, Row], investments: Sequence[Row]
) -> Row:
    """Who has no reserves is seen before he falls behind."""
    now, before = margin_rate(book, month), margin_rate(book, later(month, -12))
    revenue = twelve_months(book, month, "new_vehicle_revenue_eur")
    # of a margin that was not above 0 no share can be lost or gained
    is_known = now is not None and before is not None and before > 0
    change = (now - before) / before if is_known else None
    lost = None
    if now is not None and before is not None:
        lost = max(before - now, Fraction(0)) * revenue
    open_upfront = sum(upfront(i) for i in investments if i["start_date"] > last_day(month))
    result = twelve_months(book, month, "operating_result_eur")
    payback = None
    if investments and result is not None and result > 0:
        payback = Fraction(sum(upfront(i) for i in investments), 100) / (result / 12)
    fixed = twelve_months(book, month, "fixed_expenses_eur")
    buffer = None
    if fixed is not None:
        buffer = Fraction(book[month]["liquid_funds_eur"]) - MONTHS_OF_RESERVE * fixed / 12
    assets = Fraction(book[month]["total_assets_eur"])
    return {
        "dealer_id": dealer[0],
        "brand_code": dealer[1],
        "month": month,
        "margin_rate_12m": shown(now),
        "margin_change_rate": shown(change),
        "margin_lost_eur": shown(lost, 2),
        "open_upfront_eur": euro(open_upfront),
        "payback_months": shown(payback),
        "liquidity_buffer_eur": shown(buffer, 2),
        "equity_ratio": shown(Fraction(book[month]["equity_eur"]) / assets if assets else None),
        "risk_level": risk_level(buffer, open_upfront, result, payback, change),
        "risk_reason": risk_reason(buffer, open_upfront, result, payback, change),
    }


def risk_level(
    buffer: Fraction | None,
    open_upfront: int,
    result: Fraction | None,
    payback: Fraction | None,
    change: Fraction | None,
) -> str:
    """What is not known raises no alarm. `buffer` and `result` in EUR, `open_upfront` in cents."""
    if buffer is not None and buffer < Fraction(open_upfront, 100):
        return "HIGH"
    if result is not None and result < 0:
        return "HIGH"
    if payback is not None and payback > PAYBACK_TO_WATCH:
        return "WATCH"
    if change is not None and change < MARGIN_FALL_TO_WATCH:
        return "WATCH"
    return "LOW"


def risk_reason(
    buffer: Fraction | None,
    open_upfront: int,
    result: Fraction | None,
    payback: Fraction | None,
    change: Fraction | None,
) -> str | None:
    """The gravest; where the level is LOW for want of a year's books, that."""
    reasons = {
        "RESULT_NEGATIVE": result is not None and result < 0,
        "BUFFER_BELOW_UPFRONT": buffer is not None and buffer < Fraction(open_upfront, 100),
        "PAYBACK_OVER_60_MONTHS": payback is not None and payback > PAYBACK_TO_WATCH,
        "MARGIN_FELL_OVER_12_PERCENT": change is not None and change < MARGIN_FALL_TO_WATCH,
        "NOT_A_YEAR_OF_BOOKS": result is None or buffer is None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


# -- shared programmes ------------------------------------------------------------------------


def members_at_decision(facts: Facts, program: Row) -> list[DealerBrand]:
    """Known dealers that had joined by then, and not left."""
    decided_on = program["decided_on"]
    return sorted(
        (row["dealer_id"], row["brand_code"])
        for row in facts.feeds["oem__shared_program_members"]
        if row["program_id"] == program["program_id"]
        and (row["dealer_id"], row["brand_code"]) in facts.dealers
        and row["joined_on"] <= decided_on
        and (row["left_on"] is None or row["left_on"] > decided_on)
    )


def leads_between(facts: Facts, dealer: DealerBrand, start: date, end: date) -> list[Row]:
    """Leads created on a day in [start, end)."""
    return [
        lead
        for lead in facts.feeds["dealer__leads"]
        if (lead["dealer_id"], lead["brand_code"]) == dealer
        and start <= berlin_day(lead["created_at"]) < end
    ]


def key_figure(facts: Facts, program: Row, dealer: DealerBrand) -> int:
    """The weight of a member: 1, or units or leads of the twelve months before the decision."""
    end = program["decided_on"]
    start = months_after(end, -12)
    if program["allocation_key"] == "EQUAL":
        return 1
    if program["allocation_key"] == "LEADS":
        return len(leads_between(facts, dealer, start, end))
    return sum(
        1
        for row in facts.registrations
        if row["is_counted"]
        and (row["dealer_id"], row["brand_code"]) == dealer
        and start <= row["registration_date"] < end
    )


def partner_total(program: Row) -> int:
    """Cents that the partners carry together."""
    share = Fraction(program["total_cost_eur"]) * Fraction(program["partner_share_rate"])
    return half_up(share, 2)


def member_shares(facts: Facts, program: Row) -> dict[DealerBrand, tuple[int, int]] | None:
    """Weight and share (cents) of each member; None where floors and caps cannot be kept to."""
    members = members_at_decision(facts, program)
    weights = [key_figure(facts, program, dealer) for dealer in members]
    floor = cents(program["min_share_eur"] or Decimal(0))
    cap = None if program["max_share_eur"] is None else cents(program["max_share_eur"])
    if not members or (cap is not None and cap < floor):
        return None
    count = len(members)
    split = apportion(
        partner_total(program),
        weights,
        tie_keys=members,
        floors=[floor] * count,
        caps=[cap] * count,
    )
    if not split.is_feasible:
        return None
    return {d: (w, p) for d, w, p in zip(members, weights, split.parts, strict=True)}


def shared_program_allocations(facts: Facts) -> list[Row]:
    return [
        {
            "program_id": program["program_id"],
            "dealer_id": dealer[0],
            "brand_code": dealer[1],
            "allocation_weight": weight,
            "partner_share_eur": euro(share),
            "program_partner_total_eur": euro(partner_total(program)),
            "program_oem_total_eur": euro(
                cents(program["total_cost_eur"]) - partner_total(program)
            ),
        }
        for program in facts.feeds["oem__shared_programs"]
        for dealer, (weight, share) in (member_shares(facts, program) or {}).items()
    ]


def shared_program_returns(facts: Facts) -> list[Row]:
    """Members, and all other known dealers of their brands, around the go-live."""
    return [
        program_return(facts, program, dealer, members, shares)
        for program in facts.feeds["oem__shared_programs"]
        if program["go_live_on"] is not None
        for members in [members_at_decision(facts, program)]
        for shares in [member_shares(facts, program) or {}]
        for dealer in facts.dealers
        if dealer[1] in {brand for _, brand in members}
    ]


def program_return(
    facts: Facts,
    program: Row,
    dealer: DealerBrand,
    members: Sequence[DealerBrand],
    shares: Mapping[DealerBrand, tuple[int, int]],
) -> Row:
    """The twelve months from the go-live against the twelve before it."""
    live = program["go_live_on"]
    start, end = months_after(live, -12), months_after(live, 12)
    before = leads_between(facts, dealer, start, live)
    after = leads_between(facts, dealer, live, end)
    profit_before = new_vehicle_profit(facts, dealer, start, live)
    profit_after = new_vehicle_profit(facts, dealer, live, end)
    gain = None
    if profit_before is not None and profit_after is not None:
        gain = profit_after - profit_before
    share = shares[dealer][1] if dealer in shares else None
    return {
        "program_id": program["program_id"],
        "dealer_id": dealer[0],
        "brand_code": dealer[1],
        "is_member": dealer in members,
        "leads_before": len(before),
        "leads_after": len(after),
        "sold_before": sum(lead["sold_vin"] is not None for lead in before),
        "sold_after": sum(lead["sold_vin"] is not None for lead in after),
        "gross_profit_gain_eur": euro(gain),
        "partner_share_eur": euro(share),
        "return_per_eur": shown(Fraction(gain, share)) if gain is not None and share else None,
    }


def new_vehicle_profit(facts: Facts, dealer: DealerBrand, start: date, end: date) -> int | None:
    """Cents over the months whose first day is in [start, end); None unless all are there."""
    months = []
    month = later(first_of_month(start), 1 if start.day > 1 else 0)
    while month < end:
        months.append(month)
        month = later(month, 1)
    of_month = {
        first_of_month(row["fiscal_month"]): cents(row["new_vehicle_gross_profit_eur"])
        for row in facts.feeds["dealer__financials"]
        if (row["dealer_id"], row["brand_code"]) == dealer
    }
    if any(month not in of_month for month in months):
        return None
    return sum(of_month[month] for month in months)
