"""What a person would lose: a table that another program wrote, read wrongly or not at all."""

import csv
import datetime
import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from core.errors import ImagesError
from core.images.tables.joining import join
from core.reports.images import NOTHING_SAID, Column, Joined

NAMES = ["cats/1.png", "cats/2.jpg", "dogs/3.png"]
PLAIN = "file,tree,size\ncats/1.png,oak,1.5\ncats/2.jpg,elm,2.5\ndogs/3.png,ash,3.5\n"
TREES = ["oak", "elm", "ash"]


def said(column: Column) -> list[str]:
    return [column.levels[code] for code in column.codes]


def joined(
    folder: Path, name: str, content: str | bytes, names: list[str] = NAMES
) -> tuple[Joined, dict[str, list[str]]]:
    """How a table fits, and what each column says of each image."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found, columns = join(path, names)
    return found, {each.name: said(each) for each in columns}


def with_separator(separator: str) -> str:
    return PLAIN.replace(",", separator)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"])
def test_text_is_read_however_it_was_saved(tmp_path: Path, encoding: str, separator: str, line: str) -> None:
    content = with_separator(separator).replace("\n", line).encode(encoding)
    found, columns = joined(tmp_path, "a.txt", content)
    assert columns == {"tree": TREES, "size": ["1.5", "2.5", "3.5"]}
    assert (found.unmatched, found.remarks, found.without_row) == ((), (), 0)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;\r", "sep=;;;"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_line_that_tells_excel_the_separator_is_no_row(tmp_path: Path, first: str, encoding: str) -> None:
    _, columns = joined(tmp_path, "a.csv", f"{first}\n{with_separator(';')}".encode(encoding))
    assert columns["tree"] == TREES


def test_a_separator_that_is_said_is_believed(tmp_path: Path) -> None:
    content = "sep=|\nfile|note\ncats/1.png|a,b\ncats/2.jpg|c,d\ndogs/3.png|e,f\n"
    assert joined(tmp_path, "a.csv", content)[1] == {"note": ["a,b", "c,d", "e,f"]}


def test_a_list_with_spaces_between_is_a_table_too(tmp_path: Path) -> None:
    assert joined(tmp_path, "val.txt", "cats/1.png 7\ncats/2.jpg 8\ndogs/3.png 9\n")[1] == {"column 2": ["7", "8", "9"]}


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_windows_letters_are_understood_and_said(tmp_path: Path, encoding: str) -> None:
    content = "file;arbre\ncafé.png;chêne\n2.jpg;érable\n".encode(encoding)
    found, columns = joined(tmp_path, "a.csv", content, ["café.png", "2.jpg"])
    assert columns == {"arbre": ["chêne", "érable"]}
    assert ["Line 2 of a.csv" in remark and "UTF-8" in remark for remark in found.remarks] == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes only there")
def test_a_name_of_any_bytes_finds_its_row_in_whatever_letters(tmp_path: Path) -> None:
    names = [b"caf\xe9.png".decode("utf-8", "surrogateescape"), "b.png"]
    for encoding in ("utf-8", "cp1252"):
        assert joined(tmp_path, "a.csv", "file,age\ncafé.png,old\n".encode(encoding), names)[1]["age"][0] == "old"


def test_words_that_differ_in_their_unicode_form_are_one(tmp_path: Path) -> None:
    content = "file,Pla\u0302t\n1.png,Cafe\u0301\n2.jpg,Caf\u00e9\n"
    assert joined(tmp_path, "a.csv", content)[1] == {"Pl\u00e2t": ["Caf\u00e9", "Caf\u00e9", NOTHING_SAID]}


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_decimal_commas_are_numbers(tmp_path: Path, separator: str) -> None:
    content = with_separator(separator).replace(".5", ",5")
    (tmp_path / "a.csv").write_text(content)
    size = join(tmp_path / "a.csv", NAMES)[1][1]
    assert size.numbers is not None
    assert size.numbers.tolist() == [1.5, 2.5, 3.5]


def test_commas_between_thousands_are_no_decimals(tmp_path: Path) -> None:
    assert joined(tmp_path, "a.tsv", "file\tnote\n1.png\t1,500\n2.jpg\t2,000\n")[1]["note"][:2] == ["1,500", "2,000"]


def test_lines_within_quotes_stay_together_and_lines_are_counted_all_the_same(tmp_path: Path) -> None:
    content = 'file,note\n1.png,"two\nlines"\nlost.png,"x"\n2.jpg,b\n'
    found, columns = joined(tmp_path, "a.csv", content)
    assert columns == {"note": ["two\nlines", "b", NOTHING_SAID]}
    assert found.unmatched[0].detail.startswith("line 4 ")


def test_a_row_that_is_too_long_is_left_out_with_its_line_and_no_other(tmp_path: Path) -> None:
    found, columns = joined(tmp_path, "a.csv", "file,age\n1.png,old\n2.jpg,young,extra\n3.png,old,,\n")
    assert columns == {"age": ["old", NOTHING_SAID, "old"]}
    lost = {row.reason: row.detail for row in found.unmatched}
    assert lost == {"row cannot be read": "line 3 of a.csv has 3 cells where the header has 2"}
    assert found.without_row == 1


@pytest.mark.parametrize(
    ("bad", "line"),
    [('2.jpg,"never closed', 3), ('2.jpg,"a"b', 3), ('2.jpg,"' + "x" * 200_000 + '"', 3)],
)
def test_a_row_that_cannot_be_read_costs_only_itself(tmp_path: Path, bad: str, line: int) -> None:
    found, columns = joined(tmp_path, "a.csv", f"file,age\n1.png,old\n{bad}\n3.png,young\n")
    assert columns == {"age": ["old", NOTHING_SAID, "young"]}
    assert [(row.reason, f"line {line} of a.csv" in row.detail) for row in found.unmatched] == [
        ("row cannot be read", True)
    ]


def test_a_zero_byte_is_left_out_and_said(tmp_path: Path) -> None:
    found, columns = joined(tmp_path, "a.csv", b"file,age\n1.p\0ng,ol\0d\n2.jpg,young\n")
    assert columns["age"][:2] == ["old", "young"]
    assert found.remarks == ("Line 2 of a.csv holds a zero byte, which is left out.",)


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    found, columns = joined(tmp_path, "a.csv", "file,age,age\n1.png,old,7\n2.jpg,young,8\n3.png,old,9\n")
    assert columns == {"age": ["old", "young", "old"], "age (2)": ["7", "8", "9"]}
    assert len(found.remarks) == 1


def test_columns_that_say_nothing_are_left_out(tmp_path: Path) -> None:
    """An empty "label" is not to make one class of everything."""
    assert joined(tmp_path, "a.csv", "file,label,tree,,\n1.png,,oak,,\n2.jpg, ,elm,,\n")[1] == {
        "tree": ["oak", "elm", NOTHING_SAID]
    }


def test_titles_above_the_header_are_passed_over_and_said(tmp_path: Path) -> None:
    for title in ("Trees of the north", "Trees of the north,,"):
        found, columns = joined(tmp_path, "a.csv", f"{title}\n\n{PLAIN}")
        assert columns["tree"] == TREES
        assert found.remarks == ("Line 1 of a.csv is taken for a title.",)


def test_comments_above_the_header_are_passed_over(tmp_path: Path) -> None:
    content = "# made by a camera\n# version 1\n# of 2024\nfile,tree\n1.png,oak\n"
    found, columns = joined(tmp_path, "a.csv", content)
    assert columns == {"tree": ["oak", NOTHING_SAID, NOTHING_SAID]}
    assert len(found.remarks) == 3


def test_a_heading_that_is_not_utf8_is_said(tmp_path: Path) -> None:
    found, columns = joined(tmp_path, "a.csv", "file;größe\n1.png;3\n".encode("latin-1"))
    assert list(columns) == ["größe"]
    assert found.remarks == (
        "Line 1 of a.csv is not UTF-8 in the heading größe: read as Western Windows has it, else save it as UTF-8.",
    )


@pytest.mark.parametrize(
    ("encoding", "stems", "words", "letters"),
    [
        ("gbk", ["照片", "图像", "样本"], ["类别", "猫", "狗"], "Chinese (GBK)"),
        ("shift_jis", ["写真", "画像ソ", "表"], ["分類", "ねこ", "いぬ"], "Japanese (Shift JIS)"),
        ("euc_kr", ["사진", "그림", "견본"], ["분류", "고양이", "개"], "Korean"),
        ("cp1251", ["снимок", "картина", "образец"], ["класс", "кот", "собака"], "Cyrillic"),
        ("mac_roman", ["München", "Zürich", "Köln"], ["größe", "süß", "weiß"], "Western, of a Mac"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_in_the_letters_in_which_it_names_the_files(
    tmp_path: Path, encoding: str, stems: list[str], words: list[str], letters: str, separator: str
) -> None:
    head, one, other = words
    names = [f"{stem} {number}.png" for number, stem in enumerate(stems)]
    rows = [("file", head), *zip(names, (one, other, one), strict=True)]
    (tmp_path / "a.csv").write_bytes("\n".join(separator.join(row) for row in rows).encode(encoding))
    found, columns = join(tmp_path / "a.csv", names, tmp_path)
    assert {each.name: said(each) for each in columns} == {head: [one, other, one]}
    assert (found.unmatched, found.without_row) == ((), 0)
    assert found.remarks == (f"a.csv is not UTF-8: read as {letters}, in which it names most files.",)


def test_letters_that_no_name_tells_are_said_to_be_a_guess(tmp_path: Path) -> None:
    found, _ = joined(tmp_path, "a.csv", "file,分類\n1.png,ねこ\n2.jpg,いぬ\n".encode("shift_jis"))
    assert all(remark.endswith("else save it as UTF-8.") for remark in found.remarks)
    assert found.remarks


def test_letters_of_western_windows_stay_what_they_are(tmp_path: Path) -> None:
    """Though they could be letters of Chinese, too."""
    names = ["Löwe 1.png", "Möwe 2.png", "Bär 3.png"]
    rows = "\n".join(("file,größe", *(f"{name},süß" for name in names)))
    (tmp_path / "a.csv").write_bytes(rows.encode("cp1252"))
    _, columns = join(tmp_path / "a.csv", names, tmp_path)
    assert {each.name: said(each) for each in columns} == {"größe": ["süß"] * 3}


def test_row_names_without_a_heading_are_a_column(tmp_path: Path) -> None:
    """R writes a header that is one name short."""
    content = '"tree","age"\n"cats/1.png","oak","old"\n"cats/2.jpg","elm","young"\n"dogs/3.png","ash","old"\n'
    assert joined(tmp_path, "a.csv", content)[1] == {"tree": TREES, "age": ["old", "young", "old"]}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "keys", [["cats/1.png", "cats/2.jpg", "dogs/3.png"], ["1", "2", "3"], ["x/1.tif", "2", "3.tif"]]
)
def test_a_table_may_have_no_header(tmp_path: Path, separator: str, keys: list[str]) -> None:
    rows = [separator.join((key, tree)) for key, tree in zip(keys, TREES, strict=True)]
    found, columns = joined(tmp_path, "a.csv", "\n".join(rows))
    assert columns == {"column 2": TREES}
    assert (found.key, found.without_row) == ("column 1", 0)
    assert "Line 1 of a.csv names a file" in found.remarks[0]


def test_a_table_without_header_may_begin_with_a_file_that_is_gone(tmp_path: Path) -> None:
    found, columns = joined(tmp_path, "a.csv", "gone.png,ash\n1.png,oak\n2.jpg,elm\n3.png,ash\n")
    assert columns == {"column 2": TREES}
    assert [row.path for row in found.unmatched] == ["gone.png"]


def test_a_header_of_one_row_stays_a_header(tmp_path: Path) -> None:
    assert joined(tmp_path, "a.csv", "file,tree\n1.png,oak\n", ["file.png", "1.png"])[1] == {
        "tree": [NOTHING_SAID, "oak"]
    }


def test_json_lines_are_rows(tmp_path: Path) -> None:
    rows = [
        {"file_name": "cats/1.png", "tree": "oak", "size": 1.0, "pose": {"x": 1, "up": True}, "boxes": [[1, 2]]},
        {"file_name": "cats/2.jpg", "tree": None, "size": 2.5, "later": "ü"},
    ]
    for ending in ("a.jsonl", "a.ndjson"):
        _, columns = joined(tmp_path, ending, "\n\n".join(json.dumps(row) for row in rows))
        assert columns == {
            "tree": ["oak", NOTHING_SAID, NOTHING_SAID],
            "size": ["1", "2.5", NOTHING_SAID],
            "pose.x": ["1", NOTHING_SAID, NOTHING_SAID],
            "pose.up": ["true", NOTHING_SAID, NOTHING_SAID],
            "boxes": ["[[1, 2]]", NOTHING_SAID, NOTHING_SAID],
            "later": [NOTHING_SAID, "ü", NOTHING_SAID],
        }


def test_a_line_that_is_no_json_costs_only_itself(tmp_path: Path) -> None:
    content = '{"file": "1.png", "tree": "oak"}\n{"file": "2.jpg", "tr\n[1, 2]\n{"file": "3.png", "tree": "ash"}\n'
    found, columns = joined(tmp_path, "a.jsonl", content)
    assert columns == {"tree": ["oak", NOTHING_SAID, "ash"]}
    assert [row.detail.split(" of ")[0] for row in found.unmatched] == ["line 2", "line 3"]


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_a_table_whatever_its_name(tmp_path: Path) -> None:
    day = datetime.datetime(2024, 5, 6)
    rows = [
        ["file", "tree", "day", "wild", "size"],
        ["1.png", "oak", day, True, 2.0],
        ["2.jpg", "elm", None, False, 0.5],
    ]
    for name in ("a.xlsx", "a.csv", "A.XLSM"):
        found, columns = join(workbook(tmp_path / "made.xlsx", rows).rename(tmp_path / name), NAMES)
        assert {each.name: said(each)[:2] for each in columns} == {
            "tree": ["oak", "elm"],
            "day": ["2024-05-06", NOTHING_SAID],
            "wild": ["true", "false"],
            "size": ["2", "0.5"],
        }
        assert found.remarks == ()


def test_numbers_that_a_workbook_made_of_names_find_their_pictures(tmp_path: Path) -> None:
    names = ["0001.png", "0002.png", "0010.png"]
    rows = [["nr", "tree"], [1, "oak"], [2.0, "elm"], [10, "ash"]]
    assert {each.name: said(each) for each in join(workbook(tmp_path / "a.xlsx", rows), names)[1]} == {"tree": TREES}


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [], [["file", "tree"], ["1.png", "oak"]], [["more"]])
    found, columns = join(path, NAMES)
    assert said(columns[0])[0] == "oak"
    assert "Sheet 2" in found.remarks[0]
    assert "Sheet 3" in found.remarks[0]


def test_without_openpyxl_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", [["file"], ["1.png"]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ImagesError, match=r"pip install latentscape\[excel\]"):
        join(path, NAMES)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xef\xbb\xbf", "is empty"),
        ("a.csv", b"\n,,\n", "is empty"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
        ("a.parquet", b"PAR1" + bytes(60), "Parquet"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00" + bytes(60), "compressed"),
        ("a.xlsx", b"PK\x03\x04 torn", "no workbook that can be read"),
        ("coco.json", b'{"images": [], "annotations": []}', "is JSON"),
        ("a.jsonl", b"no json\n", "no line that is a JSON object"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImagesError, match=words) as raised:
        join(tmp_path / name, NAMES)
    assert str(tmp_path / name) in str(raised.value)
    assert str(raised.value).endswith(".")


def test_a_table_of_ten_megabytes_is_read_in_seconds(tmp_path: Path) -> None:
    rows = 100_000
    names = [f"{number % 50:02d}/picture_{number:07d}.png" for number in range(rows)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "file", "tree", "note", "height"])
    writer.writerows(
        (number, f"/mnt/data/some/longer/way/{name}", TREES[number % 3], f"a few words on number {number}", number / 7)
        for number, name in enumerate(names)
    )
    (tmp_path / "a.csv").write_text(text.getvalue())
    assert (tmp_path / "a.csv").stat().st_size > 10e6
    began = time.process_time()
    found, columns = join(tmp_path / "a.csv", names)
    took = time.process_time() - began
    assert (found.key, found.without_row, found.unmatched) == ("file", 0, ())
    assert np.array_equal(columns[1].codes, [sorted(TREES).index(TREES[number % 3]) for number in range(rows)])
    assert took < 15, f"{took:.1f} s"
