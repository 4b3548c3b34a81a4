"""How sure the encoder is: posteriors of the images hovered, gone to, selected or placed, as ellipses on the map."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.images.image_names import same_names
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import Near, Table, Viewing
from explorer.workspace.placed_image import Placed, is_same_model

if TYPE_CHECKING:
    from core.exploration import Exploration
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

MOST_SELECTED = 24  # with more, ellipses hide what they are drawn on
NONE = -1


@dataclass(frozen=True, eq=False)
class Question:
    """Images of which to find the posteriors."""

    latent_space: "LatentSpace"
    image_set: "ImageSet"
    indices: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Encoded:
    """Codes and log-variances (n, d) of images, by index."""

    latent_space: "LatentSpace"
    rows: dict[int, int]
    codes: NDArray[np.float32]
    log_variances: NDArray[np.float32]


class Outlining(QObject):
    """Encodes the few images that ellipses are drawn of, when they become others or the model has moved."""

    changed = Signal(object)  # [(middle (2,), covariance (2, 2), whether it is one that was asked for)]
    failed = Signal(str)

    def __init__(self, viewing: Viewing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewing = viewing
        self._hovered, self._chosen = NONE, NONE
        self._selected: tuple[int, ...] = ()
        self._placed: Placed | None = None
        self._encoded: Encoded | None = None
        self._encoding = LatestOnly(_encode, self)
        self._encoding.answered.connect(self._take)
        self._encoding.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def hover(self, index: int) -> None:
        """The pointer is over this image; -1: over none."""
        self._hovered = index
        self.update()

    def show_near(self, near: list[Near]) -> None:
        """These are the images nearest to the cursor: it is at the first when nothing is between them."""
        chosen = near[0].index if near and near[0].distance == 0.0 else NONE
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def show_selection(self, exploration: "Exploration", fields: frozenset[str]) -> None:
        """These images are selected."""
        if "selection" in fields:
            few = exploration.selection if len(exploration.selection) <= MOST_SELECTED else ()
            self._selected = tuple(int(index) for index in few)
            self.update()

    def show_placed(self, placed: Placed | None) -> None:
        """An image from outside has its ellipse too; None: no longer."""
        self._placed = placed
        self._show()

    def show_map(self, latent_space: "LatentSpace", table: Table) -> None:
        """The model or the plane is another."""
        count = len(table.names)
        self._chosen = self._chosen if self._chosen < count else NONE
        self._hovered = self._hovered if self._hovered < count else NONE
        self._selected = tuple(index for index in self._selected if index < count)
        self.update()

    def update(self) -> None:
        """Draw what is known at once, and ask for what is not."""
        self._show()
        space, image_set, wanted = self._viewing.latent_space, self._viewing.image_set, self._wanted()
        known = self._encoded
        is_known = known is not None and space is not None and is_same_model(known.latent_space, space)
        if is_known and known is not None and all(index in known.rows for index in wanted):
            return
        if space is not None and image_set is not None and wanted and max(wanted) < len(image_set):
            self._encoding.ask(Question(space, image_set, wanted))

    def clear(self) -> None:
        """There is no model."""
        self._hovered = self._chosen = NONE
        self._selected, self._placed, self._encoded = (), None, None
        self.changed.emit([])

    def stop(self) -> None:
        """Leave the thread."""
        self._encoding.stop()

    def _wanted(self) -> tuple[int, ...]:
        asked = (self._hovered, self._chosen, *self._selected)
        return tuple(dict.fromkeys(index for index in asked if index != NONE))

    def _take(self, _: Question, encoded: Encoded) -> None:
        self._encoded = encoded
        self._show()

    def _show(self) -> None:
        ellipses = self._from_set()
        if self._placed is not None and self._placed.ellipse is not None:
            ellipses.append((*self._placed.ellipse, True))
        self.changed.emit(ellipses)

    def _from_set(self) -> "list[tuple[NDArray[np.float32], NDArray[np.float32], bool]]":
        space, known = self._viewing.latent_space, self._encoded
        if space is None or known is None or known.latent_space.latent_dims != space.latent_dims:
            return []
        from core.latent.placement import ellipses_on

        wanted = [index for index in self._wanted() if index in known.rows]
        rows = [known.rows[index] for index in wanted]
        ellipses = ellipses_on(space.plane, known.codes[rows], known.log_variances[rows])
        strong = [index in (self._hovered, self._chosen) for index in wanted]
        return [(*ellipse, is_strong) for ellipse, is_strong in zip(ellipses, strong, strict=False)]


def _encode(question: Question) -> Encoded:
    from core.model.one_core import use_one_core

    use_one_core()
    space, image_set, indices = question.latent_space, question.image_set, list(question.indices)
    is_told = space.conditional == "class" and same_names(space.classes, image_set.classes)
    labels = image_set.labels[indices] if is_told else None
    rows = {index: row for row, index in enumerate(indices)}
    return Encoded(space, rows, *space.encode(image_set.pixels[indices], labels))
