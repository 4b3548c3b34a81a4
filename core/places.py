"""Where things are kept on this machine; `LATENTSCAPE_HOME` moves them all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from core.errors import PlaceError
from core.written_paths import said

_HOME = "LATENTSCAPE_HOME"
_APP = "latentscape"
_FULL = {errno.ENOSPC, errno.EDQUOT}
DECODED, RUNS, SETTINGS = "Decoded images", "Runs", "Settings"


def cache_folder() -> Path:
    """Decoded images, safe to delete."""
    return _place(DECODED, "cache", platformdirs.user_cache_path(_APP))


def runs_folder() -> Path:
    """The runs that were given no folder of their own."""
    return _place(RUNS, "runs", platformdirs.user_data_path(_APP) / "runs")


def datasets_folder() -> Path:
    """Image sets known by name, laid out as torchvision does: a root of its datasets may be put or linked here.

    It may be missing: nothing makes it but fetching a set.
    """
    return _path("datasets", platformdirs.user_data_path(_APP) / "datasets")


def settings_folder() -> Path:
    """What the window remembers."""
    return _place(SETTINGS, "settings", platformdirs.user_config_path(_APP))


def bundled_run() -> Path:
    """The run that ships with the program and is open at the first start."""
    return Path(__file__).resolve().parent.parent / "assets" / "bundled_run"


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run that was saved at least once."""
    return all(os.path.isfile(folder / name) for name in ("config.json", "latest"))


def icon_file() -> Path:
    """The program's icon."""
    return Path(__file__).parent.parent / "assets" / "icon.svg"


def set_aside(path: Path) -> Path:
    """Something of the program's own that it cannot read gets another name, and so is kept. Raises OSError."""
    kept = path.with_name(f"{path.name}.bak")
    path.replace(kept)
    return kept


@contextmanager
def keeping(what: str, folder: Path) -> Iterator[None]:
    """What goes wrong on the disk within becomes a PlaceError: what cannot be kept, where, why, and what to do."""
    try:
        yield
    except OSError as error:
        raise PlaceError(not_kept(what, folder, error)) from error


def not_kept(what: str, folder: Path, error: Exception) -> str:
    """The sentence for a place of the program's own that cannot be used; `what` as in "Decoded images"."""
    why = _obstacle(folder) or getattr(error, "strerror", None) or error
    mend = "make room there, or " if getattr(error, "errno", None) in _FULL else ""
    return f"{what} cannot be kept in {said(folder)}: {why}; {mend}let {_HOME} name a folder that can be written."


def _place(what: str, name: str, usual: Path) -> Path:
    folder = _path(name, usual)
    with keeping(what, folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _path(name: str, usual: Path) -> Path:
    home = os.environ.get(_HOME, "").strip()
    return Path(os.path.abspath(os.path.expanduser(home))) / name if home else usual


def _obstacle(folder: Path) -> str:
    """What stands where a folder should be; empty when nothing does."""
    for each in (folder, *folder.parents):
        if os.path.isdir(each):
            return ""
        if os.path.lexists(each):
            return f"{said(each)} is a {'file' if os.path.exists(each) else 'link that leads nowhere'}"
    return ""
