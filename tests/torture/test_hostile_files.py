"""Files from a stranger that the window reads: each ends in a sentence, soon, and the window can be closed then."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo, putchunk

from tests.rights import python_path
from tests.torture.conftest import FULL, Figure
from tests.torture.hostile_runs import of_exploration
from tests.torture.test_hostile_runs import MOST_MEGABYTES, MOST_SECONDS
from tests.torture.trying import Trier

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="signals and processes of POSIX")
MANY = 10**6
QUICK = ("z of 10^9 numbers", "a pipe", "10^6 columns", "cells far away", "10^7 styles")
Write = Callable[[Path], object]


def picture(note: str, is_packed: bool = True) -> Write:
    def write(path: Path) -> None:
        info = PngInfo()
        info.add_itxt("latentscape", note, zip=is_packed)
        Image.new("RGB", (16, 16)).save(path, pnginfo=info)

    return write


def z_of_milliards(path: Path) -> None:
    """10^9 numbers, packed a million at a time; what is packed alike need not be packed anew."""
    packing = zlib.compressobj(9)
    begin = packing.compress(b'{"z": [') + packing.flush(zlib.Z_FULL_FLUSH)
    million = packing.compress(b"0," * MANY) + packing.flush(zlib.Z_FULL_FLUSH)
    note = b"latentscape\0\1\0\0\0" + begin + million * 1_000 + packing.compress(b"0]}") + packing.flush()
    Image.new("RGB", (16, 16)).save(path)
    content = path.read_bytes()
    with path.open("wb") as file:
        file.write(content[:33])  # its signature, and its size
        putchunk(file, b"iTXt", note)
        file.write(content[33:])


def lines(head: str, row: Callable[[int], str], count: int = MANY) -> Write:
    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(head)
            file.writelines(map(row, range(count)))

    return write


def wide(path: Path) -> None:
    with path.open("w") as file:
        for begin in ("file", "red/0.png"):
            file.write(f"{begin}," + ",".join(map(str, range(MANY))) + "\n")


def wide_head(width: int) -> str:
    return ",".join(["file", *(f"c{n}" for n in range(width - 1))]) + "\n"


def text(words: object) -> str:
    return f'<c t="inlineStr"><is><t>{words}</t></is></c>'


def workbook(
    row: str = "", rows: int = 0, string: str = "", strings: int = 0, style: str = "", styles: int = 0
) -> Write:
    """Of one sheet: a file and its class in its first row, then as many of these."""
    office, types = "http://schemas.openxmlformats.org", "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {
        "workbook": "sheet.main",
        "worksheets/a": "worksheet",
        "styles": "styles",
        "sharedStrings": "sharedStrings",
    }
    sheet, main = f"{office}/officeDocument/2006/relationships", f'xmlns="{office}/spreadsheetml/2006/main"'
    link = f'<Relationship Id="a" Type="{sheet}/worksheet" Target="worksheets/a.xml"/>'
    first = f"<row>{text('file')}{text('class')}</row>"

    def contents() -> Iterator[tuple[str, str]]:
        parts = (f'<Override PartName="/xl/{name}.xml" ContentType="{types}.{kinds[name]}+xml"/>' for name in kinds)
        yield "[Content_Types].xml", f'<Types xmlns="{office}/package/2006/content-types">{"".join(parts)}</Types>'
        links = f'<Relationships xmlns="{office}/package/2006/relationships">{link}</Relationships>'
        yield "xl/_rels/workbook.xml.rels", links
        sheets = '<sheets><sheet name="a" sheetId="1" r:id="a"/></sheets>'
        yield "xl/workbook.xml", f'<workbook {main} xmlns:r="{sheet}">{sheets}</workbook>'
        yield "xl/worksheets/a.xml", f"<worksheet {main}><sheetData>{first}{row * rows}</sheetData></worksheet>"
        yield "xl/sharedStrings.xml", f"<sst {main}>{'<si><t>a</t></si>' * strings}</sst>"
        yield "xl/styles.xml", f"<styleSheet {main}><cellXfs>{'<xf/>' * styles}</cellXfs></styleSheet>"

    def write(path: Path) -> None:
        with ZipFile(path, "w", ZIP_DEFLATED) as file:
            for name, content in contents():
                file.writestr(name, content)

    return write


PICTURES: dict[str, Write] = {
    "z of 10^9 numbers": z_of_milliards,
    "a note of 10^8 letters": lambda path: picture("x" * 10**8, False)(path),
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
    "as many rows and kinds as may be": lines("file,class\n", lambda n: f"red/{n}.png,c{n}\n", 249_000),
    "as many cells as may be": lines(wide_head(40), lambda n: f"red/{n}.png" + ",1" * 39 + "\n", 249_000),
    "as many columns as may be": lines(wide_head(9_999), lambda n: f"red/{n}.png" + ",1" * 9_998 + "\n", 999),
    "as many columns and kinds as may be": lines(
        wide_head(9_999), lambda n: f"red/{n}.png," + ",".join(f"{n}x{k}" for k in range(9_998)) + "\n", 49
    ),
    "rows that all are of one image": lines("file,class\n", lambda n: f"d{n}/red/{n % 12}.png,c{n}\n", 249_000),
    "as long as may be": lines("file,class\n", lambda n: f"red/{n}.png,{'x' * 1_000_000}\N{GRINNING FACE}\n", 31),
    "letters of nowhere": lines("file,class\n", lambda n: f"red/{n}.png,\udce9{n}\n", 14_000),
    "labels of 400 digits": lines("file,class\n", lambda n: f"red/{n}.png,{'9' * 400}{n}\n", 12),
    "numbers beyond all": lines("file,size\n", lambda n: f"red/{n}.png,1e{300 + n}\n", 12),
    "quotes that never end": lines("file,class\n", lambda n: f'"red/{n}.png,x\n', 200_000),
    "a pipe": lambda path: os.mkfifo(path),
}
OBJECTS: dict[str, Write] = {
    "as many objects as may be": lines("", lambda n: f'{{"file": "red/{n}.png", "class": "c{n}"}}\n', 249_000),
    "a wide object": lines("", lambda n: json.dumps(dict.fromkeys(map(str, range(9_999))) | {"file": n}) + "\n", 200),
    "objects in objects": lines("", lambda n: '{"a":' * 900 + "1" + "}" * 900 + "\n", 5_000),
    "lists in lists": lines("", lambda n: '{"a":' + "[" * 300 + "1" + "]" * 300 + "}\n", 52_000),
}
WORKBOOKS: dict[str, Write] = {
    "as many cells as may be": workbook("<row>" + "<c><v>1</v></c>" * 1_000 + "</row>", 900),
    "as many rows as may be": workbook(f"<row>{text('red/0.png')}{text('a')}</row>", 160_000),
    "cells far away": workbook('<row><c r="XFD1"><v>1</v></c></row>', 200_000),
    "empty rows": workbook("<row/>", 240_000),
    "a row far below": workbook('<row r="1000000000000"><c><v>1</v></c></row>'),
    "as many strings as may be": workbook(strings=900_000),
    "as many styles as may be": workbook(styles=400_000),
    "10^7 styles": workbook(styles=10**7),
    "10^8 bytes": workbook(strings=6 * 10**6),
}


@pytest.mark.timeout(3600)
def test_a_file_of_a_stranger_ends_in_a_sentence(
    kept: Path, trier: Trier, folder: Path, tmp_path: Path, figure: Figure
) -> None:
    usual, tried = trier("open", kept / "run").megabytes, []
    cases = [("place", name, write, ".png") for name, write in PICTURES.items()]
    tables = {".csv": TABLES, ".jsonl": OBJECTS, ".xlsx": WORKBOOKS}
    cases += [("table", name, write, suffix) for suffix, some in tables.items() for name, write in some.items()]
    for use, name, write, suffix in cases if FULL else [each for each in cases if each[1] in QUICK]:
        run = tmp_path / "run"
        shutil.rmtree(run, ignore_errors=True)
        shutil.copytree(kept / "run", run)
        write(run / f"hostile{suffix}")
        tried.append((f"{name}{suffix}", trier(use, run)))
    bad = [each for each in tried if each[1].how not in ("done", "said") or each[1].busy > MOST_SECONDS]
    slowest, largest = max(each.busy for _, each in tried), max(each.megabytes for _, each in tried) - usual
    figure(
        "no file can take the machine down: pictures and tables",
        f"tracebacks {sum(each.how == 'traceback' for _, each in tried)} / {len(tried)}; worst seconds of a core "
        f"{slowest:.1f}; worst MB {max(0.0, largest):.0f} more than opening a run takes",
    )
    assert bad == []
    assert largest < MOST_MEGABYTES


@pytest.mark.timeout(3600)
@pytest.mark.long
def test_a_window_that_reads_one_is_closed_when_it_is_told_to(
    kept: Path, folder: Path, tmp_path: Path, times: Callable[[int, int], int], figure: Figure
) -> None:
    chance, codes, seconds, said = random.Random(0), [], [], []
    places = [("run", name, spoil) for name, spoil in of_exploration()]
    places += [("images", name, write) for name, write in TABLES.items()]
    environment = {**os.environ, "PYTHONPATH": python_path(), "QT_QPA_PLATFORM": "offscreen", "PYTHONFAULTHANDLER": "1"}
    for kind, name, spoil in places if FULL else places[1:2]:
        path = shutil.copytree(kept / "run" if kind == "run" else folder, tmp_path / f"{kind} {len(codes)}")
        spoil(path if kind == "run" else path / "metadata.csv")
        for _ in range(times(1, 2)):
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
    crashed = [(name, code, words) for (name, code), words in zip(codes, said, strict=True) if code not in (0, 143)]
    assert crashed == [], "\n".join(map(str, crashed[0]))
    assert not [each for each in said if "Traceback" in each], said
    assert max(seconds) < MOST_SECONDS, list(zip(codes, seconds, strict=True))
