"""What a user would lose: images at their dots that do not lie on each other, and the rare one among them."""

import numpy as np
import pytest

from explorer.map.dots.dot_choice import ChosenDots, DotQuestion, choose_dots
from explorer.map.dots.thumbnails import MOST_IN_VIEW, SIDE, Thumbnails, choose_thumbnails, thin
from explorer.map.frame import Frame

FRAME = Frame(-2.0, -2.0, 2.0, 2.0, 800.0, 800.0)


def chosen(points: np.ndarray, **fields: object) -> ChosenDots:
    count = len(points)
    return choose_dots(
        DotQuestion(points.astype(np.float32), np.zeros(count, np.int64), np.array([[9, 9, 9]], np.uint8), **fields)
    )


def crowd_and_one() -> np.ndarray:
    """Many dots about the origin, and one alone at the side of their cell."""
    crowd = np.random.default_rng(0).normal(0, 0.02, (500, 2))
    return np.concatenate([crowd + 0.1, [(0.19, 0.19)]])


def test_the_one_that_is_alone_is_kept() -> None:
    points = crowd_and_one()
    assert thin(points, np.arange(501), 0.2).tolist() == [500]
    assert 500 in choose_thumbnails(chosen(points), FRAME).indices


@pytest.mark.parametrize("faint", [0, 400])
def test_a_heap_is_not_hidden_by_one_picture_of_it(faint: int) -> None:
    generator = np.random.default_rng(0)
    heap, others = generator.normal(0.0, 0.02, (256, 2)), generator.uniform(-2, 2, (faint, 2))
    selection = np.arange(256) if faint else np.zeros(0, np.int64)
    assert not len(choose_thumbnails(chosen(np.concatenate([heap, others]), selection=selection), FRAME).indices)
    spread = np.concatenate([heap * 40, others])
    assert len(choose_thumbnails(chosen(spread, selection=selection), FRAME).indices) > 20


def test_no_picture_lies_on_another() -> None:
    points = np.random.default_rng(0).uniform(-2, 2, (1_200, 2))
    shown = choose_thumbnails(chosen(points), FRAME)
    places = FRAME.to_pixels(shown.points)
    apart = np.abs(places[:, None] - places[None]).max(axis=-1)
    np.fill_diagonal(apart, np.inf)
    assert len(shown.indices) > 60
    assert apart.min() >= SIDE


def test_panning_changes_few_pictures() -> None:
    dots = chosen(np.random.default_rng(0).uniform(-3, 3, (2_000, 2)))
    before, after = (choose_thumbnails(dots, frame) for frame in (FRAME, FRAME.moved(0.31, -0.17)))
    middle = (np.abs(before.points) < 1.2).all(axis=1)
    assert np.isin(before.indices[middle], after.indices).mean() > 0.9


def test_too_many_dots_have_no_pictures_and_faint_ones_never() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, (MOST_IN_VIEW + 1, 2))
    assert not len(choose_thumbnails(chosen(points), FRAME).indices)
    few = choose_thumbnails(chosen(points, selection=np.array([5, 7])), FRAME)
    assert set(few.indices.tolist()) <= {5, 7}
    assert few.in_view == 2


def test_only_pictures_that_have_not_come_are_asked_for_again() -> None:
    thumbnails, dots = Thumbnails(), chosen(np.array([(0, 0), (1, 1), (-1, 1)]))
    wanted = thumbnails.choose(dots, FRAME)
    assert sorted(wanted.tolist()) == [0, 1, 2]
    thumbnails.add(wanted[:2], np.zeros((2, 8, 8, 3), np.uint8), 1.0)
    assert thumbnails.count() == 2
    assert thumbnails.choose(dots, FRAME).tolist() == wanted[2:].tolist()
    thumbnails.forget()
    assert len(thumbnails.choose(dots, FRAME)) == 3


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.full((3, 2), np.nan), np.full((3, 2), 50.0)])
def test_an_empty_view_wants_nothing(points: np.ndarray) -> None:
    assert not len(choose_thumbnails(chosen(points), FRAME).indices)
