"""Some bytes of a file in 16: by them it is known again when what the file system says of it cannot be believed."""

import hashlib
import os
from collections.abc import Iterator
from typing import BinaryIO

WHOLE = 1 << 20  # bytes of a file that is read from end to end
_PIECES, _PIECE = 16, 1 << 16


def fingerprint(file: BinaryIO, size: int) -> bytes:
    """Of all its bytes up to WHOLE, beyond that of pieces evenly spread from its first byte to its last."""
    digest = hashlib.blake2b(size.to_bytes(8, "little"), digest_size=16)
    for piece in _pieces(file, size):
        digest.update(piece)
    return digest.digest()


def fingerprint_of(path: str | os.PathLike[str]) -> bytes | None:
    """The same of a file by its name; None when it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return fingerprint(file, os.fstat(file.fileno()).st_size)
    except OSError:
        return None


def fingerprint_whole(content: bytes) -> bytes:
    """The same of a small file that has been read."""
    return hashlib.blake2b(len(content).to_bytes(8, "little") + content, digest_size=16).digest()


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    if size <= WHOLE:
        file.seek(0)
        yield file.read(size)
        return
    for number in range(_PIECES):
        file.seek((size - _PIECE) * number // (_PIECES - 1))
        yield file.read(_PIECE)
