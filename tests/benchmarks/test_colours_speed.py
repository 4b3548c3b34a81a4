"""What colours cost the window's thread at 10,000, 100,000 and 1,000,000 images; and the threads beside it.

Run by itself: pytest tests/benchmarks/test_colours_speed.py -s --override-ini addopts=""
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.exploration import Group
from explorer.map.colours.colour_key import ColourKey
from explorer.map.colours.number_scale import scale_of
from explorer.map.colours.offered_numbers import RECONSTRUCTION

TIMES = 15


def said(name: str, do: Callable[[], object], times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        began = perf_counter()
        do()
        taken.append(1_000 * (perf_counter() - began))
    half, most = np.quantile(taken, [0.5, 0.99])
    print(f"  {name:34} p50 {half:7.2f} ms   p99 {most:7.2f} ms")
    return float(half)


@pytest.mark.parametrize(("images", "classes"), [(10_000, 10), (100_000, 10), (1_000_000, 10), (1_000_000, 1_000)])
def test_the_window_is_not_held_up_by_its_colours(qtbot: QtBot, images: int, classes: int) -> None:
    print(f"\n{images:,} images of {classes:,} classes")
    window = QWidget()
    qtbot.addWidget(window)
    key = ColourKey(QAction("Colour by…", window), window)
    key.show()
    rng = np.random.default_rng(0)
    labels, held_out = rng.integers(0, classes, images), rng.random(images) < 0.1
    names = [f"class {index}" for index in range(classes)]
    said("images of another run", lambda: key.show_images(labels.copy(), names, held_out, ()), 3)
    key.show_images(labels, names, held_out, ())
    moved = said("codes that moved", lambda: key.show_images(labels, names, held_out, ()))
    selection = np.sort(rng.choice(images, images // 10, replace=False))
    lasso = said("a selection of a tenth", lambda: key.show_selection(selection.copy()))
    said("a new group", lambda: key.show_groups((Group(str(perf_counter()), selection),)))
    key.offer_numbers((RECONSTRUCTION,))
    key.choice.choose(RECONSTRUCTION.name)
    numbers = rng.lognormal(5, 1, images)
    said("a number put in bins (thread)", lambda: scale_of(RECONSTRUCTION.name, "nats", numbers), 3)
    scale = scale_of(RECONSTRUCTION.name, "nats", numbers)
    said("a number shown", lambda: key.show_scale(scale), 5)
    edge = iter(range(10_000))

    def drag() -> None:
        key._bar._bar._move_end(0, next(edge))
        key._take_range()

    dragged = said("an end of the range dragged", drag)
    said("which images are drawn", lambda: (key.is_drawn, key.left_out()))
    assert max(moved, lasso, dragged) < 8.0
