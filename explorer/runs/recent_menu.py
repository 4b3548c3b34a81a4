"""What was open before: image sets, and the runs that were trained."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from core.reports.runs import KnownRun
from explorer.runs.run_rows import cover_of, words_for_run
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import name_action, plain_tip

MOST_RUNS = 8


class RecentMenu(QMenu):
    """Emits the set or the run that was chosen; its last entry shows all runs."""

    source_chosen = Signal(str)
    run_chosen = Signal(object)  # a path

    def __init__(self, all_runs: QAction, parent: QWidget | None = None) -> None:
        super().__init__("Open rece&nt", parent, toolTipsVisible=True)
        self._all_runs = all_runs
        self._sources: Sequence[str] = ()
        self._runs: Sequence[KnownRun] = ()
        self.aboutToShow.connect(self._fill)  # so that it says "2 hours ago" when it is two hours
        self._fill()

    def show_sources(self, sources: Sequence[str]) -> None:
        """Folders and named sets, newest first."""
        self._sources = tuple(sources)
        self._fill()

    def show_runs(self, runs: Sequence[KnownRun]) -> None:
        """The newest first; the rest is behind *All runs*."""
        self._runs = tuple(runs[:MOST_RUNS])
        self._fill()

    def _fill(self) -> None:
        self.clear()
        if self._sources:
            self.addSection("Image sets")
        for source in self._sources:
            action = self.addAction("")
            name_action(action, drawable(source))
            action.triggered.connect(lambda _=False, chosen=source: self.source_chosen.emit(chosen))
        if self._runs:
            self.addSection("Runs")
        for run in self._runs:
            action = self.addAction(cover_of(run), "")
            name_action(action, words_for_run(run))
            action.setToolTip(plain_tip(str(run.run)))
            action.triggered.connect(lambda _=False, chosen=run.run: self.run_chosen.emit(chosen))
        self.addSeparator()
        self.addAction(self._all_runs)
