"""Some bytes of a file in 16: by them it is known again when what the file system says of it cannot be believed."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO

WHOLE = 1 << 20  # bytes of a file that is read from end to end
_PIECES, _PIECE, _LENGTH = 16, 1 << 16, 16


@dataclass(frozen=True)
class SameFile:
    """An opened file, equal to itself opened again: what was found out of it need not be found out for each page."""

    file: BinaryIO = field(compare=False)
    seen: tuple[int, ...]

    @classmethod
    def of(cls, file: BinaryIO) -> "SameFile":
        """By what the file system says of it now."""
        found = os.fstat(file.fileno())
        return cls(file, (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns))

    @property
    def size(self) -> int:
        """Bytes."""
        return self.seen[2]


@lru_cache(maxsize=1)
def fingerprint(same: SameFile) -> bytes:
    """Of all its bytes up to WHOLE, beyond that of pieces evenly spread from its first byte to its last."""
    return _digest(_pieces(same.file, same.size), same.size)


def fingerprint_of(path: str | os.PathLike[str]) -> bytes | None:
    """The same of a file by its name, read now whatever was known of it; None when it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            return _digest(_pieces(file, size), size)
    except OSError:
        return None


def fingerprint_whole(content: bytes) -> bytes:
    """The same of a small file that has been read."""
    return _digest([content], len(content))


def _digest(pieces: Iterable[bytes], size: int) -> bytes:
    digest = hashlib.sha256(size.to_bytes(8, "little"))
    for piece in pieces:
        digest.update(piece)
    return digest.digest()[:_LENGTH]


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    if size <= WHOLE:
        file.seek(0)
        yield file.read(size)
        return
    for number in range(_PIECES):
        file.seek((size - _PIECE) * number // (_PIECES - 1))
        yield file.read(_PIECE)
