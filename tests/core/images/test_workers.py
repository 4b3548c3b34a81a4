"""A decoder that crashes or hangs costs its file, and nothing else."""

import importlib
import multiprocessing
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from core.errors import ImagesError
from core.images.decode import Picture, Target
from core.images.workers import Decoded, decode_files, worker_count
from core.reports import Skipped

TARGET = Target(16, 3)
TREACHEROUS = """
import os, sys, time
import numpy as np
from core.images.decode import Picture, decode

def decode_badly(path, target):
    name = os.path.basename(path)
    if name.startswith("abort"): os.abort()
    if name.startswith("exit"): os._exit(3)
    if name.startswith("raise"): raise KeyError(name)
    if name.startswith("hang"): time.sleep(1000)
    if name.startswith("greedy"):
        try: np.ones(10**10, np.uint8)
        except MemoryError: os._exit(42)
    return decode(path, target)
"""
STILLBORN = "import os, sys\nif 'decoder' in __import__('multiprocessing').current_process().name: os._exit(1)\n"


def module(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> ModuleType:
    (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "set").mkdir()
    return tmp_path / "set"


def put(folder: Path, *names: str) -> list[str]:
    for name in names:
        Image.new("RGB", (20, 20), "red").save(folder / f"{name}", "PNG")
    return list(names)


def outcomes(found: list[Decoded], names: list[str]) -> dict[str, str]:
    assert sorted(row for row, _ in found) == list(range(len(names)))
    return {names[row]: "" if isinstance(each, Picture) else each.reason for row, each in found}


def no_worker_left() -> bool:
    return not [each for each in multiprocessing.active_children() if each.name == "decoder"]


def test_every_file_is_answered_once(folder: Path) -> None:
    names = put(folder, *(f"{index}.png" for index in range(50)))
    (folder / "7.png").write_bytes(b"broken")
    found = outcomes([each for some in decode_files(folder, names, TARGET, workers=2) for each in some], names)
    assert {name: reason for name, reason in found.items() if reason} == {"7.png": "not a picture"}
    assert no_worker_left()


def test_a_crash_costs_one_file(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = module(tmp_path, monkeypatch, "treacherous", TREACHEROUS)
    names = put(folder, "1", "abort", "2", "3", "exit", "4", "raise", "5", "greedy", "6")
    found = [each for some in decode_files(folder, names, TARGET, decode_one=bad.decode_badly) for each in some]
    crashed = {name for name, reason in outcomes(found, names).items() if reason == "crashed the decoder"}
    assert crashed == {"abort", "exit", "raise"} | ({"greedy"} if sys.platform == "linux" else set())
    details = {each.path: each.detail for _, each in found if isinstance(each, Skipped)}
    assert details["exit"] == "exit code 3"
    assert sys.platform != "linux" or details["greedy"] == "exit code 42"  # the memory limit refused 10 GB


def test_a_hanging_decoder_costs_one_file(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = module(tmp_path, monkeypatch, "treacherous", TREACHEROUS)
    names = put(folder, "1", "hang", "2", "3")
    running = decode_files(folder, names, TARGET, time_limit=0.5, decode_one=bad.decode_badly)
    found = outcomes([each for some in running for each in some], names)
    assert found == {"1": "", "hang": "took too long", "2": "", "3": ""}


def test_closing_ends_the_workers_within_a_second(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = module(tmp_path, monkeypatch, "treacherous", TREACHEROUS)
    running = decode_files(folder, put(folder, "1", "hang", "hang2"), TARGET, workers=2, decode_one=bad.decode_badly)
    while not next(running):
        pass
    began = time.monotonic()
    running.close()
    assert time.monotonic() - began < 1.0
    assert no_worker_left()


def test_workers_that_cannot_start_are_a_sentence(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = module(tmp_path, monkeypatch, "stillborn", STILLBORN + "def decode(path, target): pass\n")
    with pytest.raises(ImagesError, match="end before they begin"):
        list(decode_files(folder, put(folder, "1"), TARGET, decode_one=dead.decode))
    assert no_worker_left()


def test_the_window_keeps_a_core() -> None:
    assert 1 <= worker_count() <= 4


def test_workers_do_not_import_torch() -> None:
    import subprocess

    code = "import sys, core.images.workers; sys.exit('torch' in sys.modules or 'PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3]).returncode == 0
