"""Drawing a page, measuring it and writing it, in threads."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.lone_job import LoneJob

if TYPE_CHECKING:
    from core.export.page.baked_page import BakedPage
    from core.export.page.material import PageMaterial


@dataclass(frozen=True, eq=False)
class Measured:
    """A page as it would be written; `still` is a PNG of its map."""

    content: bytes
    said: str
    still: bytes


class PageMaking(QObject):
    """Draws the page once; each choice of what goes in is then a file in a moment."""

    progressed = Signal(object)  # Progress
    measured = Signal(object)  # Measured, by the newest choice
    saved = Signal(object)  # Path
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page: BakedPage | None = None
        self._choice = (True, False)
        self._content = b""
        self._next: Callable[[], PageMaterial] | None = None  # while an earlier one is being left
        self._drawing = LoneJob(self)
        self._drawing.progressed.connect(self.progressed)
        self._drawing.reported.connect(self._take_page)
        self._drawing.failed.connect(self.failed)
        self._drawing.ended.connect(self._begin)
        self._measuring = LatestOnly(_measure, self)
        self._measuring.answered.connect(self._take_size)
        self._measuring.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._writing = LatestOnly(_write, self)
        self._writing.answered.connect(lambda _, path: self.saved.emit(path))
        self._writing.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def draw(self, material: "Callable[[], PageMaterial]") -> None:
        """Draw the page of this; `measured` follows."""
        self.forget()
        self._next = material
        if not self._drawing.is_busy:
            self._begin()

    def choose(self, with_pictures: bool, with_names: bool) -> None:
        """What of the images goes in."""
        self._choice, self._content = (with_pictures, with_names), b""
        if self._page is not None:
            self._measuring.ask((self._page, self._choice))

    def save(self, path: Path) -> None:
        """Write what was measured last; the user agreed to what is there."""
        if self._content:
            self._writing.ask((path, self._content))

    def forget(self) -> None:
        """Nobody looks at it any more."""
        self._page, self._content, self._next = None, b"", None
        self._drawing.cancel()

    def stop(self) -> None:
        """Leave every thread; what is being written is written first."""
        self._next = None
        self._drawing.stop()
        self._measuring.stop()
        self._writing.stop()

    def _begin(self) -> None:
        if self._next is None:
            return
        material, self._next = self._next, None

        def reports() -> Generator[Any, None, None]:
            from core.export.page.baked_page import bake_page

            yield from bake_page(material())

        self._drawing.begin(reports)

    def _take_page(self, page: "BakedPage") -> None:
        self._page = page
        self._measuring.ask((page, self._choice))

    def _take_size(self, question: "tuple[BakedPage, tuple[bool, bool]]", measured: Measured) -> None:
        if question[0] is self._page and question[1] == self._choice:
            self._content = measured.content
            self.measured.emit(measured)


def _measure(question: "tuple[BakedPage, tuple[bool, bool]]") -> Measured:
    from core.export.page.material import PageChoices

    page, choice = question
    choices = PageChoices(*choice)
    return Measured(page.file(choices), page.said(choices), page.still)


def _write(question: tuple[Path, bytes]) -> Path:
    from core.export.page.baked_page import write_page

    write_page(*question, may_replace=True)
    return question[0]
