"""Flows: invertible steps that bend a diagonal Gaussian into the posterior's true shape, as the encoder tells them."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf

from core.config import ModelConfig

CONTEXT_UNITS = 8  # numbers the encoder tells a flow of each image, as a multiple of the width
LEAST_STRETCH = 1e-3  # a planar step never flattens space further, which float32 could not tell from a fold
MOST_UNITS = 512  # of one step of an IAF, so that 1,024 latent dims cost no more than the networks
LARGEST_LOG_SCALE = 3.0  # a step of an IAF stretches a dimension by e³ at most


class Flow(nn.Module):
    """Steps z → z' one after another; at the start each is the identity."""

    def __init__(self, steps: list[nn.Module]) -> None:
        super().__init__()
        self.steps = nn.ModuleList(steps)

    def forward(self, z: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        """(…, N, d) and what is told of each image (N, F) → (…, N, d) and log |det ∂z'/∂z|, (…, N)."""
        told = nnf.silu(context)
        total = z.new_zeros(z.shape[:-1])
        for step in self.steps:
            z, log_det = step(z, told)
            total = total + log_det
        return z, total


class PlanarStep(nn.Module):
    """z' = z + û·tanh(wᵀz + b), with u, w and b from the encoder (Rezende & Mohamed 2015, eq. 10 to 12).

    û is u with its part along w bent so that wᵀû > −1, which makes the step invertible (their appendix A.1). Their bend
    −1 + log(1 + eˣ) is moved so that 0 stays 0: with u = 0 the step is the identity.
    """

    def __init__(self, latent_dims: int, context: int) -> None:
        super().__init__()
        self.latent_dims = latent_dims
        self.parameters_of = nn.Linear(context, 2 * latent_dims + 1)
        with torch.no_grad():
            self.parameters_of.weight[:latent_dims].zero_()
            self.parameters_of.bias[:latent_dims].zero_()

    def forward(self, z: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """(…, N, d) and (N, F) → (…, N, d) and log |det|, (…, N)."""
        u, w, b = self.parameters_of(told).to(z.dtype).split((self.latent_dims, self.latent_dims, 1), dim=-1)
        along = (w * u).sum(-1, keepdim=True)
        kept = _above_minus_one(along)
        u = u + (kept - along) * w / w.square().sum(-1, keepdim=True).clamp(min=1e-12)
        bend = torch.tanh((w * z).sum(-1, keepdim=True) + b)
        return z + u * bend, torch.log1p((1.0 - bend.square()) * kept).squeeze(-1)


class AutoregressiveStep(nn.Module):
    """z' = e^s ⊙ z + m, with m and s of each dimension from the dimensions before it and the encoder.

    Kingma et al. 2016, eq. 10; the masks are those of MADE (Germain et al. 2015): unit k may see the first k·d/H
    dimensions, and a dimension is told by units that saw only those before it. `reverse`: "before" is "after".
    """

    def __init__(self, latent_dims: int, context: int, units: int, reverse: bool) -> None:
        super().__init__()
        self.inner = nn.Linear(latent_dims, units)
        self.of_context = nn.Linear(context, units)
        self.outer = nn.Linear(units, 2 * latent_dims)
        nn.init.zeros_(self.outer.weight)
        nn.init.zeros_(self.outer.bias)
        into, out = _masks(latent_dims, units, reverse)
        self.register_buffer("into", into, persistent=False)
        self.register_buffer("out", out, persistent=False)

    into: Tensor
    out: Tensor

    def forward(self, z: Tensor, told: Tensor) -> tuple[Tensor, Tensor]:
        """(…, N, d) and (N, F) → (…, N, d) and log |det| = Σ s, (…, N)."""
        seen = nnf.linear(z, self.inner.weight * self.into, self.inner.bias) + self.of_context(told)
        told_each = nnf.linear(nnf.silu(seen), self.outer.weight * self.out, self.outer.bias).to(z.dtype)
        shift, raw = told_each.chunk(2, dim=-1)
        log_scale = LARGEST_LOG_SCALE * torch.tanh(raw / LARGEST_LOG_SCALE)
        return torch.addcmul(shift, log_scale.exp(), z), log_scale.sum(-1)


def build_flow(config: ModelConfig) -> Flow | None:
    """The steps that a resolved configuration names; None for a plain diagonal Gaussian."""
    dims, told, steps = config.latent_dims, context_size(config), range(config.flows)
    match config.posterior:
        case "planar":
            return Flow([PlanarStep(dims, told) for _ in steps])
        case "iaf":
            units = max(told, min(2 * dims, MOST_UNITS))
            return Flow([AutoregressiveStep(dims, told, units, bool(step % 2)) for step in steps])
        case _:
            return None


def context_size(config: ModelConfig) -> int:
    """How many numbers the encoder tells the flow of each image; 0 without a flow."""
    return 0 if config.posterior == "diagonal" else CONTEXT_UNITS * config.width


def _above_minus_one(x: Tensor) -> Tensor:
    """A rising bend of all numbers into those above −1 that keeps 0 where it is."""
    lowest = 1.0 - LEAST_STRETCH
    return nnf.softplus(x + math.log(math.expm1(lowest))) - lowest


def _masks(latent_dims: int, units: int, reverse: bool) -> tuple[Tensor, Tensor]:
    """Which inputs reach which units, (units, d), and which units reach which outputs m and s, (2d, units)."""
    places = torch.arange(latent_dims)
    places = places.flip(0) if reverse else places
    seen = torch.arange(units) * latent_dims // units  # how many dimensions each unit may see: 0 to d − 1
    into = (places[None, :] < seen[:, None]).float()
    out = (seen[None, :] <= places[:, None]).float()
    return into, torch.cat((out, out))
