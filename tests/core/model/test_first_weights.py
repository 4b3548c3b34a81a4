"""What a decoder of convolutions says before it has learned: seams that it begins with are seen for minutes."""

from typing import get_args

import numpy as np
import pytest
import torch
from torch.nn import functional as nnf

from core.config import ModelConfig
from core.model.first_colour import begin_with_mean_colour
from core.model.networks import FadingConv, patches
from core.model.vae import VAE

LIKELIHOODS = sorted({*get_args(ModelConfig.model_fields["likelihood"].annotation)} - {"auto"})


def untrained(size: int, **known: object) -> VAE:
    torch.manual_seed(0)
    model = {"network": "conv", "latent_dims": 8, "width": 16, "likelihood": "gaussian", **known}
    return VAE(ModelConfig.model_validate(model), (size, size, 3))


def alike(vae: VAE, size: int) -> tuple[float, float]:
    """Correlation of pixels side by side, within the finest patches and across their borders."""
    coarse, _ = patches(size)
    patch = coarse // 2 if vae.config.stages == 2 and coarse >= 4 else coarse
    with torch.no_grad():
        drawn = vae.decoder(torch.randn(64, 8))
    drawn = (drawn - drawn.mean()) / drawn.std()
    together = (drawn[..., 1:] * drawn[..., :-1]).mean((0, 1, 2))
    is_border = torch.arange(1, size) % patch == 0
    return float(together[~is_border].mean()), float(together[is_border].mean())


@pytest.mark.parametrize("upsampling", ["sub-pixel", "smooth"])
@pytest.mark.parametrize(("size", "stages"), [(64, 1), (64, 2), (128, 2), (256, 1), (256, 2)])
def test_what_is_drawn_is_as_smooth_where_patches_meet_as_within(size: int, stages: int, upsampling: str) -> None:
    vae = untrained(size, stages=stages, upsampling=upsampling)
    within, across = alike(vae, size)
    assert within > 0.9
    assert across > 0.7
    vae.decoder.body[-2].reset_parameters()  # as PyTorch begins
    torch.nn.init.zeros_(vae.decoder.body[-2].bias)
    assert max(alike(vae, size)) < 0.6


def test_what_positions_draw_alike_is_plain_to_the_pictures_very_edge() -> None:
    layer = FadingConv(5, 3, 4)
    with torch.no_grad():
        drawn = nnf.pixel_shuffle(layer(torch.randn(1, 5, 1, 1).expand(2, 5, 6, 6)), 4)
    assert torch.allclose(drawn, drawn[:, :, :1, :1].expand_as(drawn), atol=1e-5)


def test_what_a_position_draws_fades_into_nothing() -> None:
    layer = FadingConv(1, 1, 8)
    torch.nn.init.ones_(layer.weight)
    alone = torch.zeros(1, 1, 5, 5)
    alone[..., 2, 2] = 1
    with torch.no_grad():
        drawn = nnf.pixel_shuffle(layer(alone), 8)[0, 0]
    assert float(drawn[8].max()) < 0.08 * float(drawn.max())  # the first line of its 3 × 8
    assert float(drawn[:8].abs().max()) == 0
    assert float(drawn[8:32, 8:32].mean()) == pytest.approx(0.25)
    assert torch.allclose(drawn, drawn.flip(0), atol=1e-6)
    assert torch.allclose(drawn, drawn.T, atol=1e-6)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_it_begins_with_the_mean_colour_of_what_it_is_to_learn(likelihood: str) -> None:
    colour = np.array([0.8, 0.4, 0.2])
    pixels = np.random.default_rng(0).binomial(255, colour, (50, 32, 32, 3)).astype(np.uint8)
    pixels[40:] = 0  # held out
    vae = untrained(32, likelihood=likelihood)
    begin_with_mean_colour(vae, pixels, np.arange(40))
    with torch.no_grad():
        said = vae.mean_image(torch.zeros(1, 8)).mean((0, 2, 3))
    assert said.numpy() == pytest.approx(colour, abs=0.02)


def test_what_is_no_convolution_stays_as_it_is() -> None:
    vae = untrained(16, network="mlp")
    before = [each.clone() for each in vae.parameters()]
    begin_with_mean_colour(vae, np.zeros((20, 16, 16, 3), np.uint8), np.arange(20))
    assert all(torch.equal(*each) for each in zip(before, vae.parameters(), strict=True))
