"""A path as it can be shown: some frames as pictures, where it runs on the map, and where it leaves the pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.verdicts import VERDICTS, WORDS

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

MOST_SHOWN = 96  # frames of a long path that are decoded to be looked at; the stops are always among them


@dataclass(frozen=True, eq=False)
class Reel:
    """Latents z (F, d), their points on the plane (F, 2), and how each stands (F,), as in VERDICTS.

    `stops_at` (k,) are the frames that are stops; `shown` (P,) those that `pixels` (P, H, W, C) are of. `words` say how
    long the way is.
    """

    z: Floats
    stops_at: Indices
    points: Floats
    verdicts: NDArray[np.int8]
    shown: Indices
    pixels: NDArray[np.uint8]
    is_loop: bool
    words: str

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.z)

    @property
    def last(self) -> float:
        """The last place that can be played: in a loop the first again, a frame after the last."""
        return float(self.count if self.is_loop else self.count - 1)

    def at(self, position: float) -> Floats:
        """The latent (d,) at a place between two frames."""
        before = int(np.clip(position, 0.0, self.last)) % self.count
        share = np.float32(position - np.floor(position))
        after = (before + 1) % self.count if self.is_loop else min(before + 1, self.count - 1)
        return np.asarray((1 - share) * self.z[before] + share * self.z[after], np.float32)

    def picture_near(self, frame: float) -> NDArray[np.uint8]:
        """The picture shown that is nearest to a frame."""
        picture: NDArray[np.uint8] = self.pixels[int(np.abs(self.shown - frame).argmin())]
        return picture

    def stop_picture(self, stop: int) -> NDArray[np.uint8]:
        """The picture of a stop."""
        picture: NDArray[np.uint8] = self.pixels[int(np.searchsorted(self.shown, self.stops_at[stop]))]
        return picture


def frames_to_show(count: int, stops_at: Indices) -> Indices:
    """Which of so many frames to decode: all, or evenly chosen ones and the stops; sorted, each once."""
    even = np.linspace(0, count - 1, min(count, MOST_SHOWN)).round().astype(np.int64)
    return np.union1d(even, stops_at)


def share_words(verdicts: NDArray[np.int8]) -> str:
    """How much of a way is where no pictures or few are; nothing where all of it is among them."""
    parts = [(float((verdicts == number).mean()), WORDS[name]) for number, name in enumerate(VERDICTS) if number]
    return ", ".join(f"{share:.0%} {words}" for share, words in reversed(parts) if share > 0)


def stretches(verdicts: NDArray[np.int8]) -> list[tuple[int, int, int]]:
    """Runs of equal verdicts (F,): (first frame, last frame, verdict)."""
    ends = np.append(np.flatnonzero(np.diff(verdicts)), len(verdicts) - 1)
    begins = np.append(0, ends[:-1] + 1)
    return [(int(begin), int(end), int(verdicts[begin])) for begin, end in zip(begins, ends, strict=True)]
