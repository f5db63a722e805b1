"""Publications to read."""

from __future__ import annotations

import pytest

from notebooks import points
from orchestration.serving.reading import Publication, open_publication
from orchestration.settings import Settings
from tests.notebooks.example import publish_rows, rows


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse whose publication is the example."""
    settings = Settings.from_env({}, warehouse=tmp_path_factory.mktemp("example") / "warehouse")
    publish_rows(settings, **rows())
    return settings


@pytest.fixture
def publication(example: Settings) -> Publication:
    """The example, opened."""
    opened = open_publication(example)
    points.prepare(opened)
    return opened
