"""What a picture file holds, in 8 bits: its pages chosen, its numbers scaled; turned and coloured later, when small."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.export.ownership import is_carried_by
from core.images.decoding import colour_modes, deep_modes, fitting, headers, pnm, tiff, tiff_pages
from core.images.decoding.bit_depth import DeepPicture, Depth
from core.images.decoding.pages import Pages, chosen
from core.pixel_range import kind_in_words

if TYPE_CHECKING:
    from core.images.decoding.target import Target
    from core.images.decoding.tiff_pages import TiffPage

TURNED, FLATTENED, CONVERTED = "turned upright", "transparency on the background", "colours converted"
NO_DATA = "places without data on the background"
PREVIEW = "a preview: its file holds no whole picture"
# What was made of a file with several frames or pages; "all" leaves none out.
FRAMES_USED: dict[Pages, str] = {
    "first": "first frame",
    "middle": "middle frame",
    "largest": "largest frame",
    "brightest": "brightest of all frames",
}


@dataclass(frozen=True, eq=False)
class Stored:
    """A picture in 8 bits, as its file has it, and what is still to be done: `orientation` and `profile`."""

    image: Image.Image
    format: str = ""
    size: fitting.Size = (0, 0)  # of the upright original
    orientation: int = 1
    profile: bytes | None = None
    frames: int = 1
    is_turned: bool = False
    depth: Depth | None = None
    notes: tuple[str, ...] = ()
    is_ours: bool = False
    clear_is: str = FLATTENED  # what is transparent in it

    def reduced(self, size: fitting.Size, box: fitting.Box) -> Image.Image:
        """A part of it, scaled and upright; each new pixel is the mean of all it covers, colour weighing by alpha."""
        small = self.image.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
        return fitting.turned(small, self.orientation)

    def treatments(self, is_converted: bool, is_flattened: bool) -> tuple[str, ...]:
        """All that was done to it."""
        kind = "uint8/255" if self.depth is None else self.depth.kind
        scaled = f"scaled from {kind_in_words(kind)}"
        done = (self.is_turned, kind != "uint8/255", is_flattened, is_converted)
        return (*compress((TURNED, scaled, self.clear_is, CONVERTED), done), *self.notes)


def stored_image(image: Image.Image, target: "Target", side: int) -> Stored:
    """A picture that Pillow holds or has opened; it is needed `side` pixels large."""
    if type(image) is Image.Image and image.mode in ("L", "RGB") and not image.info:  # pixels, and nothing beside them
        headers.check_pixels(*image.size)
        return Stored(image, image.format or "", image.size)
    frames = headers.frames(image)
    wanted = chosen(target.pages, frames, target.page)
    if image.info.get("progressive"):  # all of it is in memory whatever size it is decoded at
        headers.check_pixels(*image.size)
    size = image.size
    image.draft(None, (2 * side, 2 * side))  # JPEG decodes at 1/2, 1/4 or 1/8; does nothing to others
    headers.check_pixels(*image.size)
    is_ours = is_carried_by(image)
    shown, depth = _brightest_frame(image, wanted, target)
    turn = fitting.orientation(image)
    return Stored(
        shown,
        "JPEG" if image.format == "MPO" else image.format or "",
        size[::-1] if turn in fitting.ON_ITS_SIDE else size,
        turn,
        image.info.get("icc_profile"),
        frames,
        turn in fitting.UPRIGHT,
        depth,
        _notes(target, frames),
        is_ours,
    )


def stored_tiff(file: BinaryIO, target: "Target", side: int) -> Stored:
    """The pages that are asked for, by Pillow where it has a mode for them and knows how they lie, else by tifffile."""
    pages = tiff_pages.pictures_of(file)
    places = chosen(target.pages, len(pages), target.page, lambda place: pages[place].area)
    wanted = [pages[place] for place in places]
    first, notes = wanted[0], _notes(target, len(pages))
    headers.check_pixels(*first.size)
    is_deep = tiff.is_deep(first)
    alike = [page for page in wanted if page.size == first.size and tiff.is_deep(page) == is_deep]
    notes = (*notes, PREVIEW) if first.is_reduced else notes
    if is_deep:
        return _deep_tiff(_brightest_numbers(tiff.read(file, page) for page in alike), first, len(pages), notes, target)
    return _plain_tiff(file, alike, len(pages), notes)


def _deep_tiff(deep: DeepPicture, page: "TiffPage", count: int, notes: tuple[str, ...], target: "Target") -> Stored:
    image, depth = deep.scaled(target.range, target.ranges)
    turn = page.orientation
    size = image.size[::-1] if turn in fitting.ON_ITS_SIDE else image.size
    notes = (*notes, *filter(None, [deep.note]))
    stored = Stored(image, "TIFF", size, turn, deep.profile, count, turn in fitting.UPRIGHT, depth, notes)
    return stored if deep.alpha is not None else replace(stored, clear_is=NO_DATA)


def _plain_tiff(file: BinaryIO, pages: "list[TiffPage]", count: int, notes: tuple[str, ...]) -> Stored:
    shown, size, profile = [], (0, 0), None
    for page in pages:
        with Image.open(tiff.as_first(file, page), formats=("TIFF",)) as image:
            headers.check_pixels(*image.size)
            shown.append(_loaded(image))  # upright by Pillow
            size, profile = image.size, image.info.get("icc_profile")
    turn = pages[0].orientation in fitting.UPRIGHT
    if pages[0].extra[:1] == (0,):  # such as near infrared beside three colours
        notes = (*notes, tiff.BANDS_LEFT)
    return Stored(_brightest(shown), "TIFF", size, 1, profile, count, turn, None, notes)


def _brightest_frame(image: Image.Image, wanted: Sequence[int], target: "Target") -> tuple[Image.Image, Depth | None]:
    shown = []
    for frame in wanted:
        if frame:
            image.seek(frame)
        raw = colour_modes.raw_mode(image)
        if (deep := deep_modes.numbers_of(image, raw)) is not None:  # of which no format has several frames
            return deep.scaled(target.range, target.ranges)
        colour_modes.mend_key(image, raw)
        loaded = _loaded(image)
        shown.append(loaded.copy() if len(wanted) > 1 else loaded)  # the next frame is loaded into the same picture
    return _brightest(shown), None


def _loaded(image: Image.Image) -> Image.Image:
    """Its pixels in 8 bits; what its first frame does not cover is transparent."""
    if (quick := pnm.read(image)) is not None:
        return quick
    covered = headers.covered(image) if getattr(image, "tell", int)() == 0 else None
    image.load()
    shown = colour_modes.eight_bit(image)
    return shown if covered is None else colour_modes.clear_outside(shown, covered)


def _brightest(frames: list[Image.Image]) -> Image.Image:
    """The higher level of all frames at each place; what is transparent counts for nothing."""
    if len(frames) == 1:
        return frames[0]
    is_mixed = len({frame.mode for frame in frames}) > 1
    levels: NDArray[np.uint8] | None = None
    for frame in frames:
        each = np.asarray(frame.convert("RGBA") if is_mixed else frame)
        if each.ndim == 3 and each.shape[2] == 4 and (is_mixed or frame.mode == "RGBA"):
            each = each * (each[..., 3:] > 0)
        levels = each if levels is None else np.maximum(levels, each)
    assert levels is not None
    size = (frames[0].width, frames[0].height)
    return Image.frombytes("RGBA" if is_mixed else frames[0].mode, size, np.ascontiguousarray(levels).tobytes())


def _brightest_numbers(pictures: Iterable[DeepPicture]) -> DeepPicture:
    """The same of numbers; a page at a time is in memory beside it."""
    reading = iter(pictures)
    found = next(reading)
    for each in reading:
        found = found.brightest(each)
    return found


def _notes(target: "Target", frames: int) -> tuple[str, ...]:
    if frames == 1 or target.page is not None:
        return ()
    return (FRAMES_USED.get(target.pages, FRAMES_USED["first"]),)
