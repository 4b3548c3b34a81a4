"""What a latent space asks of a model, whether it was trained here or elsewhere."""

from typing import Protocol

from torch import Tensor

from core.model.conditions import Given
from core.model.posteriors import Posterior


class Prior(Protocol):
    """What latents are drawn from."""

    def sample(self, noise: Tensor) -> Tensor:
        """Latents (N, d) of noise ε ~ N(0, I)."""


class ViewedModel(Protocol):
    """z → picture, and picture → z where `can_encode`; the rest is what of it has no meaning for each model."""

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

    @property
    def is_differentiable(self) -> bool:
        """Whether PyTorch knows how a picture changes with z; else it is found by differences."""

    def condition(self, x: Tensor, given: Given) -> Tensor | None:
        """What the decoder gets beside z, for images (N, C, H, W) in [0, 1]."""

    def mean_image(self, z: Tensor, condition: Tensor | None = None) -> Tensor:
        """The picture at latents (N, d), in [0, 1], (N, C, H, W); a condition may be one row for all z."""

    def posterior(self, x: Tensor, given: Given) -> Posterior:
        """q(z|x) of images (N, C, H, W) in [0, 1]. Raises ConfigError where the model cannot encode."""

    def prior(self, x: Tensor, given: Given) -> Prior:
        """What latents are drawn from, for each image (N, C, H, W)."""
