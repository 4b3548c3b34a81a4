"""An error is seen, once, in words: real exceptions, wherever the window's code runs, in the program itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.places import bundled_run
from tests.rights import python_path
from tests.torture.conftest import FULL, Figure

PRIVATE = "/home/somebody/My holidays/run of Anna"
HIDDEN = ("somebody", "holidays", "Anna", "/home", "/tmp")
# Starts the window, lets its parts go wrong, and writes down what its strip said and what it would copy.
PROGRAM = r"""if True:
    import json, re, sys, time
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
    import explorer.__main__ as program
    import work

    where, told, run, wanted = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])

    def seen():
        from explorer.shell.fault_notice import FaultNotice
        window = next(each for each in QApplication.topLevelWidgets() if each.findChild(FaultNotice))
        return window, window.findChild(FaultNotice)

    def begin():
        window, notice = seen()
        if not where.startswith("next"):
            work.PLACES[where](window)
        began = time.monotonic()
        def settle():
            said = notice.findChild(QLabel).text() if notice.isVisible() else ""
            more = re.search(r"has (\d+) other", said)
            shown = (1 + int(more[1]) if more else 1) if said else 0
            if shown < wanted and time.monotonic() < began + work.PATIENCE:  # a busy machine is slow to begin a process
                QTimer.singleShot(100, settle)
                return
            button = next(each for each in notice.findChildren(QPushButton) if each.text().startswith("Cop"))
            button.click()
            told.write_text(json.dumps({
                "shown": shown, "said": said, "report": QApplication.clipboard().text(), "alive": window.isVisible(),
                "job": work.SAID,
            }))
            window.close()
        QTimer.singleShot(work.MILLISECONDS, settle)

    def when_up():
        from explorer.shell.fault_notice import FaultNotice
        if any(each.findChild(FaultNotice) for each in QApplication.topLevelWidgets()):
            timer.stop()
            begin()

    if __name__ == "__main__":
        from PySide6.QtWidgets import QApplication as App
        made = App.__init__
        def make(self, *words):
            made(self, *words)
            global timer
            timer = QTimer(self, interval=20)
            timer.timeout.connect(when_up)
            timer.start()
        App.__init__ = make
        sys.exit(program.main(["open", run]))
"""
WORK = """
import atexit, threading
from core.child_process import in_own_process
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget

PRIVATE = {private!r}
MILLISECONDS, PATIENCE = 1500, 60.0
SAID = []
kept = []

def fail(*_):
    raise KeyError(PRIVATE)

class Painted(QWidget):
    def paintEvent(self, event):
        from PySide6.QtGui import QPainter
        painter = QPainter(self)
        fail()

class Destroyed:
    def __del__(self):
        fail()

def in_slot(window):
    button = QPushButton(window)
    button.clicked.connect(lambda: fail())
    kept.append(button)
    for _ in range(3):
        button.click()

def in_paint(window):
    painted = Painted(window)
    painted.resize(50, 50)
    painted.show()
    timer = QTimer(window, interval=16)
    timer.timeout.connect(painted.update)
    timer.start()

def in_timer(window):
    timer = QTimer(window, interval=16)
    timer.timeout.connect(lambda: fail())
    timer.start()

def in_job(window):
    from explorer.workspace.lone_job import LoneJob
    job = LoneJob(window)
    def reports():
        yield 1
        fail()
    job.failed.connect(SAID.append)
    job.begin(reports)

def in_thread(window):
    threading.Thread(target=lambda: fail()).start()

def in_process(window):
    from explorer.workspace.lone_job import LoneJob
    job = LoneJob(window)
    job.failed.connect(SAID.append)
    job.begin(lambda: in_own_process(faulty))

def faulty():
    yield 1
    fail()

def in_destructor(window):
    Destroyed()

def at_exit(window):
    atexit.register(lambda: fail())

def everywhere(window):
    for name, go_wrong in PLACES.items():
        if name != "all":
            go_wrong(window)

PLACES = {{
    "all": everywhere, "slot": in_slot, "paint": in_paint, "timer": in_timer, "job": in_job, "thread": in_thread,
    "process": in_process,
    "destructor": in_destructor, "exit": at_exit,
}}
"""
HERE = ("slot", "paint", "timer", "job", "thread", "process", "destructor")


def wanted(where: str) -> int:
    """How many errors the strip is to tell of: one at exit is told at the next start."""
    return {"all": len(HERE), "exit": 0}.get(where, 1)


def go_wrong(where: str, tmp_path: Path) -> tuple[dict[str, object], str]:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "work.py").write_text(WORK.format(private=PRIVATE))
    told = tmp_path / f"{where}.json"
    path = os.pathsep.join([python_path(), str(tmp_path)])
    environment = {**os.environ, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    words = [sys.executable, str(tmp_path / "program.py"), where, str(told), str(bundled_run()), str(wanted(where))]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(told.read_text()), done.stderr


@pytest.mark.timeout(1200)
def test_an_error_is_told_once_in_words_and_its_report_names_nobody(home: Path, tmp_path: Path, figure: Figure) -> None:
    """The quick form lets all of it happen in one window."""
    log, last = (home / "settings" / name for name in ("faults.log", "last_fault.txt"))
    once, leaks = 0, []
    for where in (*HERE, "exit") if FULL else ("all",):
        told, stderr = go_wrong(where, tmp_path)
        assert told["alive"], where
        if where in ("exit", "all"):  # there is no window any more: it is told at the next start
            assert "KeyError" in last.read_text("utf-8")
        if where == "exit":
            assert told["shown"] == 0
            told, _ = go_wrong("next start", tmp_path)
            assert last.read_text("utf-8") == ""
        once += told["shown"] == max(1, wanted(where))
        assert "KeyError" in str(told["said"]), (where, told, stderr)
        assert "Traceback" not in str(told["said"])
        assert "fail" in str(told["report"]), told  # where in the code it was
        leaks += [(where, word) for word in (*HIDDEN, str(tmp_path), python_path()) if word in str(told["report"])]
    assert log.read_text("utf-8").count("KeyError") >= len(HERE)
    assert log.stat().st_size < 100_000
    places = len(HERE) + 1 if FULL else 1
    figure(
        "an error is seen, once, in words",
        f"surfaced once each {once} / {places} ({', '.join(HERE)}, exit); reports with a path or a name {len(leaks)}",
    )
    assert (once, leaks) == (places, [])
