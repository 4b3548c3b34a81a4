"""How much torture there is: a little in `make test`, all of it in `make torture`, which writes down the figures."""

import os
import platform
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from core.commands import main
from tests.torture.trying import Trier

FULL = os.environ.get("LATENTSCAPE_TEST_TORTURE") == "full"
RESULTS = Path(__file__).with_name("RESULTS.md")
TINY = ("--image-size", "16", "--width", "4", "--latent-dims", "3", "--network", "mlp", "--batch-size", "5")
Figure = Callable[[str, str], None]
_figures: dict[str, str] = {}


@pytest.fixture
def times() -> Callable[[int, int], int]:
    """How often: a few times, or all of them."""
    return lambda few, full: full if FULL else few


@pytest.fixture
def figure() -> Figure:
    """Takes the figure of a promise, for the table and for who reads along."""

    def take(promise: str, found: str) -> None:
        print(f"\n{promise}: {found}")
        _figures[promise] = found

    return take


@pytest.fixture(scope="session")
def kept(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home, `home`, and a small trained run, `run`; tests copy it."""
    place = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(place / "home"))
        words = ["train", str(folder), "--run", str(place / "run"), "--epochs", "4", "--held-out", "0.25", *TINY]
        assert main([*words, "--device", "cpu", "--precision", "float32"]) == 0
    return place


@pytest.fixture(scope="session")
def trier(kept: Path) -> Iterator[Trier]:
    trier = Trier(kept / "home")
    yield trier
    trier.close()


def pytest_sessionfinish() -> None:
    """The table of a full run, with the day and the machine."""
    if not FULL or not _figures:
        return
    earlier = {}
    if RESULTS.exists():
        rows = (
            line.split(" | ") for line in RESULTS.read_text(encoding="utf-8").splitlines() if line.count(" | ") == 2
        )
        earlier = {promise.removeprefix("| "): f"{found} | {day.removesuffix(' |')}" for promise, found, day in rows}
    today = f"{date.today():%Y-%m-%d}, {_machine()}"
    earlier |= {promise: f"{found} | {today}" for promise, found in _figures.items()}
    earlier.pop("promise", None)
    lines = [
        "# What the promises came to",
        "",
        "Written by `make torture`; README says what is promised.",
        "",
        "| promise | figure | when and where |",
        "|---|---|---|",
        *(f"| {promise} | {found} |" for promise, found in earlier.items()),
    ]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _machine() -> str:
    import torch

    system = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores"
    load = f" under a load of {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""
    return f"{system}{load}, Python {platform.python_version()}, PyTorch {torch.__version__}"
