"""The numbers of pictures that Pillow opens and are deeper than 8 bits: greys, floats, and colours it would cut off."""

from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from core.images.decoding import pnm
from core.images.decoding.bit_depth import Clear, DeepPicture

_COLOURS = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L"}  # what unpacks the high bytes: what unpacks the low ones
_GREY_ALPHA = "LA;16B"
_HALVES = {"RGB;16B": 3, "RGBA;16B": 3, _GREY_ALPHA: 1}
_SIXTEEN_BITS = ("PNG", "PPM", "JPEG2000")  # whose greys Pillow may keep in 32


def numbers_of(image: Image.Image, raw: str) -> DeepPicture | None:
    """The numbers of a picture that is opened and not loaded yet, `raw` as its file has them; None: 8 bits at most."""
    if (portable := pnm.read_deep(image)) is not None:
        values, white = portable
        return DeepPicture(values, "uint16" if white == 65_535 else f"uint16/{white}")
    if image.format == "PNG" and raw in _HALVES:
        return _of_png(image, raw)
    if not image.mode.startswith(("I", "F")):
        return None
    image.load()
    stored = np.asarray(image)
    if image.mode == "F":
        return DeepPicture(stored[..., np.newaxis], "float32")
    is_short = image.mode.startswith("I;16") or image.format in _SIXTEEN_BITS
    values = stored.astype(np.uint16) if is_short else stored
    clear = _clear(values[..., np.newaxis], image.info.get("transparency"))
    return DeepPicture(values[..., np.newaxis], "uint16" if is_short else "int32", clear)


def _of_png(image: Image.Image, raw: str) -> DeepPicture:
    """Colours of 16 bits, of which Pillow unpacks one byte at a time."""
    file, key = image.fp, image.info.get("transparency")  # type: ignore[attr-defined]
    if raw == _GREY_ALPHA:
        values = _bytes_of(file, "RGBA", "RGBA").view(">u2").astype(np.uint16)
    else:
        high, low = (_bytes_of(file, image.mode, each).astype(np.uint16) for each in (raw, _COLOURS[raw]))
        values = (high << 8 | low).astype(np.uint16)
    shown = _HALVES[raw]
    alpha = values[..., shown].astype(np.float32) / np.float32(65_535) if values.shape[2] > shown else None
    colours = values[..., :shown]
    return DeepPicture(colours, "uint16", _clear(colours, key), alpha, profile=image.info.get("icc_profile"))


def _bytes_of(file: BinaryIO, mode: str, raw: str) -> NDArray[np.uint8]:
    file.seek(0)
    with Image.open(file, formats=("PNG",)) as image:
        assert isinstance(image, PngImagePlugin.PngImageFile)
        image._mode = mode
        image.tile = [image.tile[0]._replace(args=raw)]
        image.info.pop("transparency", None)
        image.load()
        return np.asarray(image)


def _clear(values: NDArray[np.generic], key: object) -> Clear | None:
    """Where a PNG has its transparent colour."""
    if not isinstance(key, int | tuple):
        return None
    return np.asarray((values == np.array(key)).all(axis=2))
