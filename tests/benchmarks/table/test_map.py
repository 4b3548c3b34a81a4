"""The map: milliseconds of the window's thread for 10,000, 100,000 and 1,000,000 codes, idle and while a thread trains.

Runs offscreen, so that what a graphics card would do is counted too; beside it pyqtgraph's own item, likewise.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.map.panel import MapPanel
from explorer.toolkit.polygon import inside
from explorer.toolkit.theme import apply_theme
from explorer.workspace.undo_history import Exploring
from tests.benchmarks.table.conftest import Record
from tests.benchmarks.table.rows import NOT_KNOWN, Row, reaching, sized

RECOLOUR = {10_000: 5.0, 100_000: 30.0, 1_000_000: 100.0}
COUNTS = sized(tuple(RECOLOUR), (10_000,))
FRAMES, ROUNDS = sized((60, 5), (2, 1))
CLASSES = 10
WHY_NOT = {
    "recolour": "the map is painted twice: at once, and when a thread has drawn the dots; 4.8 ms on an AMD EPYC with "
    "AVX-512, on which all of this table is about twice as fast",
    "pick": "0.4 ms on an AMD EPYC with AVX-512, on which all of this table is about twice as fast",
}


def timed(act: Callable[[int], object], until: Callable[[], object] = lambda: None, times: int = FRAMES) -> list[float]:
    """Milliseconds of this thread, which other programs do not lengthen, each time until it can be seen."""
    found = []
    for number in range(times):
        worked = time.thread_time()
        act(number)
        until()
        found.append(1000 * (time.thread_time() - worked))
        QApplication.processEvents()
    return found


def codes(count: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    labels = generator.integers(0, CLASSES, count)
    centres = generator.normal(0, 1.1, (CLASSES, 2))
    return (centres[labels] + generator.normal(0, 0.35, (count, 2))).astype(np.float32), labels


@pytest.fixture
def panel(qtbot: QtBot, qapp: QApplication) -> Iterator[MapPanel]:
    apply_theme(qapp)
    panel = MapPanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 740)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.stop()


def settle(panel: MapPanel) -> None:
    """Until the dots are chosen and drawn as they are asked for."""
    panel._view.repaint()
    until = time.perf_counter() + 10
    while time.perf_counter() < until and not panel._view._sheet.is_settled:
        QApplication.processEvents()
        time.sleep(0.0005)  # what waits for the thread that draws is not work of this one


def hover(panel: MapPanel, number: int) -> None:
    view, place = panel._view, QPointF(300 + 4 * number, 250 + 3 * number)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize("is_training", [False, True], ids=["idle", "training"])
@pytest.mark.parametrize("count", COUNTS)
def test_the_map(panel: MapPanel, training: Callable[[], None], count: int, is_training: bool, record: Record) -> None:
    if is_training:
        training()
    points, labels = codes(count)
    names = [f"class {number}" for number in range(CLASSES)]
    panel.show_codes(points, labels, names)
    while panel._view.count_drawn() != count:
        QApplication.processEvents()
    settle(panel)
    view, camera = panel._view, panel._view.camera
    peer = {} if is_training else item_times(points, labels)

    def row(what: str, found: list[float], bound: float | None = None) -> None:
        parts = [float(np.median(part)) for part in np.array_split(found, ROUNDS)]
        mark = reaching(bound) if bound and not is_training else None
        said = f"map of {count:,}, {what}" + " while training" * is_training
        beside = "ScatterPlotItem" if what in peer else ""
        record(Row(said, "ms", parts, mark, beside, peer.get(what, ()), why_not=WHY_NOT.get(what, NOT_KNOWN)))

    row("pan", timed(lambda n: camera.pan(0.02 * (-1) ** (n // 10), 0), view.repaint), 8.0)
    row("zoom", timed(lambda n: camera.zoom(0.97 if n // 10 % 2 else 1 / 0.97, 0, 0), view.repaint))
    row("pick", timed(lambda n: hover(panel, n), QApplication.processEvents), 1.0)
    row(
        "recolour",
        timed(lambda n: panel._key._legend._toggle(n % 3), lambda: settle(panel), 2 * ROUNDS),
        RECOLOUR[count],
    )
    panel._key._legend.show_all()
    moved = timed(lambda n: panel.show_codes(points + np.float32(n * 0.01), labels, names), view.repaint, 2 * ROUNDS)
    row("codes that move", moved)
    row("lasso to selection", lasso(panel, points))


def item_times(points: np.ndarray, labels: np.ndarray) -> dict[str, list[float]]:
    """The same by pyqtgraph's own item, offscreen too."""
    plot = pyqtgraph.PlotWidget()
    plot.resize(1000, 740)
    brushes = np.array([pyqtgraph.mkBrush(pyqtgraph.intColor(number, CLASSES)) for number in range(CLASSES)])
    item = pyqtgraph.ScatterPlotItem(x=points[:, 0], y=points[:, 1], size=5, pen=None, brush=brushes[labels])
    plot.addItem(item)
    plot.show()
    QApplication.processEvents()
    box = plot.getViewBox()
    found = {
        "pan": timed(lambda n: box.translateBy(x=0.02 * (-1) ** n), plot.grab, ROUNDS),
        "recolour": timed(lambda n: item.setBrush(brushes[(labels + n) % CLASSES]), plot.grab, ROUNDS),
        "pick": timed(lambda n: item.pointsAt(pyqtgraph.Point(*points[n])), times=ROUNDS),
    }
    plot.close()
    return found


def lasso(panel: MapPanel, points: np.ndarray) -> list[float]:
    """From the end of a lasso to its dots alone, the test of which are inside in this thread for once."""
    turn = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    panel.show_codes(points, codes(len(points))[1], [f"class {number}" for number in range(CLASSES)])
    exploring = Exploring()

    def select(number: int) -> None:
        radius = 1.0 + 0.2 * np.sin((5 + number) * turn)
        polygon = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
        exploring.change("lasso", selection=np.flatnonzero(inside(points, polygon)))
        panel.show_selection(exploring.now.selection, True)

    found = timed(select, lambda: settle(panel), 2 * ROUNDS)
    exploring.stop()
    return found
