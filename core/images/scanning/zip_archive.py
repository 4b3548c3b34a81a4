"""A ZIP archive of pictures: its files safely unpacked into the cache, once, so that they are read as any folder is."""

import errno
import json
import os
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from core.bounded_read import LARGE, read_json
from core.byte_sizes import bytes_said
from core.errors import ImagesError
from core.images import cache
from core.pace import Pace
from core.reports.images import ImagesPreview
from core.reports.progress import Progress
from core.skipped_file import Skipped
from core.written_paths import said

FORMAT = 1
OUTSIDE, LOCKED, A_LINK = "its name leads out of the archive", "locked with a password", "a link"
DAMAGED, UNKNOWN, TWICE = "damaged", "packed in a way that is not known", "the archive holds a later one of this name"
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_AT_ONCE = 1 << 20  # bytes
_BOMB_BYTES, _BOMB_TIMES = 10**9, 200  # what pictures never unpack to: so much, and so many times the archive's size
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO}  # no fault of the file's
_IS_UTF8, _IS_LOCKED = 0x800, 0x1  # flags of a member
_UNICODE_PATH = 0x7075  # the extra field in which old packers wrote a name's UTF-8


@dataclass(frozen=True)
class Unpacked:
    """Where an archive's files are, and those that are not there, each with its reason."""

    folder: Path
    skipped: tuple[Skipped, ...]


class _Member(NamedTuple):
    name: str  # with forward slashes, as `folder` will have it; "" where it would lead out of that
    info: zipfile.ZipInfo
    written: str  # as the archive has it


def looks_like_archive(path: str, head: bytes) -> bool:
    """Whether a file that begins so is meant as a ZIP archive, be it damaged."""
    if head.startswith(_BEGINNINGS) or path.lower().endswith(".zip"):
        return True
    with suppress(OSError):
        return zipfile.is_zipfile(path)
    return False


def unpack(path: Path) -> Generator[Progress | ImagesPreview, None, Unpacked]:
    """Unpack an archive, or find it unpacked; what must not or cannot be is left out and listed.

    Closed early, it leaves nothing behind. Raises ImagesError: no archive, damaged, all of it locked, a bomb, a full
    disk; OSError when the cache cannot be written.
    """
    with _opened(path) as archive:
        members = [_member(info) for info in archive.infolist() if not info.is_dir()]
        found = path.stat()  # a damaged one may have been fetched again
        key = cache.key_of(
            "zip", FORMAT, path.stem, found.st_size, found.st_mtime_ns, [_identity(each) for each in members]
        )
        unpacked = _read(cache.entry_folder(key))
        if unpacked is None:
            _check(path, members)
            with cache.making() as making:
                yield from _write(archive, members, making, path)
                unpacked = _read(cache.entry_folder(key))  # another program may be reading what it unpacked meanwhile
                if unpacked is None:
                    unpacked = _read(cache.keep(making, key))
    if unpacked is None:
        raise ImagesError(f"The files of {said(path)} vanished from the cache while they were read: try again.")
    cache.mark_used(unpacked.folder.parent)
    return unpacked


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise ImagesError(f"{said(path)} is no ZIP archive, or was cut off: fetch it again ({error}).") from error
    except OSError as error:
        raise ImagesError(f"{said(path)} cannot be opened: {error.strerror or error}.") from error
    with archive:
        yield archive


def _member(info: zipfile.ZipInfo) -> _Member:
    written = _decoded(info)
    parts = [part for part in written.replace("\\", "/").split("/") if part not in ("", ".")]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":":  # a drive
        parts = parts[1:]
    return _Member("" if ".." in parts else "/".join(parts), info, written)


def _decoded(info: zipfile.ZipInfo) -> str:
    """A name as it was meant: many packers write UTF-8 without saying so, where the format says code page 437."""
    if info.flag_bits & _IS_UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    with suppress(UnicodeDecodeError):
        return _unicode_path(info.extra, raw) or raw.decode("utf-8")
    return info.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in the Unicode Path extra field, if it is of this name; else empty."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == _UNICODE_PATH and size > 5 and struct.unpack("<L", extra[5:9])[0] == zlib.crc32(raw):
            return extra[9 : 4 + size].decode("utf-8")
        extra = extra[4 + size :]
    return ""


def _identity(member: _Member) -> tuple[str, int, int, int, int]:
    """What changes when a file in an archive does: its check sum is in the archive's list."""
    info = member.info
    return member.name, info.CRC, info.file_size, info.header_offset, info.flag_bits


def _check(path: Path, members: list[_Member]) -> None:
    """Raise ImagesError for an archive that is a bomb, larger than the disk, or locked as a whole."""
    total, size = sum(each.info.file_size for each in members), path.stat().st_size
    if total > _BOMB_BYTES and total > _BOMB_TIMES * size:
        raise ImagesError(
            f"{said(path)} would unpack to {bytes_said(total)}, {total // size:,} times its own size, as no pictures "
            "do: unpack it by other means if you trust it, and open the folder."
        )
    if members and all(each.info.flag_bits & _IS_LOCKED for each in members):
        raise ImagesError(f"{said(path)} is locked with a password: unpack it yourself, and open the folder.")
    cache.check_space(total, f"Unpacking {said(path.name)}")


def _write(archive: zipfile.ZipFile, members: list[_Member], making: Path, path: Path) -> Iterator[Progress]:
    folder, last = making / (path.stem.strip(". ") or "archive"), {each.name: each for each in members}
    folder.mkdir()
    skipped, total, pace = list[Skipped](), 0, Pace(f"Unpacking {said(path.name)}", len(members))
    for done, each in enumerate(members):
        why = (TWICE, "") if last[each.name] is not each and each.name else _why_not(each)
        if why is None:
            why = yield from _extract(archive, each.info, folder / each.name, pace, done)
        if why is None:
            total += each.info.file_size
        else:
            skipped.append(Skipped(each.name or each.written, *why))
        yield from pace.reports(done + 1)
    listed = [(each.path, each.reason, each.detail) for each in skipped]
    content = {"bytes": total, "folder": folder.name, "skipped": listed}
    (making / cache.UNPACKED).write_text(json.dumps(content), encoding="ascii")


def _why_not(member: _Member) -> tuple[str, str] | None:
    mode = member.info.external_attr >> 16
    if not member.name:
        return OUTSIDE, ""
    if stat.S_ISLNK(mode):
        return A_LINK, ""
    return (LOCKED, "") if member.info.flag_bits & _IS_LOCKED else None


def _extract(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, pace: Pace, done: int
) -> Generator[Progress, None, tuple[str, str] | None]:
    """Write one file, no longer than the archive says it is; returns a reason and a detail when it could not be."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as packed, target.open("xb") as file:
            while block := packed.read(_AT_ONCE):
                file.write(block)
                yield from pace.reports(done)
        with suppress(OverflowError, ValueError, OSError):  # a date that no clock has
            when = time.mktime((*info.date_time, 0, 0, -1))
            os.utime(target, (when, when))
    except Exception as error:  # each way of packing raises its own on damaged files
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        with suppress(OSError):
            target.unlink(missing_ok=True)
        return _reason(error)
    return None


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, OSError) and error.errno is not None:
        return "cannot be unpacked", error.strerror or str(error)
    return (UNKNOWN if isinstance(error, NotImplementedError | RuntimeError) else DAMAGED), str(error)


def _read(folder: Path) -> Unpacked | None:
    """None when the entry is missing or damaged."""
    try:
        about = read_json(folder / cache.UNPACKED, LARGE)
        unpacked = Unpacked(folder / about["folder"], tuple(Skipped(*each) for each in about["skipped"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return unpacked if unpacked.folder.is_dir() else None
