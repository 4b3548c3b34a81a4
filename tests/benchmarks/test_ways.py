"""What each kind of way is worth: how long it takes, how near it keeps to images, how little pictures change."""

import time

import numpy as np

from core.exploration import LatentPath, PathKind
from core.export.films import Film, write_film
from core.latent.neighbours import Neighbours
from core.latent.paths import Way, find_way
from core.latent.saved_space import load_latent_space
from core.model.one_core import use_one_core
from core.places import bundled_run

PAIRS, FRAMES = 8, 60
KINDS: tuple[PathKind, ...] = ("straight", "spherical", "data", "geodesic")


def test_what_each_way_is_worth() -> None:
    use_one_core()
    space = load_latent_space(bundled_run())
    codes = Neighbours(space.codes)
    typical = codes.nearest(space.codes[:1_000], 6)[1][:, 5].mean()
    started = time.perf_counter()
    space.neighbour_graph.edges  # noqa: B018
    print(f"\n{len(space.codes):,} codes × {space.latent_dims}, {PAIRS} pairs, {FRAMES} frames, one core")
    print(f"neighbour graph: {time.perf_counter() - started:.2f} s, once")
    rng = np.random.default_rng(0)
    pairs = [space.codes[rng.choice(len(space.codes), 2, replace=False)] for _ in range(PAIRS)]
    worth = {kind: _worth(space, kind, pairs, codes, float(typical)) for kind in KINDS}
    assert worth["data"][1] < worth["straight"][1]
    assert worth["geodesic"][2] < worth["straight"][2]


def _worth(
    space: object, kind: PathKind, pairs: list[np.ndarray], codes: Neighbours, typical: float
) -> tuple[float, float, float]:
    """Seconds, distance to the 5th nearest code beside a typical code's, length in pictures beside the straight one."""
    figures = []
    for stops in pairs:
        started = time.perf_counter()
        *_, way = find_way(space, LatentPath("a", kind, stops, FRAMES))
        assert isinstance(way, Way)
        seconds = time.perf_counter() - started
        away = codes.distances(way.z, 5).mean() / typical
        figures.append((seconds, away, way.picture_length / way.straight_length))
    seconds, away, longer = np.mean(figures, axis=0)
    print(f"{kind:10} {seconds:6.2f} s · away from the images {away:.3f} · in pictures {longer:.3f} × straight")
    return float(seconds), float(away), float(longer)


def test_how_long_a_film_takes(tmp_path: object) -> None:
    use_one_core()
    space = load_latent_space(bundled_run())
    z = np.linspace(space.codes[0], space.codes[1], 250, dtype=np.float32)
    for name in ("a.gif", "a.webp", "a.mp4", "frames"):
        out, longest, started = tmp_path / name, 0.0, time.perf_counter()
        last = started
        for _ in write_film(out, space, Film(z)):
            longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        seconds = time.perf_counter() - started
        size = sum(path.stat().st_size for path in out.iterdir()) if out.is_dir() else out.stat().st_size
        longest = max(longest, time.perf_counter() - last)
        print(
            f"{name:8} 250 frames of 256 × 256: {seconds:5.2f} s, {size / 1e6:.2f} MB, reports ≤ {longest:.2f} s apart"
        )
