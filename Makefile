# Two commands: `make run` opens the window, `make test` runs every check, and every test but the longest, which take as
# long as all the others; `make test LONG=1` has these too. Both do all the set-up themselves.
PYTHON ?= python3
BIN := .venv/bin
# Two processes share the tests, a file at a time, in the files' order: the longest must not come last and alone.
SHARED := -n 2 --dist loadfile --no-loadscope-reorder
.PHONY: run test press check torture bench matrix lowest audit assets wheel clean system

run: .venv/.run
	@sh tests/debian_packages.sh window
	@$(BIN)/latentscape $(ARGS)

test: system check
	$(BIN)/pytest $(SHARED) $(if $(LONG),,-m "not long")

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Presses every control of the window in every state; `make test` does so in three of them.
press: .venv/.dev system
	LATENTSCAPE_TEST_EVERYTHING=1 $(BIN)/pytest tests/journeys/test_every_control.py -o timeout=3600

# Speed and quality beside the peers, as the table tests/benchmarks/RESULTS.md; takes two hours of a machine left alone.
# One part of it anew: make bench PART=start, or any test_….py of tests/benchmarks; all of it, to see that it works: SIZE=small
SIZE := full
PARTS := tests/benchmarks
bench: .venv/.dev system
	LATENTSCAPE_BENCH_SIZE=$(SIZE) $(BIN)/python -m pytest -o addopts="--import-mode=importlib" -o timeout=7200 -s \
	  $(if $(PART),$(foreach each,$(PART),$(firstword $(wildcard $(PARTS)/table/test_$(each).py) $(PARTS)/test_$(each).py)),$(PARTS)/table)

# What README promises, tried hundreds of times on the real program, with the table written anew; takes an hour.
torture: .venv/.dev system
	LATENTSCAPE_TEST_TORTURE=full $(BIN)/python -m pytest tests/torture tests/core/images/test_openclipart.py -o timeout=7200 -s

# The tests, the longest among them, on machines and under habits that are not ours; hours. One setting: make matrix SETTINGS=avx2
matrix: .venv/.dev system
	@PYTEST_ARGS="$(SHARED)" sh tests/matrix.sh $(SETTINGS)

# The tests with the oldest release of everything that pyproject allows, in an environment of its own.
lowest: .venv/.dev system
	@PYTEST_ARGS="$(SHARED)" sh tests/lowest.sh

# Known vulnerabilities of all that is installed; a package that the list does not know is a failure, not a pass.
audit: .venv/.dev
	@$(PYTHON) -m venv .audit && .audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	@$(BIN)/pip freeze --exclude-editable > .audit/installed.txt
	.audit/bin/pip-audit --strict --no-deps --disable-pip -r .audit/installed.txt

# The bundled run, and the screenshots of README.
assets: .venv/.dev system
	$(BIN)/python -m assets.make

wheel: .venv/.dev
	$(BIN)/python -m build --wheel --outdir dist .

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

system:
	@sh tests/debian_packages.sh tests
	@sh tests/odd_files.sh

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Latentscape needs Python 3.11 or newer; name one by: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "Python cannot make a virtual environment: on Debian or Ubuntu, sudo apt install python3-venv" >&2; exit 1; }

.venv/.run: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/.dev: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ .venv/.run
