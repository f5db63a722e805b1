"""The score on a dealer's page: what it is, what makes it, what to do first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from notebooks import points
from orchestration.review.both import Both, each, text
from orchestration.serving import share_charts
from orchestration.serving.share_reader import Row, Share
from orchestration.serving.share_words import (
    code,
    kpi_name,
    kpi_value,
    listed,
    month,
    number,
    percent,
    rich,
)

_MONTHS = 24
_FIRST = 5
"""Things to do that are named."""

_HISTORY = """
select * from mart_partner_scorecard
where dealer_id = $dealer_id and brand_code = $brand_code
order by score_month
"""

_MEDIANS = """
select quarter_start, q50
from mart_performance_benchmark
where brand_code = $brand_code and peer_group = $peer_group and kpi_code = 'SCORE'
"""


def score(share: Share, brand: str) -> dict[str, Any] | None:
    """The newest month with a score (else the newest month); None without any month."""
    if not share.holds("score"):
        return None
    history = share.rows(_HISTORY, brand_code=brand)
    if not history:
        return None
    card = next((r for r in reversed(history) if r["score"] is not None), history[-1])
    key = {"brand_code": brand, "score_month": card["score_month"]}
    points.prepare(share.publication)
    kpis = share.rows(points.KPIS_OF_MONTH, **key)
    steps = share.rows(points.NEXT_STEPS, **key, steps=points.steps_parameter())
    return {
        "title": text("share_score_of", month=month(card["score_month"])),
        "is_missing": card["score"] is None,
        "tiles": _tiles(card),
        "chart": _chart(share, brand, history[-_MONTHS:], card["peer_group"]),
        "kpis": [_kpi(row) for row in kpis],
        "first": _first(kpis, steps),
        "now": _now(card, kpis),
    }


def _tiles(card: Row) -> list[tuple[Both, Both, Both]]:
    change, rank = card["score_change"], card["score_rank"]
    sides = (card["oem_side_attainment"], card["partner_side_attainment"])
    gap = None if card["goal_divergence"] is None else number(100 * card["goal_divergence"], 1)
    return [
        (
            text("score"),
            number(card["score"], 2),
            text("tile_no_change")
            if change is None
            else text("tile_change", change=number(change, 2, is_signed=True)),
        ),
        (
            text("rank"),
            number(None) if rank is None else text("of", part=rank, whole=card["peer_count"]),
            text("tile_group", group=card["peer_group"] or "–"),
        ),
        (
            text("tile_kpis"),
            text("of", part=card["kpi_count"] - card["missing_count"], whole=card["kpi_count"]),
            text("tile_missing", count=card["missing_count"]),
        ),
        (
            text("tile_sides"),
            each(lambda say: " / ".join(say.percent(side, 0) for side in sides)),
            text("tile_no_sides")
            if gap is None
            else text("tile_diverging" if card["is_diverging"] else "tile_together", gap=gap),
        ),
    ]


def _chart(share: Share, brand: str, history: list[Row], group: str | None) -> Any:
    medians = {
        row["quarter_start"]: row["q50"]
        for row in share.rows(_MEDIANS, brand_code=brand, peer_group=group)
    }
    months = [row["score_month"] for row in history]
    return share_charts.lines(
        months,
        [row["score"] for row in history],
        [medians.get(_quarter(month)) for month in months],
        lambda value: number(value, 1),
    )


def _quarter(month: date) -> date:
    return month.replace(month=(month.month - 1) // 3 * 3 + 1)


def _kpi(row: Row) -> dict[str, Any]:
    lost = row["lost_hundredths"]
    clipped = row["clipped_attainment"]
    state = None
    if row["missing_reason"] is not None:
        words = [code("reason", row["missing_reason"]), code("policy", row["missing_policy"])]
        state = listed(words)
    return {
        "name": kpi_name(row),
        "base": text(
            "share_kpi_base",
            count=number(row["sample_count"]),
            side=code("side", row["owner_side"]),
        ),
        "actual": kpi_value(row["actual_value"], row["unit"]),
        "target": kpi_value(row["target_value"], row["unit"]),
        "attainment": percent(clipped),
        # a bar is full at the target; what lies above it looks the same
        "share": 0 if clipped is None else round(float(min(max(clipped, 0), 1)) * 100, 1),
        "is_met": clipped is not None and clipped >= 1,
        "points": number(row["points"], 2),
        "weight": text("share_kpi_points_of", weight=number(row["weight"], 1)),
        "effect": None
        if not lost
        else text(
            "share_kpi_lost" if lost > 0 else "share_kpi_gain",
            points=number(Decimal(abs(lost)) / 100, 2),
        ),
        "kind": "" if not lost else "bad" if lost > 0 else "good",
        "state": state,
    }


def _first(kpis: list[Row], steps: list[Row]) -> list[Both]:
    """What to do first, as sentences."""
    missing = [
        rich(
            "first_missing_zero",
            kpi=kpi_name(row),
            reason=code("reason", row["missing_reason"]),
            lost=number(Decimal(row["lost_hundredths"]) / 100, 2),
            remedy=text(
                f"remedy_{row['missing_reason']}",
                count=number(row["sample_count"]),
                least=number(row["min_sample"]),
            ),
        )
        for row in kpis
        if row["lost_hundredths"] is not None and row["status"] == "MISSING"
    ]
    better = [
        rich(
            "first_item" if row["points_of_a_step"] > 0 else "first_below_floor",
            kpi=kpi_name(row),
            actual=kpi_value(row["actual_value"], row["unit"]),
            target=kpi_value(row["target_value"], row["unit"]),
            lost=number(Decimal(row["lost_hundredths"]) / 100, 2),
            side=code("side", row["owner_side"]),
            step=_step(row),
            gain=number(row["points_of_a_step"], 2),
            count=number(row["steps_to_target"]),
        )
        for row in steps
    ]
    return (missing + better)[:_FIRST]


def _step(row: Row) -> Both:
    """What one step better is; a comma at its end leads on to the sentence's verb, where it has
    one."""
    words = text(f"step_{row['kpi_code']}" if row["is_known_step"] else "step")
    if row["points_of_a_step"] > 0:
        return words
    return Both(tuple(said.rstrip(",") for said in words.texts))


def _now(card: Row, kpis: list[Row]) -> list[tuple[str, Both]]:
    """What of it belongs to the top of the page: (how grave, sentence)."""
    found = []
    costly = [row for row in kpis if (row["lost_hundredths"] or 0) > 0]
    if card["score"] is not None and costly:
        found.append(
            (
                "none",
                rich(
                    "share_now_first",
                    score=number(card["score"], 2),
                    kpi=kpi_name(costly[0]),
                    lost=number(Decimal(costly[0]["lost_hundredths"]) / 100, 2),
                ),
            )
        )
    missing = [kpi_name(row) for row in kpis if row["missing_reason"] == "NO_DATA"]
    if missing:
        found.append(("warn", rich("share_now_missing", names=listed(missing))))
    return found
