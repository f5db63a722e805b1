"""What every test shares."""

import sys

import hypothesis
import pytest

from orchestration.settings import Settings

# What `make test` runs under: one commit, one verdict. `make test-all` looks for new cases.
hypothesis.settings.register_profile("same", derandomize=True)

_main = sys.modules["__main__"]
if not hasattr(_main, "__file__"):
    # Workers are started as `python -c`; pyspark, where it is installed, takes a main module
    # without a file for a run of its own doctests and ends the process when Great Expectations
    # imports it.
    _main.__file__ = __file__


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A published warehouse of a small sample, to be read only (see tests/support/published.py)."""
    from tests.support.published import make_once

    return make_once(tmp_path_factory)
