# make run serves the shop, make test passes the tests; each sets up what it needs and is quick the second time.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test setup check eval bench clean help

help:
	@echo "make run    set up and serve the shop at http://127.0.0.1:7860"
	@echo "make test   set up and run the quick tests"
	@echo "make check  lint, types and import rules"
	@echo "make bench  search over 2,500 to 250,000 products, the embedder and the engine (DATA=folder; SIZES=... for others)"
	@echo "make eval   grounded conversations over a catalogue, with the real model (DATA=folder)"

setup: $(VENV)/.run

run: $(VENV)/.run
	@$(BIN)/python app.py

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

DATA ?= ../shared/data
eval: $(VENV)/.dev
	@$(BIN)/python -m evals grounded --data $(DATA)

SIZES ?= 2500,24576,250000
bench: $(VENV)/.dev
	@$(BIN)/python -m evals embedding --data $(DATA)
	@$(BIN)/python -m evals scale --data $(DATA) --sizes $(SIZES)
	@$(BIN)/python -m evals engine

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "aisle: $(PYTHON) is missing: install Python 3.11 with venv, or name another with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "aisle: $(PYTHON) is older than 3.11: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "aisle: venv is missing: apt-get install python3.11-venv"; exit 1; }
	@free=$$(df -Pm . | awk 'NR==2 {print $$4}'); [ "$$free" -ge 6000 ] || { echo "aisle: only $$free MB free here; about 6000 MB are needed for packages and the model"; exit 1; }
	@echo "aisle: making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(BIN)/python
	@echo "aisle: installing packages (about 2 GB; a few minutes the first time)"
	@$(BIN)/python -m pip install --progress-bar on -r requirements.txt > $(VENV)/install.log 2>&1 & pid=$$!; \
	 while kill -0 $$pid 2>/dev/null; do sleep 5; printf '\raisle: %s packages unpacked, %s MB' "$$(ls -d $(VENV)/lib/python3*/site-packages/*.dist-info 2>/dev/null | wc -l)" "$$(du -sm $(VENV) | cut -f1)"; done; echo; \
	 wait $$pid || { echo "aisle: installing failed; the last lines of $(VENV)/install.log:"; tail -n 5 $(VENV)/install.log; exit 1; }
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "aisle: installing what the tests need"
	@$(BIN)/python -m pip install --quiet -r requirements-dev.txt || { echo "aisle: installing the test packages failed (see above)"; exit 1; }
	@touch $@

clean:
	rm -rf $(VENV)
