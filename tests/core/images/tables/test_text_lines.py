"""A table that a stranger wrote does not take the machine down: one sentence, soon."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ImagesError
from core.images.tables.encoding import table_with_key
from core.images.tables.read_table import read_table
from core.images.tables.row_matching import fit, without_rivals
from core.images.tables.text_lines import MOST_COLUMNS, MOST_LETTERS, most_lines

MANY = 2 * MOST_COLUMNS


def written(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", bytes(300_000_000))


LARGE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "columns": (".csv", written(",".join(map(str, range(MANY))) + "\n1\n"), "columns"),
    "columns in JSON": (
        ".jsonl",
        written("".join(f'{{"{n}": 1, "{n}a": 1, "{n}b": 1}}\n' for n in range(5_000))),
        "columns",
    ),
    "one line": (".csv", written("file,class\na," + "x" * (MOST_LETTERS + 1)), "letters"),
    "lines": (".csv", written("file,class\n" + "a,b\n" * 2_000), "lines"),
    "lines that are none": (".csv", written("file,class\n" + "a,b,c\n" * 2_000), "lines"),
    "different things": (
        ".csv",
        written("a,b,c,d,e\n" + "".join(f"{n},{n}a,{n}b,{n}c,{n}d\n" for n in range(900))),
        "things",
    ),
    "cells": (".csv", written(",".join(map(str, range(99))) + "\n" + "1\n" * 900), "cells"),
    "bytes": (".csv", written("file,class\n" + f"a,{'x' * 300}\n" * 900), "bytes"),
}
MOST = {"columns in JSON": 10_000, "one line": 10_000}  # lines; of the others 1,000


@pytest.mark.parametrize("kind", LARGE)
def test_a_table_that_is_too_large_is_a_sentence(kind: str, tmp_path: Path) -> None:
    suffix, write, why = LARGE[kind]
    path = tmp_path / f"table{suffix}"
    write(path)
    with pytest.raises(ImagesError, match=f"(?s)more than|may have.*{why}|{why}.*may"):
        read_table(path, most=MOST.get(kind, 1_000))


def test_a_bomb_of_a_workbook_is_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    bomb(tmp_path / "table.xlsx")
    with pytest.raises(ImagesError, match="unpacks to 300"):
        read_table(tmp_path / "table.xlsx")


def test_styles_of_a_workbook_are_not_made_by_the_million(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/styles.xml", "<xf/>" * 1_000_000)
    with pytest.raises(ImagesError, match=r"styles\.xml unpacks to 5"):
        read_table(tmp_path / "table.xlsx")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "table.csv")
    with pytest.raises(ImagesError, match="no file"):
        read_table(tmp_path / "table.csv")


def test_a_row_nested_beyond_all_is_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    deep = '{"a":' * 5_000 + "1" + "}" * 5_000
    path.write_text(f'{{"file": "a.png"}}\n{deep}\n' + '{"a":' * 990 + "1" + "}" * 990 + "\n")
    table = read_table(path)
    assert "is not JSON" in table.remarks[0].said


def test_letters_that_nobody_can_tell_are_not_looked_for_in_a_long_table(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"file,class\n" + b"".join(b"%d.png,\xe9%d\n" % (n, n) for n in range(20_000)))
    _, _, said = table_with_key(path, ["\N{LATIN SMALL LETTER E WITH ACUTE}.png", "1.png"], None)
    assert "save it as UTF-8" in said


def test_a_key_that_all_rows_name_is_found_soon() -> None:
    keys = [f"{n}/red/0.png" for n in range(60_000)]
    names = ["red/0.png", "blue/0.png"]
    assert (without_rivals(fit(keys, names), keys, names) < 0).all()


def test_many_images_may_have_a_table_of_them() -> None:
    assert most_lines(1_000_000) >= 2_000_000
