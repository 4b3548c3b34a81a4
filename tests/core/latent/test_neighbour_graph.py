"""The graph of neighbours: the way over it is the lightest there is, and there always is one."""

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components, floyd_warshall
from sklearn.neighbors import kneighbors_graph

from core.errors import ConfigError
from core.latent import neighbour_graph
from core.latent.neighbour_graph import NEIGHBOURS, build_graph, ways_along


def weight(knots: np.ndarray) -> float:
    return float(np.square(np.diff(knots.astype(np.float64), axis=0)).sum())


def test_the_way_is_the_lightest_over_the_neighbours() -> None:
    codes = np.random.default_rng(0).normal(size=(150, 3)).astype(np.float32)
    known = kneighbors_graph(codes, NEIGHBOURS, mode="distance").toarray()
    known = np.maximum(known, known.T) ** 2
    lightest = floyd_warshall(np.where(known > 0, known, np.inf), directed=False)
    graph = build_graph(codes)
    pairs = [(0, 1), (5, 90), (17, 149), (3, 3)]
    for (one, other), knots in zip(pairs, ways_along(graph, [(codes[a], codes[b]) for a, b in pairs]), strict=True):
        np.testing.assert_array_equal(knots[[0, -1]], codes[[one, other]])
        assert weight(knots) == pytest.approx(lightest[one, other], rel=1e-5, abs=1e-9)


def test_a_stop_beside_the_codes_reaches_them_by_the_nearest() -> None:
    codes = np.stack([np.arange(40.0), np.zeros(40)], axis=1).astype(np.float32)
    (knots,) = ways_along(build_graph(codes), [(np.array([0, 2], np.float32), np.array([20, 2], np.float32))])
    assert np.abs(np.diff(knots[1:-1, 0])).max() == 1.0  # no code is leapt over
    assert set(map(tuple, knots[1:-1].tolist())) <= set(map(tuple, codes.tolist()))


def test_parts_that_are_far_apart_are_joined_where_they_are_nearest() -> None:
    rng = np.random.default_rng(1)
    heaps = [rng.normal(centre, 0.1, size=(30, 2)) for centre in ((0, 0), (10, 0), (20, 0), (20, 10))]
    codes = np.concatenate(heaps).astype(np.float32)
    graph = build_graph(codes)
    assert connected_components(graph.edges, directed=False)[0] == 1
    (knots,) = ways_along(graph, [(codes[0], codes[119])])
    leaps = np.linalg.norm(np.diff(knots, axis=0), axis=1)
    assert (leaps > 5).sum() == 3  # from heap to heap, not across the corner
    for here, there in ((0, 1), (1, 2), (2, 3)):
        nearest = np.linalg.norm(heaps[here][:, None] - heaps[there][None], axis=2).min()
        assert np.isclose(leaps, nearest, rtol=1e-4).any()


def test_images_that_are_alike_and_images_not_seen_yet_do_no_harm() -> None:
    codes = np.repeat(np.array([[0, 0], [1, 0], [2, 0]], np.float32), 30, axis=0)
    codes[5] = np.nan
    (knots,) = ways_along(build_graph(codes), [(codes[0], codes[89])])
    assert np.isfinite(knots).all()
    np.testing.assert_array_equal(np.unique(knots, axis=0), [[0, 0], [1, 0], [2, 0]])


def test_a_few_codes_are_enough() -> None:
    (knots,) = ways_along(
        build_graph(np.zeros((1, 4), np.float32)), [(np.ones(4, np.float32), -np.ones(4, np.float32))]
    )
    np.testing.assert_array_equal(knots, [[1] * 4, [0] * 4, [-1] * 4])


def test_many_codes_are_thinned_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbour_graph, "GRAPH_CODES", 11)
    graph = build_graph(np.arange(101, dtype=np.float32)[:, None])
    np.testing.assert_array_equal(graph.codes[:, 0], np.arange(0, 101, 10))


def test_without_codes_it_says_what_is_missing() -> None:
    with pytest.raises(ConfigError, match="No codes are known"):
        build_graph(np.full((4, 2), np.nan, np.float32))
