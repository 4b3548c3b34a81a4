"""The pictures on disk as an image set, and a model that learns them in a moment."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.config import ImagesConfig, RunConfig
from core.images import from_folder
from core.images.decoding.workers import Decoders
from core.images.image_set import ImageSet, build_image_set
from core.reports.images import ImageSetReady


@pytest.fixture(scope="session")
def image_set(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> ImageSet:
    """The folder as an image set of 16 × 16 pixels, a quarter held out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENTSCAPE_HOME", str(tmp_path_factory.mktemp("cache")))
        return built(str(folder), ImagesConfig(image_size=16, held_out=0.25))


@pytest.fixture
def config(folder: Path) -> RunConfig:
    """A model that trains in a moment."""
    return RunConfig.model_validate(
        {
            "source": str(folder),
            "images": {"image_size": 16, "held_out": 0.25},
            "model": {"latent_dims": 3, "width": 4, "network": "mlp"},
            "training": {"epochs": 4, "batch_size": 5, "device": "cpu"},
        }
    )


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are decoded from now on."""
    names: list[str] = []
    real = from_folder.Decoders.decode

    def spied(decoders: Decoders, tasks: Iterable[tuple[int, str]]) -> Iterator[Any]:
        tasks = list(tasks)
        names.extend(name for _, name in tasks)
        return real(decoders, tasks)

    monkeypatch.setattr(from_folder.Decoders, "decode", spied)
    return names


def built(source: str, config: ImagesConfig) -> ImageSet:
    """The image set that a source becomes."""
    return last(build_image_set(source, config), ImageSetReady).image_set


def last(reports: Iterator[object], kind: type) -> object:
    """The last report of a kind."""
    return [report for report in reports if isinstance(report, kind)][-1]
