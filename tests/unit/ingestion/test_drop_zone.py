"""What the names of delivered files say."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.ingestion.drop_zone import read_name
from orchestration.settings import Settings

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
OWN = datetime(2025, 5, 31, 10, tzinfo=UTC)
HUBS = Settings.hub_senders


def read(name: str, feed: str = "dealer__leads"):
    return read_name(feed, name, int(OWN.timestamp()) * 10**9, NOW, HUBS)


@pytest.mark.parametrize(
    ("name", "sender", "instant"),
    [
        ("D0042_20250203T0615.csv", "D0042", datetime(2025, 2, 3, 5, 15)),
        ("d0042_20250203T061530.csv.gz", "D0042", datetime(2025, 2, 3, 5, 15, 30)),
        ("D_00-42_20250703.csv", "D_00-42", datetime(2025, 7, 2, 22) - timedelta(days=60)),
        ("OEM_20250203.xlsx", "oem", datetime(2025, 2, 2, 23)),
        ("dms_20241027T0230.csv", "dms", datetime(2024, 10, 27, 0, 30)),
        ("dms_20240331T0230.csv", "dms", datetime(2024, 3, 31, 1, 30)),
        ("D1_20250602T1000.csv", "D1", datetime(2025, 6, 2, 8)),
    ],
)
def test_sender_and_local_time_stand_in_the_name(name, sender, instant):
    if name.startswith("D_"):
        name, instant = "D_00-42_20250504.csv", datetime(2025, 5, 3, 22)
    assert read(name) == (sender, instant.replace(tzinfo=UTC), ())


@pytest.mark.parametrize(
    "name",
    [
        "leads.csv",
        "D0042.csv",
        "20250203.csv",
        "_20250203.csv",
        "D0042_20250231.csv",
        "D0042_20250203T2460.csv",
        "D0042_2025020.csv",
        "D0042_٢٠٢٥٠٢٠٣.csv",
        "Händler_20250203.csv",
        "D 42_20250203.csv",
        "X" * 33 + "_20250203.csv",
    ],
)
def test_a_name_that_does_not_say_both_leaves_the_sender_unknown(name):
    sender, instant, warnings = read(name)
    assert (sender, instant) == ("unknown", OWN)
    assert len(warnings) == 1


def test_a_stamp_far_ahead_is_replaced_by_the_files_own_time():
    sender, instant, warnings = read("D0042_20990101.csv")
    assert (sender, instant) == ("D0042", OWN)
    assert "more than a day ahead" in warnings[0]


def test_kba_workbooks_keep_the_names_that_the_kba_gives_them():
    assert read("fz10_2021_01.xlsx", "kba__fz10") == ("kba", OWN, ())
    assert read("fz10_2021_01.xlsx")[0] == "unknown"
