"""What a lesson is: a question, what to guess, and the module that runs it; imports nothing that takes time."""

from dataclasses import dataclass
from typing import NamedTuple

from core.reports.lessons import Scene


@dataclass(frozen=True)
class Place:
    """A guess that is a point (u, v) on the first plane that is seen before."""

    asked: str

    def said(self, guess: "Guess") -> str:
        """The guess, or what is true, in words."""
        assert isinstance(guess, tuple)
        return f"({_number(guess[0], 2)}, {_number(guess[1], 2)})"


@dataclass(frozen=True)
class Number:
    """A guess from low to high."""

    asked: str
    low: float
    high: float
    decimals: int = 0
    unit: str = ""
    start: float = 0.0  # what stands there before anything is guessed

    def said(self, guess: "Guess") -> str:
        """The guess, or what is true, in words."""
        assert isinstance(guess, float | int)
        return f"{_number(guess, self.decimals)} {self.unit}".rstrip()


@dataclass(frozen=True)
class Choice:
    """A guess that is one of these, by its place among them."""

    asked: str
    choices: tuple[str, ...]

    def said(self, guess: "Guess") -> str:
        """The guess, or what is true, in words."""
        assert isinstance(guess, int)
        return self.choices[guess]


Ask = Place | Number | Choice
Guess = tuple[float, float] | float | int  # of a place, a number, a choice


@dataclass(frozen=True)
class Lesson:
    """One lesson. `module` of core.lessons has `look`, what is seen before the guess, and `run`, which ends in Found.

    `steps` is how many each model of it is trained, 0 where nothing is.
    """

    module: str
    title: str
    words: str  # what is seen, and what will be done
    asks: tuple[Ask, ...]
    sources: str
    steps: int = 0


class Found(NamedTuple):
    """What a lesson's module ends with: all frames, what is true of each thing that was asked, and the one sentence."""

    scene: Scene
    truth: tuple[Guess, ...]
    sentence: str


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace("-", "−")
