"""Your pictures stay yours: no socket, no changed original, no place of this machine in what leaves it."""

import getpass
import hashlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.rights import python_path
from tests.torture.conftest import FULL, TINY, Figure

# Runs one command, and tells of every socket: a process and its own workers talk by one that is a file, "listener-…".
WATCHED = """if True:
    import json, sys
    told = open(sys.argv[1], "a")
    def watch(event, arguments):
        if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
            told.write(json.dumps([event, str(arguments[1:])]) + "\\n")
    sys.addaudithook(watch)
    from core.commands import main
    if __name__ == "__main__":
        code = main(sys.argv[2:])
        told.close()
        sys.exit(code)
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Photographs with all that a camera writes into them."""
    folder, chance = tmp_path / "private place" / "pictures", np.random.default_rng(0)
    exif = Image.Exif()
    exif[0x013B] = "Artist Nobody-Knows"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # latitude
    for kind in ("red", "blue"):
        (folder / kind).mkdir(parents=True)
        for number in range(8):
            image = Image.fromarray(chance.integers(0, 256, (24, 24, 3), np.uint8))
            image.save(folder / kind / f"{number}.jpg", exif=exif)
    return folder


def state(folder: Path) -> dict[str, tuple[str, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in files}


@pytest.mark.long
def test_nothing_is_sent_no_original_is_changed_and_no_place_is_told(
    pictures: Path, tmp_path: Path, figure: Figure
) -> None:
    before, told, out, run = state(pictures), tmp_path / "told", tmp_path / "out", tmp_path / "run"
    out.mkdir()
    environment = {**os.environ, "PYTHONPATH": python_path(), "LATENTSCAPE_HOME": str(tmp_path / "home")}
    z = ["0", "0", "0"]
    commands = [
        ["train", str(pictures), "--run", str(run), "--epochs", "2", *TINY],
        ["encode", str(run), "--out", str(out / "codes.csv")],
        ["decode", str(run), "--z", *z, "--out", str(out / "a.png")],
        ["film", str(run), "--stops=0,0,0;1,1,1", "--frames", "4", "--out", str(out / "a.gif")],
        ["evaluate", str(run), "--importance-samples", "2"],
        ["share", str(run), "--out", str(out / "run")],
    ]
    script = tmp_path / "watched.py"
    script.write_text(WATCHED)
    for words in commands if FULL else (commands[0], commands[-1]):
        call = [sys.executable, str(script), str(told), *words]
        done = subprocess.run(call, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    sockets = [each for each in map(json.loads, told.read_text().splitlines()) if "listener-" not in each[1]]
    private = [str(pictures), "private place", str(tmp_path), f"/{getpass.getuser()}/", "Nobody-Knows"]
    leaks = [
        (path, word)
        for path in out.rglob("*")
        for word in private
        if path.is_file() and word.encode() in path.read_bytes()
    ]
    leaks += [(path, "the machine") for path in out.rglob("*") if socket.gethostname() in path.name.split(".")]
    assert sockets == leaks == []
    assert state(pictures) == before
    for picture in [*out.glob("*.png"), run / "cover.png"]:
        with Image.open(picture) as image:
            assert not image.getexif()
    figure(
        "your pictures stay yours: commands",
        f"sockets {len(sockets)}; changed originals 0 / {len(before)}; leaks {len(leaks)} in {len(state(out))} files "
        "of exports and of a shared run",
    )
