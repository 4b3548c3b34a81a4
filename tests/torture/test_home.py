"""Settings, lists and decoded images never stop the start: every file of the program's home, spoiled in every way."""

import os
import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.config import ImagesConfig
from core.images.image_set import ImageSetReady, build_image_set
from core.places import cache_folder, settings_folder
from tests.journeys.conftest import open_program
from tests.journeys.driving import PATIENCE, Open, read
from tests.torture.conftest import FULL, Figure

__all__ = ["open_program"]
HUGE_ARRAY = (
    b"\x93NUMPY\x01\x00v\x00{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000000,), }".ljust(127) + b"\n"
)
Spoil = Callable[[Path, random.Random], object]


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    if content:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def replaced(make: Callable[[Path], object]) -> Spoil:
    def spoil(path: Path, _: random.Random) -> None:
        path.unlink()
        make(path)

    return spoil


WAYS: dict[str, Spoil] = {
    "noise": lambda path, chance: path.write_bytes(chance.randbytes(chance.choice((1, 40, 4000)))),
    "cut": lambda path, chance: path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size or 1)]),
    "flip": flip,
    "empty": lambda path, _: path.write_bytes(b""),
    "deep": lambda path, _: path.write_text("[" * 100_000),
    "infinite": lambda path, _: path.write_text('{"limit": 1e999, "bytes": 1e999, "shape": [1e999, 1, 1, 1]}'),
    "huge array": lambda path, _: path.write_bytes(HUGE_ARRAY),
    "folder": replaced(Path.mkdir),
    "missing": lambda path, _: path.unlink(),
}
if hasattr(os, "mkfifo"):
    WAYS["pipe"] = replaced(os.mkfifo)


@pytest.mark.timeout(3600)
def test_the_window_opens_its_images_whatever_has_become_of_its_home(
    qtbot: QtBot, open_program: Open, folder: Path, home: Path, tmp_path: Path, figure: Figure
) -> None:
    program = open_program()
    read(qtbot, program, folder)
    settings = settings_folder()
    (settings / "cache.json").write_text('{"limit": 1000000000}')
    (settings / "exploration.json").write_text("{}")
    program.window.close()
    whole = shutil.copytree(home, tmp_path / "whole")
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    tries = [(file, way) for file in files for way in WAYS]
    chance, opened = random.Random(0), 0
    for file, way in tries if FULL else tries[:: len(tries) // 2]:
        shutil.rmtree(home)
        shutil.copytree(whole, home)
        WAYS[way](home / file, chance)
        program = open_program()
        if file.name == "exploration.json":  # of the run that ships with the program
            with qtbot.waitSignal(program.workspace.learning.run_opened, timeout=PATIENCE):
                program.workspace.open(None)
        read(qtbot, program, folder)
        assert len(program.workspace.learning.image_set) == 24, (file, way)
        program.window.close()
        opened += 1
    figure("a broken home never stops the start", f"starts {opened} / {opened}, {len(files)} files, {len(WAYS)} ways")


def test_decoded_images_that_were_spoiled_are_decoded_anew(
    folder: Path, tmp_path: Path, times: Callable[[int, int], int]
) -> None:
    list(build_image_set(str(folder), ImagesConfig()))
    whole = shutil.copytree(cache_folder(), tmp_path / "whole")
    files = sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file())
    chance = random.Random(1)
    for _ in range(times(8, 300)):
        shutil.rmtree(cache_folder())
        shutil.copytree(whole, cache_folder(), dirs_exist_ok=True)
        with suppress(OSError):
            WAYS[chance.choice(list(WAYS))](cache_folder() / chance.choice(files), chance)
        *_, ready = build_image_set(str(folder), ImagesConfig())
        assert isinstance(ready, ImageSetReady)
        assert len(ready.image_set) == 24
