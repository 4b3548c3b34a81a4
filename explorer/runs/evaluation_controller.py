"""Evaluating a run on its held-out images: one job, which can be cancelled."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.reports.evaluation import Evaluated
from explorer.workspace.lone_job import LoneJob


class Evaluating(LoneJob):
    """What is found belongs to the run that was open when it was asked for; another run forgets it."""

    evaluated = Signal(object, object)  # Evaluated, the run

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: Path | None = None
        self.reported.connect(self._tell)

    def evaluate(self, run: Path, importance_samples: int, judge_samples: bool) -> None:
        """Begin, unless one is in hand."""
        if self.is_busy:
            return

        def reports() -> Generator[Any, None, None]:
            from core.evaluation.evaluate_run import Asked, evaluate_run

            asked = Asked(importance_samples=importance_samples, judge_samples=judge_samples)
            return evaluate_run(run, asked, reserve_core=True)

        self._run = run
        self.begin(reports)

    def _tell(self, report: object) -> None:
        if isinstance(report, Evaluated):
            self.evaluated.emit(report, self._run)
