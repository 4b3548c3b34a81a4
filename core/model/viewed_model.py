"""What a latent space asks of a model, whether it was trained here or elsewhere, and whether PyTorch is loaded yet."""

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.model.tensor_model import TensorModel

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]


class Described(Protocol):
    """What is known of a model, on arrays or on tensors."""

    @property
    def latent_dims(self) -> int:
        """The length of z."""

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C)."""

    @property
    def conditional(self) -> str:
        """What the decoder is given beside z: none, class or completion."""

    @property
    def can_encode(self) -> bool:
        """Whether pictures have codes."""

    @property
    def has_standard_prior(self) -> bool:
        """Whether z is drawn from N(0, I)."""


class ViewedModel(Described, Protocol):
    """z → picture, and picture → z where `can_encode`, as arrays. Any thread may use it: nothing in it changes."""

    @property
    def was_trained_here(self) -> bool:
        """Whether all of it is known, how likely it finds a picture among that."""

    def decode(self, z: Floats, labels: Labels) -> Pixels:
        """The mean of p(x|z) for latents (M, d), each of the class (M,), as uint8 (M, H, W, C).

        A class says something to a class-conditional model alone; of completion, nothing is visible.
        """

    def encode(self, pixels: Pixels, labels: Labels) -> tuple[Floats, Floats]:
        """The codes of images (M, H, W, C) of classes (M,), and the log-variances of what they come from: (M, d)."""

    def variances(self, pixels: Pixels, labels: Labels) -> Floats:
        """How widely draws of q(z|x) lie about the codes of such images, (M, d): of a flow, from draws."""

    def tensors(self) -> "TensorModel":
        """The same on PyTorch's tensors. Raises ConfigError while PyTorch is still being loaded."""

    def stay_on_one_core(self) -> None:
        """Keep this thread's arithmetic on one core."""
