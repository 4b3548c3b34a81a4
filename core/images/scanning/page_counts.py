"""Looking into files for how many pages or frames they have, where each is to become an image of its own."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.images.decoding import headers, tiff_pages
from core.images.decoding.decode import MAGIC_LENGTH, format_of
from core.images.decoding.pages import MOST, page_name
from core.images.scanning.walk import Found
from core.skipped_file import Skipped

BEYOND = f"pages beyond the first {MOST:,}"


def each_page(folder: Path, found: Iterable[Found | Skipped]) -> Iterator[Found | Skipped]:
    """What was found, a file of several pages as so many; nothing of them is decoded."""
    for each in found:
        count = 1 if isinstance(each, Skipped) else _count(folder / each.name)
        if isinstance(each, Skipped) or count == 1:
            yield each
            continue
        for page in range(min(count, MOST)):
            yield each._replace(name=page_name(each.name, page), page=page + 1)
        if count > MOST:
            yield Skipped(each.name, BEYOND, f"{count:,} in all")


def _count(path: Path) -> int:
    """1 for a file that is no picture or is damaged too: what is wrong with it is said when it is decoded."""
    try:
        with open(path, "rb") as file:
            kind = format_of(file.read(MAGIC_LENGTH))
            return len(tiff_pages.pictures_of(file)) if kind == "TIFF" else headers.count_frames(file, kind or "")
    except (OSError, ValueError):
        return 1
