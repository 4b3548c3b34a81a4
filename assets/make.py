"""Rebuilds what this folder holds, by the program's own commands and in its own window: `make assets` (45 minutes).

`python -m assets.make NAME…` rebuilds only those: bundled_run, fashion-mnist, openclipart.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from core.latent.open_run import open_run
from core.places import bundled_run
from core.training import run_folder
from core.training.checkpoint_folder import Checkpoint
from core.training.checkpoints import load_checkpoint, save_checkpoint
from core.training.cover_picture import COVER
from core.training.history import HISTORY
from core.training.image_table import IMAGES

SIZE = (1480, 940)  # of the window, pixels
SCREEN = Path(__file__).parent.parent / "tests" / "screen.json"  # without it Qt's own is a square of 800 pixels
SCREENSHOTS = Path(__file__).parent / "screenshots"
KEPT = (run_folder.CONFIG, HISTORY, IMAGES, run_folder.SKIPPED, run_folder.CARD, COVER)
RUNS = {  # name: what `latentscape train` is told
    "bundled_run": "faces --latent-dims 24 --width 24 --epochs 1000 --minutes 22",
    "fashion-mnist": "fashion-mnist --epochs 100000 --minutes 8",
    "openclipart": "/usr/share/openclipart/png --preset sharp --width 32 --epochs 100000 --minutes 9",
}


def train(name: str, run: Path) -> None:
    """Train one of the runs by command."""
    command = [sys.executable, "-m", "explorer", "train", *RUNS[name].split(), "--run", str(run)]
    subprocess.run(command, check=True)


def keep_for_viewing(run: Path, target: Path) -> None:
    """Keep of a run what viewing needs: no optimiser, no event files."""
    checkpoint = load_checkpoint(run, with_training=False)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in KEPT:
        shutil.copy2(run / name, target / name)
    viewing_only = Checkpoint(checkpoint.model, {}, checkpoint.codes, checkpoint.facts)
    save_checkpoint(target / run_folder.CHECKPOINTS, viewing_only)
    opened = open_run(target)
    print(f"{target.name}: {len(opened.names):,} images, step {opened.latent_space.step:,}")


def shoot(run: Path, name: str, has_grid: bool) -> None:
    """A picture of the window on a run."""
    os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={os.path.relpath(SCREEN)}")
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from explorer.map.panel import MapPanel
    from explorer.shell.main_window import MainWindow
    from explorer.start import make_program
    from explorer.toolkit.theme import apply_theme, set_scheme
    from explorer.workspace.settings import Settings

    def wait(milliseconds: int) -> None:
        loop = QEventLoop()  # not QTest.qWait, which holds Python's lock, so that no other thread gets on
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app)
    set_scheme(app, "light")
    SCREENSHOTS.mkdir(exist_ok=True)
    settings = Settings()
    program = make_program(MainWindow(settings), settings)
    program.window.resize(*SIZE)
    program.window.show()
    workspace, docks = program.workspace, program.shell.docks
    docks.make_seen()
    docks.make_rest()
    workspace.open(run)
    for _ in range(1_200):
        wait(100)
        if workspace.viewing.image_set is not None and workspace.learning.state != "reading":
            break
    workspace.viewing.look_at_image(7)
    wait(2_000)
    if has_grid:
        panel = program.window.findChild(MapPanel)
        assert panel is not None
        panel.actions_by_name["grid"].trigger()
        wait(10_000)
    program.window.grab().save(str(SCREENSHOTS / f"{name}.png"))
    program.window.close()


def main(names: list[str]) -> None:
    """Rebuild these, or all."""
    for name in names or RUNS:
        with tempfile.TemporaryDirectory() as folder:
            run = Path(folder) / name
            train(name, run)
            if name == "bundled_run":
                keep_for_viewing(run, bundled_run())
            shoot(run, name.replace("bundled_run", "faces-grid"), has_grid=name == "bundled_run")


if __name__ == "__main__":
    main(sys.argv[1:])
