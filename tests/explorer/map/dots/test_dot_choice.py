"""What a user would lose: of all codes, those that are asked for are drawn, in their colours, the faint underneath."""

import numpy as np
import pytest

from explorer.map.dots.dot_choice import FAINT, DotQuestion, choose_dots

POINTS = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [np.nan, 0], [9, 9]], np.float32)
LEVELS = np.array([0, 0, 1, 1, 0, 2])
COLOURS = np.array([[200, 0, 0], [0, 200, 0], [0, 0, 200]], np.uint8)


def asked(**fields: object) -> DotQuestion:
    return DotQuestion(POINTS, LEVELS, COLOURS, **fields)


def drawn(question: DotQuestion) -> dict[int, tuple[int, bool]]:
    """Index: (its colour, whether it is faint)."""
    parts = choose_dots(question).parts
    return {
        int(index): (int(rgb), part.is_faint)
        for part in parts
        for index, rgb in zip(part.indices, part.rgb, strict=True)
    }


def test_what_has_no_place_is_not_drawn_but_counted() -> None:
    dots = choose_dots(asked())
    assert set(drawn(asked())) == {0, 1, 2, 3, 5}
    assert (dots.count, dots.codes, dots.seen) == (5, 6, 5)
    assert dots.extent == pytest.approx((0, 0, 9, 9))


def test_hidden_levels_are_left_out() -> None:
    assert set(drawn(asked(hidden=frozenset({0, 2})))) == {2, 3}
    assert choose_dots(asked(hidden=frozenset({0, 1, 2}))).parts == ()


def test_dots_have_the_colour_of_their_level() -> None:
    assert drawn(asked())[0] == (0xFFC80000, False)
    assert drawn(asked())[5] == (0xFF0000C8, False)


def test_what_is_not_selected_is_faint_and_lies_under_what_is() -> None:
    dots = choose_dots(asked(selection=np.array([1, 2])))
    assert [part.is_faint for part in dots.parts] == [True, False]
    assert sorted(dots.parts[1].indices.tolist()) == [1, 2]
    assert dots.parts[1].is_ringed
    red = drawn(asked(selection=np.array([1, 2])))[0][0] >> 16 & 255
    assert red == pytest.approx(255 - FAINT * 55, abs=1)


def test_a_filter_leaves_out_what_is_not_selected() -> None:
    assert drawn(asked(selection=np.array([1, 5]), is_filter=True)) == {1: (0xFFC80000, False), 5: (0xFF0000C8, False)}
    assert len(drawn(asked(is_filter=True))) == 5  # nothing is selected: nothing is left out


def test_other_classes_stay_faint_when_something_is_selected() -> None:
    is_faint = np.array([True, False, False, False, False, False])
    found = drawn(asked(is_faint=is_faint, selection=np.array([0, 1])))
    assert {index for index, (_, faint) in found.items() if not faint} == {1}


def test_a_dot_keeps_as_much_of_its_colour_as_it_is_near() -> None:
    found = drawn(asked(nearness=np.array([1, 0.5, 0, 0, 0, 0], np.float32)))
    green = [found[index][0] >> 8 & 255 for index in (0, 1)]
    assert found[0][0] == 0xFFC80000
    assert 0 < green[0] + 50 < green[1] + 50 < 255
    assert found[2][0] != 0xFF00C800


def test_a_selection_of_images_that_are_no_longer_there_does_no_harm() -> None:
    assert len(drawn(asked(selection=np.array([2, 77])))) == 5


def test_the_pointer_finds_what_is_selected_before_what_is_faint() -> None:
    from explorer.map.frame import Frame

    frame = Frame(-1.0, -1.0, 2.0, 2.0, 300.0, 300.0)
    dots = choose_dots(asked(selection=np.array([3])))
    assert dots.nearest(frame, frame.to_pixel(0.95, 0.95), 14.0) == 3
    assert dots.nearest(frame, frame.to_pixel(0.02, 0.02), 14.0) == 0
    assert dots.nearest(frame, frame.to_pixel(0.5, 0.5), 14.0) == -1


def test_no_class_lies_over_another() -> None:
    points = np.zeros((1_000, 2), np.float32)
    levels = np.repeat([0, 1], 500)
    part = choose_dots(DotQuestion(points, levels, COLOURS)).parts[0]
    late = levels[part.indices[-200:]]
    assert 60 < late.sum() < 140
