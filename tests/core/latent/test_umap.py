"""UMAP in a process of its own: asked for with what it needs, ended at once, and missed in a sentence.

It takes a minute to compile itself, so a stand-in of the same interface is found first here.
"""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConfigError
from core.latent import umap
from core.latent.projection import Projection
from core.latent.umap import unfold
from core.reports.progress import Progress

STAND_IN = """
import time
import numpy as np

class UMAP:
    def __init__(self, n_neighbors, random_state, n_jobs, verbose, tqdm_kwds):
        assert n_neighbors <= 15 and n_jobs == 1 and verbose
        self.told, self.seed = tqdm_kwds["file"], random_state

    def fit_transform(self, codes):
        assert np.isfinite(codes).all()
        for done in (1, 250, 500):
            self.told.write(f"\\r: 10%| | {done}/500 [00:01]")
            time.sleep(PAUSE)
        return 10 * codes[:, :2].astype(np.float64) + self.seed
"""


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, pause: float = 0.0) -> None:
    (folder / "umap.py").write_text(f"PAUSE = {pause}\n{STAND_IN}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))


def codes(count: int = 40) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 5)).astype(np.float32)


def test_every_code_gets_its_place_and_images_not_seen_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, pause=0.2)
    z = codes()
    z[7] = np.nan
    *progress, found = list(unfold(z, step=12, seed=3))
    assert (250, 500) in [(each.done, each.total) for each in progress if isinstance(each, Progress)]
    assert isinstance(found, Projection)
    assert found.step == 12
    seen = np.arange(40) != 7
    np.testing.assert_allclose(found.places[seen], 10 * z[seen, :2] + 3, rtol=1e-5)
    assert np.isnan(found.places[7]).all()


def test_of_very_many_codes_the_rest_go_between_their_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch)
    monkeypatch.setattr(umap, "MOST", 20)
    z = codes()
    z[1] = z[0] + 1e-4  # was not asked about: it goes where its twin is
    found = list(unfold(z, 1))[-1]
    assert isinstance(found, Projection)
    np.testing.assert_allclose(found.places[0::2], 10 * z[0::2, :2], rtol=1e-5)
    np.testing.assert_allclose(found.places[1], found.places[0], atol=0.05)
    low, high = found.places[0::2].min(axis=0), found.places[0::2].max(axis=0)
    assert ((found.places >= low) & (found.places <= high)).all()


def test_it_ends_at_once_when_it_is_not_wanted_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch, pause=60)
    reports = unfold(codes(), 1)
    while not next(reports).total:
        pass
    reports.close()
    assert not [each for each in multiprocessing.active_children() if each.name == "_arrange"]


def test_without_umap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(umap, "is_installed", lambda: False)
    with pytest.raises(ConfigError, match=r'pip install "latentscape\[umap\]"'):
        next(unfold(codes(), 1))
    monkeypatch.setattr(umap, "is_installed", lambda: True)
    with pytest.raises(ConfigError, match="8 codes at least"):
        next(unfold(codes(3), 1))
