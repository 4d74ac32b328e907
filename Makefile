# Two commands matter: `make demo` and `make test`. Everything else they call.
PYTHON  ?= python3.11
VENV    := .venv
# Twice as fast as the one that comes with Python 3.11.
PIP     := 25.3
BIN     := $(VENV)/bin
READY   := $(VENV)/.ready
FROM    ?= samples
WORKERS ?= 2
PYTEST  := $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile
SOURCES := benchmarks demo dictionary ingestion localaws reports samples tests/python

export DBT_PROFILES_DIR := $(CURDIR)
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
# Hundreds of processes import the same modules: compiled once, by the first of them.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint lint-python lint-sql unit integration slow soak coverage client-table docs format lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

setup: $(READY)  ## the Python environment in .venv

$(READY): requirements.txt requirements-runtime.txt constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed and '$(PYTHON)' is not on the PATH. Name yours: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed; '$(PYTHON)' is $$($(PYTHON) --version)." >&2; exit 1; }
	@echo "==> Python environment in $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip==$(PIP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --requirement requirements.txt --constraint constraints.txt
	@touch $@

demo: $(READY)  ## land, build, test and show: FROM=samples (generated), a folder of files, or b3 (fetched)
	@$(BIN)/python -m demo --from "$(FROM)"

test: lint  ## everything: lint, unit, integration, end to end
	@echo "==> unit, integration and end-to-end tests, on a local AWS of their own"
	@$(PYTEST) -m "not slow" --no-loadscope-reorder --durations=15

lint: $(READY)  ## ruff, mypy, sqlfluff
	@$(MAKE) --no-print-directory --jobs=2 lint-python lint-sql

lint-python: $(READY)
	@echo "==> lint: ruff"
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@echo "==> lint: mypy"
	@$(BIN)/mypy

lint-sql: $(READY)
	@echo "==> lint: sqlfluff, against a local AWS of its own"
	@$(BIN)/sqlfluff lint --disable-progress-bar --templater placeholder reports/queries
	@$(BIN)/python -m localaws run -- $(BIN)/sqlfluff lint --disable-progress-bar --processes $(WORKERS) models analyses tests/singular

unit: $(READY)  ## the tests that need no SQL engine
	@echo "==> unit tests"
	@$(PYTEST) -m "not integration"

integration: $(READY)  ## the tests on the local AWS: clients, dbt build, docs, end to end
	@echo "==> integration and end-to-end tests, on a local AWS of their own"
	@$(PYTEST) -m "integration and not slow" --no-loadscope-reorder --durations=15

slow: $(READY)  ## the tests that are left out of `make test` for time
	@$(PYTEST) -m slow

coverage: $(READY)  ## lines of localaws that its tests run
	@$(PYTEST) --cov=localaws --cov-report=term --cov-fail-under=95 tests/python/localaws

client-table: $(READY)  ## docs/local-aws-clients.md anew: the tests that show something are run and noted
	-@$(PYTEST) -p tests.python.localaws.shown \
		--record-shown docs/local-aws-clients.json -m "shows and (slow or not slow)" tests/python/localaws tests/python/adapter
	@$(BIN)/python -m pytest -q -p tests.python.localaws.shown --collect-only --client-table docs/local-aws-clients.md \
		-m "integration or slow or not integration" tests/python/localaws tests/python/adapter > /dev/null

soak: $(READY)  ## sixteen clients at once for two minutes, then with the engine and the server killed under them
	@FINLAKE_SOAK_SECONDS=120 $(BIN)/python -m pytest -q tests/python/localaws/test_soak.py

docs: $(READY)  ## the dbt docs site of the lake that `make demo` left up, in target/
	@settings="$$($(BIN)/python -m localaws env)" && eval "$$settings" && $(BIN)/dbt docs generate --static
	@echo "Open target/static_index.html"

format: $(READY)  ## put code and SQL into the house's form
	@$(BIN)/ruff check --fix $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/sqlfluff fix --disable-progress-bar --templater placeholder reports/queries
	@$(BIN)/python -m localaws run -- $(BIN)/sqlfluff fix --disable-progress-bar models analyses tests/singular

lock: ## constraints.txt anew, from requirements.txt in an empty environment
	@rm -rf $(VENV).lock && $(PYTHON) -m venv $(VENV).lock
	@$(VENV).lock/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@{ echo "# Every package that requirements.txt brings, exact. Made by \`make lock\`."; $(VENV).lock/bin/python -m pip freeze --disable-pip-version-check; } > constraints.txt
	@rm -rf $(VENV).lock

clean:  ## remove what was built; the lake of the demo is stopped first
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m localaws down || true
	@rm -rf $(VENV) .demo target logs dbt_packages .mypy_cache .ruff_cache .pytest_cache .hypothesis
