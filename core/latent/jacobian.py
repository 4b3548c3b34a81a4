"""How fast the decoded picture changes as one walks over the plane: the decoder's Jacobian along the plane's axes."""

import numpy as np
import torch
from numpy.typing import NDArray

from core.latent.latent_space import LatentSpace
from core.model.conditions import Given
from core.model.tensor_model import blank

Floats = NDArray[np.float32]

STEP = 0.01  # in z, where the decoder's gradient is not known


def change_on_plane(space: LatentSpace, points: Floats) -> Floats:
    """The Frobenius norm of the Jacobian along the map's tangents at points (M, 2), (M,): ‖J·Aᵀ‖, pixels in [0, 1].

    Where it is high a small step changes the picture much (Arvanitidis et al. 2018: the metric JᵀJ of the pictures).
    """
    change = change_along(space, space.plane.to_latent(points), space.plane.tangents(points))
    return np.asarray(np.sqrt(np.square(change).sum(axis=1)), np.float32)


def change_along(space: LatentSpace, z: Floats, axes: Floats) -> Floats:
    """How much the picture changes with each unit along each axis: (M, k) at latents z (M, d).

    Axes are (k, d), or (k, M, d) where each latent has its own.

    For axis a the norm of J·a, J (H·W·C, d) the Jacobian of the mean of p(x|z). Exact up to rounding: uᵀJ is linear in
    u, so its derivative along a is J·a (two passes backwards, Townsend 2017); one axis costs what two decodings and
    their gradients do, and no network needs a forward mode of its own. Of an imported model by central differences.
    """
    if not space.model.tensors().is_differentiable:
        return _by_differences(space, np.asarray(z, np.float32), np.asarray(axes, np.float32))
    where = torch.from_numpy(np.array(z, np.float32)).requires_grad_()
    with torch.enable_grad():
        picture = space.model.tensors().mean_image(where, _condition(space))
        weights = torch.zeros_like(picture, requires_grad=True)
        (pulled,) = torch.autograd.grad(picture, where, weights, create_graph=True)
        pushed = [_along(pulled, weights, axis) for axis in torch.from_numpy(np.array(axes, np.float32))]
    return np.stack([each.flatten(1).norm(dim=1).numpy() for each in pushed], axis=1)


@torch.inference_mode()
def _by_differences(space: LatentSpace, z: Floats, axes: Floats) -> Floats:
    """J·a by what a step of STEP makes of the pictures either way: off by a share of its square."""
    condition = _condition(space)

    def pictures(latents: Floats) -> torch.Tensor:
        return space.model.tensors().mean_image(torch.from_numpy(latents), condition)

    steps = (np.float32(STEP) * np.broadcast_to(axis, z.shape) for axis in axes)
    changes = [(pictures(z + step) - pictures(z - step)).flatten(1).norm(dim=1).numpy() for step in steps]
    return np.asarray(np.stack(changes, axis=1) / (2.0 * STEP), np.float32)


def _along(pulled: torch.Tensor, weights: torch.Tensor, axis: torch.Tensor) -> torch.Tensor:
    """J·a (M, C, H, W) for an axis a (d,), or one for each (M, d), of uᵀJ (M, d) as a function of u."""
    (pushed,) = torch.autograd.grad(pulled, weights, axis.expand_as(pulled), retain_graph=True)
    return pushed


@torch.no_grad()
def _condition(space: LatentSpace) -> torch.Tensor | None:
    """The class that is decoded, or an image of which nothing is visible."""
    return space.model.tensors().condition(blank(space.image_shape), Given(labels=torch.full((1,), space.label)))
