"""Samples judged without the encoder: how near they are to real images, and whether every class is among them."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import ImagesError
from core.evaluation.classifier import fit_classifier
from core.evaluation.figures import spread
from core.evaluation.nearest_images import nearest_distances, reduced, reduced_some
from core.images.image_set import ImageSet
from core.latent.latent_space import LatentSpace
from core.pace import Pace
from core.reports.evaluation import SamplesJudged
from core.reports.progress import Progress

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

MOST_HELD_OUT = 2000  # held-out images compared, and classified
MOST_LEARNED = 10_000  # images that the classifier learns from; the nearest image is looked for among all
AT_ONCE = 128  # latents decoded in one pass
NEAR, FAR = 1.0, 95.0  # percentiles of the distances of reconstructions


@dataclass(frozen=True, eq=False)
class Yardstick:
    """The real images that samples are judged by; `labels` (N,) are indices into `classes`."""

    image_set: ImageSet
    labels: Labels
    classes: tuple[str, ...]

    @property
    def learned(self) -> NDArray[np.int64]:
        """The images that the run learned from."""
        return np.flatnonzero(~self.image_set.held_out)

    @property
    def held_out(self) -> NDArray[np.int64]:
        """Some images that it did not learn from; raises ImagesError when there are only the one or the other."""
        held_out = np.flatnonzero(self.image_set.held_out)
        if 0 < len(held_out) < len(self.labels):
            return spread(held_out, MOST_HELD_OUT)
        raise ImagesError(
            f"Samples are judged beside held-out images, and the run holds out none of {self.image_set.source}: "
            "train one with a held-out share above 0."
        )

    def asked(self, count: int) -> Labels:
        """The classes to ask a class-conditional model for, (count,): in the proportions of the images learned from."""
        return self.labels[spread(self.learned, count)][np.arange(count) % min(count, len(self.learned))]


class Samples(NamedTuple):
    """Pictures made up by a model, as `reduced` makes them, (M, F), and the class asked for of each, (M,), or None."""

    rows: Floats
    asked: Labels | None = None


def made_up(latent_space: LatentSpace, z: Floats, by: Yardstick) -> Generator[Progress, None, Samples]:
    """The samples that latents (M, d) decode to, whatever drew them; returns them."""
    asked = by.asked(len(z))
    rows = yield from _decoded(latent_space, z, asked, "Making up pictures")
    return Samples(rows, asked if latent_space.conditional == "class" else None)


def judge(samples: Samples, latent_space: LatentSpace, by: Yardstick) -> Generator[Progress, None, SamplesJudged]:
    """Judge samples by the images that a run learned from and by those it held out; returns the judgement.

    Samples nearer to what was learned than held-out images are copies (Meehan et al. 2020). Raises ImagesError.
    """
    held_out, pixels = by.held_out, by.image_set.pixels
    codes = [latent_space.encode(pixels[part], by.labels[part])[0] for part in _parts(held_out)]
    fair = yield from _decoded(latent_space, np.concatenate(codes), by.labels[held_out], "Reconstructing")
    rows = [samples.rows, reduced_some(pixels, held_out), fair]
    distances = yield from nearest_distances(np.concatenate(rows), pixels, by.learned)
    ours, real, reconstructed = np.split(distances, np.cumsum([len(each) for each in rows])[:-1])
    balance = yield from _balance(samples, rows[1], by)
    return SamplesJudged(
        samples=len(samples.rows),
        distance=float(np.median(ours)),
        held_out_distance=float(np.median(real)),
        reconstruction_distance=float(np.median(reconstructed)),
        copies=float((ours < np.percentile(reconstructed, NEAR)).mean()),
        off=float((ours > np.percentile(reconstructed, FAR)).mean()),
        **balance._asdict(),
    )


class _Balance(NamedTuple):
    classes: tuple[str, ...] = ()
    balance: tuple[float, ...] = ()
    learned_balance: tuple[float, ...] = ()
    classifier_accuracy: float | None = None
    as_asked: float | None = None


def _balance(samples: Samples, held_out: Floats, by: Yardstick) -> Generator[Progress, None, _Balance]:
    """What a small classifier makes of samples, and how far it can be trusted on held-out images (M, F)."""
    count = len(by.classes)
    if count < 2:
        return _Balance()
    learned = spread(by.learned, MOST_LEARNED)
    rows = reduced_some(by.image_set.pixels, learned)
    classifier = yield from fit_classifier(rows, by.labels[learned], count)
    found, right = classifier.predict(samples.rows), classifier.predict(held_out) == by.labels[by.held_out]
    return _Balance(
        by.classes,
        _shares(found, count),
        _shares(by.labels[by.learned], count),
        float(right.mean()),
        None if samples.asked is None else float((found == samples.asked).mean()),
    )


def _decoded(latent_space: LatentSpace, z: Floats, labels: Labels, doing: str) -> Generator[Progress, None, Floats]:
    """Pictures of latents (M, d), each as its class (M,) where the model heeds that, as `reduced` makes them."""
    heeds = latent_space.conditional == "class"
    rows, pace, done = list[Floats](), Pace(doing, len(z)), 0
    for part in _parts(np.arange(len(z))):
        rows.append(reduced(latent_space.decode(z[part], labels[part] if heeds else None)))
        done += len(part)
        yield from pace.reports(done)
    return np.concatenate(rows)


def _parts(indices: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    return (indices[start : start + AT_ONCE] for start in range(0, len(indices), AT_ONCE))


def _shares(labels: Labels, classes: int) -> tuple[float, ...]:
    counts = np.bincount(labels, minlength=classes)
    return tuple((counts / max(1, len(labels))).tolist())
