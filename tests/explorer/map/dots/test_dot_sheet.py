"""What a user would lose: a map that pans at once however many dots it has, and never shows dots of other images."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from explorer.map.dots.dot_choice import DotQuestion
from explorer.map.dots.dot_sheet import CHOSEN_AT_ONCE, DRAWN_AT_ONCE, DotSheet
from explorer.map.frame import Frame

FRAME = Frame(-4.0, -3.0, 4.0, 3.0, 400.0, 300.0)
RED = np.array([[255, 0, 0]], np.uint8)


@pytest.fixture
def sheet() -> Iterator[DotSheet]:
    sheet = DotSheet()
    yield sheet
    sheet.stop()


def dots_at(u: float, v: float, count: int) -> DotQuestion:
    points = np.random.default_rng(0).normal((u, v), 0.2, (count, 2)).astype(np.float32)
    return DotQuestion(points, np.zeros(count, np.int64), RED)


def painted(sheet: DotSheet, frame: Frame = FRAME) -> np.ndarray:
    """Alpha, (300, 400)."""
    canvas = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(0)
    painter = QPainter(canvas)
    sheet.paint(painter, frame, 1.0, None, 0xFF000000)
    painter.end()
    return np.frombuffer(canvas.constBits(), np.uint32).reshape(300, 400) >> 24


def centre(alpha: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(alpha)
    return float(columns.mean()), float(rows.mean())


def test_few_dots_are_there_at_once(sheet: DotSheet) -> None:
    sheet.choose(dots_at(1, 1, 500))
    assert centre(painted(sheet)) == pytest.approx((250, 100), abs=4)


def settle(sheet: DotSheet, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: sheet.dots.count == count)
    painted(sheet)
    qtbot.waitUntil(lambda: sheet.sheet is not None)


@pytest.mark.parametrize("count", [DRAWN_AT_ONCE + 500, CHOSEN_AT_ONCE + 500])
def test_many_dots_come_and_are_where_they_belong_as_the_view_moves(sheet: DotSheet, qtbot: QtBot, count: int) -> None:
    sheet.choose(dots_at(1, 1, count))
    settle(sheet, qtbot, count)
    assert centre(painted(sheet)) == pytest.approx((250, 100), abs=4)
    panned, zoomed = FRAME.moved(1.0, 0.5), FRAME.zoomed(0.5, 1.0, 1.0)
    assert centre(painted(sheet, panned)) == pytest.approx((200, 125), abs=4)
    assert centre(painted(sheet, zoomed)) == pytest.approx((250, 100), abs=6)


def test_dots_of_other_images_go_at_once(sheet: DotSheet, qtbot: QtBot) -> None:
    count = CHOSEN_AT_ONCE + 1_000
    sheet.choose(dots_at(1, 1, count))
    settle(sheet, qtbot, count)
    sheet.choose(dots_at(-2, -2, count + 1))
    assert sheet.dots.count == 0
    assert not painted(sheet).any()


def test_a_crowd_is_drawn_as_density(sheet: DotSheet, qtbot: QtBot) -> None:
    sheet.choose(dots_at(0, 0, 60_000))
    settle(sheet, qtbot, 60_000)
    alpha = painted(sheet)
    assert sheet.sheet is not None
    assert sheet.sheet.is_density
    assert alpha[150, 200] > alpha[alpha > 0].min() + 60
