"""Saving a film of a training: one job, which can be cancelled."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.workspace.lone_job import LoneJob
from explorer.workspace.savable import Drawn, Savable, film_formats

if TYPE_CHECKING:
    from core.export.history_film import HistoryFilm
    from core.export.look import Look


@dataclass(frozen=True, eq=False)
class Reel:
    """What is to be filmed: a run, as its folder has it, and what of it is followed."""

    run: Path
    wish: "HistoryFilm"


class Filming(LoneJob):
    """A film that was begun is saved whole, whatever is looked at meanwhile; cancelled, it is not there at all.

    What it reports is the file, or the folder of PNG frames.
    """

    def save(self, out: Path, reel: Reel, may_replace: bool) -> None:
        """Begin, unless one is in hand."""

        def reports() -> Generator[Any, None, None]:
            from core.export.history_film import write_history
            from core.model.one_core import use_one_core

            use_one_core()
            yield from write_history(out, reel.run, reel.wish, may_replace)
            yield out

        self.begin(reports)


def savable(name: str) -> Savable:
    """What can be chosen about it."""
    from core.export.history_film import shape_of

    formats = sorted(film_formats(), key=lambda each: (bool(each.why_not), each.key != "mp4"))  # what can be, first
    return Savable("film", "Save a film of the training", name, shape_of()[:2], formats, (1,), 1, can_be_smooth=False)


def drawn(reel: Reel, look: "Look") -> Drawn:
    """Its last frame as it would be saved, and about how many bytes all would be; in a thread."""
    from core.export.history_film import preview

    picture, count = preview(reel.run, reel.wish, "" if look.format == "frames" else f".{look.format}")
    return Drawn(picture, (picture.shape[1], picture.shape[0]), count, is_exact=False, frames=reel.wish.frames)
