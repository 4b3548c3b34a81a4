"""Drawing: what is on the pad is what is encoded, and no stroke is lost."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

from explorer.outside.draw_panel import EMPTY, DrawPanel
from explorer.outside.drawing_pad import DrawingPad, paper_of
from tests.explorer.looking import named


@pytest.fixture
def panel(qtbot) -> DrawPanel:
    panel = DrawPanel()
    qtbot.addWidget(panel)
    panel.resize(820, 260)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def at(pad: DrawingPad, across: float, down: float) -> QPoint:
    """A place of the pad, in shares of its side."""
    square = pad._square()
    return QPoint(round(square.left() + across * square.width()), round(square.top() + down * square.height()))


def stroke(qtbot, pad: DrawingPad, *places: tuple[float, float]) -> None:
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=at(pad, *places[0]))
    for place in places[1:]:
        qtbot.mouseMove(pad, at(pad, *place))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=at(pad, *places[-1]))


@pytest.mark.parametrize(("shape", "side"), [((28, 28, 1), 28), ((64, 64, 3), 64), ((256, 256, 3), 128)])
def test_a_stroke_is_ink_where_it_was_drawn_and_paper_elsewhere(panel, qtbot, shape, side):
    panel.show_shape(shape)
    panel.show_paper((0, 0, 0))
    seen = []
    panel.drawn.connect(seen.append)
    stroke(qtbot, named(panel, "Drawing pad"), (0.1, 0.5), (0.9, 0.5))
    pixels = seen[-1]
    assert pixels.shape == (side, side, shape[2])
    assert (pixels[side // 2, side // 4 : 3 * side // 4] > 200).all(), "white ink on black paper"
    assert (pixels[: side // 4] == 0).all()
    assert len(seen) >= 2, "it is encoded while it is drawn, not after"


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_drawn_before_the_images_are_read_is_seen_too(panel, qtbot, channels):
    seen = []
    panel.drawn.connect(seen.append)
    panel.show_shape((28, 28, channels))
    stroke(qtbot, named(panel, "Drawing pad"), (0.1, 0.5), (0.9, 0.5))
    assert np.ptp(seen[-1]) > 200, "its ink is not the colour of its paper"


def test_the_thickness_of_the_brush_can_be_slid_in_a_narrow_window(panel, qtbot):
    panel.show_shape((28, 28, 1))
    panel.resize(560, 260)
    brush = named(panel, "Brush")
    qtbot.waitUntil(lambda: panel.width() == 560)
    assert brush.width() >= 60


def test_strokes_are_taken_back_one_by_one(panel, qtbot):
    panel.show_shape((28, 28, 1))
    panel.show_paper((255, 255, 255))
    pad, seen = named(panel, "Drawing pad"), []
    panel.drawn.connect(seen.append)
    undo = named(panel, "Undo stroke")
    assert not undo.isEnabled()
    stroke(qtbot, pad, (0.1, 0.2), (0.9, 0.2))
    first = seen[-1]
    stroke(qtbot, pad, (0.1, 0.8), (0.9, 0.8))
    undo.click()
    np.testing.assert_array_equal(seen[-1], first)
    pad.setFocus()
    qtbot.keySequence(pad, QKeySequence(QKeySequence.StandardKey.Undo))
    assert (seen[-1] == 255).all()
    assert not undo.isEnabled()


def test_clearing_can_be_taken_back(panel, qtbot):
    panel.show_shape((28, 28, 1))
    pad, seen = named(panel, "Drawing pad"), []
    panel.drawn.connect(seen.append)
    stroke(qtbot, pad, (0.1, 0.2), (0.9, 0.2))
    drawn = seen[-1]
    named(panel, "Clear the pad").click()
    assert len(np.unique(seen[-1])) == 1
    named(panel, "Undo stroke").click()
    np.testing.assert_array_equal(seen[-1], drawn)


def test_the_eraser_leaves_paper(panel, qtbot):
    panel.show_shape((32, 32, 3))
    panel.show_paper((240, 230, 220))
    pad, seen = named(panel, "Drawing pad"), []
    panel.drawn.connect(seen.append)
    named(panel, "Red ink").click()
    stroke(qtbot, pad, (0.2, 0.5), (0.8, 0.5))
    assert seen[-1][16, 16].tolist() == [214, 40, 40]
    named(panel, "Brush").setValue(8)
    named(panel, "Eraser").click()
    stroke(qtbot, pad, (0.1, 0.5), (0.9, 0.5))
    assert (seen[-1] == (240, 230, 220)).all()


def test_it_can_be_drawn_by_keys_alone(panel, qtbot):
    panel.show_shape((28, 28, 1))
    panel.show_paper((0, 0, 0))
    pad, seen = named(panel, "Drawing pad"), []
    panel.drawn.connect(seen.append)
    panel.take_focus()
    before = named(panel, "Brush").value()
    qtbot.keyClick(pad, "]")
    assert named(panel, "Brush").value() == before + 1
    qtbot.keyClick(pad, Qt.Key.Key_Left)
    assert not seen, "the pen is not down"
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    for _ in range(2):
        qtbot.keyClick(pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    row = seen[-1][14, :, 0]
    assert (row[14:22] > 200).all()
    assert (row[:10] == 0).all()
    count = len(seen)
    qtbot.keyClick(pad, Qt.Key.Key_Down)
    assert len(seen) == count, "the pen is up again"


def test_a_picture_can_be_drawn_on(panel, qtbot):
    panel.show_shape((16, 16, 3))
    seen = []
    panel.drawn.connect(seen.append)
    with qtbot.waitSignal(panel.start_requested, timeout=500):
        named(panel, "Start from the cursor's picture").click()
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    panel.begin_with(pixels)
    np.testing.assert_array_equal(seen[-1], pixels)


def test_a_drawing_stays_while_the_model_learns_and_goes_with_its_shape(panel, qtbot):
    panel.show_shape((28, 28, 1))
    pad = named(panel, "Drawing pad")
    stroke(qtbot, pad, (0.1, 0.2), (0.9, 0.2))
    drawn = pad.pixels(1)
    panel.show_shape((28, 28, 1))
    panel.show_paper((10, 10, 10))
    np.testing.assert_array_equal(pad.pixels(1), drawn)
    panel.show_shape((32, 32, 3))
    assert pad.side == 32
    assert not named(panel, "Undo stroke").isEnabled()


def test_without_a_model_it_says_why_and_nothing_can_be_drawn(panel):
    assert EMPTY in [label.text() for label in panel.findChildren(QWidget) if hasattr(label, "text")]
    assert not any(button.isEnabled() for button in panel.findChildren(QAbstractButton))
    panel.show_shape((28, 28, 1))
    assert named(panel, "Drawing pad").isEnabled()
    panel.show_nothing()
    assert not named(panel, "Drawing pad").isEnabled()


def test_the_paper_is_what_most_rims_are():
    images = np.full((5, 8, 8, 3), 100, np.uint8)
    images[:, [0, -1]] = images[:, :, [0, -1]] = 100
    images[..., 1] = 200
    images[0] = 0
    images[:, 3:5, 3:5] = 9
    assert paper_of(images) == (100, 200, 100)
    assert paper_of(np.full((2, 4, 4, 1), 7, np.uint8)) == (7, 7, 7)
