"""What a user would lose: a view that zooms where the pointer is and keeps both axes at one scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from explorer.map.frame import Frame, extent, fitted
from explorer.map.plot_painter import as_tick, ticks

FRAME = Frame(-2.0, -1.5, 2.0, 1.5, 800.0, 600.0)


@given(st.floats(0, 800), st.floats(0, 600), st.floats(0.2, 5))
def test_what_is_under_the_pointer_stays_there_while_zooming(x: float, y: float, factor: float) -> None:
    place = FRAME.to_point(QPointF(x, y))
    zoomed = FRAME.zoomed(factor, *place)
    after = zoomed.to_pixel(*place)
    assert (after.x(), after.y()) == pytest.approx((x, y), abs=1e-6)
    assert zoomed.scale[0] == pytest.approx(zoomed.scale[1])


def test_zooming_ends_where_float32_has_no_more_to_show() -> None:
    near, far = FRAME, FRAME
    for _ in range(200):
        near, far = near.zoomed(0.5, 0.1, 0.1), far.zoomed(2.0, 0.1, 0.1)
    assert 5e-5 < near.right - near.left < 5e-4
    assert 1e5 < far.right - far.left < 1e7


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 40), st.floats(0, 40))
def test_a_fitted_frame_holds_all_at_one_scale(left: float, bottom: float, wide: float, high: float) -> None:
    frame = fitted((left, bottom, left + wide, bottom + high), 640.0, 480.0)
    assert frame.left <= left + 1e-6
    assert frame.top >= bottom + high - 1e-6
    assert frame.scale[0] == pytest.approx(frame.scale[1])


def test_the_extent_of_one_code_is_a_view_one_can_see_something_in() -> None:
    assert extent(np.array([3.0]), np.array([4.0])) == (2.0, 3.0, 4.0, 5.0)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4), st.floats(60, 3000))
def test_numbers_on_an_axis_are_round_and_can_be_read(low: float, span: float, pixels: float) -> None:
    found = ticks(low, low + span, pixels)
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in found)
    if len(found) > 1:
        assert np.diff(found).min() * pixels / span >= 80
    assert len(found) <= pixels / 80 + 1


def test_a_number_on_an_axis_has_a_true_minus_and_zero_none() -> None:
    assert [as_tick(value) for value in (-0.5, -1e-17, 0.30000000000000004, 1200)] == ["−0.5", "0", "0.3", "1200"]
