"""Whether a run's numbers can be nats per image at all: they may come from elsewhere, as a mean over pixels."""

import math

import numpy as np

from core.evaluation.symptoms import RISING_STEPS, Symptoms
from core.reports.evaluation import Finding

SUMMED = 1 / 16  # of the mean image's nats that some report must pass, up or down, when the likelihood was summed
FEWEST_VALUES = 256  # with fewer in an image, sum and mean lie too close to tell
NEAR = 0.03  # share by which an untrained Bernoulli model may miss log 2
MASSES = ("bernoulli", "discretised-logistic")  # probabilities, at most 1: −log p is never below 0
REMEDY = (
    "No setting mends this: sum log p(x|z) over the pixels of an image, in natural logarithms, and train again. "
    "With a mean over pixels, KL weighs as if beta were {values:,}."
)


def not_in_nats(seen: Symptoms) -> Finding | None:
    """Numbers that a likelihood summed over pixels in natural logarithms cannot give.

    What can be recognised: (1) −log of a probability below 0, as when the sign is turned; (2) bits instead of nats,
    when the first steps of a Bernoulli model are at hand: an untrained one gives log 2 = 0.69 nats, or 1 bit, to each
    pixel; (3) a mean over pixels, or bits/dim, where a sum is meant: what the mean image has in nats is passed by every
    run that learns, a sixteenth of it by every run, and neither by a mean over 256 pixels or more. Other factors cannot
    be told from a model that is better or worse.
    """
    if seen.values < FEWEST_VALUES:
        return None
    return _below_zero(seen) or _in_bits(seen) or _averaged(seen)


def _below_zero(seen: Symptoms) -> Finding | None:
    lowest = float(seen.reconstruction.min())
    if seen.model.likelihood not in MASSES or lowest >= 0.0:
        return None
    return _finding(
        seen,
        f"Reconstruction fell to {lowest:,.2f}, and −log p(x|z) of a {seen.model.likelihood} likelihood is never "
        "below 0: its sign was turned, or these numbers are of another likelihood.",
    )


def _in_bits(seen: Symptoms) -> Finding | None:
    start, highest = seen.untrained, float(seen.reconstruction.max())
    if seen.model.likelihood != "bernoulli" or seen.steps[0].step > RISING_STEPS or highest > start:
        return None  # what is highest later says nothing of an untrained model
    if abs(start / seen.values - 1.0) > NEAR:
        return None
    return _finding(
        seen,
        f"The untrained model starts at {start:,.1f}, one for each of {seen.values:,} pixel "
        f"values: these are bits; in nats it would start at {seen.values * math.log(2):,.1f}.",
    )


def _averaged(seen: Symptoms) -> Finding | None:
    highest = float(np.abs(seen.reconstruction).max())
    if seen.steps[-1].step < RISING_STEPS or highest >= SUMMED * _least(seen):
        return None
    return _finding(
        seen,
        f"Reconstruction was never beyond {highest:,.3g}, and an image has {seen.values:,} pixel values: "
        "this is a mean over pixels, or bits/dim, not a sum in nats per image.",
    )


def _least(seen: Symptoms) -> float:
    """Nats, up or down, that a summed likelihood comes past; 0 where that is not known.

    An untrained Bernoulli model gives log 2 to each value, whatever the images are.
    """
    of_coins = seen.values * math.log(2) if seen.model.likelihood == "bernoulli" else 0.0
    return of_coins if seen.before is None else abs(seen.before.mean_image)


def _finding(seen: Symptoms, sentence: str) -> Finding:
    return Finding("objective not in nats", sentence, REMEDY.format(values=seen.values))
