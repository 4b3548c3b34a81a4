"""What a TIFF says of its pages, read without any decoder: where each is, its size, and what its numbers are."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import BinaryIO

from core.images.decoding.fingerprint import SameFile
from core.images.decoding.headers import FRAMES_CAP

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _TEXT = 256, 257, 258, 259, 262, 270
_SAMPLES, _PLANAR, _SUBFILE, _FURTHER, _EXTRA, _FORMAT, _TURN = 277, 284, 254, 330, 338, 339, 274
_WANTED = {
    _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _TEXT, _SAMPLES, _PLANAR, _SUBFILE, _FURTHER, _EXTRA, _FORMAT,
    _TURN,
}  # fmt: skip
_LAYOUTS = {1: "B", 2: "c", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_MOST_VALUES = 64  # of a tag: no picture here has so many bands
_MOST_TEXT = 2000
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_SENSOR = (32803, 34892)  # what a camera's sensor saw, before any picture is made of it
_IMAGEJ = re.compile(rb"ImageJ=.*?\nimages=(\d+)", re.DOTALL)


@dataclass(frozen=True)
class TiffPage:
    """One page: `offset` of its entries, its tags as numbers; `plane` of an ImageJ stack that is a single page."""

    offset: int
    tags: dict[int, tuple[int, ...]]
    text: bytes = b""
    plane: int = 0

    def one(self, tag: int, usual: int = 0) -> int:
        """The first number of a tag."""
        return self.tags.get(tag, (usual,))[0]

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height as they are stored."""
        return self.one(_WIDTH), self.one(_HEIGHT)

    @property
    def area(self) -> int:
        """Pixels."""
        return self.size[0] * self.size[1]

    @property
    def bits(self) -> tuple[int, ...]:
        """Of each band, or one for all."""
        return self.tags.get(_BITS, (1,))

    @property
    def formats(self) -> tuple[int, ...]:
        """1: unsigned, 2: signed, 3: float, 4: nobody knows; of each band, or one for all."""
        return self.tags.get(_FORMAT, (1,))

    @property
    def samples(self) -> int:
        """How many bands."""
        return self.one(_SAMPLES, 1)

    @property
    def extra(self) -> tuple[int, ...]:
        """What the bands beyond grey or colours are: 1 and 2 are alpha."""
        return self.tags.get(_EXTRA, ())

    @property
    def photometric(self) -> int:
        """0: white is zero, 1: black is, 2: RGB, 3: a palette, 5: inks, …"""
        return self.one(_PHOTOMETRIC, 1)

    @property
    def compression(self) -> int:
        """1: none."""
        return self.one(_COMPRESSION, 1)

    @property
    def orientation(self) -> int:
        """As EXIF has it."""
        return self.one(_TURN, 1)

    @property
    def is_planar(self) -> bool:
        """One band after the other, not pixel by pixel."""
        return self.one(_PLANAR, 1) == 2 and self.samples > 1

    @property
    def is_reduced(self) -> bool:
        """A preview of another page."""
        return bool(self.one(_SUBFILE) & _REDUCED)

    @property
    def is_shown(self) -> bool:
        """A picture, neither a mask nor what a sensor saw."""
        return self.photometric not in _SENSOR and not self.one(_SUBFILE) & _MASK and self.area > 0


def pictures_of(file: BinaryIO) -> tuple[TiffPage, ...]:
    """The pages that are pictures, previews only where there is nothing else; raises ValueError: none that is read.

    Asked again of the same file, as for each of a thousand pages, it knows.
    """
    return _pictures_of(SameFile.of(file))


@lru_cache(maxsize=1)
def _pictures_of(same: SameFile) -> tuple[TiffPage, ...]:
    file = same.file
    every = list(islice(_pages(file), FRAMES_CAP))
    shown = [page for page in every if page.is_shown] or every
    whole = [page for page in shown if not page.is_reduced] or shown
    if not whole:
        raise ValueError("it has no page")
    if not any(page.is_shown for page in whole):
        raise ValueError("a raw picture of a camera is not supported: save it as JPEG or TIFF")
    if len(whole) == 1 and (stack := _IMAGEJ.search(whole[0].text)):
        planes = min(int(stack[1]), FRAMES_CAP, _room(file, whole[0]))
        return tuple(replace(whole[0], plane=plane) for plane in range(max(1, planes)))
    return tuple(whole)


def _room(file: BinaryIO, page: TiffPage) -> int:
    """How many pages like this one the file has room for."""
    size = page.area * page.samples * page.bits[0] // 8
    return file.seek(0, 2) // size if size and page.compression == 1 else 1


def _pages(file: BinaryIO) -> Iterator[TiffPage]:
    """The chain that starts in the header, each page followed by those below it; a chain that loops ends."""
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    is_big = struct.unpack_from(order + "H", head, 2)[0] == 43
    first = struct.unpack_from(order + ("Q" if is_big else "I"), head, 8 if is_big else 4)[0]
    length, seen, waiting = file.seek(0, 2), set[int](), [first]
    while waiting:
        place = waiting.pop(0)
        if not place or place in seen:
            continue
        seen.add(place)
        try:
            page, following = _page(file, order, is_big, place, length)
        except (struct.error, IndexError) as error:
            if len(seen) == 1:
                raise ValueError(f"its first page is damaged: {error}") from None
            return
        yield page
        waiting = [*page.tags.get(_FURTHER, ()), *(waiting or [following])]


def _page(file: BinaryIO, order: str, is_big: bool, place: int, length: int) -> tuple[TiffPage, int]:
    """The page at a place, and where the next one is."""
    count, entry, link = ("Q", "HHQQ", "Q") if is_big else ("H", "HHII", "I")
    file.seek(place)
    entries = struct.unpack(order + count, file.read(struct.calcsize(count)))[0]
    each = struct.calcsize(order + entry)
    if entries * each > length:
        raise struct.error("more entries than the file has bytes")
    block = file.read(entries * each + struct.calcsize(link))
    following = struct.unpack_from(order + link, block, entries * each)[0]
    tags, text = dict[int, tuple[int, ...]](), b""
    for start in range(0, entries * each, each):
        tag, kind, values, _ = struct.unpack_from(order + entry, block, start)
        if values * _SIZES.get(kind, 1) > length:
            raise struct.error("a tag is longer than the file")
        if tag in _WANTED and kind in _LAYOUTS:
            content = _content(file, block[start : start + each], order, link, _SIZES[kind] * values)
            if tag == _TEXT:
                text = content[:_MOST_TEXT]
            elif content:
                many = min(values, _MOST_VALUES)
                tags[tag] = struct.unpack_from(f"{order}{many}{_LAYOUTS[kind]}", content)
    return TiffPage(place, tags, text), following


def _content(file: BinaryIO, entry: bytes, order: str, link: str, size: int) -> bytes:
    """What a tag holds: in its entry where it has room, else where that says."""
    room = struct.calcsize(link)
    if size <= room:
        return entry[-room:][:size]
    file.seek(struct.unpack(order + link, entry[-room:])[0])
    return file.read(min(size, _MOST_TEXT))
