"""Learn: a person guesses, sees it happen, and reads what is true, by keys alone; nothing of it stays behind."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from core.lessons import contents
from explorer.lessons.panel import LearnPanel
from explorer.lessons.place_field import PlaceField
from tests.explorer.opened import Opened
from tests.journeys.driving import PATIENCE, Open, Screenshot

STEPS = 5


@pytest.fixture
def program(qtbot: QtBot, open_program: Open, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """With lessons of few steps, its panels in their places and the keyboard in its window."""
    few = tuple(replace(each, steps=min(each.steps, STEPS)) for each in contents.LESSONS)
    monkeypatch.setattr(contents, "LESSONS", few)
    program = open_program()
    qtbot.waitUntil(lambda: program.shell.docks.is_furnished, timeout=PATIENCE)
    program.window.activateWindow()
    QTest.qWaitForWindowActive(program.window)
    return program


def tab_to(qtbot: QtBot, window: QWidget, kind: type[QWidget], words: str = "") -> QWidget:
    """Press Tab until the keyboard is at a control of this kind, with these words."""
    for _ in range(80):
        at = QApplication.focusWidget()
        if isinstance(at, kind) and (not isinstance(at, QPushButton) or at.text() == words):
            return at
        qtbot.keyClick(at or window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab comes to no {kind.__name__} {words}: it is at {QApplication.focusWidget()}")


def everything_in(home: Path) -> set[Path]:
    """Its files, but for the settings of the window."""
    return {each for each in home.rglob("*") if each.is_file() and "settings" not in each.parts}


def guess(qtbot: QtBot, program: Opened, panel: LearnPanel) -> None:
    """Whatever is asked, by keys."""
    for field in panel._form.fields:
        if isinstance(field, QComboBox):
            field.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.keyClick(field, Qt.Key.Key_Down)
        elif isinstance(field, QDoubleSpinBox):
            field.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.keyClick(field, Qt.Key.Key_Up)
    if panel._form.asks_place:
        place = tab_to(qtbot, program.window, PlaceField)
        qtbot.keyClick(place, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)


@pytest.mark.long
def test_all_lessons_by_keys_alone(qtbot: QtBot, program: Opened, screenshot: Screenshot, home: Path) -> None:
    program.window.resize(1280, 800)
    kept = everything_in(home)
    qtbot.keyClick(program.window.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    panel, teaching = program.panels.learn, program.controllers.teaching
    qtbot.waitUntil(panel.isVisible, timeout=PATIENCE)
    for number, lesson in enumerate(contents.LESSONS):
        qtbot.waitUntil(lambda: panel._is_drawn and not teaching.is_busy, timeout=PATIENCE)
        assert panel._words.text() == lesson.words
        screenshot(program, f"lesson {number + 1} asks")
        guess(qtbot, program, panel)
        qtbot.keyClick(tab_to(qtbot, program.window, QPushButton, "See what happens"), Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: panel._is_revealed and not teaching.is_busy, timeout=PATIENCE)
        assert panel._sentence.isVisible()
        assert "Your guess: " in panel._answers.text()
        slider = QApplication.focusWidget()
        assert isinstance(slider, QSlider)
        before = panel._scene._at.text()
        qtbot.keyClick(slider, Qt.Key.Key_End if slider.value() == 0 else Qt.Key.Key_Home)
        assert panel._scene._at.text() != before
        screenshot(program, f"lesson {number + 1} revealed")
        qtbot.keyClick(tab_to(qtbot, program.window, QPushButton, "Next lesson"), Qt.Key.Key_Space)
    assert panel._list.currentIndex() == 0, "after the last comes the first"
    qtbot.waitUntil(lambda: panel._is_drawn and not teaching.is_busy, timeout=PATIENCE)
    assert everything_in(home) == kept
    assert program.workspace.learning.run is None


def test_a_lesson_is_stopped_and_begins_anew(qtbot: QtBot, program: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = tuple(replace(each, steps=100_000 if each.steps else 0) for each in contents.LESSONS)
    monkeypatch.setattr(contents, "LESSONS", endless)
    program.shell.actions["learn"].trigger()
    panel, teaching = program.panels.learn, program.controllers.teaching
    qtbot.waitUntil(lambda: panel._is_drawn and not teaching.is_busy, timeout=PATIENCE)
    guess(qtbot, program, panel)
    qtbot.mouseClick(panel._run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel._bar.value() > 0, timeout=PATIENCE)
    qtbot.mouseClick(panel._cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel._is_drawn and not teaching.is_busy, timeout=PATIENCE)
    assert not panel._answers.isVisible()
    assert not panel._run.isEnabled(), "the guess is to be made anew"
    guess(qtbot, program, panel)
    qtbot.mouseClick(panel._run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel._bar.value() > 0, timeout=PATIENCE)
    panel.show_lesson(2)  # another, while this one runs
    qtbot.waitUntil(lambda: panel._is_drawn and not teaching.is_busy, timeout=PATIENCE)
    assert panel._words.text() == contents.LESSONS[2].words
    assert not panel._is_revealed
    program.window.close()
