"""Lesson 4: five maps of the same faces, whose KL is weighed from nothing to eight times."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.evaluation.dimensions import ACTIVE
from core.lessons.lesson import Found, Guess
from core.lessons.short_training import SEED, alike, config, faces, learned, there_and_back
from core.model.objectives import elbo
from core.model.tensor_model import to_pixels
from core.model.vae import VAE
from core.reports.lessons import Bars, Cloud, Frame, Pictures, Scene
from core.reports.progress import Progress

BETAS = (0.0, 0.25, 1.0, 4.0, 8.0)
NONE = len(BETAS)  # of the choices: no map collapses
SIZE, SHOWN, REACH = 16, 8, 3.6
RING = 3.0  # σ of N(0, I), beyond which a z drawn from it hardly ever lies: exp(−9/2), 1 %
CONTROL = "β"


@dataclass(frozen=True, eq=False)
class Measured:
    """One model on held-out images: codes (N, 2), nats per image, dimensions that vary."""

    codes: NDArray[np.float32]
    outside: float  # the share of them beyond RING
    reconstruction: float
    kl: float
    active: int
    back: NDArray[np.uint8]  # some images, and what comes back
    drawn: NDArray[np.uint8]  # decoded from N(0, I)


def look() -> Scene:
    """Some of the faces that the maps will be of."""
    _, held_out, _ = faces(SIZE, 3)
    return Scene((Frame("", (Pictures("Faces to learn from", to_pixels(held_out[:24].clone())),)),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """Train a model for each β, from the same weights with the same noise; the map moves while each learns."""
    del guess
    images, held_out, hair = faces(SIZE, 3)
    measured: list[Measured] = []
    for beta in BETAS:
        asked = config(
            {"latent_dims": 2, "width": 16, "likelihood": "bernoulli"}, {"learning_rate": 4e-3, "beta": beta}
        )

        def show(vae: VAE) -> Scene:
            return Scene(_frames([*measured, _measure(vae, held_out, measured)], hair)[-1:])

        vae = yield from learned(images, asked, steps, f"β = {beta:g}: learning", show)
        measured.append(_measure(vae, held_out, measured))
    first = next((place for place, each in enumerate(measured) if each.active < 2), NONE)
    yield Found(Scene(_frames(measured, hair), CONTROL), (first,), _sentence(measured, first))


def _sentence(measured: list[Measured], first: int) -> str:
    low, high = measured[0], measured[-1]
    fell = f"At β = {BETAS[first]:g} the map collapses" if first < NONE else "No map collapses"
    return (
        f"{fell}: the dearer a nat, the less codes say (from β = 0 to 8 KL falls from {low.kl:.1f} to {high.kl:.1f} "
        f"nats) and the worse faces come back (by {high.reconstruction - low.reconstruction:.1f}). At β = 0 "
        f"{low.outside:.0%} of codes lie outside the 3σ ring, where next to no new face is drawn from (1 %). "
        "β\u00a0=\u00a01 is the usual price: the sum is −ELBO then, and the ELBO never above log p(x), how likely the "
        "model holds a face to be."
    )


def _measure(vae: VAE, x: Tensor, before: list[Measured]) -> Measured:
    """The model on images (N, C, H, W); its codes are turned to lie as those before."""
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        noise = torch.randn(len(x), 2, generator=generator)
        terms = elbo(vae, x, noise)
        drawn = to_pixels(vae.mean_image(torch.randn(2 * SHOWN, 2, generator=generator)))
        back = there_and_back(vae, x[:SHOWN], terms.posterior.code[:SHOWN])
    codes = terms.posterior.code.numpy()
    active, outside = int((codes.var(0) > ACTIVE).sum()), float((np.linalg.norm(codes, axis=1) > RING).mean())
    codes = alike(codes, before[-1].codes if before else None)
    nats = float(terms.reconstruction.mean()), float(terms.kl.mean())
    return Measured(codes, outside, *nats, active, back, drawn)


def _frames(measured: list[Measured], hair: NDArray[np.int8]) -> tuple[Frame, ...]:
    least = min(each.reconstruction for each in measured)
    names = tuple(f"β = {beta:g}" for beta in BETAS)
    values = np.full((2, len(BETAS)), np.nan)
    for place, each in enumerate(measured):
        values[:, place] = each.reconstruction - least, each.kl
    series = ("reconstruction: worse than the best by", "KL: how much codes say, before β")
    return tuple(
        Frame(
            f"β = {BETAS[place]:g}",
            (
                Cloud("Codes: a dot a face, coloured by hair", each.codes, hair, REACH, has_rings=True),
                Pictures("Faces, and below what comes back", each.back),
                Pictures("New faces, from places in N(0, I)", each.drawn),
                Bars("Nats per held-out face (not learned from)", names, series, values, "nats", chosen=place),
            ),
        )
        for place, each in enumerate(measured)
    )
