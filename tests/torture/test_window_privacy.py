"""What the window does with your pictures, under a trace of its system calls: no network, originals only read."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rights import python_path
from tests.torture.conftest import FULL, Figure
from tests.torture.test_privacy import pictures, state

__all__ = ["pictures"]
# Opens a folder, trains, drags, selects, writes a table and a picture, and closes.
PROGRAM = """if True:
    import sys
    from pathlib import Path
    from PySide6.QtCore import QTimer
    import explorer.start
    from explorer.__main__ import open_window

    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    def drive(program):
        from tests.explorer.opened import parts_of
        from tests.journeys.driving import small
        parts, learning = parts_of(program), program.workspace.learning
        done = []
        def after_map(_):
            if done:
                return
            done.append(1)
            parts.panels.map.point_dragged.emit(0.3, 0.2)
            QTimer.singleShot(1500, learning.pause)
        def after_state(state):
            if state == "paused" and len(done) == 1:
                done.append(2)
                program.workspace.selecting.choose_all()
                viewing = program.workspace.viewing
                gathering = parts.controllers.gathering
                gathering.done.connect(lambda *_: QTimer.singleShot(500, program.window.close))
                import numpy as np
                gathering.export(out / "some.csv", np.arange(3), viewing.latent_space.codes, viewing.table)
        learning.map_moved.connect(after_map)
        learning.state_changed.connect(after_state)
        program.workspace.images_changed.connect(
            lambda _: QTimer.singleShot(0, lambda: learning.train(small(folder, {"network": "mlp"}, epochs=100_000)))
        )
        program.workspace.open(folder)

    def begin(self, program, begin=explorer.start.Beginning._begin):
        QTimer.singleShot(500, lambda: drive(program))
        begin(self, program)

    if __name__ == "__main__":
        explorer.start.Beginning._begin = begin
        sys.exit(open_window(None))
"""
ALLOWED = ("AF_UNIX", "AF_LOCAL")  # a process and its workers, and the X server


@pytest.mark.timeout(600)
@pytest.mark.skipif(not FULL, reason="takes half a minute")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_window_opens_no_socket_and_only_reads_originals(pictures: Path, tmp_path: Path, figure: Figure) -> None:
    before, trace, out = state(pictures), tmp_path / "trace", tmp_path / "out"
    out.mkdir()
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    environment = {**os.environ, "PYTHONPATH": python_path(), "QT_QPA_PLATFORM": "offscreen"}
    watched = "socket,connect,bind,open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,truncate,chmod,utimensat"
    words = ["strace", "-f", "-qq", "-e", f"trace={watched}", "-s", "500", "-o", str(trace)]
    program = [sys.executable, str(script), str(pictures), str(out)]
    done = subprocess.run([*words, *program], env=environment, capture_output=True, check=False, timeout=120)
    said = done.stderr.decode()
    if "ptrace" in said:
        pytest.skip("this system lets nobody trace")
    assert done.returncode == 0, said
    assert (out / "some.csv").exists()
    calls = trace.read_text(errors="replace").splitlines()
    sockets = [line for line in calls if re.search(r"\bsocket\(", line) and not any(each in line for each in ALLOWED)]
    of_originals = [line for line in calls if str(pictures) in line]
    written = [line for line in of_originals if "O_RDONLY" not in line and "ENOENT" not in line]
    assert sockets == []
    assert len(of_originals) > len(before)
    assert written == []
    assert state(pictures) == before
    figure(
        "your pictures stay yours: the window",
        f"sockets of a network {len(sockets)}; originals opened otherwise than for reading {len(written)} of "
        f"{len(of_originals)} times; changed originals 0 / {len(before)}, in {len(calls):,} system calls seen",
    )
