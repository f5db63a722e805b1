"""Programmes, dealers and units as the models of dbt give them, for tests to change."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from orchestration.calculations.incentives import Decided, decide_lines
from orchestration.calculations.outlook import look_ahead

START = date(2024, 1, 1)
CENT, MILLIONTH = Decimal("0.01"), Decimal("0.000001")

UNITS = pa.schema(
    [
        ("program_id", pa.string()),
        ("program_version", pa.int64()),
        ("period_start", pa.date32()),
        ("dealer_id", pa.string()),
        ("brand_code", pa.string()),
        ("event_id", pa.string()),
        ("vin", pa.string()),
        ("event_date", pa.date32()),
        ("list_price_eur", pa.decimal128(18, 2)),
        ("net_price_eur", pa.decimal128(18, 2)),
        ("unit_status", pa.string()),
        ("batch_id", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
    ]
)
DEALERS = [
    *("program_id", "program_version", "period_start", "dealer_id", "brand_code"),
    *("target_units", "kpi_value", "gate_value", "is_gate_met"),
]
PERIODS = [
    *("program_id", "program_version", "brand_code", "period_start", "period_end", "is_closed"),
    *("measure", "measure_kpi_code", "payout_basis", "tier_mode", "segment_code"),
    *("powertrain_code", "requires_strong_market"),
    *("gate_kpi_code", "gate_min_value", "cap_eur"),
]
TIERS = ["program_id", "program_version", "tier_no", "threshold", "rate"]


def program(**changes: Any) -> dict[str, Any]:
    return {
        "program_id": "P1",
        "program_version": 1,
        "brand_code": "AURA",
        "period_start": START,
        "period_end": date(2024, 3, 31),
        "is_closed": False,
        "measure": "UNITS_REGISTERED",
        "measure_kpi_code": None,
        "payout_basis": "EUR_PER_UNIT",
        "tier_mode": "RETROACTIVE",
        "segment_code": None,
        "powertrain_code": None,
        "requires_strong_market": False,
        "gate_kpi_code": None,
        "gate_min_value": None,
        "cap_eur": None,
    } | changes


def tiers(*steps: tuple[Any, Any], **changes: Any) -> list[dict[str, Any]]:
    """Tiers from pairs of threshold and rate."""
    return [
        {"program_id": "P1", "program_version": 1, "tier_no": n}
        | {"threshold": Decimal(str(threshold)).quantize(MILLIONTH)}
        | {"rate": Decimal(str(rate)).quantize(MILLIONTH)}
        | changes
        for n, (threshold, rate) in enumerate(steps, 1)
    ]


def dealer(**changes: Any) -> dict[str, Any]:
    return {
        "program_id": "P1",
        "program_version": 1,
        "period_start": START,
        "dealer_id": "D1",
        "brand_code": "AURA",
        "target_units": None,
        "kpi_value": None,
        "gate_value": None,
        "is_gate_met": True,
    } | changes


def unit(number: int, list_price: Any = 0, net_price: Any = 0, **changes: Any) -> dict[str, Any]:
    return {
        "program_id": "P1",
        "program_version": 1,
        "period_start": START,
        "dealer_id": "D1",
        "brand_code": "AURA",
        "event_id": f"E{number:05}",
        "vin": f"WAUZZZ{number:011}",
        "event_date": START,
        "list_price_eur": Decimal(str(list_price)).quantize(CENT),
        "net_price_eur": Decimal(str(net_price)).quantize(CENT),
        "unit_status": "COUNTS",
        "batch_id": "b" * 64,
        "source_file": "registrations.csv",
        "source_row": number,
    } | changes


@dataclass(frozen=True)
class Case:
    periods: list[dict[str, Any]]
    tiers: list[dict[str, Any]]
    dealers: list[dict[str, Any]] = field(default_factory=lambda: [dealer()])
    units: list[dict[str, Any]] = field(default_factory=list)

    def with_units(self, units: list[dict[str, Any]]) -> "Case":
        return replace(self, units=units)

    def inputs(self) -> tuple[pa.Table, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return (
            pa.Table.from_pylist(self.units, schema=UNITS),
            pd.DataFrame(self.dealers, columns=DEALERS, dtype=object),
            pd.DataFrame(self.periods, columns=PERIODS, dtype=object),
            pd.DataFrame(self.tiers, columns=TIERS, dtype=object),
        )

    def decide(self) -> Decided:
        return decide_lines(*self.inputs())

    def outlook(self) -> pd.DataFrame:
        return look_ahead(*self.inputs(), self.decide())

    def entitlement(self) -> Decimal:
        """The sum of all lines, EUR."""
        decided = self.decide()
        lines = sum((r["amount_eur"] for r in decided.lines.to_pylist()), Decimal(0))
        assert lines * 100 == int(decided.statements["entitlement_cents"].sum())
        return lines
