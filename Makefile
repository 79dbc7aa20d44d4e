PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test slow lint bench examples bundle mutants clean

demo: $(VENV)/ready          ## read the example ledger and show today's worklist
	$(BIN)/ccm --workspace examples triage examples/ledger.xlsx --as-of 2026-11-23

test: $(VENV)/ready-dev      ## all checks: lint, types, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto -m "not slow"

slow: $(VENV)/ready-large    ## tests that need LibreOffice, Chromium, Java or PostgreSQL
	$(BIN)/python -m pytest -m slow

bench: $(VENV)/ready-bench   ## races against named peers; LARGE=--large adds 100 million rows and 100,000 letters
	$(BIN)/python bench/all.py $(LARGE)

examples: $(VENV)/ready-dev  ## make the example ledgers anew
	$(BIN)/python examples/make.py

bundle: $(VENV)/ready-dev    ## one folder to install from without network (dist/ccm-VERSION-offline)
	$(BIN)/python scripts/bundle.py

mutants: $(VENV)/ready-mutants  ## change the rules' code in small ways and see that a test notices (hours; ONLY='ccm.duties*')
	$(BIN)/mutmut run $(ONLY)
	$(BIN)/mutmut results

clean:                       ## remove what make has made
	rm -rf $(VENV) dist mutants

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	$(BIN)/python -m compileall -q src
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

$(VENV)/ready-large: $(VENV)/ready-dev
	$(BIN)/pip install --quiet --editable '.[dev,database,spark]'
	touch $@

$(VENV)/ready-mutants: $(VENV)/ready-dev
	$(BIN)/pip install --quiet --editable '.[dev,mutants]'
	touch $@

$(VENV)/ready-bench: $(VENV)/ready-dev
	$(BIN)/pip install --quiet --editable '.[dev,bench,spark]'
	touch $@
