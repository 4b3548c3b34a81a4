"""What a model makes up by each prior, and where a hand on its map comes; on real runs; prints the figures.

`MADE_UP_RUNS` names runs to look at instead, separated by colons; else each of SETS is trained here for so
many minutes (`MADE_UP_MINUTES`), with more flags of `train` if wished (`MADE_UP_FLAGS`). Samples are judged without
the encoder, as by `--judge-samples`: 5 % are off by chance; precision and recall (Kynkäänniemi et al. 2019), density
and coverage (Naeem et al. 2020) are those among as many held-out images. Places are those of the ellipse that holds
nine tenths of the dots. Seams: the energy of differences across the borders of the decoder's first patches over
that inside them, in reconstructions, divided by the same in the images, as they are and blurred as much.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.optimize import minimize_scalar
from sklearn.metrics import pairwise_distances
from sklearn.mixture import GaussianMixture

from core.evaluation.class_labels import classes_told
from core.evaluation.evaluate_run import _images
from core.evaluation.nearest_images import reduced_some
from core.evaluation.sample_quality import Yardstick, judge, made_up
from core.latent.latent_space import LatentSpace
from core.latent.mixture import LEAST_VARIANCE, MOST_CODES, Mixture, fit_mixture
from core.latent.open_run import open_run
from core.latent.plane import Floats
from core.latent.sheet import among_the_dots, sheet_over
from core.model.networks import patches
from core.returned import returned
from core.training.held_out_split import as_the_run_split
from core.training.run_folder import read_config

MINUTES = os.environ.get("MADE_UP_MINUTES", "2")
SEEDS = range(int(os.environ.get("MADE_UP_SEEDS", "1")))
CLIP_ART = "/usr/share/openclipart/png"
SETS = {  # name: (data, flags)
    "faces 64, 12 dims": ("faces", "--preset balanced --latent-dims 12 --image-size 64"),
    "fashion-mnist, 2 dims": ("fashion-mnist", "--preset quick"),
    "fashion-mnist, 16 dims": ("fashion-mnist", "--preset balanced"),
    "fashion-mnist, 64 dims": ("fashion-mnist", "--preset balanced --latent-dims 64"),
    "fashion-mnist, 16 dims, by class": ("fashion-mnist", "--preset balanced --conditional class"),
    "clip art 64, 64 dims": (CLIP_ART, "--preset sharp --image-size 64"),
    "faces 128, 12 dims": ("faces", "--preset balanced --latent-dims 12 --image-size 128"),
    "clip art 128, 64 dims": (CLIP_ART, "--preset sharp --image-size 128"),
}
COUNT, STEP = 1_000, 0.02  # samples judged; of a standard deviation of the dots, two pixels or so
NEAREST, SEAMS_IN = 5, 500  # neighbours that make the radius of an image; images whose seams are looked at
SHARPEST, BLURRED = 0.1, 100  # a blur that nobody sees, pixels; images that tell how much of it leaves so much detail


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [*(os.environ.get("MADE_UP_RUNS") or ":".join(SETS)).split(":")])
def test_each_prior_and_each_map(name: str, seed: int, tmp_path: Path) -> None:
    run = Path(name) if name not in SETS else _trained(name, seed, tmp_path / "run")
    opened = open_run(run)
    space, config = opened.latent_space, read_config(run).config
    images = as_the_run_split(run, returned(_images(config.source, config.images)), config, splits_new=False).image_set
    classes = space.classes if space.conditional == "class" else images.classes
    by = Yardstick(images, returned(classes_told(space, images)), classes)
    print(f"\n{name}, seed {seed}, {space.latent_dims} dims, {len(space.codes_learned_from):,} codes")
    print(f"  {_seams(space, by)}")
    off = {prior: _judged(space, by, prior, draw) for prior, draw in _priors(space, by).items()}
    assert off["fitted to the codes"] <= 0.10
    if space.latent_dims > 2:
        maps = {"plane": space.own_plane.flat, "sheet": sheet_over(space)}
        inside = {kind: _dragged(space.with_plane(each), kind) for kind, each in maps.items()}
        print(f"  its own map is the {space.own_plane.kind} one")
        assert max(inside.values()) >= 0.9


def _trained(name: str, seed: int, run: Path) -> Path:
    data, flags = SETS[name]
    if data == CLIP_ART and not Path(data).exists():
        pytest.skip("needs openclipart-png")
    command = [*(sys.executable, "-m", "core", "train", data, "--run", str(run), *flags.split()), "--json"]
    command += ["--minutes", MINUTES, "--epochs", "100000", "--seed", str(seed)]
    command += os.environ.get("MADE_UP_FLAGS", "").split()
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    print(f"\n{said.stdout.strip()}")
    return run


def _priors(space: LatentSpace, by: Yardstick) -> dict[str, Callable[[], Floats]]:
    asked = by.asked(COUNT) if space.conditional == "class" else None
    return {
        "N(0, I)": lambda: space.sample(COUNT, 0, "normal"),
        "fitted to the codes": lambda: space.sample(COUNT, 0, "mixture", asked),
        "all classes as one": lambda: fit_mixture(space.codes_learned_from).sample(COUNT, 0),
        "32 Gaussians by EM": lambda: _by_em(space.codes_learned_from).sample(COUNT, 0),
    }


def _by_em(codes: Floats) -> Mixture:
    some = codes[np.isfinite(codes).all(axis=1)][:: -(-len(codes) // MOST_CODES)].astype(np.float64)
    fitted = GaussianMixture(32, covariance_type="full", reg_covar=LEAST_VARIANCE, random_state=0).fit(some)
    return Mixture(fitted.weights_ / fitted.weights_.sum(), fitted.means_, np.linalg.cholesky(fitted.covariances_))


def _judged(space: LatentSpace, by: Yardstick, prior: str, draw: Callable[[], Floats]) -> float:
    began = perf_counter()
    z = draw()
    took = perf_counter() - began
    samples = returned(made_up(space, z, by))
    found = returned(judge(samples, space, by))
    asked = "" if found.as_asked is None else f", {found.as_asked:.1%} as asked"
    among = _among(reduced_some(by.image_set.pixels, by.held_out), samples.rows)
    print(f"  {prior:20} {found.off:6.1%} off, {found.copies:5.1%} copies{asked}; {among}; drawn in {took:.2f} s")
    return found.off


def _among(real: Floats, made: Floats) -> str:
    """How samples (M, F) lie among real images (N, F)."""
    reach = np.sort(pairwise_distances(real), axis=1)[:, NEAREST]
    own_reach = np.sort(pairwise_distances(made), axis=1)[:, NEAREST]
    apart = pairwise_distances(made, real)
    holds = apart < reach
    precision, recall = holds.any(axis=1).mean(), (apart < own_reach[:, None]).any(axis=0).mean()
    density, coverage = holds.sum() / (NEAREST * len(made)), holds.any(axis=0).mean()
    return f"precision {precision:.2f}, recall {recall:.2f}, density {density:.2f}, coverage {coverage:.2f}"


def _seams(space: LatentSpace, by: Yardstick) -> str:
    """1: the borders of patches are no sharper than in the images.

    Where all images show the same thing at the same place, what is blurred there counts as a seam, or against one. So
    they are also told beside those of the images under a blur that leaves as much detail, which knows of no patches.
    An MLP, which has none either, tells how far from 1 that may be: 0.79 to 0.91 on Fashion-MNIST.
    """
    some = by.held_out[:SEAMS_IN]
    real = by.image_set.pixels[some]
    size, grid = patches(real.shape[1])
    is_border = np.arange(1, size * grid) % size == 0
    if size == 1 or real.shape[1] != size * grid:
        return "seams: none, as a patch is a pixel"
    codes = space.encode(real, by.labels[some])[0]
    shown = space.decode(codes, by.labels[some] if space.conditional == "class" else None)
    blur = _blur_that_leaves(_sharpness(shown[:BLURRED]).mean(), real[:BLURRED], 2.0 * size)
    ratio, in_images, in_blurred = (
        sharpness[is_border].mean() / sharpness[~is_border].mean()
        for sharpness in (_sharpness(shown), _sharpness(real), _sharpness(_blurred(real, blur)))
    )
    return f"seams {ratio / in_images:.3f}; {ratio / in_blurred:.3f} beside images blurred by {blur:.1f} pixels"


def _blur_that_leaves(detail: float, real: NDArray[Any], most: float) -> float:
    """Pixels; the nearest there is, where no blur leaves as much or as little."""
    found = minimize_scalar(
        lambda blur: abs(np.log(_sharpness(_blurred(real, blur)).mean() / detail)),
        bounds=(SHARPEST, most),
        method="bounded",
    )
    return float(found.x)


def _sharpness(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """The energy of differences between a pixel and the next (side − 1), across and down, by where they lie."""
    values = pixels.astype(np.float32)
    across, down = np.diff(values, axis=2) ** 2, np.diff(values, axis=1) ** 2
    return np.asarray(across.mean(axis=(0, 1, 3)) + down.mean(axis=(0, 2, 3)), np.float64)


def _blurred(pixels: NDArray[Any], blur: float) -> NDArray[Any]:
    return np.asarray(gaussian_filter(pixels.astype(np.float32), (0, blur, blur, 0)))


def _dragged(space: LatentSpace, name: str) -> float:
    """The share of places that are inside or at the edge, and how the picture changes with a step of the hand."""
    plane, spread = space.plane, np.nanstd(space.points, axis=0).astype(np.float32)
    places = among_the_dots(space.points)
    inside = float(np.mean(space.support.verdicts(plane.to_latent(places)) <= 1))
    shown = [space.decode(plane.to_latent(each)).astype(np.float32) for each in (places, places + STEP * spread)]
    change = np.sqrt(np.square(shown[1] - shown[0]).mean(axis=(1, 2, 3)))
    print(
        f"  {name}: {inside:.1%} of places inside or at the edge; a step changes the picture by "
        f"{np.median(change):.2f} levels of 255, at most {change.max():.1f}"
    )
    return inside
