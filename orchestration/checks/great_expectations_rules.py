"""How Great Expectations sees a rule.

Both counts of a rule are aggregate metrics, which Great Expectations bundles: all the rules of a
table are one query, one scan. Importing this module imports Great Expectations (seconds), so it
is imported where a gate runs, never at the head of a module.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx  # noqa: E402
from great_expectations.core import ExpectationSuiteValidationResult  # noqa: E402
from great_expectations.core.metric_domain_types import MetricDomainTypes  # noqa: E402
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes  # noqa: E402
from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: E402
from great_expectations.execution_engine import SqlAlchemyExecutionEngine  # noqa: E402
from great_expectations.expectations.expectation import BatchExpectation  # noqa: E402
from great_expectations.expectations.metrics.metric_provider import metric_partial  # noqa: E402
from great_expectations.expectations.metrics.table_metric_provider import (  # noqa: E402
    TableMetricProvider,
)
from great_expectations.render import (  # noqa: E402
    LegacyDiagnosticRendererType,
    LegacyRendererType,
    RenderedStringTemplateContent,
    RenderedTableContent,
)
from great_expectations.render.renderer.renderer import renderer  # noqa: E402
from sqlalchemy import literal_column  # noqa: E402

from expectations.rule import Rule  # noqa: E402
from orchestration.checks.duckdb_dialect import URL_PREFIX, register  # noqa: E402

_in_the_bundle = metric_partial(
    engine=SqlAlchemyExecutionEngine,
    partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
    domain_type=MetricDomainTypes.TABLE,
)


class RuleFailedRows(TableMetricProvider):
    """What breaks a rule, counted."""

    metric_name = "rule.failed_rows"
    value_keys = ("failed_sql",)

    @_in_the_bundle
    def _sqlalchemy(cls, execution_engine, metric_domain_kwargs, metric_value_kwargs, **_):
        return literal_column(metric_value_kwargs["failed_sql"]), metric_domain_kwargs, {}


class RuleCheckedRows(TableMetricProvider):
    """What a rule speaks of, counted."""

    metric_name = "rule.checked_rows"
    value_keys = ("checked_sql",)

    @_in_the_bundle
    def _sqlalchemy(cls, execution_engine, metric_domain_kwargs, metric_value_kwargs, **_):
        return literal_column(metric_value_kwargs["checked_sql"]), metric_domain_kwargs, {}


class ExpectRowsToFollowRule(BatchExpectation):
    """At least the share `mostly` of what the rule speaks of follows it."""

    rule_code: str
    failed_sql: str
    checked_sql: str
    mostly: float

    metric_dependencies = ("rule.failed_rows", "rule.checked_rows", "table.row_count")
    success_keys = ("failed_sql", "checked_sql", "mostly")
    domain_keys = ("batch_id",)

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None):
        failed = int(metrics["rule.failed_rows"])
        checked = int(metrics["rule.checked_rows"])
        # `mostly` as it is written, so that 0.9 of 10 rows is 9 rows
        allowed = (1 - Decimal(str(self.mostly))) * checked
        return {
            "success": failed <= allowed,
            "result": {
                "observed_value": failed,
                "checked_rows": checked,
                "table_rows": int(metrics["table.row_count"]),
            },
        }

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def _prescriptive_renderer(cls, configuration=None, result=None, **_):
        configuration = configuration or result.expectation_config
        meta = configuration.meta or {}
        share = configuration.kwargs["mostly"]
        must = "every one" if share == 1 else f"at least {share:.1%}"
        return [
            _text(
                "$code ($severity, $dimension): $description Must hold for $must.",
                code=configuration.kwargs["rule_code"],
                severity=str(meta.get("severity", "")),
                dimension=str(meta.get("dimension", "")).lower(),
                description=str(meta.get("description", "")),
                must=must,
            )
        ]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.OBSERVED_VALUE)
    def _diagnostic_observed_value_renderer(cls, configuration=None, result=None, **_):
        if "observed_value" not in result.result:
            return "could not be evaluated"
        checked, failed = result.result["checked_rows"], result.result["observed_value"]
        if not checked:
            return "nothing to check"
        return f"{failed:,} of {checked:,} failed"

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _diagnostic_unexpected_table_renderer(cls, configuration=None, result=None, **_):
        examples = (result.result or {}).get("examples")
        if not examples:
            return None
        columns = list(examples[0])
        # delivered text is shown as it is, never taken for markup
        cells = [[escape(_shown(row.get(c))) for c in columns] for row in examples]
        return [
            RenderedTableContent(
                content_block_type="table",
                table=cells,
                header_row=columns,
                styling={"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}},
            )
        ]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _text(template: str, **params: str) -> RenderedStringTemplateContent:
    return RenderedStringTemplateContent(
        content_block_type="string_template",
        string_template={"template": template, "params": params},
    )


def validate(
    database: str, suites: Mapping[str, tuple[str, Sequence[Rule]]]
) -> dict[str, ExpectationSuiteValidationResult]:
    """Evaluate suites in the DuckDB database of that name, which must be open in this process.

    `suites` maps a suite's name to the SELECT that gives its rows and the rules for them.
    """
    register()
    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.WARNING)  # it tells every step it takes
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql("rules", connection_string=URL_PREFIX + database)
    try:
        results = {}
        for name, (query, rules) in suites.items():
            asset = source.add_query_asset(name, query=query)
            batch = asset.add_batch_definition_whole_table("everything").get_batch()
            results[name] = batch.validate(_suite(name, query, rules))
        return results
    finally:
        source.get_engine().dispose()


def _suite(name: str, query: str, rules: Sequence[Rule]) -> gx.ExpectationSuite:
    batch = f"({query})"
    return gx.ExpectationSuite(
        name,
        expectations=[
            ExpectRowsToFollowRule(
                rule_code=rule.code,
                failed_sql=rule.failed_count(batch),
                checked_sql=rule.checked_count(),
                mostly=rule.mostly,
                severity=rule.severity,
                meta=_meta(rule),
            )
            for rule in rules
        ],
    )


def _meta(rule: Rule) -> dict[str, Any]:
    return {
        "severity": rule.severity,
        "dimension": rule.dimension,
        "description": rule.description,
        "reason": rule.reason,
        "remedy": rule.remedy,
        "target_rate": rule.target_rate,
        "course_topic": rule.course_topic,
    }
