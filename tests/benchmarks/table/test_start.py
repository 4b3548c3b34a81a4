"""From the start of the process to window, dots, and a drag that is answered; and how long the window stands still.

Runs offscreen, so that what a graphics card would do is counted too.
"""

import os
import subprocess
import sys
import time

from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.rows import Row, reaching, sized

ROUNDS = sized(5, 1)
TORCH = "import torch"
LOADING = (
    "Python's own loading of Qt and of our modules: 0.28, 0.93 and 0.96 s on an AMD EPYC with AVX-512, on which "
    "PyTorch alone is loaded in 1.73 s"
)
FURNISHING = (
    "features are made one at a time in the window's thread, while the threads that look for the run and load PyTorch "
    "ask for Python's lock; 100 ms on an AMD EPYC with AVX-512"
)

# A start as a user makes it, with a hand that moves as soon as there is a picture. Says when the window is painted,
# when there are dots and a picture, when the hand is answered, when PyTorch has the run, and the longest between two
# ticks of 16 ms until then, of which those are no part.
START = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
import explorer.start as start
began, begin, ticks, pictures = float(sys.argv[1]), start.Beginning._begin, [], []
told = set()
def say(what):
    told.add(what)
    print(what, time.time() - began)
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not ticks:
            say("visible")
            ticks.append(time.time())
            self.timer = QTimer(interval=16)
            self.timer.timeout.connect(lambda: ticks.append(time.time()))
            self.timer.start()
        return False
class WatchedWindow(start.MainWindow):
    def __init__(self, settings):
        super().__init__(settings)
        self.installEventFilter(Watch(self))
def begin_watched(beginning, program):
    workspace = program.workspace
    def follow(place):
        pictures.append(place)
        if len(pictures) == 1:
            say("picture")
            workspace.first_sight.look_at_point(0.5, 0.5)
        if len(pictures) == 2:
            say("drag")
    workspace.learning.map_seen.connect(lambda _: say("dots"))
    workspace.first_sight.place_decoded.connect(follow)
    workspace.first_sight.surroundings_found.connect(judge)
    workspace.viewing.place_decoded.connect(leave)
    workspace.viewing.surroundings_found.connect(judge)
    begin(beginning, program)
    look(program.window)
def look(window):
    from explorer.picture.panel import PicturePanel
    panel = window.findChild(PicturePanel)
    if panel is None or panel.decoded is None:
        QTimer.singleShot(5, window, lambda: look(window))
    else:
        window.repaint()
        say("seen")
def judge(found):
    if "verdict" not in told:
        say("verdict")
def leave(place):
    if len(pictures) < 2:
        say("drag")
    say("opened")
    for each in {"seen", "verdict"} - told:  # at the earliest
        say(each)
    print("gap", max(after - before for before, after in zip(ticks, ticks[1:] + [time.time()])) - 0.016)
    QApplication.instance().closeAllWindows()
start.Beginning._begin, start.MainWindow = begin_watched, WatchedWindow
start.start(QApplication(sys.argv[:1]), None)
"""


def test_start(record: Record) -> None:
    found: dict[str, list[float]] = {
        "visible": [],
        "dots": [],
        "drag": [],
        "seen": [],
        "verdict": [],
        "opened": [],
        "gap": [],
    }
    torch = []
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"}
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", START, str(time.time())]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout.split()
        for name, values in found.items():
            values.append(float(said[said.index(name) + 1]))
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", TORCH], check=True, env=environment)
        torch.append(time.perf_counter() - began)
    peer = "Python and torch alone"
    for said, name, mark in (
        ("the window is visible", "visible", 0.4),
        ("the dots of the bundled run are there", "dots", 1.0),
        ("a drag is answered by its picture", "drag", 1.5),
        ("a picture is seen in its panel", "seen", 1.5),
    ):
        record(Row(f"start: {said}", "s", found[name], reaching(mark), peer, torch, why_not=LOADING))
    record(Row("start: it is said whether there are pictures at the place", "s", found["verdict"], None, peer, torch))
    record(Row("start: PyTorch has the bundled run", "s", found["opened"], None, peer, torch))
    gaps = [1000 * gap for gap in found["gap"]]
    what = "start: the longest that the visible window stands still"
    record(Row(what, "ms", gaps, reaching(150.0), why_not=FURNISHING))
