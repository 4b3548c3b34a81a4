"""Whether a run knows the images it learned from by heart."""

from collections import Counter
from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from core.evaluation.symptoms import Symptoms
from core.reports.evaluation import Finding
from core.reports.training import HeldOutDone

GIVEN_BACK = 0.02  # share of what was learned on held-out images that may be lost again
GAP = 0.25  # share of what was learned that may hold for the images learned from alone
NARROWEST = 4  # width of a network
FEWEST = 4  # tests on the same held-out images that make a curve
MOMENT = 0.05  # of the steps: the median of the tests in it, of three at least, stands for its middle


def overfitting(seen: Symptoms) -> Finding | None:
    """Held-out images got worse while those learned from went on getting better.

    The generalisation loss of Prechelt 1998 (Early Stopping, but when?, §2), as a share of what was learned instead of
    the objective itself, which may be below 0. Where the curve does not say so, or there is none, a quarter of what was
    learned that holds for the images learned from alone is told by how far apart both are. A few images unlike all
    others have no part in either, where it is known what the rest cost.
    """
    if not (seen.held_out and seen.is_settled):
        return None
    curve = _comparable(seen.held_out)
    risen = _risen(seen, curve) if len(curve) >= FEWEST else None
    return risen or _apart(seen)


def _comparable(held_out: Sequence[HeldOutDone]) -> list[HeldOutDone]:
    """Those on the same images: the report that ends a run is on all of them, those before on 2,000 at most.

    Of a run that an older version began, those of one version.
    """
    usual, _ = Counter(map(_kind, held_out)).most_common(1)[0]
    return [report for report in held_out if _kind(report) == usual]


def _kind(report: HeldOutDone) -> tuple[int, int]:
    return report.images, report.left_out


def _risen(seen: Symptoms, curve: Sequence[HeldOutDone]) -> Finding | None:
    calm = _calm(curve)
    best, now, trained = int(calm.argmin()), float(calm[-1]), seen.lately(seen.objective)
    step, learned = curve[best + 1].step, seen.start - calm[best]
    then = _at(seen, step, seen.objective)
    if now - calm[best] <= GIVEN_BACK * max(learned, 0.0) or trained >= then:
        return None
    epoch = _at(seen, step, [each.epoch for each in seen.steps])
    epochs = max(1, ceil(epoch))
    return Finding(
        "overfitting",
        f"Held-out images{_but(curve[-1])} were best at epoch {epoch:.0f}, {calm[best]:,.1f} nats, and are at "
        f"{now:,.1f} now, while the {seen.images:,} images learned from went from {then:,.1f} to {trained:,.1f}.",
        f"Stop at {epochs:,} epochs. More images help most; fewer latent dimensions or a narrower network help too.",
        {"training.epochs": epochs},
    )


def _apart(seen: Symptoms) -> Finding | None:
    last, now, learned = seen.held_out[-1], seen.lately(seen.objective), seen.learned
    gap = last.usual - now
    if learned <= 0.0 or gap <= GAP * learned:
        return None  # where nothing was learned, nothing was learned by heart
    width = seen.model.width // 2
    return Finding(
        "overfitting",
        f"The {seen.images:,} images learned from are at {now:,.1f} nats and held-out ones{_but(last)} at "
        f"{last.usual:,.1f}: {gap / learned:.0%} of what was learned holds for the first alone.",
        "More images help most; a narrower network, fewer latent dimensions or fewer epochs help too.",
        {"model.width": width} if width >= NARROWEST else {},
    )


def _but(tested: HeldOutDone) -> str:
    return f" but the {tested.left_out:,} costliest" * (tested.left_out > 0)


def _calm(curve: Sequence[HeldOutDone]) -> NDArray[np.float64]:
    """The objective about each test but the first and the last, of which the neighbours on one side are not known."""
    objective = np.array([report.usual for report in curve])
    steps = np.array([report.step for report in curve])
    near = 0.5 * MOMENT * steps[-1]
    return np.array(
        [
            np.median(objective[min(i - 1, int(first)) : max(i + 2, int(last))])
            for i in range(1, len(curve) - 1)
            for first, last in [np.searchsorted(steps, (steps[i] - near, steps[i] + near))]
        ]
    )


def _at(seen: Symptoms, step: int, of_reports: Sequence[float] | NDArray[np.float64]) -> float:
    return float(np.interp(step, [report.step for report in seen.steps], of_reports))
