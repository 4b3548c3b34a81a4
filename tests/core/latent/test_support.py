"""The verdict on a place: it must not call empty space inhabited, nor images strangers."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.covariance import oas
from sklearn.neighbors import NearestNeighbors

from core.latent.support import K, Support, shrunk_covariance

Floats = NDArray[np.float32]


def _ring(random: np.random.Generator, count: int) -> Floats:
    """Codes on a ring: nothing in its middle."""
    angles = random.uniform(0, 2 * np.pi, count)
    rim = 3.0 * np.column_stack((np.cos(angles), np.sin(angles)))
    return (rim + 0.1 * random.standard_normal((count, 2))).astype(np.float32)


@pytest.mark.parametrize("dims", [1, 2, 12, 40])
def test_images_it_has_not_seen_are_at_home_and_far_places_are_empty(dims: int) -> None:
    random = np.random.default_rng(dims)
    codes = random.standard_normal((3000, dims)).astype(np.float32)
    support = Support(codes, np.arange(3000) % 5 == 0)
    strangers = random.standard_normal((1000, dims)).astype(np.float32)
    assert (support.verdicts(strangers) < 2).mean() >= 0.95
    assert (support.verdicts(strangers) == 0).mean() >= 0.85
    far = 6.0 * np.sign(random.standard_normal((500, dims))).astype(np.float32)
    assert (support.verdicts(far) == 2).mean() >= 0.95


def test_a_hole_in_the_data_is_empty_though_it_is_in_the_middle() -> None:
    support = Support(_ring(np.random.default_rng(0), 2000), np.arange(2000) % 5 == 0)
    hole = support.verdict(np.zeros(2, np.float32))
    assert hole is not None
    assert hole.verdict == "empty"
    assert not hole.is_far_out
    outside = support.verdict(np.array([9.0, 0.0], np.float32))
    assert outside is not None
    assert outside.verdict == "empty"


def test_the_rule_is_the_one_that_is_stated() -> None:
    random = np.random.default_rng(3)
    codes, held_out = random.standard_normal((1500, 3)).astype(np.float32), np.arange(1500) % 4 == 0
    support = Support(codes, held_out)
    places = (2.0 * random.standard_normal((400, 3))).astype(np.float32)
    learned_from = codes[~held_out].astype(np.float64)
    tree = NearestNeighbors(n_neighbors=K).fit(learned_from)
    covariance, _ = oas(learned_from)

    def figures(z: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        from_middle = z - learned_from.mean(axis=0)
        out = np.sqrt(np.einsum("nd,de,ne->n", from_middle, np.linalg.inv(covariance), from_middle))
        return tree.kneighbors(z)[0][:, -1], out

    expected = np.zeros(len(places), np.int8)
    for of_places, of_held_out in zip(figures(places), figures(codes[held_out]), strict=True):
        # 375 held-out codes: the 358th and the 373rd smallest (0.95 · 376 = 357.2, 0.99 · 376 = 372.2)
        inside, edge = np.partition(of_held_out, 357)[357], np.partition(of_held_out, 372)[372]
        expected = np.maximum(expected, (of_places > inside).astype(np.int8) + (of_places > edge))
    assert set(expected.tolist()) == {0, 1, 2}
    assert support.verdicts(places).tolist() == expected.tolist()
    assert [support.verdict(z).verdict for z in places[:50]] == [
        ("inside", "edge", "empty")[number] for number in expected[:50]
    ]


def test_a_dimension_the_decoder_does_not_look_at_makes_no_place_empty() -> None:
    random = np.random.default_rng(0)
    codes = random.standard_normal((2000, 6)).astype(np.float32)
    codes[:, 2:] *= 0.01  # four dead dimensions
    support = Support(codes, np.arange(2000) % 5 == 0)
    moved = codes[:200].copy()
    moved[:, 2:] = random.standard_normal((200, 4))  # as the prior draws them
    assert (support.verdicts(moved) < 2).mean() >= 0.95
    assert (support.verdicts(moved) == support.verdicts(codes[:200])).mean() > 0.75
    moved[:, 2:] = 8.0  # no image was ever decoded from there
    assert (support.verdicts(moved) == 2).all()


def test_without_held_out_images_the_others_are_compared() -> None:
    random = np.random.default_rng(0)
    codes = random.standard_normal((1000, 2)).astype(np.float32)
    for held_out in (None, np.zeros(1000, np.bool_)):
        support = Support(codes, held_out)
        assert (support.verdicts(random.standard_normal((500, 2)).astype(np.float32)) < 2).mean() >= 0.95


@pytest.mark.parametrize("count", [0, 1, 19])
def test_of_hardly_any_codes_nothing_is_said(count: int) -> None:
    codes = np.full((30, 2), np.nan, np.float32)
    codes[:count] = 0.0
    support = Support(codes, None)
    assert not support.is_known
    assert support.verdict(np.zeros(2, np.float32)) is None
    assert support.verdicts(np.zeros((3, 2), np.float32)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("spread", [0.0, 1e-4])
def test_a_model_that_has_learned_nothing_still_gets_a_verdict(spread: float) -> None:
    codes = (spread * np.random.default_rng(0).standard_normal((200, 3))).astype(np.float32)
    support = Support(codes, np.arange(200) % 5 == 0)
    assert support.verdict(np.zeros(3, np.float32)).verdict in ("inside", "edge")
    assert support.verdict(np.full(3, 9.0, np.float32)).verdict == "empty"


def test_fewer_images_than_dimensions_can_be_judged() -> None:
    random = np.random.default_rng(0)
    codes = random.standard_normal((60, 100)).astype(np.float32)
    support = Support(codes, np.arange(60) % 3 == 0)
    assert support.verdict(codes[1]) is not None
    assert support.verdict(np.full(100, 6.0, np.float32)).verdict == "empty"


@pytest.mark.parametrize(("count", "dims"), [(40, 3), (10, 30), (500, 12)])
def test_the_covariance_is_the_textbooks(count: int, dims: int) -> None:
    random = np.random.default_rng(count)
    rows = (random.standard_normal((count, dims)) @ random.standard_normal((dims, dims))).astype(np.float32)
    assert np.allclose(shrunk_covariance(rows), oas(rows.astype(np.float64))[0], rtol=1e-6)
