# Every target makes what it needs in .venv, from a bare checkout.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
SMALL := .venv/small
QUICK := $(BIN)/pytest -n auto --dist worksteal --hypothesis-profile=quick -m 'not slow and not office and not browser'
# Commands that tests start would compile the whole library anew, each of them.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

$(SMALL): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $(SMALL)

$(READY): $(SMALL)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

setup: $(READY)  ## make the virtual environment

demo: $(SMALL)  ## run the main job on the plans of examples/ and say what to look at
	$(BIN)/salesgoal demo demo --lang zh

test: $(READY)  ## run every test, doctest, README block and law
	$(QUICK) --cov --cov-report=
	$(BIN)/coverage report --include='*/domain/*,*/sheets/*,*/ports/*,*/intake/*' --fail-under=100
	$(BIN)/coverage report --include='*/salesgoal_hubspot/*,*/salesgoal_salesforce/*,*/salesgoal_feishu/*' --fail-under=100
	for each in app cli frames plugins store testing workdays; do \
	  $(BIN)/coverage report --include="*/salesgoal/$$each/*" --fail-under=95 || exit 1; done
	$(BIN)/pytest -n auto --dist loadfile -m 'slow or office or browser or hypothesis'

quick: $(READY)  ## run the quick tests
	$(QUICK)

laws: $(READY)  ## run the property tests longer
	$(BIN)/pytest tests/laws --hypothesis-profile=long

check: $(READY)  ## lint, types and the contracts of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLW1514 .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## compare with what others do, side by side; half an hour on a quiet machine
	$(BIN)/python benchmarks/bench_roll_up.py
	$(BIN)/python benchmarks/bench_calendar.py
	$(BIN)/python benchmarks/bench_allocation.py
	$(BIN)/python benchmarks/bench_intake.py
	$(BIN)/python benchmarks/bench_report.py
	$(BIN)/python benchmarks/bench_frames.py
	$(BIN)/python benchmarks/bench_parquet.py
	$(BIN)/python benchmarks/bench_tracking.py
	$(BIN)/python benchmarks/bench_workbook.py
	$(BIN)/python benchmarks/bench_hierarchical.py
	$(BIN)/python benchmarks/bench_sizing.py --svg docs/images/sizing.svg
	$(BIN)/python benchmarks/bench_kernel.py
	$(BIN)/python benchmarks/bench_tracker.py
	$(BIN)/python benchmarks/bench_ledger.py

mutants: $(READY)  ## plant faults in domain, or MODULES='pace period', and fail under 90 % killed; an hour
	$(BIN)/python benchmarks/mutants.py $(MODULES)
	$(BIN)/python benchmarks/mutant_types.py
	$(BIN)/python benchmarks/mutant_scores.py $(MODULES) --write docs/mutants.md --fail-under 90

versions: $(READY)  ## run the quick tests on Python 3.11, 3.12 and 3.13 from the installed wheel
	$(BIN)/python tests/release/versions.py

versions-quick: $(READY)  ## a selection of them on the other Pythons of this machine
	$(BIN)/python tests/release/versions.py --quick --others --allow-missing

engines: $(READY)  ## run the truth test of frames on Ibis, Dask and Spark; needs a JDK
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[engines]'
	$(BIN)/pytest tests/frames -m 'engines or not slow'

fuzz: $(READY)  ## read 20,000 broken files of each kind
	SALESGOAL_FUZZ=20000 $(BIN)/pytest tests/laws/test_fuzz_files.py

pages: $(READY)  ## write the pages of the reference that are made from the code
	$(BIN)/python -c "from pathlib import Path; from salesgoal.app.problem_pages import write_pages; write_pages(Path('docs/reference'))"
	for each in plugin plan command licence; do $(BIN)/python docs/_ext/$${each}_page.py || exit 1; done
	$(BIN)/python -m tests.testing.page

pictures: workbook-picture tracking-picture page-pictures  ## draw every picture of the README and the docs again

workbook-picture: $(READY)  ## draw the picture of the workbook; needs LibreOffice and poppler
	$(BIN)/salesgoal demo demo >/dev/null
	soffice --headless --convert-to pdf --outdir demo demo/report.xlsx >/dev/null
	pdftoppm -f 1 -l 1 -r 130 -x 80 -y 100 -W 1340 -H 430 -png -singlefile demo/report.pdf docs/images/workbook

tracking-picture: $(READY)  ## draw the picture of a tracking workbook; needs LibreOffice and poppler
	$(BIN)/salesgoal demo demo >/dev/null
	$(BIN)/salesgoal template demo/personal_month --as-of 2023-10-20 -o demo/tracking.xlsx
	soffice --headless --convert-to pdf --outdir demo demo/tracking.xlsx >/dev/null
	pdftoppm -f 2 -l 2 -r 150 -x 50 -y 60 -W 1660 -H 230 -png -singlefile demo/tracking.pdf docs/images/tracking

page-pictures: $(READY)  ## draw the pictures of the page; needs Chromium, node and npm
	$(BIN)/python tests/browser/draw_pictures.py

docs: $(READY)  ## build the site of the documentation into docs/_build, offline, with warnings as errors
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo docs/_build/html/index.html

api: $(READY)  ## compare the public names and their parameters with the last tag
	@tag=$$(git describe --tags --abbrev=0 2>/dev/null) || { echo 'no tag yet: nothing to compare with'; exit 0; }; \
	$(BIN)/griffe check salesgoal --search src --against "$$tag"

connectors: $(READY)  ## run the contract of every connector from its installed wheel, and all broken ones
	$(BIN)/pytest tests/journeys/test_wheels.py
	$(BIN)/pytest -n auto --dist load -c pyproject.toml --rootdir . connectors

oracles:  ## let the clients of HubSpot, Salesforce and Feishu themselves read our fakes
	$(PYTHON) -m venv .venv/oracles
	.venv/oracles/bin/python -m pip install --quiet --disable-pip-version-check '.[http,testing]' \
	  $(foreach each,$(wildcard connectors/salesgoal-*),'./$(each)[oracles]')
	for each in connectors/*/tests/test_oracle.py; do (cd $$(dirname $$each)/.. && \
	  ../../.venv/oracles/bin/python -m pytest -p no:cacheprovider tests/test_oracle.py) || exit 1; done

dist: $(READY)  ## build the wheels and sdists of what is committed into dist/
	rm -rf build/release dist && mkdir dist && git clone -q . build/release
	for each in . $(wildcard connectors/salesgoal-*); do (cd build/release/$$each && \
	  SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) FLIT_NO_NETWORK=1 "$(abspath $(BIN))/flit" build && \
	  cp dist/* "$(CURDIR)/dist/") || exit 1; done
	@git diff --quiet HEAD || echo 'not in them: what is changed and not committed'
	@ls -l dist

clean:  ## remove what was made
	rm -rf .venv demo dist build mutants connectors/*/dist docs/_build .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help setup demo test quick versions versions-quick laws mutants engines fuzz check bench pictures workbook-picture tracking-picture page-pictures pages docs api connectors oracles dist clean
