"""Samples judged without the encoder: copies, strange pictures and missing classes are told apart on purpose."""

from collections.abc import Generator

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from core.config import ModelConfig
from core.errors import ImagesError
from core.evaluation.nearest_images import nearest_distances, reduced
from core.evaluation.sample_quality import Samples, Yardstick, judge, made_up
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import principal_plane
from core.model.vae import VAE
from core.reports.evaluation import SamplesJudged
from core.reports.progress import Progress

COUNT = 400


@pytest.fixture
def image_set() -> ImageSet:
    """Dark and bright images with noise, three dark ones for each bright one; a quarter is held out."""
    random = np.random.default_rng(0)
    labels = (np.arange(COUNT) % 4 == 0).astype(np.int64)
    pixels = np.where(labels, 180, 60)[:, None, None, None] + random.integers(-40, 40, (COUNT, 16, 16, 1))
    held_out = random.random(COUNT) < 0.25
    names = [str(number) for number in range(COUNT)]
    return ImageSet("/made/up", pixels.astype(np.uint8), labels, ("dark", "bright"), names, held_out, (), "key")


def space(conditional: str = "none") -> LatentSpace:
    torch.manual_seed(0)
    config = ModelConfig(network="mlp", latent_dims=2, width=4, likelihood="bernoulli", conditional=conditional)
    codes = np.zeros((COUNT, 2), np.float32)
    classes = ("dark", "bright")
    return freeze(VAE(config, (16, 16, 1), 2), codes, np.zeros(2, np.float32), principal_plane(codes, None), 1, classes)


def result(reports: Generator[Progress, None, object]) -> object:
    try:
        while True:
            assert isinstance(next(reports), Progress)
    except StopIteration as end:
        return end.value


def judged(pixels: np.ndarray, image_set: ImageSet, asked: np.ndarray | None = None) -> SamplesJudged:
    by = Yardstick(image_set, image_set.labels, image_set.classes)
    found = result(judge(Samples(reduced(pixels), asked), space(), by))
    assert isinstance(found, SamplesJudged)
    return found


def test_the_nearest_image_is_the_one_scikit_learn_finds() -> None:
    random = np.random.default_rng(0)
    pixels, pictures = (random.integers(0, 256, (count, 64, 64, 3), np.uint8) for count in (700, 20))
    indices = np.flatnonzero(random.random(700) < 0.9)
    found = result(nearest_distances(reduced(pictures), pixels, indices))
    blocks = [
        each.reshape(-1, 16, 4, 16, 4, 3).mean((2, 4)).reshape(len(each), -1) / 255 for each in (pixels, pictures)
    ]
    theirs, _ = NearestNeighbors(n_neighbors=1).fit(blocks[0][indices]).kneighbors(blocks[1])
    np.testing.assert_allclose(found, theirs[:, 0] / np.sqrt(768), atol=1e-4)


def test_images_learned_by_heart_are_copies(image_set: ImageSet) -> None:
    found = judged(image_set.pixels[~image_set.held_out][:50], image_set)
    assert (found.copies, found.off) == (1.0, 0.0)
    assert found.distance < 0.01 < found.held_out_distance


def test_pictures_of_nothing_that_was_learned_are_off(image_set: ImageSet) -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (50, 16, 8))[..., None]
    found = judged(stripes, image_set)
    assert (found.copies, found.off) == (0.0, 1.0)


def test_a_class_that_is_never_drawn_is_missed(image_set: ImageSet) -> None:
    fresh = 60 + np.random.default_rng(1).integers(-40, 40, (100, 16, 16, 1))
    found = judged(fresh.astype(np.uint8), image_set, np.arange(100) % 2)
    assert found.balance == (1.0, 0.0)
    assert found.learned_balance == pytest.approx((0.75, 0.25), abs=0.03)
    assert found.classifier_accuracy == 1.0
    assert found.as_asked == 0.5


def test_a_class_conditional_model_is_asked_for_classes_as_often_as_they_are(image_set: ImageSet) -> None:
    by = Yardstick(image_set, image_set.labels, image_set.classes)
    z = np.random.default_rng(0).standard_normal((500, 2)).astype(np.float32)
    latent_space = space("class")
    samples = result(made_up(latent_space, z, by))
    assert isinstance(samples, Samples)
    assert samples.asked is not None
    assert samples.asked.mean() == pytest.approx(image_set.labels[by.learned].mean(), abs=0.02)
    for label in (0, 1):
        chosen = np.flatnonzero(samples.asked == label)[:5]
        decoded = latent_space.with_label(label).decode(z[chosen])
        np.testing.assert_allclose(samples.rows[chosen], reduced(decoded), atol=0.005)


def test_a_run_that_holds_nothing_out_cannot_judge(image_set: ImageSet) -> None:
    image_set.held_out[:] = False
    with pytest.raises(ImagesError, match="held-out share"):
        judged(image_set.pixels[:5], image_set)
