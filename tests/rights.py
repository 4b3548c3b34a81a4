"""Processes that file permissions hold for, even where the tests run as root."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_DROP, _OVERRIDE, _SEARCH = 24, 1, 2  # PR_CAPBSET_DROP; the rights to write and to read whatever the bits say


def run(words: Sequence[str], home: Path | str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python with these words as somebody who may do only what the permissions say; `home` is the program's."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LATENTSCAPE_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment,
        preexec_fn=_obey if sys.platform == "linux" and os.geteuid() == 0 else None,
    )


def command(words: Sequence[str], home: Path | str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `latentscape` with these words."""
    return run(["-m", "core", *words], home, cwd)


def _obey() -> None:
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for right in (_OVERRIDE, _SEARCH):
        if prctl(_DROP, right, 0, 0, 0):
            os._exit(99)
