"""The loop of the quality rules: stated once, measured over every load, seen everywhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from expectations import dealer, registry
from orchestration.checks.gate import run_feed_gate
from orchestration.checks.pass_rates import count_passes
from orchestration.checks.rule_texts import write_rule_texts
from orchestration.docs import page_templates
from orchestration.ingestion.load import load_deliveries
from orchestration.rule_page import render_rules
from orchestration.sample import generate
from orchestration.settings import Settings
from tests.support.warehouse import build, fetch, new_settings
from tests.unit.checks.small_lake import SmallLake, lead, network

CODE = "LEAD_REACHABLE"
_STAMP = re.compile(r"_(\d{6})\d\d(T\d+)?\.")


@dataclass(frozen=True)
class Seen:
    """What the rule looks like where people meet it."""

    gate_holds: bool
    gate_needs: float
    mart_target: Decimal
    mart_is_below: bool
    mart_rows: tuple[int, int]
    catalog_needs: Decimal
    catalog_target: Decimal
    page_needs: str
    page_target: str


def look(settings: Settings) -> Seen:
    """Gate, measure, build and render, as a run does."""
    (judged,) = [r for r in run_feed_gate(settings, ["dealer__leads"]).results if r.code == CODE]
    count_passes(settings)
    write_rule_texts(settings)
    build(
        settings,
        *("build", "--select", "+mart_data_quality", "+dim_quality_rule"),
        *("--exclude", "resource_type:test", "resource_type:unit_test"),
    )
    of_rule = f"where rule_code = '{CODE}'"
    (measured,) = fetch(settings, f"select * from marts.mart_data_quality {of_rule}")
    (listed,) = fetch(settings, f"select * from marts.dim_quality_rule {of_rule}")
    page = render_rules(page_templates(), settings)
    (article,) = re.findall(rf'<article class="rule" id="{CODE}">(.*?)</article>', page, re.S)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", article))
    return Seen(
        gate_holds=judged.success,
        gate_needs=judged.mostly,
        mart_target=measured["target_rate"],
        mart_is_below=measured["is_below_target"],
        mart_rows=(measured["checked_rows"], measured["passed_rows"]),
        catalog_needs=listed["gate_rate"],
        catalog_target=listed["target_rate"],
        page_needs=re.search(r"Needed on delivery (?:\S+ )*?(\S+%)", said)[1],
        page_target=re.search(r"Target of the academy (?:\S+ )*?(\S+%)", said)[1],
    )


def test_a_threshold_that_changes_in_its_one_place_changes_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = network(SmallLake(tmp_path))
    leads = [lead(lead_id=f"L{n}", customer_email=f"{n}@example.org") for n in range(20)]
    leads[0]["customer_email"] = leads[1]["customer_email"] = None
    small.deliver("dealer__leads", *leads, sender="D0001")

    assert look(small.settings) == Seen(
        gate_holds=True,
        gate_needs=0.9,
        mart_target=Decimal("0.95"),
        mart_is_below=True,
        mart_rows=(20, 18),
        catalog_needs=Decimal("0.9"),
        catalog_target=Decimal("0.95"),
        page_needs="90%",
        page_target="95%",
    )

    assert look_with(small, monkeypatch, mostly=0.925, target_rate=0.96) == Seen(
        gate_holds=False,
        gate_needs=0.925,
        mart_target=Decimal("0.96"),
        mart_is_below=True,
        mart_rows=(20, 18),
        catalog_needs=Decimal("0.925"),
        catalog_target=Decimal("0.96"),
        page_needs="92.5%",
        page_target="96%",
    )
    assert look_with(small, monkeypatch, mostly=0.85, target_rate=0.9) == Seen(
        gate_holds=True,
        gate_needs=0.85,
        mart_target=Decimal("0.9"),
        mart_is_below=False,
        mart_rows=(20, 18),
        catalog_needs=Decimal("0.85"),
        catalog_target=Decimal("0.9"),
        page_needs="85%",
        page_target="90%",
    )


def look_with(small: SmallLake, monkeypatch: pytest.MonkeyPatch, **thresholds: float) -> Seen:
    """What is seen everywhere with other thresholds in the rule's one place."""
    changed = tuple(
        replace(rule, **thresholds) if rule.code == CODE else rule for rule in dealer.RULES
    )
    assert changed != dealer.RULES
    with monkeypatch.context() as editing:
        editing.setattr(dealer, "RULES", changed)
        registry._collected.cache_clear()
        try:
            return look(small.settings)
        finally:
            registry._collected.cache_clear()


# -- measured load by load --------------------------------------------------------------------


def loads(extracts: Path, target: Path, months: int) -> Iterator[None]:
    """Deliver a sample a few months at a time, what bears no month first."""
    files = [path for path in sorted(extracts.rglob("*")) if path.is_file()]
    found = {path: _STAMP.search(path.name) for path in files}
    stamps = sorted({match[1] for match in found.values() if match})
    for first in range(0, len(stamps), months):
        last = stamps[: first + months][-1]
        for path, match in found.items():
            copied = target / path.relative_to(extracts)
            if not copied.exists() and (match is None or match[1] <= last):
                copied.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copied)
        yield


def counts(settings: Settings) -> dict[str, list[dict]]:
    folder = settings.computed / "quality_counts"
    return {path.stem: pq.ParquetFile(path).read().to_pylist() for path in folder.glob("*.parquet")}


def resend(settings: Settings, feed: str, stamp: str, kept: str) -> None:
    """Deliver the newest list of a feed again, with only the rows for which `kept` holds."""
    raw = settings.raw / feed / "*.parquet"
    target = settings.extracts / feed / f"oem_{stamp}.csv"
    with duckdb.connect() as connection:
        connection.execute(f"""
            copy (
                select columns(c -> not starts_with(c, '_')) from read_parquet('{raw}')
                where _delivered_at = (select max(_delivered_at) from read_parquet('{raw}'))
                    and ({kept})
            ) to '{target}' (header)
        """)


def test_what_is_measured_load_by_load_is_what_is_measured_at_once(tmp_path: Path) -> None:
    """With lists of dealers and models that change on the way, and files that come late."""
    extracts = tmp_path / "sample"
    generate(extracts, dealers=5, months=7, scale=0.3, seed=11)
    settings = new_settings(tmp_path)
    counted, last = [], {}
    for _ in loads(extracts, settings.extracts, months=2):
        load_deliveries(settings)
        counted.append(count_passes(settings))
        last = counts(settings)
    late = settings.extracts / "dealer__leads"
    (file, *_) = [path for path in sorted(late.iterdir()) if path.suffix == ".csv"]
    text = file.read_bytes()
    stamp = _STAMP.search(file.name)
    file.with_name(file.name.replace(stamp[0], f"_{stamp[1]}28T2359.")).write_bytes(text + b"\n")
    load_deliveries(settings)
    counted.append(count_passes(settings))

    assert counted[-1]["dealer__vehicle_events"] == 0
    assert counted[-1]["dealer__leads"] == 1
    resend(settings, "oem__dealers", "20260201", "dealer_id <> 'D0001'")
    resend(settings, "oem__vehicle_models", "20260201", "powertrain_code <> 'BEV'")
    load_deliveries(settings)
    counted.append(count_passes(settings))

    assert counted[-1]["dealer__vehicle_events"] > 6
    now = counts(settings)
    assert {feed for feed, rows in now.items() if rows != last[feed]} >= {
        *("dealer__vehicle_events", "dealer__leads", "dealer__surveys", "dealer__stock"),
    }
    count_passes(replace(settings, full_refresh=True))
    assert counts(settings) == now
    rows = [row for of_feed in now.values() for row in of_feed]
    assert len({row["rule_code"] for row in rows}) > 90
    assert any(row["passed_rows"] < row["checked_rows"] for row in rows)
    unknown = [
        r for r in rows if (r["dealer_id"], r["rule_code"]) == ("D0001", "EVENT_DEALER_KNOWN")
    ]
    assert unknown and sum(row["passed_rows"] for row in unknown) == 0
