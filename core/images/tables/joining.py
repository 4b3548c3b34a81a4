"""Joining a table to images: the rows of each image gathered into one value a column, and what fits none told."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.images.tables.columns import column
from core.images.tables.encoding import table_with_key
from core.images.tables.file_paths import exact, in_unicode, is_utf8
from core.images.tables.row_matching import NO_IMAGE, OTHER_ROW, SEVERAL_IMAGES, fit, without_rivals
from core.images.tables.table import MetadataTable, Remark
from core.reports.images import FITS_LESS, FITS_SEVERAL, NAMELESS, NO_SUCH_IMAGE, UNREADABLE, Column, Joined
from core.skipped_file import Skipped
from core.unicode_names import normal

Codes = NDArray[np.int64]

_AS_WESTERN = "read as Western Windows has it, else save it as UTF-8"
MOST_SHOWN = 500  # letters of what is taken for a name

_WHY = {  # why a row is of no image: the reason to group by, and what it is
    NO_IMAGE: (NO_SUCH_IMAGE, "no image is called that"),
    SEVERAL_IMAGES: (FITS_SEVERAL, "several images fit it equally well: write more of the path"),
    OTHER_ROW: (FITS_LESS, "the image that it could be has a row that fits as well or better"),
}


def join(path: Path, names: Sequence[str], folder: Path | None = None) -> tuple[Joined, tuple[Column, ...]]:
    """The columns of a table for images of these names, with all their levels, and how far the two fit.

    Where several rows are of one image, each column says what they agree on, else what the first of them says.
    Raises ImagesError when nothing of the table can be read.
    """
    table, key, letters = table_with_key(path, names, folder)
    keys = table.texts[key]
    image_of_key = without_rivals(fit(keys, names, folder), keys, names, folder)
    image_of = np.append(image_of_key, NO_IMAGE)[table.codes[key]]  # (R,)
    rows = np.flatnonzero(image_of >= 0)
    has_row = np.zeros(len(names), np.bool_)
    has_row[image_of[rows]] = True
    columns, remarks = list[Column](), [letters] if letters else []
    remarks += [_remark(table, remark.line, remark.said) for remark in _kept(table)]
    for place, name in enumerate(table.header):
        remarks += _about_heading(table, name)
        if name and place != key and (table.codes[place] >= 0).any():
            texts, codes = _cleaned(table.texts[place], table.codes[place])
            remarks += _about_letters(table, place)
            of_image, disagreeing = _gathered(codes, rows, image_of, len(names))
            remarks += _about_first(in_unicode(normal(name)), disagreeing)
            columns.append(column(in_unicode(normal(name)), texts, of_image))
    columns = columns if len(rows) else []  # else it is not about these images
    joined = Joined(
        path=path,
        columns=tuple(each.name for each in columns),
        unmatched=tuple(_lost_rows(table, key, image_of)),
        without_row=int(np.count_nonzero(~has_row)),
        key=in_unicode(normal(table.header[key])) or f"column {key + 1}",
        remarks=tuple(remarks),
    )
    return joined, tuple(columns)


def _gathered(codes: Codes, rows: Codes, image_of: Codes, images: int) -> tuple[Codes, int]:
    """The code of each image, and of how many images the rows say different things; what is empty says nothing."""
    said = rows[codes[rows] >= 0]
    of_image = np.full(images, -1, np.int64)
    of_image[image_of[said[::-1]]] = codes[said[::-1]]
    differing = said[codes[said] != of_image[image_of[said]]]
    return of_image, len(np.unique(image_of[differing]))


def _cleaned(texts: list[str], codes: Codes) -> tuple[list[str], Codes]:
    """Texts in their normal form, each once."""
    if all(map(str.isascii, texts)):
        return texts, codes
    places = dict[str, int]()
    place_of = [places.setdefault(in_unicode(normal(text)), len(places)) for text in texts]
    return list(places), np.array([*place_of, -1], np.int64)[codes]


def _lost_rows(table: MetadataTable, key: int, image_of: Codes) -> Iterator[Skipped]:
    """Every row that is of no image, with its line; of those that name the same only the first, and how many."""
    rows = np.flatnonzero(image_of < 0)
    keys, firsts, counts = np.unique(table.codes[key][rows], return_index=True, return_counts=True)
    found = [(table.lines[rows[first]], code, count) for code, first, count in zip(keys, firsts, counts, strict=True)]
    unread = ((remark.line, -2, 0) for remark in table.remarks if remark.is_lost)
    said = {remark.line: remark.said for remark in table.remarks}
    for line, code, count in sorted(chain(found, unread)):
        where = f"line {line:,} of {table.path.name}"
        more = f", and {count - 1:,} more" if count > 1 else ""
        if code == -2:
            yield Skipped(f"({where})", UNREADABLE, f"{where} {said[line]}")
        elif code == -1:
            yield Skipped(f"({where})", NAMELESS, f"{where}{more}")
        else:
            reason, why = _WHY[int(image_of[rows[firsts[np.searchsorted(keys, code)]]])]
            yield Skipped(_short(exact(table.texts[key][code])), reason, f"{where}{more}: {why}")


def _short(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _kept(table: MetadataTable) -> Iterator[Remark]:
    return (remark for remark in table.remarks if not remark.is_lost)


def _remark(table: MetadataTable, line: int, said: str) -> str:
    return f"Line {line:,} of {table.path.name} {said}."


def _about_letters(table: MetadataTable, place: int) -> Iterator[str]:
    texts = table.texts[place]
    code = next((code for code, text in enumerate(texts) if not text.isascii() and not is_utf8(text)), None)
    if code is not None:
        line = int(table.lines[int(np.argmax(table.codes[place] == code))])
        yield _remark(table, line, f"is not UTF-8 in {in_unicode(table.header[place])}: {_AS_WESTERN}")


def _about_heading(table: MetadataTable, name: str) -> Iterator[str]:
    if not is_utf8(name):
        yield _remark(table, table.header_line, f"is not UTF-8 in the heading {in_unicode(name)}: {_AS_WESTERN}")


def _about_first(name: str, disagreeing: int) -> Iterator[str]:
    if disagreeing:
        images = "1 image" if disagreeing == 1 else f"{disagreeing:,} images"
        yield f"{images} with several rows that say different things in {name}: the first of them counts."
