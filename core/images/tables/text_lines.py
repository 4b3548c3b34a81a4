"""How large a table may be, which a stranger may have written: lines, their letters, columns, cells."""

import io
from collections.abc import Iterator

MOST_LETTERS = 1 << 20  # of a line
MOST_COLUMNS = 10_000
MOST_LINES, LINES_AN_IMAGE = 250_000, 20  # whichever is more
# In all, for each line that there may be: bytes, cells, and different texts in them.
BYTES_A_LINE, CELLS_A_LINE, TEXTS_A_LINE = 128, 40, 2


def most_lines(images: int) -> int:
    """Of a table that is about so many images."""
    return max(MOST_LINES, LINES_AN_IMAGE * images)


def text_lines(file: io.TextIOBase, most: int) -> Iterator[str]:
    """The lines of a file; raises OSError once there are more, or one is longer, than may be."""
    for number in range(most + 1):
        line = file.readline(MOST_LETTERS + 1)
        if len(line) > MOST_LETTERS:
            raise OSError(f"a line of it has more than {MOST_LETTERS:,} letters")
        if not line:
            return
        if number == most:
            raise too_many_lines(most)
        yield line


def too_many_lines(most: int) -> OSError:
    """What to say of a table that has more."""
    return OSError(f"it has more than {most:,} lines, too many for so few images")
