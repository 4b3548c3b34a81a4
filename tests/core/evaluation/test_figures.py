"""The figures of a model, against probabilistic PCA and torch.distributions."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from torch import Tensor, distributions

from core.config import ModelConfig, RunConfig, TrainingConfig
from core.evaluation.figures import Chosen, evaluate
from core.model.objectives import elbo
from core.model.vae import VAE
from core.reports.evaluation import Evaluated
from core.reports.progress import Progress

LIKELIHOODS = (
    *("bernoulli", "continuous-bernoulli", "gaussian", "gaussian-learned", "gaussian-optimal"),
    "discretised-logistic",
)


def run_config(model: ModelConfig, **training: object) -> RunConfig:
    return RunConfig(source="faces", model=model, training=TrainingConfig.model_validate(training))


def model(**fields: object) -> ModelConfig:
    usual = {"network": "mlp", "latent_dims": 3, "width": 4, "likelihood": "bernoulli"}
    return ModelConfig.model_validate({**usual, **fields})


def built(config: ModelConfig, classes: int = 1) -> VAE:
    torch.manual_seed(0)
    return VAE(config, (16, 16, 1), classes).eval()


def images(count: int = 30, classes: int = 1) -> Chosen:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (count, 16, 16, 1), np.uint8)
    return Chosen(pixels, random.integers(0, classes, count), np.arange(count))


def evaluated(vae: VAE, chosen: Chosen, config: RunConfig, samples: int = 16) -> Evaluated:
    *progress, last = evaluate(vae, chosen, config, samples)
    assert all(isinstance(each, Progress) for each in progress)
    assert isinstance(last, Evaluated)
    return last


def learned_linear_vae(x: Tensor, latent_dims: int, steps: int = 600) -> tuple[VAE, RunConfig]:
    """A linear VAE with one learned σ, fitted to images (N, 1, H, W)."""
    config = model(network="linear", latent_dims=latent_dims, likelihood="gaussian-learned")
    torch.manual_seed(0)
    vae, generator = VAE(config, (*x.shape[2:], 1)), torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(vae.parameters(), lr=0.03)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        batch = x[torch.randint(len(x), (512,), generator=generator)]
        optimiser.zero_grad()
        elbo(vae, batch, torch.randn(512, latent_dims, generator=generator)).objective.mean().backward()
        optimiser.step()
        schedule.step()
    return vae.eval(), run_config(config)


def test_a_linear_vae_is_probabilistic_pca_on_digits() -> None:
    """Lucas et al. 2019: the optimum of a linear VAE's ELBO is that of probabilistic PCA's likelihood."""
    data = load_digits()
    pixels = 15 * data.images.astype(np.uint8)[..., None]  # its levels are 0 to 16
    vae, config = learned_linear_vae(torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255, 4)
    found = evaluated(vae, Chosen(pixels, data.target, np.arange(len(pixels))), config)
    score = PCA(4).fit(data.data).score(data.data)
    of_levels = 64 * math.log(15 / 255)  # a density of levels, not of pixels in [0, 1]
    assert -found.objective + of_levels == pytest.approx(score, rel=0.005)
    assert found.log_px + of_levels == pytest.approx(score, rel=0.002)
    assert found.objective >= -found.log_px


def test_terms_are_those_of_torch_distributions() -> None:
    config = model()
    vae, chosen = built(config), images()
    found = evaluated(vae, chosen, run_config(config, beta=2.0), 64)
    x = torch.from_numpy(chosen.pixels).permute(0, 3, 1, 2).float() / 255
    mean, log_variance = vae.encoder(x).chunk(2, dim=1)
    q, p = distributions.Normal(mean, torch.exp(0.5 * log_variance)), distributions.Normal(0.0, 1.0)
    kl = distributions.kl_divergence(q, p).detach().double()
    np.testing.assert_allclose(found.kl_per_dim, kl.mean(0), rtol=1e-4, atol=1e-7)
    assert found.kl == pytest.approx(kl.sum(1).mean().item(), rel=1e-4)
    assert found.objective == pytest.approx(found.reconstruction + 2.0 * found.kl, rel=1e-9)
    assert found.active_units == int((mean.var(0, correction=0) > 0.01).sum())
    z = q.sample((500,))
    logits = vae.decoder(z.flatten(0, 1)).view(500, *x.shape)
    p_x = -torch.nn.functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none")
    assert found.reconstruction == pytest.approx(-p_x.flatten(2).sum(2).mean().item(), abs=0.5)


@pytest.mark.parametrize("conditional", ["none", "class", "completion"])
@pytest.mark.parametrize("posterior", ["diagonal", "planar", "iaf"])
@pytest.mark.parametrize("objective", ["elbo", "iwae", "autoencoder"])
def test_every_kind_of_model_is_evaluated(conditional: str, posterior: str, objective: str) -> None:
    config = model(conditional=conditional, posterior=posterior, flows=2)
    vae = built(config, 2)
    found = evaluated(vae, images(5, 2), run_config(config, objective=objective, samples=3), 6)
    figures = (found.objective, found.reconstruction, found.kl, found.log_px, found.log_px_se, found.naive_log_px_se)
    assert np.isfinite(figures).all()
    assert 1.0 <= found.effective_samples <= 6.0
    assert 1.0 <= found.naive_effective_samples <= 6.0
    assert (found.beta, len(found.kl_per_dim)) == (0.0 if objective == "autoencoder" else 1.0, 3)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_bits_per_dim_are_said_where_they_are_defined(likelihood: str) -> None:
    config = model(likelihood=likelihood)
    found = evaluated(built(config), images(4), run_config(config), 4)
    if likelihood == "bernoulli":
        assert found.bits_per_dim is None
        return
    assert found.bits_per_dim is not None
    if likelihood == "discretised-logistic":
        assert found.bits_per_dim == pytest.approx(-found.log_px / 256 / math.log(2))
    assert found.bits_per_dim >= 8.0  # noise of 256 levels: no model can tell it in fewer


def test_bits_of_a_wide_density_are_those_of_the_density_over_a_bin() -> None:
    """Where a density hardly changes over a level, its mass is density / 255, but for the first and the last level."""
    config = model(likelihood="gaussian", sigma=5.0)
    chosen = images(6)
    inner = replace(chosen, pixels=chosen.pixels.clip(1, 254))
    found = evaluated(built(config), inner, run_config(config), 8)
    assert found.bits_per_dim == pytest.approx((-found.log_px / 256 + math.log(255)) / math.log(2), rel=1e-4)


def test_the_objective_is_what_the_run_makes_small() -> None:
    """Capacity (Burgess et al. 2018) and free bits (Kingma et al. 2016) of the mean KL of all images, by hand."""
    config = model()
    vae = built(config)
    plain = evaluated(vae, images(), run_config(config))
    drawn = evaluated(vae, images(), run_config(config, beta=3.0, capacity=50.0))
    assert drawn.objective == pytest.approx(plain.reconstruction + 3.0 * (50.0 - plain.kl))
    free = evaluated(vae, images(), run_config(config, beta=3.0, free_bits=0.5))
    charged = sum(max(0.5, nats) for nats in plain.kl_per_dim)
    assert charged > plain.kl
    assert free.objective == pytest.approx(plain.reconstruction + 3.0 * charged)
    alone = run_config(config, beta=3.0, objective="iwae", samples=1, free_bits=0.5, capacity=9.0)
    assert evaluated(vae, images(), alone).objective == pytest.approx(plain.reconstruction + 3.0 * plain.kl)


def test_a_class_conditional_model_is_told_the_class_of_each_image() -> None:
    config = model(conditional="class")
    vae = built(config, 2)
    torch.nn.init.normal_(vae.decoder[-2].weight, std=8.0)  # so that the class matters
    chosen = images(20, 2)
    right = evaluated(vae, chosen, run_config(config), 32)
    wrong = evaluated(vae, replace(chosen, labels=1 - chosen.labels), run_config(config), 32)
    assert abs(right.reconstruction - wrong.reconstruction) > 1.0


def test_evaluating_twice_gives_the_same_figures_whatever_the_model_was_doing() -> None:
    config = model(likelihood="gaussian-optimal")
    vae = built(config)
    one = evaluated(vae, images(), run_config(config))
    assert evaluated(vae, images(), run_config(config)) == one


def test_a_few_of_many_images_are_evenly_spread() -> None:
    chosen = images(100).spread(5)
    assert chosen.indices.tolist() == [0, 20, 40, 60, 80]
    assert images(3).spread(5).indices.tolist() == [0, 1, 2]


def test_one_sample_is_too_few_to_tell_an_error() -> None:
    config = model()
    with pytest.raises(ValueError, match="too few"):
        list(evaluate(built(config), images(), run_config(config), 1))
