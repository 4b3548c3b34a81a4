"""What each objective charges, against its formula written out by hand."""

import math

import pytest
import torch
from torch import Tensor, distributions

from core.config import ModelConfig
from core.model.conditions import Given
from core.model.objectives import elbo, iwae, objective
from core.model.vae import VAE

SHAPE = (16, 16, 1)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def vae(posterior: str = "diagonal", conditional: str = "none", likelihood: str = "bernoulli") -> VAE:
    torch.manual_seed(3)
    config = ModelConfig(
        network="mlp",
        latent_dims=3,
        width=4,
        likelihood=likelihood,
        posterior=posterior,
        conditional=conditional,
        flows=2,
    )
    made = VAE(config, SHAPE, classes=4)
    with torch.no_grad():  # away from the start, where every flow is the identity
        for parameter in () if made.flow is None else made.flow.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return made


def masks(count: int) -> Given:
    visible = torch.zeros(count, 1, *SHAPE[:2])
    visible[..., :8] = 1.0
    return Given(visible=visible)


@pytest.mark.parametrize("posterior", ["diagonal", "planar", "iaf"])
def test_the_elbo_of_many_samples_is_the_mean_of_theirs(posterior: str) -> None:
    model, x, many = vae(posterior), random(5, 1, 16, 16), noise(4, 5, 3)
    together = objective(model, x, many, beta=2.0)
    each = torch.stack([elbo(model, x, one, 2.0).objective for one in many])
    torch.testing.assert_close(together.objective, each.mean(0))
    torch.testing.assert_close(together.objective, together.reconstruction + 2.0 * together.kl)


def test_one_sample_is_what_it_always_was() -> None:
    model, x = vae(), random(5, 1, 16, 16)
    for kind in ("elbo", "iwae"):
        new = objective(model, x, noise(1, 5, 3), kind=kind, beta=1.5)
        assert torch.equal(new.objective, elbo(model, x, noise(5, 3), 1.5).objective)


@pytest.mark.parametrize("posterior", ["planar", "iaf"])
def test_a_flow_pays_for_the_density_it_has(posterior: str) -> None:
    """KL of the draws is log q − log p; over many draws it is above 0, and that of a new flow the closed form."""
    config = ModelConfig(network="mlp", latent_dims=3, width=4, likelihood="bernoulli", posterior=posterior)
    model, x, many = VAE(config, SHAPE), random(2, 1, 16, 16), noise(4000, 2, 3)
    with torch.no_grad():
        new = objective(model, x, many)
        torch.testing.assert_close(new.kl, new.posterior.base.kl().sum(1), rtol=0, atol=0.05)
        assert (objective(vae(posterior), x, many).kl > 0).all()


@pytest.mark.parametrize("beta", [1.0, 0.3])
@pytest.mark.parametrize("posterior", ["diagonal", "iaf"])
def test_iwae_is_the_logarithm_of_the_mean_weight(posterior: str, beta: float) -> None:
    model, x, many = vae(posterior), random(5, 1, 16, 16), noise(6, 5, 3)
    q = model.posterior(x)
    z, log_q = q.sample(many)
    log_p = distributions.Normal(0.0, 1.0).log_prob(z).sum(-1)
    log_likelihood = torch.stack([model.log_likelihood(x, one) for one in z])
    log_w = (log_likelihood + beta * (log_p - log_q)).double()
    theirs = -(log_w.exp().mean(0).log() if log_w.min() > -600 else log_w.logsumexp(0) - math.log(6))
    ours = objective(model, x, many, kind="iwae", beta=beta)
    torch.testing.assert_close(ours.objective.double(), theirs, rtol=1e-5, atol=0)
    torch.testing.assert_close(ours.reconstruction, elbo(model, x, many).reconstruction)
    torch.testing.assert_close(ours.kl, elbo(model, x, many).kl)


def test_free_bits_charge_no_dimension_less_and_push_none_below() -> None:
    """Kingma et al. 2016, eq. 15: Σ_j max(λ, mean over the batch of KL_j)."""
    model, x = vae(), random(50, 1, 16, 16)
    with torch.no_grad():
        model.encoder[-1].bias[3:] = torch.tensor([0.0, -4.0, -8.0])  # log-variances: cheap, dear, dearer
    many = noise(1, 50, 3)
    plain = objective(model, x, many)
    free = float(plain.kl_per_dim.detach().sort().values[:2].mean())
    ours = objective(model, x, many, beta=2.0, free_bits=free)
    charged = (ours.objective - ours.reconstruction).mean()
    torch.testing.assert_close(charged, 2.0 * plain.kl_per_dim.clamp(min=free).sum(), rtol=1e-5, atol=0)
    torch.testing.assert_close(ours.kl, plain.kl)  # what is told stays the true KL
    (pushed,) = torch.autograd.grad((ours.objective - ours.reconstruction).mean(), model.encoder[-1].bias)
    assert (pushed[3:] == 0).tolist() == [True, False, False]


def test_the_free_bits_of_a_flow_are_those_of_its_whole_code() -> None:
    model, x, many = vae("iaf"), random(50, 1, 16, 16), noise(2, 50, 3)
    kl = objective(model, x, many).kl.mean().item()
    for free, charged in ((kl / 6, kl), (kl, 3 * kl)):
        ours = objective(model, x, many, free_bits=free)
        assert (ours.objective - ours.reconstruction).mean().item() == pytest.approx(charged, rel=1e-4)


@pytest.mark.parametrize("capacity", [0.0, 1e-3, 500.0])
def test_capacity_charges_the_distance_from_it(capacity: float) -> None:
    model, x, many = vae(), random(20, 1, 16, 16), noise(1, 20, 3)
    ours = objective(model, x, many, beta=7.0, capacity=capacity)
    charged = (ours.objective - ours.reconstruction).mean()
    torch.testing.assert_close(charged, 7.0 * (ours.kl.mean() - capacity).abs(), rtol=1e-4, atol=1e-5)


def test_an_autoencoder_has_no_noise_and_pays_no_kl() -> None:
    model, x = vae(), random(5, 1, 16, 16)
    one, other = (objective(model, x, noise(1, 5, 3, seed=s), kind="autoencoder", beta=4.0) for s in (0, 1))
    assert torch.equal(one.objective, other.objective)
    assert torch.equal(one.objective, one.reconstruction)
    torch.testing.assert_close(one.objective, -model.log_likelihood(x, one.posterior.mean))
    assert (one.kl > 0).all()


def test_an_autoencoder_that_completes_fits_its_prior_to_its_codes_and_leaves_them_alone() -> None:
    model, x = vae(conditional="completion"), random(5, 1, 16, 16)
    ours = objective(model, x, noise(1, 5, 3), masks(5), kind="autoencoder")
    prior = model.prior(x, masks(5))
    cost = -distributions.Normal(prior.mean, (0.5 * prior.log_variance).exp()).log_prob(ours.posterior.code).sum(1)
    torch.testing.assert_close(ours.objective - ours.reconstruction, cost, rtol=1e-4, atol=1e-4)
    gradients = torch.autograd.grad(
        (ours.objective - ours.reconstruction).mean(), list(model.encoder.parameters()), allow_unused=True
    )
    assert all(g is None or g.abs().max() < 1e-6 for g in gradients)


@pytest.mark.parametrize("kind", ["elbo", "iwae", "autoencoder"])
@pytest.mark.parametrize("posterior", ["diagonal", "planar", "iaf"])
@pytest.mark.parametrize("conditional", ["none", "class", "completion"])
def test_every_choice_gives_terms_and_gradients_that_are_numbers(kind: str, posterior: str, conditional: str) -> None:
    model, x = vae(posterior, conditional, "gaussian-optimal"), random(5, 1, 16, 16)
    given = Given(torch.tensor([0, 1, 2, 3, 0]), masks(5).visible)
    ours = objective(model, x, noise(3, 5, 3), given, kind=kind, beta=0.5, free_bits=0.1, capacity=2.0)
    ours.objective.mean().backward()
    assert ours.objective.shape == ours.reconstruction.shape == ours.kl.shape == (5,)
    assert ours.kl_per_dim.shape == (3,)
    assert ours.posterior.code.shape == (5, 3)
    assert all(torch.isfinite(term).all() for term in ours[:4])
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    assert gradients
    assert all(torch.isfinite(gradient).all() for gradient in gradients)


def test_half_precision_networks_leave_the_terms_in_single() -> None:
    for posterior in ("diagonal", "planar", "iaf"):
        model, x = vae(posterior, "completion", "gaussian-learned"), random(5, 1, 16, 16)
        exact = objective(model, x, noise(2, 5, 3), masks(5), kind="iwae")
        with torch.autocast("cpu", torch.bfloat16):
            ours = objective(model, x, noise(2, 5, 3), masks(5), kind="iwae")
        ours.objective.mean().backward()
        assert all(term.dtype == torch.float32 for term in ours[:4])
        torch.testing.assert_close(ours.objective, exact.objective, rtol=0.03, atol=3.0)


def test_looking_at_the_bound_needs_no_gradient() -> None:
    model, x = vae(), random(5, 1, 16, 16)
    with torch.inference_mode():
        assert torch.isfinite(iwae(model, x, noise(8, 5, 3)).objective).all()
