"""p(x|z): what the decoder's output says about pixels; all constants are kept, so numbers compare with papers."""

import math
from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as nnf

from core.config import ModelConfig
from core.model.scale_limits import LOWEST_LOG_SCALE, LOWEST_LOG_SIGMA
from core.model.whole_batch import sum_over_batch

_HALF_LEVEL = 0.5 / 255
_NEAR_ZERO = 0.3  # of a logit: below it a series is exact to the last digits, and the formula loses some


class Likelihood(Protocol):
    """How a decoder's output (…, N, C, H, W) is read as a distribution of pixels."""

    def log_prob(self, output: Tensor, x: Tensor, counts: Tensor | None = None) -> Tensor:
        """log p(x|z) in nats per image, (…, N), of pixels x in [0, 1], (N, C, H, W).

        `counts` (N, 1, H, W) is 1 where a pixel counts and 0 where it does not; without it all count.
        """
        ...

    def log_mass(self, output: Tensor, x: Tensor) -> Tensor | None:
        """log P(the 8-bit levels of x | z) in nats per image, (…, N): a code length; None where there is none.

        A density is integrated over the bin of each level, half a level to either side, all that lies beyond 0 and 1
        with the first and the last: a density at the level itself can pass 1, and says nothing of bits (Theis et al.
        2016, §3.1).
        """
        ...

    def mean(self, output: Tensor) -> Tensor:
        """E[x|z] in [0, 1], (…, N, C, H, W)."""
        ...


class Bernoulli(nn.Module):
    """Each pixel is a coin with this probability; grey pixels count as probabilities (Kingma & Welling 2014, C.1)."""

    def log_prob(self, output: Tensor, x: Tensor, counts: Tensor | None = None) -> Tensor:
        """Nats per image, (…, N)."""
        return -_of_images(_coins(output, x), counts)

    def log_mass(self, output: Tensor, x: Tensor) -> None:
        """None: it is neither density nor probability of grey pixels."""

    def mean(self, output: Tensor) -> Tensor:
        """The probabilities, in [0, 1]."""
        return output.sigmoid()


class ContinuousBernoulli(nn.Module):
    """A density on [0, 1]: the Bernoulli's formula, with the constant that makes it one.

    Loaiza-Ganem & Cunningham 2019; with l the logit of λ the constant is l / tanh(l / 2), and 2 where l is 0.
    """

    def log_prob(self, output: Tensor, x: Tensor, counts: Tensor | None = None) -> Tensor:
        """Nats per image, (…, N)."""
        return _of_images(log_l_over_tanh(output) - _coins(output, x), counts)

    def log_mass(self, output: Tensor, x: Tensor) -> Tensor:
        """From P(a < x < b) = (e^(l·b) − e^(l·a)) / (e^l − 1), in nats per image, (…, N)."""
        low, high = (x - _HALF_LEVEL).clamp(min=0.0), (x + _HALF_LEVEL).clamp(max=1.0)
        size = output.abs().clamp(min=1e-6)  # below it the mass is the width to the last digit
        from_end = torch.where(output > 0, high - 1.0, -low)
        within = torch.log(-torch.expm1(-size * (high - low))) - torch.log(-torch.expm1(-size))
        return _of_images(size * from_end + within, None)

    def mean(self, output: Tensor) -> Tensor:
        """The mean is not λ: ½ + ½ coth(l / 2) − 1 / l, with l the logit."""
        near = output.abs() < _NEAR_ZERO
        logit = torch.where(near, torch.ones_like(output), output)
        series = output / 12.0 - output**3 / 720.0 + output**5 / 30240.0
        away = 0.5 + 0.5 / torch.tanh(0.5 * logit) - 1.0 / logit
        return torch.where(near, 0.5 + series, away).clamp(0.0, 1.0)


class Gaussian(nn.Module):
    """A normal density with one given σ for all pixels (Doersch 2016, section 2.1).

    σ decides how much reconstruction weighs against KL. Pixels are numbers in [0, 1], not 256 levels: the density can
    pass 1 and the objective can fall below 0.
    """

    def __init__(self, sigma: float) -> None:
        super().__init__()
        self.sigma = sigma

    def log_prob(self, output: Tensor, x: Tensor, counts: Tensor | None = None) -> Tensor:
        """Nats per image, (…, N)."""
        return _normal(output, x, counts, self._log_sigma(x))

    def log_mass(self, output: Tensor, x: Tensor) -> Tensor:
        """Nats per image, (…, N)."""
        return _normal_mass(output, x, self._log_sigma(x))

    def mean(self, output: Tensor) -> Tensor:
        """The means, clipped into [0, 1]."""
        return _clipped(output)

    def _log_sigma(self, x: Tensor) -> Tensor:
        return torch.full((), math.log(self.sigma), device=x.device)


class GaussianLearned(nn.Module):
    """A normal density with one learned σ for all pixels (Rybkin et al. 2021, eq. 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.log_sigma = nn.Parameter(torch.tensor(-1.0))

    def log_prob(self, output: Tensor, x: Tensor, counts: Tensor | None = None) -> Tensor:
        """Nats per image, (…, N)."""
        return _normal(output, x, counts, softly_above(self.log_sigma, LOWEST_LOG_SIGMA))

    def log_mass(self, output: Tensor, x: Tensor) -> Tensor:
        """Nats per image, (…, N)."""
        return _normal_mass(output, x, softly_above(self.log_sigma, LOWEST_LOG_SIGMA))

    def mean(self, output: Tensor) -> Tensor:
        """The means, clipped into [0, 1]."""
        return _clipped(output)


class GaussianOptimal(nn.Module):
    """A normal density whose σ² is the mean squared error, its analytic optimum (Rybkin et al. 2021, eq. 5).

    While learning (training mode, gradients on) that of the batch; else the running average that learning left, so that
    no image is told by its own error.
    """

    mean_squared_error: Tensor
    batches: Tensor

    def __init__(self, memory: float = 0.98) -> None:
        super().__init__()
        self._memory = memory
        self.register_buffer("mean_squared_error", torch.tensor(math.exp(-2.0)))
        self.register_buffer("batches", torch.tensor(0.0))

    def log_prob(self, output: Tensor, x: Tensor, counts: Tensor | None = None) -> Tensor:
        """Nats per image, (…, N)."""
        log_sigma = 0.5 * self._error(output, x, counts).log()
        return _normal(output, x, counts, log_sigma.clamp(min=LOWEST_LOG_SIGMA))

    def log_mass(self, output: Tensor, x: Tensor) -> Tensor:
        """Nats per image, (…, N), by the running average of the error."""
        return _normal_mass(output, x, (0.5 * self.mean_squared_error.log()).clamp(min=LOWEST_LOG_SIGMA))

    def mean(self, output: Tensor) -> Tensor:
        """The means, clipped into [0, 1]."""
        return _clipped(output)

    @torch.no_grad()  # at its optimum the objective does not change with σ: its gradient is that of a given σ
    def _error(self, output: Tensor, x: Tensor, counts: Tensor | None) -> Tensor:
        if not (self.training and output.requires_grad):
            return self.mean_squared_error
        squares = (x - output - 0.5).square()
        counted = torch.ones_like(squares) if counts is None else counts.expand_as(squares)
        total = sum_over_batch(torch.stack(((squares * counted).sum(), counted.sum())))
        newest: Tensor = total[0] / total[1].clamp(min=1.0)
        self.batches += 1.0
        weight = torch.clamp(1.0 / self.batches, min=1.0 - self._memory)
        known = torch.where(newest.isfinite(), newest.to(weight.dtype), self.mean_squared_error)
        self.mean_squared_error.lerp_(known, weight)
        return newest


class DiscretisedLogistic(nn.Module):
    """The probability of each of 256 levels under a logistic density with one learned scale a channel.

    Kingma et al. 2016, appendix: the mass between half a level below a level and half a level above it, and all that
    lies beyond for the first and the last. A probability: the objective is a code length.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.full((channels, 1, 1), -2.0))

    def log_prob(self, output: Tensor, x: Tensor, counts: Tensor | None = None) -> Tensor:
        """Nats per image, (…, N)."""
        sharpness, centred = self._sharpness(), x - output - 0.5
        above, below = sharpness * (centred + _HALF_LEVEL), sharpness * (centred - _HALF_LEVEL)
        to_last, to_first = -nnf.softplus(below), -nnf.softplus(-above)  # log-probabilities of all that lies beyond
        # log(σ(above) − σ(below)), in a form that keeps its digits where both are nearly the same
        between = to_first + to_last + torch.log(-torch.expm1(-2.0 * _HALF_LEVEL * sharpness))
        inner = torch.where(x > 1.0 - _HALF_LEVEL, to_last, between)
        return _of_images(torch.where(x < _HALF_LEVEL, to_first, inner), counts)

    def log_mass(self, output: Tensor, x: Tensor) -> Tensor:
        """Nats per image, (…, N): what it is a likelihood of."""
        return self.log_prob(output, x)

    def mean(self, output: Tensor) -> Tensor:
        """E[x|z] in [0, 1]: that of the logistic with what lies beyond 0 and 1 put there, to half a level."""
        sharpness, centre = self._sharpness(), output + 0.5
        inside = nnf.softplus(sharpness * centre) - nnf.softplus(sharpness * (centre - 1.0))
        return (inside / sharpness).clamp(0.0, 1.0)

    def _sharpness(self) -> Tensor:
        return torch.exp(-softly_above(self.log_scale, LOWEST_LOG_SCALE))


def build_likelihood(config: ModelConfig, channels: int) -> nn.Module:
    """The likelihood that a resolved configuration names."""
    makers: dict[str, Callable[[], nn.Module]] = {
        "bernoulli": Bernoulli,
        "continuous-bernoulli": ContinuousBernoulli,
        "gaussian": lambda: Gaussian(config.sigma),
        "gaussian-learned": GaussianLearned,
        "gaussian-optimal": GaussianOptimal,
        "discretised-logistic": lambda: DiscretisedLogistic(channels),
    }
    return makers[config.likelihood]()


def log_l_over_tanh(logit: Tensor) -> Tensor:
    """log(l / tanh(l / 2)), by its series where l is nearly 0."""
    near = logit.abs() < _NEAR_ZERO
    size = torch.where(near, torch.ones_like(logit), logit.abs())
    square = logit.square()
    series = math.log(2.0) + square * (1 / 12 - square * (7 / 1440 - square * 31 / 90720))
    return torch.where(near, series, torch.log(size) - torch.log(torch.tanh(0.5 * size)))


def softly_above(value: Tensor, floor: float) -> Tensor:
    """The value, bent so that it stays above a floor with a gradient everywhere (as Rybkin et al. do)."""
    return floor + nnf.softplus(value - floor)


def _coins(output: Tensor, x: Tensor) -> Tensor:
    return nnf.binary_cross_entropy_with_logits(output, x.expand_as(output), reduction="none")


def _normal(output: Tensor, x: Tensor, counts: Tensor | None, log_sigma: Tensor) -> Tensor:
    squares = nnf.mse_loss(output, (x - 0.5).expand_as(output), reduction="none")
    distance = _of_images(squares, counts) * torch.exp(-2.0 * log_sigma)
    values = x[0].numel() if counts is None else counts.expand_as(x).flatten(1).sum(1)
    return -0.5 * distance - values * (log_sigma + 0.5 * math.log(2 * math.pi))


def _normal_mass(output: Tensor, x: Tensor, log_sigma: Tensor) -> Tensor:
    """log of Φ(above) − Φ(below), of the tail that keeps its digits."""
    centred, sharpness = x - output - 0.5, torch.exp(-log_sigma)
    above = torch.where(x > 1.0 - _HALF_LEVEL, math.inf, sharpness * (centred + _HALF_LEVEL))
    below = torch.where(x < _HALF_LEVEL, -math.inf, sharpness * (centred - _HALF_LEVEL))
    is_upper = centred > 0
    more = torch.special.log_ndtr(torch.where(is_upper, -below, above))
    less = torch.special.log_ndtr(torch.where(is_upper, -above, below))
    return _of_images(more + torch.log(-torch.expm1(less - more)), None)


def _of_images(each: Tensor, counts: Tensor | None) -> Tensor:
    """Sums over the values of each image that count: (…, N, C, H, W) → (…, N)."""
    return (each if counts is None else each * counts).flatten(-3).sum(-1)


def _clipped(output: Tensor) -> Tensor:
    return (output + 0.5).clamp(0.0, 1.0)
