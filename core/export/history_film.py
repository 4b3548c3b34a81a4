"""A training as a film: the map on its way from moment to moment, and beside it what the model drew at one place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.errors import ConfigError, RunError
from core.export.dot_picture import INK, PAPER, Sides, colours_of, draw_dots, sides_of
from core.export.films import USUAL_FPS, Film, check_film, estimated_bytes, write_pictures
from core.export.pictures import facts_of
from core.export.stills import enlarged
from core.reports.moments import before_now
from core.reports.progress import Progress

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

SIDE, FOOT = 400, 32  # pixels: of the map and of the picture, and of the line below them
USUAL_SECONDS, LEAST_SECONDS, MOST_SECONDS = 12.0, 0.5, 60.0
REST = 0.12  # of the film, at its end: now stays in view
NO_MOMENTS = "{run} keeps no moments to look back at: nothing of its training can be filmed."


@dataclass(frozen=True, eq=False)
class HistoryFilm:
    """What to film: an image by its index, wherever its code goes, or else one place z (d,); None: the middle's.

    `seconds` long; a class-conditional model draws the class `class_name`, its first one where that is empty.
    """

    image: int | None = None
    z: Floats | None = None
    class_name: str = ""
    seconds: float = USUAL_SECONDS
    fps: float = USUAL_FPS

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return max(2, round(self.seconds * self.fps))


@dataclass(frozen=True, eq=False)
class Station:
    """What is seen at one moment: all codes on the map (N, 2), the place followed, and what is drawn there."""

    points: Floats
    z: Floats
    place: tuple[float, float]
    pixels: Pixels
    said: str


def write_history(out: Path, run: Path, wish: HistoryFilm, may_replace: bool = False) -> Iterator[Progress]:
    """Film the training of a run, up to its last checkpoint, whole or not at all; yields Progress, of all of it.

    The same wish of the same run on the same machine is the same file, byte for byte. Raises ConfigError, RunError.
    """
    from core.latent.open_run import open_run
    from core.latent.paths import as_class

    if not LEAST_SECONDS <= wish.seconds <= MOST_SECONDS:
        raise ConfigError(f"A film cannot be {wish.seconds:g} s long: ask for {LEAST_SECONDS:g} to {MOST_SECONDS:g}.")
    opened = open_run(run)
    now = as_class(opened.latent_space, wish.class_name)
    facts = {**facts_of(run.absolute().name, now), "history": wish.image is None or opened.names[wish.image]}
    check_film(out, Film(np.zeros((wish.frames, 1), np.float32), wish.fps, 1, facts), shape_of(), may_replace)
    moments = before_now(opened.moments, now.step)
    if not moments:
        raise RunError(NO_MOMENTS.format(run=run))
    stations, total = list[Station](), len(moments) + 2 * wish.frames  # every frame is drawn, then saved
    for number, moment in enumerate(moments):
        yield Progress("Opening moments", number, total)
        stations.append(past_station(run, moment, now, wish))
    stations.append(station(now, wish, said_of_now(now)))
    colours, sides = colours_of(np.asarray(opened.labels)), sides_of([each.points for each in stations])
    pictures, latents = list[Pixels](), list[Floats]()
    for number, position in enumerate(positions(len(stations), wish.frames).tolist()):
        if number % 16 == 0:
            yield Progress("Drawing", len(moments) + number, total)
        pictures.append(frame(stations, position, colours, sides))
        latents.append(stations[int(position + 0.5)].z)
    film = Film(np.stack(latents), wish.fps, 1, facts)
    for saving in write_pictures(out, np.stack(pictures), film, may_replace):
        yield Progress(saving.doing, len(moments) + wish.frames + saving.done, total)


def preview(run: Path, wish: HistoryFilm, suffix: str) -> tuple[Pixels, int]:
    """The last frame, and about how many bytes the film will take; raises ConfigError, RunError."""
    from core.latent.open_run import open_run
    from core.latent.paths import as_class

    opened = open_run(run)
    now = as_class(opened.latent_space, wish.class_name)
    moments = before_now(opened.moments, now.step)
    if not moments:
        raise RunError(NO_MOMENTS.format(run=run))
    ends = [past_station(run, moments[len(moments) // 2], now, wish), station(now, wish, said_of_now(now))]
    colours, sides = colours_of(np.asarray(opened.labels)), sides_of([each.points for each in ends])
    pictures = np.stack([frame(ends, place, colours, sides) for place in np.linspace(0.0, 1.0, 6).tolist()])
    film = Film(np.zeros((wish.frames, 1), np.float32), wish.fps, 1)
    return pictures[-1], estimated_bytes(suffix, pictures, film)


def said_of_now(now: "LatentSpace") -> str:
    """When that is."""
    return f"Step {now.step:,} · now"


def past_station(run: Path, moment: Any, now: "LatentSpace", wish: HistoryFilm) -> Station:
    """What is seen at a moment; raises RunError."""
    from core.latent.moment_space import open_moment

    return station(open_moment(run, moment, now).space, wish, f"Step {moment.step:,} · epoch {moment.epoch:.1f}")


def station(space: "LatentSpace", wish: HistoryFilm, said: str) -> Station:
    """What is seen of a latent space; an image that it has not met yet is at the middle of the map."""
    flat = space.own_plane.flat
    middle = flat.to_latent(np.zeros((1, 2), np.float32))[0]
    z = middle if wish.image is None and wish.z is None else wish.z if wish.image is None else space.codes[wish.image]
    if z is None or not np.isfinite(z).all():
        z = middle
    if z.shape != (space.latent_dims,):
        raise ConfigError(f"The place has {len(z)} numbers: this run has {space.latent_dims} latent dimensions.")
    u, v = flat.to_points(z[None])[0]
    return Station(flat.points_of_codes(space.codes), z, (float(u), float(v)), space.decode(z[None])[0], said)


def positions(stations: int, frames: int) -> NDArray[np.float64]:
    """Where in time each frame is: evenly from moment to moment, then a rest at now."""
    moving = max(2, round(frames * (1.0 - REST)))
    way = np.linspace(0.0, stations - 1.0, moving)
    return np.concatenate([way, np.full(max(0, frames - moving), stations - 1.0)])


def frame(stations: list[Station], position: float, colours: Pixels, sides: Sides) -> Pixels:
    """Map and picture side by side, and when that was; between two moments the dots are on their way."""
    before = min(int(position), len(stations) - 1)
    one, other = stations[before], stations[min(before + 1, len(stations) - 1)]
    share = np.float32(position - before)
    nearest = one if share < 0.5 else other
    points = one.points if not share else one.points + share * (other.points - one.points)
    place = tuple(a + float(share) * (b - a) for a, b in zip(one.place, other.place, strict=True))
    canvas = Image.new("RGB", (2 * SIDE, SIDE + FOOT), PAPER)
    canvas.paste(Image.fromarray(draw_dots(points, colours, sides, SIDE, (place[0], place[1]))), (0, 0))
    picture = _picture(nearest.pixels)
    canvas.paste(picture, (SIDE + (SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    draw = ImageDraw.Draw(canvas)
    draw.text((12, SIDE + 8), nearest.said, fill=INK, font=ImageFont.load_default(14))
    return np.asarray(canvas)


def shape_of() -> tuple[int, int, int]:
    """(H, W, C) of each frame."""
    return SIDE + FOOT, 2 * SIDE, 3


def _picture(pixels: Pixels) -> Image.Image:
    """Enlarged by a whole number, or made smaller, until it nearly fills its side."""
    room = SIDE - 24
    large = enlarged(pixels, max(1, room // max(pixels.shape[:2])))
    image = Image.fromarray(np.ascontiguousarray(np.broadcast_to(large, (*large.shape[:2], 3))))
    image.thumbnail((room, room))
    return image
