"""What is wrong with a run, from its own numbers, and what to do about it."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from core.config import RunConfig
from core.evaluation import overfitting, units
from core.evaluation.symptoms import Symptoms
from core.reports import Finding, HeldOutDone, StepDone, Untrained

DEAD = 0.01  # nats: (0.01, δ)-collapse of Lucas et al. 2019, definition 1, on average over images
NOTHING = 0.1  # nats in all: such codes tell at most exp(0.1) = 1.1 images apart
TOO_MUCH = 2.0  # nats of reconstruction that a nat of code must buy, where the ELBO asks for one
FAR, FAR_BEYOND = 10.0, 2.0  # nats in one dimension, and beyond what tells the images apart
FEWEST_WORSE = 10  # steps: a few may be odd batches
NOISE = 0.05  # share of what was learned by which batches may differ
NOISE_OF_MASKS = 0.25  # share of the whole, where only hidden pixels count: each batch hides more or fewer
FREE_BITS = 0.25  # nats a dimension: Kingma et al. 2016, appendix C.8, found 0.125 to 2 to work
CALM_LEARNING_RATE, CALM_WARM_UP = 1e-3, 5.0


def diagnose(
    config: RunConfig,
    steps: Sequence[StepDone],
    held_out: Sequence[HeldOutDone],
    kl_per_dim: ArrayLike,
    images: int,
    untrained: Untrained | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a run of a resolved configuration that learns from so many images; empty when nothing is.

    Takes milliseconds, and may be asked again as training goes: nothing is said before the warm-up is over.
    Numbers that are not nats per image would be misread by every other rule, so that they are said alone.
    """
    if not steps:
        return ()
    seen = Symptoms(config, steps, held_out, np.asarray(kl_per_dim, np.float64), images, untrained)
    if (finding := units.not_in_nats(seen)) is not None:
        return (finding,)
    return tuple(finding for rule in RULES if (finding := rule(seen)) is not None)


def _learning_rate_too_high(seen: Symptoms) -> Finding | None:
    """Training made the model reconstruct worse than it did before it had learned anything.

    A step that is too long climbs out of the valley it is in (LeCun et al. 1998, Efficient BackProp, §4.2); what is
    learned afterwards, as the rate falls, starts anew from weights that were thrown far out.
    """
    learned = max(0.0, seen.untrained - float(seen.reconstruction.min()))
    noise = NOISE * learned
    if seen.model.conditional == "completion":
        noise += NOISE_OF_MASKS * abs(seen.untrained)
    is_worse = seen.reconstruction > seen.untrained + noise
    if seen.covered[is_worse].sum() < FEWEST_WORSE:
        return None
    at = seen.steps[int(np.where(is_worse, seen.reconstruction, -np.inf).argmax())]
    rate = min(CALM_LEARNING_RATE, float(f"{seen.training.learning_rate / 10:.1g}"))
    return Finding(
        "learning rate too high",
        f"At step {at.step:,}, with a learning rate of {at.learning_rate:.2g}, reconstruction had risen "
        f"to {at.mean.reconstruction:,.0f} nats: worse than before anything was learned, {seen.untrained:,.0f}.",
        f"Lower the learning rate, from {seen.training.learning_rate:g} to {rate:g}.",
        {"training.learning_rate": rate},
    )


def _exploding_variance(seen: Symptoms) -> Finding | None:
    """Codes lie so far out that samples from the prior never come near them.

    The mean KL of a dimension is what z tells of x and how far all codes together lie from the prior (Hoffman &
    Johnson 2016, eq. 7); the first is at most log N nats for N images, so that the rest is the second: codes whose
    variance, or mean, went away. Two nats of it are a variance of 7 where the prior has 1.
    """
    if not (seen.speaks_of_dims and seen.is_settled and len(seen.kl_per_dim)):
        return None
    told, worst = math.log(max(2, seen.images)), float(seen.kl_per_dim.max())
    far = max(FAR, told + FAR_BEYOND)
    if worst <= far:
        return None
    count = int((seen.kl_per_dim > far).sum())
    changes: dict[str, object] = {"training.beta": 1.0}
    remedy = f"Raise beta from {seen.beta:g} to 1, so that the codes are held near the prior."
    if seen.beta >= 1.0:
        changes = {"training.learning_rate": min(CALM_LEARNING_RATE, seen.training.learning_rate / 10)}
        remedy = "Lower the learning rate: at this beta only steps that are too long can throw codes so far out."
    return Finding(
        "exploding variance",
        f"{count} of {len(seen.kl_per_dim)} latent dimensions have left the prior: KL is up to {worst:,.1f} nats "
        f"in one, and telling {seen.images:,} images apart takes {told:.1f}: the codes lie at least {worst - told:.1f} "
        "nats away.",
        remedy,
        changes,
    )


def _collapsed_posterior(seen: Symptoms) -> Finding | None:
    """q(z|x) is the prior whatever x is (Bowman et al. 2016, §3; Lucas et al. 2019), so that z says nothing of x.

    KL is never less than what z tells of x, the mutual information (Hoffman & Johnson 2016): under 0.1 nats all
    images together share 1.1 codes that can be told apart.
    """
    if not (seen.has_kl and seen.is_settled) or seen.kl >= NOTHING:
        return None
    changes: dict[str, object] = {"training.beta": 1.0}
    remedy = f"Lower beta from {seen.beta:g} to 1."
    if seen.beta <= 1.0:
        changes = {"training.free_bits": FREE_BITS, "training.warm_up": max(CALM_WARM_UP, seen.training.warm_up)}
        remedy = "Let every latent dimension use some nats at no cost (free bits), and let beta rise more slowly."
        if seen.aim.kind == "iwae":
            changes["training.objective"] = "elbo"
            remedy = f"{remedy[:-1]}; free bits are the ELBO's, so learn by that."
    if seen.residual is not None and seen.pressure > TOO_MUCH * max(1.0, seen.beta):
        changes["model.likelihood"] = "gaussian-optimal"
        remedy = "Let σ fit the error that is left (likelihood gaussian-optimal)."
    return Finding(
        "collapsed posterior",
        f"The codes say nothing of the images: KL is {seen.kl:.3f} nats in all {seen.model.latent_dims} latent "
        "dimensions, so that every place decodes to nearly the same picture.",
        remedy,
        changes,
    )


def _over_regularised_blur(seen: Symptoms) -> Finding | None:
    """A nat of code must buy more than two of reconstruction, and the codes cannot tell the images apart.

    At its optimum a VAE has bought every nat of code that brings at least β of reconstruction (Alemi et al. 2018, §3);
    the ELBO asks for one. Telling N images apart takes log N nats (Hoffman & Johnson 2016): with less, several images
    share a picture, which is their blurred mean. With a capacity it is the capacity that KL is drawn to.
    """
    if not (seen.has_kl and seen.is_settled) or seen.kl < NOTHING or seen.model.conditional == "completion":
        return None  # what is visible tells images apart too
    needed = math.log(max(2, seen.images))
    if seen.kl >= needed or seen.pressure <= TOO_MUCH:
        return None
    told = f"KL is {seen.kl:.1f} nats, and telling {seen.images:,} images apart takes {needed:.1f}"
    if seen.aim.capacity is not None:
        return Finding(
            "over-regularised blur",
            f"{told}: a capacity of {seen.aim.capacity:g} nats lets several images share one blurred picture.",
            f"Raise the capacity to {math.ceil(needed)} nats.",
            {"training.capacity": float(math.ceil(needed))},
        )
    is_sigma = seen.residual is not None and seen.pressure > TOO_MUCH * max(1.0, seen.beta)
    why = (
        f"σ {seen.model.sigma:g} over an error of {math.sqrt(seen.residual or 0.0):.3f}"
        if is_sigma
        else f"beta {seen.beta:g}"
    )
    changes: dict[str, object] = {"model.likelihood": "gaussian-optimal"} if is_sigma else {"training.beta": 1.0}
    return Finding(
        "over-regularised blur",
        f"{told}: each must buy {seen.pressure:.2g} of reconstruction ({why}), so that several "
        "share one blurred picture.",
        "Let σ fit the error that is left (likelihood gaussian-optimal)." if is_sigma else "Lower beta to 1.",
        changes,
    )


def _dead_dimensions(seen: Symptoms) -> Finding | None:
    """At least half of the latent dimensions are unused: their q(z|x) is the prior (Lucas et al. 2019, definition 1).

    A few such are usual and harmless. When all are, the posterior has collapsed, which is said instead.
    """
    if not (seen.speaks_of_dims and seen.is_settled) or seen.kl < NOTHING:
        return None
    dims, dead = len(seen.kl_per_dim), int((seen.kl_per_dim < DEAD).sum())
    if 2 * dead < dims or dead < 2:
        return None
    used = max(1, dims - dead)
    return Finding(
        "dead dimensions",
        f"{dead} of {dims} latent dimensions are unused: each carries less than {DEAD:g} nats.",
        f"They do no harm; {used} latent dimensions would learn the same in less time. "
        + ("Or lower beta." if seen.beta > 1.0 else "Or make them used by free bits." * (seen.aim.kind == "elbo")),
        {"model.latent_dims": used},
    )


RULES: tuple[Callable[[Symptoms], Finding | None], ...] = (
    _learning_rate_too_high,
    _exploding_variance,
    _collapsed_posterior,
    _over_regularised_blur,
    _dead_dimensions,
    overfitting.overfitting,
)
