"""What is painted over is what the model does not see: no pixel more, none less."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.completion.hidden_part import SHAPES, box, shape, stroke
from explorer.completion.mask_editor import MaskEditor

SPOTS = st.tuples(st.floats(0, 20), st.floats(0, 12))
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def editor(qtbot: QtBot) -> MaskEditor:
    editor = MaskEditor()
    qtbot.addWidget(editor)
    editor.resize(202, 202)
    editor.show()
    editor.show_image(np.full((20, 20, 1), 200, np.uint8), np.zeros((20, 20), np.bool_))
    return editor


def at(editor: MaskEditor, column: float, row: float) -> QPoint:
    area = editor._area()
    return QPointF(area.left() + column / 20 * area.width(), area.top() + row / 20 * area.height()).toPoint()


def drag(editor: MaskEditor, button: Qt.MouseButton, *spots: tuple[float, float]) -> None:
    QTest.mousePress(editor, button, pos=at(editor, *spots[0]))
    for spot in spots[1:]:
        QTest.mouseMove(editor, at(editor, *spot))
    QTest.mouseRelease(editor, button, pos=at(editor, *spots[-1]))


@given(one=SPOTS, other=SPOTS, radius=st.floats(0.8, 6))
def test_a_stroke_covers_what_is_near_its_way(
    one: tuple[float, float], other: tuple[float, float], radius: float
) -> None:
    covered = stroke(one, other, radius, 12, 20)
    way = np.linspace(one, other, 400)
    for row in range(12):
        for column in range(0, 20, 3):
            off = np.hypot(*(way - (column + 0.5, row + 0.5)).T).min()
            if abs(off - radius) > 0.1:
                assert covered[row, column] == (off < radius)


@given(one=SPOTS, other=SPOTS)
def test_a_box_is_the_same_from_every_corner(one: tuple[float, float], other: tuple[float, float]) -> None:
    crossed = box((one[0], other[1]), (other[0], one[1]), 12, 20)
    np.testing.assert_array_equal(box(one, other, 12, 20), crossed)
    np.testing.assert_array_equal(box(other, one, 12, 20), crossed)


def test_named_shapes_hide_what_they_say() -> None:
    hidden = {name: shape(name, 12, 20) for name in SHAPES}
    assert hidden["Everything"].all()
    assert not hidden["Nothing"].any()
    np.testing.assert_array_equal(hidden["Left half"], ~hidden["Right half"])
    np.testing.assert_array_equal(hidden["Upper half"], ~hidden["Lower half"])
    assert hidden["Right half"][:, 10:].all()
    assert hidden["Lower half"][6:].all()
    assert hidden["Middle"].sum() == 6 * 10


def test_dragging_hides_and_the_right_button_reveals(qtbot: QtBot, editor: MaskEditor) -> None:
    editor.choose_radius(0.1)
    told = []
    editor.hidden_changed.connect(told.append)
    drag(editor, LEFT, (3, 10), (17, 10))
    assert editor.hidden[10, 3:17].all()
    assert not editor.hidden[:6].any()
    assert not editor.hidden[14:].any()
    drag(editor, RIGHT, (10, 10))
    assert not editor.hidden[10, 10]
    assert editor.hidden[10, 3]
    np.testing.assert_array_equal(told[-1], editor.hidden)


def test_a_box_hides_its_inside(editor: MaskEditor) -> None:
    editor.choose_tool("box")
    drag(editor, LEFT, (5, 5), (15, 12))
    assert editor.hidden[5:12, 5:15].all()
    assert editor.hidden.sum() == 7 * 10


def test_the_hidden_part_is_hardly_seen(editor: MaskEditor) -> None:
    shown = editor.grab().toImage().pixelColor(at(editor, 5, 5))
    editor.hide_shape("Left half")
    hidden = editor.grab().toImage()
    assert hidden.pixelColor(at(editor, 15, 15)) == shown
    assert abs(hidden.pixelColor(at(editor, 5, 5)).red() - shown.red()) > 20
