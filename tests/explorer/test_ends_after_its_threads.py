"""Qt aborts a program that ends before its threads: what is heard as the window closes may begin one more."""

import os
import subprocess
import sys
from pathlib import Path

from core.places import bundled_run
from tests.rights import python_path

PROGRAM = """if True:
    import sys, time
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
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
    timer = QTimer(app, interval=50)
    timer.timeout.connect(close)
    timer.start()
    sys.exit(start(app, Path(sys.argv[1])))
"""


def test_a_job_that_begins_as_the_window_closes_is_stopped_and_saves(home: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": python_path(), "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    words = [sys.executable, "-c", PROGRAM, str(bundled_run())]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "saved\n"), done.stderr
