"""Large files, in small blocks: the same result as in one piece, and bounded memory."""

import json
import subprocess
import sys
import textwrap

import pytest

from orchestration.ingestion.ahead import ahead
from tests.unit.ingestion.conftest import Zone, csv_of

TINY = {"block_bytes": 700, "chunk_rows": 3}


def mixed_rows(count: int) -> list[str]:
    """Lines of events with faults of every kind in between."""
    lines = []
    for i in range(count):
        row = {"event_id": f"E{i}", "source_system": f'"line {i}\nof ""two"""'}
        match i % 9:
            case 2:
                row["vin"] = "bad"
            case 3:
                row["event_id"] = f"E{i - 1 if i % 2 else i + 90}"
            case 4:
                lines.append("too,short")
            case 5:
                lines.append(",,,,,,,,,,,,,")
            case 6:
                lines.append(",,")
            case 7:
                lines.append("")
        lines.append(csv_of(row).split("\n", 1)[1].rstrip("\n"))
    return lines


def loaded(zone: Zone, text: str | bytes, name: str, **sizes: int):
    delivery = zone.deliver(text, name=name, **sizes)
    rows = [
        {k: v for k, v in row.items() if k not in ("_batch_id", "_loaded_at")}
        for row in zone.rows(delivery)
    ]
    failures = [{**e, "file": None} for e in zone.quarantine()]
    return delivery, rows, failures


@pytest.mark.parametrize("ending", ["csv", "ndjson", "json"])
def test_a_stream_gives_the_same_as_one_piece(tmp_path, ending):
    results = []
    for index, sizes in enumerate(({}, TINY)):
        folder = tmp_path / str(index)
        folder.mkdir()
        text = csv_of() + "\n".join(mixed_rows(120))
        if ending != "csv":
            names = csv_of().strip().split(",")
            rows = [csv_of({"event_id": f"E{i % 50}"}).splitlines()[1] for i in range(60)]
            objects = [dict(zip(names, row.split(","), strict=True)) for row in rows]
            objects[7]["vin"] = "bad"
            objects[9] = {}
            text = (
                "\n".join(map(json.dumps, objects)) if ending == "ndjson" else json.dumps(objects)
            )
        results.append(loaded(Zone(folder), text, f"D0042_20250203.{ending}", **sizes))
    (one, one_rows, one_failures), (two, two_rows, two_failures) = results
    assert one.delivered_rows == two.delivered_rows
    assert one.quarantined_rows == two.quarantined_rows > 0
    assert one_rows == two_rows
    assert one_failures == two_failures


def test_quarantine_names_the_rows_that_failed_also_in_large_chunks(zone):
    """Chunks of more rows than an engine takes at once must not come back in another order."""
    rows = [
        {"event_id": f"E{i}", "vin": f"bad {i}" if i % 5_000 == 7 else None} for i in range(90_000)
    ]
    lines = [csv_of({k: v for k, v in row.items() if v}).splitlines()[1] for row in rows]
    text = "\n".join([csv_of().strip(), *lines])
    delivery, accepted, failures = loaded(zone, text, "D0042_20250203.csv", block_bytes=4 * 1024**2)
    bad = [i + 1 for i in range(90_000) if i % 5_000 == 7]
    assert [(f["row_number"], f["value"]) for f in failures] == [(i, f"bad {i - 1}") for i in bad]
    numbers = [row["_source_row"] for row in accepted]
    assert numbers == sorted(set(range(1, 90_001)) - set(bad))


def test_later_evidence_for_a_locale_starts_the_file_anew(zone):
    rows = [
        {"event_id": f"E{i}", "list_price_eur": "1.234", "net_price_eur": ""} for i in range(60)
    ]
    rows.append({"event_id": "LAST", "list_price_eur": '"1,5"', "net_price_eur": ""})
    delivery = zone.deliver(csv_of(*rows), **TINY)
    assert delivery.accepted_rows == 61
    prices = {str(row["list_price_eur"]) for row in zone.rows(delivery)}
    assert prices == {"1234.00", "1.50"}


def test_later_contradiction_rejects_the_file_and_leaves_nothing(zone):
    rows = [{"event_id": f"E{i}"} for i in range(60)]
    rows.append({"event_id": "LAST", "list_price_eur": '"1,5"'})
    delivery = zone.deliver(csv_of(*rows), **TINY)
    assert delivery.reason_code == "AMBIGUOUS_NUMBERS"
    assert not list(zone.settings.raw.rglob("*.parquet"))


def test_many_misfits_are_spooled_and_numbered(zone, monkeypatch):
    monkeypatch.setattr("orchestration.ingestion.readers.Misfits._IN_MEMORY", 7)
    lines = []
    for i in range(50):
        lines += [",,", f"short,{i}", "", csv_of({"event_id": f"E{i}"}).splitlines()[1]]
    delivery = zone.deliver(csv_of() + "\n".join(lines), **TINY)
    assert (delivery.delivered_rows, delivery.quarantined_rows) == (100, 50)
    assert [row["_source_row"] for row in zone.rows(delivery)] == list(range(2, 101, 2))
    assert [(e["row_number"], e["raw_row"]) for e in zone.quarantine()] == [
        (2 * i + 1, f"short,{i}") for i in range(50)
    ]


def test_a_file_of_misfits_only_is_accounted_for(zone):
    delivery = zone.deliver(csv_of() + "a,b\n" * 500, **TINY)
    assert (delivery.delivered_rows, delivery.quarantined_rows) == (500, 500)


def test_work_ahead_hands_errors_over_and_can_be_left():
    def items():
        yield 1
        raise ValueError("broken")

    source = ahead(items())
    assert next(source) == 1
    with pytest.raises(ValueError, match="broken"):
        next(source)

    closed = []

    def endless():
        try:
            while True:
                yield 0
        finally:
            closed.append(True)

    source = ahead(endless())
    next(source)
    source.close()
    assert closed == [True]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    peaks = {}
    for rows in (200_000, 1_600_000):
        folder = tmp_path / str(rows)
        folder.mkdir()
        script = textwrap.dedent(f"""
            import resource, sys
            from pathlib import Path
            from tests.unit.ingestion.conftest import Zone, csv_of, EVENTS, FILE, NOW
            zone = Zone(Path({str(folder)!r}))
            zone.put("")
            line = csv_of({{"event_id": "%"}}).splitlines()[1]
            with open(zone.settings.extracts / EVENTS / FILE, "w") as file:
                file.write(csv_of())
                file.writelines(line.replace("%", "E%d" % i) + chr(10) for i in range({rows}))
            (delivery,) = zone.load(block_bytes=4 * 1024**2).deliveries
            assert delivery.accepted_rows == {rows}
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        """)
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        peaks[rows] = int(done.stdout)
    assert peaks[1_600_000] < peaks[200_000] + 300, peaks
