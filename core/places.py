"""Where things are kept on this machine; `LATENTSCAPE_HOME` moves them all."""

import os
from pathlib import Path

import platformdirs

_APP = "latentscape"


def cache_folder() -> Path:
    """Decoded images, safe to delete."""
    return _place("cache", platformdirs.user_cache_path(_APP))


def runs_folder() -> Path:
    """The runs that were given no folder of their own."""
    return _place("runs", platformdirs.user_data_path(_APP) / "runs")


def datasets_folder() -> Path:
    """Image sets known by name, laid out as torchvision does: a root of its datasets may be put or linked here.

    It may be missing: nothing makes it but fetching a set.
    """
    return _path("datasets", platformdirs.user_data_path(_APP) / "datasets")


def settings_folder() -> Path:
    """What the window remembers."""
    return _place("settings", platformdirs.user_config_path(_APP))


def bundled_run() -> Path:
    """The run that ships with the program and is open at the first start."""
    return Path(__file__).resolve().parent.parent / "assets" / "bundled_run"


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run that was saved at least once."""
    return (folder / "config.json").is_file() and (folder / "latest").is_file()


def icon_file() -> Path:
    """The program's icon."""
    return Path(__file__).parent.parent / "assets" / "icon.svg"


def tick_file() -> Path:
    """The tick in a box that is ticked."""
    return Path(__file__).parent.parent / "assets" / "tick.svg"


def _place(name: str, usual: Path) -> Path:
    folder = _path(name, usual)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _path(name: str, usual: Path) -> Path:
    home = os.environ.get("LATENTSCAPE_HOME")
    return Path(home) / name if home else usual
