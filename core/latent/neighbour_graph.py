"""Codes joined to their nearest neighbours: the shortest way over them stays where images are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from core.errors import ConfigError
from core.latent.neighbours import Neighbours

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

GRAPH_CODES = 20_000  # more are thinned evenly: all pairs within a part are compared where parts must be joined
NEIGHBOURS = 10
TOUCHING = 1e-12  # the least weight of an edge: to scipy, 0 is none


@dataclass(frozen=True, eq=False)
class NeighbourGraph:
    """Codes (n, d), each joined to its nearest neighbours (Tenenbaum et al. 2000, Isomap); all hang together.

    An edge weighs the square of its length, so that many short hops are shorter than one long leap over a place without
    images (Hwang, Damelin & Hero 2016): on Fashion-MNIST in two dimensions such a way is a third nearer to the images
    than the straight one, one by lengths a tenth.
    """

    codes: Floats
    edges: csr_array


def build_graph(codes: Floats) -> NeighbourGraph:
    """The graph of codes (N, d), those that are NaN left out, at most GRAPH_CODES evenly chosen of the others.

    Parts that no edge joins are joined where they are nearest to each other. Raises ConfigError without codes.
    """
    seen = np.flatnonzero(np.isfinite(codes).all(axis=1))
    if not len(seen):
        raise ConfigError("No codes are known yet: a way along the data needs images to go by.")
    chosen = seen[np.linspace(0, len(seen) - 1, min(len(seen), GRAPH_CODES)).round().astype(np.int64)]
    kept = np.ascontiguousarray(codes[chosen], np.float32)
    neighbours, distances = Neighbours(kept).nearest(kept, NEIGHBOURS + 1)  # each is its own nearest
    rows = np.repeat(np.arange(len(kept)), neighbours.shape[1])
    edges = _edges(rows, neighbours.ravel(), np.square(distances.ravel(), dtype=np.float64), len(kept))
    return NeighbourGraph(kept, _hanging_together(kept, edges))


def ways_along(graph: NeighbourGraph, legs: Sequence[tuple[Floats, Floats]]) -> list[Floats]:
    """For each leg the knots (m, d) of the lightest way over the graph, its start and its end included.

    A stop that is no code is joined to the codes nearest to it.
    """
    stops = np.stack([stop for leg in legs for stop in leg]).astype(np.float32)
    neighbours, distances = Neighbours(graph.codes).nearest(stops, NEIGHBOURS)
    nodes = len(graph.codes) + np.arange(len(stops))
    rows = np.repeat(nodes, neighbours.shape[1])
    known = graph.edges.tocoo()
    total = len(graph.codes) + len(stops)
    weights = np.append(known.data, np.square(distances, dtype=np.float64))
    edges = _edges(np.append(known.row, rows), np.append(known.col, neighbours), weights, total)
    places = np.concatenate((graph.codes, stops))
    _, before = dijkstra(edges, directed=False, indices=nodes[::2], return_predecessors=True)
    return [places[_route(before[leg], nodes[2 * leg + 1])] for leg in range(len(legs))]


def _edges(rows: Indices, columns: Indices, weights: NDArray[np.float64], nodes: int) -> csr_array:
    """Each edge once, whichever way it was found; none from a node to itself."""
    low, high, is_edge = np.minimum(rows, columns), np.maximum(rows, columns), rows != columns
    keys, first = np.unique(low[is_edge] * nodes + high[is_edge], return_index=True)
    kept = np.maximum(weights[is_edge][first], TOUCHING)
    return csr_array(coo_array((kept, (keys // nodes, keys % nodes)), shape=(nodes, nodes)))


def _hanging_together(codes: Floats, edges: csr_array) -> csr_array:
    """With an edge from each part to the nearest code of another, until there is one part (Borůvka 1926)."""
    while True:
        count, part = connected_components(edges, directed=False)
        if count == 1:
            return edges
        largest = np.bincount(part).argmax()
        bridges = [_bridge(codes, part == each) for each in range(count) if each != largest]
        rows, columns, weights = zip(*bridges, strict=True)
        known = edges.tocoo()
        edges = _edges(
            np.append(known.row, rows), np.append(known.col, columns), np.append(known.data, weights), len(codes)
        )


def _bridge(codes: Floats, is_inside: NDArray[np.bool_]) -> tuple[int, int, float]:
    """The lightest edge from the codes inside to the others: its ends and its weight."""
    inside = np.flatnonzero(is_inside)
    near, distances = Neighbours(codes, ~is_inside).nearest(codes[inside], 1)
    best = int(distances[:, 0].argmin())
    return int(inside[best]), int(near[best, 0]), float(distances[best, 0]) ** 2


def _route(before: NDArray[np.int32], end: int) -> Indices:
    """The nodes on the way to `end`, which each say what comes before them."""
    route = [int(end)]
    while before[route[-1]] >= 0:
        route.append(int(before[route[-1]]))
    return np.array(route[::-1], np.int64)
