"""Which of a file's pages or frames become images, and what an image that is one of several is called."""

import re
from collections.abc import Callable, Sequence
from typing import Literal

Pages = Literal["first", "middle", "largest", "brightest", "all"]
MOST = 10_000  # pages of one file that become images of their own

_NAMED = re.compile(r"#page=(\d+)$")  # as RFC 8118 names a page


def page_name(name: str, page: int) -> str:
    """What the image of a page, counted from 0, is called."""
    return f"{name}#page={page + 1}"


def file_and_page(name: str) -> tuple[str, int | None]:
    """The file that an image is of, and which page of it; None where it is all that the file gives."""
    found = _NAMED.search(name) if "#" in name else None
    return (name[: found.start()], int(found[1]) - 1) if found else (name, None)


def file_of(name: str) -> str:
    """The file that an image is of."""
    return file_and_page(name)[0]


def chosen(pages: Pages, count: int, page: int | None, area_of: Callable[[int], int] = lambda page: 0) -> Sequence[int]:
    """Which of so many pages an image is made of; `page` is one that was asked for by its number."""
    if page is not None:
        if page >= count:
            raise ValueError(f"it has no page {page + 1}")
        return (page,)
    if pages == "middle":
        return (count // 2,)
    if pages == "largest":
        return (max(range(count), key=area_of),)
    return range(count) if pages == "brightest" else (0,)
