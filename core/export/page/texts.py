"""Names, colours and numbers as the text of a page has them."""

import base64
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 200  # letters of a name
_UNDRAWABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def plain(name: str) -> str:
    """A name in one line, of signs that there are; it has not been made safe for HTML."""
    return _UNDRAWABLE.sub("\N{REPLACEMENT CHARACTER}", name)[:LONGEST]


def hex_of(colour: NDArray[np.uint8]) -> str:
    """Red, green and blue as "#rrggbb"."""
    red, green, blue = colour.tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"


def text_of(numbers: NDArray[Any]) -> str:
    """Base64 of the bytes of numbers, the least first, as every browser has them."""
    ordered = np.ascontiguousarray(numbers.astype(numbers.dtype.newbyteorder("<")))
    return base64.b64encode(ordered.tobytes()).decode()
