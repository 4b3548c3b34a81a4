"""Lines around most of the prior and of the aggregate posterior on the map, while they are wished for."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.images.image_names import same_names
from core.latent.contours import SHARES
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.marks import Style

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Gaussians = tuple[Floats, Floats]  # means and log-variances (M, d) of q(z|x)
Lines = list[tuple[str, list[Floats], Style]]  # name, lines (k, 2), "prior" or "aggregate"
Question = tuple["LatentSpace", "ImageSet | None", "Gaussians | None"]

EVERY = 20_000  # milliseconds between two looks at a model that is learning: it takes a second to encode the images
NAMES: dict[Style, str] = {"prior": "prior", "aggregate": "aggregate posterior"}
NOTHING: Lines = [(f"{name} {share:.0%}", [], style) for style, name in NAMES.items() for share in SHARES]
NO_IMAGES = "The images are needed for the aggregate posterior, and they are not here: the prior alone is shown."


class Contouring(QObject):
    """Keeps the posteriors of the images in hand, so that another plane costs no encoding."""

    found = Signal(object)  # Lines: of every name, without any where there are none to show
    noted = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._space: LatentSpace | None = None
        self._image_set: ImageSet | None = None
        self._is_on = False
        self._known: tuple[Floats, Gaussians] | None = None  # the codes they belong to, and the posteriors
        self._finding = LatestOnly(_find, self)
        self._finding.answered.connect(self._take)
        self._finding.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._timer = QTimer(self, singleShot=True, interval=EVERY)
        self._timer.timeout.connect(self._ask)

    def show(self, is_on: bool) -> None:
        """Whether lines are wished for."""
        self._is_on = is_on
        if is_on:
            self._ask()
            if self._image_set is None and self._space is not None:
                self.noted.emit(NO_IMAGES)
        else:
            self.found.emit(NOTHING)

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """This latent space is on the map, on its plane."""
        before, self._space = self._space, latent_space
        if before is not None and before.codes is latent_space.codes and not latent_space.plane.is_beside(before.plane):
            self.found.emit(NOTHING)  # those of another plane
        if before is None or before.codes is latent_space.codes:
            self._ask()
        elif not self._timer.isActive():
            self._timer.start()

    def show_images(self, image_set: "ImageSet | None") -> None:
        """The images of the latent space in hand."""
        self._image_set, self._known = image_set, None
        self._ask()

    def clear(self) -> None:
        """There is no model."""
        self._space = self._image_set = self._known = None
        self._timer.stop()
        self.found.emit(NOTHING)

    def stop(self) -> None:
        """Leave the thread."""
        self._timer.stop()
        self._finding.stop()

    def _ask(self) -> None:
        space = self._space
        if not self._is_on or space is None:
            return
        if not space.plane.is_exact:
            self.found.emit(NOTHING)
            return
        known = self._known[1] if self._known is not None and self._known[0] is space.codes else None
        self._finding.ask((space, self._image_set, known))

    def _take(self, question: Question, answer: "tuple[Gaussians | None, Lines]") -> None:
        (space, image_set, _), (gaussians, lines) = question, answer
        if not self._is_on or space is not self._space or image_set is not self._image_set:
            return
        if gaussians is not None:
            self._known = (space.codes, gaussians)
        self.found.emit(lines)


def _find(question: Question) -> "tuple[Gaussians | None, Lines]":
    from core.latent.contours import aggregate_contours, prior_contours
    from core.model.one_core import use_one_core

    use_one_core()
    space, image_set, known = question
    found = known if known is not None or image_set is None else _posteriors(space, image_set)
    outlines = {
        "prior": prior_contours(space.plane) if space.has_standard_prior else (),  # or it depends on what is visible
        "aggregate": () if found is None else aggregate_contours(space.plane, *found),
    }
    lines = {(style, each.share): list(each.lines) for style, each_of in outlines.items() for each in each_of}
    keys = [(style, share) for style in NAMES for share in SHARES]
    return found, [(name, lines.get(key, []), key[0]) for key, (name, _, _) in zip(keys, NOTHING, strict=True)]


def _posteriors(space: "LatentSpace", image_set: "ImageSet") -> "Gaussians | None":
    """Of images evenly chosen; each as its own class for a model that is told it."""
    from core.latent.contours import MOST_IMAGES

    if not len(image_set) or image_set.shape != space.image_shape:
        return None
    chosen = np.arange(len(image_set))[:: -(-len(image_set) // MOST_IMAGES)]
    is_told = space.conditional == "class" and same_names(space.classes, image_set.classes)
    return space.encode(np.asarray(image_set.pixels[chosen]), image_set.labels[chosen] if is_told else None)
