"""Pictures that the model makes up: z drawn from the mixture of Gaussians the codes lie in, or from the prior."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace, Prior

COUNT, COUNT_OF_CLASSES = 24, 20  # pictures; of a model that knows classes: so many at least, all classes as often
OFTEN, SELDOM = 500, 5_000  # milliseconds between drawings as the model learns: a mixture is to be fitted
EACH_IN_TURN = -1


@dataclass(frozen=True)
class Wish:
    """What to draw: from "normal" or "mixture", a class or each in turn, and the seed."""

    prior: "Prior" = "mixture"
    label: int = EACH_IN_TURN
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Drawn:
    """Latents (n, d) and the pictures (n, H, W, C) they decode to, each as the class of `labels` (n,)."""

    z: NDArray[np.float32]
    labels: NDArray[np.int64]
    pixels: NDArray[np.uint8]
    class_names: tuple[str, ...]  # of each, none where the model knows of none
    verdicts: NDArray[np.int8]  # (n,) how each stands to the pictures of its class, as in VERDICTS
    step: int
    wish: Wish = Wish()


class Sampling(QObject):
    """Draws while someone watches; the same wish again each time the model has moved on."""

    began = Signal()
    drawn = Signal(object)  # Drawn
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.last: Drawn | None = None
        self._space: LatentSpace | None = None
        self._wish = Wish()
        self._usual = ""  # the prior that the model is drawn from unless another is asked for
        self._is_watched, self._is_due = False, False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._draw_if_due)
        self._drawing = LatestOnly(_draw, self)
        self._drawing.answered.connect(self._take)
        self._drawing.failed.connect(self._fail)

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """Draw with this model from now on."""
        if self._space is not None and self._space.classes != latent_space.classes:
            self._wish = replace(self._wish, label=EACH_IN_TURN)
        if latent_space.usual_prior != self._usual:
            self._usual = latent_space.usual_prior
            self._wish = replace(self._wish, prior=self._usual)
        self._space, self._is_due = latent_space, True
        if not self._timer.isActive():
            self._draw_if_due()

    def clear(self) -> None:
        """There is no model."""
        self._space = self.last = None
        self._is_due = False

    def draw(self, prior: "Prior", label: int, seed: int) -> None:
        """Draw this now."""
        self._wish, self._is_due = Wish(prior, label, seed), True
        self._draw_if_due()

    def watch(self, is_watched: bool) -> None:
        """Whether anyone can see what is drawn."""
        self._is_watched = is_watched
        self._draw_if_due()

    def stop(self) -> None:
        """Leave the thread."""
        self._timer.stop()
        self._drawing.stop()

    def _draw_if_due(self) -> None:
        if self._is_due and self._is_watched and self._space is not None:
            self._is_due = False
            is_fast = self._wish.prior == "normal"
            self._timer.start(OFTEN if is_fast else SELDOM)
            if self.last is None or not is_fast:
                self.began.emit()
            self._drawing.ask((self._space, self._wish))

    def _is_current(self, question: "tuple[LatentSpace, Wish]") -> bool:
        space, wish = question
        same = self._space is not None and (space.classes, space.image_shape, space.latent_dims) == (
            self._space.classes,
            self._space.image_shape,
            self._space.latent_dims,
        )
        return same and wish == self._wish

    def _take(self, question: "tuple[LatentSpace, Wish]", drawn: Drawn) -> None:
        if self._is_current(question):
            self.last = drawn
            self.drawn.emit(drawn)

    def _fail(self, question: "tuple[LatentSpace, Wish]", error: Exception) -> None:
        if self._is_current(question):
            self.last = None
            self.failed.emit(sentence(error))


def _draw(question: "tuple[LatentSpace, Wish]") -> Drawn:
    from core.model.one_core import use_one_core

    use_one_core()
    space, wish = question
    count = _count(space)
    if space.conditional != "class":
        z = space.sample(count, wish.seed, wish.prior)
        verdicts = space.support.verdicts(z)
        return Drawn(z, np.zeros(len(z), np.int64), space.decode(z), (), verdicts, space.step, wish)
    learned = space.learned_labels
    labels = learned[np.arange(count) % len(learned)] if wish.label == EACH_IN_TURN else np.full(count, wish.label)
    z = space.sample(count, wish.seed, wish.prior, labels)
    names = tuple(space.classes[label] for label in labels)
    verdicts = np.zeros(len(z), np.int8)
    for label in np.unique(labels).tolist():
        verdicts[labels == label] = space.with_label(label).support.verdicts(z[labels == label])
    return Drawn(z, labels, space.decode(z, labels), names, verdicts, space.step, wish)


def _count(space: "LatentSpace") -> int:
    classes = len(space.learned_labels) if space.conditional == "class" else 0
    return classes * -(-COUNT_OF_CLASSES // classes) if 1 < classes <= 2 * COUNT_OF_CLASSES else COUNT
