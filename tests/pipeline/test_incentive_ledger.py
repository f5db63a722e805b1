"""The ledger of incentives, close by close, on deliveries made by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.ledger import post
from orchestration.ledger.post import post_due_closes
from orchestration.ledger.postings import LedgerError
from orchestration.ledger.tables import settled_folder
from orchestration.settings import Settings
from orchestration.state import FEED_GATE, write_state
from tests.support.incentive_world import (
    CLOSES,
    STAIR_STEP,
    close,
    delivered,
    event,
    network,
    program,
    registrations,
    stair_step,
    target,
    tiers,
)
from tests.support.lake import Lake
from tests.support.warehouse import fetch, new_settings, run_incentives

MARTS = ("mart_incentive_line", "mart_incentive_statement")


def postings(settings: Settings) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute(
            "select posted_in_month, posting_type, amount_eur from read_parquet($1) "
            "order by posted_in_month, posting_type",
            [str(settings.ledger / "incentive_postings" / "*.parquet")],
        ).fetchall()


def ledger_bytes(settings: Settings) -> dict[str, bytes]:
    return {
        str(path.relative_to(settings.ledger)): path.read_bytes()
        for path in sorted(settings.ledger.rglob("*.parquet"))
    }


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return new_settings(tmp_path)


def test_golden_case_7_a_car_deregistered_within_the_hold_takes_its_tier_with_it(
    settings: Settings,
) -> None:
    lake = stair_step(settings)
    post_due_closes(settings)
    march = (date(2024, 3, 1), "SETTLEMENT", Decimal("33000.00"))
    assert postings(settings) == [march]
    before = ledger_bytes(settings)
    gone = event(7, "DEREGISTRATION", date(2024, 4, 5))
    lake.load(delivered([gone], "2024-05-02"), close("2024-04", "2024-05-10T17:00"))
    run_incentives(settings, MARTS)
    assert postings(settings) == [
        march,
        (date(2024, 4, 1), "CLAWBACK", Decimal("-11400.00")),
    ]
    assert ledger_bytes(settings).items() >= before.items()
    (statement,) = fetch(
        settings, "select * from marts.mart_incentive_statement where period_start = '2024-01-01'"
    )
    assert statement["entitlement_eur"] == statement["posted_eur"] == Decimal("21600.00")
    assert (statement["status"], statement["tier_no"]) == ("SETTLED", 2)
    assert statement["accrual_eur"] == 0
    assert statement["payment_due_on"] == date(2024, 5, 12)
    lines = fetch(
        settings, "select sum(amount_eur) as total, count(*) as n from marts.mart_incentive_line"
    )
    assert lines == [{"total": Decimal("21600.00"), "n": 54}]


def test_golden_case_1_what_comes_later_is_an_adjustment(settings: Settings) -> None:
    lake = Lake(settings)
    turnover = {
        "measure": "REVENUE_NET",
        "payout_basis": "RATE_OF_NET_PRICE",
        "period_grain": "QUARTER",
    }
    first = event(1, "INVOICE", date(2024, 2, 1), net_price_eur=Decimal("7000.00"))
    lake.load(
        *network(),
        program(**turnover),
        tiers(("5000", "0.02"), ("20000", "0.04")),
        delivered([first], "2024-03-02"),
        *CLOSES,
    )
    post_due_closes(settings)
    late = event(2, "INVOICE", date(2024, 3, 20), net_price_eur=Decimal("20000.00"))
    lake.load(delivered([late], "2024-04-20"), close("2024-04", "2024-05-10T17:00"))
    post_due_closes(settings)
    assert postings(settings) == [
        (date(2024, 3, 1), "SETTLEMENT", Decimal("140.00")),
        (date(2024, 4, 1), "ADJUSTMENT", Decimal("940.00")),
    ]


def test_what_is_known_now_shows_as_accrual_until_the_next_close(settings: Settings) -> None:
    lake = stair_step(settings)
    post_due_closes(settings)
    more = event(56, "REGISTRATION", date(2024, 3, 30))
    lake.load(delivered([more], "2024-04-20"))
    run_incentives(settings, MARTS)
    (statement,) = fetch(
        settings, "select * from marts.mart_incentive_statement where period_start = '2024-01-01'"
    )
    assert statement["posted_eur"] == statement["entitlement_eur"] == Decimal("33000.00")
    assert statement["accrual_eur"] == Decimal("600.00")
    assert statement["qualifying_units"] == 55


def test_a_file_with_an_old_stamp_that_comes_after_the_close_counts_in_the_next(
    settings: Settings,
) -> None:
    lake = stair_step(settings)
    post_due_closes(settings)
    before = ledger_bytes(settings)
    lake.load(delivered([event(56, "REGISTRATION", date(2024, 3, 30))], "2024-04-05"))
    post_due_closes(settings)
    assert ledger_bytes(settings) == before
    lake.load(close("2024-04", "2024-05-10T17:00"))
    post_due_closes(settings)
    assert postings(settings)[1:] == [(date(2024, 4, 1), "ADJUSTMENT", Decimal("600.00"))]
    # the lake alone says the same
    after = ledger_bytes(settings)
    for path in settings.ledger.rglob("*.parquet"):
        path.unlink()
    post_due_closes(settings)
    assert ledger_bytes(settings) == after


def test_running_again_posts_nothing(settings: Settings) -> None:
    stair_step(settings)
    assert post_due_closes(settings) == [date(2024, month, 1) for month in (1, 2, 3)]
    before = ledger_bytes(settings)
    assert post_due_closes(settings) == []
    (settings.state / "ledger.json").unlink()
    assert post_due_closes(settings) == []
    assert ledger_bytes(settings) == before


def test_a_crash_before_posting_loses_and_doubles_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lake = stair_step(settings)
    post_due_closes(settings)
    gone = event(7, "DEREGISTRATION", date(2024, 4, 5))
    lake.load(delivered([gone], "2024-05-02"), close("2024-04", "2024-05-10T17:00"))
    with monkeypatch.context() as cut:
        cut.setattr(post, "append", _killed)
        with pytest.raises(KeyboardInterrupt):
            post_due_closes(settings)
    assert len(postings(settings)) == 1
    assert post_due_closes(settings) == [date(2024, 4, 1)]
    undisturbed = new_settings(tmp_path / "undisturbed")
    again = stair_step(undisturbed)
    post_due_closes(undisturbed)
    again.load(delivered([gone], "2024-05-02"), close("2024-04", "2024-05-10T17:00"))
    post_due_closes(undisturbed)
    assert ledger_bytes(settings) == ledger_bytes(undisturbed)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_close_is_due_from_its_instant_on(settings: Settings) -> None:
    from dataclasses import replace
    from datetime import UTC

    stair_step(settings)
    early = replace(settings, as_of=datetime(2024, 3, 10, 16, 59, tzinfo=UTC))
    assert post_due_closes(early) == [date(2024, 1, 1)]
    then = replace(settings, as_of=datetime(2024, 3, 10, 17, 0, tzinfo=UTC))
    assert post_due_closes(then) == [date(2024, 2, 1)]


def test_a_month_left_out_is_named(settings: Settings) -> None:
    Lake(settings).load(
        *network(), close("2024-01", "2024-02-10T17:00"), close("2024-03", "2024-04-10T17:00")
    )
    with pytest.raises(LedgerError, match="2024-03 is closed, but not every month since 2024-01"):
        post_due_closes(settings)
    assert not settings.ledger.exists()


def test_a_ledger_that_the_lake_does_not_know_is_not_continued(settings: Settings) -> None:
    stair_step(settings)
    post_due_closes(settings)
    known = settings.ledger / "incentive_postings" / "2024-03.parquet"
    known.rename(known.with_name("2024-07.parquet"))
    with pytest.raises(LedgerError, match="2024-07"):
        post_due_closes(settings)


def test_a_posting_that_was_tampered_with_is_found(settings: Settings) -> None:
    stair_step(settings)
    post_due_closes(settings)
    path = settings.ledger / "incentive_postings" / "2024-03.parquet"
    rows = pq.read_table(path)
    (posting,) = rows.to_pylist()
    posting["amount_eur"] = Decimal("33000.01")
    pq.write_table(pa.Table.from_pylist([posting], rows.schema), path)
    with pytest.raises(LedgerError, match="posted_cents=3300001"):
        post_due_closes(settings)


def test_a_settled_period_keeps_its_version(settings: Settings) -> None:
    lake = stair_step(settings)
    post_due_closes(settings)
    lake.load(
        program("2024-04-20", version=2, announced_on=date(2023, 11, 2)),
        tiers(("0.5", "9999"), version=2, delivered="2024-04-20"),
        delivered([event(56, "REGISTRATION", date(2024, 3, 30))], "2024-04-21"),
        close("2024-04", "2024-05-10T17:00"),
    )
    run_incentives(settings, MARTS)
    assert postings(settings)[1:] == [(date(2024, 4, 1), "ADJUSTMENT", Decimal("600.00"))]
    versions = fetch(
        settings,
        "select program_version from warehouse.intermediate.int_incentives__list_periods"
        " where period_start < '2024-07-01' order by period_start",
    )
    assert [v["program_version"] for v in versions] == [1, 2]


def test_a_lower_version_that_comes_later_overturns_nothing(settings: Settings) -> None:
    lake = Lake(settings)
    lake.load(
        *network(),
        program(version=2),
        tiers(*STAIR_STEP, version=2),
        target(50),
        delivered(registrations(55), "2024-04-02"),
        *CLOSES,
    )
    post_due_closes(settings)
    before = postings(settings)
    lake.load(
        program("2024-04-20", period_grain="MONTH", measure="UNITS_REGISTERED"),
        tiers(("1", "500"), delivered="2024-04-20"),
        close("2024-04", "2024-05-10T17:00"),
    )
    post_due_closes(settings)
    assert before == postings(settings) == [(date(2024, 3, 1), "SETTLEMENT", Decimal("33000.00"))]


def test_terms_that_change_before_a_late_close_arrives_are_those_of_its_instant(
    settings: Settings,
) -> None:
    """The loader cannot refuse what came before it knew of the close."""
    lake = Lake(settings)
    lake.load(
        *network(),
        program(),
        tiers(*STAIR_STEP),
        target(50),
        delivered(registrations(55), "2024-04-02"),
    )
    lake.load(
        program("2024-04-15", cap_eur=Decimal("1.00"), hold_days=0),
        tiers(("0.9", "1"), ("1.0", "2"), ("1.1", "3"), delivered="2024-04-15"),
    )
    lake.load(*CLOSES)
    post_due_closes(settings)
    lake.load(close("2024-04", "2024-05-10T17:00"))
    post_due_closes(settings)
    assert postings(settings) == [(date(2024, 3, 1), "SETTLEMENT", Decimal("33000.00"))]


def test_a_close_announced_before_waits_for_what_is_delivered_in_time(settings: Settings) -> None:
    """The loads come on the first three mornings of June 2025."""
    lake = Lake(settings)
    announced = close("2024-03", "2025-06-02T17:00", stamp="2025-05-30")
    lake.load(
        *network(),
        program(),
        tiers(*STAIR_STEP),
        target(50),
        delivered(registrations(54), "2024-04-02"),
        *CLOSES[:2],
        announced,
    )
    assert post_due_closes(settings) == [date(2024, 1, 1), date(2024, 2, 1)]
    lake.load(delivered([], "2025-06-02T03:00"))
    assert post_due_closes(settings) == []
    lake.load(
        delivered(registrations(55)[54:], "2025-06-02T16:00"),
        delivered([event(60, "REGISTRATION", date(2024, 3, 2))], "2025-06-02T18:00"),
    )
    assert post_due_closes(settings) == [date(2024, 3, 1)]
    assert postings(settings) == [(date(2024, 3, 1), "SETTLEMENT", Decimal("33000.00"))]


def test_nothing_is_posted_while_the_feed_gate_does_not_hold(settings: Settings) -> None:
    stair_step(settings)
    write_state(settings, FEED_GATE, {"success": False})
    with pytest.raises(LedgerError, match="feed gate"):
        post_due_closes(settings)
    assert not settings.ledger.exists()


def test_a_state_of_the_last_close_that_is_half_gone_is_made_again(settings: Settings) -> None:
    lake = stair_step(settings)
    post_due_closes(settings)
    state = settled_folder(settings, date(2024, 3, 1))
    state.rename(state.with_name(f".{state.name}.old"))
    (state.with_name(f".{state.name}.old") / "lines.parquet").unlink()
    lake.load(
        delivered([event(7, "DEREGISTRATION", date(2024, 4, 5))], "2024-05-02"),
        close("2024-04", "2024-05-10T17:00"),
    )
    assert post_due_closes(settings) == [date(2024, 4, 1)]
    assert postings(settings)[1:] == [(date(2024, 4, 1), "CLAWBACK", Decimal("-11400.00"))]
    assert [path.name for path in state.parent.iterdir()] == ["2024-04"]


def test_a_file_missing_in_the_middle_of_the_ledger_is_named(settings: Settings) -> None:
    stair_step(settings)
    post_due_closes(settings)
    (settings.ledger / "incentive_postings" / "2024-02.parquet").unlink()
    with pytest.raises(LedgerError, match="does not hold the close of 2024-02"):
        post_due_closes(settings)
