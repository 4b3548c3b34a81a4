"""A small classifier of images, to tell which classes the samples of a model are of."""

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.pace import Pace
from core.reports.progress import Progress

if TYPE_CHECKING:
    from sklearn.neural_network import MLPClassifier

UNITS = 128  # hidden units
SEEN = 200_000  # images seen in all
FEWEST_ROUNDS, MOST_ROUNDS = 10, 200
DECAY = 1e-3


def fit_classifier(
    rows: NDArray[np.float32], labels: NDArray[np.int64], classes: int, seed: int = 0
) -> "Generator[Progress, None, MLPClassifier]":
    """Train on rows (N, F) in [0, 1] with labels (N,) below `classes`; returns scikit-learn's classifier."""
    from sklearn.neural_network import MLPClassifier

    rounds = int(np.clip(SEEN // len(rows), FEWEST_ROUNDS, MOST_ROUNDS))
    classifier = MLPClassifier((UNITS,), alpha=DECAY, random_state=seed)
    pace = Pace("Training a classifier to judge by", rounds)
    for done in range(1, rounds + 1):
        classifier.partial_fit(rows, labels, classes=np.arange(classes))
        yield from pace.reports(done)
    return classifier
