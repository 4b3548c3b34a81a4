"""What a model asks of its prior by PyTorch: latents for what is visible of an image, and what may be hidden of it."""

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import ConfigError
from core.model.conditions import NOTHING_GIVEN, Given
from core.model.tensor_model import TensorModel, blank, to_pixels, to_tensor

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

AT_ONCE = 256  # completions in one pass through the networks


@torch.inference_mode()
def from_prior(
    network: TensorModel, noise: Floats, x: torch.Tensor | None = None, given: Given = NOTHING_GIVEN
) -> Floats:
    """Latents (M, d) from p(z | visible part) of one image (1, C, H, W), without one of an image of which none is."""
    prior = network.prior(blank(network.image_shape) if x is None else x, given)
    sampled: Floats = prior.sample(torch.from_numpy(noise)).numpy()
    return sampled


@torch.inference_mode()
def completed(network: TensorModel, pixels: Pixels, visible: NDArray[np.bool_], noise: Floats) -> Pixels:
    """What may be hidden in an image (H, W, C), for each row of noise (M, d): (M, H, W, C). Raises ConfigError."""
    _check(network, pixels, visible)
    x = to_tensor(pixels[None])
    given = Given(visible=torch.from_numpy(visible[None, None].astype(np.float32)))
    condition = network.condition(x, given)
    drawn = [np.zeros((0, *network.image_shape), np.uint8)]
    for start in range(0, len(noise), AT_ONCE):
        z = torch.from_numpy(from_prior(network, noise[start : start + AT_ONCE], x, given))
        drawn.append(to_pixels(network.mean_image(z, condition)))
    found: Pixels = np.where(visible[..., None], pixels, np.concatenate(drawn))
    return found


def _check(network: TensorModel, pixels: Pixels, visible: NDArray[np.bool_]) -> None:
    if network.conditional != "completion":
        raise ConfigError("This run did not learn to complete images", "completion")
    if pixels.shape != network.image_shape or visible.shape != network.image_shape[:2]:
        raise ConfigError(
            f"An image of shape {pixels.shape} with a mask of shape {visible.shape} cannot be completed by a run "
            f"of images of shape {network.image_shape}."
        )
