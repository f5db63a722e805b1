"""Making the pages: what was published, gathered by dealer and brand, and written.

serving/reviews/<dealer_id>/<iso_year>-W<iso_week>_<brand>.html
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
from jinja2 import Environment, FileSystemLoader

from orchestration.language import Language
from orchestration.review.both import Both, each, text
from orchestration.review.charts import WIDTH, Week, charts
from orchestration.review.contracts import is_open, is_plan_missing, judged, told
from orchestration.review.figures import GROUPS, add_figures
from orchestration.review.reported import (
    COUNTED,
    is_reported,
    missing_reports,
    newest_reported,
    reported_until,
)
from orchestration.serving.reading import Publication, open_publication
from orchestration.settings import Settings, UsageError

WEEKS_SHOWN = 13
_REVIEW = "mart_weekly_review"
_FOLDERS = (Path(__file__).parent, Path(__file__).parent.parent / "doc_pages")
_WEEK = re.compile(r"(\d{4})-W(\d{1,2})")
_DEALER = re.compile(r"[A-Z0-9_-]{1,32}")

Rows = list[dict[str, Any]]
Partner = tuple[str, str]
"""dealer_id, brand_code."""


def write_pages(
    settings: Settings, dealer_id: str | None = None, iso_week: str | None = None
) -> list[Path]:
    """Write the pages of a week, of all top partners or one of them, from what was published last;
    gives their paths, sorted. Pages written before are replaced one by one.

    Args:
        dealer_id: all dealers by default.
        iso_week: such as `2025-W07`; by default the newest one that the partners have reported
            as a whole (the newest one if it is not known how far they have).

    Raises:
        UsageError: nothing was published, the week cannot be read, or the review holds nothing of
            the dealer or the week asked for.
    """
    publication = open_publication(settings)
    if publication is None:
        raise UsageError(
            f"nothing is published at {settings.serving_file}: run the warehouse first"
        )
    with closing(publication.connection):
        asked = _asked_week(iso_week)
        week = asked or _newest_reported_week(publication)
        partners = _gather(publication, week, dealer_id) if week else {}
        if not partners and (dealer_id or iso_week):
            raise UsageError(_nothing(publication, dealer_id, iso_week))
        frame = _environment().get_template("page.html")
        shared = {"foot": _foot(publication), **_named(week)} if week else {}
    written = []
    for (dealer, brand), page in sorted(partners.items()):
        path = page_path(settings, dealer, brand, week)
        _replace(path, frame.render(**shared, **page))
        written.append(path)
    return written


def page_path(settings: Settings, dealer_id: str, brand_code: str, week: Week) -> Path:
    """Where the page lies; brands are free text and are written so that they name a file.

    Raises:
        ValueError: a dealer id that no dealer can have.
    """
    if not _DEALER.fullmatch(dealer_id):
        raise ValueError(f"{dealer_id!r} is no dealer id")
    brand = quote(brand_code, safe="")
    if len(brand) > 150:  # longer than a file's name may be with the rest of it
        brand = sha256(brand.encode()).hexdigest()
    name = f"{week[0]}-W{week[1]:02}_{brand}.html"
    return settings.serving / "reviews" / dealer_id / name


def _asked_week(iso_week: str | None) -> Week | None:
    if iso_week is None:
        return None
    found = _WEEK.fullmatch(iso_week)
    try:
        year, week = (int(part) for part in found.groups()) if found else (0, 0)
        date.fromisocalendar(year, week, 1)
    except ValueError:
        raise UsageError(f"{iso_week!r} is no ISO week: write it as 2025-W07") from None
    return year, week


def _newest_week(publication: Publication) -> Week | None:
    if publication.lacks(_REVIEW):
        return None
    sql = f"select iso_year, iso_week from {_REVIEW} order by iso_year desc, iso_week desc limit 1"
    newest = publication.records(sql)[0]
    return newest["iso_year"], newest["iso_week"]


def _newest_reported_week(publication: Publication) -> Week | None:
    if publication.lacks(_REVIEW):
        return None
    held = publication.records(
        f"select distinct dealer_id, brand_code, iso_year, iso_week from {_REVIEW}"
    )
    days = reported_until(publication)
    known = [days[who] for row in held if (who := (row["dealer_id"], row["brand_code"])) in days]
    mondays = (date.fromisocalendar(row["iso_year"], row["iso_week"], 1) for row in held)
    return newest_reported(mondays, max(known, default=None)).isocalendar()[:2]


def _nothing(publication: Publication, dealer_id: str | None, iso_week: str | None) -> str:
    of = " ".join(
        filter(None, [dealer_id and f"dealer {dealer_id}", iso_week and f"week {iso_week}"])
    )
    newest = _newest_week(publication)
    held = f"the newest week is {newest[0]}-W{newest[1]:02}" if newest else "there is none at all"
    return (
        f"{_REVIEW} holds nothing of {of}: {held}, and only top partners have a weekly review "
        "(is_top_partner of the dealer list)"
    )


def _gather(
    publication: Publication, week: Week, dealer_id: str | None
) -> dict[Partner, dict[str, Any]]:
    """What the page of each partner shows."""
    monday = date.fromisocalendar(*week, 1)
    weeks = [
        (monday - timedelta(weeks=ago)).isocalendar()[:2] for ago in reversed(range(WEEKS_SHOWN))
    ]
    read = _Reader(publication, dealer_id)
    found = read(
        _REVIEW,
        "100 * iso_year + iso_week between $first and $last",
        first=100 * weeks[0][0] + weeks[0][1],
        last=100 * week[0] + week[1],
    )
    now = [row for row in found if (row["iso_year"], row["iso_week"]) == week]
    if not now:
        return {}
    shown = _by_partner(add_figures(pd.DataFrame(now, dtype=object)).to_dict("records"))
    history = _by_partner(found)
    until = monday + timedelta(days=6)
    dealers = _by_partner(read("dim_dealer"))
    dialogue = _by_partner(read("mart_dialogue_discipline"))
    escalations = _by_partner(
        read("mart_escalations", "quarter_start + interval 3 month <= $until", until=until)
    )
    actions = _by_partner(
        read(
            "fct_action",
            "raised_on <= $until and (done_on is null or done_on > $until)",
            until=until,
        )
    )
    has_actions = not publication.lacks("fct_action")
    reported = reported_until(publication)
    for partner, rows in shown.items():
        if not is_reported(monday, reported.get(partner)):
            for row in rows:
                row["verdict"] = 0 if row["finding_code"] in COUNTED else row["verdict"]
    return {
        partner: {
            **_who(partner, dealers.get(partner, [])),
            "groups": _groups(rows, weeks, history[partner]),
            "rows": _in_order(rows),
            "dialogue": dialogue_kept(dialogue.get(partner, [])),
            "actions": _actions(actions.get(partner, []), until) if has_actions else None,
            "contracts": _contracts(escalations.get(partner, []), until),
            "missing_reports": _missing_reports(monday, reported.get(partner)),
            "width": WIDTH,
        }
        for partner, rows in shown.items()
    }


class _Reader:
    """Rows of published tables, of one dealer or all; a table that is not there has none."""

    def __init__(self, publication: Publication, dealer_id: str | None) -> None:
        self._publication = publication
        self._dealer_id = dealer_id

    def __call__(self, table: str, condition: str = "true", **parameters: Any) -> Rows:
        if self._publication.lacks(table):
            return []
        if self._dealer_id is not None:
            condition += " and dealer_id = $dealer_id"
            parameters["dealer_id"] = self._dealer_id
        sql = f"select * from {table} where {condition}"
        return self._publication.records(sql, **parameters)


def _by_partner(rows: Iterable[dict[str, Any]]) -> dict[Partner, Rows]:
    found: dict[Partner, Rows] = defaultdict(list)
    for row in rows:
        found[row["dealer_id"], row["brand_code"]].append(row)
    return found


def _who(partner: Partner, dealers: Rows) -> dict[str, Any]:
    dealer_id, brand = partner
    dealer = dealers[0] if dealers else {}
    group = dealer.get("peer_group")
    key = "review_for_group" if group else "review_for"
    return {
        "dealer_name": dealer.get("dealer_name") or dealer_id,
        "brand": brand,
        "whose": text(key, dealer_id=dealer_id, brand=brand, group=group),
    }


def _in_order(rows: Rows) -> Rows:
    order = [finding for findings in GROUPS.values() for finding in findings]
    return sorted(rows, key=lambda row: order.index(row["finding_code"]))


def _groups(rows: Rows, weeks: list[Week], history: Rows) -> list[dict[str, Any]]:
    """The parts of the page: sentences and charts."""
    figures = {
        (row["finding_code"], (row["iso_year"], row["iso_week"])): (
            row["value"],
            row["comparison_value"],
        )
        for row in history
    }
    return [
        {
            "code": group,
            "title": text(f"review_group_{group}"),
            "sentences": [
                {
                    "text": Both((row["finding_text_de"], row["finding_text_en"])),
                    "verdict": row["verdict"],
                }
                for row in _in_order([r for r in rows if r["finding_code"] in findings])
            ],
            "charts": charts(group, weeks, figures),
        }
        for group, findings in GROUPS.items()
    ]


def dialogue_kept(rows: Rows) -> Both | None:
    """How the talks of the last weeks were kept, of the newest row of `mart_dialogue_discipline`;
    None where none was due. A dealer's page says it, too."""
    if not rows or not rows[0]["weeks_due"]:
        return None
    row = rows[0]
    return text(
        "review_dialogue",
        met=row["weeks_met"],
        due=row["weeks_due"],
        rate=each(lambda say: say.percent(row["met_rate"])),
        decision=each(lambda say: say.exact(row["median_days_to_decision"])),
        done=each(lambda say: say.exact(row["median_days_to_done"])),
        oem=row["overdue_oem"],
        partner=row["overdue_partner"],
    )


def _actions(rows: Rows, until: date) -> Rows:
    """Open actions, the one that is due first at the top, those without a day at the end."""
    ordered = sorted(rows, key=lambda r: (r["due_on"] or date.max, r["raised_on"], r["action_id"]))
    return [
        {
            "title": row["title"],
            "owner": each(lambda say, owner=row["owner"]: say.code_text("side", owner)),
            "is_overdue": row["due_on"] is not None and row["due_on"] < until,
            "decided": each(lambda say, day=row["decided_on"]: _day_or_open(say, day)),
            **{
                name: each(lambda say, day=row[f"{name}_on"]: say.day(day))
                for name in ("raised", "due")
            },
        }
        for row in ordered
    ]


def _day_or_open(say: Language, day: date | None) -> str:
    return say("review_undecided") if day is None else say.day(day)


def _missing_reports(monday: date, until: date | None) -> Both | None:
    said = each(lambda say: missing_reports(say, monday, until))
    return said if all(said.texts) else None


def _contracts(rows: Rows, until: date) -> Rows:
    return [_contract(row, until) for row in judged(rows, until)]


def _contract(row: Mapping[str, Any], until: date) -> dict[str, Any]:
    start = row["quarter_start"]
    days = {
        name: each(lambda say, day=row[f"{name}_on"]: say.day(day))
        for name in ("opened", "closed", "due")
    }
    return {
        "contract_id": row["contract_id"],
        "quarter": text("review_quarter_of", quarter=(start.month + 2) // 3, year=start.year),
        "score": each(lambda say: say.number(row["score_mean"], 2)),
        "benchmark": each(lambda say: say.number(row["benchmark_score"], 2)),
        "is_breach": row["is_breach"],
        "breaches": row["breaches_in_row"],
        "level": row["level"],
        "is_open": is_open(row),
        "status": text(f"escalation_{row['status']}", opened=days["opened"], closed=days["closed"]),
        "due": days["due"],
        "is_overdue": is_plan_missing(row, until),
        "told": each(lambda say: told(say, row, until)),
    }


def _named(week: Week) -> dict[str, Any]:
    monday = date.fromisocalendar(*week, 1)
    return {
        "week": text(
            "review_week",
            week=week[1],
            year=week[0],
            first=each(lambda say: say.day(monday)),
            last=each(lambda say: say.day(monday + timedelta(days=6))),
        ),
        "short_week": text("review_short_week", week=week[1]),
        "week_name": f"{week[0]}-W{week[1]:02}",
    }


def _foot(publication: Publication) -> Both:
    made = publication.records("select * from _publication")[0]
    return text(
        "review_foot",
        as_of=each(lambda say: say.instant(made["as_of"])),
        published_at=each(lambda say: say.instant(made["published_at"])),
        version=made["code_version"],
    )


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(_FOLDERS), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    pages.globals["t"] = text
    return pages


def _replace(path: Path, html: str) -> None:
    """Put the page in place by rename: a reader sees the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{os.getpid()}.tmp")
    made.write_text(html, encoding="utf-8")
    made.replace(path)
