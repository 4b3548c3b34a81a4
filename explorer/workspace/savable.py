"""What can be saved, and what the window says of it before it is."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_VIDEO = "MP4 films need PyAV, which is not installed: pip install 'latentscape[video]'"


@dataclass(frozen=True)
class Format:
    """A kind of file: its key, words, ending, and why it cannot be; `is_exact`: no pixel is changed."""

    key: str
    words: str
    suffix: str
    tip: str
    why_not: str = ""


@dataclass(frozen=True)
class Savable:
    """A picture, grid, sheet or film: its kind, words, height and width, and what can be chosen about it."""

    kind: str
    title: str
    name: str
    shape: tuple[int, int]
    formats: Sequence[Format]
    scales: Sequence[int]
    scale: int  # that is offered first
    has_background: bool = False
    can_be_smooth: bool = True


@dataclass(frozen=True, eq=False)
class Drawn:
    """As it would be saved: pixels (H, W, C), and how many bytes; `is_exact` or about so many."""

    pixels: NDArray[np.uint8]
    size: tuple[int, int]  # width, height in pixels of the file
    count: int  # bytes
    is_exact: bool
    frames: int = 1


def film_formats() -> tuple[Format, ...]:
    """What a film can be saved as."""
    why_not = "" if importlib.util.find_spec("av") else NO_VIDEO
    return (
        Format("gif", "GIF", ".gif", "Plays everywhere; colours are reduced to 256 in each frame"),
        Format("webp", "WebP", ".webp", "Every pixel as it is; plays in browsers"),
        Format("mp4", "MP4", ".mp4", "The smallest file; plays everywhere", why_not),
        Format("frames", "PNG frames in a new folder", "", "Every pixel as it is, for programs that cut films"),
    )
