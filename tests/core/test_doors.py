"""The doors of the house, tried in a Python where what is behind them is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PANELS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "explorer").glob("*/*panel.py")
)
ROOMS = [
    "core.commands",
    "core.training.train",
    "core.latent.open_run",
    "core.images.image_set",
    "core.export.pictures",
]


def run_without(missing: list[str], code: str) -> None:
    blocked = "import sys\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in missing)
    said = subprocess.run([sys.executable, "-c", blocked + code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_the_first_sight_of_a_run_needs_no_torch() -> None:
    seen = "from core.latent.map_preview import see_map\nfrom core.places import bundled_run\n"
    run_without(["torch"], seen + "assert see_map(bundled_run()).space.points.shape == (4000, 2)")


def test_neither_neighbours_nor_a_verdict_need_torch() -> None:
    seen = "from core.latent.map_preview import see_map\nfrom core.latent.around_place import Surveyor\n"
    asked = "space = see_map(bundled_run()).space\nfound = Surveyor().survey(space, space.first_place)\n"
    told = "assert len(found.nearest) == 8 and found.standing.verdict == 'among' and found.round_trip > 0"
    run_without(["torch"], seen + "from core.places import bundled_run\n" + asked + told)


def test_the_first_place_is_decoded_before_anything_slow_is_loaded() -> None:
    seen = "from core.latent.map_preview import see_map\nfrom core.places import bundled_run\n"
    decoded = "space = see_map(bundled_run()).space\nassert space.decode(space.codes[:1]).shape == (1, 64, 64, 3)\n"
    slow = "assert not {'torch', 'torchvision', 'sklearn', 'pandas', 'scipy'} & set(sys.modules)"
    run_without([], "import sys\n" + seen + decoded + slow)


def test_core_needs_no_qt() -> None:
    run_without(["PySide6", "pyqtgraph"], "\n".join(f"import {room}" for room in ROOMS))


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_needs_no_torch(panel: str) -> None:
    run_without(["torch", "torchvision"], f"import {panel}")


def test_the_window_is_made_before_torch_is_loaded() -> None:
    code = "import explorer.start\nassert 'torch' not in sys.modules\nassert 'sklearn' not in sys.modules"
    run_without([], code)


def test_help_loads_neither_torch_nor_qt() -> None:
    code = "from explorer.__main__ import main\nassert main(['--help']) == 0\n"
    run_without([], code + "assert not {'torch', 'PySide6', 'pydantic'} & set(sys.modules)")


def test_without_a_screen_the_window_says_what_to_do_instead() -> None:
    code = "import os, sys\nfrom explorer.__main__ import main\nsys.exit(main([]))"
    environment = {"PATH": "/usr/bin", "HOME": "/nonexistent"}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems always have a screen")
    assert said.returncode == 2
    assert "latentscape train" in said.stderr
    assert "Traceback" not in said.stderr


def test_missing_system_libraries_are_named() -> None:
    code = (
        "import ctypes, explorer.__main__ as program\n"
        "def missing(name): raise OSError(name)\n"
        "ctypes.CDLL = missing\n"
        "program.os.environ.update(DISPLAY=':0', QT_QPA_PLATFORM='xcb')\n"
        "assert program.main([]) == 2"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "sudo apt install libegl1" in said.stderr
