"""The legend of a page: a button for each class, which is there and coloured where no script runs too."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from core.export.page.texts import hex_of, plain
from core.palette import class_colours

MOST = 256  # rows: no more colours are told apart


def legend(classes: Sequence[str], labels: NDArray[np.int64]) -> str:
    """The HTML for the classes that these images (n,) are of, the largest of very many; nothing for a single one."""
    counts = np.bincount(labels, minlength=len(classes))
    present = np.flatnonzero(counts)
    if len(present) < 2:
        return ""
    listed = np.sort(present[np.argsort(-counts[present], kind="stable")[:MOST]]).tolist()
    colours = class_colours(len(classes))
    rows = "\n".join(_row(label, classes[label], hex_of(colours[label]), int(counts[label])) for label in listed)
    left = len(present) - len(listed)
    more = f'<p class="quiet">and {left:,} smaller ones</p>\n' if left else ""
    return f'<fieldset>\n<legend>Classes</legend>\n<ul id="classes">\n{rows}\n</ul>\n{more}</fieldset>'


def _row(label: int, name: str, colour: str, count: int) -> str:
    swatch = (
        '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
        f'<circle cx="7" cy="7" r="6" fill="{colour}"/></svg>'
    )
    said = escape(plain(name))
    button = f'<button type="button" aria-pressed="true" data-label="{label}" title="{said}">'
    return f'<li>{button}{swatch}<bdi>{said}</bdi><span class="count">{count:,}</span></button></li>'
