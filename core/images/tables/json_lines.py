"""Tables as JSON lines: an object a row, as image sets on the web have them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from core.images.tables.table import MetadataTable, Remark, Row, check_width, problem, tabulate
from core.images.tables.text_lines import text_lines

DEEPEST = 8  # objects inside one another that become columns


def read_json_lines(path: Path, most: int) -> MetadataTable:
    """Read a JSON object a line, at most so many; one inside another becomes columns such as "pose.x".

    A list stays as it is written, as does what lies deeper than eight objects. Raises ImagesError and OSError.
    """
    names = dict[str, None]()
    for _, row in _objects(path, most, []):
        names |= dict.fromkeys(row)
        check_width(path, len(names))
    if not names:
        raise problem(path, "holds no line that is a JSON object")
    remarks = list[Remark]()
    return tabulate(path, _rows(path, most, list(names), remarks), remarks, most)


def _rows(path: Path, most: int, names: list[str], remarks: list[Remark]) -> Iterator[Row]:
    yield 1, names
    for line, row in _objects(path, most, remarks):
        try:
            cells = [as_text(row.get(name)) for name in names]
        except RecursionError:
            remarks.append(Remark(line, "is nested too deeply"))
            continue
        yield line, cells


def _objects(path: Path, most: int, remarks: list[Remark]) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        for line, text in enumerate(text_lines(file, most), 1):
            if not text.strip():
                continue
            try:
                found = json.loads(text)
                row = dict(_flat(found)) if isinstance(found, dict) else None
            except (ValueError, RecursionError) as error:
                remarks.append(Remark(line, f"is not JSON ({error})"))
                continue
            if row is None:
                remarks.append(Remark(line, "is no JSON object"))
            else:
                yield line, row


def _flat(found: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        else:
            yield before + name, value


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
