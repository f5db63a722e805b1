"""The rules themselves: pure functions from a dbt manifest (as a dict) to sentences of complaint.

A rule that finds nothing returns an empty list. Add a rule here, put it into `RULES`, and give
test_rules_find_violations.py a manifest that breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from orchestration.serving.publish import public_models
from orchestration.serving.readers import DEALER_COLUMN, ReadersError, readers

Manifest = dict[str, Any]
Node = dict[str, Any]

MAX_YAML_LINES = 400
LAYERS = ("staging", "intermediate", "marts")
NAMES = {
    "staging": r"stg_[a-z0-9]+__[a-z0-9_]+",
    "intermediate": r"int_[a-z0-9]+__[a-z0-9_]+",
    "marts": r"(dim|fct|mart)_[a-z0-9_]+",
}
PERSONS = "__persons"
"""Ending of the staging model with the personal data of a source, apart from its other columns."""
ARMS = "__arms"
"""Ending of the staging model with the arms of all versions of a pilot's members."""
COLUMN_TYPES = {
    r"_(id|code)$": "varchar",
    r"_(date|on|month)$": "date",
    r"_at$": "timestamp",
    r"^(is|has)_": "boolean",
    r"(?<!_per)_eur$": "decimal(18,2)",
    r"_rate$": "decimal(18,6)",
    r"_hours$": "decimal(18,6)",
    r"_(units|count|days)$": "bigint",
}
SHOWN_ROUNDED = {
    *("expected_units", "raw_units"),
    *("median_stock_age_days", "stock_days", "effort_days"),
}
"""Units and days that are no whole numbers: decimal(18,6)."""


def models(manifest: Manifest) -> list[Node]:
    return [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]


def layer(node: Node) -> str:
    return PurePosixPath(node["original_file_path"]).parts[1]


def folder(node: Node) -> str:
    return PurePosixPath(node["original_file_path"]).parts[2]


def parents(manifest: Manifest, node: Node) -> Iterator[Node]:
    for unique_id in node["depends_on"]["nodes"]:
        yield manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]


def meta(node: Node) -> dict[str, Any]:
    return node["config"].get("meta") or {}


def models_read_from_lower_layers(manifest: Manifest) -> list[str]:
    """staging -> intermediate -> marts, core marts from no other folder of marts; aggregates of the
    intermediate layer may read core marts, and no others."""
    found = []
    for model in models(manifest):
        for parent in parents(manifest, model):
            if parent["resource_type"] != "model":
                continue
            is_core = (layer(parent), folder(parent)) == ("marts", "core")
            is_upward = LAYERS.index(layer(parent)) > LAYERS.index(layer(model)) and not (
                layer(model) == "intermediate" and is_core
            )
            is_core_from_domain = (
                (layer(model), folder(model)) == ("marts", "core")
                and layer(parent) == "marts"
                and folder(parent) != "core"
            )
            if is_upward or is_core_from_domain or layer(parent) == layer(model) == "staging":
                found.append(f"{model['name']} reads {parent['name']}, which lies above it")
    return found


def sources_are_read_in_staging_only(manifest: Manifest) -> list[str]:
    return [
        f"{model['name']} reads the raw source {parent['identifier']}: go through staging"
        for model in models(manifest)
        for parent in parents(manifest, model)
        if parent["resource_type"] == "source" and layer(model) != "staging"
    ]


def staging_and_sources_match_one_to_one(manifest: Manifest) -> list[str]:
    expected = {
        f"stg_{s['source_name']}__{s['name']}": s["unique_id"] for s in manifest["sources"].values()
    }
    staging = {m["name"]: m for m in models(manifest) if layer(m) == "staging"}
    found = [f"the source of {name} has no staging model" for name in expected.keys() - staging]
    for name, model in staging.items():
        name = name.removesuffix(PERSONS).removesuffix(ARMS)
        if name not in expected:
            found.append(f"{name} stands for no source")
        elif expected[name] not in model["depends_on"]["nodes"]:
            found.append(f"{name} does not read its source")
    return found


def names_say_layer_and_folder(manifest: Manifest) -> list[str]:
    found = []
    for model in models(manifest):
        name = model["name"]
        if not re.fullmatch(NAMES[layer(model)], name):
            found.append(f"{name} is no name for a model of {layer(model)}")
        elif layer(model) != "marts" and name.split("_")[1] != folder(model):
            found.append(f"{name} lies in folder {folder(model)}")
    return found


def each_model_has_a_yaml_of_its_name(manifest: Manifest) -> list[str]:
    found = []
    for model in models(manifest):
        sql = PurePosixPath(model["original_file_path"])
        described_in = (model.get("patch_path") or "").split("://")[-1]
        if described_in != str(sql.with_suffix(".yml")):
            found.append(f"{model['name']} is described in {described_in or 'no file'}")
    return found


def models_state_description_grain_and_owner(manifest: Manifest) -> list[str]:
    found = []
    for model in models(manifest):
        missing = [key for key in ("grain", "owner") if not meta(model).get(key)]
        if not model["description"].strip():
            missing.append("description")
        if missing:
            found.append(f"{model['name']} has no {', no '.join(missing)}")
    return found


def every_column_is_described(manifest: Manifest) -> list[str]:
    found = [f"{m['name']} describes no column" for m in models(manifest) if not m["columns"]]
    return found + [
        f"{model['name']}.{name} has no description"
        for model in models(manifest)
        for name, column in model["columns"].items()
        if not column["description"].strip()
    ]


def marts_have_an_enforced_contract(manifest: Manifest) -> list[str]:
    return [
        f"{model['name']} has no enforced contract"
        for model in models(manifest)
        if layer(model) == "marts" and not model["config"]["contract"]["enforced"]
    ]


def marts_test_their_key(manifest: Manifest) -> list[str]:
    tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") == "unique_combination"
    }
    return [
        f"{model['name']} does not test its key with unique_combination"
        for model in models(manifest)
        if layer(model) == "marts" and model["unique_id"] not in tested
    ]


def columns_have_the_type_of_their_name(manifest: Manifest) -> list[str]:
    """Money is decimal(18,2), rates decimal(18,6), months are dates, and so on."""
    found = []
    for model in models(manifest):
        for name, column in model["columns"].items():
            given = (column.get("data_type") or "").lower()
            for pattern, expected in COLUMN_TYPES.items():
                wrong = re.search(pattern, name) and given and given != expected
                if wrong and name not in SHOWN_ROUNDED:
                    found.append(f"{model['name']}.{name} is {given}, expected {expected}")
    return found


def incremental_staging_is_keyed_by_the_contract(manifest: Manifest) -> list[str]:
    found = []
    for model in models(manifest):
        if layer(model) != "staging" or model["config"]["materialized"] != "incremental":
            continue
        for source in parents(manifest, model):
            if source["resource_type"] != "source" or source["schema"] != "raw":
                continue
            key = [n for n, c in source["columns"].items() if c["config"]["meta"].get("key")]
            given = model["config"]["unique_key"]
            if given != key:
                found.append(f"{model['name']} is keyed by {given}, not {key}")
    return found


def staging_columns_say_what_their_source_says(manifest: Manifest) -> list[str]:
    found = []
    for model in models(manifest):
        for source in parents(manifest, model):
            if source["resource_type"] != "source" or source["schema"] != "raw":
                continue
            for name, column in source["columns"].items():
                staged = model["columns"].get(name)
                if staged and staged["description"] != column["description"]:
                    found.append(f"{model['name']}.{name} is described otherwise than its source")
    return found


def personal_data_is_hashed_in_staging(manifest: Manifest) -> list[str]:
    """A column marked `pii` is read in its staging model only, inside `pseudonym`."""
    personal = {
        name
        for source in manifest["sources"].values()
        for name, column in source["columns"].items()
        if column["config"]["meta"].get("pii")
    }
    found = []
    for model in models(manifest):
        if layer(model) == "marts":
            found += [f"{model['name']} shows {n}" for n in model["columns"] if _is(n, personal)]
        sql = re.sub(r"pseudonym\('\w+'\) }} as \w+_hash", "", model["raw_code"])
        found += [f"{model['name']} reads {n} in clear" for n in personal if _word(n, sql)]
    return found


def _is(column: str, personal: set[str]) -> bool:
    return column.removesuffix("_hash") in personal


def _word(name: str, sql: str) -> bool:
    return re.search(rf"\b{name}\b", sql) is not None


def models_ask_for_no_engine_and_no_environment(manifest: Manifest) -> list[str]:
    """Dialects differ in dispatched macros; an env_var in SQL would undo dbt's partial parse."""
    return [
        f"{model['name']} says {word}"
        for model in models(manifest)
        for word in ("target.", "env_var", "adapter.")
        if word in model["raw_code"]
    ]


def facts_name_the_month_they_are_rebuilt_by(manifest: Manifest) -> list[str]:
    found = []
    for model in models(manifest):
        if "touched_months(" not in model["raw_code"]:
            continue
        month = meta(model).get("month_column")
        if month not in model["columns"]:
            found.append(f"{model['name']}: meta.month_column {month} is none of its columns")
    return found


def public_models_say_who_reads_them(manifest: Manifest) -> list[str]:
    """In `meta.readers`; with a column dealer_id that is enough said."""
    return [
        f"{name} has no {DEALER_COLUMN} and does not say who reads it: give meta.readers"
        for name, model in public_models(manifest).items()
        if DEALER_COLUMN not in model["columns"] and not meta(model).get("readers")
    ]


def readers_are_understood(manifest: Manifest) -> list[str]:
    found = [
        f"{model['name']} states readers, but is not public"
        for model in models(manifest)
        if "readers" in meta(model) and model["name"] not in public_models(manifest)
    ]
    try:
        readers(public_models(manifest))
    except ReadersError as error:
        found.append(str(error))
    return found


def yaml_files_stay_short(line_counts: dict[str, int]) -> list[str]:
    """For file name -> lines; the sources are the feed contracts and may be longer."""
    return [
        f"{name} has {lines} lines, more than {MAX_YAML_LINES}: divide it"
        for name, lines in line_counts.items()
        if lines > MAX_YAML_LINES and not name.endswith("__sources.yml")
    ]


RULES: tuple[Callable[[Manifest], list[str]], ...] = (
    models_read_from_lower_layers,
    sources_are_read_in_staging_only,
    staging_and_sources_match_one_to_one,
    names_say_layer_and_folder,
    each_model_has_a_yaml_of_its_name,
    models_state_description_grain_and_owner,
    every_column_is_described,
    marts_have_an_enforced_contract,
    marts_test_their_key,
    columns_have_the_type_of_their_name,
    incremental_staging_is_keyed_by_the_contract,
    staging_columns_say_what_their_source_says,
    personal_data_is_hashed_in_staging,
    models_ask_for_no_engine_and_no_environment,
    facts_name_the_month_they_are_rebuilt_by,
    public_models_say_who_reads_them,
    readers_are_understood,
)
