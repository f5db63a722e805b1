"""The refinancing of dealers' investments stated again: one by one, with lists and fractions."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any


def rounded(value: Fraction) -> int:
    """Half up."""
    return (value + Fraction(1, 2)).__floor__()


def due_on(start: date, months: int) -> date:
    year, zero_month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, zero_month + 1)[1]
    return date(year, zero_month + 1, min(start.day, last))


def part_of_year(convention: str, start: date, end: date) -> Fraction:
    if convention == "ACT/365":
        return Fraction((end - start).days, 365)
    first, last = start.day, end.day
    if convention == "30/360":
        first = 30 if first == 31 else first
        last = 30 if last == 31 and first == 30 else last
    else:
        first, last = (30 if day == 31 else day for day in (first, last))
    months = (end.year - start.year) * 12 + end.month - start.month
    return Fraction(30 * months + last - first, 360)


def equal_parts(cents: int, count: int) -> list[int]:
    """The earliest get the odd cents."""
    return [cents // count + (1 if i < cents % count else 0) for i in range(count)]


class SlowInvestment:
    """Amounts in cents; periods from 1."""

    def __init__(self, terms: dict[str, Any]) -> None:
        self.terms = terms
        self.id, self.start = terms["investment_id"], terms["start_date"]
        self.rate = Fraction(terms["annual_interest_rate"])
        total = Fraction(terms["total_cost_eur"]) * 100
        self.balance = int(total) - rounded(total * Fraction(terms["upfront_rate"]))
        self.count = terms["refinance_months"]
        self.most = self.count + (terms["max_extension_months"] or 0)
        self.plan = self._plan()
        self.instalments = [row["scheduled"] for row in self.plan]
        self.arrears = 0
        self.period = 0
        self.waits_for_bonuses = False
        self.rows: list[dict[str, Any]] = []

    def interest(self, balance: int, period: int) -> int:
        days = part_of_year(
            self.terms["day_count"], due_on(self.start, period - 1), due_on(self.start, period)
        )
        return rounded(balance * self.rate * days)

    def _plan(self) -> list[dict[str, int]]:
        if not self.balance:
            return []
        if self.rate:
            factor = 1 / (1 + self.rate / 12)
            discounted = sum(factor**k for k in range(1, self.count + 1))
            instalments = [rounded(self.balance / discounted)] * self.count
        else:
            instalments = equal_parts(self.balance, self.count)
        rows, balance = [], self.balance
        for period, instalment in enumerate(instalments, 1):
            interest = self.interest(balance, period)
            owed = balance + interest
            scheduled = owed if period == self.count else min(instalment, owed)
            rows.append(
                {"period_no": period, "opening": balance, "scheduled": scheduled}
                | {"interest": interest, "principal": scheduled - interest}
                | {"closing": owed - scheduled}
            )
            balance = owed - scheduled
        return rows

    def month_of(self, period: int) -> date:
        return due_on(self.start, period).replace(day=1)

    def is_due(self, month: date) -> bool:
        return self.balance > 0 and month >= self.month_of(1)

    def open_month(self, taken_back: int) -> None:
        """Begin the next period; what is taken back falls due in it."""
        self.period += 1
        interest = self.interest(self.balance, self.period)
        self.owed = self.balance + interest
        scheduled = self.instalments[self.period - 1]
        ended = self.terms["terminated_on"]
        self.is_terminated = bool(ended) and ended.replace(day=1) <= self.month_of(self.period)
        due = self.owed if self.is_terminated else scheduled + self.arrears
        self.row = {
            "investment_id": self.id,
            "period_no": self.period,
            "dealer_id": self.terms["dealer_id"],
            "brand_code": self.terms["brand_code"],
            "ledger_month": self.month_of(self.period),
            "opening": self.balance,
            "scheduled": scheduled,
            "arrears_in": self.arrears,
            "due": due + taken_back,
            "bonus_earned": -taken_back,
            "applied": 0,
            "prepaid": 0,
            "paid_out": 0,
            "cash_called": 0,
            "interest": interest,
            "written_off": 0,
        }

    def take(self, kind: str, cents: int) -> None:
        self.row[kind] += cents
        self.row["bonus_earned"] += cents

    @property
    def left(self) -> int:
        paid = ("applied", "prepaid", "cash_called", "written_off")
        return self.owed - sum(self.row[kind] for kind in paid)

    def pay_due(self, bonus: int) -> int:
        """What of the bonus is left."""
        applied = min(bonus, self.row["due"], self.owed)
        self.take("applied", applied)
        return bonus - applied

    def take_surplus(self, surplus: int) -> int:
        """What of the surplus is left."""
        if not self.left:
            return surplus
        policy = self.terms["surplus_policy"]
        if policy == "PAY_OUT":
            self.take("paid_out", surplus)
            return 0
        prepaid = min(surplus, self.left)
        self.take("prepaid", prepaid)
        if not prepaid:
            return surplus
        later = list(range(self.period, len(self.instalments)))
        if policy == "REAMORTISE":
            if later:
                self.instalments[self.period :] = equal_parts(self.left, len(later))
            return surplus - prepaid
        rest = prepaid
        for i in later if policy == "NEXT" else reversed(later):
            part = min(rest, self.instalments[i])
            self.instalments[i] -= part
            rest -= part
        return surplus - prepaid

    def close_month(self) -> None:
        row = self.row
        shortfall, end = self.terms["shortfall_policy"], self.terms["end_policy"]
        unpaid = min(max(row["due"] - row["applied"], 0), self.left)
        arrears = 0
        if self.is_terminated:
            row["cash_called"] += self.left
        elif self.waits_for_bonuses:
            if self.left and row["bonus_earned"] > 0 and self.period < self.most:
                self.instalments.append(0)
                arrears = self.left
            else:
                row["cash_called"] += self.left
        else:
            if shortfall == "CASH_CALL":
                row["cash_called"] += unpaid
            elif shortfall == "EXTEND" and unpaid and len(self.instalments) < self.most:
                self.instalments.append(unpaid)
            else:
                arrears = unpaid
            if self.left and self.period == len(self.instalments):
                arrears = self.end(end)
        self.balance = self.left
        self.arrears = min(arrears, self.balance)
        row |= {"closing": self.balance, "arrears_out": self.arrears}
        if self.is_terminated:
            status = "TERMINATED"
        elif not self.balance:
            status = "SETTLED"
        elif self.period > self.count:
            status = "EXTENDED"
        else:
            status = "ARREARS" if self.arrears else "OPEN"
        self.rows.append(row | {"status": status})

    def end(self, policy: str) -> int:
        """What becomes of the rest in the last period; the arrears after it."""
        if policy == "EXTEND" and self.period < self.most:
            self.instalments.append(0)
            self.waits_for_bonuses = True
            return self.left
        self.row["written_off" if policy == "WRITE_OFF" else "cash_called"] += self.left
        return 0


def slow_ledger(
    investments: list[dict[str, Any]], bonuses: list[dict[str, Any]], until: date
) -> list[dict[str, Any]]:
    """The rows of the ledger by investment and period, amounts in EUR."""
    rows: list[dict[str, Any]] = []
    for dealer_id in sorted({i["dealer_id"] for i in investments}):
        own = [SlowInvestment(i) for i in investments if i["dealer_id"] == dealer_id]
        own.sort(key=lambda i: (i.start, i.id))
        of_month: dict[date, int] = {}
        for bonus in bonuses:
            if bonus["dealer_id"] == dealer_id:
                of_month[bonus["month"]] = of_month.get(bonus["month"], 0) + bonus["bonus_cents"]
        _run(own, of_month, until)
        rows.extend(row for i in own for row in i.rows)
    rows.sort(key=lambda row: (row["investment_id"], row["period_no"]))
    return [
        {k: Decimal(v) / 100 if type(v) is int and k != "period_no" else v for k, v in row.items()}
        for row in rows
    ]


def _run(own: list[SlowInvestment], of_month: dict[date, int], until: date) -> None:
    month, waiting = min([*of_month, *(i.month_of(1) for i in own)]), 0
    while month <= until:
        waiting += of_month.get(month, 0)
        due = [i for i in own if i.is_due(month)]
        if due:
            for number, one in enumerate(due):
                one.open_month(max(-waiting, 0) if number == 0 else 0)
            bonus, waiting = max(waiting, 0), 0
            for one in due:
                bonus = one.pay_due(bonus)
            last = due[-1]
            for one in due:
                last = one if one.left else last
            for one in due:
                bonus = one.take_surplus(bonus)
            last.take("paid_out", bonus)
            for one in due:
                one.close_month()
        month = due_on(month, 1)
