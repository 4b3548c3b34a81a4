"""E[x|z] of each likelihood of `core.model.likelihoods`: a decoder's output (N, H, W, C) → pixels in [0, 1]."""

import numpy as np

from core.config import ModelConfig
from core.model.by_numpy.layers import Layer, sigmoid
from core.model.by_numpy.taps import Floats, Weights
from core.model.scale_limits import LOWEST_LOG_SCALE

NEAR_ZERO = np.float32(0.3)  # of a logit: below it a series is exact to the last digits, and the formula loses some


def read_mean(config: ModelConfig, weights: Weights) -> Layer:
    """The mean of the likelihood; raises KeyError where a weight of it is missing."""
    match config.likelihood:
        case "bernoulli":
            return sigmoid
        case "continuous-bernoulli":
            return _continuous_bernoulli
        case "discretised-logistic":
            return _discretised_logistic(sharpness_of(weights))
        case _:
            return _clipped


def _continuous_bernoulli(output: Floats) -> Floats:
    near = np.abs(output) < NEAR_ZERO
    logit = np.where(near, np.float32(1.0), output)
    series = output / 12 - output**3 / 720 + output**5 / 30240
    away = 0.5 / np.tanh(logit / 2) - 1 / logit
    return _within(np.float32(0.5) + np.where(near, series, away))


def sharpness_of(weights: Weights) -> Floats:
    """Of a logistic density, (C,): the inverse of its scale in each channel."""
    log_scale, lowest = weights["likelihood.log_scale"].reshape(-1), np.float32(LOWEST_LOG_SCALE)
    return np.asarray(np.exp(-(lowest + np.logaddexp(np.float32(0.0), log_scale - lowest))), np.float32)


def _discretised_logistic(sharpness: Floats) -> Layer:
    def mean(output: Floats) -> Floats:
        inside = _softplus(sharpness * (output + 0.5)) - _softplus(sharpness * (output - 0.5))
        return _within(inside / sharpness)

    return mean


def _softplus(x: Floats) -> Floats:
    return np.logaddexp(np.float32(0.0), x)


def _clipped(output: Floats) -> Floats:
    return _within(output + np.float32(0.5))


def _within(pixels: Floats) -> Floats:
    return np.asarray(np.clip(pixels, 0.0, 1.0), np.float32)
