"""How long a selection takes at 10,000, 100,000 and 1,000,000 codes: run with -s to see the figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.export.selection_table import Selected, write_selected
from core.images.image_names import Names
from core.images.name_search import NameSearch
from core.latent.neighbours import Neighbours
from explorer.selection.listed_images import Listed
from explorer.selection.panel import SelectionPanel
from explorer.workspace.place_in_hand import Table
from explorer.workspace.selection import Selecting
from explorer.workspace.undo_history import Exploring
from explorer.workspace.unusual_images import Unusual

COUNTS = (10_000, 100_000, 1_000_000)
REPEATS = 20


@dataclass(frozen=True, eq=False)
class Space:
    codes: NDArray[np.float32]

    @cached_property
    def points(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.codes[:, :2])

    @property
    def latent_dims(self) -> int:
        return self.codes.shape[1]

    def nearest(self, z: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        indices, distances = Neighbours(self.codes, most=len(self.codes)).nearest(z[None], count)
        return indices[0], distances[0]


class Heart(QTimer):
    """The longest time that the window's thread could not answer."""

    def __init__(self) -> None:
        super().__init__(interval=1)
        self.longest, self._last = 0.0, perf_counter()
        self.timeout.connect(self._beat)

    def _beat(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def begin(self) -> None:
        self.longest, self._last = 0.0, perf_counter()
        self.start()


class Made:
    def __init__(self, count: int, dims: int) -> None:
        codes = np.random.default_rng(0).normal(size=(count, dims)).astype(np.float32)
        self.space = Space(codes)
        self.space.points  # noqa: B018
        names = Names.of(f"folder {index % 100}/IMG_{index:07}.jpg" for index in range(count))
        self.table = Table(names, np.arange(count) % 10, tuple("abcdefghij"), np.zeros(count, np.bool_))
        self.exploring, self.unusual = Exploring(), Unusual()
        self.selecting = Selecting(self.exploring, self.unusual)
        self.selecting.show_map(self.space, self.table)


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[[int, int], Made]]:
    made: list[Made] = []

    def one(count: int, dims: int) -> Made:
        made.append(Made(count, dims))
        return made[-1]

    yield one
    for each in made:
        for part in (each.selecting, each.unusual, each.exploring):
            part.stop()


def said(name: str, count: int, seconds: list[float], blocked: float | None = None) -> None:
    p50, p99 = np.percentile(np.array(seconds) * 1e3, [50, 99])
    held = "" if blocked is None else f", window's thread held at most {1e3 * blocked:.0f} ms"
    print(f"\n{name}, {count:,} codes: p50 {p50:.1f} ms, p99 {p99:.1f} ms{held}", end="")


def lasso(turn: float) -> NDArray[np.float64]:
    """Three hundred corners round a blob."""
    angle = np.linspace(0.0, 2.0 * np.pi, 300, endpoint=False)
    reach = 1.0 + 0.2 * np.sin(5 * angle + turn)
    return np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=1)


@pytest.mark.parametrize("count", COUNTS)
def test_lasso_to_selection(qtbot: QtBot, make: Callable[[int, int], Made], count: int) -> None:
    made, heart, seconds = make(count, 2), Heart(), []
    for turn in range(REPEATS):
        heart.begin() if turn == 1 else None  # the first starts the thread
        begin = perf_counter()
        with qtbot.waitSignal(made.exploring.changed, timeout=60_000):
            made.selecting.choose_area(lasso(turn))
        seconds.append(perf_counter() - begin)
    said("lasso to selection", count, seconds[1:], heart.longest)
    assert 0.2 * count < len(made.selecting.indices) < 0.8 * count


@pytest.mark.parametrize("count", COUNTS)
def test_nearest_inverted_all(qtbot: QtBot, make: Callable[[int, int], Made], count: int) -> None:
    made = make(count, 16)
    made.exploring.look(made.space.codes[0])
    steps = {"nearest 50 in 16 dims": made.selecting.choose_near_cursor, "all": made.selecting.choose_all}
    for name, step in steps.items():
        seconds, heart = [], Heart()
        for turn in range(5):
            made.selecting.choose_none()
            heart.begin() if turn == 1 else None
            begin = perf_counter()
            with qtbot.waitSignal(made.exploring.changed, timeout=60_000):
                step()
            seconds.append(perf_counter() - begin)
        said(name, count, seconds[1:], heart.longest)


@pytest.mark.parametrize("dims", [2, 16])
@pytest.mark.parametrize("count", COUNTS)
def test_most_unusual(qtbot: QtBot, make: Callable[[int, int], Made], count: int, dims: int) -> None:
    if count * dims > 5_000_000:
        pytest.skip("minutes on two cores")
    made, heart = make(count, dims), Heart()
    heart.begin()
    begin = perf_counter()
    with qtbot.waitSignal(made.selecting.unusual_found, timeout=280_000):
        made.selecting.choose_unusual()
    said(f"the 50 most unusual in {dims} dims", count, [perf_counter() - begin], heart.longest)


@pytest.mark.parametrize("count", COUNTS)
def test_the_wall_scrolls(qtbot: QtBot, count: int) -> None:
    panel = SelectionPanel()
    qtbot.addWidget(panel)
    panel.resize(820, 280)
    panel.show()
    panel.thumbnails_wanted.connect(
        lambda indices, side: panel.take_thumbnails(
            indices, [QImage(side, side, QImage.Format.Format_RGB888)] * len(indices), side
        )
    )
    names = [f"{index}.png" for index in range(count)]
    listed = Listed(np.arange(count), count, names, np.zeros(count, np.int64), ("a",), (("a", count),))
    bar = panel._wall.verticalScrollBar()
    steps = {
        "show the list": lambda _: panel.show_listed(listed),
        "scroll it": lambda turn: bar.setValue(97 * turn % bar.maximum()),
        "resize it": lambda turn: panel.resize(700 + turn % 200, 280),
    }
    for name, step in steps.items():
        seconds = []
        for turn in range(5 * REPEATS):
            begin = perf_counter()
            step(turn)
            QApplication.processEvents()
            seconds.append(perf_counter() - begin)
        said(name, count, seconds)


@pytest.mark.parametrize("count", COUNTS)
def test_names_are_found(count: int) -> None:
    names = Names.of(f"folder {index % 100}/IMG_{index:07}.jpg" for index in range(count))
    begin = perf_counter()
    search = NameSearch(names)
    said("names made ready", count, [perf_counter() - begin])
    for query in ("i", "jpg", "img_0000123", "folder 77"):
        begin = perf_counter()
        found = search.find(query)
        said(f"“{query}” found {len(found):,} times", count, [perf_counter() - begin])


def test_a_table_of_all(tmp_path: Path, make: Callable[[int, int], Made]) -> None:
    made = make(100_000, 16)
    table = made.table
    known = (table.names, table.labels, table.classes, table.is_held_out)
    begin = perf_counter()
    list(write_selected(tmp_path / "all.csv", Selected(np.arange(100_000), made.space.codes, *known)))
    said("CSV of all, 16 dims", 100_000, [perf_counter() - begin])
