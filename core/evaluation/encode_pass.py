"""A pass over images without learning: exact codes, and the terms of the objective."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.model.batch_in_parts import objective_in_parts
from core.model.conditions import Given
from core.model.halving import Halving
from core.model.objectives import Objective
from core.model.tensor_model import to_tensor
from core.model.vae import VAE
from core.reports.training import HeldOutDone, Terms, costliest
from core.training.loss import Loss
from core.training.masks import fixed_masks

AT_ONCE = 500  # images in one pass, samples of each counted too
NOISE_SEED = 20_140_416  # the same noise every time, so that two evaluations differ only by the model

Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Encoded:
    """One part of a pass: which images, and each one's code, KL per dimension and terms in nats."""

    indices: NDArray[np.int64]
    codes: NDArray[np.float32]  # (n, d)
    kl_per_dim: NDArray[np.float32]  # (d,), mean over these images
    objective: NDArray[np.float32]  # (n,)
    reconstruction: NDArray[np.float32]  # (n,)
    kl: NDArray[np.float32]  # (n,)

    def only(self, chosen: NDArray[np.bool_]) -> "Encoded":
        """Some of these images, (n,); the KL per dimension stays that of all."""
        return Encoded(
            self.indices[chosen],
            self.codes[chosen],
            self.kl_per_dim,
            self.objective[chosen],
            self.reconstruction[chosen],
            self.kl[chosen],
        )


@contextmanager
def testing(vae: VAE) -> Iterator[None]:
    """The model as it is tested: nothing that it computes depends on the other images of a batch."""
    was_training = vae.training
    vae.eval()
    try:
        yield
    finally:
        vae.train(was_training)


def given_of(vae: VAE, indices: NDArray[np.int64], labels: Labels | None) -> Given:
    """What a conditional model is tested with: each image's class, or a part that is the same every time.

    `labels` are those of all images; without them every image counts as of the first class.
    """
    device = next(vae.parameters()).device
    if vae.conditional == "class" and labels is not None:
        return Given(labels=torch.from_numpy(labels[indices]).to(device))
    if vae.conditional == "completion":
        height, width, _ = vae.image_shape
        return Given(visible=torch.from_numpy(fixed_masks(indices, height, width)).to(device))
    return Given()


@torch.no_grad()
def encode_part(
    vae: VAE,
    pixels: NDArray[np.uint8],
    indices: NDArray[np.int64],
    labels: Labels | None = None,
    loss: Loss | None = None,
) -> Encoded:
    """Encode some of all images, (N, H, W, C) uint8, and take the terms of `loss`, the ELBO unless another is given.

    The codes of a completion model are those of images of which nothing is visible; its terms are of hidden parts.
    """
    device, loss = next(vae.parameters()).device, loss or Loss()
    generator = torch.Generator().manual_seed(NOISE_SEED + int(indices[0]))
    noise = torch.randn((loss.samples, len(indices), vae.latent_dims), generator=generator)

    def terms(rows: slice) -> Objective:
        x, own = to_tensor(pixels[indices[rows]]).to(device), noise[:, rows].to(device)
        return loss.of(vae, x, own, given_of(vae, indices[rows], labels))

    def encoded(parts: list[slice]) -> Encoded:
        result = terms(parts[0]) if len(parts) == 1 else objective_in_parts(vae, terms, parts)
        codes, kl_per_dim = result.posterior.code, result.kl_per_dim
        if vae.conditional == "completion":
            whole = [_of_nothing_visible(vae, pixels[indices[rows]]) for rows in parts]
            codes, kl_per_dim = torch.cat([each for each, _ in whole]), torch.cat([kl for _, kl in whole]).mean(0)
        return Encoded(indices, *map(_array, (codes, kl_per_dim, result.objective, result.reconstruction, result.kl)))

    with testing(vae):
        return Halving(len(indices)).work(len(indices), encoded)


def _of_nothing_visible(vae: VAE, pixels: NDArray[np.uint8]) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes and KL of each dimension, each (n, d), of images of which a completion model sees nothing."""
    x = to_tensor(pixels).to(next(vae.parameters()).device)
    posterior = vae.posterior(x, Given())
    return posterior.code, posterior.base.kl(vae.prior(x, Given()))


def encode_all(
    vae: VAE,
    pixels: NDArray[np.uint8],
    indices: NDArray[np.int64],
    labels: Labels | None = None,
    loss: Loss | None = None,
) -> Iterator[Encoded]:
    """Encode many images a part at a time, so that the caller can show progress or stop."""
    at_once = images_at_once(loss or Loss())
    for start in range(0, len(indices), at_once):
        yield encode_part(vae, pixels, indices[start : start + at_once], labels, loss)


def images_at_once(loss: Loss) -> int:
    """How many images one pass takes."""
    return max(1, AT_ONCE // loss.samples)


def mean_terms(parts: list[Encoded]) -> Terms:
    """The averages over all images of the parts, in nats per image."""
    return Terms(
        *(
            float(np.concatenate([getattr(part, name) for part in parts]).mean(dtype=np.float64))
            for name in ("objective", "reconstruction", "kl")
        )
    )


def on_held_out(step: int, parts: list[Encoded]) -> HeldOutDone:
    """What a pass over held-out images says of a step."""
    rising = np.sort(np.concatenate([part.objective for part in parts]))
    trimmed = rising[: len(rising) - costliest(len(rising))]
    return HeldOutDone(step, mean_terms(parts), len(rising), float(trimmed.mean(dtype=np.float64)))


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.float().cpu().numpy()
    return array
