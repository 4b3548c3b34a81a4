"""The table that all parts write their rows into."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.table.machine import Machine, measured
from tests.benchmarks.table.rows import SMALL, Row, Table

HERE = Path(__file__).parent
RESULTS = HERE.parent / "RESULTS.md"
TABLE = Table()
Record = Callable[[Row], None]


@pytest.fixture(scope="session")
def machine() -> Machine:
    """What the machine could do at best."""
    machine = measured()
    TABLE.machine = machine.facts()
    return machine


@pytest.fixture
def record(machine: Machine, request: pytest.FixtureRequest) -> Record:
    """Puts a row into the table, under the part that this file is."""
    part = request.path.stem.removeprefix("test_")
    return lambda row: TABLE.add(part, row)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed or report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr).strip().split("\n")[-1]
        file, _, name = report.nodeid.rpartition("/")[2].partition("::")
        TABLE.broken.setdefault(file.removeprefix("test_").removesuffix(".py"), []).append(f"{name}: {why}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if SMALL or not TABLE.parts:
        print(f"\n\n{TABLE.as_markdown()}")
        return
    RESULTS.write_text(TABLE.as_markdown(RESULTS.read_text() if RESULTS.exists() else ""))
    print(f"\nWritten: {RESULTS}")
