"""Drawing and writing what is saved, in threads; what is shown of it beforehand is the very file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.export.look import Look
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.savable import Drawn

if TYPE_CHECKING:
    from core.export.stills import Still

Draw = Callable[[], Drawn]


class Saving(QObject):
    """Draws what would be saved, newest wish first, and writes stills."""

    drawn = Signal(object)  # Drawn, of the newest wish
    saved = Signal(object)  # Path of a still
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: Draw | None = None
        self._drawing = LatestOnly(lambda draw: draw(), self)
        self._drawing.answered.connect(self._take)
        self._drawing.failed.connect(self._fail)
        self._writing = LatestOnly(lambda wish: wish[1](), self)
        self._writing.answered.connect(lambda wish, _: self.saved.emit(wish[0]))
        self._writing.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def draw(self, draw: Draw) -> None:
        """Call this in a thread; `drawn` follows, unless another is asked for before."""
        self._wish = draw
        self._drawing.ask(draw)

    def save(self, path: Path, write: Callable[[], None]) -> None:
        """Call this in a thread, to write that file; `saved` or `failed` follows."""
        self._writing.ask((path, write))

    def forget(self) -> None:
        """Nobody looks at it any more."""
        self._wish = None

    def stop(self) -> None:
        """Leave every thread; what is being written is written first."""
        self._drawing.stop()
        self._writing.stop()

    def _take(self, draw: Draw, drawn: Drawn) -> None:
        if draw is self._wish:
            self.drawn.emit(drawn)

    def _fail(self, draw: Draw, error: Exception) -> None:
        if draw is self._wish:
            self.failed.emit(sentence(error))


def draw_still(still: "Still", look: Look) -> Drawn:
    """As it would be saved, with the bytes of its file."""
    from core.export.stills import draw, encode

    pixels = draw(still, look)
    size = len(encode(pixels, look.format, still.facts))
    return Drawn(pixels, (pixels.shape[1], pixels.shape[0]), size, is_exact=True)


def write_still(still: "Still", look: Look, path: Path, may_replace: bool) -> None:
    """The same bytes, as a file."""
    from core.export.stills import draw, encode, write

    write(path, encode(draw(still, look), look.format, still.facts), look.format, may_replace)
