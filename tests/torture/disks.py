"""Small disks, which can be filled and taken away."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of so many bytes, as in "3m"; the test is skipped for who may not mount one."""
    place.mkdir()
    if not _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)):
        pytest.skip("only who may mount a disk can fill it")
    try:
        yield place
    finally:
        while place.is_mount():  # twice, where writing is still forbidden
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave nothing free; returns the file to remove for room."""
    ballast = disk / ".ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def take_away(disk: Path) -> Callable[[], object]:
    """Pull the plug of a disk; returns what puts it back."""
    socket = disk.with_name(f"{disk.name}-socket")
    socket.mkdir()
    assert _mount("--bind", str(disk), str(socket))
    subprocess.run(["umount", "--lazy", str(disk)], check=True)

    def back() -> None:
        assert _mount("--bind", str(socket), str(disk))
        subprocess.run(["umount", "--lazy", str(socket)], check=True)

    return back


def forbid_writing(disk: Path) -> Callable[[], object]:
    """Nothing can be written any more, not even by root; returns what allows it again."""
    assert _mount("--bind", str(disk), str(disk))
    assert _mount("-o", "remount,bind,ro", str(disk))
    return lambda: subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _mount(*words: str) -> bool:
    mounting = shutil.which("mount")
    return mounting is not None and not subprocess.run([mounting, *words], capture_output=True, check=False).returncode
