"""The facts behind a statement, a line or a posting, as dicts of the marts' own values."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow.parquet as pq

from orchestration.ingestion import lake
from orchestration.ingestion.contract import load_contracts
from orchestration.serving.reading import Publication, open_publication
from orchestration.settings import Settings, UsageError

EVENTS_FEED = "dealer__vehicle_events"
"""The feed that every unit comes from."""

_SHORTEST = 6
"""Characters of an id that must be given, if not all."""


class NotExplained(UsageError):
    """There is nothing to explain; the message says why, and the remedy."""


@dataclass
class Chain:
    """What leads from a figure down to delivered rows.

    `kind` is STATEMENT, LINE or POSTING, what was asked for; of a line only that one stands in
    `lines`. `removals` are the units that no longer count. Rows have the columns of the marts of
    their names; a line also has `event`, what `fct_vehicle_event` says of it today, and
    `delivered`, the columns of its row as they were delivered.
    """

    kind: str
    asked: str
    statement: dict[str, Any]
    dealer: dict[str, Any]
    program: dict[str, Any]
    tiers: list[dict[str, Any]]
    targets: list[dict[str, Any]]
    postings: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    removals: list[dict[str, Any]]
    posting: dict[str, Any] | None = None
    line_count: int = 0
    line_total_eur: Any = None
    kpi_names: dict[str, dict[str, str]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def open_incentives(settings: Settings) -> Publication:
    """What was published last.

    Raises:
        NotExplained: nothing was published, or it holds no incentives.
    """
    publication = open_publication(settings)
    if publication is None:
        raise NotExplained(
            f"nothing is published at {settings.serving_file}: run `partnerdw run` first"
        )
    if publication.lacks("mart_incentive_statement"):
        raise NotExplained(
            f"{settings.serving_file} holds no incentive statement: it needs programmes, tiers and "
            "vehicle events, see the feeds oem__incentive_programs and oem__incentive_tiers"
        )
    return publication


def list_statements(
    publication: Publication, dealer_id: str | None = None, limit: int = 20
) -> list[dict[str, Any]]:
    """The newest statements with an amount, the largest first, of all dealers or of one."""
    return publication.records(
        """
        select statement_id, dealer_id, brand_code, program_id, period_start, status,
            entitlement_eur, posted_eur
        from mart_incentive_statement
        where ($dealer_id is null or dealer_id = $dealer_id)
            and (entitlement_eur <> 0 or posted_eur <> 0)
        order by period_start desc, entitlement_eur desc, statement_id
        limit $limit
        """,
        dealer_id=dealer_id,
        limit=limit,
    )


def explain(settings: Settings, asked: str) -> Chain:
    """The chain behind the statement, line or posting whose id, or the beginning of it, is given.

    Raises:
        NotExplained: no or more than one such id.
    """
    publication = open_incentives(settings)
    kind, found = _find(publication, asked.strip().lower())
    key = {k: found[k] for k in ("dealer_id", "brand_code", "program_id", "period_start")}
    statement = _one(publication, "mart_incentive_statement", **key)
    version = {
        "program_id": statement["program_id"],
        "program_version": statement["program_version"],
    }
    program = _one(publication, "dim_incentive_program", **version)
    lines = _lines(publication, key, found["line_id"] if kind == "LINE" else None)
    if kind == "LINE":
        for line in lines:
            line["delivered"] = _delivered(settings, line)
    total = publication.records(
        f"select count(*) as line_count, sum(amount_eur) as total from mart_incentive_line "
        f"where {_where(key)}",
        **key,
    )[0]
    return Chain(
        kind=kind,
        asked=asked,
        statement=statement,
        dealer=_one(
            publication,
            "dim_dealer",
            dealer_id=key["dealer_id"],
            brand_code=key["brand_code"],
        ),
        program=program,
        tiers=publication.records(
            f"select * from dim_incentive_tier where {_where(version)} order by tier_no", **version
        ),
        targets=_targets(publication, key, program),
        postings=publication.records(
            f"select * from mart_incentive_ledger where {_where(key)} "
            "order by posted_in_month, posting_type",
            **key,
        ),
        lines=lines,
        removals=publication.records(
            f"select * from mart_incentive_removal where {_where(key)} "
            "order by ended_on, vin, event_id",
            **key,
        ),
        posting=found if kind == "POSTING" else None,
        line_count=total["line_count"],
        line_total_eur=total["total"],
        kpi_names={
            row.pop("kpi_code"): row
            for row in publication.records("select kpi_code, name_de, name_en from dim_kpi")
        },
    )


_IDS = {
    "STATEMENT": ("mart_incentive_statement", "statement_id"),
    "LINE": ("mart_incentive_line", "line_id"),
    "POSTING": ("mart_incentive_ledger", "posting_id"),
}


def _find(publication: Publication, asked: str) -> tuple[str, dict[str, Any]]:
    if len(asked) < _SHORTEST:
        raise NotExplained(f"{asked!r} is too short: give {_SHORTEST} characters of an id or more")
    found = [
        (kind, row)
        for kind, (table, column) in _IDS.items()
        for row in publication.records(
            f"select * from {table} where starts_with({column}, $asked) limit 2", asked=asked
        )
    ]
    if not found:
        raise NotExplained(
            f"no statement, line or posting has the id {asked!r}: `partnerdw explain` without an "
            "id lists statements"
        )
    if len(found) > 1:
        raise NotExplained(f"more than one id begins with {asked!r}: give more of it")
    return found[0]


def _one(publication: Publication, table: str, **key: Any) -> dict[str, Any]:
    rows = publication.records(f"select * from {table} where {_where(key)}", **key)
    return rows[0] if rows else dict(key)


def _where(key: dict[str, Any]) -> str:
    return " and ".join(f"{name} = ${name}" for name in key)


def _lines(
    publication: Publication, key: dict[str, Any], line_id: str | None
) -> list[dict[str, Any]]:
    rows = publication.records(
        f"""
        select lines.*, events.event_type, events.holder_type, events.model_code,
            events._delivered_at as delivered_at
        from mart_incentive_line as lines
        left join fct_vehicle_event as events using (event_id)
        where {" and ".join(f"lines.{name} = ${name}" for name in key)}
            and ($line_id is null or line_id = $line_id)
        order by lines.event_date, lines.vin, lines.event_id
        """,
        **key,
        line_id=line_id,
    )
    names = ("event_type", "holder_type", "model_code", "delivered_at")
    for row in rows:
        event = {name: row.pop(name) for name in names}
        row["event"] = event if row["event_id"] is not None else None
    return rows


def _targets(
    publication: Publication, key: dict[str, Any], program: dict[str, Any]
) -> list[dict[str, Any]]:
    """The targets that a measure of attainment is set against."""
    if program.get("measure") != "TARGET_ATTAINMENT":
        return []
    months = {"QUARTER": 3, "YEAR": 12}[program["period_grain"]]
    return publication.records(
        """
        select * from mart_target_attainment
        where dealer_id = $dealer_id and brand_code = $brand_code
            and quarter_start >= $period_start
            and quarter_start < $period_start + to_months($months)
            and ($segment_code is null or segment_code = $segment_code)
            and ($powertrain_code is null or powertrain_code = $powertrain_code)
        order by quarter_start, segment_code, powertrain_code
        """,
        dealer_id=key["dealer_id"],
        brand_code=key["brand_code"],
        period_start=key["period_start"],
        months=months,
        segment_code=program["segment_code"],
        powertrain_code=program["powertrain_code"],
    )


def _delivered(settings: Settings, line: dict[str, Any]) -> dict[str, Any] | None:
    """The row of the lake that a line comes from, without personal data; None where the line has
    no event, or the lake does not lie beside the publication."""
    if line["batch_id"] is None:
        return None
    path = lake.raw_path(settings, EVENTS_FEED, line["batch_id"])
    if not path.is_file():
        return None
    rows = pq.read_table(path, filters=[("_source_row", "=", line["source_row"])]).to_pylist()
    shown = [c.name for c in load_contracts()[EVENTS_FEED].columns if not c.pii]
    return {name: rows[0][name] for name in [*shown, "_sender", "_delivered_at"]} if rows else None
