"""`film`: the way from stop to stop in latent space, as a film."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from core.commands.output_files import naming_force
from core.commands.parsing import parse
from core.commands.progress import say, shown_progress
from core.commands.sheets import MOMENT, check_places
from core.commands.usage import UsageError
from core.exploration import PathKind

if TYPE_CHECKING:
    from core.exploration import Floats, LatentPath
    from core.latent.paths import Way

STOPS = arg(metavar="Z1,Z2,…;Z1,Z2,… | FILE.csv")
CLASS = arg(name="class", metavar="NAME", help_behavior_hint="(default: the first)")
SCALE = arg(help_behavior_hint="(default: to about 256 pixels)")


@dataclass(frozen=True)
class FilmFlags:
    """Film a way through latent space: every stop is seen, and what the model decodes between them."""

    run: Positional[Path]
    """The run's folder."""
    stops: Annotated[str, STOPS]
    """Latents to pass, as --stops="0.5,-1.2;1,2", or a CSV file with columns z1, z2, … as encode and film write."""
    out: Path
    """.gif, .webp or .mp4 file, or a new folder for PNG frames; beside it the z of each frame as CSV."""
    kind: PathKind = "straight"
    """straight; spherical: along great circles; data: over nearest neighbours; geodesic: shortest in pictures."""
    frames: int = 60
    """How many, each stop among them."""
    loop: bool = False
    """Go on from the last stop to the first, so that the film has no end."""
    even: bool = False
    """Each frame differs from the last as much as any other, from stop to stop."""
    fps: float = 25.0
    """Frames a second."""
    scale: Annotated[int | None, SCALE] = None
    """How many times larger than the model's pictures."""
    class_name: Annotated[str | None, CLASS] = None
    """The class, of a run that is conditional on it."""
    moment: Annotated[int | None, MOMENT] = None
    """As the model was at this step, one of the moments that were kept of its training."""
    force: bool = False
    """Write over a file at --out even if this program did not save it."""


def film(words: Sequence[str]) -> None:
    """A way, filmed."""
    flags = parse(FilmFlags, "film", words)
    stops = read_stops(flags.stops)
    from core.commands.signals import follow
    from core.errors import ConfigError
    from core.export.films import Film, check_film, film_facts, write_film
    from core.latent.paths import Way, as_class, find_way
    from core.latent.saved_space import load_latent_space
    from core.model.one_core import use_one_core

    use_one_core()  # as the window films: how sums are split among cores would show in the last digits
    space = load_latent_space(flags.run, flags.moment)
    if flags.class_name and space.conditional != "class":
        raise ConfigError(f"{flags.run} does not depend on a class: leave --class out.")
    path = _path(flags, stops)
    space = as_class(space, path.class_name)
    facts = film_facts(flags.run.absolute().name, space, path)
    with naming_force():
        check_film(flags.out, Film(stops, flags.fps, flags.scale, facts), space.image_shape, flags.force)
    with shown_progress() as show:
        way = follow(find_way(space, path), show)
        assert isinstance(way, Way)
        follow(write_film(flags.out, space, Film(way.z, flags.fps, flags.scale, facts), may_replace=True), show)
    say(f"{flags.out}: {len(way.z):,} frames, {len(way.z) / flags.fps:.1f} s{_length_said(way)}")


def read_stops(words: str) -> "Floats":
    """Stops (k, d) from words or from a CSV file; raises UsageError."""
    import numpy as np

    is_file = words.lower().endswith(".csv")
    try:
        rows = _rows(Path(words)) if is_file else [each.split(",") for each in words.split(";") if each.strip()]
        numbers = [[float(number) for number in row] for row in rows]
        check_places("stops", chain.from_iterable(numbers))
        stops = np.array(numbers, np.float32)
    except (OSError, KeyError, ValueError) as error:
        why = "cannot be read as a table with columns z1, z2, …" if is_file else "is not numbers as 0.5,-1.2;1,2"
        raise UsageError(f"--stops {words}: it {why}.") from error
    if stops.ndim != 2 or not stops.size:
        raise UsageError(f"--stops {words}: there are none in it.")
    return stops


def _rows(table: Path) -> list[list[str]]:
    import csv

    with table.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = csv.DictReader(file)
        names = [name for name in rows.fieldnames or () if name[:1] == "z" and name[1:].isdecimal()]
        return [[row[f"z{number + 1}"] for number in range(len(names))] for row in rows]


def _path(flags: FilmFlags, stops: "Floats") -> "LatentPath":
    from core.exploration import LatentPath

    return LatentPath("film", flags.kind, stops, flags.frames, flags.loop, flags.class_name or "", flags.even)


def _length_said(way: "Way") -> str:
    saved = 1.0 - way.picture_length / way.straight_length if way.straight_length else 0.0
    return f", {saved:.0%} shorter in pictures than straight" if saved >= 0.005 else ""
