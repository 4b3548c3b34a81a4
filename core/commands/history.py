"""`history`: how a model learned, as a film."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from core.commands.output_files import naming_force
from core.commands.parsing import parse
from core.commands.progress import say, shown_progress
from core.commands.sheets import check_places
from core.commands.usage import UsageError

if TYPE_CHECKING:
    from core.export.history_film import HistoryFilm

CLASS = arg(name="class", metavar="NAME", help_behavior_hint="(default: the first)")
MIDDLE = arg(metavar="Z1 Z2 …", help_behavior_hint="(default: the middle of the map)")
IMAGE = arg(metavar="NAME", help_behavior_hint="(default: none, the place is followed)")


@dataclass(frozen=True)
class HistoryFlags:
    """Film how a run learned, through the moments that it kept: the map, and beside it what was drawn at one place."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """.gif, .webp or .mp4 file, or a new folder for PNG frames; beside it the z of each frame as CSV."""
    z: Annotated[tuple[float, ...], MIDDLE] = ()
    """The latent that is decoded at every moment."""
    image: Annotated[str, IMAGE] = ""
    """The image that is followed instead, by its name in the run: what is drawn is its code at every moment."""
    seconds: float = 12.0
    """How long the film is."""
    fps: float = 25.0
    """Frames a second."""
    class_name: Annotated[str | None, CLASS] = None
    """The class, of a run that is conditional on it."""
    force: bool = False
    """Write over a file at --out even if this program did not save it."""


def history(words: Sequence[str]) -> None:
    """The training of a run, filmed."""
    flags = parse(HistoryFlags, "history", words)
    if flags.z and flags.image:
        raise UsageError("--z and --image: name a place or an image, not both.")
    check_places("z", flags.z)
    from core.commands.signals import follow
    from core.export.history_film import write_history
    from core.model.one_core import use_one_core

    use_one_core()  # as the window films: how sums are split among cores would show in the last digits
    wish = _wish(flags)
    with naming_force(), shown_progress() as show:
        follow(write_history(flags.out, flags.run, wish, flags.force), show)
    say(f"{flags.out}: {wish.frames:,} frames, {wish.frames / wish.fps:.1f} s")


def _wish(flags: HistoryFlags) -> "HistoryFilm":
    import numpy as np

    from core.errors import RunError
    from core.export.history_film import HistoryFilm
    from core.training.image_table import read_images
    from core.unicode_names import place_of

    image = None
    if flags.image:
        image = place_of(flags.image, read_images(flags.run).names)
        if image is None:
            raise RunError(f"There is no image {flags.image} in {flags.run}: `latentscape encode` lists their names.")
    z = np.array(flags.z, np.float32) if flags.z else None
    return HistoryFilm(image, z, flags.class_name or "", flags.seconds, flags.fps)
