"""A start would be slow, or would show what is not so, if this came in another order or loaded more than it needs."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.rights import python_path

# Says each thing as it happens, and which of the libraries that take long are loaded by then.
TOLD = """
import gc, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import explorer.start as starting

def tell(what):
    print(what, *(name for name in ("torch", "PIL", "sklearn", "pyqtgraph") if name in sys.modules), flush=True)

def begin(self, program, begin=starting.Beginning._begin):
    workspace = program.workspace
    workspace.learning.map_seen.connect(lambda _: tell("dots"))
    workspace.first_sight.place_decoded.connect(lambda _: tell("picture"))
    program.shell.docks.furnished.connect(lambda: tell("panels"))
    workspace.learning.run_opened.connect(lambda _: tell("run"))
    workspace.learning.image_set_ready.connect(lambda ready: tell("images"))
    workspace.learning.state_changed.connect(lambda state: state != "reading" and QTimer.singleShot(1000, leave))
    begin(self, program)

def leave():
    from explorer.training.panel import TrainingForm
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, starting.MainWindow))
    print("source", window.findChild(TrainingForm)._source)
    print("collects", gc.isenabled(), gc.get_freeze_count() > 0, flush=True)
    window.close()

starting.Beginning._begin, starting.SOON = begin, 60_000  # however slow this is, the panels come after the picture
sys.exit(starting.start(QApplication(sys.argv[:1]), Path(sys.argv[1]) if sys.argv[1:] else None))
"""
# Says how many of Qt's classes are yet to be made when a thread begins to load what names them all.
UNMADE = """
import explorer.start as starting
from PySide6 import QtCore, QtGui, QtWidgets
load = starting._load_panels
def told():
    unmade = [name for each in (QtCore, QtGui, QtWidgets) for name in dir(each) if name not in vars(each)]
    print("unmade", len(unmade), flush=True)
    yield from load()
starting._load_panels = told
"""
LIBRARIES = """
import sys
from core.torch_libraries import load_libraries
load_libraries()
print("torch" in sys.modules, "libtorch_cpu" in Path("/proc/self/maps").read_text())
import torch
print(float(torch.ones(2, 3).matmul(torch.ones(3)).sum()))
"""


def python(code: str, *words: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": python_path()}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()


@pytest.mark.long
def test_the_map_and_its_picture_come_before_the_panels_and_torch_last() -> None:
    said = python(TOLD)
    assert said[0] == "dots"
    assert said[1].split()[0] == "picture"
    assert "torch" not in said[1]
    order = [line.split()[0] for line in said]
    assert order == ["dots", "picture", "panels", "run", "images", "source", "collects"]
    assert "torch" not in said[order.index("panels")]
    assert said[-2:] == ["source faces", "collects True True"]


@pytest.mark.long
def test_no_class_of_qts_is_made_in_a_thread_while_the_window_is_painted() -> None:
    """It crashed one start in fifty."""
    assert [line for line in python(UNMADE + TOLD) if line.startswith("unmade")] == ["unmade 0"]


def test_a_folder_that_is_named_is_in_the_form_though_it_is_read_at_once(tmp_path: Path) -> None:
    for number in range(4):
        Image.fromarray(np.full((8, 8), 60 * number, np.uint8)).save(tmp_path / f"{number}.png")
    said = python(TOLD, str(tmp_path))
    assert [line.split()[0] for line in said] == ["panels", "images", "source", "collects"]
    assert said[-2] == f"source {tmp_path}"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lists what a process has loaded")
def test_the_libraries_of_torch_are_loaded_before_it_and_are_its_own() -> None:
    assert python(f"from pathlib import Path\n{LIBRARIES}") == ["False True", "6.0"]
