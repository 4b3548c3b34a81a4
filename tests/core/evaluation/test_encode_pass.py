"""The terms of the objective on many images, against torch.distributions one image at a time."""

import numpy as np
import pytest
import torch
from scipy.stats.mstats import trimmed_mean
from torch import distributions

from core.config import ModelConfig
from core.evaluation.encode_pass import AT_ONCE, encode_all, encode_part, mean_terms, on_held_out
from core.model.vae import VAE
from core.training.loss import Loss


@pytest.fixture
def vae() -> VAE:
    torch.manual_seed(0)
    return VAE(ModelConfig(network="mlp", latent_dims=3, width=4, likelihood="bernoulli"), (16, 16, 1)).eval()


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (AT_ONCE + 37, 16, 16, 1), np.uint8)


def test_the_mean_terms_are_those_of_each_image_averaged(vae: VAE, pixels: np.ndarray) -> None:
    parts = list(encode_all(vae, pixels, np.arange(len(pixels)), loss=Loss(beta=2.0)))
    assert [len(part.indices) for part in parts] == [AT_ONCE, 37]
    terms = mean_terms(parts)
    kl = 0.0
    with torch.no_grad():
        for image in pixels:
            x = torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255
            mean, log_variance = vae.encoder(x).chunk(2, dim=1)
            posterior = distributions.Normal(mean, torch.exp(0.5 * log_variance))
            kl += distributions.kl_divergence(posterior, distributions.Normal(0.0, 1.0)).sum().item()
    assert terms.kl == pytest.approx(kl / len(pixels), rel=1e-5)
    assert terms.objective == pytest.approx(terms.reconstruction + 2.0 * terms.kl, rel=1e-6)


def test_evaluating_twice_gives_the_same_number(vae: VAE, pixels: np.ndarray) -> None:
    chosen = np.arange(20, 60)
    one, other = encode_part(vae, pixels, chosen), encode_part(vae, pixels, chosen)
    np.testing.assert_array_equal(one.reconstruction, other.reconstruction)


@pytest.mark.parametrize("count", [1, 99, 100, 250])
def test_the_costliest_hundredth_has_no_part_in_the_trimmed_mean(vae: VAE, pixels: np.ndarray, count: int) -> None:
    pixels[0] = 255 * (np.indices((16, 16)).sum(0) % 2)[..., None]  # unlike all others
    parts = list(encode_all(vae, pixels, np.arange(count), loss=Loss()))
    done = on_held_out(7, parts)
    theirs = trimmed_mean(np.concatenate([part.objective for part in parts]), (0, 0.01))
    assert (done.step, done.images, done.terms) == (7, count, mean_terms(parts))
    assert done.trimmed == pytest.approx(float(theirs), rel=1e-6)


def test_some_of_a_part_are_the_terms_of_just_those_images(vae: VAE, pixels: np.ndarray) -> None:
    part = encode_part(vae, pixels, np.arange(10))
    chosen = np.arange(10) % 3 == 0
    np.testing.assert_array_equal(part.only(chosen).indices, [0, 3, 6, 9])
    assert mean_terms([part.only(chosen)]).kl == pytest.approx(float(part.kl[chosen].mean()), rel=1e-6)
