# socsim: every target works alone, in any order, and repeats only what has changed.
# PYTHON=python3.12 chooses an interpreter; SCENARIO=name another scenario for `make run`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check bench bits docs gallery clean

SCENARIO ?= norrkoping
WORKERS ?= 3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
# the files with such a test: reading all others for their marks takes longer than the tests
SERIAL = $(shell grep -rl --include='test_*.py' 'mark.serial' tests)
FAST := not slow and not statistical and not browser and not office and not serial

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.installed ## install into .venv and simulate Norrköping through to its report
	$(BIN)/socsim run $(SCENARIO)

# Tests start many processes of socsim: where an image forbids bytecode, each would compile it all.
# One process compiles the kernels beside the first tests, which run none.
# Those that need the machine for themselves come last, when nothing has to be compiled any more.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.installed-test ## install what the tests need, browser and LibreOffice included, and run all
	@$(BIN)/python tests/install_browser.py
	@$(BIN)/python tests/install_office.py
	@$(BIN)/python -c "from simulator import warmup; warmup.warm_up()" & compiling=$$!; status=0; \
	trap 'kill $$compiling 2>/dev/null' EXIT; \
	$(BIN)/python -m pytest -m "not serial" -n $(WORKERS) --dist worksteal --durations=30 || status=1; \
	wait $$compiling || status=1; \
	$(BIN)/python -m pytest -m serial -q $(SERIAL) || [ $$? -eq 5 ] || status=1; \
	exit $$status

check: $(VENV)/.installed-dev ## format, lint, types, import directions and the fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -m "$(FAST)"

bench: $(VENV)/.installed-test ## measure the speed targets, side by side in one run
	$(BIN)/python -m tests.benchmarks

bits: $(VENV)/.installed-test ## compare every bit on AVX-512, AVX2, SSE4.2 and SSE2 (ten minutes)
	SOCSIM_INSTRUCTION_SETS=1 $(BIN)/python -m pytest -q -s tests/test_instruction_sets.py

docs: $(VENV)/.installed ## write the scenario language's manual and JSON Schema to docs/
	$(BIN)/python -m docs.tools.language > docs/.language.tmp && mv docs/.language.tmp docs/language.md
	$(BIN)/python -m docs.tools.fund_language > docs/.language.tmp && mv docs/.language.tmp docs/fund-language.md
	$(BIN)/python -m docs.tools.guarantee_funds > docs/.language.tmp && mv docs/.language.tmp docs/guarantee-funds.md
	$(BIN)/python -m docs.tools.norrkoping > docs/.language.tmp && mv docs/.language.tmp docs/norrkoping.md
	$(BIN)/socsim schema > docs/.schema.tmp && mv docs/.schema.tmp docs/scenario.schema.json

gallery: $(VENV)/.installed ## write the reports of shipped scenarios to results/gallery/ (minutes)
	$(BIN)/python -m docs.tools.gallery

clean: ## remove .venv, caches and builds; results are kept
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache docs/.schema.tmp docs/.language.tmp
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps. An environment that is already there is used as it is.

$(VENV)/bin/python:
	@for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$candidate -c 'import sys, venv, ensurepip; \
			sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1; \
		then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "socsim needs Python 3.11, 3.12, 3.13 or 3.14 with its venv module, and found none." >&2; \
		echo "Install one (on Debian and Ubuntu also the package python3-venv), or name one:" >&2; \
		echo "    make run PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi; \
	echo "Creating $(VENV) with $$($$found --version)"; \
	$$found -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing socsim into $(VENV) (a minute or two the first time)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing socsim and its test tools into $(VENV) (a minute or two the first time)"
	@$(PIP) -e '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing socsim, test tools and style tools into $(VENV)"
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.installed $(VENV)/.installed-test
