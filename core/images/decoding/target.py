"""What every picture of a set becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from core.images.decoding.pages import Pages
from core.pixel_range import AUTO, Range

if TYPE_CHECKING:
    from core.config import ImagesConfig


@dataclass(frozen=True)
class Target:
    """What every picture becomes: `size` pixels square, 1 or 3 channels."""

    size: int
    channels: int
    fit: Literal["crop", "pad", "stretch"] = "crop"
    background: Literal["white", "black"] = "white"
    range: str = AUTO  # as ImagesConfig has it
    pages: Pages = "first"
    page: int | None = None  # the one that is asked for by its number
    ranges: Mapping[str, Range] = field(default_factory=dict)  # what AUTO came to in a set, by kind of number

    @classmethod
    def of(cls, images: "ImagesConfig", size: int, channels: int) -> "Target":
        """What a configuration makes of every picture."""
        return cls(size, channels, images.fit, images.background, images.range, images.pages)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of what it becomes."""
        return self.size, self.size, self.channels

    @property
    def nbytes(self) -> int:
        """What it takes up in a file of pixels."""
        return self.size**2 * self.channels
