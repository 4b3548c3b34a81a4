"""Any setting of training is found by a word of it, and no wheel changes one by accident."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.config import GROUPS
from explorer.shell.command_palette import CommandPalette
from explorer.training.config_field import ConfigField
from tests.explorer.opened import Opened
from tests.journeys.driving import Open, Screenshot, learn, read, small

TITLES = {info.title: name for _, kind in GROUPS for name, info in kind.model_fields.items()}


def type_command(qtbot: QtBot, program: Opened, words: str) -> None:
    QTest.keyClick(program.window.windowHandle(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = program.window.findChild(CommandPalette)
    assert palette is not None
    line = palette.findChild(QLineEdit)
    qtbot.keyClicks(line, words)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.window.findChild(CommandPalette) is None, timeout=5000)


def field(program: Opened, name: str) -> ConfigField:
    return next(each for each in program.panels.form._fields if each.name == name)


def is_seen(widget: QWidget) -> bool:
    return widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize("title", ["Seed", "Fit", "Learning rate", "Epochs"])
def test_the_palette_goes_to_a_setting(qtbot: QtBot, open_program: Open, screenshot: Screenshot, title: str) -> None:
    program = open_program()
    program.window.activateWindow()
    program.shell.docks["Training"].hide()
    type_command(qtbot, program, f"training settings {title.lower()}")
    control = field(program, TITLES[title]).control
    qtbot.waitUntil(lambda: program.window.focusWidget() is control, timeout=5000)
    qtbot.waitUntil(lambda: is_seen(control), timeout=5000)
    screenshot(program, f"going to {title}")


def test_a_setting_that_training_holds_is_shown_all_the_same(qtbot: QtBot, open_program: Open) -> None:
    program = open_program()
    program.panels.form.show_state("training")
    program.window.activateWindow()
    type_command(qtbot, program, "training settings precision")
    qtbot.waitUntil(lambda: is_seen(field(program, "precision").control), timeout=5000)


def test_the_advanced_form_is_tall_and_gives_the_room_back(qtbot: QtBot, open_program: Open) -> None:
    program = open_program()
    window = program.window
    window.resize(1280, 760)
    qtbot.wait(50)
    before = program.panels.images.height()
    qtbot.mouseClick(program.panels.form._advanced, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.panels.form._rest.viewport().height() >= 0.3 * window.height(), timeout=5000)
    assert is_seen(program.panels.form._buttons["train"])
    qtbot.mouseClick(program.panels.form._advanced, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: abs(program.panels.images.height() - before) <= 4, timeout=5000)


def test_the_room_of_a_form_left_unfolded_is_not_missed_at_the_next_start(qtbot: QtBot, open_program: Open) -> None:
    first = open_program()
    qtbot.wait(50)
    before = first.panels.images.height()
    qtbot.mouseClick(first.panels.form._advanced, Qt.MouseButton.LeftButton)
    qtbot.wait(50)
    first.window.close()
    second = open_program()
    qtbot.waitUntil(lambda: abs(second.panels.images.height() - before) <= 4, timeout=5000)


def turn_wheel(widget: QWidget) -> None:
    """As Qt tells the widget that is under the pointer."""
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def value_of(widget: QWidget) -> object:
    if isinstance(widget, QComboBox):
        return widget.currentIndex()
    return widget.value()  # type: ignore[attr-defined]


def with_values(root: QWidget) -> list[QWidget]:
    found = [*root.findChildren(QComboBox), *root.findChildren(QAbstractSpinBox), *root.findChildren(QAbstractSlider)]
    return [each for each in found if not isinstance(each, QScrollBar)]


def changed_by_wheel(root: QWidget) -> list[str]:
    """Everything that has a value and can be seen: what of it is another after the wheel was turned over it."""
    changed = []
    for each in with_values(root):
        if not each.isVisible():
            continue
        before = value_of(each)
        turn_wheel(each)
        if value_of(each) != before or each.hasFocus():
            changed.append(each.accessibleName() or type(each).__name__)
    return changed


def test_no_wheel_changes_a_value_anywhere(qtbot: QtBot, open_program: Open, folder: Path) -> None:
    program = open_program()
    window, workspace = program.window, program.workspace
    read(qtbot, program, folder)
    learn(qtbot, program, small(folder, {"latent_dims": 5}, epochs=2))
    program.panels.form._advanced.setChecked(True)
    seen = 0
    for dock in window.findChildren(QDockWidget):
        program.shell.docks.bring_forward(dock.objectName())
        qtbot.wait(30)
        seen += len([each for each in with_values(dock) if each.isVisible()])
        assert changed_by_wheel(window) == []
    assert seen > 40
    window.setFocus()
    for name in ("settings", "save_film"):
        program.shell.actions[name].trigger()
    workspace.exploring.change("lasso", selection=np.array([0, 1, 2]))
    for dialog in window.findChildren(QDialog):
        assert changed_by_wheel(dialog) == [], dialog.windowTitle()
        dialog.close()


def test_the_wheel_over_a_setting_scrolls_the_form(qtbot: QtBot, open_program: Open) -> None:
    program = open_program()
    form = program.panels.form
    qtbot.mouseClick(form._advanced, Qt.MouseButton.LeftButton)
    qtbot.wait(50)
    bar = form._rest.verticalScrollBar()
    box = field(program, "image_size").control
    qtbot.waitUntil(lambda: bar.maximum() > 0 and box.isVisible(), timeout=5000)
    chosen = box.currentText()

    def is_scrolled() -> bool:  # where the box is now: the form has only begun to take its room
        QTest.wheelEvent(program.window.windowHandle(), box.mapTo(program.window, box.rect().center()), QPoint(0, -120))
        return bar.value() > 0

    qtbot.waitUntil(is_scrolled, timeout=10_000)
    assert box.currentText() == chosen
