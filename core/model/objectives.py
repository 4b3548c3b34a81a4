"""What training makes small, in nats per image."""

import math
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from core.model.conditions import NOTHING_GIVEN, Given, Known
from core.model.posteriors import Posterior
from core.model.vae import VAE
from core.model.whole_batch import mean_over_batch

Kind = Literal["elbo", "iwae", "autoencoder"]


class Objective(NamedTuple):
    """The terms of each image, (N,), and of each dimension.

    `objective` is what is made small; `reconstruction` and `kl` are the terms of the ELBO whatever that is (with a flow
    `kl` is log q(z|x) − log p(z) of the z drawn). `kl_per_dim` (d,) is the mean over images; with a flow that of the
    base Gaussian, since the dimensions of a bent one are not independent.
    """

    objective: Tensor
    reconstruction: Tensor
    kl: Tensor
    kl_per_dim: Tensor
    posterior: Posterior


def objective(
    vae: VAE,
    x: Tensor,
    noise: Tensor,
    given: Given = NOTHING_GIVEN,
    *,
    kind: Kind = "elbo",
    beta: float = 1.0,
    free_bits: float = 0.0,
    capacity: float | None = None,
) -> Objective:
    """The objective of this kind for pixels in [0, 1], (N, C, H, W), and noise from N(0, I), (L, N, latent_dims).

    Free bits and capacity are the ELBO's; the autoencoder leaves noise and beta aside.
    """
    match kind:
        case "autoencoder":
            return autoencoder(vae, x, given)
        case "iwae":
            return iwae(vae, x, noise, beta, given)
        case _:
            return elbo(vae, x, noise, beta, given, free_bits=free_bits, capacity=capacity)


def elbo(
    vae: VAE,
    x: Tensor,
    noise: Tensor,
    beta: float = 1.0,
    given: Given = NOTHING_GIVEN,
    *,
    free_bits: float = 0.0,
    capacity: float | None = None,
) -> Objective:
    """E_q[−log p(x|z)] + β·KL(q(z|x) ‖ p(z)), by L samples of z an image.

    Kingma & Welling 2014, eq. 7; β: Higgins et al. 2017. `noise` is (L, N, latent_dims), or (N, latent_dims) for L = 1.
    Free bits λ: a dimension whose mean KL over the batch is below λ nats costs λ (Kingma et al. 2016, eq. 15); a flow's
    dimensions count together. Capacity C: β·|KL − C|, of the batch's mean KL (Burgess et al. 2018).
    """
    noise = noise[0] if noise.dim() == 3 and len(noise) == 1 else noise  # one sample is as fast as without L
    posterior, known = vae.encode(x, given)
    z, log_q = posterior.sample(noise) if posterior.is_flow else (posterior.base.sample(noise), None)
    reconstruction = _mean(-vae.log_likelihood(x, z, known.condition, known.visible))
    kl_each = posterior.base.kl(known.prior)  # after the decoder: gradients are summed in the order of the graph
    if log_q is not None:
        kl = _mean(log_q - _log_prior(known, z))
        charged = _beyond_free_bits(kl, kl[:, None], free_bits * vae.latent_dims)
    else:
        kl = kl_each.sum(1)
        charged = _beyond_free_bits(kl, kl_each, free_bits)
    if capacity is not None:
        charged = (charged - capacity) * torch.sign(mean_over_batch(charged.detach()) - capacity)
    return Objective(reconstruction + beta * charged, reconstruction, kl, kl_each.mean(0), posterior)


def iwae(
    vae: VAE, x: Tensor, noise: Tensor, beta: float = 1.0, given: Given = NOTHING_GIVEN, *, plain: bool = False
) -> Objective:
    """−log ¹⁄ₖ Σ w with log w = log p(x|z) + β·(log p(z) − log q(z|x)), by K samples (Burda et al. 2016, eq. 8).

    `noise` is (K, N, latent_dims). A diagonal posterior has the doubly reparameterised gradient (Tucker et al.
    2019); a flow, or `plain`, that of the formula. With K = 1 this is the ELBO.
    """
    if noise.dim() == 2 or len(noise) == 1:
        return elbo(vae, x, noise, beta, given)
    posterior, known = vae.encode(x, given)
    z, log_q = posterior.sample(noise)
    doubly = not (plain or posterior.is_flow)
    if doubly:
        log_q = posterior.base.detach().log_prob(z)
    log_likelihood = vae.log_likelihood(x, z, known.condition, known.visible)
    log_w = log_likelihood + beta * (_log_prior(known, z) - log_q)
    if doubly and z.requires_grad:
        _reparameterise_again(z, log_w.detach().softmax(0), beta)
    bound = log_w.logsumexp(0) - math.log(len(noise))
    kl_each = posterior.base.kl(known.prior)
    kl = _mean(log_q - _log_prior(known, z)) if posterior.is_flow else kl_each.sum(1)
    return Objective(-bound, -log_likelihood.mean(0), kl, kl_each.mean(0), posterior)


def autoencoder(vae: VAE, x: Tensor, given: Given = NOTHING_GIVEN) -> Objective:
    """−log p(x|z) at the code itself: no noise, no KL (Doersch 2016, section 2), for contrast.

    KL is only told. Where p(z | visible) is learned it is fitted to the codes as they are, which it does not move, so
    that there is something to draw completions from.
    """
    posterior, known = vae.encode(x, given)
    reconstruction = -vae.log_likelihood(x, posterior.code, known.condition, known.visible)
    kl_each = posterior.base.kl(known.prior)
    cost = reconstruction
    if known.prior is not None:
        cost = reconstruction - known.prior.log_prob(posterior.code.detach())
    return Objective(cost, reconstruction, kl_each.sum(1), kl_each.mean(0), posterior)


def _log_prior(known: Known, z: Tensor) -> Tensor:
    """log p(z) in nats, (…, N, d) → (…, N)."""
    if known.prior is not None:
        return known.prior.log_prob(z)
    return -0.5 * (z.square() + math.log(2 * math.pi)).sum(-1)


def _beyond_free_bits(kl: Tensor, groups: Tensor, free: float) -> Tensor:
    """KL (N,), or of its groups (N, G) Σ max(λ, mean over images), shared out; what is below λ has no gradient."""
    if free == 0.0:
        return kl
    return torch.where(mean_over_batch(groups.detach()) > free, groups, free).sum(1)


def _reparameterise_again(z: Tensor, weights: Tensor, beta: float) -> None:
    """Turn the weight w̃ of the gradient that reaches the encoder through z (K, N, d) into (1 − β)·w̃ + β·w̃².

    The term −β·w̃·∇log q(z) that was left out has the expectation of −β·w̃·(1 − w̃)·∂log w/∂z through z, by the same
    identity as in Tucker et al. 2019; with β = 1 what remains is their w̃².
    """
    scale = ((1.0 - beta) + beta * weights).unsqueeze(-1)
    z.register_hook(lambda gradient: gradient * scale)  # type: ignore[no-untyped-call]


def _mean(each: Tensor) -> Tensor:
    """Over samples, where there are several: (L, N) → (N,)."""
    return each if each.dim() == 1 else each.mean(0)
