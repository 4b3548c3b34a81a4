"""How reliable a direction is said to be where the truth is known: smiling and unsmiling faces, and random pairs."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.exploration import Direction
from core.images.faces.face import sample_factors
from core.images.named_sets.catalogue import FACES_COUNT, FACES_SEED
from core.latent.directions import CHANCE_TURN, Side, angle, find_direction, mean_code, precision_of, trust
from core.latent.open_run import open_run
from core.latent.reports import RunOpened
from core.places import is_run

TRIALS = 100
SIZES = (20, 40, 100, 300)  # images in each lasso
SLIPS = (0.0, 0.2)  # share of each lasso that is just any image: a hand that is not sure
SMILES = 0.5  # of the factor, which goes from −1 to 1: the outer quarters
FLAGS = ("--image-size", "32", "--latent-dims", "32", "--network", "conv", "--width", "16", "--beta", "0.5")
LONG = ("--epochs", "200", "--minutes", "12")  # smiles are a few pixels: learned after hair, skin, tilt and gaze


@pytest.fixture(scope="module")
def run(pytestconfig: pytest.Config) -> Path:
    """Faces that were learned until smiles are told apart; kept in pytest's cache, to be trained once."""
    assert pytestconfig.cache is not None
    home = pytestconfig.cache.mkdir("directions")
    folder, environment = home / "run", {**os.environ, "LATENTSCAPE_HOME": str(home)}
    if not is_run(folder) or not open_run(folder).finished:
        train = (*("train", "faces", "--run", str(folder)), *FLAGS, *LONG, "--json")
        subprocess.run([sys.executable, "-m", "core", *train], check=True, env=environment, stdout=subprocess.DEVNULL)
    return folder


class Lassos:
    """Draws sides of so many images from the run, by the true factor or by nothing."""

    def __init__(self, opened: RunOpened, seed: int) -> None:
        self.codes, self.is_held_out = opened.latent_space.codes, opened.is_held_out
        self.precision = precision_of(self.codes)
        self.smile = sample_factors(FACES_COUNT, FACES_SEED)["smile"]  # in the order of the set
        assert list(opened.names) == [f"faces/{index:05d}" for index in range(FACES_COUNT)]
        self.rng = np.random.default_rng(seed)

    def by_smile(self, size: int, slips: float) -> Direction:
        ends = [np.flatnonzero(self.smile > SMILES), np.flatnonzero(self.smile < -SMILES)]
        right = size - round(slips * size)
        chosen = [self.rng.choice(end, right, replace=False) for end in ends]
        return self._direction([np.union1d(end, self.rng.choice(FACES_COUNT, size - right)) for end in chosen])

    def by_nothing(self, size: int) -> Direction:
        return self._direction(np.split(self.rng.choice(FACES_COUNT, 2 * size, replace=False), 2))

    def _direction(self, chosen: list[np.ndarray]) -> Direction:
        sides = [Side("images", self.codes[each], self.is_held_out[each], each) for each in map(np.sort, chosen)]
        return find_direction("d", *sides, self.precision)


@pytest.mark.parametrize("slips", SLIPS)
@pytest.mark.parametrize("size", SIZES)
def test_smiles_are_more_reliable_than_random_pairs(run: Path, size: int, slips: float) -> None:
    lassos = Lassos(open_run(run), seed=size)
    started = time.perf_counter()
    pairs = [(lassos.by_smile(size, slips), lassos.by_nothing(size)) for _ in range(TRIALS)]
    each = 1000 * (time.perf_counter() - started) / (2 * TRIALS)
    above = sum(told.separation > chance.separation for told, chance in pairs)
    print(
        f"\n{size} images a lasso, {slips:.0%} of them any image: above the random pair in {above} of {TRIALS} trials"
    )
    for words, found in zip(("smiles", "random"), zip(*pairs, strict=True), strict=True):
        print(f"  {words}: {_said(lassos, list(found))}")
    print(f"  {each:.1f} ms a direction")
    if size * (1 - slips) >= 40:
        assert above >= 95


def _said(lassos: Lassos, found: list[Direction]) -> str:
    true = mean_code(lassos.codes[lassos.smile > SMILES]) - mean_code(lassos.codes[lassos.smile < -SMILES])
    separation, turn = ([getattr(each, name) for each in found] for name in ("separation", "turn"))
    off = [angle(each.vector.astype(np.float64), true) for each in found]
    words = [trust(each) for each in found]
    counts = ", ".join(f"{words.count(word)} {word}" for word in sorted(set(words)))
    return (
        f"separation {np.mean(separation):.2f} ± {np.std(separation):.2f}, turns {np.mean(turn):.0f}° "
        f"(noise: {CHANCE_TURN:.0f}°), {np.mean(off):.0f}° from the direction of all smiles; {counts}"
    )
