"""Bringing a dashboard that was changed in Superset back into the files of `dashboard/`.

What the files leave out (see bundle.py) is taken out of Superset's export again; what Superset adds
by itself (ids, empty settings, the question saved with a chart) as well. A dashboard that nobody
changed comes back as the files stand.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import yaml

from notebooks.superset.bundle import SERVING_FILE, Source, bundle, dump
from notebooks.superset.home import Home
from notebooks.superset.install import InstallError, application

_ORDER = {
    "datasets": ("table_name", "description", "main_dttm_col", "sql", "metrics", "columns"),
    "charts": ("slice_name", "description", "viz_type", "params"),
    "dashboards": ("dashboard_title", "description", "slug", "published", "position", "metadata"),
}
_END = ("uuid", "version", "dataset_uuid")
_FOUND_ANEW = {"database_uuid", "query_context", "schema", "catalog", "theme_uuid"}
_OF_A_CHART = {"viz_type", "datasource", "slice_id", "dashboards", "url_params", "extra_form_data"}
_OF_A_DASHBOARD = {
    "chart_configuration",
    "color_scheme_domain",
    "default_filters",
    "global_chart_configuration",
    "map_label_colors",
    "native_filter_configuration",
    "shared_label_colors",
    "show_native_filters",
}


def export(home: Home, serving_file: Path, source: Source | None = None) -> list[str]:
    """Write the English dashboard over the serving file into the files; gives those that changed.

    Raises:
        InstallError: the dashboard is not in Superset.
    """
    source = source or Source()
    with application(home):
        exported = _exported(source)
    made = files(exported, source, serving_file)
    changed = []
    for name, config in made.items():
        if config == source.files.get(name):
            continue
        path = source.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(config), encoding="utf-8")
        changed.append(name)
    for name in sorted(set(source.files) - set(made)):
        if not name.startswith("databases/"):
            (source.folder / name).unlink()
            changed.append(f"{name} (removed)")
    return changed


def _exported(source: Source) -> dict[str, dict[str, Any]]:
    """Superset's export of the dashboard and all that it shows, by path."""
    from superset import db, security_manager
    from superset.commands.dashboard.export import ExportDashboardsCommand
    from superset.models.dashboard import Dashboard
    from superset.utils.core import override_user

    from notebooks.superset.home import ADMIN

    (stated,) = source.of("dashboards").values()
    found = db.session.query(Dashboard).filter_by(uuid=stated["uuid"]).one_or_none()
    if found is None:
        raise InstallError("the dashboard is not in Superset: install it first")
    with override_user(security_manager.find_user(ADMIN)):
        return {
            name: yaml.safe_load(content())
            for name, content in ExportDashboardsCommand([found.id]).run()
        }


def files(
    exported: dict[str, dict[str, Any]], source: Source, serving_file: Path
) -> dict[str, dict[str, Any]]:
    """The files (path -> content) that an export of Superset stands for."""
    installed = {
        config["uuid"]: config
        for config in map(yaml.safe_load, bundle(serving_file, {SERVING_FILE: ""}, source).values())
        if "uuid" in config
    }
    stated = {config["uuid"]: (name, config) for name, config in source.files.items()}
    paths: dict[str, str] = {}
    made: dict[str, dict[str, Any]] = {}
    for kind, taken in (("datasets", _dataset), ("charts", _chart), ("dashboards", _dashboard)):
        for name, config in sorted(exported.items()):
            if not name.startswith(f"{kind}/"):
                continue
            known_path, known = stated.get(config["uuid"], (None, {}))
            path = known_path or _path(kind, config, paths)
            paths[config["uuid"]] = path
            config = taken(copy.deepcopy(config), known, installed.get(config["uuid"], {}))
            made[path] = _ordered(kind, _without_defaults(config, known), known)
    return made


def _path(kind: str, config: dict[str, Any], paths: dict[str, str]) -> str:
    """Where something new goes: charts beside those of the same dataset."""
    title = config.get("slice_name") or config.get("table_name") or config["dashboard_title"]
    stem = re.sub(r"\W+", "_", title.lower()).strip("_")
    if kind != "charts":
        return f"{kind}/{stem}.yaml"
    dataset = Path(paths.get(config["dataset_uuid"], "other")).stem
    return f"charts/{dataset}/{stem}.yaml"


def _dataset(
    config: dict[str, Any], known: dict[str, Any], installed: dict[str, Any]
) -> dict[str, Any]:
    def own(kind: str, key: str) -> list[dict[str, Any]]:
        """Of each column or metric what was not filled in at the import."""
        stated = {item[key]: item for item in known.get(kind, [])}
        filled = {item[key]: item for item in installed.get(kind, [])}
        kept = []
        for item in config[kind]:
            name = item[key]
            mine = {
                field: value
                for field, value in item.items()
                if field == key
                or field in stated.get(name, {})
                or (value is not None and value != filled.get(name, {}).get(field))
            }
            mine = _without_defaults(mine, stated.get(name, {}))
            if len(mine) > 1 or kind == "metrics":
                kept.append(_as_stated(mine, stated.get(name, {})))
        places = {name: place for place, name in enumerate(stated)}
        return sorted(kept, key=lambda item: places.get(item[key], len(places)))

    lists = {
        "metrics": own("metrics", "metric_name"),
        "columns": own("columns", "column_name"),
    }
    return {
        field: lists.get(field, value)
        for field, value in config.items()
        if field in known or field in lists or value != installed.get(field)
    }


def _chart(
    config: dict[str, Any], known: dict[str, Any], installed: dict[str, Any]
) -> dict[str, Any]:
    params = {
        setting: value
        for setting, value in config["params"].items()
        if setting not in _OF_A_CHART and (setting, value) != ("annotation_layers", [])
    }
    config["params"] = _as_stated(params, known.get("params", {}))
    return config


def _dashboard(
    config: dict[str, Any], known: dict[str, Any], installed: dict[str, Any]
) -> dict[str, Any]:
    """Charts are numbered as in the files, new ones behind them."""
    position = {k: v for k, v in config["position"].items() if v is not None}
    stated = {
        node["meta"]["uuid"]: node["meta"]["chartId"]
        for node in known.get("position", {}).values()
        if isinstance(node, dict) and "uuid" in node.get("meta", {})
    }
    numbers: dict[int, int] = {}
    for node in position.values():
        if isinstance(node, dict) and "uuid" in node.get("meta", {}):
            meta = node["meta"]
            number = stated.setdefault(meta["uuid"], max(stated.values(), default=0) + 1)
            numbers[meta["chartId"]] = number
            meta["chartId"] = number
    metadata = {k: v for k, v in config["metadata"].items() if k not in _OF_A_DASHBOARD}
    filters = config["metadata"].get("native_filter_configuration", [])
    for chosen in filters:
        chosen.pop("chartsInScope", None)
        chosen.pop("tabsInScope", None)
        excluded = chosen["scope"]["excluded"]
        chosen["scope"]["excluded"] = sorted(numbers[i] for i in excluded if i in numbers)
    metadata["native_filter_configuration"] = filters
    config["position"] = _as_stated(position, known.get("position", {}))
    config["metadata"] = _as_stated(metadata, known.get("metadata", {}))
    return config


def _without_defaults(config: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """Without what Superset writes although nobody said it."""
    empty = (None, "", False, 0, {}, [])
    return {
        field: value
        for field, value in config.items()
        if field in known or (field not in _FOUND_ANEW and value not in empty)
    }


def _as_stated(config: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """In the order of the files, new things behind."""
    places = {name: place for place, name in enumerate(known)}
    return dict(sorted(config.items(), key=lambda item: places.get(item[0], len(places))))


def _ordered(kind: str, config: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    if known:
        return _as_stated(config, known)
    first = {name: config[name] for name in _ORDER[kind] if name in config}
    last = {name: config[name] for name in _END if name in config}
    return {**first, **{k: v for k, v in config.items() if k not in last}, **last}
