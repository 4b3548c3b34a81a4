"""What a user would lose: a pointer that finds the dot under it, and counts that are right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from explorer.map.dots.dot_grid import build_grid
from explorer.map.frame import Frame

FRAME = Frame(-2.0, -1.5, 2.0, 1.5, 800.0, 600.0)


def cloud(count: int, seed: int = 0, spread: float = 1.0) -> np.ndarray:
    points = np.random.default_rng(seed).normal(0, spread, (count, 2))
    points[: count // 50] *= 40  # outliers, so that most dots share few cells
    return points.astype(np.float32)


@pytest.mark.parametrize("count", [1, 7, 400, 30_000])
def test_the_nearest_dot_is_found_as_by_looking_at_all(count: int) -> None:
    points = cloud(count)
    order, _, grid = build_grid(*points.T)
    x, y = points[order].T
    for u, v in np.random.default_rng(1).uniform(-2, 2, (200, 2)):
        pixel = FRAME.to_pixel(u, v)
        distances = np.hypot(*((points - (u, v)) * FRAME.scale).T)
        found = grid.nearest(x, y, FRAME, pixel, 14.0)
        if distances.min() > 14.0:
            assert found == -1
        else:
            assert distances[order[found]] == pytest.approx(distances.min(), abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.floats(-90, 90)] * 4), st.integers(0, 3))
def test_what_is_in_view_is_counted_exactly(sides: tuple[float, float, float, float], seed: int) -> None:
    points = cloud(3_000, seed)
    left, right = sorted(sides[:2])
    bottom, top = sorted(sides[2:])
    order, _, grid = build_grid(*points.T)
    x, y = points[order].T
    expected = np.count_nonzero((x >= left) & (x <= right) & (y >= bottom) & (y <= top))
    assert grid.count(x, y, (left, bottom, right, top)) == expected


def test_no_dot_is_lost_between_cells() -> None:
    points = cloud(5_000)
    order, _, grid = build_grid(*points.T)
    assert sorted(order.tolist()) == list(range(5_000))
    where = (-0.7, -0.4, 0.3, 0.9)
    gathered = {int(order[place]) for begin, end in grid.ranges(where) for place in range(begin, end)}
    u, v = points.T
    assert set(np.flatnonzero((u >= -0.7) & (u <= 0.3) & (v >= -0.4) & (v <= 0.9)).tolist()) <= gathered
    assert len(gathered) < 5_000


def test_dots_that_all_lie_at_one_place_or_are_none() -> None:
    points = np.ones((100, 2), np.float32)
    order, _, grid = build_grid(*points.T)
    assert grid.nearest(*points[order].T, FRAME, FRAME.to_pixel(1, 1), 5.0) >= 0
    order, _, grid = build_grid(*points[:0].T)
    assert grid.nearest(*points[order].T, FRAME, QPointF(0, 0), 5.0) == -1
    assert grid.count(*points[order].T, (-9, -9, 9, 9)) == 0
