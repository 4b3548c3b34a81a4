"""The parts of a model that become graphs of ONNX: what goes into each, and what comes out."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.model.conditions import Given
from core.model.vae import VAE

EXAMPLES = 2  # images that a part is traced with: one would be taken for all that there can be
# What is said of inputs, and of the outputs of each part.
_SAID = {
    "image": "pixels in [0, 1]",
    "label": "the class, by its place among the names of classes",
    "visible": "1 where a pixel is given, 0 where it is hidden",
    "z": "places in latent space",
}
_OF_POSTERIOR = {"mean": "mean of q(z given x): the code", "log_variance": "log-variance of q(z given x)"}
_OF_FLOW = {
    "mean": "mean of the Gaussian that the flow bends",
    "log_variance": "log-variance of that Gaussian",
    "code": "where the flow takes the mean: what to decode",
}
_OF_PRIOR = {
    "mean": "mean of p(z given the visible part)",
    "log_variance": "log-variance of p(z given the visible part)",
}
_OF_PICTURE = {"picture": "mean of p(x given z), pixels in [0, 1]"}


@dataclass(frozen=True, eq=False)
class Part:
    """A network to trace: an example (2, …) of each input, the shape of each output but for N, what is said of both."""

    name: str
    network: nn.Module
    inputs: dict[str, Tensor]
    outputs: dict[str, tuple[int, ...]]
    said: dict[str, str]


class Encoder(nn.Module):
    """Images, and what is given of them → mean and log-variance of q(z|x); with a flow these are its base's."""

    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, image: Tensor, label: Tensor | None = None, visible: Tensor | None = None) -> tuple[Tensor, ...]:
        """(N, C, H, W) → (N, d) each; with a flow also the code, where the base's mean ends up."""
        posterior = self.vae.posterior(image, Given(label, visible))
        base = posterior.mean, posterior.log_variance
        return (*base, posterior.code) if posterior.is_flow else base


class Decoder(nn.Module):
    """Latents, and what is given → the mean of p(x|z) in [0, 1]."""

    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(
        self, z: Tensor, label: Tensor | None = None, image: Tensor | None = None, visible: Tensor | None = None
    ) -> Tensor:
        """(N, d) → (N, C, H, W); of `image` nothing is seen but what is `visible`."""
        seen = z if image is None else image  # of a class nothing else is read
        return self.vae.mean_image(z, self.vae.condition(seen, Given(label, visible)))


class Prior(nn.Module):
    """The visible part of images → mean and log-variance of p(z | visible part)."""

    def __init__(self, vae: VAE) -> None:
        super().__init__()
        self.vae = vae

    def forward(self, image: Tensor, visible: Tensor) -> tuple[Tensor, ...]:
        """(N, C, H, W) and (N, 1, H, W) → (N, d) each."""
        return tuple(self.vae.prior(image, Given(visible=visible)))


def parts_of(vae: VAE) -> Iterator[Part]:
    """Encoder and decoder of a frozen model; of one of completion also its prior, without which nothing is drawn."""
    height, width, channels = vae.image_shape
    image = {"image": torch.zeros(EXAMPLES, channels, height, width)}
    label = {"label": torch.zeros(EXAMPLES, dtype=torch.int64)} if vae.conditional == "class" else {}
    visible = {"visible": torch.zeros(EXAMPLES, 1, height, width)} if vae.conditional == "completion" else {}
    z = {"z": torch.zeros(EXAMPLES, vae.latent_dims)}
    seen = image | visible if visible else {}

    def part(name: str, network: nn.Module, inputs: dict[str, Tensor], said: dict[str, str]) -> Part:
        shape = (channels, height, width) if said is _OF_PICTURE else (vae.latent_dims,)
        return Part(name, network, inputs, dict.fromkeys(said, shape), _SAID | said)

    yield part("encoder", Encoder(vae), image | label | visible, _OF_POSTERIOR if vae.flow is None else _OF_FLOW)
    yield part("decoder", Decoder(vae), z | label | seen, _OF_PICTURE)
    if visible:
        yield part("prior", Prior(vae), seen, _OF_PRIOR)
