"""What a user would lose: ellipses, routes and bookmarks that stand where the numbers say."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from pytestqt.qtbot import QtBot

from explorer.map.frame import Frame
from explorer.map.marks.marks_painter import along, ellipse_points, paint_marks, paint_pins
from explorer.workspace.marks import Marks

pytestmark = pytest.mark.usefixtures("qapp")  # words are painted
FRAME = Frame(-2.0, -1.5, 2.0, 1.5, 400.0, 300.0)


def painted(marks: Marks) -> np.ndarray:
    """Whether each pixel is touched, (300, 400)."""
    canvas = QImage(400, 300, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(0)
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor("black"))
    painter = QPainter(canvas)
    paint_marks(painter, marks, FRAME, palette)
    paint_pins(painter, marks, FRAME, palette)
    painter.end()
    return (np.frombuffer(canvas.constBits(), np.uint32).reshape(300, 400) >> 24) > 40


def near(touched: np.ndarray, u: float, v: float) -> bool:
    place = FRAME.to_pixel(u, v)
    x, y = round(place.x()), round(place.y())
    return bool(touched[y - 2 : y + 3, x - 2 : x + 3].any())


def test_an_ellipse_is_where_the_mahalanobis_distance_says() -> None:
    covariance = np.array([[0.4, 0.25], [0.25, 0.3]])
    off = ellipse_points(np.array([0.3, -0.2]), covariance, 2.0) - (0.3, -0.2)
    distance = np.sqrt(np.einsum("ki,ij,kj->k", off, np.linalg.inv(covariance), off))
    assert distance == pytest.approx(np.full(73, 2.0))


def test_a_posterior_is_drawn_at_one_and_two_sigma() -> None:
    marks = Marks()
    marks.show_ellipses([(np.zeros(2), np.diag([0.25, 0.04]), True)])
    touched = painted(marks)
    assert near(touched, 0.5, 0)
    assert near(touched, 1.0, 0)
    assert near(touched, 0, -0.4)
    assert not near(touched, 0, 0)
    assert not near(touched, 1.3, 0)


@pytest.mark.parametrize(
    ("share", "place"), [(0.0, (0, 0)), (0.25, (0.5, 0)), (0.75, (1, 4.5)), (1.0, (1, 9)), (7.0, (1, 9))]
)
def test_the_playing_head_goes_by_frames(share: float, place: tuple[float, float]) -> None:
    assert along(np.array([(0, 0), (1, 0), (1, 9)], float), share) == pytest.approx(place)


def test_a_route_passes_its_points_and_goes_when_there_is_none() -> None:
    marks = Marks()
    marks.show_route(np.array([(-1.5, 0.5), (0, 0.5), (1.5, -1)]), np.array([(-1.5, 0.5), (1.5, -1)]), 0.5)
    touched = painted(marks)
    assert near(touched, -0.7, 0.5)
    assert near(touched, 1.5, -1)
    marks.show_route(np.zeros((0, 2)), np.zeros((0, 2)), None)
    assert not painted(marks).any()


def test_contours_of_one_name_replace_each_other() -> None:
    marks = Marks()
    level = np.linspace(-1.8, 1.8, 30)
    marks.show_contours("prior", [np.stack([level, np.full(30, 0.3)], axis=1)], "prior")
    marks.show_contours("aggregate", [np.stack([level, np.full(30, -0.8)], axis=1)], "aggregate")
    marks.show_contours("prior", [np.stack([level, np.full(30, 1.0)], axis=1)], "prior")
    touched = painted(marks)
    assert near(touched, 1.0, 1.0)
    assert near(touched, 1.0, -0.8)
    assert not near(touched, 1.0, 0.3)
    marks.show_contours("prior", [], "prior")
    marks.show_contours("aggregate", [], "aggregate")
    assert not painted(marks).any()


def test_bookmarks_and_directions_stand_at_their_places(qtbot: QtBot) -> None:
    marks = Marks()
    with qtbot.waitSignal(marks.changed):
        marks.show_pins([(3, (1.0, 0.5))])
    marks.show_arrows([(np.array([-1.5, -1.0]), np.array([-0.5, -1.0]), "smile")])
    touched = painted(marks)
    assert near(touched, 1.0, 0.55)
    assert near(touched, -1.0, -1.0)
    assert near(touched, -0.5, -1.0)
    assert not near(touched, -1.7, -1.0)


def test_a_set_has_its_letter_in_its_middle_and_rings_about_its_points() -> None:
    marks = Marks()
    points = np.array([(-1.0, -1.0), (0.0, 0.0), (1.0, 1.0), (np.nan, np.nan)])
    marks.show_sets([("A", points)])
    touched = painted(marks)
    assert near(touched, 0, 0)
    assert near(touched, 1.07, 1.0)
    assert not near(touched, 1.0, 1.0), "the dot itself is seen"
    marks.show_sets([])
    assert not painted(marks).any()


def test_a_large_set_has_a_line_around_most_of_it() -> None:
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    points = np.concatenate([np.stack([np.cos(turn), np.sin(turn)], axis=1), np.full((10, 2), 1.4)])
    marks = Marks()
    marks.show_sets([("B", points)])
    touched = painted(marks)
    assert sum(near(touched, np.cos(each), np.sin(each)) for each in turn) > 60, (
        "dashed, and close to all of the circle"
    )
    assert not near(touched, 1.4, 1.4)
    assert not near(touched, 0.6, 0.0)


def test_a_bookmark_that_the_plane_does_not_know_has_no_pin() -> None:
    """Drawn at NaN it made Qt warn at each painting."""
    marks = Marks()
    nothing = painted(marks)
    marks.show_pins([(1, (float("nan"), float("nan")))])
    assert np.array_equal(painted(marks), nothing)
