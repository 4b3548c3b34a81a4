"""Rebuilds what ships in this folder: `make assets`. The bundled run is trained by the program's own command."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from core.latent.opening import open_run
from core.places import bundled_run
from core.training import run_folder
from core.training.checkpoints import Checkpoint, load_checkpoint, save_checkpoint

TRAINING = (
    "--latent-dims",
    "12",
    "--learning-rate",
    "1e-3",
    "--batch-size",
    "64",
    "--epochs",
    "1000",
    "--minutes",
    "10",
)
KEPT = (run_folder.CONFIG, run_folder.HISTORY, run_folder.IMAGES, run_folder.SKIPPED, run_folder.CARD)


def make_bundled_run(target: Path) -> None:
    """Train `faces`, and keep of the run what viewing needs: no optimiser, no event files."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "faces"
        command = [sys.executable, "-m", "explorer", "train", "faces", "--run", str(run), *TRAINING]
        subprocess.run(command, check=True)
        checkpoint = load_checkpoint(run, with_training=False)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in KEPT:
            shutil.copy2(run / name, target / name)
        viewing_only = Checkpoint(checkpoint.model, {}, checkpoint.codes, checkpoint.facts)
        save_checkpoint(target / run_folder.CHECKPOINTS, viewing_only)
    opened = open_run(target)
    print(f"{target}: {len(opened.names):,} faces, step {opened.latent_space.step:,}")


if __name__ == "__main__":
    make_bundled_run(bundled_run())
