"""Completing images: what a model that was trained for it thinks could be in the part that is hidden."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from explorer.completion.hidden_part import Mask, shape
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.images.image_set import ImageSet
    from core.latent.latent_space import LatentSpace

Pixels = NDArray[np.uint8]
DRAWS = 8
FIRST_HIDDEN = "Right half"


@dataclass(frozen=True, eq=False)
class Task:
    """An image (H, W, C), its pixels (H, W) that the model must not see, and the seed of the draws."""

    name: str
    pixels: Pixels
    hidden: Mask
    seed: int = 0


class Completing(QObject):
    """Holds the image in hand and what of it is hidden; completes it anew with each change, newest first."""

    changed = Signal(object)  # Task: another image is in hand
    obstructed = Signal(str)  # why none can be completed
    began = Signal()
    completed = Signal(object, object)  # the best guess (H, W, C), draws (n, H, W, C)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.task: Task | None = None
        self._space: LatentSpace | None = None
        self._image_set: ImageSet | None = None
        self._is_watched, self._is_due = False, False
        self._next = 0
        self._seen: tuple[Pixels, ...] = ()  # the best guess and the draws that were told last
        self._completing = LatestOnly(_complete, self)
        self._completing.answered.connect(self._take)
        self._completing.failed.connect(self._fail)

    @property
    def can(self) -> bool:
        """Whether the model in hand was trained to complete images."""
        return self._space is not None and self._space.conditional == "completion"

    def show_map(self, latent_space: "LatentSpace", _: Any = None) -> None:
        """Complete with this model from now on."""
        self._space = latent_space
        if self.task is not None and self.task.pixels.shape != latent_space.image_shape:
            self.task = None
        if self.task is None:
            self.next_image()
        self._say_obstacle()
        self._ask()

    def show_images(self, image_set: "ImageSet | None") -> None:
        """Where images are taken from."""
        if image_set is not self._image_set:
            self._image_set, self.task, self._next = image_set, None, 0
            self.next_image()

    def clear(self) -> None:
        """There is no model."""
        self._space = self.task = None  # the images may be those of the next model
        self._say_obstacle()

    def choose_image(self, index: int) -> None:
        """Complete one of the images."""
        if self._image_set is not None and 0 <= index < len(self._image_set):
            self.choose(str(self._image_set.names[index]), np.asarray(self._image_set.pixels[index]))

    def next_image(self) -> None:
        """Complete another of the held-out images."""
        if not self.can or self._image_set is None or not len(self._image_set):
            return
        held_out = np.flatnonzero(self._image_set.held_out)
        pool = held_out if len(held_out) else np.arange(len(self._image_set))
        self.choose_image(int(pool[self._next % len(pool)]))
        self._next += 1

    def choose(self, name: str, pixels: Pixels) -> None:
        """Complete this image, uint8 (H, W, C) of the model's size; what was hidden of the last stays hidden."""
        if not self.can or self._space is None or pixels.shape != self._space.image_shape:
            return
        hidden = self.task.hidden if self.task is not None else shape(FIRST_HIDDEN, *pixels.shape[:2])
        self.task, self._seen = Task(name, pixels, hidden), ()
        self.changed.emit(self.task)
        self._ask()

    def hide(self, hidden: Mask) -> None:
        """Hide these pixels, (H, W), of the image in hand."""
        if self.task is not None:
            self.task = replace(self.task, hidden=hidden)
            self._ask()

    def draw_again(self) -> None:
        """Other completions of the same image."""
        if self.task is not None:
            self.task = replace(self.task, seed=self.task.seed + 1)
            self._ask()

    def picture(self, number: int) -> tuple[Pixels, str] | None:
        """A completion (H, W, C) and what to call it: the best guess, then the draws; None where there is none."""
        if self.task is None or number >= len(self._seen):
            return None
        return self._seen[number], f"{self.task.name}, {f'draw {number}' if number else 'best'}"

    def watch(self, is_watched: bool) -> None:
        """Whether anyone can see what is completed."""
        self._is_watched = is_watched
        if is_watched and self._is_due:
            self._ask()

    def stop(self) -> None:
        """Leave the thread."""
        self._completing.stop()

    def _ask(self) -> None:
        self._is_due = not self._is_watched
        if self._is_watched and self.can and self.task is not None:
            self.began.emit()
            self._completing.ask((self._space, self.task))

    def _say_obstacle(self) -> None:
        if self._space is None:
            self.obstructed.emit("no model")
        elif not self.can:
            self.obstructed.emit("not trained for it")
        elif self.task is None:
            self.obstructed.emit("no image")

    def _take(self, question: "tuple[LatentSpace, Task]", answer: tuple[Pixels, Pixels]) -> None:
        if question[1] is self.task:
            self._seen = (answer[0], *answer[1])
            self.completed.emit(*answer)

    def _fail(self, question: "tuple[LatentSpace, Task]", error: Exception) -> None:
        if question[1] is self.task:
            self.failed.emit(sentence(error))


def _complete(question: "tuple[LatentSpace, Task]") -> tuple[Pixels, Pixels]:
    from core.model.one_core import use_one_core

    use_one_core()
    space, task = question
    visible = ~task.hidden
    draws = space.complete(task.pixels, visible, DRAWS, task.seed)
    return space.best_guess(task.pixels, visible), draws
