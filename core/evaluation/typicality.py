"""How typical an image is of those a model knows: its objective beside that of held-out images."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import ConfigError
from core.latent.latent_space import LatentSpace, to_tensor
from core.model.conditions import Given
from core.model.objectives import elbo

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]

MOST = 400  # held-out images that are measured
SAMPLES = 2  # of z for each image, by the same noise for all
NOISE_SEED = 20_190_607
AT_ONCE = 50  # images in one pass


@dataclass(frozen=True, eq=False)
class Typicality:
    """The objectives of images that the model did not learn from, (n,) in nats per image, sorted.

    An image is as typical as its objective is near their median: one that is far lower is as strange as one that is far
    higher (Nalisnick et al. 2019, with one image at a time: the typical set of eq. 3 around the empirical entropy, here
    the median, which stray images do not move).
    """

    objectives: Floats

    @property
    def median(self) -> float:
        """What is usual, in nats per image."""
        return float(np.median(self.objectives))

    def share(self, nats: float) -> float:
        """Of these images the share, in [0, 1], that an image with this objective is more typical than."""
        return float((np.abs(self.objectives - self.median) > abs(nats - self.median)).mean())


def measure_typicality(
    latent_space: LatentSpace, pixels: Pixels, held_out: NDArray[np.bool_], labels: Labels | None = None
) -> Typicality:
    """Measure at most MOST held-out images among all, uint8 (N, H, W, C), evenly; of any where none are held out.

    `labels` (N,) are their classes, for a class-conditional model. Raises ConfigError without images.
    """
    rows = np.flatnonzero(held_out if held_out.any() else np.ones(len(pixels), np.bool_))
    if not len(rows):
        raise ConfigError("There are no images to compare with: open the folder that the run learned from.")
    some = rows[np.linspace(0, len(rows) - 1, min(MOST, len(rows))).astype(int)]
    parts = [objectives(latent_space, np.asarray(pixels[part]), _of(labels, part)) for part in _parts(some)]
    return Typicality(np.sort(np.concatenate(parts)))


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
