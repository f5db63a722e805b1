"""The registry of quality rules: each stated once, in a form that a gate can run."""

from __future__ import annotations

import pytest

from expectations import registry
from expectations.registry import Rule, RuleError, feed_rules, mart_rules, scan
from expectations.rule import CRITICAL
from orchestration.ingestion.contract import load_contracts

ROW = {"code": "A_RULE", "table": "oem__dealers", "dimension": "VALIDITY", "description": "Text."}


def test_every_core_feed_has_rules_of_its_own() -> None:
    assert set(load_contracts()) <= {r.table for r in feed_rules()}


def test_only_the_rules_that_the_agreement_names_stop_a_run() -> None:
    assert {r.code for r in feed_rules() if r.severity == CRITICAL} == {
        "KPI_WEIGHTS_SUM_TO_100",
        "KPI_WEIGHTS_SAME_VALIDITY",
        "KPI_WEIGHT_NOT_NEGATIVE",
        "INCENTIVE_PROGRAM_TWO_APPROVERS",
        "INCENTIVE_TIERS_ASCENDING",
        "PERIODS_CLOSED_IN_ORDER",
        "SHARED_PROGRAM_SHARES_NOT_NEGATIVE",
        "DELIVERY_CONSERVED",
        "DELIVERY_ROWS_IN_LAKE",
    }


def test_every_dimension_is_watched() -> None:
    assert {r.dimension for r in feed_rules()} == {
        "COMPLETENESS",
        "VALIDITY",
        "UNIQUENESS",
        "TIMELINESS",
        "CONSISTENCY",
    }


def test_a_rule_says_in_a_sentence_what_must_hold() -> None:
    for rule in (*feed_rules(), *mart_rules()):
        assert rule.description.endswith("."), rule.code
        assert rule.description[0].isupper(), rule.code


def test_a_scan_belongs_to_a_table_that_has_rules() -> None:
    tables = {r.table for r in (*feed_rules(), *mart_rules())}
    modules = registry._FEEDS + registry._MARTS
    assert {table for m in modules for table in m.SCANS} <= tables
    assert scan("oem__period_closes") == "select * from {batch}"


def test_two_rules_of_one_code_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    registry._collected.cache_clear()
    monkeypatch.setattr(registry.oem, "RULES", registry.oem.RULES + registry.oem.RULES[:1])
    with pytest.raises(RuleError, match=registry.oem.RULES[0].code):
        feed_rules()
    registry._collected.cache_clear()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "either `passes` or `violations`"),
        ({"passes": "true", "violations": "from {batch}"}, "either"),
        ({"violations": "select 1"}, "must read {batch}"),
        ({"passes": "true", "dimension": "BEAUTY"}, "BEAUTY"),
        ({"passes": "true", "severity": "fatal"}, "fatal"),
        ({"passes": "true", "scope": "all"}, "scope"),
        ({"passes": "true", "course_topic": "COOKING"}, "COOKING"),
        ({"passes": "true", "mostly": 99}, "mostly must lie within 0 and 1"),
        ({"passes": "true", "code": "a rule"}, "upper case"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(change: dict, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        Rule(**{**ROW, **change})


def test_the_academy_aims_at_no_less_than_the_gate_asks_for() -> None:
    row = {**ROW, "passes": "true", "table": "dealer__leads"}
    assert Rule(**row, mostly=0.9).target_rate == 0.98
    assert Rule(**row, mostly=0.995).target_rate == 0.995
    assert Rule(**row).target_rate == 1
    with pytest.raises(RuleError, match="A_RULE: the academy aims at 0.9, less than the 0.95"):
        Rule(**row, mostly=0.95, target_rate=0.9)
    of_gate = Rule(**row, mostly=0.95, target_rate=0.9, per_dealer=False)
    assert not of_gate.is_measured_per_dealer


def test_what_chance_decides_is_measured_of_no_dealer() -> None:
    rules = {rule.code: rule for rule in feed_rules()}
    assert not rules["EVENT_VIN_CHECK_DIGIT"].is_measured_per_dealer
    assert rules["EVENT_ROWS_READABLE"].is_measured_per_dealer


def test_braces_in_a_rule_are_only_text() -> None:
    rule = Rule(**ROW, violations="select * from {batch} where x similar to '[0-9]{5}'")
    assert rule.failing_rows("t") == "select * from t where x similar to '[0-9]{5}'"
