"""How much memory the window has with the bundled run open, and what images add to it; in processes of their own."""

import statistics
import subprocess
import sys
import time

import pytest

from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.memory import resident, wait_until_idle
from tests.benchmarks.table.rows import Row, reaching, sized

# The window, as a user opens it.
WINDOW = """
import sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from explorer.toolkit.theme import apply_theme
from tests.explorer.opened import new_program
from explorer.start import share_heaps
share_heaps()
app = QApplication(sys.argv[:1])
apply_theme(app)
program = new_program()
program.window.resize(1280, 800)
program.window.show()
"""
# The bundled run in it, and so many codes in its place; says so once it has stood still for a while.
IDLE = f"""{WINDOW}
from core.places import bundled_run
program.workspace.open(bundled_run())
def fill():
    if int(sys.argv[1]):
        from tests.benchmarks.table.many_codes import show_codes
        show_codes(program, int(sys.argv[1]))
    QTimer.singleShot(int(sys.argv[2]), lambda: print("idle", flush=True))
program.workspace.viewing.surroundings_found.connect(fill, Qt.ConnectionType.SingleShotConnection)
app.exec()
"""
# Learns faces in the window, and says so at its first step.
TRAINING = f"""{WINDOW}
from core.config import changed, preset
learning, once = program.workspace.learning, Qt.ConnectionType.SingleShotConnection
config = changed(preset("balanced", "faces"), {{"training.epochs": 100_000, "training.minutes": 60.0}})
program.workspace.images_changed.connect(lambda _: learning.train(config), once)
learning.step_done.connect(lambda _: print("learning", flush=True), once)
program.workspace.open_source("faces")
app.exec()
"""
TORCH = "import torch; torch.ones(2, 2) @ torch.ones(2, 2); print('idle', flush=True); input()"
COUNTS = sized((0, 100_000, 1_000_000), (0, 5_000, 10_000))
COPIES = (
    "names are Python's strings (7 MB), codes of 12 dims 5 MB, and two indexes of nearest codes have centred copies of "
    "them (5 MB each), by which distances are exact"
)
WAIT = sized(5_000, 500)  # milliseconds
MINUTE = sized(60.0, 2.0)  # seconds
TRAINED, SETTLED, EVERY = 10, 3, 0.25  # minutes of training, and until it has met all that it does; between two looks


def megabytes(*words: object) -> float:
    """What a process has once it says that it is idle."""
    command = (sys.executable, "-c", *map(str, words))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            if running.stdout.readline().strip() != "idle":
                pytest.fail("it ended before it was idle")
            wait_until_idle(running.pid)
            return resident(running.pid)
        finally:
            running.kill()


def while_training() -> list[float]:
    """Megabytes that the window has, each quarter of a minute while it learns."""
    command = (sys.executable, "-c", TRAINING)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            if running.stdout.readline().strip() != "learning":
                pytest.fail("it ended before it learned")
            found = []
            for _ in range(int(TRAINED / EVERY)):
                time.sleep(EVERY * MINUTE)
                found.append(resident(running.pid))
            return found
        finally:
            running.kill()


def test_memory(record: Record) -> None:
    torch = megabytes(TORCH)
    found = [megabytes(IDLE, count, WAIT) for count in COUNTS]
    record(
        Row(
            "memory of the window, idle with the bundled run",
            "MB",
            found[:1],
            reaching(450.0),
            limit=f"Python with torch alone has {torch:.0f} MB",
            why_not="PyTorch is half of it; what else is large is pyqtgraph, with 34 MB; from start to start it "
            "differs by 100 MB, why is not known",
        )
    )
    each = (found[2] - found[1]) / ((COUNTS[2] - COUNTS[1]) / 100_000)
    what = f"memory for each 100,000 images, from {COUNTS[1]:,} to {COUNTS[2]:,}"
    record(Row(what, "MB", [each], reaching(20.0), why_not=COPIES))
    found = while_training()
    early, late = (found[int(since / EVERY) :][: int(3 / EVERY)] for since in (SETTLED, TRAINED - 3))
    grown = statistics.median(late) - statistics.median(early)
    has = f"it has {statistics.median(late):.0f} MB in minutes 7 to 10, {max(found):.0f} at most"
    what = "memory of the window while it learns faces in Balanced: minutes 7 to 10 beside 3 to 6, medians"
    record(Row(what, "MB", [grown], reaching(50.0), limit=has))
