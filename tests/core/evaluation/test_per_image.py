"""The terms of each image by itself, against torch.distributions one image at a time."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import distributions

from core.config import ModelConfig, TrainingConfig
from core.errors import ImagesError
from core.evaluation import per_image
from core.evaluation.encode_pass import NOISE_SEED
from core.evaluation.per_image import ROUNDS, measure_images, spread
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import first_two_dims
from core.model.conditions import Given
from core.model.vae import VAE
from core.reports.evaluation import ImageNumbers
from core.reports.progress import Progress

SIDE, DIMS, COUNT = 16, 3, 40
CONFIG = TrainingConfig(device="cpu", beta=2.0)


def a_model(**fields: object) -> VAE:
    torch.manual_seed(0)
    config = ModelConfig(network="mlp", latent_dims=DIMS, width=4, likelihood="bernoulli", **fields)
    return VAE(config, (SIDE, SIDE, 1), classes=2).eval()


def a_space(vae: VAE, count: int = COUNT, classes: tuple[str, ...] = ("a", "b")) -> LatentSpace:
    return freeze(vae, np.zeros((count, DIMS), np.float32), np.ones(DIMS, np.float32), first_two_dims(DIMS), 7, classes)


@pytest.fixture
def images() -> ImageSet:
    pixels = np.random.default_rng(0).integers(0, 256, (COUNT, SIDE, SIDE, 1), np.uint8)
    labels, nobody = np.arange(COUNT) % 2, np.zeros(COUNT, np.bool_)
    return ImageSet("/somewhere", pixels, labels, ("a", "b"), [f"{i}.png" for i in range(COUNT)], nobody, (), "key")


def measured(space: LatentSpace, images: ImageSet, config: TrainingConfig = CONFIG, **fields: int) -> ImageNumbers:
    last = list(measure_images(space, images, config, **fields))[-1]
    assert isinstance(last, ImageNumbers)
    return last


def x_of(images: ImageSet, indices: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(images.pixels[indices]).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def test_each_image_has_its_own_terms_in_nats(images: ImageSet) -> None:
    vae = a_model()
    numbers = measured(a_space(vae), images)
    assert (numbers.step, numbers.measured, numbers.wanted) == (7, COUNT, COUNT)
    for first in ROUNDS:
        part = np.arange(first, COUNT, len(ROUNDS))
        x = x_of(images, part)
        mean, log_variance = vae.encoder(x).chunk(2, dim=1)
        posterior = distributions.Normal(mean, torch.exp(0.5 * log_variance))
        kl = distributions.kl_divergence(posterior, distributions.Normal(0.0, 1.0)).sum(1)
        noise = torch.randn((len(part), DIMS), generator=torch.Generator().manual_seed(NOISE_SEED + first))
        logits = vae.decoder(mean + posterior.scale * noise)
        pixel = distributions.Bernoulli(logits=logits, validate_args=False)
        reconstruction = -pixel.log_prob(x).sum((1, 2, 3))
        # log p of a grey pixel is that of the continuous cross entropy: no constant to add
        np.testing.assert_allclose(numbers.kl[part], kl, rtol=1e-5)
        np.testing.assert_allclose(numbers.reconstruction[part], reconstruction, rtol=1e-5)
    np.testing.assert_allclose(numbers.objective, numbers.reconstruction + 2.0 * numbers.kl, rtol=1e-6)


@torch.no_grad()
def test_a_class_conditional_model_is_told_each_image_s_class_by_name(images: ImageSet) -> None:
    vae = a_model(conditional="class")
    turned = replace(images, labels=1 - images.labels, classes=("b", "a"))
    numbers, again = measured(a_space(vae), images), measured(a_space(vae), turned)
    np.testing.assert_array_equal(numbers.objective, again.objective)
    others = measured(a_space(vae), replace(images, labels=1 - images.labels))
    assert (numbers.reconstruction != others.reconstruction).all()
    posterior = vae.posterior(x_of(images, np.arange(COUNT)), Given(labels=torch.from_numpy(images.labels))).base
    exact = distributions.kl_divergence(
        distributions.Normal(posterior.mean, torch.exp(0.5 * posterior.log_variance)), distributions.Normal(0.0, 1.0)
    )
    np.testing.assert_allclose(numbers.kl, exact.sum(1), rtol=1e-5)


def test_of_too_many_images_some_evenly_spread_are_measured_and_it_is_said(images: ImageSet) -> None:
    whole, some = measured(a_space(a_model()), images), measured(a_space(a_model()), images, most=10)
    known = np.flatnonzero(np.isfinite(some.kl))
    assert (some.measured, some.wanted, len(known)) == (10, 10, 10)
    assert known[0] == 0
    assert known[-1] == COUNT - 1
    assert set(np.diff(known)) <= {4, 5}
    np.testing.assert_allclose(some.kl[known], whole.kl[known], rtol=1e-5)


@pytest.mark.parametrize(("count", "most"), [(0, 5), (5, 5), (6, 5), (1_000_003, 200_000)])
def test_no_image_is_chosen_twice(count: int, most: int) -> None:
    chosen = spread(count, most)
    assert len(np.unique(chosen)) == len(chosen) == min(count, most)


def test_colours_come_early_all_over_the_set_and_never_change(
    images: ImageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(per_image, "LOOK_SECONDS", -1.0)
    looks = [each for each in measure_images(a_space(a_model()), images, CONFIG) if isinstance(each, ImageNumbers)]
    assert [look.measured for look in looks] == [COUNT * n // 8 for n in range(1, 9)]
    assert np.flatnonzero(np.isfinite(looks[0].kl)).tolist() == list(range(0, COUNT, 8))
    for early, late in pairwise(looks):
        known = np.isfinite(early.kl)
        np.testing.assert_array_equal(early.kl[known], late.kl[known])


def test_it_can_be_stopped_and_says_how_far_it_is(images: ImageSet) -> None:
    reports = list(measure_images(a_space(a_model()), images, CONFIG))
    progress = [each for each in reports if isinstance(each, Progress)]
    assert progress[-1].done == progress[-1].total == COUNT
    generator = measure_images(a_space(a_model()), images, CONFIG)
    next(generator)
    generator.close()


def test_images_of_another_run_are_refused_in_a_sentence(images: ImageSet) -> None:
    with pytest.raises(ImagesError, match="open the run again"):
        list(measure_images(a_space(a_model(), count=COUNT + 1), images, CONFIG))
