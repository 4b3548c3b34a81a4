"""A table that a stranger wrote does not take the machine down: one sentence, soon."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ImagesError
from core.images.tables.read_table import read_table
from core.images.tables.text_lines import MOST_COLUMNS, MOST_LETTERS, most_lines

MANY = 2 * MOST_COLUMNS


def written(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", bytes(300_000_000))


LARGE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "columns": (".csv", written(",".join(map(str, range(MANY))) + "\n1\n"), "columns"),
    "columns in JSON": (".jsonl", written("".join(f'{{"{n}": 1}}\n' for n in range(MANY))), "columns"),
    "one line": (".csv", written("file,class\na," + "x" * (MOST_LETTERS + 1)), "letters"),
    "lines": (".csv", written("file,class\n" + "a,b\n" * 2_000), "lines"),
    "lines that are none": (".csv", written("file,class\n" + "a,b,c\n" * 2_000), "lines"),
    "different things": (
        ".csv",
        written("a,b,c,d,e\n" + "".join(f"{n},{n}a,{n}b,{n}c,{n}d\n" for n in range(900))),
        "things",
    ),
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_table_that_is_too_large_is_a_sentence(kind: str, tmp_path: Path) -> None:
    suffix, write, why = LARGE[kind]
    path = tmp_path / f"table{suffix}"
    write(path)
    with pytest.raises(ImagesError, match=f"(?s)more than|may have.*{why}|{why}.*may"):
        read_table(path, most=1_000)


def test_a_bomb_of_a_workbook_is_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    bomb(tmp_path / "table.xlsx")
    with pytest.raises(ImagesError, match="unpacks to 300"):
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


def test_many_images_may_have_a_table_of_them() -> None:
    assert most_lines(1_000_000) >= 2_000_000
