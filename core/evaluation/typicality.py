"""How well a model knows such an image: its objective and error beside those of held-out images, and its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import ConfigError
from core.latent.latent_space import LatentSpace
from core.latent.place_verdict import FEWEST, Limits, limits_of
from core.model.conditions import Given
from core.model.objectives import elbo
from core.model.tensor_model import to_tensor
from core.verdicts import VERDICTS, Verdict

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]

MOST = 400  # held-out images that are measured
SAMPLES = 2  # of z for each image, by the same noise for all
NOISE_SEED = 20_190_607
AT_ONCE = 50  # images in one pass


@dataclass(frozen=True)
class ImageStanding:
    """How an image stands to the pictures that a model knows: the verdict, and the figures that it comes from.

    `nats` is its objective; `off` how far that is from the `usual` one, either way; `share` that of the held-out images
    which it is more typical than; `error` its reconstruction's; `place` the verdict on its code, None: not known.
    """

    verdict: Verdict
    nats: float
    usual: float
    share: float
    error: float
    off_limits: Limits
    error_limits: Limits
    place: Verdict | None

    @property
    def off(self) -> float:
        """How far the objective is from the usual one, in nats."""
        return abs(self.nats - self.usual)


@dataclass(frozen=True, eq=False)
class Typicality:
    """Of images that the model did not learn from: objectives (n,) in nats per image, sorted, and errors (n,).

    An image is as typical as its objective is near their median: one that is far lower is as strange as one that is far
    higher (Nalisnick et al. 2019, with one image at a time: the typical set of eq. 3 around the empirical entropy, here
    the median, which stray images do not move).
    """

    objectives: Floats
    errors: Floats

    @property
    def median(self) -> float:
        """What is usual, in nats per image."""
        return float(np.median(self.objectives))

    def share(self, nats: float) -> float:
        """Of these images the share, in [0, 1], that an image with this objective is more typical than."""
        return float((np.abs(self.objectives - self.median) > abs(nats - self.median)).mean())

    def standing(self, nats: float, error: float, place: Verdict | None) -> ImageStanding | None:
        """How an image with this objective, this error and its code at a place stands; None where too few are known.

        The decoded place alone says nothing: a model makes of a sandwich a pullover that it knows well. So the image is
        among the pictures when its objective is as near to the median and its error as small as in 95 % of the held-out
        images, near few when they are as in 99 %, else far from any; and never better than its place.
        """
        if len(self.objectives) < FEWEST:
            return None
        passed = max(self._off_limits.passed(abs(nats - self.median)), self._error_limits.passed(error))
        verdicts: list[Verdict] = [("among", "few", "far")[passed], place or "among"]
        worst = max(verdicts, key=VERDICTS.index)
        limits = (self._off_limits, self._error_limits)
        return ImageStanding(worst, nats, self.median, self.share(nats), error, *limits, place)

    @cached_property
    def _off_limits(self) -> Limits:
        return limits_of(np.abs(self.objectives.astype(np.float64) - self.median))

    @cached_property
    def _error_limits(self) -> Limits:
        return limits_of(self.errors.astype(np.float64))


def measure_typicality(
    latent_space: LatentSpace, pixels: Pixels, held_out: NDArray[np.bool_], labels: Labels | None = None
) -> Typicality:
    """Measure at most MOST held-out images among all, uint8 (N, H, W, C), evenly; of any where hardly any is held out.

    `labels` (N,) are their classes, for a class-conditional model. Raises ConfigError without images.
    """
    rows = np.flatnonzero(held_out if held_out.sum() >= FEWEST else np.ones(len(pixels), np.bool_))
    if not len(rows):
        raise ConfigError("There are no images to compare with: open the folder that the run learned from.")
    some = rows[np.linspace(0, len(rows) - 1, min(MOST, len(rows))).astype(int)]
    nats, errors = [], []
    for part in _parts(some):
        images, told = np.asarray(pixels[part]), _of(labels, part)
        nats.append(objectives(latent_space, images, told))
        errors.append(reconstruction_errors(latent_space, images, told))
    return Typicality(np.sort(np.concatenate(nats)), np.concatenate(errors))


def reconstruction_errors(latent_space: LatentSpace, pixels: Pixels, labels: Labels | None = None) -> Floats:
    """How far images uint8 (M, H, W, C) come back from what their codes decode to, (M,): a pixel's mean difference.

    Of pixels in [0, 1]. `labels` (M,) are their classes, the space's own label without them.
    """
    codes, _ = latent_space.encode(pixels, labels)
    off = np.abs(pixels.astype(np.float32) - latent_space.decode(codes, labels))
    return np.asarray(off.mean(axis=(1, 2, 3)) / np.float32(255.0), np.float32)


@torch.inference_mode()
def objectives(latent_space: LatentSpace, pixels: Pixels, labels: Labels | None = None) -> Floats:
    """−ELBO of images uint8 (M, H, W, C) in nats per image, (M,): reconstruction + KL, by the same noise for each.

    `labels` (M,) are their classes, the space's own label without them. A completion model is given nothing.
    """
    labels = np.full(len(pixels), latent_space.label) if labels is None else labels
    noise = torch.randn((SAMPLES, 1, latent_space.latent_dims), generator=torch.Generator().manual_seed(NOISE_SEED))
    given = Given(labels=torch.from_numpy(np.asarray(labels, np.int64)))
    found = elbo(latent_space.vae, to_tensor(pixels), noise.expand(SAMPLES, len(pixels), -1), given=given)
    nats: Floats = found.objective.float().numpy()
    return nats


def _of(labels: Labels | None, part: NDArray[np.int64]) -> Labels | None:
    return None if labels is None else np.asarray(labels[part])


def _parts(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
