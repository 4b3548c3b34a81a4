"""The variational autoencoder: an encoder, a decoder and a likelihood; where asked for a flow and a condition."""

from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from core.config import ModelConfig
from core.model.conditions import NOTHING_GIVEN, ClassCondition, CompletionCondition, Given, Known
from core.model.flows import build_flow, context_size
from core.model.likelihoods import Likelihood, build_likelihood
from core.model.networks import build_decoder, build_encoder
from core.model.posteriors import DiagonalGaussian, Posterior

FEATURE_UNITS = 8  # numbers the decoder is told of the visible part, as a multiple of the width


class Encoded(NamedTuple):
    """What a model knows of N images before it draws z: q(z|x), and what was given."""

    posterior: Posterior
    known: Known


class VAE(nn.Module):
    """q(z|x) and p(x|z) for images of shape (H, W, C) (Kingma & Welling 2014).

    The prior is N(0, I), or p(z | visible) in a model of completion. `classes` is how many a class-conditional model
    tells apart. `given` is what is known of the images; without it class 0, nothing visible.
    """

    can_encode = is_differentiable = True

    def __init__(self, config: ModelConfig, image_shape: tuple[int, int, int], classes: int = 1) -> None:
        super().__init__()
        self.config, self.latent_dims, self.image_shape = config, config.latent_dims, image_shape
        self.classes, self.conditional = classes, config.conditional
        height, width, channels = image_shape
        told = {"none": 0, "class": classes, "completion": FEATURE_UNITS * config.width}[config.conditional]
        seen = channels + (config.conditional == "completion")  # with the mask, which changes what the code must hold
        outputs = 2 * config.latent_dims + context_size(config)
        self.encoder = build_encoder(config, (seen, height, width), outputs, told)
        self.decoder = build_decoder(config, (channels, height, width), told)
        self.likelihood = build_likelihood(config, channels)
        self.flow = build_flow(config)
        self.conditions: ClassCondition | CompletionCondition | None = None
        if config.conditional == "class":
            self.conditions = ClassCondition(classes)
        elif config.conditional == "completion":
            reader = build_encoder(config, (seen, height, width), 2 * config.latent_dims + told)
            self.conditions = CompletionCondition(reader, config.latent_dims)

    @property
    def has_standard_prior(self) -> bool:
        """Whether z is drawn from N(0, I): a model of completion learned its prior."""
        return self.conditional != "completion"

    def encode(self, x: Tensor, given: Given = NOTHING_GIVEN) -> Encoded:
        """q(z|x) and what is known beside z, each network run once, of pixels in [0, 1], (N, C, H, W)."""
        known = self._known(x, given)
        seen = x if known.visible is None else torch.cat((x, known.visible), dim=1)
        encoded = self.encoder(seen) if known.condition is None else self.encoder(seen, known.condition)
        base, context = encoded.float(), None
        if self.flow is not None:
            base, context = base[:, : 2 * self.latent_dims], base[:, 2 * self.latent_dims :]
        return Encoded(Posterior(DiagonalGaussian.of(base), self.flow, context), known)

    def posterior(self, x: Tensor, given: Given = NOTHING_GIVEN) -> Posterior:
        """q(z|x) of pixels in [0, 1], (N, C, H, W)."""
        return self.encode(x, given).posterior

    def prior(self, x: Tensor, given: Given = NOTHING_GIVEN) -> DiagonalGaussian:
        """N(0, I) for each image, or p(z | its visible part): mean and log-variance (N, latent_dims)."""
        prior = self._known(x, given).prior
        return DiagonalGaussian.standard(x.new_zeros(len(x), self.latent_dims)) if prior is None else prior

    def condition(self, x: Tensor, given: Given = NOTHING_GIVEN) -> Tensor | None:
        """What the decoder gets beside z, (N, F): a one-hot class, or features of the visible part; else None."""
        return self._known(x, given).condition

    def log_likelihood(
        self, x: Tensor, z: Tensor, condition: Tensor | None = None, visible: Tensor | None = None
    ) -> Tensor:
        """log p(x|z) in nats per image for latents (…, N, latent_dims), (…, N).

        With `visible` (N, 1, H, W) only the hidden pixels count.
        """
        counts = None if visible is None else 1.0 - visible
        return cast(Likelihood, self.likelihood).log_prob(self._decode(z, condition), x, counts)

    def log_likelihood_and_mass(
        self, x: Tensor, z: Tensor, condition: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """log p(x|z), and log P(the 8-bit levels of x | z) where there is one, both in nats per image, (…, N)."""
        output, likelihood = self._decode(z, condition), cast(Likelihood, self.likelihood)
        return likelihood.log_prob(output, x), likelihood.log_mass(output, x)

    def mean_image(self, z: Tensor, condition: Tensor | None = None) -> Tensor:
        """E[x|z] in [0, 1], (N, C, H, W); a condition may be one row for all z."""
        return cast(Likelihood, self.likelihood).mean(self._decode(z, condition))

    def _known(self, x: Tensor, given: Given) -> Known:
        return Known() if self.conditions is None else cast(Known, self.conditions(x, given))

    def _decode(self, z: Tensor, condition: Tensor | None) -> Tensor:
        """(…, N, latent_dims) and (N or 1, F) → (…, N, C, H, W), in float32."""
        rows = z if z.dim() == 2 else z.flatten(0, -2)
        if self.conditions is None:
            output = self.decoder(rows)
        else:
            told = self._nothing_given(z) if condition is None else condition
            output = self.decoder(rows, told.expand(*z.shape[:-1], told.shape[-1]).flatten(0, -2))
        output = output.float()
        return output if z.dim() == 2 else output.unflatten(0, z.shape[:-1])  # type: ignore[no-any-return]

    def _nothing_given(self, z: Tensor) -> Tensor:
        height, width, channels = self.image_shape
        condition = self.condition(z.new_zeros(1, channels, height, width))
        assert condition is not None  # only a conditional model asks
        return condition
