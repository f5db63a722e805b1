"""What every test shares."""

import sys

import hypothesis

# What `make test` runs under: one commit, one verdict. `make test-all` looks for new cases.
hypothesis.settings.register_profile("same", derandomize=True)

_main = sys.modules["__main__"]
if not hasattr(_main, "__file__"):
    # Workers are started as `python -c`; pyspark, where it is installed, takes a main module
    # without a file for a run of its own doctests and ends the process when Great Expectations
    # imports it.
    _main.__file__ = __file__
