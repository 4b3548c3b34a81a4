"""What a user would lose: a lasso that takes exactly what it goes round."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPolygonF

from explorer.toolkit.polygon import inside

SQUARE = np.array([(0, 0), (2, 0), (2, 2), (0, 2)], float)


def scribble(corners: int, seed: int) -> np.ndarray:
    """A wild lasso that crosses itself."""
    generator = np.random.default_rng(seed)
    turn = np.linspace(0, 4 * np.pi, corners, endpoint=False)
    length = 1.2 + 0.5 * np.sin(7 * turn) + generator.normal(0, 0.05, corners)
    return np.stack([length * np.cos(turn), length * np.sin(turn)], axis=1)


def by_qt(points: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    shape = QPolygonF([QPointF(u, v) for u, v in polygon])
    return np.array([shape.containsPoint(QPointF(u, v), Qt.FillRule.WindingFill) for u, v in points.tolist()])


@pytest.mark.parametrize("corners", [3, 5, 40, 700])
def test_a_lasso_takes_what_qt_says_is_inside(corners: int) -> None:
    polygon = scribble(corners, corners)
    points = np.random.default_rng(0).normal(size=(3_000, 2))
    assert np.array_equal(inside(points, polygon), by_qt(points, polygon))


def test_a_great_many_points_are_judged_as_a_few_are() -> None:
    polygon = scribble(300, 1)
    points = np.random.default_rng(0).normal(size=(200_000, 2)).astype(np.float32)
    found = inside(points, polygon)
    some = np.random.default_rng(1).choice(len(points), 3_000, replace=False)
    assert np.array_equal(found[some], by_qt(points[some].astype(float), polygon))


def test_points_at_the_outline_of_a_great_many_are_judged_exactly() -> None:
    polygon = scribble(300, 2)
    generator = np.random.default_rng(0)
    edge, share = generator.integers(0, 300, 50_000), generator.random((50_000, 1))
    along = polygon[edge] + share * (np.roll(polygon, -1, axis=0)[edge] - polygon[edge])
    points = along + generator.normal(0, 1e-3, along.shape)
    found = inside(points, polygon)
    some = generator.choice(len(points), 3_000, replace=False)
    assert np.array_equal(found[some], by_qt(points[some], polygon))


def test_a_box_and_what_lies_beside_it() -> None:
    points = np.array([(1, 1), (3, 1), (1, -0.1), (np.nan, 1), (1.999, 1.999)])
    assert inside(points, SQUARE).tolist() == [True, False, False, False, True]
    assert inside(points, SQUARE[::-1]).tolist() == [True, False, False, False, True]


@pytest.mark.parametrize("polygon", [SQUARE[:2], SQUARE[:0], SQUARE * (1, 0), np.zeros((5, 2))])
def test_a_lasso_that_goes_round_nothing_takes_nothing(polygon: np.ndarray) -> None:
    points = np.random.default_rng(0).normal(size=(400_000, 2)).astype(np.float32)
    assert not inside(points, polygon).any()
    assert inside(points[:0], SQUARE).shape == (0,)
