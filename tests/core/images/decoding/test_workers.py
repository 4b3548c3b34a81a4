"""A decoder that crashes or hangs costs its file, and nothing else."""

import importlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from core.errors import ImagesError
from core.images.decoding.target import Target
from core.images.decoding.worker_process import Batch, Outcome
from core.images.decoding.workers import decode_files, worker_count
from core.skipped_file import Skipped

TARGET = Target(16, 3)
TREACHEROUS = """
import os, sys, time
import numpy as np
from core.images.decoding.decode import Picture, decode

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
TELLING = """
import os
from core.images.decoding.decode import UnreadablePictureError

def tell_how_nice(path, target):
    raise UnreadablePictureError(path, "told", str(os.nice(0)))
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


def running(folder: Path, names: list[str], **options: object) -> Iterator[list[Outcome]]:
    into = folder.parent / "pixels.bin"
    into.write_bytes(bytes(len(names) * TARGET.size**2 * TARGET.channels))
    return decode_files(folder, enumerate(names), into, TARGET, **options)  # type: ignore[arg-type]


def outcomes(folder: Path, names: list[str], **options: object) -> list[Outcome]:
    return [each for some in running(folder, names, **options) for each in some]


def reasons(found: list[Outcome], names: list[str]) -> dict[str, str]:
    said = {each.path: each.reason for each in found if isinstance(each, Skipped)}
    decoded = {each.name: "" for each in found if not isinstance(each, Skipped)}
    assert len(found) == len(names) == len({**said, **decoded})
    return {name: {**said, **decoded}[name] for name in names}


def no_worker_left() -> bool:
    return not [each for each in multiprocessing.active_children() if each.name == "decoder"]


def test_every_file_is_answered_once(folder: Path) -> None:
    names = put(folder, *(f"{index}.png" for index in range(50)))
    (folder / "7.png").write_bytes(b"broken")
    found = reasons(outcomes(folder, names, workers=2), names)
    assert {name: reason for name, reason in found.items() if reason} == {"7.png": "not a picture"}
    assert no_worker_left()


def test_a_crash_costs_one_file(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = module(tmp_path, monkeypatch, "treacherous", TREACHEROUS)
    names = put(folder, "1", "abort", "2", "3", "exit", "4", "raise", "5", "greedy", "6")
    found = outcomes(folder, names, decode_one=bad.decode_badly)
    crashed = {name for name, reason in reasons(found, names).items() if reason == "crashed the decoder"}
    assert crashed == {"abort", "exit", "raise"} | ({"greedy"} if sys.platform == "linux" else set())
    details = {each.path: each.detail for each in found if isinstance(each, Skipped)}
    assert details["exit"] == "exit code 3"
    assert sys.platform != "linux" or details["greedy"] == "exit code 42"  # the memory limit refused 10 GB


def test_a_hanging_decoder_costs_one_file(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = module(tmp_path, monkeypatch, "treacherous", TREACHEROUS)
    names = put(folder, "1", "hang", "2", "3")
    found = reasons(outcomes(folder, names, time_limit=0.5, decode_one=bad.decode_badly), names)
    assert found == {"1": "", "hang": "took too long", "2": "", "3": ""}


def test_a_worker_without_work_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    real = Connection.send
    monkeypatch.setattr(Connection, "send", lambda self, said: (sent.append(said), real(self, said)))
    names = put(folder, *(f"{index}.png" for index in range(30)))
    outcomes(folder, names, workers=2)
    batches = [said.tasks for said in sent if isinstance(said, Batch)]
    assert all(batches)
    assert sum(map(len, batches)) == len(names)


def test_closing_ends_the_workers_within_a_second(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = module(tmp_path, monkeypatch, "treacherous", TREACHEROUS)
    names = put(folder, "1", *(f"hang{index}" for index in range(8)))
    decoding = running(folder, names, workers=2, time_limit=0.5, decode_one=bad.decode_badly)
    while not next(decoding):
        pass
    began = time.monotonic()
    decoding.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 1.0
    assert no_worker_left()


def test_workers_that_cannot_start_are_a_sentence(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = module(tmp_path, monkeypatch, "stillborn", STILLBORN + "def decode(path, target): pass\n")
    with pytest.raises(ImagesError, match="end before they begin"):
        outcomes(folder, put(folder, "1"), decode_one=dead.decode)
    assert no_worker_left()


def test_every_core_decodes_and_gives_way(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 1 <= worker_count() <= 8
    telling = module(tmp_path, monkeypatch, "telling", TELLING)
    names = put(folder, *(f"{index}.png" for index in range(20)))
    decoding = running(folder, names, decode_one=telling.tell_how_nice)
    found = next(decoding)
    crew = [each for each in multiprocessing.active_children() if each.name == "decoder"]
    assert len(crew) == min(worker_count(), 5)
    found += [outcome for some in decoding for outcome in some]
    if hasattr(os, "nice"):
        assert {outcome.detail for outcome in found if isinstance(outcome, Skipped)} == {str(os.nice(0) + 10)}


def test_each_picture_is_written_to_its_own_row(folder: Path) -> None:
    for index in range(40):
        Image.new("RGB", (20, 20), (index, 200, 0)).save(folder / f"{index}.png")
    names = [f"{index}.png" for index in range(40)]
    outcomes(folder, names, workers=2)
    pixels = np.fromfile(folder.parent / "pixels.bin", np.uint8).reshape(-1, 16, 16, 3)
    assert pixels[:, 5, 5, 0].tolist() == list(range(40))


@pytest.mark.skipif(sys.platform != "linux", reason="a full device is a file only there")
def test_a_full_disk_is_a_sentence_and_no_fault_of_the_pictures(folder: Path) -> None:
    full = folder.parent / "pixels.bin"
    full.symlink_to("/dev/full")  # beside which anybody may write
    with pytest.raises(ImagesError, match="No space left"):
        list(decode_files(folder, [(0, put(folder, "1.png")[0])], full, TARGET))
    assert no_worker_left()


def test_workers_do_not_import_torch() -> None:
    import subprocess

    code = "import sys, core.images.decoding.workers; sys.exit('torch' in sys.modules or 'PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[4]).returncode == 0
