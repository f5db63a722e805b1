"""The feed gate over small lakes: what stops a run, what warns, and what counts as the feed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations.registry import feed_rules
from orchestration.checks import gate
from orchestration.checks.gate import GateError, GateResult, RuleResult, run_feed_gate
from orchestration.ingestion.lake import last_loaded_at
from orchestration.state import PUBLICATION, read_state, write_state
from orchestration.version import code_version
from tests.unit.checks.small_lake import (
    SmallLake,
    dealer,
    event,
    investment,
    lead,
    model,
    shared_member,
    shared_program,
    territory,
    weights,
)


def result(found: GateResult, code: str) -> RuleResult:
    (one,) = [r for r in found.results if r.code == code]
    return one


def test_every_rule_is_evaluated_on_a_warehouse_without_a_lake(tmp_path: Path) -> None:
    found = run_feed_gate(SmallLake(tmp_path).settings)
    assert {r.code for r in found.results} == {r.code for r in feed_rules()}
    assert not [r for r in found.results if not r.success]
    assert {r.pass_rate for r in found.results} == {None}


def test_good_rows_break_no_rule(lake: SmallLake) -> None:
    lake.deliver("dealer__vehicle_events", event(), sender="D0001")
    lake.deliver("dealer__leads", lead(), sender="D0001")
    found = run_feed_gate(lake.settings)
    assert found.success
    assert [str(r) for r in found.warnings] == []


def test_weights_that_do_not_sum_to_100_stop_the_run_and_name_brand_and_version(
    lake: SmallLake,
) -> None:
    second = weights(2, valid_from=date(2025, 1, 1))
    second[0]["weight"] = Decimal("39.999999")
    lake.deliver("oem__kpi_weights", *second)
    found = run_feed_gate(lake.settings, ["oem__kpi_weights"])
    (failure,) = found.critical_failures
    assert failure.code == "KPI_WEIGHTS_SUM_TO_100"
    assert (failure.failed_rows, failure.checked_rows) == (1, 2)
    assert failure.examples == [
        {"brand_code": "ALPHA", "version": 2, "weight_sum": "99.999999", "kpis": 3}
    ]
    for part in ("KPI_WEIGHTS_SUM_TO_100", "oem__kpi_weights", "1 of 2", "version=2"):
        assert part in found.summary()


def test_a_corrected_weight_heals_the_version(lake: SmallLake) -> None:
    bad = weights(2, valid_from=date(2025, 1, 1))
    bad[0]["weight"] = Decimal(10)
    lake.deliver("oem__kpi_weights", *bad)
    lake.deliver("oem__kpi_weights", bad[0] | {"weight": Decimal(40)})
    assert run_feed_gate(lake.settings, ["oem__kpi_weights"]).success


def test_an_older_delivery_that_is_loaded_later_does_not_win(lake: SmallLake) -> None:
    late = weights()[0] | {"weight": Decimal(1)}
    lake.deliver("oem__kpi_weights", late, delivered_at=datetime(2020, 1, 1))
    assert run_feed_gate(lake.settings, ["oem__kpi_weights"]).success


def test_a_withdrawn_weight_leaves_a_version_that_does_not_sum(lake: SmallLake) -> None:
    key = {k: weights()[0][k] for k in ("brand_code", "kpi_code", "version")}
    lake.deliver("oem__kpi_weights", key | {"is_deleted": True})
    (failure,) = run_feed_gate(lake.settings, ["oem__kpi_weights"]).critical_failures
    assert failure.examples[0]["weight_sum"] == "60.000000"


@pytest.mark.parametrize("column", ["valid_from", "valid_to"])
def test_weights_of_differing_validity_stop_the_run(lake: SmallLake, column: str) -> None:
    lake.deliver("oem__kpi_weights", weights()[0] | {column: date(2024, 6, 1)})
    (failure,) = run_feed_gate(lake.settings, ["oem__kpi_weights"]).critical_failures
    assert failure.code == "KPI_WEIGHTS_SAME_VALIDITY"
    assert failure.examples[0]["version"] == 1


def test_rows_that_vanish_between_delivery_and_lake_stop_the_run(lake: SmallLake) -> None:
    lake.deliver("dealer__leads", lead(), sender="D0001")
    lake.falsify_books(delivered_rows=3, quarantined_rows=1)
    found = run_feed_gate(lake.settings, ["lake__deliveries"])
    assert {r.code for r in found.critical_failures} == {
        "DELIVERY_CONSERVED",  # 3 delivered, 1 + 1 known
        "DELIVERY_ROWS_IN_LAKE",  # the quarantined one is in no file
    }
    lost = result(found, "DELIVERY_CONSERVED")
    assert (lost.failed_rows, lost.checked_rows) == (1, 6)
    assert lost.examples[0]["delivered_rows"] == 3
    assert lost.examples[0]["source_file"].startswith("D0001_")


def test_a_file_missing_from_the_lake_stops_the_run(lake: SmallLake) -> None:
    lake.deliver("dealer__leads", lead(), sender="D0001").unlink()
    (failure,) = run_feed_gate(lake.settings, ["lake__deliveries"]).critical_failures
    assert failure.code == "DELIVERY_ROWS_IN_LAKE"
    assert failure.examples[0]["feed"] == "dealer__leads"


def test_quarantined_rows_that_lie_in_quarantine_are_no_failure(lake: SmallLake) -> None:
    lake.deliver("dealer__leads", lead(), sender="D0001", quarantined=["BAD_TYPE"])
    found = run_feed_gate(lake.settings, ["lake__deliveries"])
    assert found.success
    assert not result(found, "DELIVERY_QUARANTINE_SHARE").success


def test_rows_of_a_killed_load_do_not_count(lake: SmallLake) -> None:
    lake.deliver("oem__kpi_weights", weights()[0] | {"weight": Decimal(1)}, commit=False)
    assert run_feed_gate(lake.settings, ["oem__kpi_weights"]).success


def test_an_unknown_dealer_and_model_only_warn(lake: SmallLake) -> None:
    lake.deliver(
        "dealer__vehicle_events", event(dealer_id="D9999", model_code="ZZ"), sender="D9999"
    )
    found = run_feed_gate(lake.settings)
    assert found.success
    assert {r.code for r in found.warnings} == {"EVENT_DEALER_KNOWN", "EVENT_MODEL_KNOWN"}
    example = result(found, "EVENT_DEALER_KNOWN").examples[0]
    assert (example["event_id"], example["dealer_id"]) == ("E1", "D9999")
    assert example["_source_row"] == 1


def test_a_newer_snapshot_replaces_the_older_of_the_same_sender_only(lake: SmallLake) -> None:
    lake.deliver("oem__territories", territory(dealer_id="D9999"))
    lake.deliver("oem__territories", territory(dealer_id="D9998"), sender="importer")
    lake.deliver("oem__territories", territory())
    unknown = result(run_feed_gate(lake.settings, ["oem__territories"]), "TERRITORY_DEALER_KNOWN")
    assert (unknown.failed_rows, unknown.checked_rows) == (1, 2)
    assert unknown.examples[0]["dealer_id"] == "D9998"


def test_a_snapshot_delivered_earlier_but_loaded_later_does_not_win(lake: SmallLake) -> None:
    lake.deliver("oem__dealers", dealer(dealer_id="D0002"), delivered_at=datetime(2020, 1, 1))
    assert result(
        run_feed_gate(lake.settings, ["oem__territories"]), "TERRITORY_DEALER_KNOWN"
    ).success


def test_an_empty_snapshot_empties_the_feed_and_warns(lake: SmallLake) -> None:
    lake.deliver("oem__dealers")
    found = run_feed_gate(lake.settings)
    assert found.success
    assert result(found, "DELIVERY_SNAPSHOT_NOT_EMPTY").examples[0]["feed"] == "oem__dealers"
    assert not result(found, "TERRITORY_DEALER_KNOWN").success


def test_a_withdrawal_breaks_no_rule_about_what_it_leaves_empty(lake: SmallLake) -> None:
    lake.deliver("dealer__leads", lead(), {"lead_id": "L2", "is_deleted": True}, sender="D0001")
    reachable = result(run_feed_gate(lake.settings, ["dealer__leads"]), "LEAD_REACHABLE")
    assert (reachable.failed_rows, reachable.checked_rows) == (0, 1)


def test_personal_data_is_in_no_report(lake: SmallLake) -> None:
    rows = [
        lead(
            lead_id=f"L{n}",
            customer_email="not an address of Erika",
            first_response_at=datetime(2025, 1, 1),
        )
        for n in range(3)
    ]
    lake.deliver("dealer__leads", *rows, sender="D0001")
    found = run_feed_gate(lake.settings)
    assert not result(found, "LEAD_EMAIL_WELL_FORMED").success
    written = (lake.settings.state / "feed_gate.json").read_text(encoding="utf-8")
    for report in (found.summary(), written):
        assert "L1" in report
        assert "Erika" not in report


def test_a_vin_check_digit_is_recomputed(lake: SmallLake) -> None:
    no_digit = "WVWZZZ1JZXW000001"
    vins = ["1M8GDM9AXKP042788", "11111111111111111", "1M8GDM9A1KP042788", no_digit]
    lake.deliver(
        "dealer__vehicle_events",
        *(event(event_id=f"E{n}", vin=vin) for n, vin in enumerate(vins)),
        sender="D0001",
    )
    share = result(
        run_feed_gate(lake.settings, ["dealer__vehicle_events"]), "EVENT_VIN_CHECK_DIGIT"
    )
    assert (share.failed_rows, share.checked_rows, share.success) == (1, 3, True)


def test_rows_are_counted_once_per_table_whatever_the_rules(lake: SmallLake) -> None:
    lake.deliver("dealer__vehicle_events", event(), event(event_id="E2"), sender="D0001")
    found = run_feed_gate(lake.settings, ["dealer__vehicle_events", "oem__vehicle_models"])
    assert found.table_rows == {
        "dealer__vehicle_events": 2,
        "dealer__vehicle_events.history": 2,
        "dealer__vehicle_events.files": 1,
        "dealer__vehicle_events.quarantine": 1,
        "oem__vehicle_models": 1,
    }
    assert found.checked_rows == 3


def test_a_file_is_judged_once_for_each_dealer_in_it(lake: SmallLake) -> None:
    """The newest row of D1 is 45 days old on the day of the delivery in Berlin, that of D2 46."""
    lake.deliver(
        "dealer__vehicle_events",
        event(event_id="E1", dealer_id="D1", event_date=date(2025, 1, 15)),
        event(event_id="E2", dealer_id="D1", event_date=date(2024, 1, 1)),
        event(event_id="E3", dealer_id="D2", event_date=date(2025, 1, 14)),
        sender="dms",
        delivered_at=datetime(2025, 2, 28, 23, 30),  # half past midnight in Berlin
    )
    found = result(run_feed_gate(lake.settings, ["dealer__vehicle_events"]), "EVENT_TIMELY")
    assert (found.failed_rows, found.checked_rows, found.success) == (1, 2, False)
    (example,) = found.examples
    assert example == {
        "dealer_id": "D2",
        "_source_file": "dms_20250228T233000.csv",
        "_sender": "dms",
        "_delivered_at": "2025-02-28 23:30:00",
        "newest_event_date": "2025-01-14",
    }


def test_what_was_quarantined_counts_for_the_rule_of_its_reason(lake: SmallLake) -> None:
    def judged(code: str) -> tuple[int, int, bool]:
        found = result(run_feed_gate(lake.settings, ["dealer__leads"]), code)
        return found.failed_rows, found.checked_rows, found.success

    lake.deliver(
        "dealer__leads",
        *(lead(lead_id=f"L{n}") for n in range(96)),
        sender="D0001",
        quarantined=["DUPLICATE_KEY_IN_FILE", "BAD_TYPE", "BAD_VALUE", "WRONG_COLUMN_COUNT"],
    )
    lake.deliver("dealer__leads", sender="D0002", rejected="UNREADABLE")
    assert judged("LEAD_ROWS_UNIQUE") == (1, 100, True)
    assert judged("LEAD_ROWS_READABLE") == (3, 100, False)
    assert judged("LEAD_ROWS_COMPLETE") == (0, 100, True)
    published = {"loaded_at": str(last_loaded_at(lake.settings)), "code_version": code_version()}
    write_state(lake.settings, PUBLICATION, published)
    lake.deliver("dealer__leads", lead(lead_id="X"), sender="D0001", quarantined=["BAD_TYPE"])
    assert judged("LEAD_ROWS_READABLE") == (1, 2, False)
    example = result(run_feed_gate(lake.settings, ["dealer__leads"]), "LEAD_ROWS_READABLE")
    assert example.examples[0]["bad_type"] == 1


def test_the_share_that_must_pass_is_exact(lake: SmallLake) -> None:
    """0.9 as a binary fraction is a little more than 0.9: 9 of 10 would not do."""

    def is_reachable() -> bool:
        found = run_feed_gate(lake.settings, ["dealer__leads"])
        return result(found, "LEAD_REACHABLE").success

    leads = [lead(lead_id=f"L{n}") for n in range(9)]
    lake.deliver("dealer__leads", *leads, lead(lead_id="X", customer_email=None), sender="D0001")
    assert is_reachable()
    lake.deliver("dealer__leads", lead(lead_id="Y", customer_email=None), sender="D0001")
    assert not is_reachable()


def test_a_gate_without_rules_is_an_error(lake: SmallLake) -> None:
    with pytest.raises(GateError, match="no rule"):
        run_feed_gate(lake.settings, ["oem__nothing"])


def test_a_rule_that_does_not_evaluate_is_an_error_that_names_it(
    lake: SmallLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    broken = [
        replace(r, passes="no_such_column > 0") if r.code == "MODEL_LIST_PRICE_POSITIVE" else r
        for r in feed_rules()
    ]
    monkeypatch.setattr(gate, "feed_rules", lambda: broken)
    with pytest.raises(GateError, match="not MODEL_LIST_PRICE_POSITIVE: .*no_such_column"):
        run_feed_gate(lake.settings)


def test_results_of_tables_not_looked_at_again_stay_in_the_state(lake: SmallLake) -> None:
    run_feed_gate(lake.settings)
    lake.deliver("oem__kpi_weights", weights()[0] | {"weight": Decimal(1)})
    run_feed_gate(lake.settings, ["oem__kpi_weights"])
    state = json.loads((lake.settings.state / "feed_gate.json").read_text(encoding="utf-8"))
    assert sorted(r["code"] for r in state["results"]) == sorted(r.code for r in feed_rules())
    assert state["success"] is False
    assert {name.split(".")[0] for name in state["validations"]} == {r.table for r in feed_rules()}


def test_a_column_that_older_files_lack_is_null_in_them(lake: SmallLake) -> None:
    path = lake.deliver("dealer__leads", lead(), sender="D0001")
    pq.write_table(pq.ParquetFile(path).read().drop_columns("customer_email"), path)
    lake.deliver("dealer__leads", lead(lead_id="L2"), sender="D0001")
    found = run_feed_gate(lake.settings, ["dealer__leads"])
    assert result(found, "LEAD_REACHABLE").failed_rows == 1


def test_paths_with_quotes_and_blanks_are_only_text(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "it's a 'ware house'; drop")
    lake.deliver("oem__vehicle_models", model(list_price_eur=Decimal(0)))
    assert not result(
        run_feed_gate(lake.settings, ["oem__vehicle_models"]), "MODEL_LIST_PRICE_POSITIVE"
    ).success


def test_only_what_was_delivered_since_the_last_publication_is_judged(lake: SmallLake) -> None:
    lake.deliver("dealer__leads", lead(dealer_id="D9999", lead_id="L1"), sender="D9999")
    assert result(run_feed_gate(lake.settings), "LEAD_DEALER_KNOWN").failed_rows == 1
    published = {"loaded_at": str(last_loaded_at(lake.settings)), "code_version": code_version()}
    write_state(lake.settings, PUBLICATION, published)
    lake.deliver("dealer__leads", lead(lead_id="L2"), sender="D0001")
    found = result(run_feed_gate(lake.settings), "LEAD_DEALER_KNOWN")
    assert (found.checked_rows, found.failed_rows) == (1, 0)
    write_state(lake.settings, PUBLICATION, published | {"code_version": "another"})
    found = result(run_feed_gate(lake.settings), "LEAD_DEALER_KNOWN")
    assert (found.checked_rows, found.failed_rows) == (2, 1)
    anew = replace(lake.settings, full_refresh=True)
    write_state(lake.settings, PUBLICATION, published)
    assert result(run_feed_gate(anew), "LEAD_DEALER_KNOWN").checked_rows == 2


def test_a_rule_without_new_deliveries_stands_as_it_stood(lake: SmallLake) -> None:
    lake.deliver("dealer__leads", lead(dealer_id="D9999", lead_id="L1"), sender="D9999")
    run_feed_gate(lake.settings)
    published = {"loaded_at": str(last_loaded_at(lake.settings)), "code_version": code_version()}
    write_state(lake.settings, PUBLICATION, published)
    run_feed_gate(lake.settings)
    left = read_state(lake.settings, gate.FEED_GATE)
    (kept,) = [r for r in left["results"] if r["code"] == "LEAD_DEALER_KNOWN"]
    assert (kept["failed_rows"], kept["success"]) == (1, False)
    assert left["table_rows"]["dealer__leads"] == 1


def test_a_vehicle_registered_twice_is_found_across_deliveries(lake: SmallLake) -> None:
    lake.deliver("dealer__vehicle_events", event(event_id="E1"), sender="D0001")
    published = {"loaded_at": str(last_loaded_at(lake.settings)), "code_version": code_version()}
    write_state(lake.settings, PUBLICATION, published)
    lake.deliver("dealer__vehicle_events", event(event_id="E2"), sender="D0001")
    found = result(run_feed_gate(lake.settings), "EVENT_VIN_REGISTERED_ONCE")
    assert found.failed_rows == 1


# -- investments ------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["partner_share_rate", "min_share_eur", "max_share_eur"])
def test_a_negative_share_stops_the_run_and_names_the_programme(
    lake: SmallLake, column: str
) -> None:
    lake.deliver("oem__shared_programs", shared_program(**{column: Decimal("-0.01")}))
    (failure,) = run_feed_gate(lake.settings, ["oem__shared_programs"]).critical_failures
    assert failure.code == "SHARED_PROGRAM_SHARES_NOT_NEGATIVE"
    assert failure.examples[0]["program_id"] == "P1"


def test_bounds_are_judged_for_the_members_of_the_day_of_the_decision(lake: SmallLake) -> None:
    def is_feasible() -> bool:
        found = run_feed_gate(lake.settings, ["oem__shared_programs"])
        assert found.success
        return result(found, "SHARED_PROGRAM_BOUNDS_FEASIBLE").success

    lake.deliver("oem__dealers", dealer(), dealer(dealer_id="D0002"), dealer(dealer_id="D0003"))
    lake.deliver("oem__shared_programs", shared_program())
    lake.deliver(
        "oem__shared_program_members",
        shared_member(),
        shared_member(dealer_id="D0002", joined_on=date(2025, 1, 16), left_on=None),
        shared_member(dealer_id="D0003", left_on=date(2025, 1, 15)),
        shared_member(dealer_id="D9999"),
    )
    assert is_feasible(), "one member carries the 30,000 that each has to"
    lake.deliver("oem__shared_program_members", shared_member(dealer_id="D0002"))
    assert not is_feasible()


def test_an_investment_of_a_genuine_agent_is_named(lake: SmallLake) -> None:
    lake.deliver("oem__dealers", dealer(contract_model="AGENT_GENUINE"))
    lake.deliver("oem__showroom_investments", investment())
    found = run_feed_gate(lake.settings, ["oem__showroom_investments"])
    assert found.success
    (warning,) = found.warnings
    assert warning.code == "INVESTMENT_NOT_OF_GENUINE_AGENT"
    assert {"investment_id": "I1", "dealer_id": "D0001"}.items() <= warning.examples[0].items()


def test_terms_may_change_until_the_start_and_costs_at_any_time(lake: SmallLake) -> None:
    def broken() -> int:
        found = run_feed_gate(lake.settings, ["oem__showroom_investments"])
        return result(found, "INVESTMENT_TERMS_KEPT_ONCE_STARTED").failed_rows

    feed = "oem__showroom_investments"
    lake.deliver(feed, investment(start_date=date(2025, 3, 1)))
    lake.deliver(feed, investment(start_date=date(2025, 2, 28)))
    assert broken() == 0, "delivered on the day of the start"
    lake.deliver(feed, investment(start_date=date(2025, 2, 28), total_cost_eur=Decimal(2)))
    assert broken() == 0
    lake.deliver(feed, investment(start_date=date(2025, 2, 27), total_cost_eur=Decimal(2)))
    assert broken() == 1
