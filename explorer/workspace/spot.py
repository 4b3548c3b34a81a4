"""What a menu is about: an image, a place of latent space, or a picture that has none, wherever it is seen."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FEW, MANY = 10, 50  # images nearest to one
NO_MODEL = "There is no model yet: train one first."
NOT_SEEN = "The model has not seen this image yet."
Floats = NDArray[np.float32]
NO_FILES = "These images come from a named set and have no files of their own: export them as CSV."
Kind = Literal["image", "place", "picture"]


@dataclass(frozen=True, eq=False)
class Spot:
    """`index` of an image, or −1: then a place z (d,), decoded as the class of that name where there is one.

    Without either it is a picture (H, W, C) of that name, which lies nowhere.
    """

    index: int = -1
    z: Floats | None = None
    class_name: str = ""
    pixels: NDArray[np.uint8] | None = None
    name: str = ""

    @property
    def kind(self) -> Kind:
        """What it is."""
        return "image" if self.is_image else "place" if self.z is not None else "picture"

    @property
    def is_image(self) -> bool:
        """Whether it is an image of the set."""
        return self.index >= 0
