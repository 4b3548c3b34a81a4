"""The trip of the fit dialog: a file becomes its original and the three squares it could become."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.config import ImagesConfig
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

Pixels = NDArray[np.uint8]
Fit = Literal["crop", "pad", "stretch"]
Background = Literal["white", "black"]
FITS: tuple[Fit, ...] = get_args(Fit)
LONGEST = 320  # pixels of the original: twice what it is shown in, for screens of high density


@dataclass(frozen=True)
class FitQuestion:
    """Which files, at which row, and what they become: `size` pixels square with `channels`."""

    paths: tuple[Path, ...]
    size: int
    channels: Literal[1, 3]
    background: Background
    images: ImagesConfig = field(default_factory=ImagesConfig)  # of which depth and pages count here
    row: int = 0


@dataclass(frozen=True, eq=False)
class Squares:
    """A picture as it is, uint8 (h, w, 3), and as each fit makes it, (size, size, C)."""

    path: Path
    whole: Pixels
    squares: dict[Fit, Pixels]


class Fitting(QObject):
    """Decodes a row at a time in a thread of its own; a newer question ends an older one."""

    decoded = Signal(int, object)  # the row, its Squares
    failed = Signal(int, str)  # the row, what is wrong with its file

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question: FitQuestion | None = None
        self._decoding = LatestOnly(_decode, self)
        self._decoding.answered.connect(self._take)
        self._decoding.failed.connect(self._take_failure)

    def ask(self, question: FitQuestion) -> None:
        """Decode these files, one after the other, in place of any before."""
        self._question = question
        if question.row < len(question.paths):
            self._decoding.ask(question)

    def stop(self) -> None:
        """Leave the thread."""
        self._decoding.stop()

    def _take(self, question: FitQuestion, squares: Squares) -> None:
        if question is self._question:
            self.decoded.emit(question.row, squares)
            self._go_on(question)

    def _take_failure(self, question: FitQuestion, error: Exception) -> None:
        if question is self._question:
            self.failed.emit(question.row, sentence(error))
            self._go_on(question)

    def _go_on(self, question: FitQuestion) -> None:
        if question is self._question:  # whoever was told of the last row has not asked something else
            self.ask(replace(question, row=question.row + 1))


def _decode(question: FitQuestion) -> Squares:
    from core.images.decoding.decode import decode, decode_whole
    from core.images.decoding.target import Target

    path, background = question.paths[question.row], question.background
    target = replace(Target.of(question.images, question.size, question.channels), background=background)
    targets = {fit: replace(target, fit=fit) for fit in FITS}
    squares = {fit: decode(path, target).pixels for fit, target in targets.items()}
    return Squares(path, decode_whole(path, LONGEST, background, target), squares)
