"""A person is told what to do where they are: flags on the command line, buttons in the window."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from core.commands import main
from core.commands.remedies import REMEDIES
from core.errors import ImagesError, Remedy

CORE = Path(__file__).parents[2] / "core"
FLAG = re.compile(r"(^|\s)--[a-z]|`latentscape ")


def raised() -> Iterator[tuple[Path, str]]:
    """Every sentence that code of core outside the command line raises or makes an error of."""
    for path in sorted(CORE.rglob("*.py")):
        if "commands" in path.parts:
            continue
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("Error"):
                texts = (each.value for each in ast.walk(call) if isinstance(each, ast.Constant))
                yield path, "".join(text for text in texts if isinstance(text, str))


def test_no_sentence_of_core_names_a_flag() -> None:
    sentences = list(raised())
    assert len(sentences) > 100
    assert [(path.name, said) for path, said in sentences if FLAG.search(said)] == []


def test_the_command_line_has_a_remedy_for_each() -> None:
    assert set(REMEDIES) == set(get_args(Remedy))


def test_an_error_says_what_happened_and_then_what_to_do() -> None:
    error = ImagesError("mnist is not on this machine", "download", "mnist")
    assert str(error) == "mnist is not on this machine."
    assert error.in_words({"download": "fetch {what}"}) == "mnist is not on this machine: fetch mnist."
    assert str(ImagesError(*error.args)) == str(error)  # as it comes out of a process of its own
    plain = ImagesError("There is none.")
    assert plain.in_words(REMEDIES) == str(plain) == "There is none."


def test_a_file_where_a_folder_should_be_is_called_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no picture")
    for words in (["resume", str(file)], ["inspect", str(file)], ["encode", str(file), "faces", "--out", "a.csv"]):
        assert main(words) == 1
        assert f"{file} is a file, and no folder" in capsys.readouterr().err
    assert main(["decode", str(tmp_path), "--z", "0", "0", "--out", f"{file}/a.png"]) == 1
    assert "There is no folder" not in capsys.readouterr().err
