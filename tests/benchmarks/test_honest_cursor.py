"""Whether the verdict holds on real runs, and what it costs beside a drag; prints the figures.

`HONEST_RUNS` names further runs to look at, separated by colons; `faces` is trained here.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.latent.opening import open_run
from core.latent.support import DEAD, Support
from core.latent.surroundings import Surveyor
from core.reports import RunOpened
from core.training.device import use_one_core
from explorer.trips.viewing import Table, Viewing

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


def test_held_out_codes_are_at_home_and_what_is_beyond_six_sigma_is_empty(faces: Path) -> None:
    use_one_core()
    print("\nrun, codes × dims, dead | held-out: inside, inside or edge | empty: 6 σ along a random direction, 6 σ in")
    print("every dimension, the prior | fit, one verdict, 1,024 verdicts (ms) | survey p50, p99 (ms)")
    for run in (faces, *map(Path, filter(None, os.environ.get("HONEST_RUNS", "").split(":")))):
        figures = _figures(open_run(run))
        print(f"{run.parent.name if run == faces else run.name:8} " + "  ".join(f"{each}" for each in figures.values()))
        assert figures["home"] >= 0.95
        assert figures["each"] >= 0.95
        if run == faces:
            assert figures["direction"] >= 0.95


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


def _figures(opened: RunOpened) -> dict[str, object]:
    """Calibrated on every second held-out code, checked on the others."""
    space, random = opened.latent_space, np.random.default_rng(0)
    held_out = random.permutation(np.flatnonzero(opened.is_held_out))
    checked = held_out[::2]
    codes = space.codes.copy()
    codes[checked] = np.nan
    began = perf_counter()
    support = Support(codes, opened.is_held_out).fit()
    fitted = perf_counter() - began
    found = support.verdicts(space.codes[checked])
    learned_from = space.codes[~opened.is_held_out]
    middle, spread = learned_from.mean(axis=0), learned_from.std(axis=0)
    is_dead = spread**2 < DEAD
    sigma = np.where(is_dead, 1.0, spread)
    noise = random.standard_normal((PLACES, len(sigma)))
    direction = middle + 6.0 * sigma * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    places = {"direction": direction, "each": middle + 6.0 * sigma * np.sign(noise), "prior": noise}
    empty = {name: round(float((support.verdicts(z.astype(np.float32)) == 2).mean()), 3) for name, z in places.items()}
    one, many = _milliseconds(support, space.codes[0]), _milliseconds(support, noise[:1024].astype(np.float32))
    return {
        "size": f"{len(codes):,} × {len(sigma)}, {int(is_dead.sum())} dead |",
        "inside": round(float((found == 0).mean()), 3),
        "home": round(float((found < 2).mean()), 3),
        **empty,
        "fit": f"| {1000 * fitted:.0f}",
        "one": f"{one:.2f}",
        "many": f"{many:.0f}",
        "survey": _survey(opened),
    }


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
    return f"| {np.percentile(times, 50):.1f} {np.percentile(times, 99):.1f}"
