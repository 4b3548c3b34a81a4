"""What a lesson shows: arrays to draw, frames to slide through, and at the end what is true beside what was guessed."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Mark:
    """A place on a plane that has a name: what is asked about, what was guessed, what is true."""

    name: str
    u: float
    v: float
    kind: Literal["asked", "guess", "truth"]


@dataclass(frozen=True, eq=False)
class Cloud:
    """Dots (N, 2) on a plane that is seen from −reach to reach both ways.

    `groups` (N,) says which of the class colours each has, −1 none: a faint dot that says only that it is there.
    """

    title: str
    dots: NDArray[np.float32]
    groups: NDArray[np.int8]
    reach: float
    marks: tuple[Mark, ...] = ()
    has_rings: bool = False  # N(0, I) at one, two and three σ


@dataclass(frozen=True, eq=False)
class Arrows:
    """Vectors (N, 2) from the place 0, and the one that they are on average; `axes` name what lies along and up."""

    title: str
    tips: NDArray[np.float32]
    mean: tuple[float, float]
    reach: float
    axes: tuple[str, str]


@dataclass(frozen=True, eq=False)
class Bars:
    """A bar of height `values[s, n]` for each name n and each series s, (S, N); those not `alive` (N,) are grey."""

    title: str
    names: tuple[str, ...]
    series: tuple[str, ...]
    values: Values
    unit: str
    alive: NDArray[np.bool_] | None = None
    chosen: int = -1  # the name that the frame is about
    top: float = 0.0  # that the plot reaches at least, so that bars of several frames compare


@dataclass(frozen=True, eq=False)
class Pictures:
    """uint8 (N, H, W, C), each over its caption."""

    title: str
    pixels: NDArray[np.uint8]
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Line:
    """One curve (M,) over the x of its plot; NaN where it is not known."""

    name: str
    y: Values
    is_faint: bool = False


@dataclass(frozen=True)
class Level:
    """A height in a plot that has a name, or a place along it: a guess, a true value."""

    name: str
    value: float
    kind: Literal["guess", "truth"]
    is_along: bool = False


@dataclass(frozen=True, eq=False)
class Curves:
    """Lines over the same x (M,), which rises, and levels across all of it."""

    title: str
    x: Values
    lines: tuple[Line, ...]
    axes: tuple[str, str]
    levels: tuple[Level, ...] = ()
    is_log: bool = False  # x
    at: float | None = None  # the x that the frame is about
    has_dots: bool = False  # each point of a line is one
    top: float | None = None  # that the plot reaches at least


View = Cloud | Arrows | Bars | Pictures | Curves


@dataclass(frozen=True, eq=False)
class Frame:
    """What is seen at one place of the control; `name` says which place that is."""

    name: str
    views: tuple[View, ...]


@dataclass(frozen=True, eq=False)
class Scene:
    """Frames that one control slides through; of clouds with as many dots it shows the way between two as well."""

    frames: tuple[Frame, ...]
    control: str = ""  # what slides; empty where there is one frame
    at: int = -1  # the frame that is seen first


@dataclass(frozen=True)
class Answer:
    """What was asked, guessed and found, in words."""

    asked: str
    guess: str
    truth: str


@dataclass(frozen=True, eq=False)
class Revealed:
    """The end of a lesson: all its frames, each answer beside the guess, and the one sentence, of numbers found now."""

    scene: Scene
    answers: tuple[Answer, ...]
    sentence: str
