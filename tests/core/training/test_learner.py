"""What is learned by default, against the formula written out: no choice that is not taken may move a single bit."""

import pytest
import torch
from torch import Tensor

from core.config import RunConfig
from core.model.conditions import Given
from core.model.vae import VAE
from core.training.learner import Learner


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian-learned"])
@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_a_plain_model_learns_bit_for_bit_as_its_formula_says(network: str, likelihood: str) -> None:
    config = RunConfig.model_validate(
        {
            "source": "nowhere",
            "model": {"network": network, "width": 8, "likelihood": likelihood},
            "training": {"learning_rate": 1e-3, "device": "cpu", "precision": "float32", "beta": 2.0, "warm_up": 0.0},
        }
    )
    learner = Learner(config, (16, 16, 3))
    generator = torch.Generator().manual_seed(0)
    for _ in range(3):
        x = torch.rand((32, 16, 16, 3), generator=generator).permute(0, 3, 1, 2)
        noise = torch.randn((1, 32, 2), generator=generator)
        learner.vae.zero_grad()
        plain(learner.vae, x, noise[0], 2.0).mean().backward()
        expected = [parameter.grad.clone() for parameter in learner.vae.parameters()]
        learner._clip = lambda: torch.zeros(())  # type: ignore[method-assign]  (it scales the gradients in place)
        learner.learn(x, noise, Given(), learner.loss(1.0, 0.5), 1e-3)
        for (name, parameter), gradient in zip(learner.vae.named_parameters(), expected, strict=True):
            assert torch.equal(parameter.grad, gradient), name


def plain(vae: VAE, x: Tensor, noise: Tensor, beta: float) -> Tensor:
    """−log p(x|z) + β·KL of each image, as Kingma & Welling 2014 write it."""
    mean, log_variance = vae.encoder(x).chunk(2, dim=1)
    log_variance = log_variance.clamp(-20.0, 10.0)
    output = vae.decoder(torch.addcmul(mean, torch.exp(0.5 * log_variance), noise))
    if hasattr(vae.likelihood, "log_sigma"):
        log_sigma = -6.0 + torch.nn.functional.softplus(vae.likelihood.log_sigma + 6.0)
        away = (output - (x - 0.5)).square().flatten(1).sum(1)
        constant = 0.5 * torch.log(torch.tensor(2 * torch.pi)).item()
        log_likelihood = -0.5 * (away * torch.exp(-2.0 * log_sigma)) - x[0].numel() * (log_sigma + constant)
    else:
        coins = torch.nn.functional.binary_cross_entropy_with_logits(output, x, reduction="none")
        log_likelihood = -coins.flatten(1).sum(1)
    kl = 0.5 * (log_variance.exp() + mean.square() - 1.0 - log_variance)
    return -log_likelihood + beta * kl.sum(1)
