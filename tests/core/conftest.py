"""A dozen real pictures on disk, and what training makes of them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.config import ImagesConfig, RunConfig
from core.images.image_set import ImageSet, build_image_set
from core.reports import ImageSetReady

CLASSES = {"red": (200, 40, 40), "blue": (40, 40, 200)}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-four PNG files of discs in two sub-folders; read them only."""
    tmp_path = tmp_path_factory.mktemp("source")
    rng = np.random.default_rng(0)
    for name, colour in CLASSES.items():
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(12):
            x, y, radius = *rng.uniform(10, 22, 2), rng.uniform(4, 9)
            rows, columns = np.mgrid[0:32, 0:32]
            inside = (rows - y) ** 2 + (columns - x) ** 2 < radius**2
            pixels = np.where(inside[..., None], np.array(colour, np.uint8), np.uint8(240))
            Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / "pictures" / name / f"{number}.png")
    return tmp_path / "pictures"


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
