"""How long the decoded plane takes, another plane, a moved one, and each backdrop."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest

from core.config import ModelConfig
from core.export.grid import decode_grid
from core.latent.backdrop_values import Terrain
from core.latent.density import density_of
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import principal_plane
from core.latent.plane_choices import plane_of_dimensions, ways_to_move
from core.model.one_core import use_one_core
from core.model.vae import VAE
from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.rows import Row, reaching, sized

SQUARE = (-3.0, -3.0, 3.0, 3.0)
COARSE, FULL = 6, 20  # columns and rows of pictures
ROUNDS = sized(5, 1)
COUNTS = sized(((10_000, 16), (100_000, 16), (100_000, 64), (1_000_000, 16)), ((10_000, 16),))
BACKDROPS = sized(((70_000, 2, 28), (70_000, 16, 28), (7_000, 64, 64)), ((1_000, 2, 28),))


def a_space(count: int, dims: int, size: int = 28, channels: int = 1) -> LatentSpace:
    rng = np.random.default_rng(0)
    codes = (rng.normal(size=(count, dims)) * np.linspace(2, 0.3, dims)).astype(np.float32)
    config = ModelConfig(network="conv", latent_dims=dims, likelihood="bernoulli")
    return freeze(VAE(config, (size, size, channels)), codes, np.zeros(dims, np.float32), principal_plane(codes), 1)


def milliseconds(do: Callable[[], object], times: int = ROUNDS) -> list[float]:
    took = []
    for _ in range(times):
        begun = perf_counter()
        do()
        took.append(1_000 * (perf_counter() - begun))
    return took


@pytest.mark.parametrize(("columns", "bound"), [(COARSE, 60.0), (FULL, 250.0)])
def test_the_decoded_plane(columns: int, bound: float, record: Record) -> None:
    use_one_core()
    space = a_space(1_000, 16, 64, channels=3)
    decode_grid(space, SQUARE, columns)
    took = milliseconds(lambda: decode_grid(space, SQUARE, columns))
    record(Row(f"plane of {columns} × {columns} tiles, 64 px, Balanced", "ms", took, reaching(bound)))


@pytest.mark.parametrize(("count", "dims"), COUNTS)
def test_another_plane(count: int, dims: int, record: Record) -> None:
    use_one_core()
    space = a_space(count, dims)
    plane = plane_of_dimensions(space.codes, 0, 1)
    shown = space.with_plane(plane)
    shift = np.ones(dims, np.float32)
    acts: dict[str, Callable[[], object]] = {
        "made": lambda: plane_of_dimensions(space.codes, 0, 1),
        "shown": lambda: space.with_plane(plane),
        "moved": lambda: shown.with_plane(plane.moved(shift)),
        "its ways to move": lambda: ways_to_move(space.codes, space.plane),
        "distances from it": lambda: plane.distances(space.codes),
        "its density": lambda: density_of(space.points),
    }
    for name, act in acts.items():
        mark = reaching(8.0) if name == "moved" else None
        record(Row(f"another plane, {name}: {count:,} × {dims}", "ms", milliseconds(act), mark))


@pytest.mark.parametrize(("count", "dims", "size"), BACKDROPS)
def test_each_backdrop(count: int, dims: int, size: int, record: Record) -> None:
    use_one_core()
    terrain = Terrain(a_space(count, dims, size), np.ones(count, np.float32))
    points = np.random.default_rng(1).uniform(-3, 3, (256, 2)).astype(np.float32)
    for kind in ("density", "error", "empty", "change"):
        terrain.values(kind, points[:64])
        took = [each / len(points) for each in milliseconds(lambda kind=kind: terrain.values(kind, points))]
        record(Row(f"backdrop of {kind}, a place: {count:,} × {dims}, {size} px", "ms", took))
