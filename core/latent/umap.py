"""UMAP: puts codes that are near in latent space near on the map, and knows no way back."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from core.child_process import in_own_process
from core.errors import ConfigError
from core.latent.projection import Projection, project
from core.reports.progress import Progress

Floats = NDArray[np.float32]

MOST = 30_000  # codes that UMAP places; of more every n-th, and the others go between those they are nearest to
FEWEST = 8
NEIGHBOURS = 15  # as McInnes et al. 2018 have it
BETWEEN = 3  # placed codes that another one is put between
MISSING = 'UMAP is not installed. Leave, type  pip install "latentscape[umap]"  in a terminal, and come back.'
DOING = "Arranging the map (UMAP)"


def is_installed() -> bool:
    """Whether UMAP is there."""
    return find_spec("umap") is not None


def unfold(codes: Floats, step: int, seed: int = 0) -> Iterator[Progress | Projection]:
    """Arrange codes (N, d) by UMAP (McInnes, Healy & Melville 2018); rows of NaN get no place. Raises ConfigError.

    It works in a process of its own, so that its threads and its compiler take nothing from the window, and closing
    this ends it at once. The same seed gives the same map.
    """
    if not is_installed():
        raise ConfigError(MISSING)
    seen = np.flatnonzero(np.isfinite(codes).all(axis=1))
    if len(seen) < FEWEST:
        raise ConfigError(f"UMAP needs {FEWEST} codes at least, and there are {len(seen)}: show it more images.")
    chosen = seen[:: -(-len(seen) // MOST)]
    so_far = Progress(f"{DOING}: starting", 0)
    yield so_far
    for report in in_own_process(_arrange, codes[chosen], seed):
        if report is None or isinstance(report, Progress):
            so_far = report or so_far
            yield so_far  # also when there is nothing new: who asks may have had enough
        else:
            yield project(codes, _all_places(codes, seen, chosen, report), step)


def _arrange(codes: Floats, seed: int) -> Iterator[Progress | Floats]:
    """Runs in the process of its own: UMAP in a thread, and what it says of its progress from here."""
    told: SimpleQueue[tuple[int, int]] = SimpleQueue()
    found: list[Floats | BaseException] = []
    thread = Thread(target=_fit, args=(codes, seed, _Told(told), found), daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            yield Progress(DOING, *told.get(timeout=0.2))
        except Empty:
            continue
    if not isinstance(found[0], np.ndarray):
        raise found[0]
    yield found[0]


def _fit(codes: Floats, seed: int, told: "_Told", found: list[Floats | BaseException]) -> None:
    try:
        import umap

        neighbours = min(NEIGHBOURS, len(codes) - 1)
        how = umap.UMAP(
            n_neighbors=neighbours, random_state=seed, n_jobs=1, verbose=True, tqdm_kwds={"file": told, "disable": None}
        )
        found.append(np.asarray(how.fit_transform(codes), np.float32))
    except BaseException as error:
        found.append(error)


class _Told:
    """The file that UMAP's progress bar writes to; "12/500" becomes a pair of numbers."""

    def __init__(self, numbers: "SimpleQueue[tuple[int, int]]") -> None:
        self._numbers = numbers

    def write(self, text: str) -> int:
        if said := re.search(r"(\d+)/(\d+)", text):
            self._numbers.put((int(said[1]), int(said[2])))
        return len(text)

    def flush(self) -> None:
        """As of a file."""

    def isatty(self) -> bool:
        """As of a file: so that the bar is drawn."""
        return True


def _all_places(codes: Floats, seen: NDArray[np.int64], chosen: NDArray[np.int64], found: Floats) -> Floats:
    """Places (N, 2): as found, between the nearest of those for codes that were not asked about, NaN where unseen."""
    places = np.full((len(codes), 2), np.nan, np.float32)
    places[chosen] = found
    others = np.setdiff1d(seen, chosen, assume_unique=True)
    if len(others):
        from sklearn.neighbors import NearestNeighbors

        near = NearestNeighbors(n_neighbors=BETWEEN).fit(codes[chosen])
        distances, indices = near.kneighbors(codes[others])
        weights = 1.0 / np.maximum(distances, 1e-9)
        weights /= weights.sum(axis=1, keepdims=True)
        places[others] = np.einsum("nk,nkc->nc", weights, found[indices])
    return places
