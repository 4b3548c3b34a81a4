"""Drawing and writing what is saved, in threads; what is shown of it beforehand is the very file."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.export.look import Look
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.savable import Drawn

if TYPE_CHECKING:
    from core.export.stills import Still
    from core.latent.paths import Way
    from explorer.paths.interpolation import Trip


@dataclass(frozen=True, eq=False)
class Wish:
    """A still or the film of a trip, how it is to look, and where to write it; None: only to be looked at."""

    what: "Still | Trip"
    look: Look
    path: Path | None = None
    may_replace: bool = False


class Saving(QObject):
    """A still is drawn and encoded once: the preview's bytes are the file's. Of a film a part is, to tell how large."""

    drawn = Signal(object)  # Drawn, of the newest wish
    saved = Signal(object)  # Path of a still
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: Wish | None = None
        self._drawing = LatestOnly(_draw, self)
        self._drawing.answered.connect(self._take)
        self._drawing.failed.connect(self._fail)
        self._writing = LatestOnly(_write, self)
        self._writing.answered.connect(lambda wish, _: self.saved.emit(wish.path))
        self._writing.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def draw(self, what: "Still | Trip", look: Look) -> None:
        """As it would be saved; `drawn` follows."""
        self._wish = Wish(what, look)
        self._drawing.ask(self._wish)

    def save(self, still: "Still", look: Look, path: Path, may_replace: bool) -> None:
        """Write a still; `saved` or `failed` follows."""
        self._writing.ask(Wish(still, look, path, may_replace))

    def forget(self) -> None:
        """Nobody looks at it any more."""
        self._wish = None

    def stop(self) -> None:
        """Leave every thread; what is being written is written first."""
        self._drawing.stop()
        self._writing.stop()

    def _take(self, wish: Wish, drawn: Drawn) -> None:
        if wish is self._wish:
            self.drawn.emit(drawn)

    def _fail(self, wish: Wish, error: Exception) -> None:
        if wish is self._wish:
            self.failed.emit(sentence(error))


def _draw(wish: Wish) -> Drawn:
    from core.export.stills import Still, draw, encode

    if not isinstance(wish.what, Still):
        return _film(wish.what, wish.look)
    pixels = draw(wish.what, wish.look)
    size = len(encode(pixels, wish.look.format, wish.what.facts))
    return Drawn(pixels, (pixels.shape[1], pixels.shape[0]), size, is_exact=True)


def _write(wish: Wish) -> None:
    from core.export.stills import Still, draw, encode, write

    assert isinstance(wish.what, Still)
    assert wish.path is not None
    content = encode(draw(wish.what, wish.look), wish.look.format, wish.what.facts)
    write(wish.path, content, wish.look.format, wish.may_replace)


def _film(trip: "Trip", look: Look) -> Drawn:
    from core.export.films import USUAL_FPS, Film, estimated_bytes
    from core.export.stills import enlarged

    way: Way = trip.way
    pictures: NDArray[np.uint8] = trip.reel.pixels
    suffix = "" if look.format == "frames" else f".{look.format}"
    size = estimated_bytes(suffix, pictures, Film(way.z, USUAL_FPS, look.scale))
    first = enlarged(pictures[0], look.scale)
    return Drawn(first, (first.shape[1], first.shape[0]), size, is_exact=False, frames=len(way.z))
