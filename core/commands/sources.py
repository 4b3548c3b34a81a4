"""What DATA means, and its images."""

import os

from core.commands.progress import Show
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


def read_images(
    source: str, config: ImagesConfig, show: Show, download: bool = False, is_anew: bool = False
) -> ImageSet:
    """Decode the images, or find them decoded before; `download` fetches a named set that is not here.

    With `is_anew` nothing that was decoded before is believed.
    """
    if download and is_named(source):
        follow(fetch.download(source), show)
    ready = follow(build_image_set(source, config, is_anew), show)
    assert isinstance(ready, ImageSetReady)
    return ready.image_set
