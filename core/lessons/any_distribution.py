"""Lesson 1: a normal distribution bent into a ring by one function, and a decoder that learns such a function."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from core.config import ModelConfig
from core.lessons.lesson import Found, Guess
from core.lessons.short_training import SEED
from core.model.networks import MLP_UNITS
from core.model.one_core import use_one_core
from core.model.vae import VAE
from core.pace import Pace
from core.reports.lessons import Cloud, Frame, Mark, Scene
from core.reports.progress import Progress

DOTS, LEARNED, BATCH, UNITS = 1_500, 4_000, 256, 64
CONTROL = "z, bent by g, bent by the decoder"
MARKED = (1.4, -1.9)  # the z that is asked about
REACH = 3.4
SCALE = 4.0  # what lies from −2 to 2 is a pixel from 0 to 1

Floats = NDArray[np.float32]


def ring(z: Floats) -> Floats:
    """g(z) = z/10 + z/‖z‖ of places (N, 2) (Doersch 2016, section 2)."""
    bent: Floats = (z / 10 + z / np.linalg.norm(z, axis=1, keepdims=True)).astype(np.float32)
    return bent


def look() -> Scene:
    """The normal cloud, with the marked place."""
    z = _normal(DOTS)
    return Scene((Frame("z", (_cloud("z drawn from N(0, I)", z, z, Mark("?", *MARKED, "asked")),)),))


def run(guess: tuple[Guess, ...], steps: int) -> Iterator[Progress | Scene | Found]:
    """The ring by the formula at once; then where a decoder takes the same z while it learns to."""
    z, marked = _normal(DOTS), np.array([MARKED], np.float32)
    (u, v), truth = guess[0], ring(marked)[0]  # type: ignore[misc]  # a place
    marks = (Mark("your guess", u, v, "guess"), Mark("g(z)", float(truth[0]), float(truth[1]), "truth"))
    first = Frame("z", (_cloud("z drawn from N(0, I)", z, z, Mark("z", *MARKED, "asked")),))
    bent = Frame("g(z)", (_cloud("g(z) = z/10 + z/‖z‖", z, ring(z), *marks),))
    scene, off = Scene((first, bent), CONTROL), 0.0
    yield scene
    for learned, progress in _learning(z, steps):
        yield progress
        off = float(np.linalg.norm(learned - ring(z), axis=1).mean())
        scene = Scene((first, bent, Frame("decoder(z)", (_cloud("decoder(z)", z, learned, *marks),))), CONTROL)
        yield scene
    away = float(np.hypot(u - truth[0], v - truth[1]))
    sentence = (
        f"Each z keeps its direction and lands one step and a tenth of its own distance from the middle: a ring. Your "
        f"place is {away:.2f} off. A decoder of {UNITS} units that was shown where {LEARNED:,} other z land has "
        f"learned the bend, and is {off:.2f} off on average."
    )
    yield Found(scene, ((float(truth[0]), float(truth[1])),), sentence)


def _learning(z: Floats, steps: int) -> Iterator[tuple[Floats, Progress]]:
    """Where the program's decoder takes z (N, 2), now and then as it learns g by its likelihood of pairs (z, g(z))."""
    use_one_core()
    model = ModelConfig(network="mlp", latent_dims=2, width=UNITS // MLP_UNITS, likelihood="gaussian", sigma=0.05)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        vae = VAE(model, (1, 2, 1))
    optimiser = torch.optim.AdamW(vae.decoder.parameters(), lr=4e-3)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    known, rows, pace = _normal(LEARNED, SEED + 1), np.random.default_rng(SEED), Pace("Learning the bend", steps)
    latents, images = torch.from_numpy(known), _as_images(ring(known))
    for step in range(steps):
        some = rows.integers(0, LEARNED, BATCH)
        optimiser.zero_grad()
        (-vae.log_likelihood(images[some], latents[some])).mean().backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        falling.step()
        for progress in pace.reports(step + 1):
            with torch.no_grad():
                yield _as_places(vae.mean_image(torch.from_numpy(z))), progress


def _as_images(places: Floats) -> torch.Tensor:
    """Places (N, 2) as images of two pixels in [0, 1], (N, 1, 1, 2)."""
    return torch.from_numpy(places / SCALE + 0.5).view(-1, 1, 1, 2)


def _as_places(images: torch.Tensor) -> Floats:
    places: Floats = (SCALE * (images.view(-1, 2) - 0.5)).numpy()
    return places


def _cloud(title: str, z: Floats, dots: Floats, *marks: Mark) -> Cloud:
    """Dots wherever they went, coloured by the direction of the z they come from, in eighths."""
    eighth = (np.floor(np.arctan2(z[:, 1], z[:, 0]) / (np.pi / 4)) % 8).astype(np.int8)
    return Cloud(title, dots, eighth, REACH, marks, has_rings=dots is z)


def _normal(count: int, seed: int = SEED) -> Floats:
    return np.random.default_rng(seed).standard_normal((count, 2)).astype(np.float32)
