"""Lesson 5: what σ of the decoder does: fixed at five values, and free."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.lessons.lesson import Found, Guess
from core.lessons.short_training import SEED, alike, config, faces, learned, there_and_back
from core.model.objectives import elbo
from core.model.tensor_model import to_pixels
from core.model.vae import VAE
from core.reports.lessons import Cloud, Curves, Frame, Level, Line, Pictures, Scene
from core.reports.progress import Progress

SIGMAS = (0.05, 0.1, 0.2, 0.4, 1.0)
SIZE, SHOWN, REACH = 16, 8, 3.6
CONTROL = "σ of the decoder"


@dataclass(frozen=True, eq=False)
class Measured:
    """One model: its σ; of held-out images codes (N, 2), the ELBO and KL in nats, and the root mean square error."""

    sigma: float
    codes: NDArray[np.float32]
    elbo: float
    kl: float
    error: float
    pixels: NDArray[np.uint8]  # some of them, and what comes back


def look() -> Scene:
    """The faces that come back more or less exactly."""
    _, held_out, _ = faces(SIZE, 3)
    return Scene((Frame("", (Pictures("Faces to bring back", to_pixels(held_out[:24].clone())),)),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """Train a model for each σ, from the same weights with the same noise; in the last σ is free."""
    images, held_out, hair = faces(SIZE, 3)
    measured: list[Measured] = []
    for sigma in (*SIGMAS, None):
        likelihood = {"likelihood": "gaussian-optimal"} if sigma is None else {"likelihood": "gaussian", "sigma": sigma}
        asked = config({"latent_dims": 2, "width": 16, **likelihood}, {"learning_rate": 4e-3})

        def show(vae: VAE, sigma: float | None = sigma) -> Scene:
            return Scene(_frames([*measured, _measure(vae, sigma, held_out, measured)], hair, ())[-1:])

        doing = "σ is free" if sigma is None else f"σ = {sigma:g}"
        vae = yield from learned(images, asked, steps, f"{doing}: learning", show)
        measured.append(_measure(vae, sigma, held_out, measured))
    *fixed, own = measured
    levels = (
        Level("your σ", float(guess[0]), "guess", is_along=True),  # type: ignore[arg-type]  # a number
        Level("best σ", own.sigma, "truth", is_along=True),
    )
    sentence = (
        f"Where it is free σ becomes {own.sigma:.3f}, as large as the errors are (on held-out faces {own.error:.3f}), "
        f"and the ELBO {own.elbo:,.0f} nats: the best of the fixed ones has {max(each.elbo for each in fixed):,.0f}. "
        f"Where errors are dear codes say more (KL is {fixed[0].kl:.1f} nats at σ = {fixed[0].sigma:g} and "
        f"{fixed[-1].kl:.1f} at σ = {fixed[-1].sigma:g}), as with a small and a large β in lesson 4."
    )
    yield Found(Scene(_frames(measured, hair, levels), CONTROL), (own.sigma,), sentence)


def _measure(vae: VAE, sigma: float | None, x: Tensor, before: list[Measured]) -> Measured:
    """The model on images (N, C, H, W); its codes are turned to lie as those before."""
    with torch.no_grad():
        noise = torch.randn(len(x), 2, generator=torch.Generator().manual_seed(SEED))
        terms = elbo(vae, x, noise)
        error = (vae.decoder(terms.posterior.base.sample(noise)) + 0.5 - x).square().mean().sqrt()
        pixels = there_and_back(vae, x[:SHOWN], terms.posterior.code[:SHOWN])
        own = float(vae.likelihood.mean_squared_error.sqrt()) if sigma is None else sigma  # type: ignore[operator]
    codes = alike(terms.posterior.code.numpy(), before[-1].codes if before else None)
    return Measured(own, codes, -float(terms.objective.mean()), float(terms.kl.mean()), float(error), pixels)


def _frames(measured: list[Measured], hair: NDArray[np.int8], levels: tuple[Level, ...]) -> tuple[Frame, ...]:
    """A frame a model; the bound of all that are known is drawn over σ."""
    by_sigma = sorted(measured, key=lambda each: each.sigma)
    x = np.array(sorted({*SIGMAS, *(each.sigma for each in measured)}))
    known = {each.sigma: each.elbo for each in by_sigma}
    y = np.array([known.get(sigma, np.nan) for sigma in x.tolist()])
    frames = []
    for place, each in enumerate(measured):
        name = f"{'free, ' * (place == len(SIGMAS))}σ = {each.sigma:.3g}: KL {each.kl:.1f}"
        curves = Curves(
            "ELBO of held-out faces: higher is better",
            x,
            (Line("", y),),
            ("σ", "nats per image"),
            levels,
            True,
            each.sigma,
            True,
        )
        cloud = Cloud("Codes: a dot a face, coloured by hair", each.codes, hair, REACH, has_rings=True)
        frames.append(Frame(name, (cloud, Pictures("Held-out faces, and below what comes back", each.pixels), curves)))
    return tuple(frames)
