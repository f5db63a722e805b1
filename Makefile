# The whole way: `make run` on a fresh machine needs Python 3.11 or 3.12, make and a package index.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
SUPERSET := .venv-superset
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
EXTRACTS ?= var/extracts
# The newest interpreter that really runs and fits; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && echo $$p && break; done)

.PHONY: help setup setup-dev setup-spark setup-notebooks setup-postgres setup-semantic setup-superset \
	run test test-all lint dev docs notebooks superset bench lock clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.base  ## only the environment (.venv) that a run needs
setup-dev: $(VENV)/.dev
setup-spark: $(VENV)/.spark
setup-notebooks: $(VENV)/.notebooks
setup-postgres: $(VENV)/.postgres
setup-semantic: $(VENV)/.semantic
setup-superset: $(SUPERSET)/.installed

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed; give it as PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --quiet --require-hashes -r requirements-build.lock -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.base
	$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.spark: requirements-spark.lock $(VENV)/.dev
	$(PIP) install --quiet --require-hashes -r requirements-spark.lock
	@touch $@

$(VENV)/.notebooks $(VENV)/.postgres $(VENV)/.semantic: $(VENV)/.%: requirements-%.lock $(VENV)/.base
	$(PIP) install --quiet --require-hashes -r $<
	@touch $@

# Superset needs other versions of what the project needs, and so an environment of its own.
$(SUPERSET)/.installed: requirements-superset.lock
	$(PYTHON) -m venv $(SUPERSET)
	$(SUPERSET)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r $<
	@touch $@

run: setup  ## sample extracts (if there are none yet), then everything, then where to look
	@if [ ! -d "$(EXTRACTS)" ]; then $(BIN)/partnerdw sample "$(EXTRACTS)"; fi
	$(BIN)/partnerdw run --extracts "$(EXTRACTS)"

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

test: lint  ## lint and the tests
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile --no-loadscope-reorder --hypothesis-profile same

test-all: lint setup-spark setup-superset  ## all tests: also the slow ones, Spark and Superset, on new random cases
	PARTNERDW_SUPERSET_PYTHON=$(CURDIR)/$(SUPERSET)/bin/python $(BIN)/python -m pytest

dev: setup  ## the Dagster UI
	$(BIN)/python -m orchestration.dev

docs: setup  ## catalog, lineage and quality results as pages under serving/docs/
	$(BIN)/python -m orchestration.docs

notebooks: setup-notebooks  ## the notebooks in the browser, on what was published last
	$(BIN)/python -m marimo run notebooks

superset: setup-superset  ## dashboards in Apache Superset, on what was published last
	$(SUPERSET)/bin/python -m notebooks.superset install
	$(SUPERSET)/bin/python -m notebooks.superset serve

bench: setup-dev  ## how fast, as ratios to a straight-line script
	$(BIN)/python -m tests.benchmarks.bench

lock: setup-dev  ## resolve the locks anew
	$(BIN)/python -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --quiet --output-file requirements.lock
	for extra in dev spark postgres notebooks semantic; do \
		$(BIN)/python -m uv pip compile pyproject.toml --extra $$extra --constraint requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --quiet --output-file requirements-$$extra.lock; done
	$(BIN)/python -m uv pip compile notebooks/superset/requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --quiet --output-file requirements-superset.lock
	echo "setuptools>=77" | $(BIN)/python -m uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras --quiet --output-file requirements-build.lock

clean:  ## remove what was generated, not the environment
	rm -rf var build dist *.egg-info .pytest_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs
