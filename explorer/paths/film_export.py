"""Saving a film of a path: one job, which can be cancelled."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from explorer.paths.interpolation import Trip
from explorer.workspace.lone_job import LoneJob


class Filming(LoneJob):
    """A film that was begun is saved whole, whatever becomes of the path; cancelled, it is not there at all.

    What it reports is the file, or the folder of PNG frames.
    """

    def save(self, out: Path, trip: Trip, run: str, fps: float, scale: int | None = None) -> None:
        """Begin, unless one is in hand; `run` is the name of the run's folder, `scale` how many times larger."""

        def reports() -> Generator[Any, None, None]:
            from core.export.destination import check_vacant
            from core.export.films import Film, film_facts, table_beside, write_film
            from core.latent.paths import as_class
            from core.model.one_core import use_one_core

            use_one_core()
            space = as_class(trip.latent_space, trip.way.path.class_name)
            facts = film_facts(run, space, trip.way.path)
            check_vacant(table_beside(out))  # the dialog has asked only about the film
            yield from write_film(out, space, Film(trip.way.z, fps, scale, facts), may_replace=True)
            yield out

        self.begin(reports)
