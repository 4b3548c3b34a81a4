"""The codes as training goes: each batch leaves its posterior means behind, and the map moves at no extra encoding."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from core.evaluation.encode_pass import Encoded
from core.latent.latent_space import LatentSpace, freeze
from core.latent.plane import Plane, kept_plane, learned_plane
from core.latent.sheet import Sheet, arrays_of, kept_sheet, plane_to_drag_on
from core.model.objectives import Objective
from core.model.vae import VAE
from core.training.processes import Part

KL_MEMORY = 0.98  # how slowly the average KL of each dimension forgets


class Seen(NamedTuple):
    """What a process has met since it last told: indices (n,), codes (n, d), its part of the average KL (d,)."""

    indices: NDArray[np.int64]
    codes: torch.Tensor
    kl_per_dim: torch.Tensor


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
        self._sheet: Sheet | None = None  # over it, from when the codes are exact until training goes on
        self._classes, self._held_out, self._unlearned = classes, held_out, unlearned
        self._labels, self._draws = labels, draws
        self.batches = 0
        self._own_kl = self.kl_per_dim
        self._untold: list[NDArray[np.int64]] = []

    def saw(self, indices: NDArray[np.int64], result: Objective, part: Part) -> None:
        """Take the means of one training batch, or of this process's part of it."""
        self._sheet = None
        kl_per_dim = result.kl_per_dim.detach()
        kl_per_dim = torch.where(kl_per_dim.isfinite(), kl_per_dim, self._own_kl)  # a step that nothing is learned from
        if not part.is_whole:
            kl_per_dim = kl_per_dim * (part.counted / part.whole)
            self._untold.append(indices[: part.counted])
        where = torch.from_numpy(indices[: part.counted]).to(self.codes.device)
        self.codes.index_copy_(0, where, result.posterior.code.detach()[: part.counted])
        memory = min(KL_MEMORY, self.batches / (self.batches + 1))
        self._own_kl = torch.lerp(kl_per_dim, self._own_kl, memory)
        if part.is_whole:
            self.kl_per_dim = self._own_kl
        self.batches += 1

    def untold(self) -> Seen:
        """What this process has met since it was last asked."""
        indices = np.unique(np.concatenate([np.zeros(0, np.int64), *self._untold]))
        self._untold = []
        return Seen(indices, self.codes[torch.from_numpy(indices)].cpu(), self._own_kl.cpu())

    def told(self, parts: Sequence[Seen]) -> None:
        """Take what all processes have met, this one among them."""
        for part in parts:
            self.codes[torch.from_numpy(part.indices)] = part.codes.to(self.codes.device)
        self.kl_per_dim = torch.stack([part.kl_per_dim for part in parts]).sum(0).to(self.codes.device)

    def encoded(self, part: Encoded) -> None:
        """Take the codes of images that were encoded on purpose."""
        self.codes[torch.from_numpy(part.indices)] = torch.from_numpy(part.codes).to(self.codes.device)

    def settle(self, vae: VAE) -> None:
        """The codes are exact: lay a sheet that follows them, where a hand on the plane would leave the pictures."""
        self._sheet = None
        found = plane_to_drag_on(self.freeze(vae, 0))
        self._sheet = found if isinstance(found, Sheet) else None

    def freeze(self, vae: VAE, step: int, fingerprint: str = "") -> LatentSpace:
        """The latent space as it is now, its plane turned as little as possible from the last one.

        `fingerprint` is that of the checkpoint that holds these weights, empty where none does.
        """
        codes = self.codes.cpu().numpy()
        self.plane = learned_plane(codes, self._held_out, self.plane)
        kl_per_dim = self.kl_per_dim.cpu().numpy()
        known = (self._classes, self._held_out, fingerprint, self._unlearned, self._labels, self._draws)
        plane = self.plane if self._sheet is None else replace(self._sheet, flat=self.plane)
        return freeze(vae, codes, kl_per_dim, plane, step, *known)

    def tensors(self) -> dict[str, torch.Tensor]:
        """What a checkpoint keeps."""
        plane = learned_plane(self.codes.cpu().numpy(), self._held_out, self.plane)
        return {
            "codes": self.codes,
            "kl_per_dim": self.kl_per_dim,
            "plane_origin": torch.from_numpy(plane.origin),
            "plane_axes": torch.from_numpy(plane.axes),
            **{name: torch.from_numpy(each) for name, each in arrays_of(self._sheet).items()},
        }

    def load(self, tensors: Mapping[str, torch.Tensor], step: int = 0) -> None:
        """Go on from what a checkpoint of a training step kept; each step was a batch."""
        self.codes = tensors["codes"].to(self.codes.device)
        self.kl_per_dim = self._own_kl = tensors["kl_per_dim"].to(self.codes.device)
        self.plane = kept_plane(tensors["plane_origin"].numpy(), tensors["plane_axes"].numpy())
        kept = kept_sheet(self.plane, {name: each.numpy() for name, each in tensors.items() if name != "codes"})
        self._sheet = kept if isinstance(kept, Sheet) else None
        self.batches = step
