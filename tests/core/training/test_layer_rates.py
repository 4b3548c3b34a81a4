"""A layer learns at a rate that suits what it reads, a likelihood's scale fast enough."""

import math

import pytest
import torch
from torch import Tensor

from core.config import RunConfig
from core.model.conditions import Given
from core.training.learner import Learner

RATE = 1e-3


def learner(shape: tuple[int, int, int], **model: object) -> Learner:
    training = {"learning_rate": RATE, "device": "cpu", "precision": "float32"}
    return Learner(RunConfig.model_validate({"source": "nowhere", "model": model, "training": training}), shape)


def teach(one: Learner, x: Tensor, generator: torch.Generator, steps: int = 1, loudness: float = 1.0) -> None:
    """Steps on all images at once, with noise of this deviation; the left half of each is visible."""
    visible = torch.zeros_like(x[:, :1])
    visible[..., : visible.shape[3] // 2] = 1.0
    for _ in range(steps):
        noise = loudness * torch.randn((1, len(x), one.vae.latent_dims), generator=generator)
        one.learn(x, noise, Given(visible=visible), one.loss(1.0, 0.5), RATE)


def moved(one: Learner) -> dict[str, float]:
    """How far one step has moved the parameter of each name: Adam's first is one rate, whatever the gradient."""
    before = {name: parameter.detach().clone() for name, parameter in one.vae.named_parameters()}
    generator = torch.Generator().manual_seed(0)
    x = torch.rand((8, *one.vae.image_shape), generator=generator).permute(0, 3, 1, 2)
    teach(one, x, generator)
    return {name: float((now.detach() - before[name]).abs().max()) for name, now in one.vae.named_parameters()}


@pytest.mark.parametrize("width", [32, 48])
def test_a_layer_of_convolutions_that_reads_more_learns_in_proportion_more_slowly(width: int) -> None:
    by = moved(learner((64, 64, 3), network="conv", width=width, likelihood="gaussian-learned"))
    reads = {
        "encoder.body.1": 3 * 4 * 4 * 9,  # a patch of 4 × 4 pixels and its neighbours
        "encoder.body.2.outer": width * 9,  # the inner one has no gradient yet: a block begins by saying nothing
        "encoder.body.3": width * 16,
        "encoder.head": 2 * width * 8 * 8,
        "decoder.head": 2,
        "decoder.body.2": 2 * width * 4,  # of the 16 taps a pixel of the finer grid is reached by 4
    }
    for layer, count in reads.items():
        assert by[f"{layer}.weight"] == pytest.approx(RATE * min(2.0, 576 / count), rel=0.02), layer
        assert by[f"{layer}.bias"] == pytest.approx(RATE, rel=0.02), layer
    assert by["likelihood.log_sigma"] == pytest.approx(10 * RATE, rel=0.02)


def test_what_reads_the_visible_part_learns_as_the_encoder_does() -> None:
    by = moved(learner((64, 64, 3), network="conv", conditional="completion", likelihood="gaussian-learned"))
    for layer, count in {"body.1": 4 * 4 * 4 * 9, "head": 2 * 32 * 8 * 8}.items():  # the mask is a channel of its own
        far = by[f"conditions.network.{layer}.weight"]
        assert far == pytest.approx(RATE * min(2.0, 576 / count), rel=0.02), layer


def test_an_mlp_learns_at_one_rate() -> None:
    by = moved(learner((28, 28, 1), network="mlp", likelihood="bernoulli"))
    for name, far in by.items():
        assert far == pytest.approx(RATE, rel=0.05) or far < 1e-6, name  # a block's inner layers have no gradient yet


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_a_learned_sigma_is_the_error_that_is_left(network: str) -> None:
    one = learner((16, 16, 3), network=network, width=8, likelihood="gaussian-learned")
    generator = torch.Generator().manual_seed(0)
    tone, grain = torch.rand((64, 3, 1, 1), generator=generator), torch.randn((64, 3, 16, 16), generator=generator)
    x = (0.25 + 0.5 * tone + 0.02 * grain).clamp(0.0, 1.0)
    teach(one, x, generator, steps=285)
    errors = []
    for _ in range(15):  # σ is that of the last steps, whose error goes up and down
        teach(one, x, generator)
        with torch.no_grad():
            z, _ = one.vae.posterior(x).sample(torch.randn((8, len(x), one.vae.latent_dims), generator=generator))
            errors.append((one.vae.decoder(z.flatten(0, 1)) - (x - 0.5).repeat(8, 1, 1, 1)).square().mean())
    # At a weight's pace it is 0.8 to 1.4 behind.
    assert one.vae.likelihood.log_sigma.item() == pytest.approx(0.5 * math.log(sum(errors) / 15), abs=0.1)


def test_a_gradient_is_held_at_twice_its_usual_size() -> None:
    one = learner((16, 16, 3), network="conv", width=8, likelihood="gaussian-learned")
    generator = torch.Generator().manual_seed(0)
    x = torch.rand((16, 3, 16, 16), generator=generator)
    teach(one, x, generator, steps=60)
    usual = float(one.norm)
    teach(one, x, generator, loudness=1e4)
    held = torch.nn.utils.get_total_norm([each.grad for each in one.vae.parameters() if each.grad is not None])
    assert float(held) == pytest.approx(2.0 * usual, rel=1e-4)
    assert float(one.norm) == pytest.approx(1.02 * usual, rel=1e-4)
