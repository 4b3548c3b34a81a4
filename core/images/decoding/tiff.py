"""The numbers of a TIFF that Pillow has no mode for or gets wrong: deep, signed, float, planar, many bands."""

import logging
import zlib
from io import BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.images.decoding import headers
from core.images.decoding.bit_depth import DeepPicture
from core.images.decoding.tiff_pages import TiffPage

if TYPE_CHECKING:
    from tifffile import TiffPage as Decoder

_UNSIGNED, _SIGNED, _FLOAT, _UNKNOWN = 1, 2, 3, 4
_KINDS = {_UNSIGNED: "uint", _SIGNED: "int", _FLOAT: "float", _UNKNOWN: "uint"}
_BITS = {"uint": (8, 16, 32, 64), "int": (8, 16, 32, 64), "float": (16, 32, 64)}
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _INKS = 0, 1, 2, 3, 5
_BANDS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _PALETTE: 1, _INKS: 4}
_PILLOWS = {(_WHITE_IS_ZERO, 1), (_BLACK_IS_ZERO, 1), (_RGB, 3), (_RGB, 4), (_PALETTE, 1), (_INKS, 4)}
_NONE, _DEFLATE, _BY_LIBTIFF = 1, (8, 32946), {5: "LZW", 32773: "PackBits", 34925: "LZMA", 50000: "Zstandard"}
_PREMULTIPLIED, _ALPHA = 1, 2
_NO_DATA_TAG, _PROFILE_TAG = 42113, 34675
_OF_FLOATS = 3  # a predictor
_PACKED = range(9, 16)  # bits of a number that may begin within a byte

TWO_BANDS, BANDS_LEFT = "two bands as red and green", "some bands left out"

Numbers = NDArray[Any]


class _Read(NamedTuple):
    """Numbers (H, W, bands), the colours of a palette (n, 3), what stands for "no data", the profile of the colours."""

    values: Numbers
    colours: Numbers
    no_data: float | int | None
    profile: bytes | None


def is_deep(page: TiffPage) -> bool:
    """Whether the numbers of a page are read here; Pillow reads 8 unsigned bits of grey, colours, palettes and inks."""
    if page.photometric not in _BANDS:
        return max(page.bits) > 8  # Lab and YCbCr, which are said to be beyond us when they are deep
    is_plain = max(page.bits) <= 8 and set(page.formats) <= {_UNSIGNED, _UNKNOWN} and not page.is_planar
    return not is_plain or ((page.photometric, page.samples) not in _PILLOWS and not _has_grey_alpha(page))


def read(file: BinaryIO, page: TiffPage) -> DeepPicture:
    """The numbers of a page; raises ValueError or NotImplementedError in words for what cannot be read."""
    kind, bits = _KINDS.get(page.formats[0], ""), page.bits[0]
    _check(page, kind, bits)
    found = _read(file, page, bits)
    shown, values = _BANDS[page.photometric], found.values
    if page.photometric == _PALETTE:
        return DeepPicture(found.colours[values[..., 0]], "uint16/65535", profile=found.profile)
    has_alpha = page.extra[:1] in ((_PREMULTIPLIED,), (_ALPHA,)) and values.shape[2] > shown and kind == "uint"
    alpha, further = None, page.samples - shown - has_alpha
    if has_alpha:
        alpha = values[..., shown].astype(np.float32) / np.float32(2.0**bits - 1.0)
        if page.extra[0] == _PREMULTIPLIED:
            values = _divided(values[..., :shown], alpha)
    elif shown == 1 and further:  # bands of any kind: two as red and green, else the first three as colours
        shown, further = min(3, values.shape[2]), max(0, values.shape[2] - 3)
    note = BANDS_LEFT if further else TWO_BANDS if shown == 2 else ""
    values = values[..., :shown]
    is_clear = None if found.no_data is None else (values == found.no_data).all(axis=2)
    is_full = page.photometric == _INKS or (kind, bits) == ("uint", 8)  # what they hold has one meaning
    named = f"{kind}{bits}" + (f"/{2**bits - 1}" if is_full else "")
    return DeepPicture(values, named, is_clear, alpha, page.photometric == _WHITE_IS_ZERO, found.profile, note)


def as_first(file: BinaryIO, page: TiffPage) -> BinaryIO:
    """The same file, whose header says that this page is the first."""
    return _Beginning(file, page.offset)  # type: ignore[return-value]


def _check(page: TiffPage, kind: str, bits: int) -> None:
    if len(set(page.bits)) > 1 or len(set(page.formats)) > 1:
        raise NotImplementedError("bands of different kinds are not supported")
    if not kind:
        raise NotImplementedError("complex numbers are not supported")
    if page.photometric not in _BANDS:
        raise NotImplementedError(f"its colours (photometric {page.photometric}, {bits} bits) are not supported")
    if bits not in _BITS[kind] and not (bits in _PACKED and kind == "uint" and page.compression == _NONE):
        raise NotImplementedError(f"{bits}-bit numbers ({kind}) are not supported")
    if page.samples < _BANDS[page.photometric]:
        raise ValueError(f"it says to have {page.samples} bands, and colours that take more")
    if page.compression not in (_NONE, *_DEFLATE, *_BY_LIBTIFF):
        raise NotImplementedError(f"compression {page.compression} of such numbers is not supported")
    headers.check_pixels(*page.size)
    headers.check_bytes(page.area * page.samples * bits // 8)


def _read(file: BinaryIO, page: TiffPage, bits: int) -> _Read:
    import tifffile  # 0.04 s, for those who need it

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    with tifffile.TiffFile(as_first(file, page)) as whole:
        decoder = whole.pages[0]
        assert isinstance(decoder, tifffile.TiffPage)
        values = _assembled(file, decoder, page, bits)
        no_data, profile = (decoder.tags.get(tag) for tag in (_NO_DATA_TAG, _PROFILE_TAG))
        colours = np.zeros((3, 0), np.uint16) if decoder.colormap is None else decoder.colormap
    return _Read(
        values,
        np.ascontiguousarray(colours.T),
        None if no_data is None else _no_data(str(no_data.value), values.dtype),
        profile.value if profile is not None and isinstance(profile.value, bytes) else None,
    )


def _assembled(file: BinaryIO, decoder: "Decoder", page: TiffPage, bits: int) -> Numbers:
    """All strips or tiles at their places; unpacked here, as tifffile alone unpacks little and as much as there is."""
    separate, _, height, width, bands = decoder.shaped
    dtype = np.dtype(np.uint16) if bits in _PACKED else decoder.dtype
    assert dtype is not None
    found = np.zeros((separate, height, width, bands), dtype)
    rows = decoder.tilelength if decoder.is_tiled else min(decoder.rowsperstrip, height)
    columns = decoder.tilewidth if decoder.is_tiled else width
    headers.check_pixels(columns, rows)
    line = -(-columns * bands * bits // 8)
    skipped = page.plane * line * height * separate  # the planes of an ImageJ stack follow one another
    compression, decoder.compression = page.compression, _NONE  # unpacked here, the rest is tifffile's
    segments = list(zip(decoder.dataoffsets, decoder.databytecounts, strict=False))
    across, down = -(-width // columns), -(-height // rows)
    if len(segments) < separate * across * down:
        raise ValueError("strips are missing")
    for number, (offset, size) in enumerate(segments[: separate * across * down]):
        file.seek(offset + skipped)
        content = _unpacked(file.read(min(size, headers.FILE_CAP)), compression, line, rows)
        layer, place = divmod(number, across * down)
        top, left = place // across * rows, place % across * columns
        part = _segment(decoder, content, number, (rows, columns, bands), bits, height - top)
        part = part[: height - top, : width - left]
        found[layer, top : top + len(part), left : left + part.shape[1]] = part
    return found[0] if separate == 1 else np.moveaxis(found[..., 0], 0, -1)


def _segment(
    decoder: "Decoder", content: bytes, number: int, shape: tuple[int, int, int], bits: int, left: int
) -> Numbers:
    """The numbers of one strip or tile, (rows, columns, bands)."""
    rows, columns, bands = shape
    rows = rows if decoder.is_tiled else min(rows, left)
    if len(content) < rows * -(-columns * bands * bits // 8):
        raise OSError("image file is truncated")
    if bits in _PACKED:
        lines = np.frombuffer(content, np.uint8)[: rows * -(-columns * bands * bits // 8)].reshape(rows, -1)
        each = np.unpackbits(lines, axis=1)[:, : columns * bands * bits].reshape(rows, columns, bands, bits)
        return np.asarray(each @ (1 << np.arange(bits)[::-1]).astype(np.uint16))
    if decoder.predictor == _OF_FLOATS:
        return _undifferenced(content, (rows, columns, bands), bits // 8)
    segment, _, _ = decoder.decode(content, number)
    return np.asarray(np.asarray(segment)[0])


def _undifferenced(content: bytes, shape: tuple[int, int, int], size: int) -> Numbers:
    """Floats whose bytes were sorted by weight and written as differences in each row (Adobe's TIFF note 3)."""
    rows, columns, bands = shape
    parts = np.frombuffer(content, np.uint8)[: rows * columns * bands * size].reshape(rows, -1, bands)
    whole = np.cumsum(parts, axis=1, dtype=np.uint8).reshape(rows, size, columns * bands)
    return np.ascontiguousarray(np.moveaxis(whole, 1, 2)).view(f">f{size}").astype(f"f{size}").reshape(shape)


def _unpacked(content: bytes, compression: int, line: int, rows: int) -> bytes:
    """So many rows of so many bytes at most, whatever the file would unpack to."""
    if compression == _NONE:
        return content
    if compression in _DEFLATE:
        return zlib.decompressobj().decompress(content, line * rows)
    return _by_libtiff(content, compression, line, rows)


def _by_libtiff(content: bytes, compression: int, line: int, rows: int) -> bytes:
    """The bytes of a strip as a grey picture of their own, which libtiff unpacks within Pillow."""
    tags = ((256, line), (257, rows), (258, 8), (259, compression), (262, 1), (273, 8), (277, 1), (278, rows))
    entries = b"".join(
        number.to_bytes(2, "little") + b"\4\0\1\0\0\0" + value.to_bytes(4, "little")
        for number, value in (*tags, (279, len(content)))
    )
    padding = bytes(len(content) % 2)
    start = 8 + len(content) + len(padding)
    whole = b"II*\0" + start.to_bytes(4, "little") + content + padding + b"\x09\0" + entries + bytes(4)
    with Image.open(BytesIO(whole), formats=("TIFF",)) as image:
        return image.tobytes()


def _no_data(said: str, dtype: np.dtype[Any]) -> float | int | None:
    """What GDAL's tag says, as a number of this kind; None where it cannot be one of them."""
    try:
        number = float(said.strip("\0 \n"))
        if dtype.kind == "f":
            return float(np.asarray(number, dtype))
        whole = int(number)
        return whole if np.iinfo(dtype).min <= whole <= np.iinfo(dtype).max and whole == number else None
    except (ValueError, OverflowError):
        return None


def _divided(values: Numbers, alpha: NDArray[np.float32]) -> Numbers:
    """Colours that were multiplied by their alpha, as they were before."""
    most = np.iinfo(values.dtype).max
    whole = np.rint(values / np.maximum(alpha, 1e-6)[..., np.newaxis])
    return np.asarray(np.minimum(whole, most).astype(values.dtype))


def _has_grey_alpha(page: TiffPage) -> bool:
    return page.photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO) and page.samples == 2 and page.extra[:1] == (2,)


class _Beginning(RawIOBase):
    """A TIFF with another first page: what its header says is all that is changed."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file, self._place = file, 0
        file.seek(0)
        head = bytearray(file.read(16))
        is_big = 43 in head[2:4]
        order = "little" if head[:2] == b"II" else "big"
        start, size = (8, 8) if is_big else (4, 4)
        head[start : start + size] = offset.to_bytes(size, order)  # type: ignore[arg-type]
        self._head = bytes(head)

    def read(self, size: int = -1) -> bytes:
        self._file.seek(self._place)
        content = self._file.read(size)
        start = self._place
        if start < len(self._head):
            content = self._head[start : start + len(content)] + content[max(0, len(self._head) - start) :]
        self._place += len(content)
        return content

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        content = self.read(len(view))
        view[: len(content)] = content
        return len(content)

    def seek(self, place: int, whence: int = 0) -> int:
        if whence == 1:
            place += self._place
        elif whence == 2:
            place += self._file.seek(0, 2)
        self._place = place
        return place

    def tell(self) -> int:
        return self._place

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file.fileno()
