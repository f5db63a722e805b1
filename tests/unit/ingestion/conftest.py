"""A drop zone and a lake in a temporary folder, and rows of the feeds to put into them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.ingestion import lake
from orchestration.ingestion.load import LoadReport, load_deliveries
from orchestration.ingestion.quarantine import read_quarantine
from orchestration.settings import Settings

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)

EVENT_HEADER = (
    "event_id,dealer_id,brand_code,vin,event_type,event_date,model_code,holder_type,"
    "customer_postal_code,list_price_eur,net_price_eur,promised_on,source_system,is_deleted"
)
EVENT = {
    "event_id": "E1",
    "dealer_id": "D0042",
    "brand_code": "NORD",
    "vin": "1M8GDM9AXKP042788",
    "event_type": "INVOICE",
    "event_date": "2025-02-03",
    "model_code": "M1",
    "holder_type": "PRIVATE",
    "customer_postal_code": "01067",
    "list_price_eur": "30000.00",
    "net_price_eur": "28000.50",
    "promised_on": "",
    "source_system": "DMS",
    "is_deleted": "",
}
EVENTS = "dealer__vehicle_events"
FILE = "D0042_20250203T0615.csv"


class Zone:
    """A drop zone with its warehouse."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(folder / "extracts", folder / "warehouse", memory_limit="512MiB")
        self.settings.extracts.mkdir()

    def put(self, content: str | bytes, feed: str = EVENTS, name: str = FILE) -> Path:
        path = self.settings.extracts / feed / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (NOW.timestamp() - 3600, NOW.timestamp() - 3600))
        return path

    def load(self, now: datetime = NOW, **sizes: int) -> LoadReport:
        return load_deliveries(self.settings, now=now, **sizes)

    def deliver(
        self, content: str | bytes, feed: str = EVENTS, name: str = FILE, **sizes: int
    ) -> lake.Delivery:
        """Put one file, load, and give its registry row."""
        self.put(content, feed, name)
        (delivery,) = self.load(**sizes).deliveries
        return delivery

    def rows(self, delivery: lake.Delivery) -> list[dict]:
        return self.table(delivery).to_pylist()

    def table(self, delivery: lake.Delivery) -> pa.Table:
        path = lake.raw_path(self.settings, delivery.feed, delivery.batch_id)
        return pq.ParquetFile(path).read()

    def quarantine(self) -> list[dict]:
        return read_quarantine(self.settings)

    def configure(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    return Zone(tmp_path)


def csv_of(*rows: dict[str, str], header: str = EVENT_HEADER, delimiter: str = ",") -> str:
    """A CSV of vehicle events: each row is what differs from EVENT."""
    names = header.split(",")
    lines = [delimiter.join(names)]
    for row in rows:
        lines.append(delimiter.join({**EVENT, **row}.get(name, "") for name in names))
    return "\n".join(lines) + "\n"


Deliver = Callable[..., lake.Delivery]
