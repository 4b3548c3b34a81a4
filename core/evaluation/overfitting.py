"""Whether a run knows the images it learned from by heart."""

from collections import Counter
from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.evaluation.symptoms import Symptoms
from core.reports import Finding, HeldOutDone

GIVEN_BACK = 0.02  # share of what was learned on held-out images that may be lost again
GAP = 0.25  # share of what was learned that may hold for the images learned from alone
NARROWEST = 4  # width of a network
FEWEST = 4  # reports on the same held-out images that make a curve
MIDDLE = 3  # reports whose median stands for a moment: one alone may be odd


def overfitting(seen: Symptoms) -> Finding | None:
    """Held-out images got worse while those learned from went on getting better.

    The generalisation loss of Prechelt 1998 (Early Stopping, but when?, §2), as a share of what was learned instead of
    the objective itself, which may be below 0. Where the curve does not say so, or there is none, a quarter of what was
    learned that holds for the images learned from alone is told by how far apart both are.
    """
    if not (seen.held_out and seen.is_settled):
        return None
    curve = _comparable(seen.held_out)
    risen = _risen(seen, curve) if len(curve) >= FEWEST else None
    return risen or _apart(seen)


def _comparable(held_out: Sequence[HeldOutDone]) -> list[HeldOutDone]:
    """Those on the same images: the report that ends a run is on all of them, those before on 2,000 at most."""
    usual, _ = Counter(report.images for report in held_out).most_common(1)[0]
    return [report for report in held_out if report.images == usual]


def _risen(seen: Symptoms, curve: Sequence[HeldOutDone]) -> Finding | None:
    weighed = np.array([seen.weighed(report.terms) for report in curve])
    calm = np.median(sliding_window_view(weighed, MIDDLE), axis=1)
    best, now = int(calm.argmin()), float(calm[-1])
    learned = seen.objective[0] - calm[best]
    risen = now - calm[best]
    then = _training_at(seen, curve[best + MIDDLE // 2].step)
    if risen <= GIVEN_BACK * max(learned, 0.0) or _now(seen) >= then:
        return None
    epoch = float(
        np.interp(
            curve[best + MIDDLE // 2].step, [each.step for each in seen.steps], [each.epoch for each in seen.steps]
        )
    )
    epochs = max(1, ceil(epoch))
    return Finding(
        "overfitting",
        f"Held-out images were best at epoch {epoch:.0f}, {calm[best]:,.1f} nats, and are at {now:,.1f} now, while "
        f"the {seen.images:,} images learned from went from {then:,.1f} to {_now(seen):,.1f}.",
        f"Stop at {epochs:,} epochs. More images help most; fewer latent dimensions or a narrower network help too.",
        {"training.epochs": epochs},
    )


def _apart(seen: Symptoms) -> Finding | None:
    held_out, now = seen.weighed(seen.held_out[-1].terms), _now(seen)
    gap, learned = held_out - now, seen.objective[0] - now
    if gap <= GAP * max(learned, 0.0):
        return None
    width = seen.model.width // 2
    return Finding(
        "overfitting",
        f"The {seen.images:,} images learned from are at {now:,.1f} nats and held-out ones at {held_out:,.1f}: "
        f"{gap / learned:.0%} of what was learned holds for the first alone.",
        "More images help most; a narrower network, fewer latent dimensions or fewer epochs help too.",
        {"model.width": width} if width >= NARROWEST else {},
    )


def _training_at(seen: Symptoms, step: int) -> float:
    return float(np.interp(step, [report.step for report in seen.steps], seen.objective))


def _now(seen: Symptoms) -> float:
    return float(np.mean([seen.weighed(report.mean) for report in seen.lately]))
