"""What stands behind the refinancing page: SQL over the investment marts, exact sums in Decimal.

Every query takes `brand_code` and, where one investment can be asked for, `investment_id`; null
means all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from orchestration.serving.reading import Publication

Row = dict[str, Any]

WATCH_PAYBACK_MONTHS = 60
WATCH_MARGIN_CHANGE = Decimal("-0.12")

_BRAND = "($brand_code is null or brand_code = $brand_code)"
_WANTED = f"{_BRAND} and ($investment_id is null or investment_id = $investment_id)"

STATUS = f"""
with ledgers as (
    select
        investment_id,
        sum(bonus_earned_eur) as bonus_earned_eur,
        sum(cash_called_eur) as cash_called_eur,
        sum(written_off_eur) as written_off_eur,
        max(ledger_month) filter (where bonus_earned_eur > 0) as last_bonus_month
    from mart_refinancing_ledger
    group by investment_id
)

, plans as (
    select
        investment_id,
        min(date_trunc('month', due_date))::date as first_due_month,
        max(date_trunc('month', due_date))::date as planned_end_month
    from mart_refinancing_plan
    group by investment_id
)

, corrections as (
    select investment_id, count(distinct as_known_at) as correction_count
    from mart_refinancing_correction
    group by investment_id
)

, closed as (select max(ledger_month) as month from mart_refinancing_ledger)

, planned as (
    select investment_id, arg_max(closing_eur, period_no) as planned_eur
    from mart_refinancing_plan
    where due_date <= (select last_day(month) from closed)
    group by investment_id
)

select
    investments.*,
    coalesce(dealer_name, dealer_id) as dealer_name,
    outstanding_eur - coalesce(planned_eur, refinanced_eur) as more_eur,
    coalesce(bonus_earned_eur, 0) as bonus_earned_eur,
    coalesce(cash_called_eur, 0) as cash_called_eur,
    coalesce(written_off_eur, 0) as written_off_eur,
    coalesce(correction_count, 0) as correction_count,
    last_bonus_month,
    first_due_month,
    planned_end_month,
    coalesce(
        first_due_month - interval 1 month
        <= (select month from closed),
        false
    ) as is_begun
from mart_refinancing_status as investments
left join dim_dealer using (dealer_id, brand_code)
left join ledgers using (investment_id)
left join plans using (investment_id)
left join planned using (investment_id)
left join corrections using (investment_id)
where {_BRAND}
order by arrears_eur desc, outstanding_eur desc, investment_id
"""
"""Every accepted investment, those with the most arrears first; it begins a month before its first
instalment is due, and owes nothing before. `more_eur`: how much more is owed than planned."""

BALANCES = f"""
with closed as (select max(ledger_month) as month from mart_refinancing_ledger)

, wanted as (
    select investment_id, refinanced_eur from mart_refinancing_status where {_WANTED}
)

, starts as (
    select
        investment_id,
        (date_trunc('month', due_date) - interval 1 month)::date as month,
        refinanced_eur as balance
    from mart_refinancing_plan
    inner join wanted using (investment_id)
    where period_no = 1
)

, plan as (
    select investment_id, date_trunc('month', due_date)::date as month, closing_eur as balance
    from mart_refinancing_plan
    inner join wanted using (investment_id)
    union all
    select * from starts
)

, happened as (
    select investment_id, ledger_month as month, closing_eur as balance
    from mart_refinancing_ledger
    inner join wanted using (investment_id)
    union all
    select * from starts
)

, balances as (
    select 'PLAN' as kind, * from plan
    union all
    select 'ACTUAL' as kind, * from happened
)

, lasting as (
    select
        *,
        lead(month) over (partition by kind, investment_id order by month) as until_month
    from balances
)

, months as (
    select unnest(generate_series(min(month), max(month), interval 1 month))::date as month
    from balances
)

select
    months.month,
    coalesce(sum(balance) filter (where kind = 'PLAN'), 0) as planned_eur,
    case
        when months.month <= any_value(closed.month)
            then coalesce(sum(balance) filter (where kind = 'ACTUAL'), 0)
    end as actual_eur
from months
cross join closed
left join lasting
    on
        lasting.month <= months.month
        and (lasting.until_month is null or lasting.until_month > months.month)
group by months.month
order by months.month
"""
"""What is owed at each month's end, as planned and, up to the last closed month, as it came; from
the month in which the first investment starts."""

MONTHS = f"""
select
    ledger_month as month,
    sum(scheduled_eur) as scheduled_eur,
    sum(bonus_earned_eur) as bonus_earned_eur,
    sum(applied_eur) as applied_eur,
    sum(prepaid_eur) as prepaid_eur,
    sum(paid_out_eur) as paid_out_eur,
    sum(cash_called_eur) as cash_called_eur,
    sum(written_off_eur) as written_off_eur,
    sum(arrears_out_eur) as arrears_eur,
    count(*) filter (where arrears_out_eur > 0) as arrears_count
from mart_refinancing_ledger
where {_WANTED}
group by ledger_month
order by ledger_month
"""

LEDGER = """
select * from mart_refinancing_ledger where investment_id = $investment_id order by period_no
"""

SIMULATION = """
select
    pace_factor,
    sum(outstanding_eur) as outstanding_eur,
    sum(balloon_eur) as balloon_eur,
    max(simulations.projected_end_month) as end_month,
    count(*) filter (where simulations.projected_end_month is null) as endless_count,
    count(*) as investment_count
from mart_refinancing_simulation as simulations
inner join mart_refinancing_status as investments using (investment_id)
where
    outstanding_eur > 0
    and last_ledger_month is not null
    and ($brand_code is null or brand_code = $brand_code)
    and ($investment_id is null or investment_id = $investment_id)
group by pace_factor
order by pace_factor
"""
"""What the pace of the bonuses leads to, of the investments that still owe; one without a month in
the ledger has no pace yet."""

CORRECTIONS = """
select
    corrections.*,
    (firsts.month + (corrections.period_no - 1) * interval 1 month)::date as month
from mart_refinancing_correction as corrections
left join (
    select investment_id, date_trunc('month', due_date) as month
    from mart_refinancing_plan
    where period_no = 1
) as firsts using (investment_id)
where investment_id = $investment_id
order by as_known_at, period_no, column_name
"""

LEDGER_AMOUNTS = (
    "opening_eur",
    "scheduled_eur",
    "arrears_in_eur",
    "due_eur",
    "bonus_earned_eur",
    "applied_eur",
    "prepaid_eur",
    "paid_out_eur",
    "cash_called_eur",
    "interest_eur",
    "written_off_eur",
    "closing_eur",
    "arrears_out_eur",
)
"""In the order in which a month is reckoned."""

PRESSURE = f"""
select
    pressure.*,
    coalesce(dealer_name, dealer_id) as dealer_name
from mart_investment_pressure as pressure
left join dim_dealer using (dealer_id, brand_code)
where {_BRAND} and month = (select max(month) from mart_investment_pressure where {_BRAND})
    and (liquidity_buffer_eur is not null or operating_result_12m_eur is not null)
order by
    array_position(['HIGH', 'WATCH', 'LOW'], risk_level), upfront_eur desc, dealer_id, brand_code
"""
"""Everybody whose books of the last twelve months are there, the highest risk first."""

PRESSURE_MONTHS = f"""
select month, risk_level, count(*) as dealer_count
from mart_investment_pressure
where
    {_BRAND}
    and (liquidity_buffer_eur is not null or operating_result_12m_eur is not null)
group by month, risk_level
order by month, risk_level
"""
"""By month, those whose books of twelve months are there: others can only look harmless."""

REFUSALS = f"""
select refusals.*, coalesce(dealer_name, dealer_id) as dealer_name
from mart_refinancing_refusal as refusals
left join dim_dealer using (dealer_id, brand_code)
where {_BRAND}
order by total_cost_eur desc, investment_id
"""

PROGRAMS = """
with returns as (
    select
        program_id,
        any_value(go_live_on) as go_live_on,
        count(*) filter (where is_member and return_per_eur is not null) as known_count
    from mart_shared_program_return
    group by program_id
)

select
    program_id,
    any_value(program_partner_total_eur) as partner_total_eur,
    any_value(program_oem_total_eur) as oem_total_eur,
    any_value(program_partner_total_eur) + any_value(program_oem_total_eur) as total_eur,
    count(*) as member_count,
    min(partner_share_eur) as least_share_eur,
    max(partner_share_eur) as most_share_eur,
    any_value(go_live_on) as go_live_on,
    coalesce(any_value(known_count), 0) as known_count
from mart_shared_program_allocation
left join returns using (program_id)
group by program_id
order by known_count desc, total_eur desc, program_id
"""
"""Who carries how much; first the programmes whose return is known."""

RETURNS = """
select returns.*, coalesce(dealer_name, dealer_id) as dealer_name
from mart_shared_program_return as returns
left join dim_dealer using (dealer_id, brand_code)
where program_id = $program_id
order by return_per_eur desc nulls last, dealer_id, brand_code
"""


def investments_of(publication: Publication, brand_code: str | None = None) -> list[Row]:
    """`STATUS`; nothing where the publication is older than these marts."""
    if publication.lacks("mart_refinancing_status"):
        return []
    return publication.records(STATUS, brand_code=brand_code)


def if_held(publication: Publication, table: str, sql: str, **parameters: Any) -> list[Row]:
    """The rows of a query; none where its table is not there or empty."""
    return [] if publication.lacks(table) else publication.records(sql, **parameters)


def total(rows: Sequence[Row], column: str) -> Decimal:
    """The exact sum of a column; the unknown adds nothing."""
    return sum((row[column] for row in rows if row[column] is not None), Decimal(0))


def most_telling(investments: Sequence[Row]) -> Row:
    """The one to show first: arrears, corrections and an end in sight make it worth a look, then
    the most arrears; without any of these what is still owed."""

    def worth(row: Row) -> tuple[int, Decimal, Decimal]:
        return (
            (row["arrears_eur"] > 0)
            + (row["correction_count"] > 0)
            + (row["outstanding_eur"] > 0 and row["projected_end_month"] is not None),
            row["arrears_eur"],
            row["outstanding_eur"],
        )

    return max(investments, key=worth)


def lead_over_plan(balances: Sequence[Row]) -> Row | None:
    """The last closed month of `BALANCES`, with `more_eur`: how much more is owed than planned."""
    happened = [row for row in balances if row["actual_eur"] is not None]
    if not happened:
        return None
    return {**happened[-1], "more_eur": happened[-1]["actual_eur"] - happened[-1]["planned_eur"]}


def has_pace(simulation: Sequence[Row]) -> bool:
    """Whether bonuses repaid anything lately; without one every pace leads to the same."""
    return len({row["balloon_eur"] for row in simulation}) > 1 or any(
        row["end_month"] is not None for row in simulation
    )


@dataclass(frozen=True)
class Correction:
    """What one close changed: in how many months from when on, the bonus in all, and what is owed
    and in arrears after the last of these months."""

    known_at: datetime
    first_month: date
    month_count: int
    bonus_eur: Decimal
    closing_eur: Decimal
    arrears_eur: Decimal


def difference(row: Row) -> Decimal | None:
    """By how much a corrected amount changed; None for what is no amount. What was not there, or
    is no more, is 0."""
    if not row["column_name"].endswith("_eur"):
        return None
    return Decimal(row["new_value"] or 0) - Decimal(row["old_value"] or 0)


def by_close(corrections: Sequence[Row]) -> list[Correction]:
    """The corrections of an investment close by close."""
    found = []
    for known_at, group in groupby(corrections, key=lambda row: row["as_known_at"]):
        rows = list(group)
        changed = {
            column: [difference(row) for row in rows if row["column_name"] == column]
            for column in ("bonus_earned_eur", "closing_eur", "arrears_out_eur")
        }
        found.append(
            Correction(
                known_at,
                rows[0]["month"],
                len({row["period_no"] for row in rows}),
                sum(changed["bonus_earned_eur"], Decimal(0)),
                (changed["closing_eur"] or [Decimal(0)])[-1],
                (changed["arrears_out_eur"] or [Decimal(0)])[-1],
            )
        )
    return found


_RISK_REASONS = {
    "BUFFER_BELOW_UPFRONT": "BUFFER",
    "RESULT_NEGATIVE": "RESULT",
    "PAYBACK_OVER_60_MONTHS": "PAYBACK",
    "MARGIN_FELL_OVER_12_PERCENT": "MARGIN",
}


def risks(row: Row) -> list[str]:
    """Why a dealer is at risk: BUFFER and RESULT make it HIGH, PAYBACK and MARGIN make it WATCH.

    The mart judges in whole cents before it rounds, and names the gravest reason; where an older
    one does not and the rounded figures show none, it is what is left for its level.
    """
    buffer, result = row["liquidity_buffer_eur"], row["operating_result_12m_eur"]
    payback, margin = row["payback_months"], row["margin_change_rate"]
    is_found = {
        "BUFFER": buffer is not None and buffer < row["open_upfront_eur"],
        "RESULT": result is not None and result < 0,
        "PAYBACK": payback is not None and payback > WATCH_PAYBACK_MONTHS,
        "MARGIN": margin is not None and margin < WATCH_MARGIN_CHANGE,
    }
    gravest = _RISK_REASONS.get(row.get("risk_reason"))
    found = [reason for reason, is_so in is_found.items() if is_so or reason == gravest]
    if row["risk_level"] == "HIGH" and not {"BUFFER", "RESULT"} & set(found):
        return ["BUFFER", *found]
    if row["risk_level"] == "WATCH" and not found:
        return ["MARGIN"]
    return found


@dataclass(frozen=True)
class Group:
    """The members of a shared programme, or the dealers that are none, before and after."""

    dealer_count: int
    leads_before: int
    leads_after: int
    sold_before: int
    sold_after: int
    known_count: int
    gain_eur: Decimal
    share_eur: Decimal
    """What those whose gain is known carry."""

    @property
    def gain_per_dealer_eur(self) -> Decimal | None:
        return self.gain_eur / self.known_count if self.known_count else None

    @property
    def return_per_eur(self) -> Decimal | None:
        return self.gain_eur / self.share_eur if self.share_eur else None


def group_of(returns: Sequence[Row], *, is_member: bool) -> Group:
    """One side of the comparison of a programme."""
    rows = [row for row in returns if row["is_member"] == is_member]
    known = [row for row in rows if row["gross_profit_gain_eur"] is not None]
    counts = ("leads_before", "leads_after", "sold_before", "sold_after")
    return Group(
        len(rows),
        *(sum(row[name] for row in rows) for name in counts),
        len(known),
        total(known, "gross_profit_gain_eur"),
        total(known, "partner_share_eur"),
    )


def rate(part: int, whole: int) -> Decimal | None:
    """A share; unknown of nothing."""
    return Decimal(part) / whole if whole else None
