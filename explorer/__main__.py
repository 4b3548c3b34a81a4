"""Where the program starts: environment for OpenMP, then Qt, then the window, then, in a thread, torch."""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from core.ending_signals import ENDING

if TYPE_CHECKING:
    from core.imported.wish import ModelWish

SIGNALLED = 128
HEADLESS = ("offscreen", "minimal", "vnc")
# What Qt loads from the system for a window under X11, and Debian's name for it: without one, Qt aborts the program.
X11_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
INSTEAD = "without a window, `latentscape train FOLDER --run RUN` trains, and `latentscape --help` lists the rest."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `latentscape`; returns the exit code."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # else a redrawing window slows training ten times and more
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's products would wait, spinning, for a core that is busy
    for number in ENDING:  # until there is a window to close, or a command that heeds them
        signal.signal(number, lambda number, _: os._exit(SIGNALLED + number))
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not words:
        return open_window(None)
    from core.commands import main as run_command

    return run_command(words, open_window)


def run() -> NoReturn:
    """Run `latentscape` to its end."""
    code = main()
    from core.torchrun import end

    end(code)


def open_window(path: Path | None, is_anew: bool = False, model: "ModelWish | None" = None) -> int:
    """Open the window on a run, a folder or a picture, or where it was left; returns the exit code.

    With `is_anew` every file of its images is decoded once more; with a `model` that was trained elsewhere it is asked
    about over what was left.
    """
    if problem := _missing_screen() or _missing_libraries():
        print(problem, file=sys.stderr)
        return 2
    from PySide6.QtWidgets import QApplication

    from explorer.start import start

    return start(QApplication(sys.argv[:1]), path, is_anew, model)


def _missing_screen() -> str:
    if not _needs_x11() or os.environ.get("DISPLAY"):
        return ""
    return f"There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set); {INSTEAD}"


def _missing_libraries() -> str:
    if not _needs_x11():
        return ""
    missing = [package for library, package in X11_LIBRARIES.items() if not _is_there(library)]
    if not missing:
        return ""
    return f"The window needs system libraries: on Debian or Ubuntu, sudo apt install {' '.join(missing)}; {INSTEAD}"


def _needs_x11() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    platform = os.environ.get("QT_QPA_PLATFORM", "wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")
    return platform.split(":")[0] not in (*HEADLESS, "wayland")


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    run()
