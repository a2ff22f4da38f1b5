# Everything starts here; a fresh machine needs Python >= 3.11 with venv, and make.
SHELL := bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV := UV_CACHE_DIR=$(CURDIR)/.cache/uv UV_PYTHON_DOWNLOADS=never $(BIN)/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
RUFF := $(BIN)/ruff
CHECKOV := .cache/checkov/bin/checkov
SWIFTLY := $(BIN)/pytest --numprocesses logical --dist loadfile -m "not journey and not race"
APPS := functions/api:functions/notices:functions/schedules
CATALOGUES := $(wildcard $(addsuffix /locale/*/LC_MESSAGES/*.po,layers/core/python/toolcrib/send/words functions/*/chalicelib/*/wording functions/*/chalicelib/* edge/kiosk))
export RUFF_CACHE_DIR := $(CURDIR)/.cache/ruff

.PHONY: help venv up down test cover system lint format bench simulate prove deploy docs pictures words lock

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

venv: .venv/installed .cache/words  ## the environment for developing, from hash-locked lists

.venv/installed: requirements/bootstrap.txt requirements/dev.txt pyproject.toml
	@echo "Installing into .venv (hash-locked) ..."
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Toolcrib needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/bootstrap.txt
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.cache/words: .venv/installed $(CATALOGUES)
	@$(BIN)/python -m infra.catalogues.compiling
	@touch $@

up: venv  ## the whole product on this machine (DETACH=1 returns when ready, EMPTY=1 starts without data)
	@$(BIN)/toolcrib up $(if $(DETACH),--detach) $(if $(EMPTY),--empty)

down: venv  ## stop everything that `make up` started
	@$(BIN)/toolcrib down

test: venv system  ## all tests (ARGS="tests/edge -k journal" for some of them)
ifdef ARGS
	@$(BIN)/pytest $(ARGS)
else
	@failed=0; \
	$(SWIFTLY) || failed=1; \
	$(BIN)/pytest -m "journey or race" || failed=1; \
	exit $$failed
endif

cover: venv system  ## all tests but the journeys, and what they never reach; takes twice as long
	@$(SWIFTLY) --cov --cov-report=term:skip-covered

system:  ## programs that tests need and pip cannot bring
	@.ci/system-packages

bench: venv  ## every figure beside its budget
	@PYTHONPATH=$(APPS) $(BIN)/python -m tests.benchmarks

prove: venv system  ## try for hours to break the record, and write docs/proof.md (PARTS="simulation races" for some)
	@PYTHONPATH=$(APPS) $(BIN)/python -m tests.proof $(PARTS)

simulate: venv  ## a workplace under every fault (SEEDS=100 EVENTS=1000 FIRST=1), in one thread a seed
	@PYTHONPATH=$(APPS) $(BIN)/python -m tests.simulation

deploy: venv  ## the same steps against the AWS account of your credentials (ARGS="--org acme ...")
	@$(BIN)/toolcrib deploy $(ARGS)

lint: venv $(CHECKOV)  ## style, types, templates
	@$(RUFF) check .
	@$(RUFF) format --check .
	@! grep -rnE --include='*.py' '# fmt: (skip|off)' functions layers infra edge tests || { echo "The formatter decides everywhere."; exit 1; }
	@$(BIN)/mypy
	@for app in functions/*/app.py; do $(BIN)/mypy --cache-dir .cache/mypy/$$(basename $$(dirname $$app)) $$app || exit 1; done
	@$(BIN)/python -m infra.cli.templates > .cache/templates
	@$(BIN)/cfn-lint -- $$(cat .cache/templates)
	@LOG_LEVEL=ERROR $(CHECKOV) --config-file infra/checkov.yaml --file $$(cat .cache/templates)

format: venv  ## set the code in the house style
	@$(RUFF) check --fix-only --quiet .
	@$(RUFF) format .

$(CHECKOV): requirements/checkov.txt | .venv/installed
	@$(UV) venv --quiet --clear --python $(BIN)/python .cache/checkov
	@$(UV) pip sync --quiet --python .cache/checkov/bin/python --require-hashes requirements/checkov.txt
	@touch $@

docs: venv  ## write docs/openapi.json, docs/asyncapi.yaml and docs/messages anew from the source
	@$(BIN)/python -m infra.openapi
	@$(BIN)/python -m infra.asyncapi
	@$(BIN)/python -m infra.messages.pages

pictures: venv system  ## take the pictures of the docs anew, of the inbox and the kiosk in a browser
	@PYTHONPATH=.:$(APPS) $(BIN)/python -m tests.pictures

words: venv  ## bring the message catalogues up to the sentences in the source, and compile them
	@$(BIN)/python -m infra.catalogues

lock: venv  ## choose versions anew and write the hash-locked lists
	@$(COMPILE) --upgrade requirements/bootstrap.in -o requirements/bootstrap.txt
	@$(COMPILE) --upgrade requirements/dev.in -o requirements/dev.txt
	@$(COMPILE) --upgrade requirements/deps.in -c requirements/dev.txt -o requirements/deps.txt
	@$(COMPILE) --upgrade requirements/edge.in -c requirements/dev.txt -o requirements/edge.txt
	@$(COMPILE) --upgrade requirements/ministack.in -o requirements/ministack.txt
	@$(COMPILE) --upgrade requirements/checkov.in -o requirements/checkov.txt
	@$(COMPILE) --upgrade requirements/mutants.in -c requirements/dev.txt -o requirements/mutants.txt
	@$(COMPILE) --upgrade requirements/fuzz.in -o requirements/fuzz.txt
