"""Several runs side by side: which there are, and what is read of those that are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.places import bundled_run, is_run, runs_folder
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

if TYPE_CHECKING:
    from core.reports.evaluation import Compared


@dataclass(frozen=True)
class _Look:
    """Runs beside those in the runs folder, and those to read."""

    others: tuple[Path, ...]
    chosen: tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class _Seen:
    runs: tuple[Path, ...]
    compared: "tuple[Compared, ...]"
    failure: str


class Comparing(QObject):
    """Looks in a thread of its own, when someone watches: histories may be long, and folders on a slow disk."""

    began = Signal()
    runs_listed = Signal(object)  # paths
    compared = Signal(object)  # tuple[Compared, ...]
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._others: tuple[Path, ...] = (bundled_run(),)
        self._chosen: tuple[Path, ...] = ()
        self._is_watched = False
        self._looking = LatestOnly(_look, self)
        self._looking.answered.connect(self._take)
        self._looking.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def choose(self, runs: Sequence[Path]) -> None:
        """Compare these."""
        self._chosen = tuple(runs)
        self.look()

    def add(self, run: Path) -> None:
        """List a run of another folder too."""
        if not is_run(run):
            self.failed.emit(f"There is no run in {run}: choose a folder that training has written.")
            return
        self._others = tuple(dict.fromkeys((*self._others, run.resolve())))
        self.look()

    def watch(self, is_watched: bool) -> None:
        """Whether anyone can see what is compared; what has changed meanwhile is read when someone comes."""
        self._is_watched = is_watched
        self.look()

    def look(self) -> None:
        """List the runs, and read the chosen ones again."""
        if self._is_watched:
            if self._chosen:
                self.began.emit()
            self._looking.ask(_Look(self._others, self._chosen))

    def stop(self) -> None:
        """Leave the thread."""
        self._looking.stop()

    def _take(self, look: _Look, seen: _Seen) -> None:
        if look.others == self._others:
            self.runs_listed.emit(seen.runs)
        if look.chosen == self._chosen:
            self.compared.emit(seen.compared)
            if seen.failure:
                self.failed.emit(seen.failure)


def _look(look: _Look) -> _Seen:
    from core.errors import LatentscapeError
    from core.evaluation.run_comparison import differences, read_compared

    kept = sorted((run for run in runs_folder().iterdir() if is_run(run)), key=_written, reverse=True)
    runs = tuple(dict.fromkeys((*kept, *(run for run in look.others if is_run(run)))))
    failures, read = [], []
    for run in filter(is_run, look.chosen):  # one may have been thrown away
        try:
            read.append(read_compared(run))
        except LatentscapeError as error:  # the others can be compared all the same
            failures.append(sentence(error))
    apart = differences([each.config for each in read])
    compared = tuple(replace(each, differs=differs) for each, differs in zip(read, apart, strict=True))
    return _Seen(runs, compared, " ".join(failures))


def _written(run: Path) -> float:
    try:
        return (run / "latest").stat().st_mtime
    except OSError:
        return 0.0
