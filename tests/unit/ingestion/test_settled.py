"""What a close has settled stays, however the deliveries are grouped into loads."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.ingestion import lake
from orchestration.ledger.tables import POSTINGS, ledger_path
from tests.unit.ingestion.conftest import Zone

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
CLOSES, PROGRAMS, TIERS = "oem__period_closes", "oem__incentive_programs", "oem__incentive_tiers"
PROGRAM = {
    "program_id": "P1",
    "version": "1",
    "brand_code": "NORD",
    "program_name": "Volume",
    "period_grain": "MONTH",
    "measure": "UNITS_REGISTERED",
    "payout_basis": "EUR_PER_UNIT",
    "tier_mode": "RETROACTIVE",
    "hold_days": "30",
    "grace_days": "10",
    "payment_days": "30",
    "credits_refinancing": "true",
    "valid_from": "2025-01-01",
    "valid_to": "2025-12-31",
    "announced_on": "2024-12-15",
    "approved_by_1": "ada",
    "approved_by_2": "bo",
}
TIER = {"program_id": "P1", "version": "1", "tier_no": "1", "threshold": "5", "rate": "200"}
CLOSE = {"period_month": "2025-01-01", "closed_at": "2025-02-12T17:00:00Z", "closed_by": "nc"}
FEBRUARY = {"period_month": "2025-02-01", "closed_at": "2025-03-12T17:00:00Z"}
WITHDRAWN = {"closed_at": "", "closed_by": "", "is_deleted": "true"}
STANDARD = {CLOSES: CLOSE, PROGRAMS: PROGRAM, TIERS: TIER}


class Deliveries:
    """Files of the three feeds, to be loaded at once or one by one in the order of their stamps."""

    def __init__(self, zone, at_once):
        self.zone, self.at_once = zone, at_once
        self.files = []

    def file(self, feed, stamp, *rows, sender="oem"):
        """A file, each row being what differs from the feed's standard one."""
        filled = [STANDARD[feed] | row for row in rows]
        names = list(dict.fromkeys(name for row in filled for name in row))
        lines = [",".join(row.get(name, "") for name in names) for row in filled]
        self.files.append((stamp, feed, "\n".join([",".join(names), *lines]) + "\n", sender))

    def announce(self, stamp, *programs):
        """Programmes, and a tier of each."""
        self.file(PROGRAMS, stamp, *programs)
        names = ("program_id", "version")
        tiers = [{n: p[n] for n in names if n in p} for p in programs]
        self.file(TIERS, stamp, *tiers)

    def load(self):
        """Quarantined cells as (feed, stamp, column, value), after everything is loaded."""
        self.now = NOW
        for stamp, feed, content, sender in sorted(self.files, key=lambda file: file[0]):
            self.zone.put(content, feed, f"{sender}_{stamp}.csv")
            if not self.at_once:
                self.take()
        if self.at_once:
            self.take()
        self.files = []
        return self.refused()

    def load_at(self, now):
        """Load what was filed since, at an instant; quarantined cells of all loads so far."""
        for stamp, feed, content, sender in self.files:
            self.zone.put(content, feed, f"{sender}_{stamp}.csv")
        self.files = []
        self.now = now
        self.take()
        return self.refused()

    def post(self, *months):
        """The ledger's files of these months, as a run that posted them leaves them."""
        for month in months:
            path = ledger_path(self.zone.settings, POSTINGS, month)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def take(self, **sizes):
        report = self.zone.load(self.now, **sizes)
        self.now += timedelta(hours=1)
        assert all(d.status != "REJECTED" for d in report.deliveries), report.deliveries

    def refused(self):
        found = [entry for entry in self.zone.quarantine() if entry["feed"] in STANDARD]
        assert {entry["reason_code"] for entry in found} <= {"BAD_VALUE"}
        return sorted(
            (e["feed"], e["file"].split("_")[1].split(".")[0], e["column"], e["value"])
            for e in found
        )

    def held(self, feed):
        """Accepted rows in the order of their arrival."""
        deliveries = [d for d in lake.read_deliveries(self.zone.settings) if d.feed == feed]
        deliveries.sort(key=lambda d: (d.delivered_at, d.loaded_at))
        return [row for d in deliveries for row in self.zone.rows(d)]


@pytest.fixture(params=[True, False], ids=["in one load", "in many loads"])
def deliveries(zone, request):
    return Deliveries(zone, request.param)


@pytest.fixture
def settled(deliveries):
    """A programme with a tier, and January closed in February."""
    deliveries.file(PROGRAMS, "20241220T0800", {})
    deliveries.file(TIERS, "20241220T0801", {})
    deliveries.file(CLOSES, "20250212T1830", {})
    return deliveries


# -- closes -----------------------------------------------------------------------------------


def test_a_month_closes_once(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(CLOSES, "20250213", {"closed_at": "2025-02-13T17:00:00Z"})
    assert deliveries.load() == [(CLOSES, "20250213", "closed_at", "2025-02-13T17:00:00Z")]
    assert len(deliveries.held(CLOSES)) == 1


def test_a_posted_close_is_neither_withdrawn_nor_moved(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.load()
    deliveries.post(date(2025, 1, 1))
    deliveries.file(CLOSES, "20250213", WITHDRAWN)
    deliveries.file(CLOSES, "20250214", {"closed_at": "2025-02-14T17:00:00Z"})
    deliveries.file(CLOSES, "20250215", {"closed_by": "hc"})
    assert deliveries.load() == [
        (CLOSES, "20250213", "is_deleted", "true"),
        (CLOSES, "20250214", "closed_at", "2025-02-14T17:00:00Z"),
    ]


def test_a_close_that_is_not_posted_is_withdrawn_and_taken_anew(deliveries):
    other = {"closed_at": "2025-02-20T17:00:00Z"}
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(CLOSES, "20250213", WITHDRAWN)
    deliveries.file(CLOSES, "20250220T1830", other)
    deliveries.file(CLOSES, "20250221", other, FEBRUARY)
    deliveries.file(CLOSES, "20250222", {"closed_by": "hc"})
    assert deliveries.load() == [(CLOSES, "20250222", "closed_at", CLOSE["closed_at"])]
    assert len(deliveries.held(CLOSES)) == 5


def test_a_close_may_be_withdrawn_again_while_others_are_posted(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(CLOSES, "20250312T1830", FEBRUARY)
    deliveries.load()
    deliveries.post(date(2025, 1, 1))
    deliveries.file(CLOSES, "20250313", FEBRUARY | WITHDRAWN)
    deliveries.file(CLOSES, "20250314", FEBRUARY | {"closed_at": "2025-03-14T17:00:00Z"})
    deliveries.file(CLOSES, "20250315", FEBRUARY | WITHDRAWN, {"closed_by": "hc"})
    deliveries.file(CLOSES, "20250316", FEBRUARY)
    assert deliveries.load() == []


def test_a_withdrawal_and_another_close_of_a_month_need_two_files(deliveries):
    other = {"closed_at": "2025-02-20T17:00:00Z"}
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(CLOSES, "20250220T1830", WITHDRAWN, other)
    deliveries.file(CLOSES, "20250221", other)
    assert deliveries.load() == [(CLOSES, "20250220T1830", "closed_at", other["closed_at"])]
    assert len(deliveries.held(CLOSES)) == 3


def test_what_a_withdrawn_close_had_settled_may_change_until_the_month_closes_again(settled):
    settled.file(CLOSES, "20250213", WITHDRAWN)
    settled.file(TIERS, "20250214", {"rate": "250"})
    settled.file(CLOSES, "20250220T1830", {"closed_at": "2025-02-20T17:00:00Z"})
    settled.file(TIERS, "20250221", {"rate": "300"})
    assert settled.load() == [(TIERS, "20250221", "rate", "300")]


def test_no_month_before_the_first_posted_one_is_closed(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.load()
    deliveries.post(date(2025, 1, 1))
    december = {"period_month": "2024-12-01"}
    deliveries.file(CLOSES, "20250301", december, FEBRUARY)
    deliveries.file(CLOSES, "20250302", december | WITHDRAWN)
    assert deliveries.load() == [(CLOSES, "20250301", "period_month", "2024-12-01")]
    assert len(deliveries.held(CLOSES)) == 3


def test_before_anything_is_posted_an_earlier_month_may_be_closed_later(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(CLOSES, "20250213", {"period_month": "2024-12-01"})
    assert deliveries.load() == []


def test_a_month_that_lies_too_far_ahead_is_not_closed(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {"period_month": "2052-01-01"}, {})
    assert deliveries.load() == [(CLOSES, "20250212T1830", "period_month", "2052-01-01")]


def test_the_same_close_again_is_accepted(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(
        CLOSES, "20250312", {}, {"period_month": "2025-02-01", "closed_at": "2025-03-11T17:00:00Z"}
    )
    assert deliveries.load() == []
    assert len(deliveries.held(CLOSES)) == 3


def test_a_withdrawal_of_nothing_leaves_the_month_open_for_its_close(deliveries):
    deliveries.file(CLOSES, "20250211", {"closed_at": "", "closed_by": "", "is_deleted": "true"})
    deliveries.file(CLOSES, "20250212T1830", {})
    assert deliveries.load() == []


def test_of_two_closes_in_one_file_the_last_good_one_counts(deliveries):
    other = {"closed_at": "2025-02-14T17:00:00Z"}
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(CLOSES, "20250214", {}, other)
    assert deliveries.load() == [(CLOSES, "20250214", "closed_at", other["closed_at"])]
    assert len(deliveries.held(CLOSES)) == 2


# -- programmes and tiers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"grace_days": "20"}, "grace_days"),
        ({"program_name": "Volumes", "cap_eur": "100.00"}, "program_name"),
        ({"cap_eur": "100.00"}, "cap_eur"),
        ({"valid_to": "2025-06-30"}, "valid_to"),
        ({"is_deleted": "ja"}, "is_deleted"),
    ],
)
def test_a_settled_version_is_not_changed(settled, change, column):
    settled.file(PROGRAMS, "20250301", change)
    assert settled.load() == [(PROGRAMS, "20250301", column, change[column])]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"rate": "300"}, "rate"),
        ({"threshold": "4", "rate": "300"}, "threshold"),
        ({"tier_no": "2", "threshold": "9"}, "tier_no"),
        ({"is_deleted": "true"}, "is_deleted"),
    ],
)
def test_tiers_of_a_settled_version_are_not_changed(settled, change, column):
    settled.file(TIERS, "20250301", change)
    assert settled.load() == [(TIERS, "20250301", column, change[column])]


def test_settled_rows_may_come_again(settled):
    settled.file(
        PROGRAMS, "20250301", {"cap_eur": ""}, {"version": "2", "announced_on": "2025-03-01"}
    )
    settled.file(TIERS, "20250301", {"rate": "200.00"}, {"version": "2", "rate": "250"})
    assert settled.load() == []


def test_before_the_close_everything_may_change(settled):
    settled.file(PROGRAMS, "20250212T1800", {"grace_days": "20"})
    settled.file(TIERS, "20250212T1759", {"rate": "250"}, {"tier_no": "2", "threshold": "9"})
    assert settled.load() == []


def test_what_is_delivered_after_the_instant_of_the_close_is_late(settled):
    settled.file(TIERS, "20250212T1831", {"rate": "250"})
    assert settled.load() == [(TIERS, "20250212T1831", "rate", "250")]


def test_a_version_that_no_closed_period_could_use_may_change(deliveries):
    later = {"program_id": "P2", "valid_from": "2025-02-01"}
    late = {"program_id": "P3", "announced_on": "2025-01-02"}
    year = {"program_id": "P4", "period_grain": "YEAR"}
    deliveries.announce("20250103", later, late, year)
    deliveries.file(CLOSES, "20250212T1830", {})
    change = {"grace_days": "99"}
    deliveries.file(PROGRAMS, "20250301", later | change, late | change, year | change)
    assert deliveries.load() == []


def test_consent_within_the_period_lets_a_late_version_count(deliveries):
    late = {"announced_on": "2025-01-02", "consented_on": "2025-01-31"}
    too_late = {"program_id": "P2", "announced_on": "2025-01-02", "consented_on": "2025-02-01"}
    deliveries.announce("20250201", late, too_late)
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(PROGRAMS, "20250301", late | {"hold_days": "5"}, too_late | {"hold_days": "5"})
    assert deliveries.load() == [(PROGRAMS, "20250301", "hold_days", "5")]


def test_a_quarter_is_closed_with_its_last_month(deliveries):
    quarter = {"period_grain": "QUARTER"}
    deliveries.announce("20241220", quarter)
    for month, day in ((1, "2025-02-12"), (2, "2025-03-12"), (3, "2025-04-12")):
        close = {"period_month": f"2025-0{month}-01", "closed_at": f"{day}T17:00:00Z"}
        deliveries.file(CLOSES, f"{day.replace('-', '')}T1830", close)
    deliveries.file(PROGRAMS, "20250401", quarter | {"payment_days": "60"})
    deliveries.file(PROGRAMS, "20250501", quarter | {"payment_days": "90"})
    assert deliveries.load() == [(PROGRAMS, "20250501", "payment_days", "90")]


def test_periods_before_the_first_close_are_never_closed(deliveries):
    deliveries.announce("20241101", {"valid_from": "2024-10-01", "valid_to": "2024-12-31"})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(PROGRAMS, "20250301", {"valid_from": "2024-11-01", "valid_to": "2024-12-31"})
    assert deliveries.load() == []


def test_a_version_first_delivered_after_the_close_may_still_change_before_the_next(deliveries):
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.announce("20250301T1000", {})
    deliveries.file(TIERS, "20250302", {"rate": "250"})
    deliveries.file(CLOSES, "20250312T1830", FEBRUARY)
    deliveries.file(TIERS, "20250313", {"rate": "300"})
    assert deliveries.load() == [(TIERS, "20250313", "rate", "300")]


def test_the_tiers_of_a_version_that_had_none_may_come_after_the_close(deliveries):
    deliveries.file(PROGRAMS, "20241220", {})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(PROGRAMS, "20250213", {"hold_days": "5"})
    deliveries.file(TIERS, "20250213", {})
    deliveries.file(CLOSES, "20250312T1830", FEBRUARY)
    deliveries.file(TIERS, "20250313", {"tier_no": "2", "threshold": "9"})
    assert deliveries.load() == [(TIERS, "20250313", "tier_no", "2")]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"approved_by_2": "ada"}, {"approved_by_2": "bo"}),
        ({"approved_by_1": " A da\u00a0", "approved_by_2": "a\u202fdA"}, {"approved_by_2": "bo"}),
        ({"approved_by_1": "ADA"}, {"is_deleted": "true"}),
    ],
)
def test_a_version_that_two_people_did_not_approve_is_corrected_after_the_close(
    deliveries, wrong, right
):
    one = {"approved_by_1": "ada", "approved_by_2": "Ada"} | wrong
    deliveries.announce("20241220", one)
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(PROGRAMS, "20250213", one | right)
    deliveries.file(TIERS, "20250213", {"rate": "250"})
    assert deliveries.load() == []


def test_what_is_corrected_is_settled_by_the_next_close(deliveries):
    deliveries.announce("20241220", {"approved_by_2": "ADA"})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(PROGRAMS, "20250213", {})
    deliveries.file(CLOSES, "20250312T1830", FEBRUARY)
    deliveries.file(PROGRAMS, "20250313", {"approved_by_2": "cy"})
    assert deliveries.load() == [(PROGRAMS, "20250313", "approved_by_2", "cy")]


@pytest.mark.parametrize("threshold", ["5", "4.999999"])
def test_tiers_that_do_not_ascend_are_corrected_after_the_close(deliveries, threshold):
    deliveries.file(PROGRAMS, "20241220", {})
    deliveries.file(TIERS, "20241220", {"tier_no": "10", "threshold": threshold}, {"tier_no": "9"})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(TIERS, "20250213", {"tier_no": "10", "threshold": "9"})
    deliveries.file(PROGRAMS, "20250213", {"hold_days": "5"})
    assert deliveries.load() == []


def test_tiers_are_put_in_order_by_their_numbers_and_only_as_known_then(deliveries):
    deliveries.file(PROGRAMS, "20241220", {})
    tenth = {"tier_no": "10", "threshold": "50"}
    deliveries.file(TIERS, "20241220", tenth, {"tier_no": "9"})
    deliveries.file(TIERS, "20250110", {"tier_no": "1", "threshold": "7"})
    deliveries.file(TIERS, "20250111", {"tier_no": "1", "is_deleted": "true"})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(TIERS, "20250213", tenth | {"threshold": "4"})
    assert deliveries.load() == [(TIERS, "20250213", "threshold", "4")]


def test_what_arrives_at_the_instant_of_the_close_is_known_at_it(zone):
    deliveries = Deliveries(zone, at_once=True)
    deliveries.announce("20241220", {})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(TIERS, "20250212T1800", {"rate": "250"})
    deliveries.file(TIERS, "20250212T1801", {"rate": "300"})
    assert deliveries.load() == [(TIERS, "20250212T1801", "rate", "300")]


def test_within_one_load_a_close_that_is_delivered_late_refuses_what_came_in_between(zone):
    deliveries = Deliveries(zone, at_once=True)
    deliveries.announce("20241220", {})
    deliveries.file(TIERS, "20250301", {"rate": "250"})
    deliveries.file(CLOSES, "20250601", {})
    assert deliveries.load() == [(TIERS, "20250301", "rate", "250")]


def test_a_version_withdrawn_before_the_close_may_come_back(deliveries):
    deliveries.announce("20241220", {})
    deliveries.file(PROGRAMS, "20250201", {"is_deleted": "1"})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(PROGRAMS, "20250301", {"hold_days": "7"})
    assert deliveries.load() == []


def test_an_old_stamp_does_not_help_a_file_that_comes_after_the_close(zone):
    deliveries = Deliveries(zone, at_once=True)
    deliveries.announce("20241220", {})
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.load()
    deliveries.file(PROGRAMS, "20250110", {"hold_days": "7"})
    deliveries.file(TIERS, "20250110", {"tier_no": "2", "threshold": "9"})
    deliveries.now += timedelta(days=1)
    for stamp, feed, content, sender in deliveries.files:
        zone.put(content, feed, f"{sender}_{stamp}.csv")
    deliveries.take()
    assert deliveries.refused() == [
        (PROGRAMS, "20250110", "hold_days", "7"),
        (TIERS, "20250110", "tier_no", "2"),
    ]


def test_what_is_loaded_with_the_first_load_after_a_close_was_known_at_it(zone):
    """The close was delivered ahead. Nothing is posted before a load that comes after it."""
    deliveries = Deliveries(zone, at_once=True)
    deliveries.announce("20241220", {})
    deliveries.file(CLOSES, "20250210", {})
    assert deliveries.load_at(datetime(2025, 2, 10, 12, tzinfo=UTC)) == []
    deliveries.file(TIERS, "20250211", {"rate": "250"})
    deliveries.file(TIERS, "20250212T1801", {"rate": "300"})
    late = (TIERS, "20250212T1801", "rate", "300")
    assert deliveries.load_at(datetime(2025, 2, 13, 4, tzinfo=UTC)) == [late]
    deliveries.file(TIERS, "20250211T01", {"rate": "350"})
    later = (TIERS, "20250211T01", "rate", "350")
    assert deliveries.load_at(datetime(2025, 2, 14, 4, tzinfo=UTC)) == [later, late]


def test_a_load_of_any_feed_is_the_first_after_a_close(zone):
    deliveries = Deliveries(zone, at_once=True)
    deliveries.announce("20241220", {})
    deliveries.file(CLOSES, "20250210", {})
    deliveries.load_at(datetime(2025, 2, 10, 12, tzinfo=UTC))
    zone.put("", "dealer__leads", "hub_20250213.csv")
    refused_as_a_whole = zone.load(datetime(2025, 2, 13, 4, tzinfo=UTC)).deliveries
    assert [d.status for d in refused_as_a_whole] == ["REJECTED"]
    deliveries.file(TIERS, "20250211", {"rate": "250"})
    late = (TIERS, "20250211", "rate", "250")
    assert deliveries.load_at(datetime(2025, 2, 14, 4, tzinfo=UTC)) == [late]


def test_a_close_yet_to_come_and_those_after_it_know_whatever_is_delivered_by_then(zone):
    deliveries = Deliveries(zone, at_once=True)
    deliveries.announce("20241220", {})
    deliveries.file(CLOSES, "20250210", {"closed_at": "2025-02-20T17:00:00Z"})
    # out of order, so that it is known to be taken before the one that comes first
    deliveries.file(CLOSES, "20250211", FEBRUARY | {"closed_at": "2025-02-12T17:00:00Z"})
    deliveries.load_at(datetime(2025, 2, 13, 4, tzinfo=UTC))
    deliveries.file(TIERS, "20250212", {"rate": "250"})
    assert deliveries.load_at(datetime(2025, 2, 14, 4, tzinfo=UTC)) == []
    deliveries.file(TIERS, "20250213", {"rate": "300"})
    late = (TIERS, "20250213", "rate", "300")
    assert deliveries.load_at(datetime(2025, 2, 15, 4, tzinfo=UTC)) == [late]


def test_a_month_that_was_loaded_late_lets_the_next_one_know_as_much(zone):
    deliveries = Deliveries(zone, at_once=True)
    deliveries.announce("20241220", {})
    deliveries.file(CLOSES, "20250312T1830", FEBRUARY)
    deliveries.load_at(datetime(2025, 3, 13, 4, tzinfo=UTC))
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(TIERS, "20250211", {"rate": "250"})
    assert deliveries.load_at(datetime(2025, 4, 1, 4, tzinfo=UTC)) == []


def test_large_files_are_judged_alike_and_no_row_is_lost(zone):
    deliveries = Deliveries(zone, at_once=True)
    tiers = [{"tier_no": str(n), "threshold": str(n)} for n in range(1, 40)]
    deliveries.file(PROGRAMS, "20241220", {})
    deliveries.file(TIERS, "20241221", *tiers)
    deliveries.file(CLOSES, "20250212T1830", {})
    deliveries.file(TIERS, "20250301", *tiers[:20], {"tier_no": "21", "rate": "1"}, tiers[0])
    for stamp, feed, content, sender in deliveries.files:
        zone.put(content, feed, f"{sender}_{stamp}.csv")
    report = zone.load(chunk_rows=7, block_bytes=200)
    last = max(report.deliveries, key=lambda d: d.delivered_at)
    assert (last.delivered_rows, last.accepted_rows, last.quarantined_rows) == (22, 20, 2)
    assert sorted((e["reason_code"], e["row_number"]) for e in zone.quarantine()) == [
        ("BAD_VALUE", 21),
        ("DUPLICATE_KEY_IN_FILE", 1),
    ]


@pytest.mark.parametrize("seed", [0, *(pytest.param(s, marks=pytest.mark.slow) for s in (1, 2))])
def test_what_is_refused_does_not_depend_on_how_deliveries_are_grouped(tmp_path, seed):
    """Random closes, programmes and tiers, one file each, loaded at once, one by one, in lots."""
    outcomes = []
    for lots in (1, 30, 7):
        folder = tmp_path / str(lots)
        folder.mkdir()
        deliveries = Deliveries(Zone(folder), at_once=False)
        # a close that is withdrawn would let in later what was refused before
        deliveries.post(*(date(2025, month, 1) for month in range(1, 5)))
        _random_files(deliveries, random.Random(seed))
        files = sorted(deliveries.files, key=lambda file: file[0])
        deliveries.now = NOW
        for lot in range(lots):
            chosen = files[lot * len(files) // lots : (lot + 1) * len(files) // lots]
            for stamp, feed, content, sender in chosen:
                deliveries.zone.put(content, feed, f"{sender}_{stamp}.csv")
            deliveries.take()
        outcomes.append(deliveries.refused())
    assert outcomes[0]
    assert outcomes[0] == outcomes[1] == outcomes[2]


def _random_files(deliveries, rng):
    day = date(2024, 12, 20)
    closed = 0
    while len(deliveries.files) < 40:
        day += timedelta(days=rng.randint(1, 5))
        stamp = f"{day:%Y%m%d}T{rng.randint(10, 17)}00"
        month = date(2025, 1 + closed, 1)
        if day > month + timedelta(days=40) and closed < 4:
            month_of = {"period_month": month.isoformat()}
            deliveries.file(CLOSES, stamp, month_of | {"closed_at": f"{day}T08:00:00Z"})
            closed += 1
        elif closed and rng.random() < 0.1:
            late = {"closed_at": f"{day}T08:00:00Z"}
            deliveries.file(CLOSES, stamp, late | {"is_deleted": rng.choice(["", "true"])})
        else:
            row = {
                "program_id": rng.choice(["P1", "P2"]),
                "version": rng.choice("12"),
                "is_deleted": rng.choice(["", "", "", "true"]),
            }
            if rng.random() < 0.5:
                row |= {"tier_no": rng.choice("12"), "rate": rng.choice(["100", "200"])}
                deliveries.file(TIERS, stamp, row)
            else:
                row |= {"valid_from": f"2025-0{row['version']}-01"}
                row |= {"period_grain": "MONTH" if row["program_id"] == "P1" else "QUARTER"}
                row |= {"hold_days": rng.choice(["10", "20"])}
                deliveries.file(PROGRAMS, stamp, row)
