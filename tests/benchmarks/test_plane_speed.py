"""How long another plane, a moved one, and each backdrop take; run with -s to see the figures."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest

from core.config import ModelConfig
from core.latent.backdrop_values import Terrain
from core.latent.density import density_of
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import principal_plane
from core.latent.plane_choices import plane_of_dimensions, ways_to_move
from core.model.vae import VAE
from core.training.device import use_one_core

EXTENT = (-4.0, -3.0, 4.0, 3.0)


def a_space(count: int, dims: int, size: int = 28) -> LatentSpace:
    rng = np.random.default_rng(0)
    codes = (rng.normal(size=(count, dims)) * np.linspace(2, 0.3, dims)).astype(np.float32)
    config = ModelConfig(network="conv", latent_dims=dims, likelihood="bernoulli")
    return freeze(VAE(config, (size, size, 1)), codes, np.zeros(dims, np.float32), principal_plane(codes), 1)


def milliseconds(do: Callable[[], object], times: int = 3) -> float:
    took = []
    for _ in range(times):
        begun = perf_counter()
        do()
        took.append(1_000 * (perf_counter() - begun))
    return float(np.median(took))


@pytest.mark.parametrize(("count", "dims"), [(10_000, 16), (100_000, 16), (100_000, 64), (1_000_000, 16)])
def test_another_plane(count: int, dims: int) -> None:
    use_one_core()
    space = a_space(count, dims)
    plane = plane_of_dimensions(space.codes, 0, 1)
    shown = space.with_plane(plane)
    shift = np.ones(dims, np.float32)
    figures = {
        "made": milliseconds(lambda: plane_of_dimensions(space.codes, 0, 1)),
        "ways": milliseconds(lambda: ways_to_move(space.codes, space.plane)),
        "shown": milliseconds(lambda: space.with_plane(plane)),
        "moved": milliseconds(lambda: shown.with_plane(plane.moved(shift))),
        "distances": milliseconds(lambda: plane.distances(space.codes)),
        "density": milliseconds(lambda: density_of(space.points)),
    }
    print(f"\n{count:>9,} × {dims}: " + ", ".join(f"{name} {took:.1f} ms" for name, took in figures.items()))
    assert figures["moved"] < 8


@pytest.mark.parametrize(("count", "dims", "size"), [(70_000, 2, 28), (70_000, 16, 28), (7_000, 64, 64)])
def test_each_backdrop(count: int, dims: int, size: int) -> None:
    use_one_core()
    terrain = Terrain(a_space(count, dims, size), np.ones(count, np.float32))
    points = np.random.default_rng(1).uniform(-3, 3, (1_024, 2)).astype(np.float32)
    figures = {}
    for kind in ("density", "error", "empty", "change"):
        first = milliseconds(lambda kind=kind: terrain.values(kind, points[:64]), 1)
        figures[kind] = (first, milliseconds(lambda kind=kind: terrain.values(kind, points[:256])) / 256)
    said = ", ".join(
        f"{kind} {each:.3f} ms a place (first 64: {first:.0f} ms)" for kind, (first, each) in figures.items()
    )
    print(f"\n{count:,} × {dims}, {size} × {size} pixels: {said}")
