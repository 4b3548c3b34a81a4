"""The pictures on disk as an image set, and a model that learns them in a moment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import ImagesConfig, RunConfig
from core.images.image_set import ImageSet, build_image_set
from core.reports import ImageSetReady


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


def built(source: str, config: ImagesConfig) -> ImageSet:
    """The image set that a source becomes."""
    return last(build_image_set(source, config), ImageSetReady).image_set


def last(reports: Iterator[object], kind: type) -> object:
    """The last report of a kind."""
    return [report for report in reports if isinstance(report, kind)][-1]
