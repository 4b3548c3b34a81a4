"""Tables as JSON lines: an object a row, as image sets on the web have them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from core.images.tables.table import MetadataTable, Remark, Row, problem, tabulate


def read_json_lines(path: Path) -> MetadataTable:
    """Read a JSON object a line; one inside another becomes columns such as "pose.x", a list stays as it is written.

    Raises ImagesError and OSError.
    """
    names = dict.fromkeys(name for _, row in _objects(path, []) for name in row)
    if not names:
        raise problem(path, "holds no line that is a JSON object")
    remarks = list[Remark]()
    return tabulate(path, _rows(path, list(names), remarks), remarks)


def _rows(path: Path, names: list[str], remarks: list[Remark]) -> Iterator[Row]:
    yield 1, names
    for line, row in _objects(path, remarks):
        yield line, [row.get(name, "") for name in names]


def _objects(path: Path, remarks: list[Remark]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                remarks.append(Remark(line, f"is not JSON ({error})"))
                continue
            if isinstance(found, dict):
                yield line, dict(_flat(found))
            else:
                remarks.append(Remark(line, "is no JSON object"))


def _flat(found: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, as_text(value)


def as_text(value: Any) -> str:
    """A value as a cell of a table of text would have it; a number that is whole without its point."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case date():  # and a time, which is one
            return str(value).removesuffix(" 00:00:00")
        case _:
            return str(value)
