"""From the hand to the picture: a drag at 60 Hz with 10,000 to 1,000,000 codes, idle and while a thread trains.

The model is the bundled one; its codes stand many times, each a little off, in place of those of so many images.
"""

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from core.latent.latent_space import freeze
from core.latent.open_run import open_run
from core.places import bundled_run
from explorer.workspace.place_in_hand import Table
from tests.explorer.opened import Opened

SECONDS, HERTZ = 5.0, 60.0
PATIENCE = 60_000


def show_codes(program: Opened, count: int) -> None:
    """So many codes in the window."""
    opened = open_run(bundled_run())
    space, random = opened.latent_space, np.random.default_rng(0)
    which = random.integers(0, len(space.codes), count)
    codes = space.codes[which] + random.normal(0, 0.05, (count, space.latent_dims)).astype(np.float32)
    many = freeze(space.vae, codes, space.kl_per_dim, space.plane, space.step, space.classes)
    held_out = np.arange(count) % 10 == 0
    object.__setattr__(many, "held_out", held_out)
    names = [f"{number:07}.png" for number in range(count)]
    program.workspace.viewing.show(many, Table(names, opened.labels[which], opened.classes, held_out))


def drag(qtbot: QtBot, program: Opened) -> tuple[int, list[float]]:
    """How many places were asked for, and how late the pictures came that did, in seconds."""
    asked, late, viewing, number = {}, [], program.workspace.viewing, 0

    def came(place: object) -> None:
        if (began := asked.get(place.z.tobytes())) is not None:
            late.append(time.perf_counter() - began)

    def move() -> None:
        nonlocal number
        number += 1
        began = time.perf_counter()
        program.panels.map.point_dragged.emit(1.5 * np.cos(number / 20), 1.5 * np.sin(1.3 * number / 20))
        asked[viewing.z.tobytes()] = began

    viewing.place_decoded.connect(came)
    timer = QTimer(interval=round(1000 / HERTZ))
    timer.timeout.connect(move)
    timer.start()
    until = time.perf_counter() + SECONDS
    qtbot.waitUntil(lambda: time.perf_counter() > until, timeout=PATIENCE)
    timer.stop()
    viewing.place_decoded.disconnect(came)
    return number, late


@pytest.mark.parametrize("is_training", [False, True], ids=["idle", "training"])
@pytest.mark.parametrize("count", [10_000, 100_000, 1_000_000])
def test_the_picture_follows_the_hand(
    count: int, is_training: bool, qtbot: QtBot, program: Opened, training: Callable[[], None]
) -> None:
    show_codes(program, count)
    with qtbot.waitSignal(program.workspace.viewing.surroundings_found, timeout=PATIENCE):
        pass
    if is_training:
        training()
    qtbot.wait(3000)
    moves, late = drag(qtbot, program)
    p50, p99 = 1000 * np.percentile(late, [50, 99])
    beside = "while a thread trains" if is_training else "idle"
    print(
        f"\n{count:,} codes, {beside}: drag to picture p50 {p50:.1f} ms, p99 {p99:.1f} ms, {len(late)} of {moves} moves"
    )
    program.window.close()
    assert p50 <= 33.0
