#!/bin/sh
# The tests with the oldest releases that pyproject.toml allows, in .lowest/; the rest as new as these let it be.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .lowest
.venv/bin/python tests/floors.py > .lowest/constraints.txt
[ -x .lowest/bin/python ] || .venv/bin/python -m venv .lowest
.lowest/bin/python -m pip install --quiet --disable-pip-version-check -c .lowest/constraints.txt -e ".[dev]"
.lowest/bin/pytest ${PYTEST_ARGS:-}
