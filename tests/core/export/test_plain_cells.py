"""A name of a file that a spreadsheet runs as a program."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export.plain_cells import plain_cell, plain_path
from core.export.selection_table import Selected, write_selected
from core.images.skipped_csv import write_skipped
from core.images.tables.file_paths import exact
from core.reports.images import Column
from core.skipped_file import Skipped

FORMULA = '=HYPERLINK("http://example.com?"&A1)'
BEGINS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("text", ["-5", "+3.25", "-1e-9", "-", "a=b", "", "-12,5", "+100%"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert plain_cell(text) == text


@given(st.sampled_from(BEGINS), st.text(st.characters(categories=["L"]), min_size=1))
def test_no_cell_is_a_formula_and_a_path_is_still_that_of_its_file(begin: str, rest: str) -> None:
    assert not plain_cell(begin + rest).startswith(BEGINS)
    assert plain_path(begin + rest) == f"./{begin}{rest}"
    assert exact(plain_path(begin + rest)).strip() == exact(begin + rest)  # as a table that is read back says it


def test_no_table_that_leaves_the_program_holds_one(tmp_path: Path) -> None:
    column = Column(FORMULA, (FORMULA, "-3"), np.array([0, 1]))
    codes = np.full((2, 2), -1.5, np.float32)
    known = (["@cmd.png", "b.png"], np.array([0, 0]), ("+SUM(A1)",), np.zeros(2, bool), (column,))
    list(write_selected(tmp_path / "a.csv", Selected(np.array([0, 1]), codes, *known)))
    write_skipped(tmp_path / "skipped.csv", [Skipped("=1.png", "damaged", "@SUM(A1)")])
    for name in ("a.csv", "skipped.csv"):
        with (tmp_path / name).open(newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert [cell for cell in cells if cell.startswith(BEGINS) and cell not in ("-1.5", "-3")] == []
