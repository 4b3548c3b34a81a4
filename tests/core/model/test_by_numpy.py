"""The picture before PyTorch is loaded is the picture after it."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config import ModelConfig
from core.errors import ConfigError, RunError
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import first_two_dims
from core.latent.saved_space import load_latent_space
from core.model.by_numpy.decoder import NumpyDecoder
from core.model.by_numpy.model import NumpyModel
from core.model.by_numpy.taps import Floats
from core.model.tensor_model import frozen
from core.model.vae import VAE
from core.places import bundled_run
from core.training.checkpoints import load_checkpoint
from core.training.run_folder import read_config

LIKELIHOODS = [
    "bernoulli",
    "continuous-bernoulli",
    "gaussian",
    "gaussian-learned",
    "gaussian-optimal",
    "discretised-logistic",
]
CONFIGS = st.builds(
    lambda **fields: ModelConfig.model_validate(fields),
    network=st.sampled_from(["linear", "mlp", "conv"]),
    likelihood=st.sampled_from(LIKELIHOODS),
    conditional=st.sampled_from(["none", "class", "completion"]),
    posterior=st.sampled_from(["diagonal", "iaf"]),
    latent_dims=st.integers(1, 20),
    width=st.integers(4, 24),
    stages=st.integers(1, 2),
    upsampling=st.sampled_from(["sub-pixel", "smooth"]),
    encoder_norm=st.sampled_from(["none", "layer"]),
)
SHAPES = st.builds(
    lambda side, channels: (side, side, channels), st.sampled_from([16, 28, 32, 64]), st.sampled_from([1, 3])
)


def learned(config: ModelConfig, shape: tuple[int, int, int], classes: int, seed: int) -> VAE:
    """A model whose every weight says something, as after training: what begins as zero too."""
    vae = VAE(config, shape, classes)
    draws = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in vae.parameters():
            spread = 1.5 / math.sqrt(parameter[0].numel()) if parameter.dim() > 1 else 0.5
            parameter.copy_(torch.randn(parameter.shape, generator=draws) * spread)
    return vae


def both(vae: VAE, config: ModelConfig, classes: int) -> tuple[LatentSpace, NumpyDecoder]:
    codes = np.zeros((3, config.latent_dims), np.float32)
    names = tuple(map(str, range(classes)))
    space = freeze(vae, codes, codes[0], first_two_dims(config.latent_dims), 0, names)
    weights = {name: tensor.numpy() for name, tensor in vae.state_dict().items()}
    return space, NumpyDecoder(config, vae.image_shape, weights, classes)


def places(count: int, latent_dims: int, spread: float, seed: int) -> Floats:
    return (spread * np.random.default_rng(seed).standard_normal((count, latent_dims))).astype(np.float32)


def differences(ours: Floats, theirs: Floats) -> Floats:
    return np.abs(ours.astype(int) - theirs.astype(int))


@settings(max_examples=120)
@given(CONFIGS, SHAPES, st.integers(1, 5), st.sampled_from([0.0, 1.0, 10.0]), st.integers(0, 99))
def test_a_place_has_the_same_picture_before_torch_is_there(
    config: ModelConfig, shape: tuple[int, int, int], classes: int, spread: float, seed: int
) -> None:
    space, decoder = both(learned(config, shape, classes, seed), config, classes)
    z, labels = places(2, config.latent_dims, spread, seed), np.array([0, classes - 1])
    ours, theirs = decoder.decode(z, labels), space.decode(z, labels)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    assert differences(ours, theirs).max() <= 1


@settings(max_examples=60)
@given(CONFIGS, SHAPES, st.integers(1, 5), st.integers(0, 99))
def test_a_picture_has_the_same_code_before_torch_is_there(
    config: ModelConfig, shape: tuple[int, int, int], classes: int, seed: int
) -> None:
    config = config.model_copy(update={"posterior": "diagonal"})
    vae = learned(config, shape, classes, seed)
    weights = {name: tensor.numpy() for name, tensor in vae.state_dict().items()}
    ours, theirs = NumpyModel(config, shape, weights, classes), frozen(vae)
    pixels = np.random.default_rng(seed).integers(0, 256, (20, *shape), np.uint8)
    labels = np.arange(20) % classes
    for found, expected in zip(ours.encode(pixels, labels), theirs.encode(pixels, labels), strict=True):
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3 * (1 + np.abs(expected).max()))
    found, expected = ours.variances(pixels, labels), theirs.variances(pixels, labels)
    np.testing.assert_allclose(found, expected, rtol=1e-2, atol=1e-2 * (1 + expected.max()))
    assert [each.shape for each in ours.encode(pixels[:0], labels[:0])] == 2 * [(0, config.latent_dims)]


def test_of_a_flow_it_only_decodes() -> None:
    config = ModelConfig(network="mlp", width=4, likelihood="bernoulli", posterior="planar", flows=2)
    weights = {name: tensor.numpy() for name, tensor in learned(config, (16, 16, 1), 1, 0).state_dict().items()}
    model = NumpyModel(config, (16, 16, 1), weights)
    assert not model.can_encode
    with pytest.raises(ConfigError, match="PyTorch is still being loaded"):
        model.tensors()


def test_a_face_is_the_same_face() -> None:
    run = bundled_run()
    kept, space = read_config(run), load_latent_space(run)
    weights = {name: tensor.numpy() for name, tensor in load_checkpoint(run, with_training=False).model.items()}
    decoder = NumpyDecoder(kept.config.model, kept.image_shape, weights)
    z = np.concatenate((space.codes[::100], places(40, space.latent_dims, 3.0, 0)))
    differ = differences(decoder.decode(z), space.decode(z))
    assert differ.max() <= 1
    assert differ.mean() < 0.001


def test_far_away_there_is_a_picture_too() -> None:
    config = ModelConfig(network="mlp", width=4, likelihood="continuous-bernoulli")
    _, decoder = both(learned(config, (16, 16, 1), 1, 0), config, 1)
    assert decoder.decode(np.full((1, 2), 1e37, np.float32)).shape == (1, 16, 16, 1)
    assert decoder.decode(np.zeros((0, 2), np.float32)).shape == (0, 16, 16, 1)


def test_weights_of_another_model_are_refused() -> None:
    config = ModelConfig(network="mlp", width=4, likelihood="bernoulli")
    vae = learned(config, (16, 16, 1), 1, 0)
    weights = {name: tensor.numpy() for name, tensor in vae.state_dict().items()}
    for other in ({"network": "conv"}, {"latent_dims": 3}, {"likelihood": "discretised-logistic"}):
        with pytest.raises(RunError, match="another model"):
            NumpyDecoder(config.model_copy(update=other), (16, 16, 1), weights)
    with pytest.raises(RunError, match="another model"):
        NumpyDecoder(config, (28, 28, 1), weights)
    with pytest.raises(RunError, match="another model"):
        NumpyModel(config, (28, 28, 1), weights)
