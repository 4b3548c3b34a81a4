"""What a menu is about: an image of the set, or a place of latent space, wherever in the window it is seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEW, MANY = 10, 50  # images nearest to one
NO_FILES = "These images come from a named set and have no files of their own: export them as CSV."


@dataclass(frozen=True, eq=False)
class Spot:
    """`index` of an image, or −1: then a place z (d,), decoded as the class of that name where there is one."""

    index: int = -1
    z: NDArray[np.float32] | None = None
    class_name: str = ""

    @property
    def is_image(self) -> bool:
        """Whether it is an image of the set."""
        return self.index >= 0
