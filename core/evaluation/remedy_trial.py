"""A remedy that was tried: the run before it and the run after it, side by side in words."""

from dataclasses import dataclass

from core.config import GROUPS, RunConfig
from core.evaluation.run_comparison import differences
from core.reports.training import HeldOutDone, Terms
from core.training.loss import final_loss

SAME = 0.05  # nats: what one digit after the point cannot show


@dataclass(frozen=True)
class Outcome:
    """One of the two: how it learned, and its last test on held-out images; None where there was none."""

    config: RunConfig
    held_out: HeldOutDone | None
    is_over: bool = True


def said_of_trial(before: Outcome, after: Outcome) -> str:
    """What the settings of both differ in, what each came to on held-out images in nats, and by how much.

    Objectives that weigh KL otherwise cannot be compared: then reconstruction + KL is, the ELBO's own weight.
    """
    old, new = differences([before.config, after.config])
    changes = ", ".join(f"{_title(key)} {_short(old[key])} → {_short(new[key])}" for key in old)
    return f"Before and after, {changes or 'the same settings'}: {_figures(before, after)}"


def _figures(before: Outcome, after: Outcome) -> str:
    if before.held_out is None:
        return "the run before was not tested on held-out images, so that the two cannot be compared."
    is_same = final_loss(before.config.training).formula == final_loss(after.config.training).formula
    was = _weighed(before.held_out.terms, is_same)
    what = "held-out objective" if is_same else "held-out reconstruction + KL"
    said = f"{what} {_nats(was)} nats per image before ({_steps(before.held_out)})"
    if after.held_out is None:
        return f"{said}; the new run was not tested yet."
    now, so_far = _weighed(after.held_out.terms, is_same), "" if after.is_over else ", so far"
    return f"{said}, {_nats(now)} after ({_steps(after.held_out)}): {_better(was - now)}{so_far}."


def _weighed(terms: Terms, is_same: bool) -> float:
    return terms.objective if is_same else terms.reconstruction + terms.kl


def _steps(tested: HeldOutDone) -> str:
    return f"{tested.step:,} step{'s' * (tested.step != 1)}"


def _better(nats: float) -> str:
    return "the same" if abs(nats) < SAME else f"{_nats(abs(nats))} {'better' if nats > 0 else 'worse'}"


def _nats(nats: float) -> str:
    return f"{nats:,.1f}".replace("-", "−")


def _title(key: str) -> str:
    """What the form calls a field, as "training.beta"."""
    group, field = key.split(".")
    return dict(GROUPS)[group].model_fields[field].title or field


def _short(value: object) -> str:
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
