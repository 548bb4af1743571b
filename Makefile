# Everything here sets itself up: `make run` on a fresh clone needs Python 3.11 and nothing else.

PYTHON ?= python3
BIN := .venv/bin
ATTEST := $(BIN)/attest
BUILT_FROM := setup.cfg setup.py pyproject.toml
CATALOGUES := $(wildcard assessment/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
# One thread each: the tests run on two processes, and the matrices of a test are small.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: run test check bench serve slow format wheel-test translations
.DELETE_ON_ERROR:

run: .venv/.run $(COMPILED)
	$(ATTEST) db upgrade
	$(ATTEST) demo --if-empty
	$(ATTEST) serve

serve: .venv/.run $(COMPILED)
	$(ATTEST) serve

test: .venv/.test $(COMPILED)
	$(BIN)/python -m pytest -n 2 -m "not slow and not wheel"

# What CI runs. The wheel comes before the tests, so that their summary is the last line.
check: .venv/.check $(COMPILED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) --no-print-directory wheel-test
	$(MAKE) --no-print-directory test

wheel-test: .venv/.check
	$(BIN)/python -m pytest -q -m wheel tests/test_packaging.py

slow: .venv/.test $(COMPILED)
	$(BIN)/python -m pytest -m slow --durations=20

bench: .venv/.bench $(COMPILED)
	$(BIN)/python -m bench

format: .venv/.check
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

translations: $(COMPILED)

%.mo: %.po | .venv/.run
	$(BIN)/pybabel -q compile --statistics -i $< -o $@

.venv/bin/python:
	$(PYTHON) -m venv .venv

# A stamp per set of packages, made anew when the list of packages changes.
.venv/.run: $(BUILT_FROM) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.test: $(BUILT_FROM) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch .venv/.run $@

# The peers that the measurement engine is timed against.
.venv/.bench: $(BUILT_FROM) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,bench]'
	touch .venv/.run .venv/.test $@

.venv/.check: $(BUILT_FROM) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	touch .venv/.run .venv/.test $@
