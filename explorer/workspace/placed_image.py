"""Images from outside, dropped, pasted or drawn: where they lie, what is lost on the way, and how they stand."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from core.images.image_names import same_names
from explorer.toolkit.image_conversion import from_qimage
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import Table, Viewing

if TYPE_CHECKING:
    from core.config import ImagesConfig
    from core.evaluation.typicality import ImageStanding, Typicality
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace
    from core.latent.outside_pictures import FoundAgain
    from core.latent.placement import Ellipse, Placement

Pixels = NDArray[np.uint8]
Source = Path | QImage | Pixels

DRAWING = "Drawing"
WEIGH_AFTER = 400  # milliseconds: a hand that draws is not to wait for what is compared with held-out images
LATER = "how it stands to the pictures: known once the images are read"
TOO_FEW = "too few images are known to compare it with"
NO_MODEL = "There is no model yet to place an image with: open a run or train one first."


@dataclass(frozen=True, eq=False)
class Wish:
    """An image to place with a model; `goes_there` is whether the cursor is to go where it lies."""

    latent_space: "LatentSpace"
    name: str
    source: Source
    images: "ImagesConfig | None" = None  # how pictures are made into images; None for one that is an image already
    goes_there: bool = True


@dataclass(frozen=True, eq=False)
class Placed:
    """A placement as the map shows it: its point, and its posterior's ellipse; None on a map that is no plane."""

    placement: "Placement"
    point: tuple[float, float]
    ellipse: "Ellipse | None"


@dataclass(frozen=True, eq=False)
class Weighed:
    """How the placed image stands to the pictures; None, with `why_not`, where there is nothing to compare it with."""

    standing: "ImageStanding | None" = None
    why_not: str = ""


class Placing(QObject):
    """Holds the one image that was placed, and places it anew with every newer model."""

    placed = Signal(object)  # Placed, again whenever the model or the plane is another
    brought = Signal(object)  # Placement, once for each image
    weighed = Signal(object)  # Weighed, of the last placed
    found_again = Signal(object)  # FoundAgain: a picture that was decoded from a latent space
    taken_away = Signal()
    failed = Signal(str)

    def __init__(self, viewing: Viewing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.last: Placement | None = None
        self._viewing = viewing
        self._wished: Wish | None = None  # what was asked for and is not answered yet
        self._placing = LatestOnly(_place, self)
        self._placing.answered.connect(self._take)
        self._placing.failed.connect(self._fail)
        self._weighing = LatestOnly(_Scales().weigh, self)
        self._weighing.answered.connect(self._take_weighed)
        self._weighing.failed.connect(lambda _, error: self.weighed.emit(Weighed(why_not=sentence(error))))
        self._weigh_timer = QTimer(self, singleShot=True, interval=WEIGH_AFTER)
        self._weigh_timer.timeout.connect(self._weigh)

    def place_file(self, path: Path, images: "ImagesConfig") -> None:
        """Place an image file, read as the images of the run were; one of our own pictures is found again instead."""
        self._wish(path.name, path, images)

    def place_picture(self, name: str, picture: QImage, images: "ImagesConfig") -> None:
        """Place a picture that was copied elsewhere."""
        self._wish(name, picture, images)

    def place_drawing(self, pixels: Pixels, images: "ImagesConfig") -> None:
        """Place what is being drawn, (h, w, C); newer strokes overtake older ones."""
        self._wish(DRAWING, pixels, images)

    def go_back(self) -> None:
        """The cursor goes to the placed image again."""
        if self.last is not None:
            self._viewing.look_at(self.last.z)

    def take_away(self) -> None:
        """There is no placed image any more."""
        self._wished = self.last = None
        self._weigh_timer.stop()
        self.taken_away.emit()

    def show_map(self, latent_space: "LatentSpace", _: Table) -> None:
        """Place the image in hand with this model from now on; on another plane it only lies elsewhere."""
        last = self.last
        if last is None:
            return
        if not _is_like(last.latent_space, latent_space):
            self.take_away()
        elif is_same_model(last.latent_space, latent_space):
            self._show(last)
        elif self._wished is None:
            self._place_again(last)

    def show_images(self, image_set: "ImageSet | None") -> None:
        """The images have been read: now it can be said how the placed one stands to them."""
        if self.last is not None and image_set is not None:
            self._weigh_timer.start()

    def stop(self) -> None:
        """Leave every thread."""
        self._weigh_timer.stop()
        self._placing.stop()
        self._weighing.stop()

    def _wish(self, name: str, source: Source, images: "ImagesConfig") -> None:
        if self._viewing.latent_space is None:
            self.failed.emit(NO_MODEL)
            return
        self._wished = Wish(self._viewing.latent_space, name, source, images)
        self._placing.ask(self._wished)

    def _place_again(self, placement: "Placement") -> None:
        """With the model as it is now; the cursor goes along if it is where the image lies."""
        space, z = self._viewing.latent_space, self._viewing.z
        if space is not None:
            is_there = z is not None and np.array_equal(z, placement.z)
            self._placing.ask(Wish(space, placement.name, placement.pixels, goes_there=is_there))

    def _take(self, wish: Wish, answer: "Placement | FoundAgain") -> None:
        from core.latent.outside_pictures import FoundAgain

        space, is_new = self._viewing.latent_space, wish.images is not None
        self._wished = None if wish is self._wished else self._wished
        if space is None or not _is_like(space, wish.latent_space) or not (is_new or self.last is not None):
            return
        if isinstance(answer, FoundAgain):
            self.found_again.emit(answer)
            return
        self._show(answer)
        if is_new:
            self.brought.emit(answer)
        if wish.goes_there:
            self._viewing.look_at(answer.z)
        if not is_same_model(space, answer.latent_space) and self._wished is None:
            self._place_again(answer)

    def _show(self, placement: "Placement") -> None:
        from core.latent.placement import ellipses_on

        space, is_other = self._viewing.latent_space, self.last is not placement
        assert space is not None
        self.last = placement
        u, v = space.plane.to_points(placement.z[None])[0]
        ellipses = ellipses_on(space.plane, placement.z[None], placement.log_variance[None])
        self.placed.emit(Placed(placement, (float(u), float(v)), ellipses[0] if ellipses else None))
        if is_other and not self._weigh_timer.isActive():
            self._weigh_timer.start()

    def _weigh(self) -> None:
        if self.last is not None:
            self._weighing.ask((self.last, self._viewing.image_set))

    def _take_weighed(self, question: "tuple[Placement, ImageSet | None]", weighed: Weighed) -> None:
        if self.last is None:
            return
        if question[0].name == self.last.name:
            self.weighed.emit(weighed)
        if question[0] is not self.last:
            self._weigh_timer.start()

    def _fail(self, wish: Wish, error: Exception) -> None:
        self._wished = None if wish is self._wished else self._wished
        self.failed.emit(sentence(error))


class _Scales:
    """Compares placed images with held-out ones; measures these once for each model. Lives in one thread."""

    def __init__(self) -> None:
        self._measured: tuple[LatentSpace, ImageSet, Typicality] | None = None

    def weigh(self, question: "tuple[Placement, ImageSet | None]") -> Weighed:
        """How the image stands to those in the set."""
        from core.evaluation.typicality import objectives
        from core.model.one_core import use_one_core

        use_one_core()
        placement, image_set = question
        if image_set is None:
            return Weighed(why_not=LATER)
        space = placement.latent_space
        nats = float(objectives(space, placement.pixels[None])[0])
        place = space.support.verdict(placement.z)
        verdict = None if place is None else place.verdict
        standing = self._typicality(space, image_set).standing(nats, placement.mean_error, verdict)
        return Weighed(standing, "" if standing is not None else TOO_FEW)

    def _typicality(self, space: "LatentSpace", image_set: "ImageSet") -> "Typicality":
        from core.evaluation.typicality import measure_typicality

        old = self._measured
        if old is None or not is_same_model(old[0], space) or old[1] is not image_set:
            is_told = space.conditional == "class" and same_names(space.classes, image_set.classes)
            labels = image_set.labels if is_told else None
            self._measured = old = (
                space,
                image_set,
                measure_typicality(space, image_set.pixels, image_set.held_out, labels),
            )
        return old[2]


def _is_like(one: "LatentSpace", other: "LatentSpace") -> bool:
    """Whether a code of the one is a place in the other."""
    return (one.image_shape, one.latent_dims) == (other.image_shape, other.latent_dims)


def is_same_model(one: "LatentSpace", other: "LatentSpace") -> bool:
    """Whether the two encode alike: they may be seen on other planes."""
    return one.model is other.model and one.label == other.label


def _place(wish: Wish) -> "Placement | FoundAgain":
    from core.latent.outside_pictures import find_again, fit_pixels, read_file
    from core.latent.placement import place
    from core.model.one_core import use_one_core

    use_one_core()
    space, source = wish.latent_space, wish.source
    if isinstance(source, Path):
        assert wish.images is not None
        if (found := find_again(source, space)) is not None:
            return found
        return place(space, wish.name, read_file(source, space, wish.images))
    pixels = from_qimage(source) if isinstance(source, QImage) else source
    return place(space, wish.name, pixels if wish.images is None else fit_pixels(pixels, space, wish.images))
