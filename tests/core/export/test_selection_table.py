"""The table of a selection: what another program reads is what the map shows."""

import csv
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConfigError
from core.export.selection_table import Selected, write_selected
from core.images.image_names import Names
from core.images.tables.columns import number_column
from core.reports.images import NOTHING_SAID, Column

ODD = b"cats/odd\xff,\n.png".decode("utf-8", "surrogateescape")


def selected(indices: list[int]) -> Selected:
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(5_000, 3)).astype(np.float32)
    codes[2] = np.nan
    trees = Column("tree", ("oak", NOTHING_SAID), np.arange(5_000) % 2)
    heights = number_column("z1", np.arange(5_000) / 7)
    names = Names.of([f"dogs/{index}.png" if index != 3 else ODD for index in range(5_000)])
    sides = np.arange(5_000) % 3 == 0
    return Selected(np.array(indices), codes, names, np.arange(5_000) % 2, ("dogs", "cats"), sides, (trees, heights))


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))


def test_each_row_is_one_of_the_images_in_the_order_of_the_list(tmp_path: Path) -> None:
    chosen = selected([4, 3, 2])
    list(write_selected(tmp_path / "some.csv", chosen))
    head, first, second, third = read(tmp_path / "some.csv")
    assert head == ["file", "class", "held_out", "z1", "z2", "z3", "tree", "z1 (metadata)"]
    assert first[:3] == ["dogs/4.png", "dogs", "0"]
    assert second[:3] == [ODD, "cats", "1"]
    assert [np.float32(number) for number in first[3:6]] == chosen.codes[4].tolist()
    assert second[6:] == ["", str(3 / 7)]
    assert third[3:6] == ["", "", ""]  # the model has not seen it


def test_none_is_left_out_between_two_parts(tmp_path: Path) -> None:
    list(write_selected(tmp_path / "all.csv", selected(list(range(5_000)))))
    names = [row[0] for row in read(tmp_path / "all.csv")[1:]]
    assert names == [f"dogs/{index}.png" if index != 3 else ODD for index in range(5_000)]


def test_only_a_whole_table_is_left(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.csv"):
        list(write_selected(tmp_path / "some.txt", selected([1])))
    writing = write_selected(tmp_path / "some.csv", selected([1]))
    next(writing)
    writing.close()
    assert not list(tmp_path.iterdir())
