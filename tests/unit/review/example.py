"""A publication with made-up weeks of two top partners, around a turn of the year with week 53.

2020 has 53 weeks: the newest week is 2021-W06, the 13 weeks shown begin with 2020-W47.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from orchestration.calculations.findings import write_findings
from orchestration.settings import Settings
from tests.notebooks.example import publish_rows
from tests.unit.checks.small_warehouse import Row

NEWEST = (2021, 6)
FIRST = date.fromisocalendar(2020, 47, 1)
COMPARISONS = {
    "QUARTER_TARGET": "TARGET",
    "WORST_CASE_TYPE": "NETWORK",
    "OPEN_ACTIONS": "OVERDUE",
    "MEETING": "WEEKS_MET",
}


def finding(week: tuple[int, int], code: str, value: Any, before: Any, **values: Any) -> Row:
    """A row of int_governance__measure_weeks."""
    return {
        "dealer_id": "D1",
        "brand_code": "ARVA",
        "iso_year": week[0],
        "iso_week": week[1],
        "finding_code": code,
        "subject": "WARRANTY" if code == "WORST_CASE_TYPE" else None,
        "value": Decimal(str(value)),
        "comparison_value": None if before is None else Decimal(str(before)),
        "comparison": COMPARISONS.get(code, "YEAR_BEFORE"),
        **values,
    }


def weeks(count: int = 13) -> list[tuple[int, int]]:
    return [(FIRST + timedelta(weeks=n)).isocalendar()[:2] for n in range(count - 1)] + [NEWEST]


def measures(dealer_id: str = "D1", brand_code: str = "ARVA") -> list[Row]:
    """Thirteen weeks with every finding."""
    rows = []
    for n, week in enumerate(weeks()):
        rows += [
            finding(week, "ORDERS", (14, 11, 12, 9, 16, 6, 2, 3, 8, 12, 15, 13, 17)[n], 12 + n % 3),
            finding(week, "REGISTRATIONS", (9, 12, 10, 11, 13, 8, 4, 1, 6, 9, 10, 12, 9)[n], 12),
            finding(week, "QUARTER_TARGET", 8 * (n - 6) + 3 if n > 6 else 90 + n, 120),
            finding(week, "COMPLAINTS", (1, 0, 2, 1, 0, 0, 1, 3, 2, 1, 0, 2, 3)[n], 1 + n % 2),
            finding(week, "PENETRATION", "0.0812" if n < 8 else "0.0846", "0.078"),
            finding(week, "EV_SHARE", "0.213" if n < 8 else "0.2481", "0.187"),
            finding(week, "WORST_CASE_TYPE", 71.5 + n, 59.5),
            finding(week, "OPEN_ACTIONS", 4 + n % 4, n % 3),
            finding(week, "MEETING", int(n not in (5, 6)), 11),
        ]
        if n != 6:
            rows.append(finding(week, "CSI", round(81 + n * 0.3, 2), round(82.9 - n * 0.05, 2)))
            rows.append(finding(week, "NPS", round(31.4 + n, 1), 35.2))
    return [row | {"dealer_id": dealer_id, "brand_code": brand_code} for row in rows]


def reviewed(*rows: Row) -> list[Row]:
    """Rows of mart_weekly_review, with their sentences."""
    return write_findings(pd.DataFrame(list(rows))).to_dict("records")


def escalation(start: date, is_breach: bool, **values: Any) -> Row:
    return {
        "contract_id": "V-100 <1>",
        "quarter_start": start,
        "dealer_id": "D1",
        "brand_code": "ARVA",
        "score_mean": Decimal("78.4"),
        "benchmark_score": Decimal("81.25"),
        "is_breach": is_breach,
        "breaches_in_row": 2,
        "level": 1,
        "status": "ACKNOWLEDGED",
        "opened_on": date(2021, 1, 1),
        "due_on": date(2021, 2, 1),
        **values,
    }


def publish_example(settings: Settings) -> None:
    dialogue = {
        "weeks_due": 53,
        "weeks_met": 46,
        "met_rate": Decimal("0.867925"),
        "median_days_to_decision": Decimal("7.000000"),
        "median_days_to_done": Decimal("20.500000"),
        "actions_open": 4,
        "overdue_oem": 1,
        "overdue_partner": 0,
    }
    dealer = {
        "dealer_id": "D1",
        "brand_code": "ARVA",
        "dealer_name": "Autohaus Süd & Söhne <script>alert(1)</script>",
        "peer_group": "CITY",
    }
    publish_rows(
        settings,
        mart_weekly_review=reviewed(*measures(), *measures("D2", "BO/REA")),
        dim_dealer=[dealer],
        mart_dialogue_discipline=[{"dealer_id": "D1", "brand_code": "ARVA", **dialogue}],
        mart_escalations=[
            escalation(date(2020, 7, 1), True, level=0, status="NONE"),
            escalation(date(2020, 10, 1), True),
            escalation(date(2021, 1, 1), True, level=3),
        ],
    )


def changed(published: Settings, folder: Path, **tables: list[Row]) -> Settings:
    """A copy of what was published, with other rows in these tables."""
    settings = replace(published, warehouse=folder)
    settings.serving.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(published.serving_file, settings.serving_file)
    with duckdb.connect(str(settings.serving_file)) as connection:
        for table, rows in tables.items():
            connection.execute(f"delete from {table}")
            for row in rows:
                values = ", ".join(f"${name}" for name in row)
                connection.execute(f"insert into {table} ({', '.join(row)}) values ({values})", row)
    return settings


def publish_actions(settings: Settings, *actions: Row) -> None:
    """Add single actions to what was published."""
    with duckdb.connect(str(settings.serving_file)) as connection:
        connection.execute(
            "create or replace table fct_action (action_id varchar, dealer_id varchar, "
            "brand_code varchar, owner varchar, title varchar, raised_on date, decided_on date, "
            "due_on date, done_on date)"
        )
        for row in actions:
            row = {"dealer_id": "D1", "brand_code": "ARVA"} | row
            values = ", ".join(f"${name}" for name in row)
            connection.execute(f"insert into fct_action ({', '.join(row)}) values ({values})", row)


def action(action_id: str, **values: Any) -> Row:
    return {
        "action_id": action_id,
        "owner": "PARTNER",
        "title": f"Lieferzeiten klären <{action_id}>",
        "raised_on": date(2021, 1, 18),
        **values,
    }
