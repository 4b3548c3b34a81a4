"""Reads small files that a stranger may have written: regular files, no longer and no deeper than they may be."""

import json
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

SMALL = 1 << 20  # bytes of a file that says what others are
LARGE = 1 << 28  # bytes of a file with something to say of each image


def open_regular(path: Path, most: int) -> BinaryIO:
    """Open a file of at most so many bytes; raises OSError, also for a pipe, a device, or one that is longer."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{path.name} is no file that can be read")
        if found.st_size > most:
            raise OSError(f"{path.name} is {found.st_size:,} bytes long, and may be {most:,}")
        return open(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_bytes(path: Path, most: int) -> bytes:
    """All of a file; raises OSError."""
    with open_regular(path, most) as file:
        return file.read()


def read_text(path: Path, most: int = SMALL, errors: str = "strict") -> str:
    """All of a file in UTF-8; raises OSError, ValueError."""
    return read_bytes(path, most).decode("utf-8", errors)


def read_json(path: Path, most: int = SMALL) -> Any:
    """What a JSON file says; raises OSError, ValueError."""
    return parse_json(read_text(path, most))


def parse_json(text: str | bytes) -> Any:
    """What JSON says; a number too large for a float is infinite. Raises ValueError, for NaN and Infinity too."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def as_count(value: object, most: int = 1 << 53) -> int:
    """A whole number from 0 up to `most`; raises ValueError for anything else that JSON may hold in its place."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"{str(value)[:40]} is no whole number from 0 to {most}")
    return value


def as_amount(value: object) -> float:
    """A finite number from 0 up; raises ValueError for anything else that JSON may hold in its place."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise ValueError(f"{str(value)[:40]} is no amount")
    return float(value)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
