"""Finds images by name, and the dot of a file: names of a million images are searched in a thread."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.exploration import Indices
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import NOTHING, Table

if TYPE_CHECKING:
    from core.images.name_search import NameSearch
    from core.latent.pixel_space import Arrangement

MOST_ROWS = 200


@dataclass(frozen=True, eq=False)
class Question:
    """A query, or a file: then `query` is its whole name in the image set."""

    table: Table
    query: str
    path: Path | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """Images whose names fit a query: all of them (n,), and (index, name, class) of the first."""

    query: str
    indices: Indices
    rows: tuple[tuple[int, str, str], ...]


class Finding(QObject):
    """Holds the names in a form that is quick to search, once someone has asked."""

    found = Signal(object)  # Found
    file_found = Signal(int, object)  # the image, the path
    file_unknown = Signal(object)  # the path: it is no image of the set
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = NOTHING
        self._searched: tuple[Table, NameSearch] | None = None  # only the thread touches it
        self._searching = LatestOnly(self._search, self)
        self._searching.answered.connect(self._take)
        self._searching.failed.connect(self._fail)

    def show_map(self, _: "Arrangement", table: Table) -> None:
        """Find among these images."""
        self._table = table

    def clear(self) -> None:
        """There are no images."""
        self._table = NOTHING

    def find(self, query: str) -> None:
        """Images whose name has all the words of this."""
        self._searching.ask(Question(self._table, query))

    def find_file(self, path: Path, source: str | None) -> bool:
        """Look for a file among the images of a folder; False where it cannot be one of them, and nothing is said."""
        name = name_in(path, source)
        if name is None or not len(self._table.names):
            return False
        self._searching.ask(Question(self._table, name, path))
        return True

    def stop(self) -> None:
        """Leave the thread."""
        self._searching.stop()

    def _search(self, question: Question) -> "Found | int | None":
        from core.images.name_search import NameSearch

        table = question.table
        if self._searched is None or self._searched[0] is not table:
            self._searched = table, NameSearch(table.names)
        search = self._searched[1]
        if question.path is not None:
            return search.place_of(question.query)
        indices = search.find(question.query)
        first = indices[:MOST_ROWS].tolist()
        classes = (table.classes[label] for label in table.labels[first].tolist())
        names = (table.names[index] for index in first)
        return Found(question.query, indices, tuple(zip(first, names, classes, strict=True)))

    def _take(self, question: Question, answer: "Found | int | None") -> None:
        if question.table is not self._table:
            return
        if isinstance(answer, Found):
            self.found.emit(answer)
        elif answer is None:
            self.file_unknown.emit(question.path)
        else:
            self.file_found.emit(answer, question.path)

    def _fail(self, question: Question, error: Exception) -> None:
        self.failed.emit(sentence(error))
        if question.path is not None:
            self.file_unknown.emit(question.path)


def name_in(path: Path, source: str | None) -> str | None:
    """What a file would be called in the image set of a folder; None where it does not lie in it."""
    if source is None or not os.path.isabs(source):
        return None
    folders = (Path(source), Path(source).resolve())
    inside = [(each, folder) for each in (path.absolute(), path.resolve()) for folder in folders]
    return next((each.relative_to(folder).as_posix() for each, folder in inside if each.is_relative_to(folder)), None)
