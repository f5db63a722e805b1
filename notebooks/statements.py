"""What stands behind an incentive statement: SQL over the incentive marts, exact sums in Decimal.

Amounts are euros; measures, thresholds and rates are in the unit of their programme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from orchestration.calculations.tiers import Tiers
from orchestration.serving.reading import Publication

Row = dict[str, Any]

SHOWN_LINES = 1000
"""Lines that the page lists at most; the command line shows all."""

STATEMENTS = """
select
    statements.*,
    coalesce(program_name, program_id) as program_name,
    period_grain,
    measure
from mart_incentive_statement as statements
left join dim_incentive_program using (program_id, program_version)
where statements.dealer_id = $dealer_id and statements.brand_code = $brand_code
order by program_id, period_start desc
"""
"""All of a dealer and brand, newest first in each programme."""

_OF_STATEMENT = """
    dealer_id = $dealer_id and brand_code = $brand_code
    and program_id = $program_id and period_start = $period_start
"""

POSTINGS = f"""
select * from mart_incentive_ledger where {_OF_STATEMENT}
order by posted_in_month, posting_type, posting_id
"""

PARTS = f"""
select
    tier_no,
    tier_rate,
    zero_reason,
    count(*) as line_count,
    sum(basis_amount_eur) as basis_amount_eur,
    sum(amount_eur) as amount_eur,
    coalesce(sum(round(tier_rate * basis_amount_eur, 2)), 0) as uncapped_eur
from mart_incentive_line
where {_OF_STATEMENT}
group by tier_no, tier_rate, zero_reason
order by zero_reason nulls first, tier_no desc, tier_rate desc
"""
"""The amount by tier, and what pays 0 by its reason."""

REMOVALS = f"""
select * from mart_incentive_removal where {_OF_STATEMENT}
order by ended_on, vin, event_id
"""
"""The units that no longer count, and what took them away."""

LINES = f"""
select
    lines.*,
    events.event_type,
    coalesce(round(tier_rate * basis_amount_eur, 2) <> amount_eur, false) as is_capped
from mart_incentive_line as lines
left join fct_vehicle_event as events using (event_id)
where
    lines.dealer_id = $dealer_id and lines.brand_code = $brand_code
    and lines.program_id = $program_id and lines.period_start = $period_start
    and ($wanted = 'all' or ($wanted = 'zero') = (lines.zero_reason is not null))
order by lines.event_date, lines.vin, lines.event_id
limit {SHOWN_LINES}
"""
"""Its lines; `wanted` is all, paid (without a reason to pay 0) or zero."""

OUTLOOK = """
select
    outlooks.*,
    coalesce(programs.program_name, outlooks.program_id) as program_name,
    programs.period_grain,
    programs.measure,
    cast(outlooks.measure_value as double) / nullif(outlooks.next_threshold, 0) as reached_rate,
    exists (
        select 1 from mart_incentive_line as lines
        where
            lines.dealer_id = outlooks.dealer_id and lines.brand_code = outlooks.brand_code
            and lines.program_id = outlooks.program_id
            and lines.period_start = outlooks.period_start
            and lines.zero_reason = 'GATE_NOT_MET'
    ) as is_gate_missed
from mart_incentive_outlook as outlooks
inner join mart_incentive_statement as statements
    using (dealer_id, brand_code, program_id, period_start)
left join dim_incentive_program as programs using (program_id, program_version)
where outlooks.dealer_id = $dealer_id and outlooks.brand_code = $brand_code
order by outlooks.period_start, outlooks.program_id
"""
"""The open periods of a dealer and brand."""


def newest_first(statements: Sequence[Row]) -> list[str]:
    """The programmes, by the newest period that `default_period` finds, newest first."""
    by_program: dict[str, list[Row]] = {}
    for row in statements:
        by_program.setdefault(row["program_id"], []).append(row)

    def newness(program_id: str) -> tuple[bool, date]:
        found = default_period(by_program[program_id])
        return found["status"] == "SETTLED" and found["entitlement_eur"] != 0, found["period_start"]

    return sorted(sorted(by_program), key=newness, reverse=True)


def default_period(statements: Sequence[Row]) -> Row:
    """Of a programme's statements, newest first: the newest settled one with an amount, else the
    newest settled one, else the newest."""
    settled = [row for row in statements if row["status"] == "SETTLED"]
    with_amount = [row for row in settled if row["entitlement_eur"] != 0]
    return (with_amount or settled or list(statements))[0]


@dataclass(frozen=True)
class Rule:
    """A programme version and its tiers, as `explain.words.rule` says them."""

    program: Row
    tiers: list[Row]
    kpi_names: dict[str, Row]


def rule_of(publication: Publication, statement: Row) -> Rule | None:
    """What a statement pays by; None if the publication does not hold that version any more."""
    version = {
        "program_id": statement["program_id"],
        "program_version": statement["program_version"],
    }
    where = "where program_id = $program_id and program_version = $program_version"
    programs = publication.records(f"select * from dim_incentive_program {where}", **version)
    if not programs:
        return None
    return Rule(
        programs[0],
        publication.records(
            f"select * from dim_incentive_tier {where} order by tier_no", **version
        ),
        {
            row["kpi_code"]: row
            for row in publication.records("select kpi_code, name_de, name_en from dim_kpi")
        },
    )


def target_units(publication: Publication, rule: Rule | None, statement: Row) -> int | None:
    """The units that an attainment is measured against; None for any other measure."""
    if rule is None or rule.program["measure"] != "TARGET_ATTAINMENT":
        return None
    return publication.records(
        """
        select cast(coalesce(sum(target_units), 0) as bigint) as target_units
        from mart_target_attainment
        where
            dealer_id = $dealer_id and brand_code = $brand_code
            and quarter_start between $period_start and $period_end
            and ($segment_code is null or segment_code = $segment_code)
            and ($powertrain_code is null or powertrain_code = $powertrain_code)
        """,
        **{n: statement[n] for n in ("dealer_id", "brand_code", "period_start", "period_end")},
        segment_code=rule.program["segment_code"],
        powertrain_code=rule.program["powertrain_code"],
    )[0]["target_units"]


@dataclass(frozen=True)
class Change:
    """A step of the waterfall, from one amount to the next. `kind` is a posting type or ACCRUAL; a
    total (POSTED, NOW) has start = end."""

    kind: str
    amount: Decimal
    start: Decimal
    end: Decimal
    month: date | None = None
    known_at: Any = None


def changes(postings: Sequence[Row], accrual: Decimal) -> list[Change]:
    """From nothing over each posting to what is posted; over what is not yet posted to now."""
    found: list[Change] = []
    total = Decimal(0)
    for row in postings:
        amount = row["amount_eur"]
        found.append(
            Change(
                row["posting_type"],
                amount,
                total,
                total + amount,
                row["posted_in_month"],
                row["as_known_at"],
            )
        )
        total += amount
    found.append(Change("POSTED", total, total, total))
    if accrual:
        now = total + accrual
        found.append(Change("ACCRUAL", accrual, total, now))
        found.append(Change("NOW", now, now, now))
    return found


def rate_at(program: Row, tiers: Sequence[Row], statement: Row) -> Decimal:
    """The rate of the measure that was reached: that of its tier, between tiers for LINEAR."""
    if statement["tier_no"] is None:
        return Decimal(0)
    reached = next(t for t in tiers if t["tier_no"] == statement["tier_no"])
    if program["tier_mode"] != "LINEAR":
        return reached["rate"]
    only = np.zeros(1, np.int64)
    measure = np.array([int(statement["measure_value"] * 1_000_000)])
    table = Tiers(pd.DataFrame(list(tiers)), [(reached["program_id"], reached["program_version"])])
    count = np.array([1 + list(tiers).index(reached)])
    (rate,) = table.linear_rates(only, count, measure, np.ones(1, np.int64))
    return Decimal(int(rate)) / 1_000_000


@dataclass(frozen=True)
class Curve:
    """What a programme pays by its measure, as a line to draw: its corners, and the part of it
    that the amount comes from (empty where that part is no area of the chart)."""

    corners: list[tuple[Decimal, Decimal]]
    area: list[tuple[Decimal, Decimal]]


def curve(program: Row, tiers: Sequence[Row], measure: Decimal, rate: Decimal) -> Curve:
    """The rates by the measure, from 0 or from a little below what the chart is about.

    The area is given for units and revenue: for MARGINAL what lies under the line up to the
    measure, else the measure times the one rate that holds for all of it.
    """
    thresholds = [tier["threshold"] for tier in tiers]
    is_counted = program["measure"] in ("UNITS_REGISTERED", "UNITS_INVOICED", "REVENUE_NET")
    high = max(measure, thresholds[-1])
    low = Decimal(0) if is_counted else min(measure, thresholds[0])
    span = (high - low) or high or Decimal(1)
    high += span * Decimal("0.25")
    if not is_counted:
        low = max(Decimal(0), low - span * Decimal("0.15"))

    corners = [(low, Decimal(0))]
    for tier in tiers:
        is_jump = program["tier_mode"] != "LINEAR" or tier is tiers[0]
        if is_jump:
            corners.append((tier["threshold"], corners[-1][1]))
        corners.append((tier["threshold"], tier["rate"]))
    corners.append((high, corners[-1][1]))

    area: list[tuple[Decimal, Decimal]] = []
    if is_counted and measure > 0 and rate > 0 and program["payout_basis"] != "FIXED_EUR":
        if program["tier_mode"] == "MARGINAL":
            area = [corner for corner in corners if corner[0] <= measure] + [(measure, rate)]
        else:
            area = [(Decimal(0), rate), (measure, rate)]
    return Curve(corners, area)
