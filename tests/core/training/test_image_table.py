"""What a run would lose of its images once their folder is gone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import RunError
from core.images.faces.face import FACTORS
from core.images.image_set import ImageSet
from core.images.tables.columns import number_column
from core.places import bundled_run
from core.reports.images import NOTHING_SAID, Column
from core.training.image_table import IMAGES, read_images, write_images

ODD_NAME = b"cats/odd\xff,\n.png".decode("utf-8", "surrogateescape")
TREE = Column('tree, "kind"\n', ("elm", "oak", NOTHING_SAID), np.array([1, 2, 0]))
LENGTH = number_column("length", np.array([0.1, np.nan, 1 / 3]))


def images(*columns: Column) -> ImageSet:
    names, labels = ("dogs/1.png", ODD_NAME, "3.png"), np.array([1, 0, 1])
    sides, pixels = np.array([False, True, False]), np.zeros((3, 4, 4, 1), np.uint8)
    return ImageSet("/nowhere", pixels, labels, ("cats", "dogs"), names, sides, (), "key", columns)


def test_all_that_is_known_of_the_images_comes_back(tmp_path: Path) -> None:
    written = images(TREE, LENGTH)
    write_images(tmp_path, written)
    table = read_images(tmp_path)
    assert list(table.names) == list(written.names)
    assert table.labels.tolist() == [1, 0, 1]
    assert table.classes == ("cats", "dogs")
    assert table.held_out.tolist() == [False, True, False]
    tree, length = table.columns
    assert (tree.name, tree.levels, tree.codes.tolist()) == (TREE.name, TREE.levels, TREE.codes.tolist())
    assert (length.name, length.levels) == (LENGTH.name, LENGTH.levels)
    assert length.numbers is not None
    assert np.array_equal(length.numbers, [0.1, np.nan, 1 / 3], equal_nan=True)


def test_the_bundled_run_knows_the_factors_of_its_faces() -> None:
    table = read_images(bundled_run())
    assert [column.name for column in table.columns] == [name for name, _, _ in FACTORS]
    assert len(table.names) == len(table.labels) == len(table.held_out) > 100


def test_a_table_written_by_the_first_version_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / IMAGES).write_text('file,class,label,held_out\r\n"a,b.png",dogs,1,0\r\nc.png,dogs,1,1\r\n')
    table = read_images(tmp_path)
    assert (list(table.names), table.classes) == (["a,b.png", "c.png"], ("", "dogs"))
    assert table.held_out.tolist() == [False, True]


@pytest.mark.parametrize("content", [None, "", "file,class,label,held_out\n", "file,class,label,held_out\na.png,b\n"])
def test_a_damaged_table_is_a_sentence(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / IMAGES).write_text(content)
    with pytest.raises(RunError, match=r"images\.csv is missing or cannot be read"):
        read_images(tmp_path)


def test_a_table_half_written_does_not_replace_a_whole_one(tmp_path: Path) -> None:
    write_images(tmp_path, images(TREE))
    before = (tmp_path / IMAGES).read_bytes()
    broken = replace(images(TREE), names=("only one",))
    with pytest.raises(ValueError, match="zip"):
        write_images(tmp_path, broken)
    assert (tmp_path / IMAGES).read_bytes() == before
