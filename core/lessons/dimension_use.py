"""Lesson 6: how many latent dimensions are used, of as many as a model is given."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.evaluation.dimensions import ACTIVE, Dimensions
from core.lessons.lesson import Found, Guess
from core.lessons.short_training import config, faces, learned
from core.model.tensor_model import to_pixels
from core.model.vae import VAE
from core.reports.lessons import Bars, Curves, Frame, Level, Line, Pictures, Scene, Values
from core.reports.progress import Progress

DIMS = (2, 4, 8, 16, 32, 64)
SIZE, SHOWN = 16, 8
TELLING = 0.95  # of the nats, that the most telling dimensions hold
CONTROL = "Latent dims"


class Measured(NamedTuple):
    """One model on held-out images: KL of each dimension in nats (d,), which are alive (d,), and what comes back."""

    kl_per_dim: Values
    alive: NDArray[np.bool_]
    pixels: NDArray[np.uint8]


def look() -> Scene:
    """The faces, which are drawn from twelve factors."""
    _, held_out, _ = faces(SIZE, 3)
    return Scene((Frame("", (Pictures("Faces to learn from", to_pixels(held_out[:24].clone())),)),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """Train a model for each number of dimensions, from the same seed, and see which of them carry anything."""
    images, held_out, _ = faces(SIZE, 3)
    measured: list[Measured] = []
    for dims in DIMS:
        asked = config({"latent_dims": dims, "width": 8, "likelihood": "bernoulli"}, {"learning_rate": 4e-3})

        def show(vae: VAE) -> Scene:
            return Scene(_frames([*measured, _measure(vae, held_out)], ())[-1:])

        vae = yield from learned(images, asked, steps, f"{dims} dimensions: learning", show)
        measured.append(_measure(vae, held_out))
    counts = [int(each.alive.sum()) for each in measured]
    guessed = float(guess[0])  # type: ignore[arg-type]  # a number
    levels = (Level("your guess", guessed, "guess"), Level("alive of 64", float(counts[-1]), "truth"))
    first, last = measured[0].kl_per_dim.sum(), measured[-1].kl_per_dim
    telling = int(np.searchsorted(np.cumsum(last), TELLING * last.sum())) + 1
    sentence = (
        f"Of {DIMS[-1]} dimensions {counts[-1]} stay alive, of {DIMS[3]} {counts[3]}. They need not be the twelve; "
        f"{telling} of the {DIMS[-1]} say {TELLING:.0%} of what all say, {last.sum():.1f} nats (two alone said "
        f"{first:.1f}). A dimension that would help less than its KL costs is left at N(0,\u00a01), and says nothing."
    )
    yield Found(Scene(_frames(measured, levels), CONTROL), (float(counts[-1]),), sentence)


def _measure(vae: VAE, x: Tensor) -> Measured:
    """Dimensions of images (N, C, H, W), the most telling first; alive: codes that vary (Burda et al. 2016)."""
    with torch.no_grad():
        posterior = vae.posterior(x)
        back = vae.mean_image(posterior.code[:SHOWN])
    dimensions = Dimensions(vae.latent_dims)
    dimensions.add(posterior.code.numpy(), posterior.base.kl().numpy())
    order = np.argsort(-dimensions.kl_per_dim)
    alive = dimensions.variance[order] > ACTIVE
    return Measured(dimensions.kl_per_dim[order], alive, to_pixels(torch.cat((x[:SHOWN], back)).clone()))


def _frames(measured: list[Measured], levels: tuple[Level, ...]) -> tuple[Frame, ...]:
    counts = np.full(len(DIMS), np.nan)
    counts[: len(measured)] = [each.alive.sum() for each in measured]
    frames = []
    for dims, each, count in zip(DIMS, measured, counts.tolist(), strict=False):
        names, kl = tuple(map(str, range(1, dims + 1))), each.kl_per_dim[None]
        bars = Bars("KL of each dimension: how much it says", names, ("KL",), kl, "nats", each.alive)
        lines = (Line("", counts),)
        curves = Curves(
            "Dimensions alive", np.array(DIMS, float), lines, ("latent dims", ""), levels, True, float(dims), True
        )
        pictures = Pictures("Held-out faces, and below what comes back", each.pixels)
        frames.append(Frame(f"{dims}: {count:.0f} alive", (curves, pictures, bars)))
    return tuple(frames)
