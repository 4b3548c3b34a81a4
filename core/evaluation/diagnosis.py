"""What is wrong with a run, from its own numbers, and what to do about it."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from core.config import RunConfig
from core.evaluation import nats_check, odd_images, overfitting
from core.evaluation.symptoms import RISING_STEPS, Symptoms
from core.reports.evaluation import Finding
from core.reports.training import HeldOutDone, StepDone, Untrained

NOTHING = 0.1  # nats in all: such codes tell at most exp(0.1) = 1.1 images apart
TOO_MUCH = 2.0  # nats of reconstruction that a nat of code must buy, where the ELBO asks for one
FAR, FAR_BEYOND = 10.0, 2.0  # nats in one dimension, and beyond what tells the images apart
FEWEST_WORSE = 10  # steps in a row: a few may be odd batches
NOISE = 0.05  # share of what was learned by which batches may differ
ROUGH = 0.25  # share of the whole, where the start is not known well
CALM_LEARNING_RATE = 1e-3


def diagnose(
    config: RunConfig,
    steps: Sequence[StepDone],
    held_out: Sequence[HeldOutDone],
    kl_per_dim: ArrayLike,
    images: int,
    untrained: Untrained | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a run of a resolved configuration that learns from so many images; empty when nothing is.

    Takes milliseconds, and may be asked again as training goes: nothing is said while it is too early.
    Numbers that are not nats per image would be misread by every other rule, so that they are said alone.
    """
    if not steps or too_early(steps):
        return ()
    seen = Symptoms(config, steps, held_out, np.asarray(kl_per_dim, np.float64), images, untrained)
    if (finding := nats_check.not_in_nats(seen)) is not None:
        return (finding,)
    return tuple(finding for rule in RULES if (finding := rule(seen)) is not None)


def too_early(steps: Sequence[StepDone]) -> str:
    """Why a run of so many steps cannot be judged, in words; empty: it can, or has not begun."""
    if not steps or steps[-1].step >= RISING_STEPS:
        return ""
    made = steps[-1].step
    return f"Too early to judge: {made:,} step{'s' * (made != 1)} of the {RISING_STEPS:,} that it takes."


def _learning_rate_too_high(seen: Symptoms) -> Finding | None:
    """Training made the model reconstruct worse than it did before it had learned anything.

    A step that is too long climbs out of the valley it is in (LeCun et al. 1998, Efficient BackProp, §4.2); what is
    learned afterwards, as the rate falls, starts anew from weights that were thrown far out.
    """
    learned = max(0.0, seen.untrained - float(seen.reconstruction.min()))
    noise = NOISE * learned
    if seen.before is None or seen.model.conditional == "completion":  # each batch hides more or fewer pixels
        noise += ROUGH * abs(seen.untrained)
    is_worse = seen.lowest_reconstruction > seen.untrained + noise
    if seen.longest(is_worse) < FEWEST_WORSE:
        return None
    at = seen.steps[int(np.where(is_worse, seen.reconstruction, -np.inf).argmax())]
    before = seen.training.highest_rate
    rate = min(CALM_LEARNING_RATE, float(f"{before / 10:.1g}"))
    return Finding(
        "learning rate too high",
        f"At step {at.step:,}, with a learning rate of {at.learning_rate:.2g}, reconstruction had risen "
        f"to {at.mean.reconstruction:,.0f} nats: worse than before anything was learned, {seen.untrained:,.0f}.",
        f"Lower the learning rate, from {before:g} to {rate:g}.",
        {"training.learning_rate": rate},
    )


def _exploding_variance(seen: Symptoms) -> Finding | None:
    """Codes lie so far out that samples from the prior never come near them.

    The mean KL of a dimension is what z tells of x and how far all codes together lie from the prior (Hoffman &
    Johnson 2016, eq. 7); the first is at most log N nats for N images, so that the rest is the second: codes whose
    variance, or mean, went away. Two nats of it are a variance of 7 where the prior has 1. At β = 1 that may well be
    the best there is, since a nat may buy many of reconstruction; below, the codes went out because it was cheap.
    """
    if seen.beta >= 1.0 or not (seen.speaks_of_dims and seen.is_settled and len(seen.kl_per_dim)):
        return None
    told, worst = math.log(max(2, seen.images)), float(seen.kl_per_dim.max())
    far = max(FAR, told + FAR_BEYOND)
    if worst <= far:
        return None
    count = int((seen.kl_per_dim > far).sum())
    return Finding(
        "exploding variance",
        f"{count} of {len(seen.kl_per_dim)} latent dimensions have left the prior: KL is up to {worst:,.1f} nats "
        f"in one, and telling {seen.images:,} images apart takes {told:.1f}: the codes lie at least {worst - told:.1f} "
        "nats away.",
        f"Raise beta from {seen.beta:g} to 1, so that the codes are held near the prior.",
        {"training.beta": 1.0},
    )


def _collapsed_posterior(seen: Symptoms) -> Finding | None:
    """q(z|x) is the prior whatever x is (Bowman et al. 2016, §3; Lucas et al. 2019), so that z says nothing of x.

    KL is never less than what z tells of x, the mutual information (Hoffman & Johnson 2016): under 0.1 nats all
    images together share 1.1 codes that can be told apart. Where nothing holds KL down, no code is worth its nats:
    images of noise, or of so little contrast that their likelihood does not see it.
    """
    if not (seen.has_kl and seen.is_settled) or seen.kl >= NOTHING or seen.pressure <= TOO_MUCH:
        return None
    why, remedy, changes = _held_down_by(seen)
    return Finding(
        "collapsed posterior",
        f"The codes say nothing of the images: KL is {seen.kl:.3f} nats in all {seen.model.latent_dims} latent "
        f"dimensions ({why}), so that every place decodes to nearly the same picture.",
        remedy,
        changes,
    )


def _over_regularised_blur(seen: Symptoms) -> Finding | None:
    """A nat of code must buy more than two of reconstruction, and the codes cannot tell the images apart.

    At its optimum a VAE has bought every nat of code that brings at least β of reconstruction (Alemi et al. 2018, §3);
    the ELBO asks for one. Telling N images apart takes log N nats (Hoffman & Johnson 2016): with less, several images
    share a picture, which is their blurred mean.
    """
    if not (seen.has_kl and seen.is_settled) or seen.kl < NOTHING or seen.model.conditional == "completion":
        return None  # what is visible tells images apart too
    needed = math.log(max(2, seen.images))
    if seen.kl >= needed or seen.pressure <= TOO_MUCH:
        return None
    why, remedy, changes = _held_down_by(seen)
    return Finding(
        "over-regularised blur",
        f"KL is {seen.kl:.1f} nats, and telling {seen.images:,} images apart takes {needed:.1f}: each must buy "
        f"{seen.pressure:.2g} of reconstruction ({why}), so that several share one blurred picture.",
        remedy,
        changes,
    )


def _held_down_by(seen: Symptoms) -> tuple[str, str, dict[str, object]]:
    """What makes a nat of code dear, in words; what to do about it, and the fields that do it."""
    if seen.residual is not None and seen.pressure > TOO_MUCH * max(1.0, seen.beta):
        why = f"σ {seen.model.sigma:g} over an error of {math.sqrt(seen.residual):.3f}"
        remedy = "Let σ fit the error that is left (likelihood gaussian-optimal)."
        return why, remedy, {"model.likelihood": "gaussian-optimal"}
    if seen.loss.capacity is not None:
        why = f"a capacity of {seen.loss.capacity:g} nats at beta {seen.beta:g}"
        return (
            why,
            "Learn by the ELBO: no capacity, beta 1.",
            {"training.capacity": None, "training.beta": 1.0},
        )
    return f"beta {seen.beta:g}", f"Lower beta from {seen.beta:g} to 1.", {"training.beta": 1.0}


RULES: tuple[Callable[[Symptoms], Finding | None], ...] = (
    _learning_rate_too_high,
    _exploding_variance,
    _collapsed_posterior,
    _over_regularised_blur,
    overfitting.overfitting,
    odd_images.images_unlike_all_others,
)
