"""Whether the verdict holds on real runs, and what it costs beside a drag; prints the figures.

`HONEST_RUNS` names further runs to look at, separated by colons; `faces` is trained here.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.images.image_set import ImageSet, build_image_set
from core.latent.around_place import Surveyor
from core.latent.latent_space import LatentSpace
from core.latent.open_run import open_run
from core.latent.place_verdict import Support
from core.latent.reports import RunOpened
from core.model.one_core import use_one_core
from core.reports.images import ImageSetReady
from core.verdicts import VERDICTS
from explorer.workspace.place_in_hand import Table, Viewing

MINUTES = os.environ.get("HONEST_MINUTES", "1.5")
PLACES = 2_000
FRAMES = 300  # of a drag at 60 Hz


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("faces") / "run"
    command = [*(sys.executable, "-m", "core", "train", "faces", "--run", str(run), "--json", "--device", "cpu")]
    said = subprocess.run(
        [*command, "--latent-dims", "12", "--minutes", MINUTES], check=True, stdout=subprocess.PIPE, text=True
    )
    print("\n" + json.dumps(json.loads(said.stdout)["held_out"]))
    return run


def test_what_was_drawn_is_among_the_pictures_and_what_nobody_drew_is_not(faces: Path) -> None:
    use_one_core()
    for run in (faces, *map(Path, filter(None, os.environ.get("HONEST_RUNS", "").split(":")))):
        opened = open_run(run)
        shares, costs = _figures(opened)
        print(f"\n{run.parent.name if run == faces else run.name}: {costs}\n{'':16}{'  '.join(VERDICTS)}")
        for name, share in shares.items():
            print(f"{name:16}" + "  ".join(f"{each:.2f}" for each in share))
        for name in ("held-out codes", "held-out draws"):
            assert shares[name][:2].sum() >= 0.9
        assert shares["4 sigma each"][3] >= 0.95


@pytest.mark.parametrize("is_surveyed", [False, True])
def test_what_surrounds_a_place_does_not_hold_up_its_picture(
    is_surveyed: bool, qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    viewing, waits, asked = Viewing(), [], {}
    viewing.place_decoded.connect(
        lambda place: waits.append(1000 * (perf_counter() - asked.get(place.z.tobytes(), 0.0)))
    )
    named = os.environ.get("HONEST_RUNS", "")
    opened = open_run(Path(named.split(":")[-1]) if named else request.getfixturevalue("faces"))
    if not is_surveyed:
        viewing._ask_near = lambda: None
        viewing._find_timer.timeout.disconnect()
    viewing.z = opened.latent_space.codes[0]
    viewing.show(opened.latent_space, Table(opened.names, opened.labels, opened.classes, opened.is_held_out))
    qtbot.wait(1_000)
    waits.clear()
    for z in opened.latent_space.codes[:FRAMES] + np.float32(0.01):
        asked[z.tobytes()] = perf_counter()
        viewing.look_at(z)
        qtbot.wait(16)
    viewing.stop()
    p50, p99 = np.percentile(waits, (50, 99))
    said = "with" if is_surveyed else "without"
    print(f"\ndrag to picture {said} what surrounds it: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {len(waits)} of {FRAMES}")


def _figures(opened: RunOpened) -> tuple[dict[str, np.ndarray], str]:
    """Shares of each verdict, by limits of every second held-out image checked on the others; and what it costs."""
    space, random = opened.latent_space, np.random.default_rng(0)
    held_out = random.permutation(np.flatnonzero(opened.is_held_out))
    checked = held_out[::2]
    codes = space.codes.copy()
    codes[checked] = np.nan
    began = perf_counter()
    support = replace(space, codes=codes).support.fit()
    fitted = 1000 * (perf_counter() - began)
    images = _images(opened)
    means, log_variances = space.encode(np.asarray(images.pixels[np.sort(checked[:PLACES])]))
    middle, spread = _aggregate(space, images.pixels, np.flatnonzero(~opened.is_held_out))
    noise = random.standard_normal((PLACES, len(spread)))
    pairs = random.choice(np.flatnonzero(~opened.is_held_out), (PLACES, 2))
    apart = np.argsort(np.linalg.norm(space.codes[pairs[:, 0]] - space.codes[pairs[:, 1]], axis=1))[-PLACES // 4 :]
    direction = noise / np.linalg.norm(noise, axis=1, keepdims=True)
    places = {
        "learned codes": space.codes[pairs[:, 0]],
        "held-out codes": means,
        "held-out draws": means + np.exp(0.5 * log_variances) * random.standard_normal(means.shape),
        "prior": noise,
        "1.5 prior": 1.5 * noise,
        "4 sigma": middle + 4.0 * spread * direction,
        "4 sigma each": middle + 4.0 * len(spread) ** 0.5 * spread * direction,
        "midpoints": space.codes[pairs[apart]].mean(axis=1),
        "noise images": space.encode(random.integers(0, 256, (100, *space.image_shape), np.uint8))[0],
    }
    numbers = {name: support.verdicts(z.astype(np.float32)) for name, z in places.items()}
    shares = {name: np.array([(found == each).mean() for each in range(4)]) for name, found in numbers.items()}
    one = _milliseconds(support, places["1.5 prior"][0].astype(np.float32))
    many = _milliseconds(support, places["1.5 prior"][:1024].astype(np.float32))
    size = f"{len(codes):,} codes, {len(spread)} dims, {int(support.is_active.sum())} active"
    return shares, f"{size}, fit {fitted:.0f} ms, one {one:.1f} ms, 1,024 {many:.0f} ms, survey {_survey(opened)}"


def _images(opened: RunOpened) -> ImageSet:
    for report in build_image_set(opened.config.source, opened.config.images):
        if isinstance(report, ImageSetReady):
            return report.image_set
    raise AssertionError


def _aggregate(space: LatentSpace, pixels: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle and the standard deviations of draws, by the posteriors of some images."""
    some = rows[:: -(-len(rows) // PLACES)]
    means, log_variances = space.encode(np.asarray(pixels[some]))
    return means.mean(axis=0), np.sqrt(means.var(axis=0) + np.exp(log_variances).mean(axis=0))


def _milliseconds(support: Support, z: np.ndarray) -> float:
    began = perf_counter()
    if z.ndim == 1:
        support.verdict(z)
    else:
        support.verdicts(z)
    return 1000 * (perf_counter() - began)


def _survey(opened: RunOpened) -> str:
    surveyor, space = Surveyor(), opened.latent_space
    surveyor.survey(space, space.codes[0])
    times = []
    for z in space.codes[:200]:
        began = perf_counter()
        surveyor.survey(space, z)
        times.append(1000 * (perf_counter() - began))
    return f"p50 {np.percentile(times, 50):.1f}, p99 {np.percentile(times, 99):.1f} ms"
