"""What a likelihood gives to images when it knows nothing but their mean: a level that every run comes past."""

import math

import numpy as np
from numpy.typing import NDArray

from core.config import ModelConfig

LARGEST_LOGIT = 20.0  # of a mean that is black or white in every image
LEAST_VARIANCE = (1 / 255) ** 2  # of pixels in [0, 1]: one level
HALVINGS = 60


def nats_of_mean_image(config: ModelConfig, pixels: NDArray[np.uint8]) -> float:
    """−log p(x) in nats per image of images uint8 (N, H, W, C) under their mean image, at the best other parameters.

    Of the discretised logistic it is that of a Gaussian as wide, rounded to levels, which is within a tenth of a nat a
    value where pixels vary by more than a level.
    """
    mean, variance = _moments(pixels)
    match config.likelihood:
        case "bernoulli":
            return float(_entropy(mean).sum())
        case "continuous-bernoulli":
            return float(_continuous(mean).sum())
        case "gaussian":
            log_sigma, values = math.log(config.sigma), mean.size
            return values * (log_sigma + 0.5 * math.log(2 * math.pi)) + float(variance.sum()) / (2 * config.sigma**2)
        case "discretised-logistic":
            return max(0.0, _normal(variance) + mean.size * math.log(255))
        case _:
            return _normal(variance)


def _moments(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance of each value over images, (H, W, C), of pixels in [0, 1]."""
    total = squares = np.zeros(pixels.shape[1:])
    for image in pixels:
        values = image / 255.0
        total, squares = total + values, squares + values**2
    mean = total / len(pixels)
    return mean, np.maximum(squares / len(pixels) - mean**2, 0.0)


def _normal(variance: NDArray[np.float64]) -> float:
    """With one σ for all values, the best: σ² is their mean variance (Rybkin et al. 2021, eq. 5)."""
    return float(0.5 * variance.size * (math.log(2 * math.pi * max(variance.mean(), LEAST_VARIANCE)) + 1.0))


def _entropy(mean: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.clip(mean, 1e-12, 1 - 1e-12)
    return np.asarray(-share * np.log(share) - (1 - share) * np.log1p(-share), np.float64)


def _continuous(mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """−log p of the mean under the continuous Bernoulli whose mean it is, the best (it is an exponential family)."""
    low, high = np.full(mean.shape, -LARGEST_LOGIT), np.full(mean.shape, LARGEST_LOGIT)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_below = _mean_of(middle) < mean
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    logit = np.where(np.abs(low) < 1e-6, 1e-6, low)
    log_constant = np.log(logit / np.expm1(logit))  # p(x) = l·e^(l·x) / (e^l − 1)
    return np.asarray(-(logit * mean + log_constant), np.float64)


def _mean_of(logit: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 − e^−l) − 1 / l, and ½ + l / 12 near 0."""
    safe = np.where(np.abs(logit) < 1e-3, 1.0, logit)
    return np.where(np.abs(logit) < 1e-3, 0.5 + logit / 12, -1.0 / np.expm1(-safe) - 1.0 / safe)
