"""Each rule finds what breaks it, and nothing in a project that keeps it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.dbt_rules import rules
from tests.dbt_rules.rules import RULES, Manifest


def model(name: str, path: str, reads: list[str], **changes: Any) -> dict[str, Any]:
    node = {
        "unique_id": f"model.p.{name}",
        "resource_type": "model",
        "name": name,
        "original_file_path": f"models/{path}/{name}.sql",
        "patch_path": f"p://models/{path}/{name}.yml",
        "description": "What it is.",
        "raw_code": "select lead_id from x",
        "depends_on": {"nodes": reads},
        "columns": {"lead_id": {"description": "The lead.", "data_type": "varchar"}},
        "config": {
            "materialized": "table",
            "unique_key": None,
            "contract": {"enforced": True},
            "meta": {"grain": "lead", "owner": "o@example.org"},
        },
    }
    return node | changes


def good() -> Manifest:
    """A small project that keeps every rule."""
    source = {
        "unique_id": "source.p.dealer.leads",
        "resource_type": "source",
        "source_name": "dealer",
        "name": "leads",
        "identifier": "dealer__leads",
        "schema": "raw",
        "columns": {
            "lead_id": {"description": "The lead.", "config": {"meta": {"key": True}}},
            "customer_email": {"description": "Address.", "config": {"meta": {"pii": True}}},
        },
    }
    staging = model("stg_dealer__leads", "staging/dealer", ["source.p.dealer.leads"])
    staging["raw_code"] = "select lead_id, {{ pseudonym('customer_email') }} as customer_email_hash"
    staging["config"] |= {"materialized": "incremental", "unique_key": ["lead_id"]}
    nodes = [
        staging,
        model("int_leads__count", "intermediate/leads", ["model.p.stg_dealer__leads"]),
        model("fct_lead", "marts/core", ["model.p.int_leads__count"]),
        model("mart_leads", "marts/sales", ["model.p.fct_lead"]),
    ]
    nodes[2]["columns"]["dealer_id"] = {"description": "The dealer.", "data_type": "varchar"}
    nodes[3]["config"]["meta"]["readers"] = {"manufacturer": True}
    nodes[2]["raw_code"] = "{{ touched_months([]) }}"
    nodes[2]["columns"]["lead_month"] = {"description": "Month.", "data_type": "date"}
    nodes[2]["config"]["meta"]["month_column"] = "lead_month"
    for name in ("fct_lead", "mart_leads"):
        nodes.append(
            {
                "unique_id": f"test.p.{name}",
                "resource_type": "test",
                "attached_node": f"model.p.{name}",
                "test_metadata": {"name": "unique_combination"},
            }
        )
    return {
        "nodes": {n["unique_id"]: n for n in nodes},
        "sources": {source["unique_id"]: source},
    }


def stg(manifest: Manifest) -> dict[str, Any]:
    return manifest["nodes"]["model.p.stg_dealer__leads"]


def fct(manifest: Manifest) -> dict[str, Any]:
    return manifest["nodes"]["model.p.fct_lead"]


def staging_reads_a_mart(m: Manifest) -> None:
    stg(m)["depends_on"]["nodes"].append("model.p.fct_lead")


def core_reads_a_domain(m: Manifest) -> None:
    fct(m)["depends_on"]["nodes"].append("model.p.mart_leads")


def mart_reads_a_source(m: Manifest) -> None:
    fct(m)["depends_on"]["nodes"].append("source.p.dealer.leads")


def source_without_staging(m: Manifest) -> None:
    m["sources"]["source.p.dealer.leads"]["name"] = "cases"


def staging_reads_nothing(m: Manifest) -> None:
    stg(m)["depends_on"]["nodes"].clear()


def fact_named_otherwise(m: Manifest) -> None:
    fct(m)["name"] = "leads_fact"


def staging_in_another_folder(m: Manifest) -> None:
    stg(m)["original_file_path"] = "models/staging/oem/stg_dealer__leads.sql"


def shared_yaml(m: Manifest) -> None:
    fct(m)["patch_path"] = "p://models/marts/core/schema.yml"


def no_grain(m: Manifest) -> None:
    del fct(m)["config"]["meta"]["grain"]


def no_description(m: Manifest) -> None:
    fct(m)["description"] = " "


def column_without_description(m: Manifest) -> None:
    stg(m)["columns"]["lead_id"]["description"] = ""


def no_columns(m: Manifest) -> None:
    stg(m)["columns"] = {}


def no_contract(m: Manifest) -> None:
    fct(m)["config"]["contract"]["enforced"] = False


def key_not_tested(m: Manifest) -> None:
    m["nodes"]["test.p.fct_lead"]["test_metadata"]["name"] = "not_null"


def money_as_float(m: Manifest) -> None:
    fct(m)["columns"]["price_eur"] = {"description": "Price.", "data_type": "double"}


def month_as_text(m: Manifest) -> None:
    fct(m)["columns"]["lead_month"]["data_type"] = "varchar"


def keyed_by_another_column(m: Manifest) -> None:
    stg(m)["config"]["unique_key"] = ["dealer_id"]


def described_otherwise(m: Manifest) -> None:
    stg(m)["columns"]["lead_id"]["description"] = "Something else."


def email_in_clear(m: Manifest) -> None:
    stg(m)["raw_code"] = "select lead_id, customer_email from x"


def hashed_email_in_a_mart(m: Manifest) -> None:
    fct(m)["columns"]["customer_email_hash"] = {"description": "Hash.", "data_type": "varchar"}


def asks_for_the_engine(m: Manifest) -> None:
    fct(m)["raw_code"] += "{% if target.type == 'spark' %}x{% endif %}"


def reads_the_environment(m: Manifest) -> None:
    stg(m)["raw_code"] += "{{ env_var('X') }}"


def month_that_is_no_column(m: Manifest) -> None:
    fct(m)["config"]["meta"]["month_column"] = "created_month"


def no_dealer_and_no_readers(m: Manifest) -> None:
    del fct(m)["columns"]["dealer_id"]


def readers_left_empty(m: Manifest) -> None:
    m["nodes"]["model.p.mart_leads"]["config"]["meta"]["readers"] = {}


def readers_misspelt(m: Manifest) -> None:
    fct(m)["config"]["meta"]["readers"] = {"manufacture": True}


def readers_of_what_is_not_public(m: Manifest) -> None:
    stg(m)["config"]["meta"]["readers"] = {"manufacturer": True}


VIOLATIONS: list[tuple[Callable[[Manifest], list[str]], Callable[[Manifest], None]]] = [
    (rules.models_read_from_lower_layers, staging_reads_a_mart),
    (rules.models_read_from_lower_layers, core_reads_a_domain),
    (rules.sources_are_read_in_staging_only, mart_reads_a_source),
    (rules.staging_and_sources_match_one_to_one, source_without_staging),
    (rules.staging_and_sources_match_one_to_one, staging_reads_nothing),
    (rules.names_say_layer_and_folder, fact_named_otherwise),
    (rules.names_say_layer_and_folder, staging_in_another_folder),
    (rules.each_model_has_a_yaml_of_its_name, shared_yaml),
    (rules.models_state_description_grain_and_owner, no_grain),
    (rules.models_state_description_grain_and_owner, no_description),
    (rules.every_column_is_described, column_without_description),
    (rules.every_column_is_described, no_columns),
    (rules.marts_have_an_enforced_contract, no_contract),
    (rules.marts_test_their_key, key_not_tested),
    (rules.columns_have_the_type_of_their_name, money_as_float),
    (rules.columns_have_the_type_of_their_name, month_as_text),
    (rules.incremental_staging_is_keyed_by_the_contract, keyed_by_another_column),
    (rules.staging_columns_say_what_their_source_says, described_otherwise),
    (rules.personal_data_is_hashed_in_staging, email_in_clear),
    (rules.personal_data_is_hashed_in_staging, hashed_email_in_a_mart),
    (rules.models_ask_for_no_engine_and_no_environment, asks_for_the_engine),
    (rules.models_ask_for_no_engine_and_no_environment, reads_the_environment),
    (rules.facts_name_the_month_they_are_rebuilt_by, month_that_is_no_column),
    (rules.public_models_say_who_reads_them, no_dealer_and_no_readers),
    (rules.public_models_say_who_reads_them, readers_left_empty),
    (rules.readers_are_understood, readers_misspelt),
    (rules.readers_are_understood, readers_of_what_is_not_public),
]


@pytest.mark.parametrize(("rule", "violation"), VIOLATIONS, ids=lambda part: part.__name__)
def test_the_rule_finds_the_violation(rule: Callable, violation: Callable) -> None:
    manifest = copy.deepcopy(good())
    violation(manifest)
    assert rule(manifest)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_nothing_in_a_good_project(rule: Callable) -> None:
    assert rule(good()) == []


def test_every_rule_has_a_violation() -> None:
    assert {rule for rule, _ in VIOLATIONS} == set(RULES)


def test_an_overlong_yaml_file_is_found_unless_it_holds_sources() -> None:
    lines = {"models.yml": 401, "_dealer__sources.yml": 900, "short.yml": 400}
    assert rules.yaml_files_stay_short(lines) == [
        "models.yml has 401 lines, more than 400: divide it"
    ]
