"""The window while it reads the worst of folders: a worker that aborts, one that sleeps for ever, and a real folder."""

import importlib
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer

from core.images import from_folder
from core.images.decoding.workers import Decoders
from tests.explorer.opened import Opened

CLIPART = Path("/usr/share/openclipart/png")
TREACHEROUS = """
import os, time
from core.images.decoding.decode import decode

def decode_badly(path, target):
    if path.endswith("abort.png"): os.abort()
    if path.endswith("hang.png"): time.sleep(1000)
    return decode(path, target)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Every picture of openclipart, and two that end or stop their decoder."""
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "clip art").symlink_to(CLIPART)
    for name in ("abort.png", "hang.png"):
        source = next(CLIPART.rglob("*.png"))
        (tmp_path / "set" / name).write_bytes(source.read_bytes())
    return tmp_path / "set"


@pytest.mark.skipif(not CLIPART.is_dir(), reason="needs openclipart-png")
def test_the_window_stays_smooth_while_decoders_die(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Opened
) -> None:
    (tmp_path / "treacherous.py").write_text(TREACHEROUS)
    monkeypatch.syspath_prepend(tmp_path)
    bad = importlib.import_module("treacherous").decode_badly

    monkeypatch.setattr(from_folder, "Decoders", partial(Decoders, time_limit=5.0, decode_one=bad))
    ticks: list[float] = []
    timer = QTimer(interval=16)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    loop = QEventLoop()
    program.workspace.images_changed.connect(loop.quit)
    program.workspace.open(folder)
    timer.start()
    loop.exec()
    timer.stop()
    images = program.workspace.learning.image_set
    assert images is not None
    reasons = {each.path: each.reason for each in images.skipped}
    assert (reasons["abort.png"], reasons["hang.png"]) == ("crashed the decoder", "took too long")
    gaps = 1000 * np.diff(ticks)
    median, high, worst = np.percentile(gaps, (50, 99, 100))
    print(
        f"\n{len(images):,} images read in {ticks[-1] - ticks[0]:.0f} s, one decoder aborted and one stood still: "
        f"a timer of 16 ms comes every {median:.1f} ms, p99 {high:.1f} ms, at worst {worst:.0f} ms"
    )
    program.window.close()
    assert high < 33.0
