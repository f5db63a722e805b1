"""The catalog of quality rules as a page for those who deliver: `serving/docs/rules.html`.

German and English at once, the reader chooses. What a rule says comes from the rule, how the
network keeps it from what was published last. What belongs here: gathering and words. What does
not: the rules (`expectations`), results of the last check (`docs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import Environment

from orchestration.checks.rule_texts import RuleEntry, rule_entries
from orchestration.ingestion.contract import load_contracts
from orchestration.review.both import Both, each, text
from orchestration.serving.reading import Publication, open_publication
from orchestration.settings import Settings

_BOOKS = "lake__"
_OF_DEALERS = "dealer__"
_MEASURED, _COURSES = "mart_data_quality", "mart_academy_effect"


@dataclass(frozen=True)
class _Shown:
    """A rule as the page shows it. Facts are what, how much, and the mark that it gets (`good`,
    `bad` or none)."""

    code: str
    feed: str
    description: Both
    reason: Both
    remedy: Both
    facts: list[tuple[Both, Both, str]]


def render_rules(pages: Environment, settings: Settings) -> str:
    """The page as HTML. Without a publication it has no figures of the network and no courses."""
    publication = open_publication(settings)
    rates = _rates(publication)
    courses = _courses(publication)
    groups = [
        {
            "anchor": name,
            "title": text(f"rules_of_{name}"),
            "intro": text(f"rules_of_{name}_intro"),
            "feeds": _by_feed(
                [_shown(entry, rates, courses) for entry in rule_entries() if _group(entry) == name]
            ),
        }
        for name in ("dealers", "files", "others")
    ]
    return pages.get_template("rules.html").render(root="", here="rules", groups=groups)


def _group(entry: RuleEntry) -> str:
    if entry.feed.startswith(_OF_DEALERS):
        return "dealers"
    return "files" if entry.feed.startswith(_BOOKS) else "others"


def _by_feed(rules: list[_Shown]) -> list[dict[str, Any]]:
    known = {rule.feed for rule in rules}
    feeds = [*(f for f in load_contracts() if f in known), *sorted(known - set(load_contracts()))]
    of_feed = {feed: [rule for rule in rules if rule.feed == feed] for feed in feeds}
    return [
        {"name": feed, "count": text("rules_count", count=len(found)), "rules": found}
        for feed, found in of_feed.items()
    ]


def _shown(
    entry: RuleEntry, rates: dict[str, tuple[date, int, int]], courses: dict[str, list[str]]
) -> _Shown:
    taught = ", ".join(courses.get(entry.dimension, []))
    facts = [
        (text("rules_dimension"), text(f"dimension_{entry.dimension}"), ""),
        (text("rules_severity"), text(f"rules_severity_{entry.severity}"), ""),
        (text("rules_gate"), _threshold(entry.mostly), ""),
        (text("rules_target"), _threshold(entry.target_rate), ""),
        _of_network(entry, rates.get(entry.rule_code)),
        (text("rules_courses"), Both((taught, taught)) if taught else text("rules_no_course"), ""),
    ]
    return _Shown(
        code=entry.rule_code,
        feed=entry.feed,
        description=Both((entry.description_de or entry.description, entry.description)),
        reason=Both((entry.reason_de or entry.reason, entry.reason)),
        remedy=Both((entry.remedy_de or entry.remedy, entry.remedy)),
        facts=facts,
    )


def _of_network(entry: RuleEntry, measured: tuple[date, int, int] | None) -> tuple[Both, Both, str]:
    if measured is None:
        why = "rules_nothing_measured" if entry.is_measured_per_dealer else "rules_unmeasured"
        return text("rules_network_rate"), text(why), ""
    month, passed, checked = measured
    title = each(lambda say: say("rules_network_rate_of", month=say.month(month)))
    rate = each(lambda say: say.percent(Decimal(passed) / checked, 2))
    return title, rate, "bad" if passed < checked * entry.target_rate else "good"


def _threshold(rate: Decimal) -> Both:
    """With as many digits as it has."""
    digits = max(0, -int((rate * 100).normalize().as_tuple().exponent))
    return each(lambda say: say.percent(rate, digits))


def _rates(publication: Publication | None) -> dict[str, tuple[date, int, int]]:
    """Rule -> the newest month in which it was measured, and how many of the network's rows passed
    then, of how many."""
    if publication is None or publication.lacks(_MEASURED):
        return {}
    found = publication.records(f"""
        select
            rule_code, month, cast(sum(passed_rows) as bigint) as passed,
            cast(sum(checked_rows) as bigint) as checked
        from {_MEASURED}
        group by rule_code, month
        qualify row_number() over (partition by rule_code order by month desc) = 1
    """)
    return {row["rule_code"]: (row["month"], row["passed"], row["checked"]) for row in found}


def _courses(publication: Publication | None) -> dict[str, list[str]]:
    """Dimension -> the courses that teach it."""
    if publication is None or publication.lacks(_COURSES):
        return {}
    found: dict[str, list[str]] = {}
    for row in publication.records(
        f"select quality_dimension, course_code, course_name from {_COURSES} order by course_code"
    ):
        name = f"{row['course_name']} ({row['course_code']})"
        found.setdefault(row["quality_dimension"], []).append(name)
    return found
