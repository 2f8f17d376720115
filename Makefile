# `make book` builds the site, `make test` checks everything. Both make what they need.
# Another checkout on somebody's PYTHONPATH would be read in place of this one.
unexport PYTHONPATH
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed

.DEFAULT_GOAL := help
CHECKED := rooms/data rooms/timeline/test_course.py rooms/timeline/test_timeline.py rooms/test_words.py rooms/test_pages.py
CHECKED += test_book.py this_book/test_prose.py this_book/test_what_is_said.py this_book/test_record.py this_book/test_citation_file.py
.PHONY: FORCE help book check test offline classroom slides test-classroom refresh coverage new bench serve exports evidence-diff \
	epub pdf dist site citation clean lock fill

help: ## show the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

# Set up anew if the environment does not run, as after an upgrade of Python.
ifneq ($(shell $(BIN)/python -c 'print("runs")' 2>/dev/null),runs)
$(STAMP): FORCE
endif
FORCE:

$(STAMP): requirements.txt
	@$(PYTHON) tools/build/check_python.py
	@echo "Setting up: $(VENV) with the packages of requirements.txt (takes a minute or two) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $(STAMP)

book: $(STAMP) ## build the book into _build/html
	@$(BIN)/python -m tools.build

test: $(STAMP) ## check everything: format, lint, spelling, notebooks, data, code, pages
	@echo "Checking format and lint (ruff) ..."
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@echo "Checking spelling (codespell) ..."
	@$(BIN)/codespell
	@echo "Running the tests (pytest, nbval) in two processes; they build the site if it is not of today's state ..."
	@$(BIN)/python -m pytest -n 2

check: $(STAMP) ## check what is typed, in a minute or two: format, lint, spelling, tables, words; no notebook is run
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/codespell
	@cd chapters && ../$(BIN)/python -m casebook
	@$(BIN)/python -m pytest -n 2 $(wildcard $(CHECKED:%=tests/%))

fill: $(STAMP) ## take a case file up into the tables, all of it or nothing: make fill FILE=case.json
	@test -n "$(FILE)" || { echo "Which file? make fill FILE=case.json" >&2; exit 2; }
	@FILE=$$(realpath -- "$(FILE)") && cd chapters && ../$(BIN)/python -m casebook fill "$$FILE"

offline: $(STAMP) ## pack the whole book into one zip, to be read and run again without a network
	@$(BIN)/python -m tools.editions.offline

classroom: $(STAMP) ## pack the zips for a class: students, teachers (guide), instructors (solutions)
	@$(BIN)/python -m tools.classroom

slides: $(STAMP) ## make the deck of slides, with notes
	@$(BIN)/python -m tools.classroom.slides

test-classroom: classroom ## try the exercises with nbgrader, in an environment of its own (needs a network)
	@echo "Setting up an environment with nbgrader (takes a minute or two) ..."
	@rm -rf _build/try && mkdir -p _build/try
	@$(PYTHON) -m venv _build/try/env
	@$(BIN)/python -m zipfile -e _build/classroom-instructor.zip _build/try
	@_build/try/env/bin/python -m pip install --quiet --disable-pip-version-check \
		-r _build/try/classroom-instructor/requirements.txt -r requirements-classroom.txt
	@PYTHONPATH=. _build/try/env/bin/python tests/making/try_nbgrader.py _build/try/classroom-instructor/nbgrader

refresh: $(STAMP) ## run all notebooks and store their results
	@$(BIN)/python -m tools.build.refresh

coverage: $(STAMP) ## simulate again how often the intervals of pooling hold the truth (takes minutes)
	@PYTHONPATH=chapters $(BIN)/python tests/rooms/statistics/coverage.py

bench: $(STAMP) ## say how long things take on this machine, and how light the pages are
	@$(BIN)/python -m tools.release.bench
	@$(BIN)/python -m tools.release.bench_site

serve: book ## show the book at http://127.0.0.1:8000 until stopped
	@echo "Serving at http://127.0.0.1:8000 (stop with Ctrl+C)"
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

exports: $(STAMP) ## patients for other programs (phenopackets, FHIR), checked, in _build/exports
	@$(BIN)/python -m tools.release.exports

evidence-diff: $(STAMP) ## compare a list of identifiers (FILE=…) with what the book knows
	@$(BIN)/python -m tools.project.evidence_diff "$(FILE)"

epub: $(STAMP) ## the book for e-readers
	@$(BIN)/python -m tools.editions.epub

pdf: $(STAMP) ## the book on A4 (needs Chromium)
	@$(BIN)/python -m tools.editions.pdf

site: $(STAMP) ## the book with every edition as a download, in _build/html (needs Chromium)
	@$(BIN)/python -m tools.release --site

dist: $(STAMP) ## one release in _build/dist: site, PDF, EPUB, exports, data, sums
	@$(BIN)/python -m tools.release

citation: ## validate CITATION.cff, in an environment of its own: cffconvert needs old packages
	@test -x _build/citation/bin/cffconvert || { $(PYTHON) -m venv _build/citation && \
		_build/citation/bin/python -m pip install --quiet --disable-pip-version-check cffconvert==2.0.0; }
	@_build/citation/bin/cffconvert --validate

clean: ## take away what was built (the packages in .venv stay)
	rm -rf _build .pytest_cache .hypothesis .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

new: $(STAMP) ## write another book, with the engine of this one: make new DIR=../my-book TITLE="Two strokes"
	@$(BIN)/python -m tools.author new "$(DIR)" --title "$(TITLE)"

lock: ## make requirements.txt anew from requirements.in (needs uv)
	uv pip compile --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
		--no-header --no-annotate requirements.in -o requirements.txt
