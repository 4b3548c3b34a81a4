"""What a person would lose: what their table says of a picture, said of none or of another."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.images.tables.joining import join
from core.images.tables.row_matching import NO_IMAGE, SEVERAL_IMAGES, fit
from core.reports.images import NO_SUCH_IMAGE, NOTHING_SAID, Column, Joined

NAMES = ["cats/1.png", "cats/Two Words.jpg", "dogs/3.png"]
Said = dict[str, list[str]]


def said(column: Column) -> list[str]:
    return [column.levels[code] for code in column.codes]


def joined(folder: Path, content: str, names: list[str] = NAMES, pictures: Path | None = None) -> tuple[Joined, Said]:
    path = folder / "table.csv"
    path.write_text(content, "utf-8")
    found, columns = join(path, names, pictures)
    return found, {each.name: said(each) for each in columns}


@pytest.mark.parametrize(
    "key",
    [
        "cats/Two Words.jpg",
        "./cats/Two Words.jpg",
        "/cats/Two Words.jpg",
        "cats//Two Words.jpg",
        "cats\\Two Words.jpg",
        "C:\\data\\cats\\Two Words.jpg",
        "c:/data/cats/two words.JPG",
        "\\\\server\\share\\cats\\Two Words.jpg",
        "\\\\?\\C:\\cats\\Two Words.jpg",
        "file:///C:/data/cats/Two%20Words.jpg",
        "file:///home/ada/cats/Two%20Words.jpg",
        "file://localhost/home/ada/cats/Two%20Words.jpg",
        "https://example.org/cats/Two%20Words.jpg?size=large#top",
        "s3://bucket/cats/Two Words.jpg",
        "cats/Two%20Words.jpg",
        "cats%2FTwo%20Words.jpg",
        "cats/TwoWords.jpg",
        "cats/Two  Words.jpg",
        "cats/Two\u00a0Words.jpg",
        "\u200bcats/Two Words.jpg\ufeff",
        "Two Words.jpg",
        "TWO WORDS",
        "Two Words.tif",
        "cats / two words",
        "'cats/Two Words.jpg'",
    ],
)
def test_a_row_finds_its_image_however_its_path_is_written(tmp_path: Path, key: str) -> None:
    assert joined(tmp_path, f'file,tree\n"{key}",oak\n')[1] == {"tree": [NOTHING_SAID, "oak", NOTHING_SAID]}


def test_a_percent_sign_that_is_one_stays_one(tmp_path: Path) -> None:
    names = ["100%.png", "a%20b.png", "a b.png"]
    content = "file,tree\n100%.png,oak\na%20b.png,elm\na b.png,ash\n"
    assert joined(tmp_path, content, names)[1] == {"tree": ["oak", "elm", "ash"]}


def test_files_that_differ_in_case_alone_keep_their_own_rows(tmp_path: Path) -> None:
    content = "file,tree\na.png,oak\nA.png,elm\nb.PNG,ash\n"
    assert joined(tmp_path, content, ["A.png", "a.png", "b.png"])[1] == {"tree": ["elm", "oak", "ash"]}


def test_stems_of_two_folders_are_told_apart_by_as_much_of_the_path_as_it_takes(tmp_path: Path) -> None:
    names = ["a/x/1.png", "b/x/1.png", "b/y/1.png", "1.png"]
    content = "file,tree\n/data/a/x/1,oak\nb/x/1,elm\nC:\\y\\1,ash\n1,fir\nx/1,yew\n"
    found, columns = joined(tmp_path, content, names)
    assert columns == {"tree": ["oak", "elm", "ash", "fir"]}
    assert [(row.path, row.reason, row.detail[:7]) for row in found.unmatched] == [
        ("x/1", "fits several images", "line 6 ")
    ]


def test_the_folder_that_is_open_tells_rows_apart_too(tmp_path: Path) -> None:
    """A table of both parts beside a folder of one."""
    content = "file,side\ntrain/1.png,a\ntest/1.png,b\ntrain/2.png,c\n"
    found, columns = joined(tmp_path, content, ["1.png", "2.png"], Path("/data/set/train"))
    assert columns == {"side": ["a", "c"]}
    assert [(row.path, row.reason) for row in found.unmatched] == [("test/1.png", "another row fits better")]


def test_numbers_as_names_find_files_with_zeros_before_them(tmp_path: Path) -> None:
    found, columns = joined(tmp_path, "nr,tree\n1,oak\n20,elm\n3,ash\n", ["0001.png", "0020.png", "0003.png"])
    assert columns == {"tree": ["oak", "elm", "ash"]}
    assert found.key == "nr"


@pytest.mark.parametrize("order", [("id", "file_name"), ("file_name", "id"), ("id", "whatever"), ("name", "picture")])
def test_the_key_is_the_column_that_fits_most_files_whatever_it_is_called(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    names = [f"IMG_{number:03d}.jpg" for number in range(9)]
    one, other = order
    numbers_first = one in ("id", "name")
    rows = [(str(number + 1), name) if numbers_first else (name, str(number + 1)) for number, name in enumerate(names)]
    content = "\n".join(f"{a},{b},{TREES[at % 3]}" for at, (a, b) in enumerate([(one, other), *rows]))
    found, _ = joined(tmp_path, content.replace(f"{one},{other},oak", f"{one},{other},tree"), names)
    assert found.key == (other if numbers_first else one)
    assert found.without_row == 0


TREES = ("oak", "elm", "ash")


def test_a_running_number_is_not_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    """pandas counts from nought: row 0 is of 1.png."""
    names = [f"{number:04d}.png" for number in range(1, 9)]
    rows = [f"{number - 1},{name},tree {name[:4]}" for number, name in enumerate(names, 1)]
    for header in (",file,tree", "index,image_path,tree", "id,x,tree"):
        _, columns = joined(tmp_path, "\n".join([header, *rows[:-1]]), names)
        assert columns["tree"] == [*(f"tree {name[:4]}" for name in names[:-1]), NOTHING_SAID]


def test_a_name_that_only_promises_files_is_no_key(tmp_path: Path) -> None:
    content = "name,picture,tree\nSpot,1.png,oak\nRex,3.png,ash\n"
    found, columns = joined(tmp_path, content)
    assert found.key == "picture"
    assert columns == {"name": ["Spot", NOTHING_SAID, "Rex"], "tree": ["oak", NOTHING_SAID, "ash"]}


def test_addresses_that_are_of_no_file_do_not_hide_the_column_that_is(tmp_path: Path) -> None:
    content = "url,id,tree\nhttps://e.org/900_ab.jpg,cat_a,oak\nhttps://e.org/901_ab.jpg,cat_b,elm\n"
    found, columns = joined(tmp_path, content, ["cat_a.jpg", "cat_b.jpg"])
    assert found.key == "id"
    assert columns["tree"] == ["oak", "elm"]


def test_numbers_beside_names_of_other_pictures_are_no_names(tmp_path: Path) -> None:
    found, columns = joined(tmp_path, "file,age\nlost.png,1\ngone.png,3\n")
    assert (found.key, columns) == ("file", {})
    assert [(row.path, row.reason, row.detail) for row in found.unmatched] == [
        ("lost.png", NO_SUCH_IMAGE, "line 2 of table.csv: no image is called that"),
        ("gone.png", NO_SUCH_IMAGE, "line 3 of table.csv: no image is called that"),
    ]


def test_several_rows_of_an_image_are_gathered(tmp_path: Path) -> None:
    """Boxes: what they agree on, else the first of them, and of how many images that is so."""
    content = "file,tree,box,note\n1.png,oak,10,\n1.png,oak,20,late\n3.png,ash,30,\n3.png,ash,30,\n./3.png,elm,40,x\n"
    found, columns = joined(tmp_path, content)
    assert columns == {
        "tree": ["oak", NOTHING_SAID, "ash"],
        "box": ["10", NOTHING_SAID, "30"],
        "note": ["late", NOTHING_SAID, "x"],
    }
    assert found.unmatched == ()
    assert [remark.split(":")[0] for remark in found.remarks] == [
        "1 image with several rows that say different things in tree",
        "2 images with several rows that say different things in box",
    ]


def test_rows_without_a_name_are_told_with_their_lines(tmp_path: Path) -> None:
    found, _ = joined(tmp_path, "file,tree\n1.png,oak\n,elm\n , ash\n")
    assert [(row.path, row.reason, row.detail) for row in found.unmatched] == [
        ("(line 3 of table.csv)", "row names no image", "line 3 of table.csv, and 1 more")
    ]


PART = st.sampled_from(["a", "b", "c", "1.png", "2.png"])


@settings(deadline=None)
@given(
    st.lists(st.lists(PART, min_size=1, max_size=4).map("/".join), unique=True),
    st.lists(PART, min_size=1).map("/".join),
)
def test_no_image_has_a_longer_common_end_than_the_one_that_is_found(names: list[str], key: str) -> None:
    """As a plain search over all pairs finds it."""

    def alike(name: str) -> int:
        ends = zip(reversed(key.split("/")), reversed(name.split("/")), strict=False)
        return next(
            (at for at, (one, other) in enumerate(ends) if one != other), min(key.count("/"), name.count("/")) + 1
        )

    lengths = [alike(name) for name in names]
    longest = max(lengths, default=0)
    if not longest:
        return  # by a stem, perhaps
    best = [at for at, length in enumerate(lengths) if length == longest]
    expected = names.index(key) if key in names else best[0] if len(best) == 1 else SEVERAL_IMAGES
    assert fit([key], names).image_of.tolist() == [expected]


def test_without_images_nothing_fits() -> None:
    assert fit(["a", ""], []).image_of.tolist() == [NO_IMAGE, NO_IMAGE]
