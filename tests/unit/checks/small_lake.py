"""A small lake for the gates, and good rows to put into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.ingestion import lake
from orchestration.settings import Settings
from tests.support.lake import File, Lake
from tests.unit.checks import small_brand, small_capability, small_governance

Row = dict[str, Any]
WEIGHTS = {"CSI": 40, "CLOSING_RATE": 35, "STOCK_DAYS": 25}


class SmallLake:
    """Delivers rows into the lake of a warehouse folder; each call of `deliver` is one load."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(extracts=folder / "extracts", warehouse=folder / "warehouse")
        self._lake = Lake(self.settings)
        self._clock = datetime(2025, 3, 1)

    def deliver(
        self,
        feed: str,
        *rows: Row,
        sender: str = "oem",
        delivered_at: datetime | None = None,
        quarantined: Sequence[str] = (),
        rejected: str | None = None,
        is_duplicate: bool = False,
        commit: bool = True,
    ) -> Path:
        """Write one file of a feed, delivered a minute after the one before unless said otherwise;
        gives its path in the raw lake."""
        self._clock += timedelta(minutes=1)
        file = File(
            feed,
            rows,
            sender,
            delivered_at or self._clock,
            quarantined=quarantined,
            rejected=rejected,
            is_duplicate=is_duplicate,
        )
        self._lake.load(file, is_committed=commit)
        return lake.raw_path(self.settings, feed, file.batch_id)

    def falsify_books(self, **columns: Any) -> None:
        """Overwrite columns of the newest entry of the books."""
        path = max(self.settings.deliveries.glob("*.parquet"))
        table = pq.ParquetFile(path).read()
        rows = [row | columns for row in table.to_pylist()]
        pq.write_table(table.from_pylist(rows, schema=table.schema), path)


# -- good rows ----------------------------------------------------------------------------------
def dealer(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "dealer_name": "Autohaus Eins",
        "contract_model": "DEALER",
        "postal_code": "80331",
        "district_code": "09162",
        "peer_group": "CITY",
        "is_top_partner": True,
        "opened_on": date(2015, 1, 1),
        **change,
    }


def model(**change: Any) -> Row:
    return {
        "model_code": "A1",
        "brand_code": "ALPHA",
        "model_name": "Alpha One",
        "segment_code": "COMPACT",
        "powertrain_code": "BEV",
        "list_price_eur": Decimal("40000.00"),
        "max_discount_rate": Decimal("0.100000"),
        **change,
    }


def area(**change: Any) -> Row:
    return {
        "postal_code": "80331",
        "district_code": "09162",
        "district_name": "München",
        "state_code": "09",
        "population": 1_500_000,
        **change,
    }


def territory(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "district_code": "09162",
        "valid_from": date(2020, 1, 1),
        **change,
    }


def weights(version: int = 1, **change: Any) -> list[Row]:
    return [
        {
            "brand_code": "ALPHA",
            "kpi_code": kpi,
            "version": version,
            "valid_from": date(2024, 1, 1),
            "weight": Decimal(weight),
            "floor_rate": Decimal(0),
            "cap_rate": Decimal("1.2"),
            "min_sample": 5,
            "missing_policy": "EXCLUDE",
            **change,
        }
        for kpi, weight in WEIGHTS.items()
    ]


def event(**change: Any) -> Row:
    return {
        "event_id": "E1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "vin": "1M8GDM9AXKP042788",
        "event_type": "REGISTRATION",
        "event_date": date(2025, 2, 10),
        "model_code": "A1",
        "holder_type": "PRIVATE",
        "list_price_eur": Decimal("40000.00"),
        "net_price_eur": Decimal("38000.00"),
        **change,
    }


def lead(**change: Any) -> Row:
    return {
        "lead_id": "L1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "channel": "WEB",
        "created_at": datetime(2025, 2, 10, 8),
        "first_response_at": datetime(2025, 2, 10, 12),
        "customer_name": "Erika Mustermann",
        "customer_email": "erika@example.org",
        **change,
    }


def invoice(**change: Any) -> Row:
    return event(event_id="I1", event_type="INVOICE", holder_type=None) | change


def survey(**change: Any) -> Row:
    return {
        "response_id": "S1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "vin": "1M8GDM9AXKP042788",
        "survey_type": "SALES",
        "sent_at": datetime(2025, 2, 10, 8),
        "answered_at": datetime(2025, 2, 11, 8),
        "score": 9,
        **change,
    }


def case(**change: Any) -> Row:
    return {
        "case_id": "C1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "case_type": "WARRANTY",
        "product_category": "BRAKES",
        "customer_postal_code": "01067",
        "opened_at": datetime(2025, 2, 10, 8),
        "first_assigned_at": datetime(2025, 2, 10, 9),
        "resolved_at": datetime(2025, 2, 12, 8),
        "reassign_count": 1,
        "reopened_count": 0,
        "claimed_amount_eur": Decimal(500),
        "approved_amount_eur": Decimal(400),
        **change,
    }


def books(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "fiscal_month": date(2025, 1, 1),
        "new_vehicle_revenue_eur": Decimal(1_000_000),
        "new_vehicle_gross_profit_eur": Decimal(80_000),
        "used_vehicle_revenue_eur": Decimal(500_000),
        "used_vehicle_gross_profit_eur": Decimal(40_000),
        "service_revenue_eur": Decimal(200_000),
        "service_gross_profit_eur": Decimal(90_000),
        "fixed_expenses_eur": Decimal(150_000),
        "operating_result_eur": Decimal(30_000),
        "equity_eur": Decimal(2_000_000),
        "total_assets_eur": Decimal(5_000_000),
        "liquid_funds_eur": Decimal(300_000),
        **change,
    }


def stock(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "snapshot_date": date(2025, 2, 28),
        "vin": "1M8GDM9AXKP042788",
        "brand_code": "ALPHA",
        "model_code": "A1",
        "stock_status": "IN_STOCK",
        "in_stock_since": date(2025, 1, 10),
        **change,
    }


def target(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "kpi_code": "CSI",
        "target_month": date(2025, 1, 1),
        "target_value": Decimal(80),
        **change,
    }


def close(**change: Any) -> Row:
    return {
        "period_month": date(2025, 1, 1),
        "closed_at": datetime(2025, 1, 31, 23),  # midnight in Berlin
        "closed_by": "controller",
        **change,
    }


def sales_target(**change: Any) -> Row:
    return {
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "quarter_start": date(2025, 1, 1),
        "segment_code": "COMPACT",
        "powertrain_code": "BEV",
        "version": 1,
        "base_units": 10,
        "min_purchase_units": 6,
        "max_units": 12,
        "announced_on": date(2024, 12, 12),
        **change,
    }


def program(**change: Any) -> Row:
    return {
        "program_id": "P1",
        "version": 1,
        "brand_code": "ALPHA",
        "program_name": "Volume",
        "period_grain": "MONTH",
        "measure": "UNITS_REGISTERED",
        "payout_basis": "EUR_PER_UNIT",
        "tier_mode": "MARGINAL",
        "grace_days": 5,
        "payment_days": 30,
        "credits_refinancing": False,
        "valid_from": date(2025, 1, 1),
        "valid_to": date(2025, 12, 31),
        "announced_on": date(2024, 12, 12),
        "approved_by_1": "Ada",
        "approved_by_2": "Bo",
        **change,
    }


def strong(**change: Any) -> Row:
    """A programme with all conditions that a programme may have."""
    return program(
        program_id="P2",
        period_grain="QUARTER",
        measure="TARGET_ATTAINMENT",
        payout_basis="RATE_OF_LIST_PRICE",
        tier_mode="LINEAR",
        segment_code="COMPACT",
        powertrain_code="BEV",
        requires_strong_market=True,
        gate_kpi_code="CSI",
        gate_min_value=Decimal(80),
        **change,
    )


def satisfaction(**change: Any) -> Row:
    return (
        program(
            program_id="P3",
            measure="KPI",
            measure_kpi_code="CSI",
            payout_basis="FIXED_EUR",
            tier_mode="RETROACTIVE",
        )
        | change
    )


def tier(**change: Any) -> Row:
    return {
        "program_id": "P1",
        "version": 1,
        "tier_no": 1,
        "threshold": Decimal(1),
        "rate": Decimal(100),
        **change,
    }


def investment(**change: Any) -> Row:
    return {
        "investment_id": "I1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "total_cost_eur": Decimal(1_800_000),
        "upfront_rate": Decimal("0.6"),
        "refinance_months": 36,
        "annual_interest_rate": Decimal("0.036"),
        "day_count": "30E/360",
        "start_date": date(2025, 3, 31),
        "surplus_policy": "PAY_OUT",
        "shortfall_policy": "EXTEND",
        "end_policy": "BALLOON",
        "max_extension_months": 12,
        "terminated_on": date(2026, 3, 31),
        **change,
    }


def shared_program(**change: Any) -> Row:
    return {
        "program_id": "P1",
        "program_name": "Joint CRM",
        "total_cost_eur": Decimal(100_000),
        "partner_share_rate": Decimal("0.3"),
        "allocation_key": "UNITS",
        "min_share_eur": Decimal(30_000),
        "max_share_eur": Decimal(30_000),
        "decided_on": date(2025, 1, 15),
        "go_live_on": date(2025, 1, 15),
        **change,
    }


def shared_member(**change: Any) -> Row:
    return {
        "program_id": "P1",
        "dealer_id": "D0001",
        "brand_code": "ALPHA",
        "joined_on": date(2025, 1, 15),
        "left_on": date(2025, 1, 16),
        **change,
    }


def routing_rule(**change: Any) -> Row:
    return {
        "rule_id": "R1",
        "brand_code": "ALPHA",
        "postal_prefix": "8",
        "responsible_dealer_id": "D0001",
        "priority": 0,
        "valid_from": date(2025, 3, 1),
        **change,
    }


def go_live(**change: Any) -> Row:
    return {"brand_code": "ALPHA", "go_live_on": date(2025, 3, 1), **change}


def duty(role: str = "ACCOUNTABLE", party: str = "OEM", **change: Any) -> Row:
    return {
        "process_code": "WARRANTY",
        "role": role,
        "party": party,
        "brand_code": "ALPHA",
        "valid_from": date(2025, 2, 1),
        **change,
    }


def service_level(**change: Any) -> Row:
    return {"brand_code": "ALPHA", "case_type": "WARRANTY", "target_hours": 24, **change}


def market(**change: Any) -> Row:
    return {
        "registration_month": date(2025, 1, 1),
        "district_code": "09162",
        "brand_code": "ALPHA",
        "segment_code": "COMPACT",
        "powertrain_code": "BEV",
        "holder_type": "PRIVATE",
        "units": 10,
        **change,
    }


def kba(brand: str = "VW", series: str = "GOLF", **change: Any) -> Row:
    return {
        "registration_month": date(2025, 1, 1),
        "brand_name": brand,
        "model_series": series,
        "units": 10,
        "diesel": 2,
        "hybrid": 3,
        "phev": 1,
        "bev": 4,
        **change,
    }


def workbook(**change: Any) -> list[Row]:
    """One brand of one series, its total, and the market of that brand alone."""
    total = "INSGESAMT"
    return [kba(**change), kba("VW", total, **change), kba(total, total, **change)]


def network(small: SmallLake) -> SmallLake:
    """Reference data of one dealer with which a good row breaks no rule."""
    small.deliver("oem__dealers", dealer())
    small.deliver("oem__vehicle_models", model())
    small.deliver("oem__postal_areas", area())
    small.deliver("oem__territories", territory())
    small.deliver("oem__kpi_weights", *weights())
    return small


def everything(small: SmallLake) -> SmallLake:
    """Good rows in every feed."""
    network(small)
    small.deliver("oem__kpi_targets", target(), target(target_month=date(2025, 2, 1)))
    goods = small_governance.GOOD | small_capability.GOOD | small_brand.GOOD
    for feed, good in goods.items():
        small.deliver(feed, *good)
    small.deliver("oem__sales_targets", sales_target())
    small.deliver("oem__incentive_programs", program(), strong(), satisfaction())
    small.deliver(
        "oem__incentive_tiers",
        tier(),
        tier(tier_no=2, threshold=Decimal(10), rate=Decimal(200)),
        tier(program_id="P2", threshold=Decimal("0.9"), rate=Decimal("0.02")),
        tier(program_id="P3", threshold=Decimal(80), rate=Decimal(5000)),
    )
    small.deliver("oem__period_closes", close())
    small.deliver("oem__showroom_investments", investment())
    small.deliver("oem__shared_programs", shared_program())
    small.deliver("oem__shared_program_members", shared_member())
    small.deliver(
        "oem__routing_rules",
        routing_rule(),
        routing_rule(rule_id="R2", case_type="WARRANTY", product_category="BRAKES"),
        routing_rule(rule_id="R3", postal_prefix=None, priority=9999, valid_to=date(2025, 3, 1)),
    )
    small.deliver("oem__routing_go_lives", go_live())
    small.deliver(
        "oem__responsibilities",
        duty(valid_to=date(2025, 2, 28)),
        duty(party="PARTNER", valid_from=date(2025, 3, 1)),
        duty("RESPONSIBLE", "D0001"),
    )
    small.deliver(
        "oem__service_levels",
        service_level(),
        service_level(case_type="COMPLAINT", target_hours=1),
        service_level(case_type="SERVICE_REQUEST", target_hours=2160),
    )
    small.deliver("market__registrations", market(), sender="market")
    small.deliver("kba__fz10", *workbook(), sender="kba")
    rows = {
        "dealer__vehicle_events": [
            event(),
            invoice(),
            event(event_id="O1", event_type="ORDER", promised_on=date(2025, 2, 10)),
        ],
        "dealer__leads": [lead(campaign_id="C1"), lead(lead_id="L2", campaign_id="LC1")],
        "dealer__surveys": [survey()],
        "dealer__cases": [case()],
        "dealer__financials": [books()],
        "dealer__stock": [stock()],
        **small_governance.GOOD_OF_DEALERS,
        **small_capability.GOOD_OF_DEALERS,
        **small_brand.GOOD_OF_DEALERS,
    }
    for feed, good in rows.items():
        small.deliver(feed, *good, sender="D0001")
    return small
