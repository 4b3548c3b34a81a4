"""Exporting a run's model: one job, which can be stopped."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from explorer.workspace.lone_job import LoneJob


class Exporting(LoneJob):
    """An export is there whole, or not at all. What it reports is a ModelExported."""

    def export(self, run: Path, out: Path) -> None:
        """Begin, unless one is in hand."""

        def reports() -> Generator[Any, None, None]:
            from core.export.onnx_model.export import export_model

            return export_model(run, out)

        self.begin(reports)
