"""The network of PyTorch's own VAE example: 784-400-20, one hidden layer on either side."""

from torch import nn

from core.config import ModelConfig
from core.model.networks import FlatDecoder, FlatEncoder

NAME, UNITS, DIMS = "784-400-20", 400, 20
MULTIPLY_ADDS = 784 * UNITS + UNITS * 2 * DIMS + DIMS * UNITS + UNITS * 784  # of one image, one way


def build_encoder(config: ModelConfig, shape: tuple[int, int, int], outputs: int, told: int = 0) -> nn.Module:
    """(N, 1, 28, 28) → (N, outputs)."""
    return FlatEncoder(nn.Flatten(), nn.Linear(784, UNITS), nn.ReLU(), nn.Linear(UNITS, outputs))


def build_decoder(config: ModelConfig, shape: tuple[int, int, int], told: int = 0) -> nn.Module:
    """(N, latent_dims) → (N, 1, 28, 28)."""
    return FlatDecoder(nn.Linear(DIMS, UNITS), nn.ReLU(), nn.Linear(UNITS, 784), nn.Unflatten(1, shape))
