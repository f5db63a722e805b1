"""Opening a dealer's file for his page, and which of its columns each part of the page reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import quoted
from orchestration.serving.reading import Publication

Row = dict[str, Any]

SOURCES: dict[str, dict[str, tuple[str, ...]]] = {
    "who": {
        "dim_dealer": (
            *("dealer_id", "brand_code", "dealer_name", "contract_model", "peer_group"),
            *("opened_on", "closed_on"),
        ),
    },
    "score": {
        "mart_partner_scorecard": (
            *("score_month", "score", "score_change", "score_rank", "peer_count", "peer_group"),
            *("kpi_count", "missing_count", "oem_side_attainment", "partner_side_attainment"),
            *("goal_divergence", "is_diverging"),
        ),
        "mart_partner_scorecard_kpi": (
            *("kpi_code", "actual_value", "target_value", "sample_count", "clipped_attainment"),
            *("weight", "points", "status", "missing_reason", "missing_policy", "min_sample"),
        ),
        "dim_kpi": ("name_de", "name_en", "unit", "direction", "owner_side"),
        "mart_performance_benchmark": ("quarter_start", "kpi_code", "q50", "dealer_count"),
    },
    "incentives": {
        "mart_incentive_statement": (
            *("statement_id", "program_id", "period_start", "period_end", "tier_no"),
            *("entitlement_eur", "posted_eur", "accrual_eur", "status", "payment_due_on"),
        ),
        "mart_incentive_ledger": (
            *("posting_id", "posted_in_month", "posting_type", "amount_eur", "as_known_at"),
        ),
        "mart_incentive_removal": ("ended_by", "ended_on", "vin"),
        "mart_incentive_outlook": (
            *("measure_value", "next_threshold", "units_to_next_tier", "payout_now_eur"),
            *("payout_at_next_tier_eur", "next_unit_value_eur", "is_cliff"),
        ),
        "mart_incentive_line": ("line_id", "zero_reason", "amount_eur", "source_file"),
        "dim_incentive_program": ("program_name", "period_grain", "measure"),
    },
    "refinancing": {
        "mart_refinancing_status": (
            *("investment_id", "refinanced_eur", "outstanding_eur", "paid_rate", "arrears_eur"),
            *("projected_end_month", "expected_balloon_eur", "last_ledger_month", "status"),
        ),
        "mart_refinancing_plan": ("period_no", "due_date", "scheduled_eur", "closing_eur"),
        "mart_refinancing_ledger": (
            *("ledger_month", "due_eur", "bonus_earned_eur", "applied_eur", "prepaid_eur"),
            *("paid_out_eur", "cash_called_eur", "closing_eur", "arrears_out_eur"),
        ),
        "mart_refinancing_correction": ("as_known_at", "column_name", "old_value", "new_value"),
        "mart_refinancing_refusal": ("total_cost_eur", "reason"),
        "mart_shared_program_allocation": ("program_id", "partner_share_eur"),
        "mart_shared_program_return": ("go_live_on", "gross_profit_gain_eur", "return_per_eur"),
    },
    "cases": {
        "mart_case_routing": (
            *("case_id", "case_type", "product_category", "opened_at", "resolved_at"),
            *("received_by_dealer_id", "responsible_party", "is_ambiguous"),
            "is_service_level_breached",
        ),
    },
    "agreements": {
        "fct_action": ("action_id", "owner", "title", "raised_on", "decided_on", "due_on"),
        "mart_dialogue_discipline": (
            *("weeks_due", "weeks_met", "met_rate", "median_days_to_decision"),
            *("median_days_to_done", "overdue_oem", "overdue_partner"),
        ),
        "mart_escalations": (
            *("contract_id", "quarter_start", "score_mean", "benchmark_score", "is_breach"),
            *("breaches_in_row", "level", "due_on", "status"),
        ),
        "mart_contract_standards": (
            *("standard_code", "version", "status", "effective_on", "objected_on"),
        ),
    },
    "quality": {
        "mart_data_quality": (
            *("feed", "rule_code", "month", "checked_rows", "passed_rows", "target_rate"),
        ),
        "dim_quality_rule": ("description", "description_de", "remedy", "remedy_de"),
        "mart_feed_quality": ("delivered_rows", "quarantined_rows", "rejected_file_count"),
        "mart_dealer_feed_freshness": ("last_delivered_at",),
        "mart_academy_needs": (
            *("course_name", "rules_below_target", "affected_rows", "untrained_staff", "priority"),
        ),
    },
    "publication": {
        "_publication": (
            *("as_of", "published_at", "code_version", "gate_result", "gate_rules"),
            "gate_warnings",
        ),
    },
}
"""Part of the page -> table -> the columns that it shows or judges by."""


Comments = dict[str, dict[str, str]]
"""Table -> column -> what it says."""


@dataclass(frozen=True)
class Share:
    """A dealer's file, open for reading."""

    publication: Publication
    dealer_id: str
    comments: Comments

    def holds(self, part: str) -> bool:
        """Whether it has every table and column that the part reads."""
        return all(
            set(columns) <= set(self.comments.get(table, ()))
            for table, columns in SOURCES[part].items()
        )

    def rows(self, sql: str, **parameters: Any) -> list[Row]:
        """Rows of a query, which may take `dealer_id`."""
        if "$dealer_id" in sql:
            parameters["dealer_id"] = self.dealer_id
        return self.publication.records(sql, **parameters)


class ShareReader:
    """Opens shares one after another. While one is open nothing else can be read: no other
    database is attached.

    The files have the same tables, made from one template: what their columns say is read once.
    """

    def __init__(self) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        self._comments: Comments = {}

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def opened(self, file: Path, dealer_id: str) -> Iterator[Share]:
        self._connection.execute(f"attach {quoted(file)} as serving (read_only)")
        try:
            self._connection.execute("set search_path = 'memory.main,serving.main'")
            if not self._comments:
                self._comments = self._read_comments()
            yield Share(Publication(self._connection), dealer_id, self._comments)
        finally:
            self._connection.execute("set search_path = 'memory.main'")
            self._connection.execute("detach serving")

    def _read_comments(self) -> Comments:
        comments: Comments = {}
        for table, column, comment in self._connection.execute(
            "select table_name, column_name, comment from duckdb_columns() "
            "where database_name = 'serving' order by table_name, column_index"
        ).fetchall():
            comments.setdefault(table, {})[column] = comment or ""
        return comments
