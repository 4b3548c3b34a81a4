"""Where the pictures of a traversal stand: lines of strips, one under the other or side by side; pixels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

GAP, APART = 7, 12  # under each strip, where the mark is; between strips side by side
LEAST, MOST = 16, 224  # side of a picture
NAMES = 150  # at most, for the names of the starts right of their strips

Made = TypeVar("Made")


@dataclass(frozen=True)
class StripPlaces:
    """Made anew from what there is and how much room: `label` is left of the strips, `text` a line of it high."""

    lines: int
    starts: int
    steps: int
    is_beside: bool
    width: int
    height: int
    label: int
    text: int

    @property
    def side(self) -> int:
        """Of one picture: as large as the width allows, but several strips should be seen at once."""
        columns = self.steps * (self.starts if self.is_beside else 1)
        apart = APART * (self.starts - 1) if self.is_beside else 0
        names = min(NAMES, self.width // 6) if self.starts > 1 and not self.is_beside else 0
        across = (self.width - self.label - apart - names - 8) // columns
        strips = 3 if self.starts == 1 or self.is_beside else max(4, self.starts)
        down = max(2 * self.text, self.height // strips - GAP)
        return max(LEAST, min(across, down, MOST))

    @property
    def heading(self) -> int:
        """The height of the names of strips side by side."""
        return self.text + 4 if self.is_beside and self.starts > 1 else 0

    @property
    def line_height(self) -> int:
        """Of the strips of one dimension."""
        strips = 1 if self.is_beside else self.starts
        return strips * (max(self.side, self.text) + GAP) + (GAP if strips > 1 else 0)

    @property
    def total(self) -> int:
        """The height of it all."""
        return self.heading + self.lines * self.line_height

    def lines_between(self, top: int, bottom: int) -> tuple[int, int]:
        """The first line that reaches into a part of it all, and the one after the last."""
        first = (top - self.heading) // self.line_height
        last = -(-(bottom - self.heading) // self.line_height)
        return min(max(first, 0), self.lines), min(max(last, 0), self.lines)

    def place_of(self, line: int, start: int, step: int) -> tuple[int, int, int]:
        """Left, top and side of a picture."""
        top, left = self.heading + line * self.line_height, self.label
        if self.is_beside:
            left += start * (self.steps * self.side + APART)
        else:
            top += start * (max(self.side, self.text) + GAP)
        return left + step * self.side, top + GAP // 2, self.side

    def tile_at(self, x: int, y: int, make: Callable[[int, int, int], Made]) -> Made | None:
        """The picture at a place, made of its line, start and step; None beside them."""
        first, last = self.lines_between(y, y + 1)
        for line in range(first, last):
            for start in range(self.starts):
                left, top, side = self.place_of(line, start, 0)
                if top <= y < top + side and left <= x < left + side * self.steps:
                    return make(line, start, (x - left) // side)
        return None
