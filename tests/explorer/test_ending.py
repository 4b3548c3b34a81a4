"""However the program is left, it ends well: with a job just begun, with its terminal, with nobody to hear it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.places import bundled_run
from tests.rights import python_path
from tests.terminals import in_terminal

PROGRAM = """if True:
    import sys, time
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from core.torchrun import end
    from explorer.shell.main_window import MainWindow
    from explorer.start import start

    def work():
        try:
            while True:
                time.sleep(0.1)
                yield
        finally:
            time.sleep(0.5)
            print("saved", flush=True)

    def close():
        from explorer.workspace.lone_job import LoneJob
        window = next((each for each in app.topLevelWidgets() if isinstance(each, MainWindow)), None)
        if window is None:
            return
        timer.stop()
        window.job = LoneJob(window)
        window.close()
        window.job.begin(work)

    app = QApplication(sys.argv[:1])
    timer = QTimer(app, interval=int(sys.argv[2]))
    timer.timeout.connect(close)
    timer.start()
    end(start(app, Path(sys.argv[1])))
"""


SPEAKS = 4.0  # seconds in which it goes on to
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="terminals and pipes of POSIX")


@pytest.fixture
def environment(home: Path, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": python_path(), "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}


@pytest.mark.parametrize("after", [0, 50], ids=["at_once", "while_it_loads"])
def test_a_job_that_begins_as_the_window_closes_is_stopped_and_saves(environment: dict[str, str], after: int) -> None:
    """Qt aborts a program that ends before its threads, and lets one go on that was closed before its event loop."""
    words = [sys.executable, "-c", PROGRAM, str(bundled_run()), str(after)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "saved\n"), done.stderr


WINDOW = [sys.executable, "-m", "explorer", "open", str(bundled_run())]
CHATTER = "propagateSizeHints"  # that Qt's offscreen platform says of every window


@needs_posix
@pytest.mark.long
def test_a_window_outlives_whoever_read_what_it_says(environment: dict[str, str]) -> None:
    """As `latentscape 2>&1 | head` does; Qt goes on to speak."""
    with subprocess.Popen(WINDOW, env=environment, stderr=subprocess.PIPE, text=True) as window:
        assert window.stderr is not None
        assert CHATTER in window.stderr.readline()
        window.stderr.close()
        time.sleep(SPEAKS)
        assert window.poll() is None
        window.send_signal(signal.SIGTERM)
        assert window.wait(60) == 0


@needs_posix
def test_a_window_closes_with_the_terminal_it_was_started_from(environment: dict[str, str]) -> None:
    window, own = in_terminal(WINDOW, environment)
    with window:
        said = b""
        while CHATTER.encode() not in said:
            said += os.read(own, 1000)
        os.close(own)
        assert window.wait(60) == 0
