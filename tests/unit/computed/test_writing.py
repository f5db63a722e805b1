"""Writing what dbt reads: in the declared types, whatever most rows look like."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from orchestration.computed.writing import write
from orchestration.ledger.tables import STATEMENTS, computed_path
from tests.support.warehouse import new_settings


def test_a_large_figure_among_many_small_ones_is_written_as_it_is(tmp_path: Path) -> None:
    count = 3_000
    measures = [Decimal("1.000000")] * count
    measures[1_234] = Decimal("123456789012.500000")
    cents = np.full(count, 100)
    cents[1_234] = 9_007_199_254_740_993
    tiers = pd.array([None] * (count - 1) + [7], dtype="Int64")
    rows = pd.DataFrame(
        {
            "dealer_id": [f"D{n:05d}" for n in range(count)],
            "brand_code": "AURA",
            "program_id": "P1",
            "period_start": date(2024, 1, 1),
            "program_version": 1,
            "measure_value": measures,
            "tier_no": tiers,
            "qualifying_units": 3,
            "entitlement_cents": cents,
            "entitlement_now_cents": cents,
        }
    )
    settings = new_settings(tmp_path)
    assert write(settings, STATEMENTS, rows.iloc[::-1]) == count
    written = pq.read_table(computed_path(settings, STATEMENTS)).to_pylist()
    assert written[1_234]["measure_value"] == Decimal("123456789012.500000")
    assert written[1_234]["entitlement_eur"] == Decimal("90071992547409.93")
    assert [row["tier_no"] for row in written[-2:]] == [None, 7]
