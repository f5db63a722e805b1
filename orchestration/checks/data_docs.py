"""The results of a suite as Great Expectations' data docs render them, for a page of our own.

The page that Great Expectations makes around its sections loads styles and scripts from elsewhere;
the sections themselves are plain HTML. Importing this module imports Great Expectations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from great_expectations.core.expectation_validation_result import (
    expectationSuiteValidationResultSchema,
)
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, DictLoader

from orchestration.checks import great_expectations_rules  # noqa: F401  # makes rules known to it

_AROUND = ("Overview", "Run Info")
_SECTIONS = """
{% for section in sections %}{% set section_loop = loop %}{% include 'section.j2' %}{% endfor %}
"""


def render_validation(validation: Mapping[str, Any]) -> str:
    """HTML of the expectations of one suite, from its validation result as JSON."""
    document = ValidationResultsPageRenderer(run_info_at_end=True).render(
        expectationSuiteValidationResultSchema.load(dict(validation))
    )
    document.sections = [s for s in document.sections if s.section_name not in _AROUND]
    view = DefaultJinjaPageView()
    view.env.loader = ChoiceLoader([DictLoader({"sections.j2": _SECTIONS}), view.env.loader])
    return view.render(document, template="sections.j2")
