"""Commands that file permissions hold for, even where the tests run as root."""

import ctypes
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from core.commands import main

ROOT = Path(__file__).parents[1]
_DROP, _OVERRIDE, _SEARCH = 24, 1, 2  # PR_CAPBSET_DROP; the rights to write and to read whatever the bits say
_VERSION = 0x20080522  # of the records that capget and capset of Linux take


def run(words: Sequence[str], home: Path | str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python with these words as somebody who may do only what the permissions say; `home` is the program's."""
    environment = {
        **os.environ,
        "PYTHONPATH": python_path(),
        "LATENTSCAPE_HOME": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment,
        preexec_fn=_obey if _is_root_of_linux() else None,
    )


def python_path() -> str:
    """PYTHONPATH for another Python: these sources before all that this one was told of."""
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def command(words: Sequence[str], home: Path | str) -> subprocess.CompletedProcess[str]:
    """Run `latentscape` with these words, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err), _obeying():
        patch.setenv("LATENTSCAPE_HOME", str(home))
        code = main(words)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def _is_root_of_linux() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


@contextmanager
def _obeying() -> Iterator[None]:
    """This thread, and those that it starts, may do only what the permissions say."""
    if not _is_root_of_linux():
        yield
        return
    libc, header = ctypes.CDLL(None, use_errno=True), (ctypes.c_uint32 * 2)(_VERSION, 0)
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable of the first 32, then of the others
    assert libc.capget(header, rights) == 0
    before = rights[0]
    rights[0] = before & ~(1 << _OVERRIDE | 1 << _SEARCH)
    assert libc.capset(header, rights) == 0
    try:
        yield
    finally:
        rights[0] = before
        assert libc.capset(header, rights) == 0


def _obey() -> None:
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for right in (_OVERRIDE, _SEARCH):
        if prctl(_DROP, right, 0, 0, 0):
            os._exit(99)
