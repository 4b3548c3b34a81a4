"""How well a model does on each image by itself: objective, reconstruction and KL, for colouring the map by them."""

import copy
import math
from collections.abc import Generator, Iterator
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from core.config import TrainingConfig
from core.errors import ImagesError
from core.evaluation.class_labels import classes_told
from core.evaluation.encode_pass import AT_ONCE, Encoded, encode_part
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace
from core.pace import Pace
from core.reports.evaluation import ImageNumbers
from core.reports.progress import Progress
from core.training.device import choose_device, use_training_threads
from core.training.loss import final_loss

MOST = 200_000  # images; of more so many are measured, evenly spread
ROUNDS = (0, 4, 2, 6, 1, 5, 3, 7)  # each takes every eighth image, so that the whole map has colours early
VALUES_AT_ONCE = 1_500_000  # pixel values in one pass: larger ones are no faster, and cannot be stopped as soon
LOOK_SECONDS = 0.7  # between two looks at what is known so far

Indices = NDArray[np.int64]


def measure_images(
    latent_space: LatentSpace,
    image_set: ImageSet,
    config: TrainingConfig,
    most: int = MOST,
    reserve_core: bool = False,
) -> Generator[Progress | ImageNumbers, None, None]:
    """The terms of the run's own objective for each image; what is known so far after eighths of the images.

    Each is measured as held-out images are: in evaluation mode, by one draw of z ~ q(z|x) with noise that is the same
    every time (as many draws as were trained with for a run of iwae; the code itself for an autoencoder), a
    class-conditional model told the image's class, a completion model shown a part that is the same every time. With
    one draw, no free bits and no capacity, which are of a batch's mean, Reconstruction + β·KL is the objective exactly.
    Raises ImagesError for images that are not the model's.
    """
    use_training_threads(reserve_core)
    _check(latent_space, image_set)
    labels = yield from classes_told(latent_space, image_set)
    device = choose_device(config)
    vae = latent_space.vae if device.type == "cpu" else copy.deepcopy(latent_space.vae).to(device)
    chosen = spread(len(image_set), most)
    loss, found = final_loss(config), _Found(len(image_set), latent_space.step, len(chosen))
    pace, looked = Pace("Measuring the images", len(chosen)), monotonic()
    for first in ROUNDS:
        for part in _parts(chosen[first :: len(ROUNDS)], math.prod(image_set.shape) * loss.samples):
            found.add(encode_part(vae, image_set.pixels, part, labels, loss))
            yield from pace.reports(found.measured)
        if monotonic() - looked > LOOK_SECONDS and found.measured < len(chosen):
            looked = monotonic()
            yield found.so_far()
    yield found.so_far()


def spread(count: int, most: int) -> Indices:
    """All of `count` images, or `most` of them, evenly spread."""
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).round().astype(np.int64)


class _Found:
    """Fills the numbers in, part by part."""

    def __init__(self, images: int, step: int, wanted: int) -> None:
        self.measured, self._step, self._wanted = 0, step, wanted
        self._terms = np.full((3, images), np.nan, np.float32)

    def add(self, part: Encoded) -> None:
        self.measured += len(part.indices)
        self._terms[:, part.indices] = part.objective, part.reconstruction, part.kl

    def so_far(self) -> ImageNumbers:
        """A copy, which does not change."""
        objective, reconstruction, kl = self._terms.copy()
        return ImageNumbers(objective, reconstruction, kl, self._step, self.measured, self._wanted)


def _parts(indices: Indices, values: int) -> Iterator[Indices]:
    """As many images at a time as is fast; `values` are the numbers one image makes a model decode."""
    at_once = min(AT_ONCE, max(1, VALUES_AT_ONCE // values))
    return (indices[start : start + at_once] for start in range(0, len(indices), at_once))


def _check(latent_space: LatentSpace, image_set: ImageSet) -> None:
    if image_set.shape != latent_space.image_shape or len(image_set) != len(latent_space.codes):
        raise ImagesError(
            f"The images in {image_set.source} are not those that this run learned: open the run again to measure them."
        )
