"""Held-out images judge a model: nothing that is fitted to codes may have seen theirs."""

import numpy as np
import torch

from core.config import ModelConfig
from core.latent.latent_space import freeze
from core.latent.plane import first_two_dims
from core.model.vae import VAE
from core.training.moving_codes import MovingCodes

DIMS = 6


def codes_and_sides() -> tuple[np.ndarray, np.ndarray]:
    """What was learned from is wide along the first two dimensions, what was held out along the last two, far away."""
    random = np.random.default_rng(0)
    held_out = np.arange(300) % 3 == 0
    codes = 0.1 * random.normal(size=(300, DIMS))
    codes[~held_out, :2] += 2.0 * random.normal(size=(200, 2))
    codes[held_out, -2:] += 30.0 + 20.0 * random.normal(size=(100, 2))
    return codes.astype(np.float32), held_out


def untrained() -> VAE:
    torch.manual_seed(0)
    return VAE(ModelConfig(network="mlp", width=4, latent_dims=DIMS, likelihood="bernoulli"), (16, 16, 1))


def test_a_mixture_is_fitted_to_what_was_learned_from() -> None:
    codes, held_out = codes_and_sides()
    kl = np.zeros(DIMS, np.float32)
    space = freeze(untrained(), codes, kl, first_two_dims(DIMS), 1, held_out=held_out)
    assert np.abs(space.sample(2_000, 0, "mixture")[:, -2:]).max() < 5.0
    unknown = freeze(untrained(), codes, kl, first_two_dims(DIMS), 1)
    assert np.abs(unknown.sample(2_000, 0, "mixture")[:, -2:]).max() > 20.0


def test_the_plane_of_the_map_is_that_of_what_was_learned_from() -> None:
    codes, held_out = codes_and_sides()
    moving = MovingCodes(len(codes), DIMS, torch.device("cpu"), held_out=held_out)
    moving.codes = torch.from_numpy(codes)
    space = moving.freeze(untrained(), 1)
    assert np.abs(space.plane.axes[:, :2]).max(axis=1).min() > 0.6
    assert np.abs(space.plane.axes[:, -2:]).max() < 0.1
    assert np.isfinite(space.points).all()  # they are seen there all the same
    np.testing.assert_allclose(moving.tensors()["plane_axes"].numpy(), space.plane.axes, atol=1e-5)
