"""Starts the sides: ours, and the peers with what they need on their path."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs

ROOT = Path(__file__).parents[4]
NEEDED = ("pythae==0.1.2", "cloudpickle", "tqdm", "imageio")  # torch, pydantic and the rest are here already


def pythae_folder() -> Path | None:
    """Where pythae is, in the user's cache beside this program's own environment; None where it cannot be installed."""
    folder = platformdirs.user_cache_path("latentscape-benchmarks") / "pythae-0.1.2"
    if not (folder / "pythae").exists():
        install = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), *NEEDED)
        if subprocess.run(install, check=False).returncode:
            return None
    return folder


def said_by(side: str, *words: object, path: Path | None = None) -> dict[str, Any]:
    """What a side prints last, run with these words in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, (path, ROOT))))}
    environment.pop("OMP_WAIT_POLICY", None)  # each side sets what it sets itself
    command = (sys.executable, "-m", f"tests.benchmarks.table.sides.{side}", *map(str, words))
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{side}: {done.stderr.strip().splitlines()[-1]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
