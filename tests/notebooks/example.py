"""A small publication: the worked example of the scorecard under both policies, and incentives.

CITY, December 2024, brand ARVA, floor 0, cap 1.2:

    D1  CSI 84 of 80: 1.05 x 40 = 42; closing rate 0.12 of 0.15: 0.8 x 35 = 28;
        stock days 50 of 75: 1.5, at most 1.2, x 25 = 30; score 100
    D2  the same without a target for stock days, EXCLUDE: 100 x 70 / 75 = 93.333333
    D3  the same, ZERO: 70

D1 had 95 the month before. D4 (RURAL) has no score: nothing of his counts.

And incentives, the worked examples of the spec:

    STAIRS   2024 Q4, attainment of 50 units, 90/100/110 % -> 200/400/600 EUR on all units.
             D1: 55 units settled at 33,000, one deregistered: claw-back of 11,400, 54 x 400 =
             21,600; one more withdrawn since the close: -400 not yet posted. D3: 60 units, but the
             gate is not met
    MARGINAL December, open: 1/11/21 -> 100/200/300 EUR. D1: 25 units, 4,500
    LINEAR   2024 Q4: 70 % -> 0.5 %, 80 % -> 1.75 % of the list price. D2: 75 %, 1.125 %
    CAPPED   November: 3 units of 4,000 under a cap of 10,000, D2
    QUALITY  2024 Q4: CSI from 80 -> 2,500 EUR. D3: 84
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from html import unescape
from types import SimpleNamespace
from typing import Any

import duckdb

from orchestration.language import Language
from orchestration.language.texts import TEXTS
from orchestration.serving.publish import publish
from orchestration.settings import Settings
from tests.unit.checks.small_warehouse import Row, build_warehouse

NOVEMBER, DECEMBER = date(2024, 11, 1), date(2024, 12, 1)
AS_OF = datetime(2025, 1, 12, 16, 30, tzinfo=UTC)
NAMES = {"D1": "Autohaus Süd & Söhne <b>", "D2": "Autohaus West", "D3": "Autohaus Ost"}

KPIS = [
    {
        "kpi_code": code,
        "name_de": german,
        "name_en": english,
        "unit": unit,
        "direction": direction,
        "owner_side": side,
    }
    for code, german, english, unit, direction, side in (
        ("CSI", "Zufriedenheit der Kunden", "Satisfaction", "POINTS", "HIGHER", "OEM"),
        ("CLOSING_RATE", "Abschlussquote", "Closing rate", "RATE", "HIGHER", "SHARED"),
        ("STOCK_DAYS", "Bestandsreichweite", "Days of stock", "DAYS", "LOWER", "PARTNER"),
    )
]


def kpi(
    dealer_id: str,
    month: date,
    kpi_code: str,
    weight: int,
    figures: tuple[str, int, str | None],
    clipped: str | None,
    policy: str = "EXCLUDE",
    reason: str | None = None,
) -> Row:
    """A row of the KPI mart; `figures` are actual, n and target."""
    actual, n, target = figures
    points = weight * Decimal(clipped) if clipped else Decimal(0) if policy == "ZERO" else None
    return {
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "score_month": month,
        "kpi_code": kpi_code,
        "weights_version": 1,
        "actual_value": Decimal(actual),
        "sample_count": n,
        "target_value": target and Decimal(target),
        "clipped_attainment": clipped and Decimal(clipped),
        "attainment": clipped and Decimal(clipped),
        "weight": Decimal(weight),
        "points": points,
        "status": "MISSING" if reason else "SCORED",
        "missing_reason": reason,
        "missing_policy": policy,
        "floor_rate": Decimal(0),
        "cap_rate": Decimal("1.2"),
        "min_sample": 5,
    }


def card(dealer_id: str, month: date, score: str | None, **values: Any) -> Row:
    return {
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "score_month": month,
        "peer_group": "CITY",
        "score": score and Decimal(score),
        "kpi_count": 3,
        "missing_count": 0,
        "peer_count": 3,
        **values,
    }


def rows() -> Mapping[str, list[Row]]:
    """The rows of the example by mart."""
    csi = ("84", 40, "80")
    closing = ("0.12", 50, "0.15")
    no_target = ("50", 30, None)
    kpis = [
        row
        for dealer_id in ("D1", "D2", "D3")
        for row in (
            kpi(dealer_id, DECEMBER, "CSI", 40, csi, "1.05"),
            kpi(dealer_id, DECEMBER, "CLOSING_RATE", 35, closing, "0.8"),
        )
    ] + [
        kpi("D1", DECEMBER, "STOCK_DAYS", 25, ("50", 30, "75"), "1.2"),
        kpi("D2", DECEMBER, "STOCK_DAYS", 25, no_target, None, "EXCLUDE", "NO_TARGET"),
        kpi("D3", DECEMBER, "STOCK_DAYS", 25, no_target, None, "ZERO", "NO_TARGET"),
        kpi("D1", NOVEMBER, "CSI", 40, ("80", 40, "80"), "1"),
        kpi("D1", NOVEMBER, "CLOSING_RATE", 35, ("0.15", 50, "0.15"), "1"),
        kpi("D1", NOVEMBER, "STOCK_DAYS", 25, ("93.75", 30, "75"), "0.8"),
        kpi("D4", DECEMBER, "CSI", 100, ("80", 2, "80"), None, "EXCLUDE", "SMALL_SAMPLE"),
    ]
    sides = {
        "oem_side_attainment": Decimal("1.05"),
        "partner_side_attainment": Decimal("1.2"),
        "shared_attainment": Decimal("0.8"),
        "goal_divergence": Decimal("0.15"),
        "is_diverging": False,
    }
    cards = [
        card("D1", DECEMBER, "100", score_rank=1, score_change=Decimal(5), **sides),
        card("D2", DECEMBER, "93.333333", score_rank=2, missing_count=1),
        card("D3", DECEMBER, "70", score_rank=3, missing_count=1),
        card("D1", NOVEMBER, "95", score_rank=1, peer_count=1),
        card("D4", DECEMBER, None, peer_group="RURAL", peer_count=0, kpi_count=1, missing_count=1),
    ]
    return {
        **incentives(),
        "dim_kpi": KPIS,
        "dim_dealer": [
            {
                "dealer_id": dealer_id,
                "brand_code": "ARVA",
                "dealer_name": name,
                "district_code": "09162",
            }
            for dealer_id, name in NAMES.items()
        ],
        "dim_district": [
            {"district_code": "09162", "district_name": "München", "state_code": "09"}
        ],
        "mart_partner_scorecard_kpi": kpis,
        "mart_partner_scorecard": cards,
        "mart_market_penetration": [
            {
                "dealer_id": "D1",
                "brand_code": "ARVA",
                "segment_code": "SUV",
                "registration_month": DECEMBER,
                "brand_units": 12,
                "market_units": 150,
                "penetration": Decimal("0.08"),
                "network_penetration": Decimal("0.1"),
                "expected_units": Decimal(15),
                "counted_registrations": 9,
                "sales_effectiveness": Decimal("0.6"),
            }
        ],
    }


QUARTER = date(2024, 10, 1)


def key_id(*key: object) -> str:
    """The id of a row of the incentive marts."""
    return md5("|".join(map(str, key)).encode()).hexdigest()


def program(program_id: str, terms: tuple[str, str, str, str], **values: Any) -> Row:
    """A programme; `terms` are its grain, measure, basis and tier mode."""
    grain, measure, basis, mode = terms
    return {
        "program_id": program_id,
        "program_version": 1,
        "brand_code": "ARVA",
        "program_name": f"Bonus {program_id} <i>",
        "period_grain": grain,
        "measure": measure,
        "payout_basis": basis,
        "tier_mode": mode,
        "requires_strong_market": False,
        "grace_days": 10,
        "hold_days": 60,
        "approved_by_1": "a@example.org",
        "approved_by_2": "b@example.org",
        "announced_on": date(2023, 12, 10),
        "valid_from": date(2024, 1, 1),
        **values,
    }


def lines(
    dealer_id: str,
    program_id: str,
    start: date,
    amounts: list[tuple[int, str | None, str | None, str, str | None]],
    event_type: str = "REGISTRATION",
) -> tuple[list[Row], list[Row]]:
    """Lines of a statement and their events, a day apart; `amounts` are (tier, rate, basis, amount,
    reason to pay 0)."""
    found, events = [], []
    for n, (tier_no, rate, basis, amount, reason) in enumerate(amounts):
        event_id = None if event_type == "FIXED" else f"{dealer_id}-{program_id}-{n}"
        key = {
            "dealer_id": dealer_id,
            "brand_code": "ARVA",
            "program_id": program_id,
            "program_version": 1,
            "period_start": start,
        }
        found.append(
            key
            | {
                "line_id": key_id(program_id, start, dealer_id, event_id or ""),
                "tier_no": tier_no or None,
                "tier_rate": rate and Decimal(rate),
                "basis_amount_eur": basis and Decimal(basis),
                "amount_eur": Decimal(amount),
                "zero_reason": reason,
            }
        )
        if event_id:
            day = start + timedelta(days=n % 30)
            found[-1] |= {
                "event_id": event_id,
                "vin": f"VIN{n:014}",
                "event_date": day,
                "batch_id": "f" * 64,
                "source_file": f"{dealer_id}_20250103.csv",
                "source_row": n + 2,
            }
            events.append({"event_id": event_id, "event_type": event_type, "event_date": day})
    return found, events


def statement(
    dealer_id: str, program_id: str, start: date, measure: str, tier_no: int | None, **values: Any
) -> Row:
    return {
        "statement_id": key_id(dealer_id, "ARVA", program_id, start),
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "program_id": program_id,
        "program_version": 1,
        "period_start": start,
        "period_end": date(2024, 11, 30) if start == NOVEMBER else date(2024, 12, 31),
        "measure_value": Decimal(measure),
        "tier_no": tier_no,
        "qualifying_units": 0,
        "entitlement_eur": Decimal(0),
        "posted_eur": Decimal(0),
        "accrual_eur": Decimal(0),
        "status": "SETTLED",
        "closed_on": date(2025, 1, 11),
        "payment_due_on": date(2025, 2, 10),
        **values,
    }


def posting(
    dealer_id: str,
    program_id: str,
    start: date,
    amount: str,
    kind: str = "SETTLEMENT",
    month: date = DECEMBER,
) -> Row:
    return {
        "posting_id": key_id(dealer_id, program_id, start, month, kind),
        "dealer_id": dealer_id,
        "brand_code": "ARVA",
        "program_id": program_id,
        "program_version": 1,
        "period_start": start,
        "posted_in_month": month,
        "posting_type": kind,
        "amount_eur": Decimal(amount),
        "as_known_at": datetime(2025, 1, 11, 16, 30),
    }


def incentives() -> dict[str, list[Row]]:
    """The rows of the worked examples of incentives by mart."""
    programs = [
        program(
            "STAIRS",
            ("QUARTER", "TARGET_ATTAINMENT", "EUR_PER_UNIT", "RETROACTIVE"),
            gate_kpi_code="CSI",
            gate_min_value=Decimal(80),
        ),
        program("MARGINAL", ("MONTH", "UNITS_REGISTERED", "EUR_PER_UNIT", "MARGINAL")),
        program("LINEAR", ("QUARTER", "TARGET_ATTAINMENT", "RATE_OF_LIST_PRICE", "LINEAR")),
        program(
            "CAPPED",
            ("MONTH", "UNITS_INVOICED", "RATE_OF_LIST_PRICE", "RETROACTIVE"),
            cap_eur=Decimal(10000),
        ),
        program("QUALITY", ("QUARTER", "KPI", "FIXED_EUR", "RETROACTIVE"), measure_kpi_code="CSI"),
    ]
    tiers = {
        "STAIRS": [("0.9", "200"), ("1", "400"), ("1.1", "600")],
        "MARGINAL": [("1", "100"), ("11", "200"), ("21", "300")],
        "LINEAR": [("0.7", "0.005"), ("0.8", "0.0175")],
        "CAPPED": [("1", "0.1")],
        "QUALITY": [("80", "2500"), ("86", "5000")],
    }
    marginal = [(1, "100")] * 10 + [(2, "200")] * 10 + [(3, "300")] * 5
    linear = [(1, "0.01125", "30000.00", "337.50", None)] * 2
    parts = [
        lines(
            "D1",
            "STAIRS",
            QUARTER,
            [(2, "400", "1.00", "400.00", None)] * 54
            + [(0, None, None, "0", "SELF_REGISTRATION"), (0, None, None, "0", "DUPLICATE_VIN")],
        ),
        lines("D3", "STAIRS", QUARTER, [(0, None, None, "0", "GATE_NOT_MET")] * 60),
        lines("D1", "MARGINAL", DECEMBER, [(t, r, "1.00", r, None) for t, r in marginal]),
        lines("D2", "LINEAR", QUARTER, linear),
        lines(
            "D2",
            "CAPPED",
            NOVEMBER,
            [(1, "0.1", "40000.00", a, None) for a in ("3333.34", "3333.33", "3333.33")],
            "INVOICE",
        ),
        lines("D3", "QUALITY", QUARTER, [(1, "2500", "1.00", "2500.00", None)], "FIXED"),
    ]
    of_quality = {"entitlement_eur": Decimal(2500), "posted_eur": Decimal(2500)}
    return {
        "dim_incentive_program": programs,
        "dim_incentive_tier": [
            {
                "program_id": program_id,
                "program_version": 1,
                "tier_no": n,
                "threshold": Decimal(threshold),
                "rate": Decimal(rate),
            }
            for program_id, steps in tiers.items()
            for n, (threshold, rate) in enumerate(steps, 1)
        ],
        "mart_incentive_line": [row for found, _ in parts for row in found],
        "fct_vehicle_event": [row for _, events in parts for row in events],
        "mart_incentive_statement": [
            statement(
                "D1",
                "STAIRS",
                QUARTER,
                "1.08",
                2,
                qualifying_units=54,
                entitlement_eur=Decimal(21600),
                posted_eur=Decimal(21600),
                accrual_eur=Decimal(-400),
            ),
            statement("D3", "STAIRS", QUARTER, "1.2", 3, qualifying_units=60),
            statement(
                "D1",
                "MARGINAL",
                DECEMBER,
                "25",
                3,
                qualifying_units=25,
                entitlement_eur=Decimal(4500),
                accrual_eur=Decimal(4500),
                status="OPEN",
                closed_on=None,
                payment_due_on=None,
            ),
            statement(
                "D2",
                "LINEAR",
                QUARTER,
                "0.75",
                1,
                qualifying_units=2,
                entitlement_eur=Decimal(675),
                posted_eur=Decimal(675),
            ),
            statement(
                "D2",
                "CAPPED",
                NOVEMBER,
                "3",
                1,
                qualifying_units=3,
                entitlement_eur=Decimal(10000),
                posted_eur=Decimal(10000),
            ),
            statement("D3", "QUALITY", QUARTER, "84", 1, **of_quality),
        ],
        "mart_incentive_ledger": [
            posting("D1", "STAIRS", QUARTER, "33000"),
            posting("D1", "STAIRS", QUARTER, "-11400", "CLAWBACK", date(2025, 1, 1)),
            posting("D2", "LINEAR", QUARTER, "675"),
            posting("D2", "CAPPED", NOVEMBER, "10000", month=NOVEMBER),
            posting("D3", "QUALITY", QUARTER, "2500"),
        ],
        "mart_incentive_removal": [
            {
                "dealer_id": "D1",
                "brand_code": "ARVA",
                "program_id": "STAIRS",
                "program_version": 1,
                "period_start": QUARTER,
                "event_id": "D1-STAIRS-99",
                "vin": f"VIN{99:014}",
                "event_date": date(2024, 12, 20),
                "ended_by_event_id": "D1-STAIRS-100",
                "ended_by": "DEREGISTRATION",
                "ended_on": date(2025, 1, 7),
                "source_file": "D1_20250110.csv",
                "source_row": 12,
            }
        ],
        "mart_incentive_outlook": [
            {
                "dealer_id": "D1",
                "brand_code": "ARVA",
                "program_id": "MARGINAL",
                "period_start": DECEMBER,
                "measure_value": Decimal(25),
                "payout_now_eur": Decimal(4500),
                "next_unit_value_eur": Decimal(300),
                "mean_list_price_eur": Decimal(25000),
                "is_cliff": False,
            }
        ],
        "mart_target_attainment": [
            {
                "dealer_id": dealer_id,
                "brand_code": "ARVA",
                "quarter_start": QUARTER,
                "segment_code": segment,
                "powertrain_code": "BEV",
                "target_units": units,
            }
            for dealer_id, segment, units in (("D1", "SUV", 30), ("D1", "COMPACT", 20))
        ],
    }


def publish_rows(settings: Settings, **tables: list[Row]) -> None:
    """Publish these rows as a run would; every other mart is empty."""
    build_warehouse(settings, **tables)
    with duckdb.connect(str(settings.marts)) as connection:
        connection.execute("create schema build")
        connection.execute("create table build.versions (model varchar, version varchar)")
    publish(settings, AS_OF, "1.2.3", gate={}, now=AS_OF)


def run(name: str, language: str = "de", **overrides) -> SimpleNamespace:
    """A notebook's page (`html`, unescaped) and its definitions."""
    app = importlib.import_module(f"notebooks.{name}").app
    outputs, definitions = app.run(defs={"say": Language(language), **overrides})
    html = unescape("\n".join(o.text for o in outputs if o is not None))
    # charts are JSON, which writes umlauts as \\u00fc
    html = re.sub(r"\\+u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), html)
    return SimpleNamespace(html=html, **definitions)


def foreign_texts(html: str, language: str, prefix: str) -> list[str]:
    """Texts of keys with this prefix that a page in one language says in the other."""
    other = 1 if language == "de" else 0
    return [
        texts[other]
        for key, texts in TEXTS.items()
        if key.startswith(prefix) and texts[0] != texts[1] and len(texts[other]) > 8
        if re.search(rf"(?<!\w){re.escape(texts[other])}(?!\w)", html)
    ]
