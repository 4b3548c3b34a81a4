"""Learn: nothing runs before there is a guess, and what is true stands beside it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox
from pytestqt.qtbot import QtBot

from core.lessons.lesson import Choice, Lesson, Number, Place
from core.reports.lessons import Answer, Arrows, Bars, Cloud, Curves, Frame, Level, Line, Pictures, Revealed, Scene
from core.reports.progress import Progress
from explorer.lessons.panel import GUESS_FIRST, LearnPanel
from explorer.lessons.place_field import PlaceField
from explorer.lessons.scene_view import BETWEEN

LESSONS = (
    Lesson("place", "A place", "Dots.", (Place("Where?"),), "Nobody 2026"),
    Lesson("numbers", "Two things", "Bars.", (Choice("Which?", ("this", "that")), Number("How many?", 0, 9)), "Nobody"),
)


def cloud(shift: float = 0.0) -> Cloud:
    return Cloud("Dots", np.full((5, 2), shift, np.float32), np.array([-1, 0, 0, 1, 1], np.int8), 2.0, has_rings=True)


def scene(*frames: Frame, control: str = "") -> Scene:
    return Scene(frames or (Frame("", (cloud(),)),), control)


def revealed(scene: Scene) -> Revealed:
    return Revealed(scene, (Answer("Where?", "(1.00, 0.00)", "(0.50, 0.25)"),), "It lands at 0.5 and 0.25.")


@pytest.fixture
def panel(qtbot: QtBot) -> LearnPanel:
    panel = LearnPanel(LESSONS)
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def field(panel: LearnPanel) -> PlaceField:
    found = panel.findChild(PlaceField)
    assert isinstance(found, PlaceField)
    return found


def test_a_lesson_begins_when_it_is_seen_and_once(qtbot: QtBot, panel: LearnPanel) -> None:
    asked: list[int] = []
    panel.lesson_chosen.connect(asked.append)
    panel.begin_if_seen(False)
    assert not asked
    panel.begin_if_seen(True)
    panel.begin_if_seen(False)
    panel.begin_if_seen(True)
    assert asked == [0]


def test_nothing_runs_before_there_is_a_guess(qtbot: QtBot, panel: LearnPanel) -> None:
    panel.show_look(scene())
    assert not panel._run.isEnabled()
    assert GUESS_FIRST in panel._run.toolTip()
    asked: list[object] = []
    panel.run_requested.connect(asked.append)
    place = field(panel)
    middle = place.plot().pixel(0, 0).toPoint()
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, -20))
    assert panel._run.isEnabled()
    qtbot.mouseClick(panel._run, Qt.MouseButton.LeftButton)
    ((u, v),) = asked[0]  # type: ignore[misc]
    scale = place.plot().area.width() / 4.0
    assert (u, v) == pytest.approx((30 / scale, 20 / scale), abs=0.02)


def test_a_place_is_marked_by_keys_alone(qtbot: QtBot, panel: LearnPanel) -> None:
    panel.show_look(scene())
    place = field(panel)
    place.setFocus()
    for key, more in ((Qt.Key.Key_Right, True), (Qt.Key.Key_Right, False), (Qt.Key.Key_Down, True)):
        qtbot.keyClick(place, key, Qt.KeyboardModifier.ShiftModifier if more else Qt.KeyboardModifier.NoModifier)
    assert panel._form.guess == (pytest.approx((0.55, -0.5)),)
    assert place.accessibleDescription() == "Marked: 0.55, -0.50"
    for _ in range(9):
        qtbot.keyClick(place, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert panel._form.guess == (pytest.approx((0.55, -2.0)),), "it stays on the plane"


def test_what_is_true_is_shown_beside_the_guess_and_the_lesson_begins_anew(qtbot: QtBot, panel: LearnPanel) -> None:
    panel.show_look(scene())
    qtbot.mouseClick(field(panel), Qt.MouseButton.LeftButton)
    panel.show_busy(True)
    panel.show_progress(Progress("Learning", 3, 12))
    assert panel._cancel.isVisible()
    assert not panel._run.isVisible()
    assert (panel._bar.value(), panel._bar.maximum()) == (3, 12)
    panel.show_scene(scene())
    panel.show_revealed(revealed(scene(Frame("one", (cloud(),)), Frame("two", (cloud(1.0),)), control="t")))
    panel.show_busy(False)
    assert panel._answers.text() == "Where?\nYour guess: (1.00, 0.00)\nTrue: (0.50, 0.25)"
    assert panel._sentence.text() == "It lands at 0.5 and 0.25."
    assert panel.findChild(PlaceField) is None or not panel.findChild(PlaceField).isVisible()
    with qtbot.waitSignal(panel.lesson_chosen) as begun:
        qtbot.mouseClick(panel._again, Qt.MouseButton.LeftButton)
    assert begun.args == [0]
    assert panel._form.guess is None
    assert not panel._answers.isVisible()


def test_dots_are_seen_on_their_way_from_frame_to_frame(qtbot: QtBot, panel: LearnPanel) -> None:
    panel.show_revealed(revealed(scene(Frame("one", (cloud(),)), Frame("two", (cloud(1.0),)), control="t")))
    slider, view = panel._scene.slider, panel._scene._widgets[0]
    assert slider.hasFocus()
    assert (slider.value(), slider.maximum()) == (BETWEEN, BETWEEN)
    assert view.view.dots[0, 0] == 1.0
    for _ in range(BETWEEN // 2):
        qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert view.view.dots[0, 0] == pytest.approx(0.5)
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert view.view.dots[0, 0] == 0.0
    assert panel._scene._at.text() == "one"


def test_all_kinds_of_views_are_drawn_low_and_tall(qtbot: QtBot, panel: LearnPanel) -> None:
    x, rng = np.array([1.0, 10.0, 100.0]), np.random.default_rng(0)
    levels = (Level("your guess", 2.0, "guess"), Level("true", 30.0, "truth", is_along=True))
    lines = (Line("a", np.array([1.0, np.nan, 3.0])), Line("", np.array([0.0, 1.0, 2.0]), is_faint=True))
    curves = Curves("Curves", x, lines, ("n", "nats"), levels, is_log=True, at=10.0, has_dots=True)
    bars = Bars("Bars", ("a", "b"), ("one", "other"), rng.random((2, 2)), "nats", np.array([True, False]), 1)
    arrows = Arrows("Arrows", rng.random((9, 2)).astype(np.float32), (0.5, 0.5), 1.0, ("u", "v"))
    pictures = Pictures("Pictures", rng.integers(0, 255, (5, 8, 8, 3), np.uint8), tuple("abcde"))
    frame = Frame("all", (arrows, pictures, bars))
    for size in ((900, 220), (900, 700)):
        panel.resize(*size)
        for shown in (frame, Frame("more", (cloud(), curves))):
            panel.show_scene(scene(shown))
            qtbot.wait(20)
            drawn = panel._scene.grab().toImage()
            colours = {drawn.pixel(x, y) for x in range(0, drawn.width(), 3) for y in range(0, drawn.height(), 3)}
            assert len(colours) > 10
            described = [each.accessibleName() for each in panel._scene._widgets]
            assert described == [view.title for view in shown.views]


def test_a_choice_and_a_number_are_a_guess_once_something_is_chosen(qtbot: QtBot, panel: LearnPanel) -> None:
    panel.show_lesson(1)
    panel.show_look(scene())
    form = panel._form
    box, number = form.findChild(QComboBox), form.findChild(QDoubleSpinBox)
    assert form.guess is None
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    number.setValue(4)
    assert form.guess == (1, 4.0)
    panel.show_busy(True)
    assert not box.isEnabled()
    assert "Once more" in box.toolTip()


def test_a_failure_is_said_where_the_lesson_would_be(panel: LearnPanel) -> None:
    panel.show_failure("There is not enough memory for this.")
    assert panel._message.isVisible()
    assert panel._message.text() == "There is not enough memory for this."
