"""What tells a run's pictures from one another: so that one is known again when its file has another name."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.bounded_read import LARGE, open_regular
from core.images.image_set import ImageSet
from core.training.checksums import replacing_vouched

DIGESTS = "pictures.npy"
_BYTES = 16  # of a million pictures two different ones share none


def write_digests(run: Path, image_set: ImageSet) -> None:
    """Write `pictures.npy`: a digest of the pixels of every image, uint8 (N, 16), in the order of `images.csv`."""
    found = b"".join(digests_of(image_set, np.arange(len(image_set))))
    with replacing_vouched(run / DIGESTS) as temporary, temporary.open("wb") as file:
        np.save(file, np.frombuffer(found, np.uint8).reshape(-1, _BYTES))


def read_digests(run: Path) -> list[bytes]:
    """The digests of a run's images, in the order of its table; none of a run of an older version."""
    with suppress(OSError, ValueError, EOFError), open_regular(run / DIGESTS, 64 * LARGE) as file:
        found: NDArray[np.uint8] = np.load(file, allow_pickle=False)
        if found.dtype == np.uint8 and found.shape == (len(found), _BYTES):
            return [row.tobytes() for row in found]
    return []


def digests_of(image_set: ImageSet, rows: NDArray[np.int64]) -> Iterator[bytes]:
    """The digest of each of some images."""
    for row in rows.tolist():
        yield hashlib.blake2b(image_set.pixels[row].tobytes(), digest_size=_BYTES).digest()
