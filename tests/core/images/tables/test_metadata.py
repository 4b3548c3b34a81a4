"""What a person would lose: a row of their table that went to the wrong image, or to none without a word."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.image_names import Names
from core.images.tables.columns import number_column
from core.images.tables.metadata import classes_of, group_of, join, known, table_of
from core.reports.images import NO_SUCH_IMAGE, NOTHING_SAID, Column

NAMES = ["cats/1.png", "cats/2.jpg", "dogs/3.png"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "metadata.csv"


def said(column: Column) -> list[str]:
    return [column.levels[code] for code in column.codes]


def joined(path: Path, content: str | bytes, names: list[str] = NAMES) -> dict[str, list[str]]:
    """What each column says of each image."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {column.name: said(column) for column in join(path, Names.of(names))[1]}


@pytest.mark.parametrize("key", ["file_name", "filename", "File", "PATH", "image", "Name"])
def test_the_column_of_files_is_known_by_its_name_wherever_it_stands(table: Path, key: str) -> None:
    found = joined(table, f"age,{key}\nold,dogs/3.png\nyoung,cats/1.png\n")
    assert found == {"age": ["young", NOTHING_SAID, "old"]}


def test_else_the_first_column_is_that_of_files(table: Path) -> None:
    assert joined(table, "which,age\ncats/2.jpg,old\n") == {"age": [NOTHING_SAID, "old", NOTHING_SAID]}


@pytest.mark.parametrize(
    "key", ["cats/2.jpg", "./cats/2.jpg", "cats\\2.jpg", "2.jpg", "cats/2", "2", "2.png", "/data/elsewhere/2.jpg"]
)
def test_a_row_finds_its_image_however_it_is_written(table: Path, key: str) -> None:
    assert joined(table, f"file,age\n{key},old\n") == {"age": [NOTHING_SAID, "old", NOTHING_SAID]}


def test_a_base_name_that_two_images_have_is_given_to_neither(table: Path) -> None:
    table.write_text("file,age\n1.png,old\nb/2.png,young\n")
    found, columns = join(table, ["a/1.png", "b/1.png", "b/2.png"])
    assert [(row.path, row.reason) for row in found.unmatched] == [("1.png", "fits several images")]
    assert said(columns[0]) == [NOTHING_SAID, NOTHING_SAID, "young"]


def test_rows_on_another_folder_are_not_taken_for_this_one(table: Path) -> None:
    found = joined(table, "file,side\ntrain/1.png,a\ntest/1.png,b\n2.png,c\n", ["1.png", "2.png"])
    assert found == {"side": [NOTHING_SAID, "c"]}


def test_the_whole_path_goes_before_the_base_name(table: Path) -> None:
    found = joined(table, "file,age\na/1.png,old\n1.png,young\n", ["1.png", "a/1.png"])
    assert found == {"age": ["young", "old"]}


def test_a_name_without_extension_may_hold_points(table: Path) -> None:
    assert joined(table, "file,age\nscan.v2,old\nscan.v1,young\n", ["scan.v1.png", "scan.v2.png"]) == {
        "age": ["young", "old"]
    }


def test_accents_may_be_written_apart(table: Path) -> None:
    assert joined(table, "file,age\ncafé.png,old\n", ["cafe\u0301.png"]) == {"age": ["old"]}


def test_a_name_that_is_not_utf8_finds_its_row(table: Path) -> None:
    names = [b"caf\xe9.png".decode("utf-8", "surrogateescape"), "b.png"]
    assert joined(table, b"file,age\ncaf\xe9.png,old\nb.png,young\n", names) == {"age": ["old", "young"]}


def test_rows_that_match_no_file_are_told_and_so_is_how_many_images_have_none(table: Path) -> None:
    table.write_text("file,age\ncats/1.png,old\nlost.png,young\nlost.png,young\n")
    found, _ = join(table, NAMES)
    assert (found.path, found.columns, found.without_row, found.key) == (table, ("age",), 2, "file")
    assert [(row.path, row.reason) for row in found.unmatched] == [("lost.png", NO_SUCH_IMAGE)]
    assert found.unmatched[0].detail.startswith("line 3 of metadata.csv, and 1 more")


def test_a_table_of_other_images_says_nothing_of_these(table: Path) -> None:
    table.write_text("file,label\nlost.png,1\n")
    found, columns = join(table, NAMES)
    assert columns == found.columns == ()
    assert [row.path for row in found.unmatched] == ["lost.png"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_what_spreadsheets_write_is_understood(table: Path, separator: str, line: str, start: bytes) -> None:
    rows = [["file", "note", "tree"], ["cats/1.png", f'"a{separator} ""b""{line}c"', "oak"], ["3.png", "", "elm"]]
    found = joined(table, start + line.join(separator.join(row) for row in rows).encode())
    assert found == {
        "note": [f'a{separator} "b"{line}c', NOTHING_SAID, NOTHING_SAID],
        "tree": ["oak", NOTHING_SAID, "elm"],
    }


def test_commas_in_words_do_not_hide_the_real_separator(table: Path) -> None:
    assert joined(table, "file;note\n1.png;a, b, c\n2.jpg;d\n")["note"] == ["a, b, c", "d", NOTHING_SAID]


def test_decimal_commas_are_numbers_where_semicolons_separate(table: Path) -> None:
    table.write_text("file;size\n1.png;3,5\n2.jpg;4\n")
    _, (size,) = join(table, NAMES)
    assert size.numbers is not None
    assert size.numbers.tolist() == pytest.approx([3.5, 4.0, np.nan], nan_ok=True)


def test_rows_may_be_short_empty_or_end_in_separators(table: Path) -> None:
    found = joined(table, "file,age,tree\n1.png,old\n\n,,\n2.jpg,young,oak,,\n")
    assert found == {"age": ["old", "young", NOTHING_SAID], "tree": [NOTHING_SAID, "oak", NOTHING_SAID]}


def test_a_column_without_a_name_is_left_out(table: Path) -> None:
    assert joined(table, ",file,age\n0,1.png,old\n1,2.jpg,old\n") == {"age": ["old", "old", NOTHING_SAID]}


def test_a_row_may_be_repeated_word_for_word(table: Path) -> None:
    assert joined(table, "file,age\n1.png,old\n1.png,old\n")["age"][0] == "old"


def test_a_folder_in_place_of_a_table_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImagesError, match=re.escape(str(tmp_path))):
        join(tmp_path, NAMES)


CELLS = st.lists(st.lists(st.sampled_from(["file", "1.png", "2.jpg", "3", "", '"', "a,b", "0.5", "NA", "\n"])))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.binary(max_size=200) | CELLS.map(lambda rows: "\n".join(",".join(row) for row in rows).encode()))
@example(b"file,a\n1.png\x00,b\n")
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\xff")
def test_no_bytes_whatever_break_it(table: Path, content: bytes) -> None:
    table.write_bytes(content)
    try:
        found, columns = join(table, NAMES)
    except ImagesError:
        return
    assert all(len(column.codes) == len(NAMES) for column in columns)
    assert all((column.codes >= 0).all() and column.codes.max() < len(column.levels) for column in columns)
    assert len(NAMES) - found.without_row >= 0


def test_the_table_is_that_of_the_folder_unless_another_or_none_is_asked_for(tmp_path: Path) -> None:
    assert table_of(tmp_path, "auto") is None
    (tmp_path / "metadata.csv").write_text("file,a\n")
    (tmp_path / "other.csv").write_text("file,b\n")
    assert table_of(tmp_path, "auto") == tmp_path / "metadata.csv"
    assert table_of(tmp_path, "none") is None
    assert table_of(tmp_path, "other.csv") == table_of(None, str(tmp_path / "other.csv")) == tmp_path / "other.csv"
    assert table_of(None, "auto") is None
    with pytest.raises(ImagesError, match=r"lost\.csv"):
        table_of(tmp_path, "lost.csv")


def words(name: str, *cells: str) -> Column:
    levels = tuple(sorted(set(cells)))
    return Column(name, levels, np.array([levels.index(cell) for cell in cells]))


def test_classes_come_from_the_column_that_is_called_so() -> None:
    tree, label, kind = words("tree", "oak"), words("Label", "a"), words("class", "b")
    assert classes_of((tree, label, kind), "auto") is kind
    assert classes_of((tree, label), "auto") is label
    assert classes_of((tree,), "auto") is None
    assert classes_of((tree, label), "folder") is None
    assert classes_of((tree, label), "tree") is tree
    with pytest.raises(ImagesError, match="no column called wood: there are tree, Label"):
        classes_of((tree, label), "wood")
    with pytest.raises(ImagesError, match="no column called wood: there is no metadata"):
        classes_of((), "wood")


def test_labels_that_are_numbers_are_classes_and_not_ranges() -> None:
    found = classes_of((number_column("label", np.arange(30.0)),), "auto")
    assert found is not None
    assert found.levels == tuple(map(str, range(30)))


def test_groups_are_kept_apart_however_many_there_are(table: Path) -> None:
    names = [f"{number}.png" for number in range(3_000)]
    rows = "".join(f"{name},patient {number // 2}\n" for number, name in enumerate(names))
    table.write_text("file,patient\n" + rows)
    found = known(table.parent, names, ImagesConfig(group_column="patient"))
    assert found.group is not None
    assert len(found.group.levels) == 1_500
    assert len(found.columns[0].levels) == 1_001  # what a legend lists is not
    assert group_of((), "none") is None


def test_the_classes_are_not_listed_again_among_the_columns(table: Path) -> None:
    table.write_text("file,class,tree\n1.png,a,oak\n2.jpg,b,elm\n")
    found = known(table.parent, NAMES, ImagesConfig())
    assert found.classes is not None
    assert said(found.classes) == ["a", "b", NOTHING_SAID]
    assert [column.name for column in found.columns] == ["tree"]
    assert found.joined is not None


def test_without_a_table_a_named_set_still_knows_what_it_says_itself() -> None:
    own = number_column("smile", np.linspace(0, 1, 3))
    found = known(None, NAMES, ImagesConfig(), [own])
    assert (found.joined, found.classes, found.columns) == (None, None, (own,))
