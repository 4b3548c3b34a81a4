"""Paths as tables write them, brought into a form in which those of one file are alike."""

import os
import re
from urllib.parse import unquote

from core.unicode_names import normal

_URL = re.compile(r"[a-z][a-z0-9+.-]+://[^/]*", re.IGNORECASE)  # with its host; one letter is a drive
_DRIVE = re.compile(r"(//[?.]/)?[a-z]:", re.IGNORECASE)
_PICTURE = re.compile(
    r"[.](a?png|jpe?g|jp2|tiff?|bmp|gif|webp|avif|hei[cf]|p[bgnp]m|tga|ico|dcm|npy|svg)", re.IGNORECASE
)
_ODD = re.compile(r"[^!-$&-9;-\[\]-~]")  # what is not plain: a space, a percent-sign, a colon, a backslash, an accent
_INVISIBLE = re.compile("[\u200b\u200e\u200f\ufeff]")  # what is copied along with a name


def exact(path: str) -> str:
    """With strokes one way, and nothing more: what tells two files apart that differ in case only."""
    path = normal(path.strip()).replace("\\", "/")
    return path.removeprefix("./")


def folded(path: str) -> str:
    """Whatever its drive or address, its case, its spaces, its percent-signs, and the letters it was saved in."""
    path = path.strip("'\"")
    if not _ODD.search(path):
        return path.removeprefix("./").lower()
    path = exact(path)
    if not path.isascii():
        path = _INVISIBLE.sub("", in_unicode(path))
    if found := _URL.match(path):
        path = path[found.end() :].split("?", 1)[0].split("#", 1)[0]
    elif found := _DRIVE.match(path):
        path = path[found.end() :]
    if "%" in path:
        path = normal(unquote(path)).replace("\\", "/")
    return "".join(path.split()).casefold()


def in_unicode(text: str) -> str:
    """The same where bytes that are not UTF-8 are taken for the letters of Western Windows, as most of them are."""
    if text.isascii() or is_utf8(text):
        return text
    return normal(text.translate(_WESTERN))


def is_utf8(text: str) -> bool:
    """Whether no byte of it had to be kept as it was."""
    return text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text)


def stem(path: str) -> str:
    """Without its last extension."""
    return os.path.splitext(path)[0]


def number(path: str) -> str:
    """A stem that is a number, without the zeros before it, which spreadsheets do not keep; anything else is none."""
    folder, stroke, base = path.rpartition("/")
    return f"{folder}{stroke}{base.lstrip('0') or '0'}" if base.isascii() and base.isdigit() else ""


def names_picture(text: str) -> bool:
    """Whether it ends as files of pictures do."""
    return bool(_PICTURE.fullmatch(os.path.splitext(text.strip())[1]))


_WESTERN = {
    0xDC00 + byte: bytes((byte,)).decode("cp1252", "replace").replace("\N{REPLACEMENT CHARACTER}", chr(byte))
    for byte in range(0x80, 0x100)
}
