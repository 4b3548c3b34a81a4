"""What DATA means, and its images."""

import os

from core.commands.progress import Show, say
from core.commands.stopping import follow
from core.config import ImagesConfig
from core.errors import ImagesError
from core.images import fetch
from core.images.image_set import ImageSet, build_image_set
from core.images.named_sets import is_named
from core.reports import ImageSetReady


def source_of(data: str) -> str:
    """The name of an image set, or else the absolute path of a folder; raises ImagesError when it is neither."""
    if is_named(data):
        return data
    folder = os.path.abspath(os.path.expanduser(data))
    if not os.path.isdir(folder):
        named = "" if os.sep in data else f", and no image set called {data} (`latentscape datasets` lists those)"
        raise ImagesError(f"There is no folder {folder}{named}.")
    return folder


def say_of_table(image_set: ImageSet) -> None:
    """What is learned without, though a table lies there or says more: on stderr, a line each."""
    joined = image_set.joined
    if joined is None or image_set.amiss:
        return
    if joined.trouble:
        say(f"Learning without metadata. {joined.trouble}")
    for remark in joined.remarks:
        say(remark)
    if joined.unmatched:
        first = joined.unmatched[0]
        more = (
            f", and {len(joined.unmatched) - 1:,} more: `latentscape scan` lists them" if joined.unmatched[1:] else ""
        )
        say(f"No image has the row of {first.path} ({first.detail}){more}.")


def read_images(source: str, config: ImagesConfig, show: Show, download: bool = False) -> ImageSet:
    """Decode the images, or find them decoded before; `download` fetches a named set that is not here."""
    if download and is_named(source):
        follow(fetch.download(source), show)
    ready = follow(build_image_set(source, config), show)
    assert isinstance(ready, ImageSetReady)
    return ready.image_set
