"""For every test: a home of its own, so that nothing of the user's is touched, and no thread left behind."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

# Qt's own idea of a screen without one is a square of 800 pixels. Relative, as a drive's colon would end the path.
os.environ.setdefault(
    "QT_QPA_PLATFORM", f"offscreen:configfile={os.path.relpath(os.path.join(os.path.dirname(__file__), 'screen.json'))}"
)
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tests.foreign_models import Foreign

# The same examples each time, so that what passed passes again anywhere; `make matrix` looks for others.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("others", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("LATENTSCAPE_TEST_EXAMPLES", "same"))

COLOURS = {"red": (200, 40, 40), "blue": (40, 40, 200)}


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LATENTSCAPE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def qapp(qapp: "QApplication") -> "QApplication":
    """Qt's application as the program makes it."""
    from explorer.start import speak_plainly

    speak_plainly()
    return qapp


@pytest.fixture(scope="session", autouse=True)
def auto_precision() -> Iterator[None]:
    """What `auto` means, where the matrix of machines asks for another than this machine's own."""
    asked = os.environ.get("LATENTSCAPE_TEST_PRECISION")
    if asked is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.device._is_faster_in_bf16", lambda device: asked == "bf16")
        yield


@pytest.fixture(autouse=True)
def plain_look() -> Iterator[None]:
    """A test that puts the program's look on leaves none of it to the next: a style sheet hides what palettes say."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")  # core's tests have no Qt
    app = widgets and widgets.QApplication.instance()
    if app and app.styleSheet():
        app.setStyleSheet("")
        app.setPalette(app.style().standardPalette())


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    assert not left, f"threads still running: {left}"
    worker_threads = sys.modules.get("explorer.toolkit.worker_threads")
    workers = tuple(getattr(worker_threads, "_running", ()))
    running = [type(worker).__name__ for worker in workers if not worker.wait(1)]  # its last signal is not its end
    assert not running, f"workers still running: {running}"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four PNG files of discs in two sub-folders; read them only."""
    tmp_path = tmp_path_factory.mktemp("source")
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(12):
            x, y, radius = *rng.uniform(10, 22, 2), rng.uniform(4, 9)
            rows, columns = np.mgrid[0:32, 0:32]
            inside = (rows - y) ** 2 + (columns - x) ** 2 < radius**2
            pixels = np.where(inside[..., None], np.array(colour, np.uint8), np.uint8(240))
            Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "pictures" / name / f"{number}.png")
    return tmp_path / "pictures"


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> "dict[str, Foreign]":
    """Models that were trained elsewhere and exported, one of each kind, by name; read them only."""
    from tests.foreign_models import MAKERS

    return {name: make(tmp_path_factory.mktemp(name)) for name, make in MAKERS.items()}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", default=None, metavar="DIR", help="save pictures of the window there")
