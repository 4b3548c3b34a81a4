"""The verdict on a place: what the decoder learned from is among the pictures, a real image is never nowhere."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2
from sklearn.covariance import oas
from sklearn.neighbors import NearestNeighbors

from core.latent.place_verdict import FEW, K, Support, chi_square, shrunk_covariance
from core.verdicts import VERDICTS

Floats = NDArray[np.float32]
Reals = NDArray[np.float64]

AMONG, BETWEEN, FAR = (VERDICTS.index(name) for name in ("among", "between", "far"))


def _ring(random: np.random.Generator, count: int) -> Floats:
    """Codes on a ring: nothing in its middle."""
    angles = random.uniform(0, 2 * np.pi, count)
    rim = 3.0 * np.column_stack((np.cos(angles), np.sin(angles)))
    return (rim + 0.1 * random.standard_normal((count, 2))).astype(np.float32)


def _with(variances: Floats | list[float]) -> "dict[str, object]":
    """Posteriors as wide as this, whatever the codes."""
    return {"scatter": lambda _: np.asarray(variances, np.float32)}


def _share(support: Support, z: NDArray[np.floating], *verdicts: int) -> float:
    return float(np.isin(support.verdicts(z.astype(np.float32)), verdicts).mean())


@pytest.mark.parametrize("dims", [1, 2, 12, 40])
def test_images_it_has_not_seen_are_at_home_and_nobody_is_far_away(dims: int) -> None:
    random = np.random.default_rng(dims)
    codes = random.standard_normal((3000, dims)).astype(np.float32)
    support = Support(codes, np.arange(3000) % 5 == 0)
    strangers = random.standard_normal((1000, dims))
    assert _share(support, strangers, AMONG, FEW) >= 0.95
    assert _share(support, strangers, AMONG) >= 0.85
    assert _share(support, 6.0 * np.sign(random.standard_normal((500, dims))), FAR) >= 0.95


@pytest.mark.parametrize(("dims", "noise"), [(2, 0.2), (16, 0.1), (16, 0.5), (64, 0.3), (64, 0.9)])
def test_what_the_decoder_learned_from_is_among_the_pictures(dims: int, noise: float) -> None:
    """Codes N(0, 1 − s) and posteriors as wide as s: then draws are draws from the prior, N(0, I), to the letter."""
    random = np.random.default_rng(dims)
    codes = (np.sqrt(1.0 - noise) * random.standard_normal((6000, dims))).astype(np.float32)
    support = Support(codes, np.arange(6000) % 6 == 0, **_with([noise] * dims))
    prior = random.standard_normal((2000, dims))
    strangers = np.sqrt(1.0 - noise) * random.standard_normal((2000, dims))
    draws = strangers + np.sqrt(noise) * random.standard_normal((2000, dims))
    for drawn in (prior, draws):
        assert _share(support, drawn, AMONG) >= 0.87
        assert _share(support, drawn, BETWEEN, FAR) <= 0.04
    assert _share(support, strangers, AMONG) >= _share(support, prior, AMONG), "codes are no rarer than draws"
    wide = _share(support, 1.5 * prior, AMONG)
    assert wide <= (0.75 if dims == 2 else 0.25 if dims == 16 else 0.01)


def test_a_hole_in_the_data_is_between_groups_and_beyond_them_nothing_is() -> None:
    support = Support(_ring(np.random.default_rng(0), 2000), np.arange(2000) % 5 == 0)
    hole = support.verdict(np.zeros(2, np.float32))
    assert hole is not None
    assert hole.verdict == "between"
    assert not hole.is_far_out
    outside = support.verdict(np.array([9.0, 0.0], np.float32))
    assert outside is not None
    assert outside.verdict == "far"


def test_a_stray_image_makes_no_group() -> None:
    random = np.random.default_rng(0)
    codes = random.standard_normal((1000, 2)).astype(np.float32)
    place, held_out = np.array([6.0, 0.0], np.float32), np.arange(1000) % 5 == 0
    for strays, expected in ((0, "far"), (2, "far"), (40, "between")):
        codes[1 : 1 + strays] = (12.0, 0.0) + 0.1 * random.standard_normal((strays, 2))
        standing = Support(codes, held_out).verdict(place)
        assert standing is not None
        assert standing.verdict == expected


@pytest.mark.parametrize("is_held_out", [False, True])
@pytest.mark.parametrize("dims", [2, 16])
def test_the_place_of_a_rare_image_is_near_few_pictures(dims: int, is_held_out: bool) -> None:
    random = np.random.default_rng(dims)
    codes = random.standard_normal((3000, dims)).astype(np.float32)
    held_out = np.arange(3000) % 5 == 0
    row = 500 if is_held_out else 501
    codes[row] = 9.0 * np.sign(random.standard_normal(dims))
    support = Support(codes, held_out, **_with([0.04] * dims))
    standing = support.verdict(codes[row])
    assert standing is not None
    assert standing.verdict == "few"
    assert standing.passed == 2
    steps = random.standard_normal((1000, dims))
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    limit = 0.2 * np.sqrt(chi2.ppf(0.95, dims))  # 95 % of the draws of this image are no farther
    assert _share(support, codes[row] + 0.98 * limit * steps, FEW) == 1.0
    assert _share(support, codes[row] + 1.02 * limit * steps, FEW) == 0.0


def test_the_rule_is_the_one_that_is_stated() -> None:
    random = np.random.default_rng(3)
    spread = np.array([0.5, 1.5, 1.0])
    codes = (spread * random.standard_normal((1500, 3))).astype(np.float32)
    codes[:60] += np.array([9, 0, 0], np.float32)  # a small group of its own
    held_out, noise = np.arange(1500) % 4 == 0, np.array([0.02, 0.3, 0.1])
    support = Support(codes, held_out, **_with(noise.tolist()))
    places = np.concatenate(
        (2.0 * random.standard_normal((400, 3)), random.uniform((2, -1, -1), (8, 1, 1), (100, 3)), codes[:100] + 0.1)
    ).astype(np.float32)
    learned_from = codes[~held_out].astype(np.float64)
    varied = learned_from.var(axis=0)
    scale = np.sqrt(varied / (varied + noise) / noise)
    tree = NearestNeighbors(n_neighbors=K).fit(learned_from * scale)
    every = NearestNeighbors(n_neighbors=1).fit(codes * scale)
    covariance = oas(learned_from)[0] + np.diag(noise)

    def figures(z: Floats | Reals) -> tuple[Reals, Reals]:
        from_middle = z - learned_from.mean(axis=0)
        out = np.sqrt(np.einsum("nd,de,ne->n", from_middle, np.linalg.inv(covariance), from_middle))
        return tree.kneighbors(z * scale)[0][:, -1], out

    def beyond(z: Reals) -> int:
        nearest = codes[every.kneighbors([z * scale])[1][0, 0]]
        if np.sum((z - nearest) ** 2 / noise) <= chi2.ppf(0.95, 3):
            return FEW
        ahead, others = (nearest - z) * scale, (learned_from - z) * scale
        cosines = others @ ahead / np.linalg.norm(others, axis=1) / np.linalg.norm(ahead)
        return BETWEEN if np.sum(np.degrees(np.arccos(np.clip(cosines, -1, 1))) > 120) >= K else FAR

    draws = codes[held_out] + np.sqrt(noise) * np.random.default_rng(0).standard_normal((375, 3))
    expected = np.zeros(len(places), np.int8)
    for of_places, of_draws in zip(figures(places), figures(draws), strict=True):
        # 375 held-out images: the 358th and the 373rd smallest (0.95 · 376 = 357.2, 0.99 · 376 = 372.2)
        usual, rare = np.partition(of_draws, 357)[357], np.partition(of_draws, 372)[372]
        expected = np.maximum(expected, (of_places > usual).astype(np.int8) + (of_places > rare))
    for row in np.flatnonzero(expected == 2):
        expected[row] = beyond(places[row].astype(np.float64))
    assert set(expected.tolist()) == {0, 1, 2, 3}
    assert support.verdicts(places).tolist() == expected.tolist()
    assert [support.verdict(z).verdict for z in places[::10]] == [VERDICTS[number] for number in expected[::10]]


def test_a_dimension_the_decoder_does_not_look_at_makes_no_place_strange() -> None:
    random = np.random.default_rng(0)
    codes = random.standard_normal((2000, 6)).astype(np.float32)
    codes[:, 2:] *= 0.01  # four dead dimensions, whose posterior is the prior
    support = Support(codes, np.arange(2000) % 5 == 0, **_with([0.05, 0.05, 1, 1, 1, 1]))
    moved = codes[:200].copy()
    moved[:, 2:] = random.standard_normal((200, 4))  # as the prior draws them
    assert _share(support, moved, AMONG, FEW) >= 0.95
    assert (support.verdicts(moved) == support.verdicts(codes[:200])).mean() > 0.75
    moved[:, 2:] = 8.0  # no image was ever decoded from there
    assert _share(support, moved, FAR) == 1.0


def test_without_held_out_images_the_others_are_compared() -> None:
    random = np.random.default_rng(0)
    codes = random.standard_normal((1000, 2)).astype(np.float32)
    for held_out in (None, np.zeros(1000, np.bool_)):
        support = Support(codes, held_out)
        assert _share(support, random.standard_normal((500, 2)), AMONG, FEW) >= 0.95


@pytest.mark.parametrize("count", [0, 1, 19])
def test_of_hardly_any_codes_nothing_is_said(count: int) -> None:
    codes = np.full((30, 2), np.nan, np.float32)
    codes[:count] = 0.0
    support = Support(codes, None)
    assert not support.is_known
    assert support.verdict(np.zeros(2, np.float32)) is None
    assert support.verdicts(np.zeros((3, 2), np.float32)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("noise", [0.0, 1.0])
@pytest.mark.parametrize("spread", [0.0, 1e-4])
def test_a_model_that_has_learned_nothing_still_gets_a_verdict(spread: float, noise: float) -> None:
    codes = (spread * np.random.default_rng(0).standard_normal((200, 3))).astype(np.float32)
    support = Support(codes, np.arange(200) % 5 == 0, **_with([noise] * 3))
    assert support.verdict(np.zeros(3, np.float32)).verdict in ("among", "few")
    assert support.verdict(np.full(3, 9.0, np.float32)).verdict == "far"


def test_fewer_images_than_dimensions_can_be_judged() -> None:
    random = np.random.default_rng(0)
    codes = random.standard_normal((60, 100)).astype(np.float32)
    support = Support(codes, np.arange(60) % 3 == 0)
    assert support.verdict(codes[1]).verdict in ("among", "few")
    assert support.verdict(np.full(100, 6.0, np.float32)).verdict == "far"


@pytest.mark.parametrize(("count", "dims"), [(40, 3), (10, 30), (500, 12)])
def test_the_covariance_is_the_textbooks(count: int, dims: int) -> None:
    random = np.random.default_rng(count)
    rows = (random.standard_normal((count, dims)) @ random.standard_normal((dims, dims))).astype(np.float32)
    assert np.allclose(shrunk_covariance(rows), oas(rows.astype(np.float64))[0], rtol=1e-6)


def test_what_a_draw_does_not_pass_is_the_textbooks() -> None:
    assert chi_square(0) == 0.0
    for dims in (1, 2, 3, 16, 64, 1024):
        assert chi_square(dims) == pytest.approx(chi2.ppf(0.95, dims), rel=0.03 if dims == 1 else 0.01)
