"""Encoders and decoders, sized by the image: linear, an MLP, and residual convolutions."""

from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf

from core.config import ModelConfig

MLP_UNITS = 8  # hidden units of an MLP, as a multiple of the width
LARGEST_GRID = 16  # convolutions never work on more positions a side: that is where their time goes on a CPU


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
    """Patches become channels, so that no convolution is as wide as the image: (N, C, H, W) → (N, 2·latent_dims)."""

    def __init__(self, shape: tuple[int, int, int], width: int, latent_dims: int) -> None:
        super().__init__()
        channels, size, _ = shape
        patch, grid = patches(size)
        self.body = nn.Sequential(
            nn.PixelUnshuffle(patch),
            nn.Conv2d(channels * patch**2, width, 3, padding=1),
            ConvBlock(width),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
            ConvBlock(2 * width),
            nn.SiLU(),
        )
        self.head = nn.Linear(2 * width * (grid // 2) ** 2, 2 * latent_dims)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) in [0, 1] → means and log-variances (N, 2·latent_dims)."""
        return self.head(self.body(x).flatten(1))  # type: ignore[no-any-return]


class ConvDecoder(nn.Module):
    """The encoder's mirror: (N, latent_dims) → (N, C, H, W)."""

    def __init__(self, shape: tuple[int, int, int], width: int, latent_dims: int) -> None:
        super().__init__()
        channels, size, _ = shape
        patch, grid = patches(size)
        self.top = (2 * width, grid // 2, grid // 2)
        self.head = nn.Linear(latent_dims, prod(self.top))
        self.body = nn.Sequential(
            ConvBlock(2 * width),
            nn.SiLU(),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1),
            ConvBlock(width),
            nn.SiLU(),
            nn.Conv2d(width, channels * patch**2, 3, padding=1),
            nn.PixelShuffle(patch),
        )

    def forward(self, z: Tensor) -> Tensor:
        """(N, latent_dims) → what the likelihood calls its parameters, (N, C, H, W)."""
        grid = self.head(z).unflatten(1, self.top)
        return self.body(grid.contiguous(memory_format=torch.channels_last))  # type: ignore[no-any-return]


def patches(size: int) -> tuple[int, int]:
    """The side of a patch in pixels, and how many patches lie side by side: 16 at most (Shi et al. 2016)."""
    patch = -(-size // LARGEST_GRID)
    return patch, size // patch
