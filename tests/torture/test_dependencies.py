"""The parts we stand on: to import one writes no file and makes no connection."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rights import python_path
from tests.torture.conftest import FULL, Figure

ROOT = Path(__file__).parents[2]
PARTS = (
    "torch", "PIL.Image", "tifffile", "safetensors.torch", "pydantic", "tyro", "rich", "platformdirs",
    "filelock", "tensorboardX", "sklearn.mixture", "contourpy", "PySide6.QtWidgets", "pyqtgraph", "numpy",
)  # fmt: skip
# An empty folder for compiled code where temporary files are, a list of fonts: each makes a cache of its own.
CACHING = ("torch._dynamo", "torchvision", "matplotlib.figure")
QUICK = ("tensorboardX", "pyqtgraph")


def imported(name: str, home: Path) -> list[str]:
    """What the import of a package did, in a home of its own."""
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": python_path(), "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    words = [sys.executable, "-m", "tests.torture.imported", name]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    left = [str(path) for path in home.rglob("*") if path.is_file()]
    return [*filter(None, done.stdout.splitlines()), *left]


@pytest.mark.timeout(600)
def test_importing_what_we_stand_on_writes_nothing_and_asks_nobody(tmp_path: Path, figure: Figure) -> None:
    parts = PARTS if FULL else QUICK
    found = {name: imported(name, tmp_path / name) for name in parts}
    caches = [did for name in CACHING if FULL for did in imported(name, tmp_path / name)]
    figure(
        "the parts we stand on: imports",
        f"files written and sockets made {sum(map(len, found.values()))} by {len(parts)} packages; sockets made by "
        f"{', '.join(CACHING)} {sum('socket' in did for did in caches)}, which make a cache of their own",
    )
    assert {name: did for name, did in found.items() if did} == {}
    assert not [did for did in caches if "socket" in did]
