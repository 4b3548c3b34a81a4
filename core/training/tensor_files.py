"""Safetensors files that a stranger may have written: their heads are looked at before they are believed."""

from pathlib import Path
from typing import Any

from core.bounded_read import SMALL, open_regular, parse_json, read_bytes

_MOST = 1 << 40  # bytes of tensors
_LENGTH = 8  # bytes that say how long the head is


def read_tensors(path: Path) -> bytes:
    """A file of tensors, for safetensors to load; raises OSError, and ValueError where its head is not one of ours."""
    content = read_bytes(path, _MOST)
    _check_length(content[:_LENGTH], len(content))
    return content


def read_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The shapes of the tensors in a file, by name, without reading them; raises OSError, ValueError."""
    with open_regular(path, _MOST) as file:
        length = _check_length(file.read(_LENGTH), _MOST)
        head: dict[str, Any] = parse_json(file.read(length))
    try:
        return {name: tuple(map(int, about["shape"])) for name, about in head.items() if name != "__metadata__"}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("its head says no shapes") from error


def _check_length(head: bytes, most: int) -> int:
    length = int.from_bytes(head, "little")
    if len(head) < _LENGTH or length > min(most, SMALL):  # some ten thousand tensors
        raise ValueError("its head is not that of a model")
    return length
