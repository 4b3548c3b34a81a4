"""The codes as training goes: each batch leaves its posterior means behind, and the map moves at no extra encoding."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from core.evaluation.held_out import Encoded
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import Plane, principal_plane
from core.model.objectives import Objective
from core.model.vae import VAE

KL_MEMORY = 0.98  # how slowly the average KL of each dimension forgets


class MovingCodes:
    """Codes (N, d) by index of image; rows are NaN until an image has been in a batch."""

    def __init__(
        self,
        images: int,
        latent_dims: int,
        device: torch.device,
        classes: tuple[str, ...] = (),
        held_out: NDArray[np.bool_] | None = None,
        unlearned: frozenset[int] = frozenset(),
        labels: NDArray[np.int64] | None = None,
        draws: bool = True,
    ) -> None:
        self.codes = torch.full((images, latent_dims), torch.nan, device=device)
        self.kl_per_dim = torch.zeros(latent_dims, device=device)
        self.plane: Plane | None = None
        self._classes, self._held_out, self._unlearned = classes, held_out, unlearned
        self._labels, self._draws = labels, draws
        self._batches = 0

    def saw(self, indices: NDArray[np.int64], result: Objective) -> None:
        """Take the means of one training batch."""
        where = torch.from_numpy(indices).to(self.codes.device)
        self.codes.index_copy_(0, where, result.posterior.code.detach())
        memory = min(KL_MEMORY, self._batches / (self._batches + 1))
        self.kl_per_dim = torch.lerp(result.kl_per_dim.detach(), self.kl_per_dim, memory)
        self._batches += 1

    def encoded(self, part: Encoded) -> None:
        """Take the codes of images that were encoded on purpose."""
        self.codes[torch.from_numpy(part.indices)] = torch.from_numpy(part.codes).to(self.codes.device)

    def freeze(self, vae: VAE, step: int, fingerprint: str = "") -> LatentSpace:
        """The latent space as it is now, its plane turned as little as possible from the last one.

        `fingerprint` is that of the checkpoint that holds these weights, empty where none does.
        """
        codes = self.codes.cpu().numpy()
        self.plane = self._widest(codes)
        kl_per_dim = self.kl_per_dim.cpu().numpy()
        known = (self._classes, self._held_out, fingerprint, self._unlearned, self._labels, self._draws)
        return freeze(vae, codes, kl_per_dim, self.plane, step, *known)

    def tensors(self) -> dict[str, torch.Tensor]:
        """What a checkpoint keeps."""
        plane = self._widest(self.codes.cpu().numpy())
        return {
            "codes": self.codes,
            "kl_per_dim": self.kl_per_dim,
            "plane_origin": torch.from_numpy(plane.origin),
            "plane_axes": torch.from_numpy(plane.axes),
        }

    def load(self, tensors: Mapping[str, torch.Tensor], step: int = 0) -> None:
        """Go on from what a checkpoint of a training step kept; each step was a batch."""
        self.codes = tensors["codes"].to(self.codes.device)
        self.kl_per_dim = tensors["kl_per_dim"].to(self.codes.device)
        names = ("z₁", "z₂") if self.codes.shape[1] <= 2 else ("PC 1", "PC 2")
        self.plane = Plane(tensors["plane_origin"].numpy(), tensors["plane_axes"].numpy(), names)
        self._batches = step

    def _widest(self, codes: NDArray[np.float32]) -> Plane:
        """The plane that the images learned from are widest on: held-out codes are seen there, and move it not."""
        return principal_plane(codes if self._held_out is None else codes[~self._held_out], self.plane)
