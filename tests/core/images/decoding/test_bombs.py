"""A small file that unpacks to a great deal takes neither the machine's memory nor its time."""

import json
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from core.images.decoding.decode import UnreadablePictureError, decode
from core.images.decoding.target import Target
from core.images.decoding.worker_process import Decoded
from core.images.decoding.workers import decode_files
from core.skipped_file import Skipped
from tests.core.images.decoding.bombs import BOMBS, chunk, encoded, png_with

TARGET = Target(64, 3)
REFUSED = {"too many pixels", "too much beside its pixels"}
CONTRADICTORY = {"codestream.jp2", "item.avif"}  # one part says small and another large: their decoders refuse that
LIMIT_MB, LIMIT_SECONDS = 50, 0.05
ROOT = Path(__file__).parents[4]
MEASURE = """
import json, os, resource, sys, time
from core.images.decoding.decode import UnreadablePictureError, decode
from core.images.decoding.target import Target

def peak():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1000

def look(path):
    try:
        decode(path, Target(64, 3))
    except UnreadablePictureError as error:
        return error.reason
    return "used"

folder = sys.argv[1]
for name in os.listdir(f"{folder}/good"):
    assert look(f"{folder}/good/{name}") == "used"
pages = int(open("/proc/self/statm").read().split()[0])
most = pages * resource.getpagesize() + int(sys.argv[2]) * 1_000_000
resource.setrlimit(resource.RLIMIT_AS, (most, most))
found = {}
for name in os.listdir(f"{folder}/bombs"):
    open("/proc/self/clear_refs", "w").write("5")
    before, began = peak(), time.process_time()
    reason = look(f"{folder}/bombs/{name}")
    seconds, megabytes = time.process_time() - began, peak() - before
    again = time.process_time()
    look(f"{folder}/bombs/{name}")
    found[name] = reason, min(seconds, time.process_time() - again), megabytes
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All bombs, and a good file of each format."""
    return written(tmp_path_factory.mktemp("bombs"))


def written(folder: Path) -> Path:
    """The folder, with all bombs in it; the good files are so that no decoder's loading is measured."""
    (folder / "bombs").mkdir()
    (folder / "good").mkdir()
    for name, make in BOMBS.items():
        (folder / "bombs" / name).write_bytes(make())
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "PPM", "JPEG2000", "AVIF"):
        (folder / "good" / kind).write_bytes(encoded(kind))
    return folder


def measured(folder: Path) -> dict[str, tuple[str, float, float]]:
    """Name of each bomb: what became of it, in how many seconds, with how many further megabytes."""
    command = [sys.executable, "-c", MEASURE, str(folder), str(LIMIT_MB)]
    said = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    return {name: tuple(found) for name, found in json.loads(said).items()}


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory by /proc")
def test_every_bomb_is_refused_at_once_and_in_little_memory(folder: Path) -> None:
    found = measured(folder)
    assert set(found) == set(BOMBS)
    for name, (reason, seconds, megabytes) in found.items():
        assert reason in (REFUSED if name not in CONTRADICTORY else {"damaged"}), f"{name}: {reason}"
        assert seconds < LIMIT_SECONDS, f"{name}: {seconds:.3f} s"
        assert megabytes < LIMIT_MB, f"{name}: {megabytes:.0f} MB"


def test_bombs_cost_a_worker_nothing_but_themselves(folder: Path, tmp_path: Path) -> None:
    names = [f"bombs/{name}" for name in BOMBS] + ["good/PNG"]
    (tmp_path / "pixels").touch()
    running = decode_files(folder, enumerate(names), tmp_path / "pixels", TARGET, workers=1)
    found = [outcome for some in running for outcome in some]
    assert [outcome.name for outcome in found if isinstance(outcome, Decoded)] == ["good/PNG"]
    refused = {outcome.path: outcome.reason for outcome in found if isinstance(outcome, Skipped)}
    assert refused.keys() == set(names[:-1])
    assert set(refused.values()) == {*REFUSED, "damaged"}


def test_a_photograph_with_a_long_description_is_no_bomb(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_with(chunk(b"tEXt", b"Description\0" + b"lake " * 100_000)))
    assert decode(tmp_path / "a.png", TARGET).pixels.shape == (64, 64, 3)


def test_a_file_too_large_to_read_is_refused_by_its_size(tmp_path: Path) -> None:
    (tmp_path / "huge.webp").write_bytes(encoded("WEBP"))
    os.truncate(tmp_path / "huge.webp", 50_000_000_000)  # it takes no room on the disk
    with pytest.raises(UnreadablePictureError, match="too large"):
        decode(tmp_path / "huge.webp", TARGET)


def test_a_hundred_thousand_tiny_pages_do_not_hang_the_count(tmp_path: Path) -> None:
    content = encoded("TIFF", Image.new("L", (4, 4)))
    first = struct.unpack_from("<I", content, 4)[0]
    entries = content[first : first + 2 + 12 * struct.unpack_from("<H", content, first)[0]]
    struct.pack_into("<I", content, first + len(entries), len(content))
    page = len(content)
    for _ in range(20_000):
        page += len(entries) + 4
        content += entries + struct.pack("<I", page)
    content[-4:] = struct.pack("<I", first)  # and the last leads back to the first
    (tmp_path / "book.tiff").write_bytes(content)
    began = time.monotonic()
    assert decode(tmp_path / "book.tiff", TARGET).origin.frames == 20_001
    assert time.monotonic() - began < 2.0  # Pillow's own count takes ten
