"""Pass rates of dealers by month, over small lakes: who counts for what, and what is counted again.

What a rule says of a row is tested where the gate is; here every count is compared with the rule
applied to the rows one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.registry import feed_rules, scan
from expectations.rule import DIMENSIONS, FILES, QUARANTINE, ROWS, TIMELINESS
from orchestration.checks import pass_rates
from orchestration.checks.database import rule_database
from orchestration.checks.pass_rates import PassRateError, compared_feeds, count_passes
from orchestration.ingestion import lake as stored
from orchestration.ingestion.contract import load_contracts
from orchestration.settings import Settings
from tests.unit.checks.small_lake import SmallLake, dealer, event, everything, lead, model

EVENTS, LEADS = "dealer__vehicle_events", "dealer__leads"
Counts = dict[tuple[str, str, date], tuple[int, int]]
NOT_MEASURED = {("dealer__campaign_changes", TIMELINESS)}
"""A change of a campaign may be told at any time, so nothing says that one is late."""
JANUARY, FEBRUARY, MARCH = (date(2025, month, 1) for month in (1, 2, 3))


def counts(settings: Settings, *feeds: str) -> Counts:
    """(dealer, rule, month) -> checked and passed."""
    folder = settings.computed / "quality_counts"
    rows: list[dict[str, Any]] = []
    for path in folder.glob("*.parquet"):
        of_feed = pq.ParquetFile(path).read().to_pylist()
        assert {row["feed"] for row in of_feed} <= {path.stem}
        rows += of_feed if path.stem in feeds or not feeds else []
    keys = [(row["dealer_id"], row["rule_code"], row["month"]) for row in rows]
    assert len(keys) == len(set(keys))
    return {
        key: (row["checked_rows"], row["passed_rows"]) for key, row in zip(keys, rows, strict=True)
    }


def measured(settings: Settings, *feeds: str) -> Counts:
    count_passes(settings)
    return counts(settings, *feeds)


def one_by_one(settings: Settings) -> Counts:
    """The same, of the rules' own conditions on each row, file and quarantined row."""
    rules = [rule for rule in feed_rules() if rule.is_measured_per_dealer]
    queries = " ".join(
        scan(rule.table).replace("{batch}", f"history.{rule.table}") for rule in rules
    )
    queries += "".join(f" quarantined.{rule.table} history.{rule.table}" for rule in rules)
    found: dict[tuple[str, str, date], list[int]] = defaultdict(lambda: [0, 0])

    def count(dealer_id: str | None, code: str, month: date, checked: int, passed: int) -> None:
        if dealer_id is not None and checked:
            found[dealer_id, code, month][0] += checked
            found[dealer_id, code, month][1] += passed

    month = "date_trunc('month', {} at time zone 'UTC' at time zone 'Europe/Berlin')::date as month"
    with rule_database(settings, load_contracts(), queries) as database:
        for rule in rules:
            rows = scan(rule.table).replace("{batch}", f"history.{rule.table}")
            told = month.format("_delivered_at")
            if rule.kind == ROWS:
                sql = (
                    f"select dealer_id, {told}, case when {rule.applies} then {rule.passes} end "
                    f"from ({rows})"
                )
                for dealer_id, of_month, passes in database.connection.execute(sql).fetchall():
                    checked = passes is not None
                    count(dealer_id, rule.code, of_month, int(checked), int(checked and passes))
            elif rule.kind == FILES:
                sql = (
                    f"select dealer_id, any_value({told.removesuffix(' as month')}), "
                    f"{rule.file_passes} from ({rows}) group by _batch_id, dealer_id"
                )
                for dealer_id, of_month, passes in database.connection.execute(sql).fetchall():
                    checked = passes is not None
                    count(dealer_id, rule.code, of_month, int(checked), int(checked and passes))
            else:
                sql = (
                    f"select sender, {month.format('delivered_at')}, delivered_rows, "
                    f"{rule.quarantined_rows} from quarantined.{rule.table}"
                )
                for sender, of_month, rows_of, bad in database.connection.execute(sql).fetchall():
                    if sender.lower() not in settings.hub_senders:
                        count(sender, rule.code, of_month, rows_of, rows_of - bad)
    return {key: (checked, passed) for key, (checked, passed) in found.items()}


def test_every_feed_of_dealers_is_measured_in_all_five_dimensions_but_its_own_rules_decide() -> (
    None
):
    measured_rules = pass_rates.measured_rules()
    assert set(measured_rules) == {f for f in load_contracts() if f.startswith("dealer__")}
    every = [rule for rules in measured_rules.values() for rule in rules]
    assert len(every) >= 40
    unmeasured = {
        (feed, dimension)
        for feed, rules in measured_rules.items()
        for dimension in set(DIMENSIONS) - {rule.dimension for rule in rules}
    }
    assert unmeasured <= NOT_MEASURED
    assert {rule.kind for rule in every} == {ROWS, FILES, QUARANTINE}


def test_counts_are_those_of_rows_taken_one_by_one(tmp_path: Path) -> None:
    lake = everything(SmallLake(tmp_path))
    lake.deliver(
        EVENTS,
        event(event_id="H1", dealer_id="D0001", net_price_eur=None, event_type="INVOICE"),
        event(event_id="H2", dealer_id="D0002", event_date=date(2024, 1, 1), holder_type=None),
        event(event_id="H3", dealer_id="D0002", model_code="UNKNOWN"),
        event(event_id="H4", dealer_id="D0002", is_deleted=True),
        sender="dms",
        quarantined=["BAD_TYPE"],
    )
    lake.deliver(
        LEADS,
        lead(lead_id="X1", customer_email=None),
        sender="D0001",
        delivered_at=datetime(2025, 1, 31, 23, 0),
        quarantined=["MISSING_REQUIRED", "DUPLICATE_KEY_IN_FILE", "BAD_VALUE"],
    )
    found = measured(lake.settings)
    assert found == one_by_one(lake.settings)
    assert len({code for _, code, _ in found}) > 100
    assert any(passed < checked for checked, passed in found.values())


def test_rows_count_for_the_dealer_they_name_and_quarantine_for_the_sender(
    tmp_path: Path,
) -> None:
    lake = SmallLake(tmp_path)
    rows = [event(event_id=f"E{n}", dealer_id=f"D{n % 2 + 1}") for n in range(4)]
    rows[0]["holder_type"] = None
    for sender in ("dms", "D9"):
        lake.deliver(EVENTS, *rows, sender=sender, quarantined=["BAD_VALUE"])
    found = measured(lake.settings)
    assert found["D1", "EVENT_REGISTRATION_HAS_HOLDER", MARCH] == (4, 2)
    assert found["D2", "EVENT_REGISTRATION_HAS_HOLDER", MARCH] == (4, 4)
    assert found["D1", "EVENT_TIMELY", MARCH] == (2, 2)
    readable = {key: n for key, n in found.items() if key[1] == "EVENT_ROWS_READABLE"}
    assert readable == {("D9", "EVENT_ROWS_READABLE", MARCH): (5, 4)}


def test_a_month_is_that_of_the_delivery_in_berlin(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    for n, instant in enumerate([datetime(2025, 1, 31, 22, 59), datetime(2025, 1, 31, 23, 0)]):
        lake.deliver(LEADS, lead(lead_id=f"L{n}"), sender="D1", delivered_at=instant)
    found = measured(lake.settings)
    reachable = {key[2]: n for key, n in found.items() if key[1] == "LEAD_REACHABLE"}
    assert reachable == {JANUARY: (1, 1), FEBRUARY: (1, 1)}


def test_a_bad_row_stays_seen_after_its_correction(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    lake.deliver(LEADS, lead(customer_email=None), sender="D0001")
    lake.deliver(LEADS, lead(), sender="D0001")
    assert measured(lake.settings)["D0001", "LEAD_REACHABLE", MARCH] == (2, 1)


def test_what_was_not_committed_rejected_or_is_a_duplicate_does_not_count(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    lake.deliver(LEADS, lead(), sender="D1")
    lake.deliver(LEADS, lead(lead_id="L2"), sender="D1", commit=False)
    lake.deliver(LEADS, sender="D1", rejected="UNREADABLE")
    lake.deliver(LEADS, lead(lead_id="L3"), sender="D1", is_duplicate=True)
    found = measured(lake.settings)
    assert found["D0001", "LEAD_REACHABLE", MARCH] == (1, 1)
    assert found["D1", "LEAD_ROWS_COMPLETE", MARCH] == (1, 1)


def test_without_deliveries_there_is_a_file_for_each_feed_and_nothing_in_it(tmp_path: Path) -> None:
    settings = SmallLake(tmp_path).settings
    assert measured(settings) == {}
    files = {path.stem for path in (settings.computed / "quality_counts").glob("*.parquet")}
    assert files == set(pass_rates.measured_rules())


def test_a_wholly_quarantined_file_is_measured_by_what_the_loader_refused(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path)
    lake.deliver(LEADS, sender="D1", quarantined=["BAD_TYPE", "BAD_TYPE"])
    found = measured(lake.settings)
    assert found["D1", "LEAD_ROWS_READABLE", MARCH] == (2, 0)
    assert found["D1", "LEAD_ROWS_UNIQUE", MARCH] == (2, 2)
    assert "LEAD_REACHABLE" not in {code for _, code, _ in found}


# -- what is counted again --------------------------------------------------------------------


class Scans:
    """Notes which months of which feed are scanned."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: dict[str, list[date]] = {}
        really = pass_rates.count_batches

        def noted(database, settings, feed, rules, batches: pa.Table) -> pa.Table:
            self.seen[feed] = sorted(set(batches["month"].to_pylist()))
            return really(database, settings, feed, rules, batches)

        monkeypatch.setattr(pass_rates, "count_batches", noted)

    def take(self) -> dict[str, list[date]]:
        seen, self.seen = self.seen, {}
        return seen


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> Scans:
    return Scans(monkeypatch)


def small(tmp_path: Path) -> SmallLake:
    """Two feeds of one dealer in January and February."""
    lake = SmallLake(tmp_path)
    lake.deliver("oem__dealers", dealer())
    lake.deliver("oem__vehicle_models", model())
    for month in (1, 2):
        at = datetime(2025, month, 15)
        lake.deliver(EVENTS, event(event_id=f"E{month}"), sender="D0001", delivered_at=at)
        lake.deliver(LEADS, lead(lead_id=f"L{month}"), sender="D0001", delivered_at=at)
    count_passes(lake.settings)
    return lake


def test_only_the_months_of_new_files_are_counted_again(tmp_path: Path, scans: Scans) -> None:
    lake = small(tmp_path)
    assert scans.take() == {EVENTS: [JANUARY, FEBRUARY], LEADS: [JANUARY, FEBRUARY]}
    assert count_passes(lake.settings)[EVENTS] == 0
    assert scans.take() == {}
    late = datetime(2025, 1, 20)
    lake.deliver(LEADS, lead(lead_id="L9"), sender="D0001", delivered_at=late)
    lake.deliver(LEADS, lead(lead_id="L3"), sender="D0001")
    months = count_passes(lake.settings)
    assert (months[LEADS], months[EVENTS]) == (2, 0)
    assert scans.take() == {LEADS: [JANUARY, MARCH]}
    reachable = {k[2]: n for k, n in counts(lake.settings).items() if k[1] == "LEAD_REACHABLE"}
    assert reachable == {JANUARY: (2, 2), FEBRUARY: (1, 1), MARCH: (1, 1)}


def test_new_dealers_and_models_count_all_months_again_of_what_compares_with_them(
    tmp_path: Path, scans: Scans
) -> None:
    lake = small(tmp_path)
    before = counts(lake.settings)
    assert before["D0001", "EVENT_MODEL_KNOWN", JANUARY] == (1, 1)
    scans.take()
    lake.deliver("oem__vehicle_models", model(model_code="OTHER"))
    count_passes(lake.settings)
    assert scans.take() == {EVENTS: [JANUARY, FEBRUARY], LEADS: [JANUARY, FEBRUARY]}
    assert counts(lake.settings)["D0001", "EVENT_MODEL_KNOWN", JANUARY] == (1, 0)
    lake.deliver("oem__dealers", dealer(dealer_id="D0002"))
    count_passes(lake.settings)
    assert counts(lake.settings)["D0001", "EVENT_DEALER_KNOWN", FEBRUARY] == (1, 0)
    scans.take()
    lake.deliver("oem__period_closes", sender="oem", quarantined=["BAD_TYPE"])
    count_passes(lake.settings)
    assert scans.take() == {}


def test_lists_that_become_empty_count_all_months_again_of_what_compares_with_them(
    tmp_path: Path, scans: Scans
) -> None:
    lake = small(tmp_path)
    assert counts(lake.settings)["D0001", "EVENT_DEALER_KNOWN", JANUARY] == (1, 1)
    for feed, rule in (
        ("oem__dealers", "EVENT_DEALER_KNOWN"),
        ("oem__vehicle_models", "EVENT_MODEL_KNOWN"),
    ):
        scans.take()
        lake.deliver(feed)
        found = measured(lake.settings)
        assert scans.take() == {EVENTS: [JANUARY, FEBRUARY], LEADS: [JANUARY, FEBRUARY]}
        assert found["D0001", rule, JANUARY] == (1, 0)
        assert found == measured(replace(lake.settings, full_refresh=True))


def test_counts_of_months_that_the_lake_has_no_more_are_removed(tmp_path: Path) -> None:
    lake = small(tmp_path)
    whole = counts(lake.settings)
    for path in (*lake.settings.deliveries.glob("*.parquet"),):
        path.unlink()
    assert measured(lake.settings) == {}
    lake = small(tmp_path)
    found = counts(lake.settings)
    assert found.keys() == whole.keys()


def test_other_code_other_hubs_lost_counts_and_a_full_refresh_count_everything(
    tmp_path: Path, scans: Scans, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = small(tmp_path)
    both = scans.take()
    whole = counts(lake.settings)

    count_passes(replace(lake.settings, full_refresh=True))
    assert scans.take() == both

    hubs = replace(lake.settings, hub_senders=lake.settings.hub_senders | {"d0001"})
    assert not {key for key in measured(hubs) if "_ROWS_" in key[1]}
    assert scans.take() == both
    assert measured(lake.settings) == whole
    scans.take()

    (lake.settings.computed / "quality_counts" / f"{LEADS}.parquet").unlink()
    assert measured(lake.settings) == whole
    assert scans.take() == {LEADS: both[LEADS]}

    monkeypatch.setattr(pass_rates, "code_version", lambda: "another")
    count_passes(lake.settings)
    assert scans.take() == both


def test_a_run_cut_short_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = small(tmp_path)
    lake.deliver(EVENTS, event(event_id="E3"), sender="D0001")
    lake.deliver(LEADS, lead(lead_id="L3", customer_email=None), sender="D0001")
    really = pass_rates._replace

    def cut(settings: Settings, feed: str, *args: Any, **kwargs: Any) -> None:
        really(settings, feed, *args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as cutting:
        cutting.setattr(pass_rates, "_replace", cut)
        with pytest.raises(KeyboardInterrupt):
            count_passes(lake.settings)
    found = measured(lake.settings)
    assert found == one_by_one(lake.settings)
    assert found["D0001", "LEAD_REACHABLE", MARCH] == (1, 0)


def test_counts_of_a_feed_that_is_no_more_are_removed(tmp_path: Path) -> None:
    settings = SmallLake(tmp_path).settings
    count_passes(settings)
    gone = settings.computed / "quality_counts" / "dealer__dreams.parquet"
    pq.write_table(stored.table_schema("pass_counts").empty_table(), gone)
    count_passes(settings)
    assert not gone.exists()


def test_what_a_feed_is_compared_with_is_read_from_its_rules() -> None:
    compared = compared_feeds()
    assert compared[EVENTS] == ["oem__dealers", "oem__vehicle_models"]
    assert "dealer__meetings" in compared["dealer__actions"]


def test_a_rule_that_hangs_on_what_is_new_cannot_be_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = [
        replace(rule, passes="exists (select 1 from delivered.dealer__leads)")
        if rule.code == "LEAD_REACHABLE"
        else rule
        for rule in feed_rules()
    ]
    monkeypatch.setattr(pass_rates, "feed_rules", lambda: rules)
    with pytest.raises(PassRateError, match=r"dealer__leads: .*delivered\.dealer__leads"):
        compared_feeds()
