"""Where the program starts: environment for OpenMP, then Qt, then the window, then, in a thread, torch."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `latentscape`; returns the exit code."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # else a redrawing window slows training ten times and more
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if not arguments:
        return open_window(None)
    from core.commands import main as run_command

    return run_command(arguments, open_window)


def open_window(path: Path | None) -> int:
    """Open the window on a run, a folder or a picture, or where it was left; returns the exit code."""
    if problem := _missing_display():
        print(problem, file=sys.stderr)
        return 2
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        print(f"{_missing_qt(error)}", file=sys.stderr)
        return 2
    from explorer.start import start

    app = QApplication.instance() or QApplication(sys.argv[:1])
    return start(app, path)


def _missing_display() -> str:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "xcb").split(":")[0] in HEADLESS:
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "There is no screen to open a window on (DISPLAY is not set); "
        "without one, `latentscape train FOLDER --run RUN` trains, and `latentscape --help` lists the rest."
    )


HEADLESS = ("offscreen", "minimal", "vnc")


def _missing_qt(error: ImportError) -> str:
    return (
        f"The window needs a system library that is missing ({error}); on Debian or Ubuntu install it with "
        "`sudo apt install libegl1 libgl1 libxkbcommon-x11-0 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 "
        "libxcb-shape0 libxcb-xkb1 libxcb-image0 libxcb-render-util0`. Without it, `latentscape train` still trains."
    )


if __name__ == "__main__":
    sys.exit(main())
