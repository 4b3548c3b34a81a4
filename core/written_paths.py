"""Paths as people write them: pasted in quotes, as a file:// address, with ~ or a variable; and how one is said."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

_QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("‘", "’"), ("«", "»"))
_LONGEST = 300  # characters that are said of a path
_UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e]")  # what would break a line, or turn it round


def read_path(words: str) -> str:
    """The absolute path that these words name: as they stand if something is there, else without what is around it."""
    readings = list(_readings(words))
    return os.path.abspath(next((each for each in readings if os.path.lexists(each)), readings[-1]))


def said(path: str | Path) -> str:
    """A path in one line that can be read: what is not seen is written out, the middle of a very long one left out."""
    text = _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), str(path))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"


def no_folder(path: str | Path) -> str:
    """What is said of a path where a folder should be: what is there instead, or that nothing is."""
    if os.path.isfile(path):
        return f"{said(path)} is a file, and no folder"
    return f"There is no folder {said(path)}"


def _readings(words: str) -> Iterator[str]:
    """From what was literally written to what was most likely meant."""
    yield words
    yield os.path.expanduser(words)
    tidy = _unquoted(words.strip())
    yield tidy
    if tidy.lower().startswith("file:"):
        tidy = _from_address(tidy)
    if os.name == "posix":  # as a terminal writes a path that is dragged onto it
        yield re.sub(r"\\(.)", r"\1", tidy)
    yield os.path.expandvars(os.path.expanduser(tidy))


def _unquoted(words: str) -> str:
    for left, right in _QUOTES:
        if len(words) > 1 and words.startswith(left) and words.endswith(right):
            return words[1:-1].strip()
    return words


def _from_address(address: str) -> str:
    """Of file:///a%20b, file://localhost/a, file:/a, or file://server/share, which is //server/share."""
    path = address[len("file:") :]
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        path = f"{slash}{rest}" if host.lower() in ("", "localhost") else f"//{host}{slash}{rest}"
    if os.name == "nt":
        from urllib.request import url2pathname

        return url2pathname(path)
    return unquote(path, errors="surrogateescape")
