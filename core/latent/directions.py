"""Directions: what some images have that others have not, as a vector of latent space, and how far to trust it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError
from core.exploration import Direction
from core.latent.plane import MOST_SQUARED

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Flags = NDArray[np.bool_]
Trust = Literal["reliable", "weak", "no better than chance", "too few images to say", "not measured"]

PARTS = 10  # one is left out at a time
ROUNDS = 5  # of other parts: which images are left out together should not matter
LEAST = 8  # images a side below which nothing can be told from chance
ENOUGH_HELD_OUT = 100  # held-out images a side to measure on them alone: fewer say less than all, a part at a time
ENOUGH_CODES = 20_000  # to know how widely codes spread
SEPARATES = 0.8  # "excellent discrimination" (Hosmer, Lemeshow & Sturdivant 2013, §5.2.4)
CHANCE_TURN = float(np.degrees(np.arccos(np.sqrt(1 - 1 / PARTS))))  # 18.4: what is nothing but noise turns so far
TURNS = CHANCE_TURN / 2
SIGMAS = 1.96  # 39 in 40 are below
SHARED = float(np.sqrt(2.0))  # times as wide is the spread by chance where parts share images; by simulation 1.3 to 1.5
RULE = (
    f"Reliable: of one new image of each side, the right one lies farther along in at least {SEPARATES:.0%} of cases, "
    f"and the direction turns by at most {TURNS:.0f}° when a tenth of the images is left out (noise turns by "
    f"{CHANCE_TURN:.0f}°). No better than chance: images put to sides at random come as far once in forty times. "
    "Weak: between the two."
)


@dataclass(frozen=True, eq=False)
class Side:
    """Codes (n, d) of images, or of one place, which of them are held out (n,), and what they are in words."""

    words: str
    codes: Floats
    is_held_out: Flags
    indices: NDArray[np.int64] | None = None  # which images; None for a place


def find_direction(name: str, plus: Side, minus: Side, precision: Doubles | None = None) -> Direction:
    """The mean code of one side minus that of the other (Radford et al. 2016; Larsen et al. 2016), and its reliability.

    Images that are on both sides are left out of both; so are codes that are not known yet. The vector is of all that
    are left; how reliable it is, is measured on images that it was not made of (White 2016), with `precision_of` all
    codes or, without it, as if these spread alike in every direction. Raises ConfigError.
    """
    plus, minus = _known(_without(plus, minus)), _known(_without(minus, plus))
    for side in (plus, minus):
        if not len(side.codes):
            raise ConfigError(f"Nothing is left of {side.words} without what is on both sides: choose other images.")
    vector = np.asarray(mean_code(plus.codes) - mean_code(minus.codes), np.float32)
    if not np.abs(vector).max() > 0:
        raise ConfigError(f"{plus.words} and {minus.words} have the same mean code: choose other images.")
    separation, by_chance = separate(plus, minus, precision)
    counts = (len(plus.codes), len(minus.codes))
    degrees = turn(plus.codes, minus.codes)
    return Direction(name, vector, plus.words, minus.words, counts, separation, degrees, by_chance)


def mean_code(codes: Floats) -> Doubles:
    """The mean of codes (n, d), (d,)."""
    mean: Doubles = codes.mean(axis=0, dtype=np.float64)
    return mean


def mix(name: str, weighted: Sequence[tuple[float, Direction]]) -> Direction:
    """Several directions at once: the sum of each times its weight. Its reliability is not measured."""
    vector = sum((weight * each.vector for weight, each in weighted), np.zeros_like(weighted[0][1].vector))
    words = " ".join(f"{'−' if weight < 0 else '+'} {abs(weight):.2g} × {each.name}" for weight, each in weighted)
    return Direction(name, np.asarray(vector, np.float32), words.removeprefix("+ "), "", (0, 0))


def trust(direction: Direction) -> Trust:
    """How far to trust a direction, by RULE."""
    if direction.separation is None or direction.turn is None or direction.by_chance is None:
        return "not measured" if max(direction.counts) <= 1 else "too few images to say"
    if direction.separation <= direction.by_chance:
        return "no better than chance"
    return "reliable" if direction.separation >= SEPARATES and direction.turn <= TURNS else "weak"


def precision_of(codes: Floats) -> Doubles | None:
    """The inverse of the covariance of codes (N, d), (d, d), shrunk as far as their number asks for.

    Of an even sample of those that are known (Ledoit & Wolf 2004); the identity where next to none is. None of more
    than MOST_SQUARED dimensions.
    """
    if codes.shape[1] > MOST_SQUARED:
        return None
    from sklearn.covariance import ledoit_wolf

    known = np.flatnonzero(np.isfinite(codes[:, 0]))
    sample = codes[known[:: -(-len(known) // ENOUGH_CODES) or 1]].astype(np.float64)
    if len(sample) < 3:
        return np.eye(codes.shape[1])
    covariance, _ = ledoit_wolf(sample)
    least = 1e-9 * max(float(np.trace(covariance)), 1e-9)  # a dead dimension has no spread at all
    inverse: Doubles = np.linalg.inv(covariance + least * np.eye(len(covariance)))
    return inverse


def separate(plus: Side, minus: Side, precision: Doubles | None = None) -> tuple[float | None, float | None]:
    """The area under the ROC curve of images along a direction that they had no part in, and what chance stays below.

    How far along is measured against how widely codes spread there: by Fisher's discriminant (1936), the direction
    times `precision`. Along the direction itself, what images differ in besides would hide what it is about (Haufe et
    al. 2014). Where each side has enough held-out images: of these, along the direction of the others. Else of all
    images, a part at a time, along the direction of the other parts (stratified cross-validation, the mean of the
    parts' areas). What chance reaches is the spread of the Mann–Whitney statistic of sides alike. None when too few.
    """
    if min(len(plus.codes), len(minus.codes)) < LEAST:
        return None, None
    sizes = [int(side.is_held_out.sum()) for side in (plus, minus)]
    learned = [len(side.codes) - size for side, size in zip((plus, minus), sizes, strict=True)]
    if min(sizes) >= ENOUGH_HELD_OUT and min(learned) >= ENOUGH_HELD_OUT:
        vector = mean_code(plus.codes[~plus.is_held_out]) - mean_code(minus.codes[~minus.is_held_out])
        filtered = _filter(vector, precision)
        found = area(plus.codes[plus.is_held_out] @ filtered, minus.codes[minus.is_held_out] @ filtered)
        return found, 0.5 + SIGMAS * _spread(*sizes)
    areas = [
        area(left_plus @ _filter(vector, precision), left_minus @ _filter(vector, precision))
        for vector, left_plus, left_minus in _left_out(plus.codes, minus.codes)
    ]
    return float(np.mean(areas)), 0.5 + SIGMAS * SHARED * _spread(len(plus.codes), len(minus.codes))


def turn(plus: Floats, minus: Floats) -> float | None:
    """By how many degrees the direction turns when a tenth of the codes of each side is left out: root mean square.

    A jackknife by parts (Shao & Wu 1989). Two means that differ by nothing but noise turn by CHANCE_TURN, however many
    codes they are of; where the true difference is large beside the noise the angle shrinks towards 0. None: too few.
    """
    if min(len(plus), len(minus)) < LEAST:
        return None
    whole = mean_code(plus) - mean_code(minus)
    angles = [angle(vector, whole) for vector, _, _ in _left_out(plus, minus)]
    return float(np.sqrt(np.mean(np.square(angles))))


def angle(one: Doubles, other: Doubles) -> float:
    """Between two vectors, in degrees; by the half angle, which is exact where the cosine is not (Kahan 2006)."""
    one, other = one / np.linalg.norm(one), other / np.linalg.norm(other)
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(one - other), np.linalg.norm(one + other))))


def area(plus: Doubles | Floats, minus: Doubles | Floats) -> float:
    """The chance that a number of `plus` is larger than one of `minus`, ties counted half (Mann & Whitney 1947)."""
    below = np.sort(minus)
    ranks = np.searchsorted(below, plus, "left") + np.searchsorted(below, plus, "right")
    return float(ranks.mean() / (2 * len(below)))


def analogy(plus: Side, minus: Side, start: Side) -> Floats:
    """A − B + C of mean codes, (d,) (Mikolov et al. 2013; Radford et al. 2016). Raises ConfigError."""
    means = []
    for side in map(_known, (plus, minus, start)):
        if not len(side.codes):
            raise ConfigError(f"The code of no image of {side.words} is known: choose other images for it.")
        means.append(mean_code(side.codes))
    return np.asarray(means[0] - means[1] + means[2], np.float32)


def _left_out(plus: Floats, minus: Floats) -> Iterator[tuple[Doubles, Floats, Floats]]:
    """The direction without a part of each side, and the codes of that part; every part of every round."""
    parts, rng = min(PARTS, len(plus), len(minus)), np.random.default_rng(0)
    sums = [codes.sum(axis=0, dtype=np.float64) for codes in (plus, minus)]
    for _ in range(ROUNDS):
        orders = [rng.permutation(len(codes)) for codes in (plus, minus)]
        for part in range(parts):
            left = [codes[order[part::parts]] for codes, order in zip((plus, minus), orders, strict=True)]
            means = [
                (total - some.sum(axis=0, dtype=np.float64)) / (len(codes) - len(some))
                for total, some, codes in zip(sums, left, (plus, minus), strict=True)
            ]
            yield means[0] - means[1], left[0], left[1]


def _filter(vector: Doubles, precision: Doubles | None) -> Doubles:
    return vector if precision is None else precision @ vector


def _spread(plus: int, minus: int) -> float:
    """The standard deviation of the area under the ROC curve of two sides that do not differ (Mann & Whitney 1947)."""
    return float(np.sqrt((plus + minus + 1) / (12 * plus * minus)))


def _without(side: Side, other: Side) -> Side:
    if side.indices is None or other.indices is None:
        return side
    is_shared: Flags = np.isin(side.indices, other.indices)
    return _some(side, ~is_shared)


def _known(side: Side) -> Side:
    return _some(side, np.asarray(np.isfinite(side.codes).all(axis=1), np.bool_))


def _some(side: Side, chosen: Flags) -> Side:
    indices = None if side.indices is None else side.indices[chosen]
    return Side(side.words, side.codes[chosen], side.is_held_out[chosen], indices)
