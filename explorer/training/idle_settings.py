"""Settings that do nothing under what else is chosen, and why."""

from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Mapping[str, Any]]  # as the form reads them, right or wrong, by group and name

_FLOWS = ("planar", "iaf")


def idle_settings(values: Values) -> dict[tuple[str, str], str]:
    """The settings by group and name that change nothing about the run, each with the reason."""
    return {place: why for place, (is_idle, why) in _REASONS.items() if is_idle(values["model"], values["training"])}


_Rule = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]


def _is_autoencoder(_: Mapping[str, Any], training: Mapping[str, Any]) -> bool:
    return bool(training["objective"] == "autoencoder")


def _is_no_elbo(_: Mapping[str, Any], training: Mapping[str, Any]) -> bool:
    return bool(training["objective"] != "elbo")


def _has_no_grid(model: Mapping[str, Any], _: Mapping[str, Any]) -> bool:
    return model["network"] in ("linear", "mlp")


_NO_KL = "A plain autoencoder has no KL to weigh."
_REASONS: dict[tuple[str, str], tuple[_Rule, str]] = {
    ("model", "width"): (lambda model, _: model["network"] == "linear", "A linear network has no width."),
    ("model", "stages"): (_has_no_grid, "Only convolutions draw in stages."),
    ("model", "upsampling"): (_has_no_grid, "Only convolutions have a grid."),
    ("model", "encoder_norm"): (
        lambda model, _: model["network"] in ("linear", "conv"),
        "Only an MLP needs one.",
    ),
    ("model", "sigma"): (
        lambda model, _: model["likelihood"] != "gaussian",
        "Only the likelihood gaussian has a σ that is chosen.",
    ),
    ("model", "flows"): (
        lambda model, _: model["posterior"] not in _FLOWS,
        "Only a posterior that is a flow has steps: planar or iaf.",
    ),
    ("training", "effort"): (lambda _, training: training["epochs"] != "auto", "The epochs are given."),
    ("training", "samples"): (_is_autoencoder, "A plain autoencoder draws no samples."),
    ("training", "beta"): (_is_autoencoder, _NO_KL),
    ("training", "warm_up"): (_is_autoencoder, _NO_KL),
    ("training", "warm_up_cycles"): (
        lambda model, training: _is_autoencoder(model, training) or training["warm_up"] == 0,
        "There is no warm-up to repeat.",
    ),
    ("training", "free_bits"): (_is_no_elbo, "Only the objective elbo has free bits."),
    ("training", "capacity"): (_is_no_elbo, "Only the objective elbo has a capacity."),
}
