"""Cartoon faces drawn by our own code from twelve known factors: the one image set whose true factors are known."""

import numpy as np
from numpy.typing import NDArray

from core.images.faces.hair import CUTS, HAIR_STYLES, Cut, Face, Factors
from core.images.faces.shapes import (
    Canvas,
    Plane,
    capsule,
    disc,
    ellipse,
    glow,
    hue_colours,
    inside_both,
    ramp_colours,
    rounded,
    shaded,
)

DRAWING_VERSION = 1  # raise it when a drawn pixel changes: the cache is keyed by it
FACTORS: tuple[tuple[str, float, float], ...] = (  # each uniform and independent; `hair`, the class, is the twelfth
    ("smile", -1.0, 1.0),  # corners of the mouth down … up
    ("mouth_open", 0.0, 1.0),
    ("brow", -1.0, 1.0),  # frowning … raised
    ("gaze_x", -1.0, 1.0),  # to the picture's left … right
    ("gaze_y", -1.0, 1.0),  # up … down
    ("eye_size", 0.0, 1.0),
    ("skin", 0.0, 1.0),  # light … dark
    ("hair_tone", 0.0, 1.0),  # black, brown, auburn, blond, silver
    ("head_width", 0.0, 1.0),
    ("tilt", -1.0, 1.0),  # 12 degrees either way
    ("background", 0.0, 1.0),  # hue
)
FACTOR_DTYPE = np.dtype([*((name, np.float32) for name, _, _ in FACTORS), ("hair", np.int8)])

_BATCH = 32  # faces drawn together: their planes stay in the processor's cache
_SKIN = ((255, 224, 198), (244, 196, 160), (219, 162, 120), (170, 114, 78), (116, 74, 52))
_HAIR = ((40, 34, 40), (94, 58, 38), (168, 76, 38), (232, 186, 100), (210, 210, 218))
_INK, _WHITE, _MOUTH, _ROSE = ((48, 34, 44), (255, 255, 255), (122, 34, 48), (238, 96, 100))
_TURN = np.float32(np.deg2rad(12.0))
_TALL = 0.60  # half the head's height
_EYE = (0.205, -0.06)
_MOUTH_Y = 0.36


def sample_factors(count: int, seed: int) -> Factors:
    """Read-only records of FACTOR_DTYPE (count,); a longer list of the same seed begins with the shorter one."""
    uniform = np.random.default_rng(seed).random((count, len(FACTORS) + 1))
    factors = np.zeros(count, FACTOR_DTYPE)
    for column, (name, low, high) in enumerate(FACTORS):
        factors[name] = low + (high - low) * uniform[:, column]
    factors["hair"] = (uniform[:, -1] * len(HAIR_STYLES)).astype(np.int8)
    factors.flags.writeable = False
    return factors


def draw_faces(factors: Factors, size: int = 64) -> NDArray[np.uint8]:
    """Faces (N, size, size, 3) of records of FACTOR_DTYPE (N,); the same factors always give the same pixels.

    A pixel takes each shape's colour by the share of it that the shape covers, from the shape's signed distance.
    """
    drawn = np.empty((len(factors), size, size, 3), np.uint8)
    for style, cut in enumerate(CUTS):
        alike = np.flatnonzero(factors["hair"] == style)
        for start in range(0, len(alike), _BATCH):
            some = alike[start : start + _BATCH]
            drawn[some] = _draw(factors[some], size, cut)
    return drawn


def _draw(factors: Factors, size: int, cut: Cut) -> NDArray[np.uint8]:
    apart = factors[:, np.newaxis, np.newaxis]
    face = Face(
        factors=apart,
        wide=0.43 + 0.12 * apart["head_width"],
        skin=ramp_colours(factors["skin"], _SKIN),
        hair=ramp_colours(factors["hair_tone"], _HAIR),
        shirt=hue_colours(factors["background"] + 0.45, 0.50, 0.80),
    )
    canvas = Canvas(hue_colours(factors["background"], 0.26, 0.93), size, _TURN * face["tilt"], pivot=0.7)
    cut.behind(canvas, face)
    _shoulders(canvas, face)
    _head(canvas, face)
    cut.front(canvas, face)
    _eyes(canvas, face)
    _brows(canvas, face)
    _mouth(canvas, face)
    return canvas.pixels()


def _shoulders(canvas: Canvas, face: Face) -> None:
    neck = shaded(face.skin, 0.84)
    canvas.paint((-0.8, 0.6, 0.8, 1.0), lambda x, y: ellipse(x, y - 1.22, 0.74, 0.46), face.shirt, turns=False)
    canvas.paint((-0.3, 0.4, 0.3, 1.0), lambda x, y: rounded(x, y - 0.6, 0.17, 0.32, 0.15), neck, turns=False)


def _head(canvas: Canvas, face: Face) -> None:
    inner, blush = shaded(face.skin, 0.84), 0.6 * face.skin + 0.4 * face.all(_ROSE)
    window = (-0.85, -0.75, 0.85, 0.75)
    ears = (-0.85, -0.35, 0.85, 0.35)
    canvas.paint(ears, lambda x, y: disc(np.abs(x) - face.wide, y - 0.03, 0.115), face.skin)
    canvas.paint(ears, lambda x, y: disc(np.abs(x) - face.wide - 0.02, y - 0.03, 0.06), inner)
    canvas.paint(window, lambda x, y: ellipse(x * (1.0 + 0.12 * (y - 0.02)), y - 0.02, face.wide, _TALL), face.skin)
    canvas.tint((-0.6, -0.1, 0.6, 0.5), lambda x, y: glow(np.abs(x) - 0.29, y - 0.2, 0.17), blush)
    canvas.paint((-0.25, -0.05, 0.25, 0.3), lambda x, y: ellipse(x, y - 0.135, 0.055, 0.042), shaded(face.skin, 0.82))


def _eyes(canvas: Canvas, face: Face) -> None:
    window = (-0.5, -0.4, 0.5, 0.25)
    rx, ry = 0.088 + 0.04 * face["eye_size"], 0.095 + 0.06 * face["eye_size"]
    iris = 0.058 + 0.028 * face["eye_size"]
    gaze_x, gaze_y = 0.042 * face["gaze_x"], 0.05 * face["gaze_y"]

    def ball(x: Plane, y: Plane) -> Plane:
        return ellipse(np.abs(x) - _EYE[0], y - _EYE[1], rx, ry)

    def looking(x: Plane, y: Plane) -> Plane:
        left = np.where(x < 0.0, x + _EYE[0], x - _EYE[0]) - gaze_x
        return inside_both(disc(left, y - _EYE[1] - gaze_y, iris), ball(x, y))

    def glint(x: Plane, y: Plane) -> Plane:
        left = np.where(x < 0.0, x + _EYE[0], x - _EYE[0]) - gaze_x
        return disc(left + 0.4 * iris, y - _EYE[1] - gaze_y + 0.4 * iris, 0.024)

    canvas.paint(window, lambda x, y: ball(x, y + 0.016) - 0.012, shaded(face.skin, 0.62))
    canvas.paint(window, ball, face.all(_WHITE))
    canvas.paint(window, looking, face.all(_INK))
    canvas.paint(window, glint, face.all(_WHITE))


def _brows(canvas: Canvas, face: Face) -> None:
    raised = face["brow"]
    height = _EYE[1] - 0.175 - 0.06 * face["eye_size"] - 0.045 * raised
    inner, outer = height - 0.055 * raised, height + 0.03 * raised

    def brow(x: Plane, y: Plane) -> Plane:
        return capsule(np.abs(x) - 0.105, y - inner, 0.19, outer - inner, 0.026)

    canvas.paint((-0.55, -0.62, 0.55, 0.15), brow, np.minimum(shaded(face.hair, 0.72), 0.62 * face.skin))


def _mouth(canvas: Canvas, face: Face) -> None:
    smile, gape = face["smile"], face["mouth_open"]
    half = 0.17 + 0.035 * smile
    corner = _MOUTH_Y - 0.075 * smile
    upper = _MOUTH_Y + 0.03 * smile - 0.03 * gape
    lower = upper + 0.17 * np.maximum(gape - 0.2, 0.0)

    def within(x: Plane, y: Plane) -> Plane:
        bend = np.minimum((x / half) ** 2, 1.0)
        above, below = upper + (corner - upper) * bend - y, y - lower - (corner - lower) * bend
        beside, gap = np.maximum(np.abs(x) - half, 0.0), np.maximum(above, below)
        distance: Plane = np.where(beside > 0.0, np.hypot(beside, np.maximum(gap, 0.0)), gap)
        return distance

    def teeth(x: Plane, y: Plane) -> Plane:
        return inside_both(within(x, y) + 0.006, y - upper - 0.045 - (corner - upper) * (x / half) ** 2)

    def tongue(x: Plane, y: Plane) -> Plane:
        return inside_both(within(x, y) + 0.006, ellipse(x, y - lower - 0.02, 0.1, 0.075))

    window = (-0.42, 0.12, 0.42, 0.7)
    canvas.paint(window, lambda x, y: within(x, y) - 0.02, face.all(_MOUTH))
    canvas.paint(window, tongue, face.all(_ROSE))
    canvas.paint(window, teeth, face.all(_WHITE))
