"""Memory that a step frees stays for the next one, where the C library would hand it back and fetch it anew."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # names that glibc's malloc.h gives to numbers
ALL, MEGABYTE = 2**31 - 1, 2**20
AFTERWARDS = ((MMAP_THRESHOLD, 32 * MEGABYTE), (TRIM_THRESHOLD, 64 * MEGABYTE))  # the most that glibc itself comes to


@contextmanager
def kept() -> Iterator[None]:
    """Within it nothing that is freed goes back to the system, unless memory runs out; afterwards all does.

    Convolutions on a CPU free and fetch some tens of megabytes a step: ten thousand page faults. Without glibc nothing
    happens.
    """
    if (library := _glibc()) is None:
        yield
        return
    library.mallopt(MMAP_THRESHOLD, 1024 * MEGABYTE)
    library.mallopt(TRIM_THRESHOLD, ALL)
    try:
        yield
    finally:
        for name, value in AFTERWARDS:
            library.mallopt(name, value)
        library.malloc_trim(0)


def give_back() -> None:
    """From now on all that is freed goes back to the system at once: memory has run out."""
    if (library := _glibc()) is not None:
        library.mallopt(MMAP_THRESHOLD, MEGABYTE)
        library.mallopt(TRIM_THRESHOLD, 0)
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if library is not None and hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
