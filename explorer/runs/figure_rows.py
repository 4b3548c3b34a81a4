"""The figures of an evaluation in words: what each is called, its value, what it means."""

from typing import NamedTuple

from core.reports.evaluation import Evaluated, SamplesJudged
from explorer.toolkit.nats import nats_said
from explorer.workspace.below_zero import BRIEFLY


class Figure(NamedTuple):
    """One row of a table."""

    name: str
    value: str
    meaning: str


def figure_rows(found: Evaluated) -> list[Figure]:
    """Everything that `evaluate` found on held-out images: which those are, then the most telling first."""
    images = Figure("Images", f"{found.images:,}", "Held out: the model has learned from none of them")
    rows = [images, *_likelihood_rows(found), *_objective_rows(found)]
    return rows + (_sample_rows(found.samples) if found.samples is not None else [])


def _likelihood_rows(found: Evaluated) -> list[Figure]:
    count = f"{found.importance_samples:,}"
    rows = [
        Figure(
            "log p(x)",
            _with_error(found.log_px, found.log_px_se),
            f"Nats per image, higher is better. From {count} z of q(z|x), of which {found.effective_samples:.1f} count"
            + ": it is higher than this, ask for more" * found.too_few_count,
        ),
        Figure("Naive log p(x)", _with_error(found.naive_log_px, found.naive_log_px_se), found.naive_said),
    ]
    if found.bits_per_dim is not None:
        meaning = "What a pixel value's level costs to tell, one of 256; 8 would be no model at all; lower is better"
        rows.append(Figure("Bits per dim", f"{found.bits_per_dim:.3f}", meaning))
    return rows


def _objective_rows(found: Evaluated) -> list[Figure]:
    dims = len(found.kl_per_dim)
    gap = found.log_px + found.reconstruction + found.kl
    return [
        Figure(
            "Objective",
            nats_said(found.objective),
            f"Made small: {found.formula}, nats per image{_below(found.objective)}",
        ),
        Figure(
            "Reconstruction",
            nats_said(found.reconstruction),
            f"How badly images come back: −log p(x|z){_below(found.reconstruction)}",
        ),
        Figure("KL", nats_said(found.kl), "How much z can tell about an image; near 0 means that z is not used"),
        Figure("Gap", nats_said(gap), "How far the ELBO is below log p(x), at least: q(z|x) is not the true posterior"),
        Figure("Active units", f"{found.active_units} of {dims}", "Latent dimensions whose codes vary between images"),
    ]


def _sample_rows(judged: SamplesJudged) -> list[Figure]:
    beside = f"held-out images {judged.held_out_distance:.3f}, reconstructed {judged.reconstruction_distance:.3f}"
    rows = [
        Figure("Distance", f"{judged.distance:.3f}", f"Of samples to the nearest image learned from; {beside}"),
        Figure("Copies", f"{judged.copies:.1%}", "Samples that are nearly an image learned from; 1 % by chance"),
        Figure("Off", f"{judged.off:.1%}", "Samples that are like no image learned from; 5 % by chance"),
    ]
    if judged.classes:
        rows.append(Figure("Classes", _shares(judged), _accuracy(judged)))
    if judged.as_asked is not None:
        rows.append(Figure("As asked", f"{judged.as_asked:.1%}", "Samples that are of the class that was asked for"))
    return rows


def _shares(judged: SamplesJudged) -> str:
    missed = [name for name, share in zip(judged.classes, judged.balance, strict=True) if share < 0.01]
    return f"{len(judged.classes) - len(missed)} of {len(judged.classes)}"


def _accuracy(judged: SamplesJudged) -> str:
    shares = zip(judged.classes, judged.balance, judged.learned_balance, strict=True)
    name, share, learned = max(shares, key=lambda each: abs(each[1] - each[2]))
    sure = f" (right on {judged.classifier_accuracy:.0%})" if judged.classifier_accuracy is not None else ""
    return f"That samples are of, says a small classifier{sure}; farthest off: {name}, {share:.0%} for {learned:.0%}"


def _below(nats: float) -> str:
    return f"; {BRIEFLY}" if nats < 0 else ""


def _with_error(nats: float, error: float) -> str:
    return f"{nats_said(nats)} ± {error:.2f}"
