"""Files from a stranger that the window reads: each ends in a sentence, soon, and the window can be closed then."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.rights import python_path
from tests.torture.conftest import FULL, Figure
from tests.torture.hostile_runs import of_exploration
from tests.torture.test_hostile_runs import MOST_MEGABYTES, MOST_SECONDS
from tests.torture.trying import Trier

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="signals and processes of POSIX")
MANY = 10**6
Write = Callable[[Path], object]


def picture(note: str) -> Write:
    def write(path: Path) -> None:
        info = PngInfo()
        info.add_itxt("latentscape", note, zip=True)
        Image.new("RGB", (16, 16)).save(path, pnginfo=info)

    return write


def lines(head: str, row: Callable[[int], str], count: int = MANY) -> Write:
    def write(path: Path) -> None:
        with path.open("w") as file:
            file.write(head)
            file.writelines(map(row, range(count)))

    return write


def wide(path: Path) -> None:
    with path.open("w") as file:
        for begin in ("file", "red/0.png"):
            file.write(f"{begin}," + ",".join(map(str, range(MANY))) + "\n")


PICTURES: dict[str, Write] = {
    "z of 10^7 numbers": picture('{"z": [' + "0," * 10**7 + "0]}"),  # in its chunk no larger than 10 kB
    "a note nested 10^5 times": picture('{"z": ' + "[" * 10**5),
    "z of text": picture('{"z": ["a", "b", "c"]}'),
    "z beyond all": picture('{"z": [1e999, 1e999, 1e999]}'),
    "a number of 10^4 digits": picture(f'{{"z": [{"9" * 10**4}]}}'),
    "a class that is a list": picture('{"z": [0, 0, 0], "class": [1, {}]}'),
    "a pipe": lambda path: os.mkfifo(path),
}
TABLES: dict[str, Write] = {
    "10^6 rows": lines("file,class\n", lambda n: f"red/{n}.png,c{n % 7}\n"),
    "10^6 classes": lines("file,class\n", lambda n: f"red/{n % 12}.png,kind {n}\n"),
    "10^6 columns": wide,
    "10^6 rows that are none": lines("file,class\n", lambda _: "a,b,c\n"),
    "240,000 rows": lines("file,class\n", lambda n: f"red/{n}.png,c{n}\n", 240_000),
    "labels of 400 digits": lines("file,class\n", lambda n: f"red/{n}.png,{'9' * 400}{n}\n", 12),
    "numbers beyond all": lines("file,size\n", lambda n: f"red/{n}.png,1e{300 + n}\n", 12),
    "quotes that never end": lines("file,class\n", lambda n: f'"red/{n}.png,x\n', 200_000),
    "a pipe": lambda path: os.mkfifo(path),
}


@pytest.mark.timeout(3600)
def test_a_file_of_a_stranger_ends_in_a_sentence(
    kept: Path, trier: Trier, folder: Path, tmp_path: Path, figure: Figure
) -> None:
    usual, tried = trier("open", kept / "run").megabytes, []
    cases = [("place", name, write, ".png") for name, write in PICTURES.items()]
    cases += [("table", name, write, ".csv") for name, write in TABLES.items()]
    for use, name, write, suffix in cases if FULL else cases[::5]:
        run = tmp_path / "run"
        shutil.rmtree(run, ignore_errors=True)
        shutil.copytree(kept / "run", run)
        write(run / f"hostile{suffix}")
        tried.append((name, trier(use, run)))
    bad = [each for each in tried if each[1].how not in ("done", "said") or each[1].seconds > MOST_SECONDS]
    slowest, largest = max(each.seconds for _, each in tried), max(each.megabytes for _, each in tried) - usual
    figure(
        "no file can take the machine down: pictures and tables",
        f"tracebacks {sum(each.how == 'traceback' for _, each in tried)} / {len(tried)}; worst seconds {slowest:.1f}; "
        f"worst MB {max(0.0, largest):.0f} more than opening a run takes",
    )
    assert bad == []
    assert largest < MOST_MEGABYTES


@pytest.mark.timeout(3600)
def test_a_window_that_reads_one_is_closed_when_it_is_told_to(
    kept: Path, folder: Path, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    chance, codes, seconds, said = random.Random(0), [], [], []
    places = [("run", name, spoil) for name, spoil in of_exploration()]
    places += [("images", name, write) for name, write in TABLES.items()]
    environment = {**os.environ, "PYTHONPATH": python_path(), "QT_QPA_PLATFORM": "offscreen"}
    for kind, name, spoil in places if FULL else places[1:2]:
        path = shutil.copytree(kept / "run" if kind == "run" else folder, tmp_path / f"{kind} {len(codes)}")
        spoil(path if kind == "run" else path / "metadata.csv")
        for _ in range(times(1, 5)):
            log = (tmp_path / "said").open("w")
            words = [sys.executable, "-m", "explorer", "open", str(path)]
            window = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=log)
            time.sleep(chance.uniform(2.0, 12.0) if FULL else 4.0)
            began = time.monotonic()
            window.send_signal(signal.SIGTERM)
            codes.append((name, window.wait(timeout=60)))
            seconds.append(time.monotonic() - began)
            log.close()
            said.append((tmp_path / "said").read_text())
    figure(
        "closing always works: a window that reads a stranger's file",
        f"exit 0 or 143 {sum(code in (0, 143) for _, code in codes)} / {len(codes)}; most seconds {max(seconds):.1f}",
    )
    assert {code for _, code in codes} <= {0, 143}, codes
    assert not [each for each in said if "Traceback" in each], said
    assert max(seconds) < MOST_SECONDS, list(zip(codes, seconds, strict=True))
