"""The runs that are kept: which there are, what they are called, and what is thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QFile, QObject, Signal

from core.places import bundled_run
from core.reports.runs import KnownRun, KnownRuns
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

NO_BIN = "No bin could take it. To delete it for good, delete the folder {run}."


@dataclass(frozen=True)
class _Wish:
    """Runs beside those in the runs folder, what is to be named and what to be thrown away, in this order."""

    others: tuple[Path, ...] = ()
    named: tuple[tuple[Path, str], ...] = ()
    thrown: tuple[Path, ...] = ()


@dataclass(frozen=True)
class _Done:
    known: KnownRuns
    thrown: tuple[Path, ...]
    failures: tuple[str, ...]


class Shelving(QObject):
    """Looks, names and throws away in a thread of its own: hundreds of runs may lie on a slow disk."""

    listed = Signal(object)  # KnownRuns
    thrown = Signal(object)  # a path: it is in the bin
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known = KnownRuns()
        self._opened: dict[Path, str] = {}  # what runs were called when they were opened
        self._others: tuple[Path, ...] = (bundled_run(),)
        self._wish = _Wish()  # all that is not done yet: a newer question may overtake an older one
        self._looking = LatestOnly(_carry_out, self)
        self._looking.answered.connect(self._take)
        self._looking.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    def look(self, others: Sequence[Path] = ()) -> None:
        """List the runs; `others` are kept elsewhere, and are listed from now on."""
        self._others = tuple(dict.fromkeys((*self._others, *others)))
        self._ask(self._wish)

    def name(self, run: Path, name: str) -> None:
        """Call a run that; as its folder when the name is empty."""
        self._ask(replace(self._wish, named=(*self._wish.named, (run, name))))

    def throw_away(self, run: Path) -> None:
        """Put a run into the bin of the desktop."""
        self._ask(replace(self._wish, thrown=(*self._wish.thrown, run)))

    def newest_of(self, source: str) -> KnownRun | None:
        """The model that learned from these images last."""
        return next((each for each in self.known.runs if each.source == source and each.run != bundled_run()), None)

    def name_of(self, run: Path) -> str:
        """What it is called, as far as anyone has looked or opened it; else as its folder."""
        listed = (each.name for each in self.known.runs if each.run == run)
        return next(listed, self._opened.get(run, run.name))

    def note_opened(self, run: Path, name: str) -> None:
        """What a run was called when it was read: it may not be listed yet."""
        self._opened[run] = name

    def stop(self) -> None:
        """Leave the thread; what was begun is done first."""
        self._looking.stop()

    def _ask(self, wish: _Wish) -> None:
        self._wish = replace(wish, others=self._others)
        self._looking.ask(self._wish)

    def _take(self, wish: _Wish, done: _Done) -> None:
        rest = self._wish
        self._wish = _Wish(
            named=tuple(each for each in rest.named if each not in wish.named),
            thrown=tuple(each for each in rest.thrown if each not in wish.thrown),
        )
        self.known = done.known
        for run in done.thrown:
            self.thrown.emit(run)
        self.listed.emit(done.known)
        for failure in done.failures:
            self.failed.emit(failure)


def _carry_out(wish: _Wish) -> _Done:
    from core.errors import LatentscapeError
    from core.training.known_runs import list_known_runs
    from core.training.run_name import name_run

    failures, thrown = list[str](), list[Path]()
    for run, name in wish.named:
        try:
            name_run(run, name)
        except LatentscapeError as error:
            failures.append(sentence(error))
    for run in wish.thrown:
        if not run.exists():
            continue  # asked twice
        if _is_in_bin(run):
            thrown.append(run)
        else:
            failures.append(NO_BIN.format(run=run))
    return _Done(list_known_runs(wish.others), tuple(thrown), tuple(failures))


def _is_in_bin(run: Path) -> bool:
    answer = QFile.moveToTrash(str(run))
    return bool(answer[0] if isinstance(answer, tuple) else answer)
