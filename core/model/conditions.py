"""What a conditional model knows of an image beside z: its class, or the part of it that is visible."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf

from core.model.posteriors import DiagonalGaussian


class Given(NamedTuple):
    """What is known of N images: `labels` (N,) int64, `visible` (N, 1, H, W) float, 1 where a pixel is given.

    None: class 0, and nothing visible.
    """

    labels: Tensor | None = None
    visible: Tensor | None = None


NOTHING_GIVEN = Given()


class Known(NamedTuple):
    """What a model makes of what is given.

    `condition` (N, F) is told to encoder and decoder; `prior` is p(z | visible), None for N(0, I); `visible` is the
    mask (N, 1, H, W), None where the model is not one of completion.
    """

    condition: Tensor | None = None
    prior: DiagonalGaussian | None = None
    visible: Tensor | None = None


class ClassCondition(nn.Module):
    """The class as one-hot (Kingma et al. 2014, M2; Sohn et al. 2015)."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes

    def forward(self, x: Tensor, given: Given) -> Known:
        """Images (N, C, H, W) and their labels → one-hot (N, classes)."""
        labels = x.new_zeros(len(x), dtype=torch.int64) if given.labels is None else given.labels
        return Known(nnf.one_hot(labels, self.classes).to(x.dtype))


class CompletionCondition(nn.Module):
    """A network reads the visible part: p(z | visible), and features for the decoder.

    Sohn et al. 2015, section 4 (prior network); Doersch 2016, section 3. Hidden pixels do not reach it.
    """

    def __init__(self, network: nn.Module, latent_dims: int) -> None:
        super().__init__()
        self.network = network
        self.latent_dims = latent_dims

    def forward(self, x: Tensor, given: Given) -> Known:
        """Images (N, C, H, W) and their masks → features (N, F) and p(z | visible)."""
        visible = torch.zeros_like(x[:, :1]) if given.visible is None else given.visible.to(x.dtype)
        read = self.network(torch.cat((x * visible, visible), dim=1)).float()
        prior, features = read[:, : 2 * self.latent_dims], read[:, 2 * self.latent_dims :]
        return Known(nnf.silu(features), DiagonalGaussian.of(prior), visible)
