"""Encoders and decoders, sized by the image: linear, an MLP, and residual convolutions."""

from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf

from core.config import ModelConfig
from core.model.drawing_taps import fading

MLP_UNITS = 8  # hidden units of an MLP, as a multiple of the width
LARGEST_GRID = 16  # wide convolutions never work on more positions a side: that is where their time goes on a CPU
FINER_CHANNELS, SMALLEST_FOR_TWO = 16, 4  # of the one convolution that does; the side of a patch that needs one


def build_encoder(config: ModelConfig, shape: tuple[int, int, int], outputs: int, told: int = 0) -> nn.Module:
    """A network (N, C, H, W) → (N, outputs) for images of shape (C, H, W); `told` numbers (N, F) go beside them."""
    match config.network:
        case "linear":
            return FlatEncoder(nn.Flatten(), nn.Linear(prod(shape) + told, outputs))
        case "mlp":
            units = MLP_UNITS * config.width
            into = nn.Linear(prod(shape) + told, units)
            # Else the code of an image unlike all others may lie anywhere, and its variance be any.
            norm = [nn.LayerNorm(units)] if config.encoder_norm == "layer" else []
            return FlatEncoder(nn.Flatten(), into, nn.SiLU(), MLPBlock(units), *norm, nn.Linear(units, outputs))
        case _:
            return ConvEncoder(shape, config.width, outputs, told)


def build_decoder(config: ModelConfig, shape: tuple[int, int, int], told: int = 0) -> nn.Module:
    """A network (N, latent_dims) → (N, C, H, W); `told` numbers (N, F) go beside z."""
    match config.network:
        case "linear":
            return FlatDecoder(nn.Linear(config.latent_dims + told, prod(shape)), nn.Unflatten(1, shape))
        case "mlp":
            units = MLP_UNITS * config.width
            into = nn.Linear(config.latent_dims + told, units)
            blocks = (into, nn.SiLU(), MLPBlock(units), MLPBlock(units))
            return FlatDecoder(*blocks, nn.Linear(units, prod(shape)), nn.Unflatten(1, shape))
        case _:
            inputs = config.latent_dims + told
            return ConvDecoder(shape, config.width, inputs, config.stages, config.upsampling == "smooth")


class FlatEncoder(nn.Sequential):
    """Layers that read an image as one row of numbers, and what is told beside it."""

    def forward(self, x: Tensor, told: Tensor | None = None) -> Tensor:
        """(N, C, H, W) in [0, 1] and (N, F) → (N, outputs)."""
        return super().forward(_beside(x.flatten(1), told))  # type: ignore[no-any-return, no-untyped-call]


class FlatDecoder(nn.Sequential):
    """Layers that read z and what is told beside it."""

    def forward(self, z: Tensor, told: Tensor | None = None) -> Tensor:
        """(N, latent_dims) and (N, F) → what the likelihood calls its parameters, (N, C, H, W)."""
        return super().forward(_beside(z, told))  # type: ignore[no-any-return, no-untyped-call]


class MLPBlock(nn.Module):
    """A residual pair of layers (N, units) → (N, units) that starts as the identity."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(units)
        self.inner = nn.Linear(units, units)
        self.outer = nn.Linear(units, units)
        _silence(self.outer)

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
        _silence(self.outer)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes stay (N, C, H, W)."""
        return x + self.outer(nnf.silu(self.inner(nnf.silu(x))))  # type: ignore[no-any-return]


class ConvEncoder(nn.Module):
    """Patches become channels, so that no convolution is as wide as the image: (N, C, H, W) → (N, outputs)."""

    def __init__(self, shape: tuple[int, int, int], width: int, outputs: int, told: int = 0) -> None:
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
        self.head = nn.Linear(2 * width * (grid // 2) ** 2 + told, outputs)

    def forward(self, x: Tensor, told: Tensor | None = None) -> Tensor:
        """(N, C, H, W) in [0, 1] and (N, F) → (N, outputs)."""
        return self.head(_beside(self.body(x).flatten(1), told))  # type: ignore[no-any-return]


class ConvDecoder(nn.Module):
    """The encoder's mirror: (N, inputs) → (N, C, H, W); inputs are z and what is told beside it.

    In one stage each position of the grid draws its patch: one does not see where the next begins, and seams show. In
    two it draws a few channels on a grid twice as fine, whose positions then draw patches of half the side; and where
    it is smooth, nothing ends where patches meet.
    """

    def __init__(
        self, shape: tuple[int, int, int], width: int, inputs: int, stages: int = 1, is_smooth: bool = False
    ) -> None:
        super().__init__()
        channels, size, _ = shape
        patch, grid = patches(size)
        self.top = (2 * width, grid // 2, grid // 2)
        self.head = nn.Linear(inputs, prod(self.top))
        self.body = nn.Sequential(
            ConvBlock(2 * width),
            nn.SiLU(),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1),
            ConvBlock(width),
            nn.SiLU(),
            *_stages(width, channels, patch, stages, is_smooth),
        )

    def forward(self, z: Tensor, told: Tensor | None = None) -> Tensor:
        """(N, latent_dims) and (N, F) → what the likelihood calls its parameters, (N, C, H, W)."""
        grid = self.head(_beside(z, told)).unflatten(1, self.top)
        return self.body(grid.contiguous(memory_format=torch.channels_last))  # type: ignore[no-any-return]

    @torch.no_grad()
    def begin_with(self, colour: Tensor) -> None:
        """Say this on the whole, (C,), before anything is learned, of z = 0."""
        said = self(self.head.weight.new_zeros(1, self.head.in_features)).mean((0, 2, 3))
        last = self.body[-2]  # what follows puts pixels where they belong
        assert isinstance(last, nn.Conv2d)
        assert last.bias is not None
        last.bias += (colour - said).repeat_interleave(len(last.bias) // len(colour))


class FadingConv(nn.Conv2d):
    """(N, inputs, H, W) → (N, channels · patch², H, W), to be shuffled, with one bias a channel.

    What each position draws, three patches wide, fades to its end; all begin with drawing spots of one colour.
    """

    window: Tensor

    def __init__(self, inputs: int, channels: int, patch: int) -> None:
        super().__init__(inputs, channels * patch**2, 3)
        self.patch = patch
        self.bias = nn.Parameter(torch.zeros(channels))
        window = torch.tensor(fading(patch))[:, None].repeat(channels, 1, 1, 1)
        self.register_buffer("window", window, persistent=False)
        drawn = torch.randn(channels, inputs, 1, 1).repeat_interleave(patch**2, dim=0)
        with torch.no_grad():  # as far from zero as PyTorch would begin
            self.weight.copy_(drawn * (self.weight.std() / (drawn * window).std()))

    def forward(self, x: Tensor) -> Tensor:
        """Shapes as the class has them; beyond the edge all goes on as it is there, or pictures would have a frame."""
        assert self.bias is not None
        edged = nnf.pad(x, (1, 1, 1, 1), mode="replicate")
        return nnf.conv2d(edged, self.weight * self.window, self.bias.repeat_interleave(self.patch**2))


def _stages(width: int, channels: int, patch: int, stages: int, is_smooth: bool) -> list[nn.Module]:
    """From the grid to pixels; a patch below 4 has room for one stage."""
    if stages == 1 or patch < SMALLEST_FOR_TWO:
        return [_drawing(width, channels, patch, is_smooth), nn.PixelShuffle(patch)]
    first = _drawing(width, FINER_CHANNELS, 2, is_smooth)
    return [first, nn.PixelShuffle(2), nn.SiLU(), *_stages(FINER_CHANNELS, channels, patch // 2, 1, is_smooth)]


def _drawing(inputs: int, channels: int, patch: int, is_smooth: bool) -> nn.Module:
    return FadingConv(inputs, channels, patch) if is_smooth and patch > 1 else _sub_pixels(inputs, channels, patch)


def _sub_pixels(inputs: int, channels: int, patch: int) -> nn.Module:
    """A sub-pixel convolution (Shi et al. 2016)."""
    layer = nn.Conv2d(inputs, channels * patch**2, 3, padding=1)
    _smooth(layer, patch)
    return layer


def patches(size: int) -> tuple[int, int]:
    """The side of a patch in pixels, and how many patches lie side by side: 16 at most (Shi et al. 2016)."""
    patch = -(-size // LARGEST_GRID)
    return patch, size // patch


def _silence(layer: nn.Module) -> None:
    """Let a layer begin with saying nothing: neither weights nor a bias."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


@torch.no_grad()
def _smooth(layer: nn.Conv2d, patch: int) -> None:
    """Let what a position draws begin smooth, and fade to the edge of its reach, three patches wide.

    What is random in the first weights of each pixel of a patch shows as seams until it is unlearned. The window is
    that of a lapped transform (Malvar 1992); Aitken et al. 2017 begin with patches of one colour, whose borders show.
    """
    if patch == 1:
        return
    reach = 3 * patch
    window = torch.sin(torch.pi * (torch.arange(reach) + 0.5) / reach)
    coarse = torch.randn(layer.out_channels // patch**2, layer.in_channels, 3, 3)
    drawn = nnf.interpolate(coarse, size=(reach, reach), mode="bicubic", align_corners=False) * window * window[:, None]
    # The position above a patch draws there with the lowest of its three: taps come in the other order.
    taps = drawn.view(*drawn.shape[:2], 3, patch, 3, patch).flip(2, 4)
    weight = taps.permute(0, 3, 5, 1, 2, 4).reshape(layer.weight.shape)
    layer.weight.copy_(weight * (layer.weight.std() / weight.std()))
    if layer.bias is not None:
        layer.bias.zero_()


def _beside(rows: Tensor, told: Tensor | None) -> Tensor:
    return rows if told is None else torch.cat((rows, told.to(rows.dtype)), dim=1)
