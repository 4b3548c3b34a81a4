"""Which images each step sees, and the noise it draws: functions of seed and step, so that resuming needs no state."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.atomic_write import FORMAT
from core.images.image_set import ImageSet
from core.model.conditions import Given
from core.model.tensor_model import to_tensor
from core.training.masks import random_masks


@dataclass(frozen=True)
class Batches:
    """The training images in a new order each epoch; the last batch of an epoch is smaller when it must be."""

    image_set: ImageSet
    batch_size: int
    seed: int
    labels: NDArray[np.int64] | None = None  # (N,) of all images, as the model numbers them
    begun_in: int = FORMAT  # the format of the run when it began: its noise stays what it was

    @property
    def indices(self) -> NDArray[np.int64]:
        """The images learned from: all that are not held out."""
        return np.flatnonzero(~self.image_set.held_out)

    def epoch(self, number: int) -> list[NDArray[np.int64]]:
        """The batches of one epoch, as indices into the image set; within a batch in the order of the file."""
        order = np.random.default_rng((self.seed, number)).permutation(self.indices)
        return [np.sort(order[start : start + self.batch_size]) for start in range(0, len(order), self.batch_size)]

    def images(self, indices: NDArray[np.int64], device: torch.device) -> torch.Tensor:
        """Pixels in [0, 1], (N, C, H, W), on the device."""
        pixels = self.image_set.pixels[indices]
        if device.type == "cpu":
            return to_tensor(pixels)
        return torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).float().div_(255.0)

    def given(self, conditional: str, step: int, indices: NDArray[np.int64], device: torch.device) -> Given:
        """What a conditional model knows beside x in one step: the classes, or a random part of each image."""
        if conditional == "class":
            labels = self.image_set.labels if self.labels is None else self.labels
            return Given(labels=torch.from_numpy(labels[indices]).to(device))
        if conditional == "completion":
            height, width, _ = self.image_set.shape
            masks = random_masks(self.seed, step, len(indices), height, width)
            return Given(visible=torch.from_numpy(masks).to(device))
        return Given()

    def noise(self, step: int, shape: tuple[int, int, int], device: torch.device) -> torch.Tensor:
        """ε ~ N(0, I) of one step, (samples, N, latent_dims)."""
        generator = torch.Generator(device).manual_seed(noise_seed(self.seed, step, self.begun_in))
        return torch.randn(shape, generator=generator, device=device)


def noise_seed(seed: int, step: int, begun_in: int = FORMAT) -> int:
    """What the noise of a step is drawn from: 64 bits, each of which hangs on every bit of seed and step.

    A generator on a CPU keeps the lower 32 alone, where runs that were begun in format 1 have nothing but the step.
    """
    if begun_in < 2:
        return (seed << 32) + step
    return int(np.random.SeedSequence((seed, step)).generate_state(1, np.uint64)[0])
