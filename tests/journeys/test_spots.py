"""Wherever an image or a place is seen, its menu opens, and what it says is done."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.exploration import Direction
from explorer.map.view import MapView
from tests.explorer.looking import named
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot, fill_in, learn, press_save, read, small

OFFSCREEN = "This plugin does not support (raise|grabbing the keyboard)"
pytestmark = pytest.mark.qt_log_ignore(OFFSCREEN, extend=True)


@pytest.fixture
def program(qtbot: QtBot, open_program: Open, folder: Path) -> Opened:
    program = open_program()
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, epochs=2))
    viewing = program.workspace.viewing
    qtbot.waitUntil(lambda: viewing.place is not None and viewing.image_set is not None, timeout=PATIENCE)
    return program


def pick(program: Opened, qtbot: QtBot, ask: Callable[[], None], words: str) -> None:
    """Ask for a menu, and choose the entry of these words in it by mouse."""
    ask()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu), timeout=PATIENCE)
    menu = QApplication.activePopupWidget()
    entry = next(action for action in menu.actions() if action.text() == words)
    assert entry.isEnabled(), entry.toolTip()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())


def right_click(widget: QWidget, at: QPoint | None = None) -> Callable[[], None]:
    place = widget.rect().center() if at is None else at
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    return lambda: QApplication.sendEvent(widget, event) and None


def on_map(program: Opened, index: int) -> Callable[[], None]:
    view = program.panels.map.findChild(MapView)
    return lambda: QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=view.place_of(index).toPoint())


def alone(points: np.ndarray) -> list[int]:
    """All dots (N, 2), the farther from every other the later: one that lies beneath another cannot be asked about."""
    apart = np.linalg.norm(points[:, None] - points, axis=2) + np.diag(np.full(len(points), np.inf))
    return apart.min(axis=1).argsort().tolist()


def test_a_dot_is_a_bookmark_a_stop_a_side_and_a_picture(
    qtbot: QtBot, program: Opened, tmp_path: Path, screenshot: Screenshot
) -> None:
    workspace, window = program.workspace, program.window
    codes = workspace.viewing.latent_space.codes
    *_, a, b, c = alone(workspace.viewing.latent_space.points)
    pick(program, qtbot, on_map(program, a), "Bookmark it")
    np.testing.assert_array_equal(workspace.exploring.now.bookmarks[1].z, codes[a])
    pick(program, qtbot, on_map(program, b), "Add as a stop of the path")
    np.testing.assert_array_equal(program.controllers.routing.path.stops, codes[[b]])
    sides = []
    program.controllers.contrasting.sides_changed.connect(sides.append)
    pick(program, qtbot, on_map(program, b), "Set as B")
    assert sides[-1] == {"B": workspace.viewing.table.names[b].rsplit("/", 1)[-1]}
    pick(program, qtbot, on_map(program, c), "Copy picture")
    copied = QGuiApplication.clipboard().image()
    pixels = workspace.viewing.image_set.pixels[c]
    assert copied.pixelColor(16, 16).getRgb()[:3] == tuple(pixels[16, 16].tolist())
    pick(program, qtbot, on_map(program, c), "Select it and the 10 nearest to it")
    qtbot.waitUntil(lambda: len(workspace.selecting.indices) == 11, timeout=PATIENCE)
    assert c in workspace.selecting.indices
    pick(program, qtbot, on_map(program, c), "Save picture…")
    dialog = fill_in(qtbot, program, tmp_path / "image.png", Size="as decoded")
    screenshot(program, "save")
    with qtbot.waitSignal(program.controllers.saving.saved, timeout=PATIENCE):
        press_save(qtbot, dialog)
    assert (tmp_path / "image.png").exists()
    assert window.status._message.text().endswith("image.png")


def beside_the_dots(view: MapView) -> QPoint:
    """A place that is far from every dot."""
    area, dots = view.plot_area(), [view.place_of(index) for index in range(24)]
    places = [QPoint(x, y) for x in range(area.left() + 40, area.right() - 240, 10) for y in range(80, 300, 10)]
    return next(at for at in places if min((dot - at.toPointF()).manhattanLength() for dot in dots) > 60)


def test_a_place_beside_the_dots_has_a_menu_by_keys_too(qtbot: QtBot, program: Opened, tmp_path: Path) -> None:
    workspace, view = program.workspace, program.panels.map.findChild(MapView)
    empty = beside_the_dots(view)
    ask = lambda: QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=empty)  # noqa: E731
    pick(program, qtbot, ask, "Go there")
    z = workspace.viewing.z
    qtbot.waitUntil(lambda: np.array_equal(workspace.exploring.now.z, z), timeout=PATIENCE)
    pick(program, qtbot, ask, "Set as A")
    pick(program, qtbot, ask, "Copy picture")
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull(), timeout=PATIENCE)
    view.setFocus()
    pick(program, qtbot, lambda: QTest.keyClick(view, Qt.Key.Key_Menu), "Bookmark this place")
    np.testing.assert_allclose(workspace.exploring.now.bookmarks[1].z, z, atol=1e-5)


def test_pictures_all_over_the_window_have_the_menu(qtbot: QtBot, program: Opened) -> None:
    workspace = program.workspace
    near = next(
        each for each in program.panels.picture.findChildren(QWidget) if each.accessibleName().startswith("Near image")
    )
    qtbot.waitUntil(near.isVisible, timeout=PATIENCE)
    pick(program, qtbot, right_click(near), "Bookmark it")
    pick(program, qtbot, right_click(program.panels.picture._view), "Bookmark this place")
    assert list(workspace.exploring.now.bookmarks) == [1, 2]

    program.shell.actions["samples"].trigger()
    qtbot.waitUntil(lambda: program.controllers.sampling.last is not None, timeout=PATIENCE)
    sheet = named(program.panels.samples, "Samples")
    qtbot.waitUntil(lambda: sheet.count > 0, timeout=PATIENCE)
    sheet.setFocus()
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    keys = lambda: QTest.keyClick(sheet, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)  # noqa: E731
    pick(program, qtbot, keys, "Go there")
    np.testing.assert_array_equal(workspace.viewing.z, program.controllers.sampling.last.z[1])

    assert not workspace.viewing.pairs  # which nobody has seen
    program.shell.docks.bring_forward("Reconstructions")
    pairs = program.panels.reconstructions
    qtbot.waitUntil(lambda: bool(pairs._pairs) and pairs.isVisible(), timeout=PATIENCE)
    first = pairs._places()[0].center()
    qtbot.mouseDClick(pairs, Qt.MouseButton.LeftButton, pos=first)
    index = workspace.viewing.pairs[0]
    np.testing.assert_array_equal(workspace.viewing.z, workspace.viewing.latent_space.codes[index])
    pick(program, qtbot, right_click(pairs, first), "Bookmark it")

    program.shell.actions["traversals"].trigger()
    strips = program.panels.traversals._sheet
    qtbot.waitUntil(lambda: strips._plan is not None, timeout=PATIENCE)
    if not strips.order:  # after so little learning no dimension may be in use
        qtbot.mouseClick(program.panels.traversals._fold, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: strips.picture_at(None) is not None, timeout=PATIENCE)
    strips.setFocus()
    pick(program, qtbot, lambda: QTest.keyClick(strips, Qt.Key.Key_Menu), "Go there")
    found = program.controllers.traversing.place_of(*strips.picture_at(None))
    assert found is not None

    vector = np.eye(workspace.viewing.latent_space.latent_dims, dtype=np.float32)[0]
    workspace.exploring.change("a direction", directions=(Direction("right", vector, "a", "b", (3, 3)),))
    program.shell.docks.bring_forward("Directions")
    film = program.panels.directions._film
    qtbot.waitUntil(lambda: film.count > 0, timeout=PATIENCE)
    at_zero = program.controllers.directing.place_of(4)[0]
    pick(program, qtbot, right_click(film, film._places()[-1].center()), "Add as a stop of the path")
    np.testing.assert_allclose(program.controllers.routing.path.stops[-1], at_zero + 2 * vector)

    pick(program, qtbot, right_click(program.panels.images._wall, QPoint(5, 5)), "Go there")
    np.testing.assert_array_equal(workspace.viewing.z, workspace.viewing.latent_space.codes[0])


def test_before_a_model_the_menu_says_what_waits_for_one(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    with qtbot.waitSignal(program.workspace.charting.charted, timeout=PATIENCE):
        read(qtbot, program, folder)
    on_map(program, 2)()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu), timeout=PATIENCE)
    menu = QApplication.activePopupWidget()
    off = {action.text() for action in menu.actions() if action.text() and not action.isEnabled()}
    assert {"Set as A", "Add as a stop of the path", "Bookmark it"} <= off
    assert not {"Go there", "See it large", "Copy picture", "Save picture…"} & off
    QTimer.singleShot(0, menu.close)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None, timeout=PATIENCE)
