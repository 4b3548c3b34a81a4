"""What is done with the files of a selection: copied, moved, put back, written as a table; one job at a time."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from core.errors import ConfigError
from core.exploration import Floats, Indices
from core.places import settings_folder
from core.reports.progress import Progress
from explorer.toolkit.worker_threads import Job, Reports
from explorer.workspace.error_words import sentence
from explorer.workspace.place_in_hand import Table

if TYPE_CHECKING:
    from core.export.file_gathering import Gathered

LOG = "files.log"
REASONS_SAID = 3
WITHIN = "; it lies in the folder of images, and is read with it next time"


class Gathering(QObject):
    """Says what came of it in words; what was done until it was cancelled can be put back too."""

    progressed = Signal(object)  # Progress
    done = Signal(str, object, bool)  # what was done; the folder it went to; whether it can be put back
    failed = Signal(str)
    ended = Signal()  # whatever came of it

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._moved: Gathered | None = None  # the last that were moved
        self._is_going_back, self._is_cancelled = False, False
        self._note = ""  # to add to what came of it

    def gather(self, source: Path, names: Sequence[str], indices: Indices, folder: Path, moves: bool) -> None:
        """Copy or move the files of images of the folder `source` to another; never over one that is there."""

        def reports() -> Generator[Any, None, None]:
            from core.export.file_gathering import gather

            paths = [source / names[index] for index in indices.tolist()]
            return gather(paths, folder, moves, _log(), lambda: self._is_cancelled)

        self._begin(reports, note=WITHIN if folder.resolve().is_relative_to(source.resolve()) else "")

    def put_back(self) -> None:
        """Files that were moved go to where they were."""
        if (moved := self._moved) is None:
            return

        def reports() -> Generator[Any, None, None]:
            from core.export.file_gathering import put_back

            return put_back(moved, _log(), lambda: self._is_cancelled)

        self._begin(reports, is_going_back=True)

    def export(self, path: Path, indices: Indices, codes: Floats, table: Table) -> None:
        """Write a table of images and their codes."""

        def reports() -> Generator[Any, None, None]:
            from core.export.selection_table import Selected, write_selected

            known = (table.names, table.labels, table.classes, table.is_held_out, table.columns)
            for progress in write_selected(path, Selected(indices, codes, *known), may_replace=True):
                if self._is_cancelled:
                    raise ConfigError("Cancelled: no table was written.")
                yield progress
            yield path

        self._begin(reports)

    def cancel(self) -> None:
        """Stop at the next file; what came of it until then is said."""
        self._is_cancelled = True

    def stop(self) -> None:
        """Stop at the next file, and wait for that."""
        self.cancel()
        if self._job is not None:
            self._job.stop()
            self._job.wait()

    def _begin(self, reports: Reports, is_going_back: bool = False, note: str = "") -> None:
        if self._job is not None:
            self.failed.emit("Files are being copied or moved already: wait for that, or cancel it.")
            return
        self._is_going_back, self._is_cancelled, self._note = is_going_back, False, note
        self._job = Job(reports, self)
        self._job.reported.connect(self._take)
        self._job.failed.connect(lambda error: self.failed.emit(sentence(error)))
        self._job.finished.connect(self._end)
        self._job.start()

    def _take(self, report: "Progress | Gathered | Path") -> None:
        if isinstance(report, Progress):
            self.progressed.emit(report)
        elif isinstance(report, Path):
            self.done.emit(f"Saved {report}", report.parent, False)
        else:
            is_new = report.has_moved and report.done and not self._is_going_back
            self._moved = report if is_new else None
            words = said(report, self._is_going_back)
            self.done.emit(words + self._note, report.folder, self._moved is not None)

    def _end(self) -> None:
        assert self._job is not None
        self._job.deleteLater()
        self._job = None
        self.ended.emit()


def said(gathered: "Gathered", is_going_back: bool) -> str:
    """What came of it, as "47 files moved to …; 2 were not: a.png (permission denied)"."""
    verb = "moved" if gathered.has_moved else "copied"
    where = "back to where they were" if is_going_back else f"to {gathered.folder}"
    files = f"{len(gathered.done):,} file{'s' if len(gathered.done) != 1 else ''}"
    words = f"{files} {verb} {where}" if gathered.done else f"No file was {verb}"
    stopped = f"; cancelled before the other {gathered.left:,}" if gathered.left else ""
    return words + stopped + _failures(gathered.failed)


def _failures(failed: "tuple[tuple[Path, str], ...]") -> str:
    if not failed:
        return ""
    some = ", ".join(f"{path.name} ({reason})" for path, reason in failed[:REASONS_SAID])
    more = ", …" if len(failed) > REASONS_SAID else ""
    verb = "was" if len(failed) == 1 else "were"
    return f"; {len(failed):,} {verb} not: {some}{more}; {_log()} lists all"


def _log() -> Path:
    return settings_folder() / LOG
