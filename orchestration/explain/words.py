"""The chain behind a figure in words, German or English."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from orchestration.explain.chain import EVENTS_FEED, Chain
from orchestration.language import Language

SHOWN = 12
"""Lines of a statement that are shown unless all are asked for."""


def in_words(chain: Chain, say: Language, show_all: bool = False) -> Iterator[str]:
    """The explanation line by line."""
    statement = chain.statement
    yield say("explain_statement", id=statement["statement_id"])
    yield "  " + say(
        "explain_whose",
        dealer=f"{chain.dealer.get('dealer_name', '')} ({statement['dealer_id']})".strip(),
        brand=statement["brand_code"],
        program=f"{chain.program['program_name']} ({statement['program_id']})",
        version=statement["program_version"],
        period=period(chain.program["period_grain"], statement["period_start"], say),
    )
    yield from (f"  {text}" for text in rule(chain, say))
    yield ""
    yield from (f"  {text}" for text in _result(chain, say))
    yield ""
    yield from _postings(chain, say)
    yield ""
    if chain.removals and chain.kind != "LINE":
        yield from _removals(chain, say)
        yield ""
    if chain.kind == "LINE":
        yield from _one_line(chain, say)
    else:
        yield from _lines(chain, say, show_all)


def period(grain: str, start: Any, say: Language) -> str:
    """A programme's period, as people name it."""
    return say(
        f"period_{grain}",
        month=say.month(start),
        quarter=(start.month + 2) // 3,
        year=start.year,
    )


def rule(chain: Chain, say: Language) -> Iterator[str]:
    """What the programme pays for what."""
    program = chain.program
    yield say(
        "explain_rule",
        measure=say(
            f"measure_{program['measure']}", kpi=_kpi(chain, program["measure_kpi_code"], say)
        ),
        basis=say(f"basis_{program['payout_basis']}"),
        mode=say(f"mode_{program['tier_mode']}"),
    )
    for tier in chain.tiers:
        yield "  " + say(
            "explain_tier",
            number=tier["tier_no"],
            threshold=measured(program["measure"], tier["threshold"], say),
            rate=paid(program["payout_basis"], tier["rate"], say),
        )
    if program["gate_kpi_code"]:
        yield say(
            "explain_gate",
            kpi=_kpi(chain, program["gate_kpi_code"], say),
            minimum=say.exact(program["gate_min_value"]),
        )
    if program["requires_strong_market"]:
        yield say("explain_strong_market")
    if program["cap_eur"] is not None:
        yield say("explain_cap", cap=say.euro(program["cap_eur"]))
    yield say("explain_grace", grace=program["grace_days"])
    if program["hold_days"] is not None:
        claim = claim_type(program["measure"])
        yield say("explain_hold", hold=program["hold_days"], type=say(f"explain_hold_{claim}"))
    yield say(
        "explain_approved",
        one=program["approved_by_1"],
        other=program["approved_by_2"],
        announced=say.day(program["announced_on"]),
        valid=say.day(program["valid_from"]),
    )


def _kpi(chain: Chain, code: str | None, say: Language) -> str:
    return chain.kpi_names.get(code or "", {}).get(f"name_{say.code}") or str(code)


def claim_type(measure: str) -> str:
    """The event that claims a unit of a measure."""
    return "INVOICE" if measure in ("UNITS_INVOICED", "REVENUE_NET") else "REGISTRATION"


def measured(measure: str, value: Any, say: Language) -> str:
    """A figure of a programme's measure in its unit."""
    if value is None:
        return say.number(None)
    if measure == "TARGET_ATTAINMENT":
        return say.percent(value, 2)
    if measure == "REVENUE_NET":
        return say.euro(value)
    return say.exact(value)


def paid(basis: str, rate: Any, say: Language) -> str:
    """A tier's rate: money, or a share of a price."""
    if basis in ("EUR_PER_UNIT", "FIXED_EUR"):
        return say.euro(rate)
    return say.percent(rate, 4) if rate is not None else say.number(None)


def _result(chain: Chain, say: Language) -> Iterator[str]:
    statement = chain.statement
    if chain.targets:
        targets = [row["target_units"] for row in chain.targets if row["target_units"] is not None]
        yield say(
            "explain_target",
            target=say.number(sum(targets)),
            units=say.number(statement["qualifying_units"]),
        )
    tier = statement["tier_no"]
    yield say(
        "explain_reached",
        value=measured(chain.program["measure"], statement["measure_value"], say),
        tier=say("explain_no_tier") if tier is None else say("explain_reached_tier", number=tier),
    )
    yield say(
        "explain_lines",
        lines=say.number(chain.line_count),
        units=say.number(statement["qualifying_units"]),
        total=say.euro(chain.line_total_eur or Decimal(0)),
    )
    yield say(
        "explain_money",
        entitlement=say.euro(statement["entitlement_eur"]),
        posted=say.euro(statement["posted_eur"]),
        accrual=say.euro(statement["accrual_eur"]),
    )
    yield say(f"status_{statement['status']}") + (
        ". " + say("explain_due", day=say.day(statement["payment_due_on"]))
        if statement["payment_due_on"]
        else ""
    )


def _postings(chain: Chain, say: Language) -> Iterator[str]:
    yield say("explain_postings")
    if not chain.postings:
        yield "  " + say("explain_no_postings")
    for posting in chain.postings:
        asked = chain.posting and posting["posting_id"] == chain.posting["posting_id"]
        yield (
            f"{'>' if asked else ' '} {say.month(posting['posted_in_month'])}  "
            f"{say('posting_' + posting['posting_type'])}  "
            f"{say.euro(posting['amount_eur'], is_signed=True)}  "
            f"{say('explain_known_at', instant=say.instant(posting['as_known_at']))}  "
            f"[{posting['posting_id'][:12]}]"
        )


def _removals(chain: Chain, say: Language) -> Iterator[str]:
    yield say("explain_removals")
    for removal in chain.removals:
        file = f"{EVENTS_FEED}/{removal['source_file']}"
        yield "  " + say(
            "explain_removal",
            vin=removal["vin"],
            claimed=say.day(removal["event_date"]),
            type=say(f"event_{removal['ended_by']}"),
            ended=say.day(removal["ended_on"]),
            row=say("explain_row", file=file, row=removal["source_row"]),
        )


def _lines(chain: Chain, say: Language, show_all: bool) -> Iterator[str]:
    yield say("explain_units")
    shown = chain.lines if show_all else chain.lines[:SHOWN]
    for line in shown:
        parts = [reckoned(chain.program["payout_basis"], line, say)]
        if line["event"]:
            parts = [say.day(line["event_date"]), line["vin"], *parts]
            file = f"{EVENTS_FEED}/{line['source_file']}"
            parts.append(say("explain_row", file=file, row=line["source_row"]))
        yield "  " + "  ".join(parts) + f"  [{line['line_id'][:12]}]"
    if hidden := len(chain.lines) - len(shown):
        yield "  " + say("explain_more", count=hidden)


def _one_line(chain: Chain, say: Language) -> Iterator[str]:
    (line,) = chain.lines
    yield say("explain_line", id=line["line_id"])
    yield "  " + reckoned(chain.program["payout_basis"], line, say)
    event = line["event"]
    if event is None:
        return
    yield "  " + say(
        "explain_event",
        type=say(f"event_{claim_type(chain.program['measure'])}"),
        day=say.day(line["event_date"]),
        vin=line["vin"],
        event=line["event_id"],
    )
    file = f"{EVENTS_FEED}/{line['source_file']}"
    origin = say("explain_row", file=file, row=line["source_row"])
    delivered = line.get("delivered")
    if delivered:
        instant = say.instant(delivered.pop("_delivered_at"))
        origin += ", " + say("explain_delivered", sender=delivered.pop("_sender"), instant=instant)
    yield "  " + origin
    if delivered:
        yield say("explain_as_delivered")
        width = max(map(len, delivered))
        for name, value in delivered.items():
            if value is not None:
                yield f"  {name:<{width}}  {value}"


def reckoned(basis: str, line: dict[str, Any], say: Language) -> str:
    """How a line comes to its amount."""
    if line["zero_reason"]:
        return say(f"zero_{line['zero_reason']}")
    rate = paid(basis, line["tier_rate"], say)
    before_cap = _rounded(line["tier_rate"] * line["basis_amount_eur"])
    if basis == "FIXED_EUR":
        text = say("explain_fixed", amount=rate)
    elif basis == "EUR_PER_UNIT":
        text = say("explain_per_unit", amount=rate)
    else:
        price = say.euro(line["basis_amount_eur"])
        text = say("explain_reckoned", rate=rate, basis=price, amount=say.euro(before_cap))
    if line["amount_eur"] != before_cap:
        text += ", " + say("explain_capped", amount=say.euro(line["amount_eur"]))
    return text


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
