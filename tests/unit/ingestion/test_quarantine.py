"""What people see of quarantine."""

from __future__ import annotations

import json

from orchestration.ingestion.load import load_deliveries
from orchestration.ingestion.quarantine import HIDDEN, read_quarantine
from orchestration.settings import Settings

_LEADS = (
    "lead_id,dealer_id,brand_code,channel,created_at,Customer_Name ,customer_email\n"
    "L1,D0001,ARVA,WEB,yesterday,Erika Muster,erika@example.org\n"
    "L2,D0001,ARVA,WEB,2025-01-02T10:00,Max Muster,max@example.org,one too many\n"
)


def test_personal_data_is_hidden_by_column_or_with_the_whole_line(tmp_path):
    settings = Settings.from_env({}, extracts=tmp_path / "x", warehouse=tmp_path / "w")
    (tmp_path / "x" / "dealer__leads").mkdir(parents=True)
    (tmp_path / "x" / "dealer__leads" / "D0001_20250103.csv").write_text(_LEADS)
    load_deliveries(settings)

    bad_type, misfit = read_quarantine(settings)

    shown = {k.strip().lower(): v for k, v in json.loads(bad_type["raw_row"]).items()}
    assert (bad_type["column"], bad_type["value"]) == ("created_at", "yesterday")
    assert shown["customer_name"] == shown["customer_email"] == HIDDEN
    assert shown["lead_id"] == "L1"
    assert misfit["reason_code"] == "WRONG_COLUMN_COUNT" and misfit["raw_row"] == HIDDEN
