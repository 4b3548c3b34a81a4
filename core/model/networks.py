"""Encoders and decoders, sized by the image: linear, an MLP, and residual convolutions."""

from collections.abc import Iterator
from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf

from core.config import ModelConfig

MLP_UNITS = 16  # hidden units of an MLP, as a multiple of the width
SMALLEST_GRID = 4  # convolutions halve the image until the next halving would pass below this


def build_networks(config: ModelConfig, image_shape: tuple[int, int, int]) -> tuple[nn.Module, nn.Module]:
    """An encoder (N, C, H, W) → (N, 2·latent_dims) and a decoder (N, latent_dims) → (N, C, H, W)."""
    height, width, channels = image_shape
    shape = (channels, height, width)
    match config.network:
        case "linear":
            return _linear_encoder(shape, config.latent_dims), _linear_decoder(shape, config.latent_dims)
        case "mlp":
            units = MLP_UNITS * config.width
            return _mlp_encoder(shape, units, config.latent_dims), _mlp_decoder(shape, units, config.latent_dims)
        case _:
            return (
                ConvEncoder(shape, config.width, config.latent_dims),
                ConvDecoder(shape, config.width, config.latent_dims),
            )


def _linear_encoder(shape: tuple[int, ...], latent_dims: int) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(prod(shape), 2 * latent_dims))


def _linear_decoder(shape: tuple[int, ...], latent_dims: int) -> nn.Module:
    return nn.Sequential(nn.Linear(latent_dims, prod(shape)), nn.Unflatten(1, shape))


def _mlp_encoder(shape: tuple[int, ...], units: int, latent_dims: int) -> nn.Module:
    return nn.Sequential(
        nn.Flatten(), nn.Linear(prod(shape), units), nn.SiLU(), MLPBlock(units), nn.Linear(units, 2 * latent_dims)
    )


def _mlp_decoder(shape: tuple[int, ...], units: int, latent_dims: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(latent_dims, units),
        nn.SiLU(),
        MLPBlock(units),
        MLPBlock(units),
        nn.Linear(units, prod(shape)),
        nn.Unflatten(1, shape),
    )


class MLPBlock(nn.Module):
    """A residual pair of layers (N, units) → (N, units) that starts as the identity."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(units)
        self.inner = nn.Linear(units, units)
        self.outer = nn.Linear(units, units)
        nn.init.zeros_(self.outer.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes stay (N, units)."""
        return x + self.outer(nnf.silu(self.inner(self.norm(x))))  # type: ignore[no-any-return]


class ConvBlock(nn.Module):
    """A residual pair of 3×3 convolutions (N, C, H, W) → (N, C, H, W) that starts as the identity.

    No normalisation: on a CPU it costs as much as the convolutions, and a zero start does its work
    (Zhang et al. 2019, Fixup).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = nn.Conv2d(channels, channels, 3, padding=1)
        self.outer = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.outer.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes stay (N, C, H, W)."""
        return x + self.outer(nnf.silu(self.inner(nnf.silu(x))))  # type: ignore[no-any-return]


class ConvEncoder(nn.Module):
    """Halvings, each followed by a residual block: (N, C, H, W) → (N, 2·latent_dims)."""

    def __init__(self, shape: tuple[int, int, int], width: int, latent_dims: int) -> None:
        super().__init__()
        channels, size, _ = shape
        layers: list[nn.Module] = []
        for wider, smaller in _halvings(size, width):
            layers += [nn.Conv2d(channels, wider, 4, stride=2, padding=1), ConvBlock(wider)]
            channels, size = wider, smaller
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(channels * size * size, 2 * latent_dims)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) in [0, 1] → means and log-variances (N, 2·latent_dims)."""
        return self.head(nnf.silu(self.body(x)).flatten(1))  # type: ignore[no-any-return]


class ConvDecoder(nn.Module):
    """The encoder's mirror: (N, latent_dims) → (N, C, H, W)."""

    def __init__(self, shape: tuple[int, int, int], width: int, latent_dims: int) -> None:
        super().__init__()
        channels, size, _ = shape
        steps = list(_halvings(size, width))
        self.top = steps[-1]
        layers: list[nn.Module] = []
        narrower = [channels, *(wide for wide, _ in steps[:-1])]
        for (wide, _), narrow in zip(reversed(steps), reversed(narrower), strict=True):
            layers += [ConvBlock(wide), nn.SiLU(), nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1)]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(latent_dims, self.top[0] * self.top[1] ** 2)

    def forward(self, z: Tensor) -> Tensor:
        """(N, latent_dims) → what the likelihood calls its parameters, (N, C, H, W)."""
        channels, size = self.top
        grid = self.head(z).unflatten(1, (channels, size, size))
        return self.body(grid.contiguous(memory_format=torch.channels_last))  # type: ignore[no-any-return]


def _halvings(size: int, width: int) -> Iterator[tuple[int, int]]:
    """(channels, size) after each halving; channels double up to eight times the width."""
    channels = width
    while size % 2 == 0 and size // 2 >= SMALLEST_GRID:
        size //= 2
        yield channels, size
        channels = min(2 * channels, 8 * width)
