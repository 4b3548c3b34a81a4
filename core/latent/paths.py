"""Ways through latent space from stop to stop: straight, spherical, along the data, or shortest in pictures."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.exploration import LatentPath
from core.latent.classes import label_of
from core.latent.geodesics import geodesic, picture_steps
from core.latent.neighbour_graph import GRAPH_CODES, NEIGHBOURS, ways_along
from core.reports.progress import Progress

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Shares = NDArray[np.float64]  # of a leg, each from 0 to 1
Curve = Callable[[Shares], Floats]  # shares (m,) → latents (m, d)
Legs = Sequence[tuple[Floats, Floats]]  # each from one stop to the next

MOST_FRAMES = 5_000
SAMPLES = 4  # places at which a leg's pictures are compared, for each of its frames
LEAST_SAMPLES = 32
ROUNDS = 4  # of making steps even: each measures the steps that the last one left
PARALLEL = 1e-6  # radians: nearer to 0 or π than this, two directions are one line


@dataclass(frozen=True, eq=False)
class Way:
    """A path, frame by frame: latents z (F, d), and the frames (k,) that are its stops.

    `steps` (F − 1,), of a loop (F,), is how much each frame differs from the next: the root mean square of the change
    of pixels in [0, 1]. `straight_length` is the sum of such steps of as many frames straight from stop to stop.
    """

    path: LatentPath
    z: Floats
    stops_at: NDArray[np.int64]
    steps: Floats
    straight_length: float
    knots: tuple[Floats, ...] = ()  # (m, d) of each leg, where finding them took time
    note: str = ""  # what was left out

    @property
    def picture_length(self) -> float:
        """How much pictures change along the whole way: the sum of all steps."""
        return float(self.steps.sum())


def find_way(space: "LatentSpace", path: LatentPath, before: Way | None = None) -> Iterator[Progress | Way]:
    """Yield Progress, then the Way: as many frames as the path asks for, of which each stop is one.

    A loop goes back to the first stop, and its last frame is the one before that. Frames are shared out among the legs
    by their lengths in latent space, or in pictures where steps are to be even; so steps are equal within a leg, and
    from leg to leg but for the rounding. A geodesic takes seconds a leg: the legs that `before` has, a way through the
    same latent space, are taken from there. Raises ConfigError.
    """
    space = as_class(space, path.class_name)
    check_path(path, space.latent_dims)
    legs = _legs(path)
    knots: tuple[Floats, ...] = ()
    if path.kind == "geodesic":
        knots = yield from _geodesics(space, path, legs, before)
    elif path.kind == "data":
        yield Progress("Joining neighbouring codes", 0, min(len(space.codes), GRAPH_CODES))
        knots = tuple(ways_along(space.neighbour_graph, legs))
    curves = _curves(path, legs, knots)
    yield Progress("Measuring the steps", 0, path.frames)
    z, stops_at = _frames(space, path, curves)
    steps = picture_steps(space, z, path.is_loop)
    straight = steps
    if path.kind != "straight" or path.is_even:
        straight = picture_steps(space, _joined([straight_leg(*leg) for leg in legs], stops_at, path), path.is_loop)
    note = _left_out(space) if path.kind == "data" else ""
    yield Way(path, z, stops_at, steps, float(straight.sum()), knots, note)


def as_class(space: "LatentSpace", class_name: str) -> "LatentSpace":
    """The same latent space decoding a class by name, where it knows classes; raises ConfigError."""
    if space.conditional != "class" or not class_name:
        return space
    return space.with_label(label_of(class_name, space.classes, space.unlearned))


def check_path(path: LatentPath, latent_dims: int) -> None:
    """Raise ConfigError for a path that leads nowhere."""
    if path.stops.ndim != 2 or path.stops.shape[1] != latent_dims:
        raise ConfigError(f"The stops have {path.stops.shape[-1]} numbers each: this run has {latent_dims} dimensions.")
    if len(path.stops) < 2:
        raise ConfigError("A path needs two stops at least: add another.")
    if not np.isfinite(path.stops).all():
        raise ConfigError("A stop of the path is not finite: every number of it must be.")
    fewest = len(path.stops)
    if not fewest <= path.frames <= MOST_FRAMES:
        raise ConfigError(
            f"The path has {fewest} stops: ask for {fewest} to {MOST_FRAMES:,} frames, not {path.frames:,}."
        )


def straight_leg(start: Floats, end: Floats) -> Curve:
    """Evenly along the line."""

    def at(shares: Shares) -> Floats:
        return np.asarray(start + shares[:, None] * (end.astype(np.float64) - start), np.float32)

    return at


def spherical_leg(start: Floats, end: Floats) -> Curve:
    """Along the great circle at an even angular speed (Shoemake 1985, slerp), the distance from 0 changing evenly.

    Most of N(0, I) in many dimensions lies on a sphere about 0, which the straight way would leave. Towards 0 or away
    from it the way is straight; between exact opposites it takes the coordinate axis farthest from both for its turn.
    """
    norms = np.linalg.norm(start.astype(np.float64)), np.linalg.norm(end.astype(np.float64))
    if min(norms) == 0.0 or len(start) == 1:
        return straight_leg(start, end)
    first, second = start.astype(np.float64) / norms[0], end.astype(np.float64) / norms[1]
    angle = 2.0 * np.arctan2(np.linalg.norm(first - second), np.linalg.norm(first + second))  # exact for small ones too
    if angle < PARALLEL:
        return straight_leg(start, end)
    across = _across(first) if np.pi - angle < PARALLEL else second - (second @ first) * first
    across /= np.linalg.norm(across)

    def at(shares: Shares) -> Floats:
        turned = np.cos(angle * shares)[:, None] * first + np.sin(angle * shares)[:, None] * across
        return np.asarray((norms[0] + shares * (norms[1] - norms[0]))[:, None] * turned, np.float32)

    return at


def polyline_leg(knots: Floats, by_length: bool) -> Curve:
    """Through knots (m, d): at an even speed in latent space, or with as much time for each piece."""
    pieces = np.linalg.norm(np.diff(knots.astype(np.float64), axis=0), axis=1) if by_length else np.ones(len(knots) - 1)
    reached = _reached(pieces)

    def at(shares: Shares) -> Floats:
        columns = [np.interp(shares, reached, column) for column in knots.T.astype(np.float64)]
        return np.stack(columns, axis=1).astype(np.float32)

    return at


def apportion(lengths: Shares, total: int) -> NDArray[np.int64]:
    """`total` steps shared out by lengths (k,), at least one each (largest remainders)."""
    shares = lengths / lengths.sum() if lengths.sum() > 0 else np.full(len(lengths), 1.0 / len(lengths))
    wanted = 1.0 + shares * (total - len(lengths)) if (shares * total < 1.0).any() else shares * total
    steps = np.floor(wanted).astype(np.int64)
    largest = np.argsort(steps - wanted, kind="stable")[: total - steps.sum()]
    steps[largest] += 1
    return steps


def _curves(path: LatentPath, legs: Legs, knots: Sequence[Floats]) -> list[Curve]:
    """One for each leg."""
    if knots:
        return [polyline_leg(each, by_length=path.kind == "data") for each in knots]
    return [(spherical_leg if path.kind == "spherical" else straight_leg)(*leg) for leg in legs]


def _geodesics(
    space: "LatentSpace", path: LatentPath, legs: Legs, before: Way | None
) -> Generator[Progress, None, tuple[Floats, ...]]:
    """The knots (m, d) of each leg."""
    is_alike = before is not None and (before.path.kind, before.path.class_name) == (path.kind, path.class_name)
    known = dict(zip(map(_ends, _legs(before.path)), before.knots, strict=True)) if before and is_alike else {}
    missing = [leg for leg in legs if _ends(leg) not in known]
    for number, leg in enumerate(missing):
        known[_ends(leg)] = yield from geodesic(space, *leg, number, len(missing))
    return tuple(known[_ends(leg)] for leg in legs)


def _legs(path: LatentPath) -> Legs:
    """From each stop to the next, in a loop from the last to the first too."""
    return list(zip(path.stops, np.roll(path.stops, -1, axis=0), strict=True))[: None if path.is_loop else -1]


def _ends(leg: tuple[Floats, Floats]) -> bytes:
    return b"".join(end.astype(np.float32).tobytes() for end in leg)


def _frames(space: "LatentSpace", path: LatentPath, curves: Sequence[Curve]) -> tuple[Floats, NDArray[np.int64]]:
    """Latents (F, d), and which of them are the stops (k,)."""
    steps = path.frames if path.is_loop else path.frames - 1
    samples = [curve(np.linspace(0.0, 1.0, LEAST_SAMPLES + 1)) for curve in curves]
    lengths = [
        picture_steps(space, z).sum() if path.is_even else np.linalg.norm(np.diff(z, axis=0), axis=1).sum()
        for z in samples
    ]
    stops_at = np.append(0, np.cumsum(apportion(np.array(lengths, np.float64), steps)))
    if path.is_even:
        curves = [_even(space, curve, count) for curve, count in zip(curves, np.diff(stops_at), strict=True)]
    return _joined(curves, stops_at, path), stops_at[: len(path.stops)]


def _joined(curves: Sequence[Curve], stops_at: NDArray[np.int64], path: LatentPath) -> Floats:
    """The frames of all legs, each stop once, exactly where it is."""
    ends = np.append(stops_at[: len(curves)], path.frames if path.is_loop else path.frames - 1)
    legs = [curve(np.arange(count) / count) for curve, count in zip(curves, np.diff(ends), strict=True)]
    z = np.concatenate(legs if path.is_loop else [*legs, path.stops[-1:]])
    z[stops_at[: len(path.stops)]] = path.stops
    return z


def _even(space: "LatentSpace", curve: Curve, steps: int) -> Curve:
    """The same leg, so timed that each of `steps` steps changes the picture as much."""
    shares = np.linspace(0.0, 1.0, max(LEAST_SAMPLES, SAMPLES * steps) + 1)
    for _ in range(ROUNDS):
        changes = picture_steps(space, curve(shares)).astype(np.float64)
        if not changes.sum():  # all pictures are alike
            break
        shares = np.interp(np.linspace(0.0, 1.0, steps + 1), _reached(changes), shares)

    def at(wanted: Shares) -> Floats:
        return curve(np.interp(wanted, np.linspace(0.0, 1.0, len(shares)), shares))

    return at


def _reached(pieces: Shares) -> Shares:
    """The share of the whole at each end of the pieces (m − 1,): (m,), from 0 to 1."""
    reached = np.append(0.0, np.cumsum(pieces))
    return reached / reached[-1] if reached[-1] > 0 else np.linspace(0.0, 1.0, len(reached))


def _across(direction: Shares) -> Shares:
    """A unit vector at right angles: the coordinate axis farthest from a direction, less what lies along that."""
    axis = np.zeros_like(direction)
    axis[np.abs(direction).argmin()] = 1.0
    across: Shares = axis - (axis @ direction) * direction
    return across


def _left_out(space: "LatentSpace") -> str:
    seen = int(np.isfinite(space.codes[:, 0]).sum())
    used = min(seen, GRAPH_CODES)
    among = f"{used:,} of {seen:,} codes" if used < seen else f"{seen:,} codes"
    return f"along the {NEIGHBOURS} nearest neighbours of {among}"
