"""`scan`: what would be learned from, what was done to it, and what is left out and why."""

import json
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from tyro.conf import Positional

from core.commands.parsing import ReadAnew, parse
from core.commands.progress import shown_progress
from core.config import ImagesConfig
from core.pixel_range import kind_in_words, range_in_words
from core.reports.images import Intake, Joined
from core.skipped_file import Skipped

if TYPE_CHECKING:
    from core.images.image_set import ImageSet

EXAMPLES = 3  # files named for each reason
CLASSES_SHOWN = 40


@dataclass(frozen=True)
class ScanFlags:
    """Say which files of DATA would be used, and which would be skipped and why."""

    data: Positional[str]
    """A folder of images (sub-folders are classes), or the name of an image set."""
    json: bool = False
    """Print the result as one JSON object, with every skipped file."""
    download: bool = False
    """Fetch DATA first when it is a named set that is not on this machine."""
    read_anew: ReadAnew = False
    images: ImagesConfig = field(default_factory=ImagesConfig)


def scan(words: Sequence[str]) -> None:
    """Decode everything once, as training would; a training of the same images then starts at once."""
    flags = parse(ScanFlags, "scan", words)
    from core.commands.sources import read_images, source_of
    from core.images.image_set import too_few

    with shown_progress() as show:
        image_set = read_images(source_of(flags.data), flags.images, show, flags.download, flags.read_anew)
    if flags.json:
        print(json.dumps(_facts(image_set)))
    else:
        print("\n".join(_described(image_set)))
        if (sentence := too_few(image_set)) is not None:
            print(sentence)


def _facts(image_set: "ImageSet") -> dict[str, Any]:
    from core.images.duplicates import count_pictures

    joined = image_set.joined
    return {
        "used": len(image_set),
        "skipped": [asdict(each) for each in image_set.skipped],
        "classes": _classes(image_set),
        "frames": image_set.intake.frames,
        "decoded_from": image_set.intake.formats,
        "treated": image_set.intake.treatments,
        "range": image_set.images.range,
        "ranges": image_set.intake.ranges,
        "range_offered": image_set.intake.range_offered,
        "scaled_by_picture": image_set.intake.by_picture,
        "held_out": int(image_set.held_out.sum()),
        "folders": image_set.intake.folders,
        "shape": image_set.shape,
        "pictures": len(image_set) if image_set.twins is None else count_pictures(image_set.twins),
        "duplicates": _same_pictures(image_set),
        "learned_and_held_out": image_set.count_learned_and_held_out(),
        "metadata": None if joined is None else _joined_facts(joined),
        "tables": image_set.tables,
        "amiss": image_set.amiss,
    }


def _described(image_set: "ImageSet") -> Iterator[str]:
    height, width, channels = image_set.shape
    colour = "grey" if channels == 1 else "colour"
    images = "1 image" if len(image_set) == 1 else f"{len(image_set):,} images"
    yield f"{image_set.source}: {images}, {width} × {height}, {colour}"
    yield f"{int(image_set.held_out.sum()):,} of them held out to test on"
    if image_set.intake.folders:
        yield image_set.intake.folders
    yield from _twins(image_set)
    classes = _classes(image_set)
    for name, count in list(classes.items())[:CLASSES_SHOWN]:
        yield f"  {count:7,}  {name}"
    if len(classes) > CLASSES_SHOWN:
        yield f"           and {len(classes) - CLASSES_SHOWN:,} more classes"
    yield from _treated(image_set.intake)
    if image_set.joined is not None:
        yield from _joined(image_set.joined)
    elif image_set.tables:
        yield f"beside them, not used: {', '.join(image_set.tables)} (--metadata {shlex.quote(image_set.tables[0])})"
    if image_set.amiss:
        yield f"not to be learned from as asked: {image_set.amiss}"
    yield from _skipped(image_set.skipped)


def _joined_facts(joined: Joined) -> dict[str, Any]:
    """`unmatched` are names alone; `left_out` says why, and on which line."""
    rows = {"unmatched": [each.path for each in joined.unmatched], "left_out": list(map(asdict, joined.unmatched))}
    return {**asdict(joined), **rows, "path": str(joined.path)}


def _classes(image_set: "ImageSet") -> dict[str, int]:
    counts = np.bincount(image_set.labels, minlength=len(image_set.classes)).tolist()
    return dict(zip(image_set.classes, counts, strict=True))


def _twins(image_set: "ImageSet") -> Iterator[str]:
    from core.images.duplicates import count_pictures

    pictures = _same_pictures(image_set)
    if image_set.twins is None or not pictures:
        return
    said = "files" if image_set.path(0) else "images"
    yield f"{len(image_set):,} {said}, {count_pictures(image_set.twins):,} pictures: these are one, or nearly"
    yield from _some([" = ".join(_few(names)) for names in pictures])
    largest = max(map(len, pictures))
    if len(image_set) < 2 * largest < 2 * len(image_set) and not image_set.count_learned_and_held_out():
        yield f"  {largest:7,}  of one picture are more than half of all, so they are learned from"
    if count := image_set.count_learned_and_held_out():
        yield f"  {count:7,}  held out though the same picture is learned from"


def _same_pictures(image_set: "ImageSet") -> list[list[str]]:
    from core.images.duplicates import duplicates

    found = [] if image_set.twins is None else duplicates(image_set.twins)
    return [[image_set.names[index] for index in part.tolist()] for part in found]


def _few(names: list[str]) -> list[str]:
    return names if len(names) <= EXAMPLES else [*names[:EXAMPLES], f"{len(names) - EXAMPLES:,} more"]


def _treated(intake: Intake) -> Iterator[str]:
    if intake.formats:
        yield "decoded from " + ", ".join(f"{count:,} {name}" for name, count in intake.formats.items())
    for treatment, count in intake.treatments.items():
        yield f"  {count:7,}  {treatment}"
    if intake.frames:
        yield f"  {intake.frames:7,}  further frames and pages, not used"
    for kind, ends in intake.ranges.items():
        yield f"  {range_in_words(kind, ends)}"
    if intake.range_said:
        yield f"  {intake.range_said} (--range {shlex.quote(intake.range_offered)})"
    for kind in intake.by_picture:
        yield f"  {kind_in_words(kind)}: every picture by its own lowest and highest number"


def _joined(joined: Joined) -> Iterator[str]:
    if joined.trouble:
        yield f"without metadata: {joined.trouble}"
        return
    yield f"metadata from {joined.path}, by {joined.key}: {', '.join(joined.columns) or 'no columns'}"
    yield from (f"           {remark}" for remark in joined.remarks)
    if joined.without_row:
        yield f"  {joined.without_row:7,}  images that it says nothing of"
    if joined.unmatched:
        yield f"  {len(joined.unmatched):7,}  rows that fit no image"
        yield from _some([f"{each.path} ({each.reason}: {each.detail})" for each in joined.unmatched])


def _skipped(skipped: Sequence[Skipped]) -> Iterator[str]:
    if not skipped:
        yield "No file is skipped"
        return
    yield f"{len(skipped):,} skipped:"
    for reason, count in Counter(each.reason for each in skipped).most_common():
        yield f"  {count:7,}  {reason}"
        alike = [each for each in skipped if each.reason == reason]
        yield from _some([each.path + (f" ({each.detail})" if each.detail else "") for each in alike])


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"           {line}" for line in lines[:EXAMPLES])
    if len(lines) > EXAMPLES:
        yield f"           and {len(lines) - EXAMPLES:,} more"
