"""Shortest ways in picture space: between two latents, the way along which decoded pictures change least in all."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from core.model.conditions import Given
from core.model.tensor_model import blank
from core.reports.progress import Progress

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Decoder = Callable[[Tensor], Tensor]  # latents (M, d) → pictures (M, …) in which lengths are measured

STAGES = ((3, 24), (8, 32))  # (bends, pieces) of a way: what few bends have found, more only make finer
ROUNDS, STEPS = 3, 8  # of a stage: reports of progress at most, and steps of the search between two
ENOUGH = 1e-3  # a round that saves a smaller share of the energy was the last
AT_ONCE = 64  # pictures decoded together
FINDING = "Finding the shortest way"


def geodesic(
    space: "LatentSpace", start: Floats, end: Floats, number: int = 0, legs: int = 1
) -> Generator[Progress, None, Floats]:
    """Yield Progress as leg `number` of so many; returns knots (m, d) from start to end, inclusive.

    The mean pictures are the space in which lengths are taken: pixels in [0, 1]. See `shortest`.
    """
    knots = yield from shortest(decoder_of(space), torch.from_numpy(start), torch.from_numpy(end), number, legs)
    return np.asarray(knots.numpy(), np.float32)


def shortest(
    decode: Decoder, start: Tensor, end: Tensor, number: int = 0, legs: int = 1
) -> Generator[Progress, None, Tensor]:
    """Knots (m, d) of the geodesic under a decoder's metric, at an even speed in its pictures.

    They make the discrete energy m · Σ |g(zᵢ₊₁) − g(zᵢ)|² small (Shao, Kumar & Fletcher 2018, eq. 5), which bounds the
    squared length and equals it at an even speed (Arvanitidis, Hansen & Hauberg 2018). The way is the straight one and
    a few sines, so that no knot can leap over what lies between; the sines are found by L-BFGS. It is the shortest way
    near the straight one, not always of all, and never longer than that. A decoder that is sure of itself where there
    are no images may draw it through such places.
    """
    best = knots = _evened(decode, torch.stack((start, end)), STAGES[-1][1])
    for stage, (bends, pieces) in enumerate(STAGES):
        search = _Search(decode, _evened(decode, knots, pieces), bends)
        for each in range(ROUNDS):
            yield Progress(FINDING, (number * len(STAGES) + stage) * ROUNDS + each, legs * len(STAGES) * ROUNDS)
            if search.go_on() < ENOUGH:
                break
        knots = _evened(decode, search.knots, STAGES[-1][1])
        best = min(best, knots, key=lambda way: _length(decode, way))
    return best


def picture_steps(space: "LatentSpace", z: Floats, is_loop: bool = False) -> Floats:
    """How much the pictures of latents (M, d) change from each to the next, (M − 1,); in a loop to the first too, (M,).

    The root mean square of the change of pixels in [0, 1].
    """
    decode = decoder_of(space)
    wanted = torch.from_numpy(np.append(z, z[:1], axis=0) if is_loop else z)
    steps = []
    with torch.inference_mode():
        for first in range(0, len(wanted) - 1, AT_ONCE):
            pictures = decode(wanted[first : first + AT_ONCE + 1]).flatten(1)
            steps.append((pictures[1:] - pictures[:-1]).square().mean(dim=1).sqrt().numpy())
    return np.concatenate(steps) if steps else np.zeros(0, np.float32)


def decoder_of(space: "LatentSpace") -> Decoder:
    """The mean of p(x|z) as the space decodes it, a tensor (M, C, H, W) in [0, 1] that knows its gradient."""
    network = space.model.tensors()
    with torch.no_grad():
        condition = network.condition(blank(space.image_shape), Given(labels=torch.tensor([space.label])))

    def decode(z: Tensor) -> Tensor:
        return network.mean_image(z, condition)

    return decode


class _Search:
    """Bends a way (m + 1, d), whose ends stay, so that its energy falls."""

    def __init__(self, decode: Decoder, way: Tensor, bends: int) -> None:
        self._decode, self._way = decode, way
        shares = torch.linspace(0.0, 1.0, len(way), dtype=way.dtype)[1:-1, None]
        numbers = torch.arange(1, bends + 1, dtype=way.dtype)
        self._sines = torch.sin(torch.pi * shares * numbers) / numbers  # as stiff as each other: energy grows as k²
        self._bends = np.zeros(bends * way.shape[1])

    @property
    def knots(self) -> Tensor:
        """The way as it is now."""
        return self._bent(torch.from_numpy(self._bends).to(self._way.dtype))

    def go_on(self) -> float:
        """A few steps of L-BFGS (scipy's: torch's takes seconds to load); returns the share of the energy saved."""
        before, _ = self._energy(self._bends)
        found = minimize(self._energy, self._bends, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
        if not np.isfinite(found.fun) or found.fun >= before:
            return 0.0
        self._bends = found.x
        return float((before - found.fun) / before)

    def _energy(self, bends: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        wanted = torch.from_numpy(bends).to(self._way.dtype).requires_grad_(True)
        with torch.enable_grad():
            pictures = self._decode(self._bent(wanted)).flatten(1)
            energy = (len(self._way) - 1) * (pictures[1:] - pictures[:-1]).square().sum()
            (slope,) = torch.autograd.grad(energy, wanted)
        return float(energy.detach()), slope.double().numpy()

    def _bent(self, bends: Tensor) -> Tensor:
        between = self._way[1:-1] + self._sines @ bends.view(self._sines.shape[1], -1)
        return torch.cat((self._way[:1], between, self._way[-1:]))


@torch.no_grad()
def _evened(decode: Decoder, way: Tensor, pieces: int) -> Tensor:
    """The same way through `pieces` + 1 knots, each as far in pictures from the next; linear between those before."""
    fine = _at(way, torch.linspace(0.0, 1.0, 4 * pieces + 1, dtype=way.dtype))
    reached = torch.cat((way.new_zeros(1), _changes(decode, fine).cumsum(0)))
    if not 0 < float(reached[-1]) < float("inf"):
        return _at(way, torch.linspace(0.0, 1.0, pieces + 1, dtype=way.dtype))
    wanted = torch.linspace(0.0, float(reached[-1]), pieces + 1, dtype=way.dtype)
    shares = np.interp(wanted.numpy(), reached.numpy(), np.linspace(0.0, 1.0, len(fine)))
    return _at(fine, torch.from_numpy(shares).to(way.dtype))


def _at(way: Tensor, shares: Tensor) -> Tensor:
    """Places on a way (m, d), each piece taken to be as long: (len(shares), d)."""
    places = shares * (len(way) - 1)
    first = places.floor().clamp(0, len(way) - 2).long()
    part = (places - first)[:, None]
    return (1.0 - part) * way[first] + part * way[first + 1]


@torch.no_grad()
def _changes(decode: Decoder, way: Tensor) -> Tensor:
    """The distances (m − 1,) between the pictures of places on a way."""
    parts = [decode(way[first : first + AT_ONCE + 1]).flatten(1) for first in range(0, len(way) - 1, AT_ONCE)]
    return torch.cat([(part[1:] - part[:-1]).norm(dim=1) for part in parts])


def _length(decode: Decoder, way: Tensor) -> float:
    """Of a way in pictures, its pieces halved twice; what is not finite is longest."""
    length = float(_changes(decode, _at(way, torch.linspace(0.0, 1.0, 4 * len(way) - 3, dtype=way.dtype))).sum())
    return length if np.isfinite(length) else float("inf")
