"""One load: what is taken, what is not, and what a killed one leaves."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.ingestion import lake, load
from orchestration.ingestion.load import pending, scan
from orchestration.ingestion.taken import ConservationError
from tests.unit.ingestion.conftest import EVENT_HEADER, EVENTS, FILE, NOW, csv_of

DEALERS = "oem__dealers"
DEALERS_HEADER = (
    "dealer_id,brand_code,dealer_name,contract_model,postal_code,district_code,peer_group,"
    "is_top_partner,opened_on"
)


def test_nothing_new_writes_nothing(zone):
    zone.deliver(csv_of({}))
    before = sorted(p for p in zone.settings.lake.rglob("*"))
    report = zone.load()
    assert (report.deliveries, report.loaded_at) == ([], None)
    assert sorted(p for p in zone.settings.lake.rglob("*")) == before
    assert pending(zone.settings) == []


def test_loaded_at_rises_even_if_the_clock_does_not(zone):
    first = zone.deliver(csv_of({}))
    second = zone.deliver(csv_of({"event_id": "E2"}), name="D0042_20250204.csv")
    assert second.loaded_at > first.loaded_at == NOW
    assert lake.last_loaded_at(zone.settings) == second.loaded_at
    assert lake.read_deliveries(zone.settings) == [first, second]


def test_a_file_that_was_touched_changes_nothing_and_is_not_pending(zone):
    path = zone.put(csv_of({}))
    zone.load()
    os.utime(path, (1, 1))
    assert pending(zone.settings) == [path]
    assert zone.load().deliveries == []
    assert pending(zone.settings) == []


def test_the_same_bytes_under_another_name_count_with_no_rows(zone):
    zone.put(csv_of({}))
    zone.put(csv_of({}), name="D0042_20250204.csv")
    first, second = zone.load().deliveries
    assert (first.status, first.accepted_rows) == ("LOADED", 1)
    assert (second.status, second.delivered_rows) == ("DUPLICATE", 0)
    zone.put(csv_of({}), name="D0042_20250101.csv")
    (third,) = zone.load().deliveries
    assert third.status == "DUPLICATE"
    assert len(list(zone.settings.raw.rglob("*.parquet"))) == 1


def test_the_same_bytes_in_another_feed_are_another_delivery(zone):
    zone.put(DEALERS_HEADER + "\n", DEALERS, "oem_20250101.csv")
    zone.put(DEALERS_HEADER + "\n", "oem__territories", "oem_20250101.csv")
    statuses = {d.feed: d.status for d in zone.load().deliveries}
    assert statuses == {DEALERS: "LOADED", "oem__territories": "REJECTED"}


def test_header_only_snapshots_of_several_senders_all_count_with_a_warning(zone):
    for name in ("oem_20250101.csv", "dms_20250101.csv"):
        zone.put(DEALERS_HEADER + "\n", DEALERS, name)
    deliveries = zone.load().deliveries
    assert [d.status for d in deliveries] == ["LOADED", "LOADED"]
    assert all("empties the feed" in d.warnings for d in deliveries)
    zone.put(DEALERS_HEADER + "\n", DEALERS, "oem_20250301.csv")
    assert zone.load().deliveries[0].status == "LOADED"


def test_new_bytes_under_a_known_name_are_a_new_delivery(zone):
    zone.deliver(csv_of({}))
    delivery = zone.deliver(csv_of({"model_code": "M2a"}))
    assert (delivery.status, delivery.accepted_rows) == ("LOADED", 1)
    assert len(list(zone.settings.raw.rglob("*.parquet"))) == 2


def test_files_delivered_after_as_of_are_left(zone):
    zone.put(csv_of({}), name="D0042_20250101.csv")
    later = zone.put(csv_of({"event_id": "E2"}), name="D0042_20250301.csv")
    zone.configure(as_of=datetime(2025, 2, 1, tzinfo=UTC))
    assert [d.source_file for d in zone.load().deliveries] == ["D0042_20250101.csv"]
    assert pending(zone.settings) == []
    assert "D0042_" in zone.load().left[0]
    zone.configure(as_of=None)
    assert pending(zone.settings) == [later]


def test_only_the_chosen_feeds_are_loaded(zone):
    zone.put(csv_of({}))
    zone.put(DEALERS_HEADER, DEALERS, "oem_20250101.csv")
    report = load.load_deliveries(zone.settings, feeds=[DEALERS], now=NOW)
    assert [d.feed for d in report.deliveries] == [DEALERS]
    assert len(pending(zone.settings)) == 1


def test_what_does_not_belong_is_reported(zone):
    zone.put(csv_of({}))
    zone.put("x", "dealer__unknown", "a.csv")
    zone.put("x", EVENTS, ".DS_Store")
    zone.put("x", EVENTS, "Thumbs.db")
    zone.put("x", EVENTS, ".~lock.a.csv#")
    zone.put("x", EVENTS, "a.csv.PART")
    (zone.settings.extracts / "stray.csv").write_text("x")
    (zone.settings.extracts / ".DS_Store").write_text("x")
    (zone.settings.extracts / EVENTS / "sub").mkdir()
    (zone.settings.extracts / "oem__dealers").symlink_to(zone.settings.extracts / EVENTS)
    found = scan(zone.settings)
    assert found.unknown_folders == ["dealer__unknown"]
    assert [text.split()[0] for text in found.stray] == [
        f"{EVENTS}/sub",
        "oem__dealers",
        "stray.csv",
    ]
    report = zone.load()
    assert report.unknown_folders == ["dealer__unknown"]
    assert len(report.stray) == 3
    assert [d.source_file for d in report.deliveries] == [FILE]


def test_a_link_in_a_feed_folder_is_not_followed(zone, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(csv_of({}))
    (zone.settings.extracts / EVENTS).mkdir()
    (zone.settings.extracts / EVENTS / FILE).symlink_to(secret)
    (delivery,) = zone.load().deliveries
    assert (delivery.status, delivery.reason_code) == ("REJECTED", "UNREADABLE")
    assert zone.load().deliveries == []


def test_a_pipe_in_a_feed_folder_is_not_opened(zone):
    (zone.settings.extracts / EVENTS).mkdir()
    os.mkfifo(zone.settings.extracts / EVENTS / FILE)
    assert zone.load().deliveries[0].reason_code == "UNREADABLE"


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE x --_20250101.csv", "a\nb_20250101.csv", "*_20250101.csv", "ü ?.csv"]
)
def test_names_are_only_text(zone, name):
    delivery = zone.deliver(csv_of({}, {"event_id": "E2", "vin": "x"}), name=name)
    assert (delivery.source_file, delivery.sender) == (name, "unknown")
    assert zone.rows(delivery)[0]["_source_file"] == name
    assert zone.quarantine()[0]["file"] == name


def test_a_name_that_is_no_utf8_is_shown_escaped(zone):
    zone.put(csv_of({}), name=os.fsdecode(b"D0042_20250203\xff.csv"))
    (delivery,) = zone.load().deliveries
    assert delivery.source_file == "D0042_20250203\\xff.csv"
    assert delivery.accepted_rows == 1


def test_header_names_are_only_text(zone):
    header = EVENT_HEADER + ',"a\'); --","x""y"'
    row = csv_of({"vin": "bad"}).splitlines()[1]
    delivery = zone.deliver(f"{header}\n{row},1,2\n")
    assert delivery.quarantined_rows == 1
    assert '"a\'); --":' in zone.quarantine()[0]["raw_row"]


def test_a_warehouse_folder_may_have_any_name(tmp_path):
    from tests.unit.ingestion.conftest import Zone

    folder = tmp_path / "a [b] * {c} 'd'"
    folder.mkdir()
    zone = Zone(folder)
    rows = [{"event_id": f"E{i % 40}"} for i in range(50)]
    assert zone.deliver(csv_of(*rows), block_bytes=1024).accepted_rows == 40
    assert len(zone.quarantine()) == 10


def test_a_load_killed_before_its_commit_is_repaired_by_the_next(zone, monkeypatch):
    zone.put(csv_of({}, {"event_id": "E2", "vin": "x"}))
    zone.put("nonsense", name="D0042_20250204.csv")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(lake, "commit_deliveries", killed)
        zone.load()
    assert lake.read_deliveries(zone.settings) == []
    assert list(zone.settings.raw.rglob("*.parquet"))  # an orphan that does not count
    assert len(pending(zone.settings)) == 2
    report = zone.load(NOW + timedelta(hours=1))
    assert [d.status for d in report.deliveries] == ["LOADED", "REJECTED"]
    (row,) = zone.rows(report.deliveries[0])
    assert row["_loaded_at"] == (NOW + timedelta(hours=1)).replace(tzinfo=None)
    assert len(zone.quarantine()) == 2
    assert len(list(zone.settings.rejected.iterdir())) == 1


def test_leftovers_of_killed_loads_are_removed(zone):
    leftover = zone.settings.tmp / "load-old"
    leftover.mkdir(parents=True)
    (leftover / "x").write_text("x")
    zone.deliver(csv_of({}))
    assert list(zone.settings.tmp.iterdir()) == []


def test_lost_rows_stop_the_load(zone, monkeypatch):
    from orchestration.ingestion import batch

    monkeypatch.setattr(batch, "misfit_rows", lambda rows: batch.pa.table({"source_row": []}))
    zone.put(csv_of({}) + "too,short\n")
    with pytest.raises(ConservationError, match="2 rows delivered, but 1 accepted"):
        zone.load()
    assert lake.read_deliveries(zone.settings) == []


def test_a_file_that_changes_while_it_is_read_is_left(zone, monkeypatch):
    path = zone.put(csv_of({}))
    monkeypatch.setattr(
        load, "sha256", lambda handle: path.write_text("x") and load.hashlib.sha256().hexdigest()
    )
    monkeypatch.setattr("orchestration.ingestion.sources._IN_MEMORY", 10)
    report = zone.load()
    assert report.deliveries == []
    assert "left for the next load" in report.left[0]


def test_deliveries_are_processed_by_time_then_name(zone):
    for name in ("D2_20250101.csv", "D1_20250101.csv", "D9_20240101.csv"):
        zone.put(csv_of({"dealer_id": name[:2], "event_id": name}), name=name)
    zone.put(DEALERS_HEADER, DEALERS, "oem_20250401.csv")
    files = [d.source_file for d in zone.load().deliveries]
    assert files == ["D9_20240101.csv", "D1_20250101.csv", "D2_20250101.csv", "oem_20250401.csv"]


def test_thousands_of_rows_in_many_files_are_batched_and_kept_apart(zone):
    for day in range(1, 29):
        rows = [
            {"event_id": f"E{day}-{i}", "vin": "x" if i == day else EVENT_VIN} for i in range(40)
        ]
        separator = ";" if day % 2 else ","
        text = csv_of(*rows, delimiter=separator)
        if day % 3 == 0:
            text = text.replace("28000.50", "28000,50" if separator == ";" else '"28000,50"')
            text = text.replace("30000.00", "30000")
        zone.put(text, name=f"D0042_202501{day:02d}.csv")
    deliveries = zone.load().deliveries
    assert [(d.delivered_rows, d.accepted_rows) for d in deliveries] == [(40, 39)] * 28
    for day, delivery in enumerate(deliveries, start=1):
        rows = zone.rows(delivery)
        assert {row["event_id"] for row in rows} == {f"E{day}-{i}" for i in range(40) if i != day}
        assert {str(row["net_price_eur"]) for row in rows} == {"28000.50"}
        assert {row["_batch_id"] for row in rows} == {delivery.batch_id}
    assert {e["file"]: e["row_number"] for e in zone.quarantine()} == {
        f"D0042_202501{day:02d}.csv": day + 1 for day in range(1, 29)
    }


EVENT_VIN = "1M8GDM9AXKP042788"


def test_progress_is_told(zone):
    zone.put(csv_of({}))
    told = []
    load.load_deliveries(zone.settings, now=NOW, on_progress=told.append)
    assert told == [f"{EVENTS}: 1 of 1 files read"]
