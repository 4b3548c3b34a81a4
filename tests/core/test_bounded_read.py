"""What a stranger's file could do to whoever reads it: hang, fill the memory, or raise what nobody expects."""

import os
from pathlib import Path

import pytest

from core.bounded_read import as_amount, as_count, parse_json, read_bytes, read_json


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="is no file that can be read"):
        read_bytes(tmp_path / "pipe", 10)


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(bytes(11))
    assert read_bytes(tmp_path / "long", 11) == bytes(11)
    with pytest.raises(OSError, match="is 11 bytes long, and may be 10"):
        read_bytes(tmp_path / "long", 10)


@pytest.mark.parametrize("text", ["[" * 100_000, "NaN", '{"a": -Infinity}', "", "{", "9" * 10_000])
def test_json_that_is_none_is_a_value_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ValueError, match=r"."):
        read_json(tmp_path / "a.json")


@pytest.mark.parametrize("value", [None, True, "1", -1, 1.5, [], {}, 10**30, parse_json("1e999")], ids=str)
def test_what_is_no_number_of_its_kind_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError, match="is no"):
        as_count(value)
    if value != 1.5:
        with pytest.raises(ValueError, match="is no"):
            as_amount(value)
