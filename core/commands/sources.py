"""What DATA means, and its images."""

import os
import shlex
from pathlib import Path

from core.commands.progress import Show, say
from core.commands.signals import follow
from core.config import ImagesConfig, RunConfig
from core.errors import ImagesError
from core.images.image_set import ImageSet, build_image_set
from core.images.named_sets import fetch
from core.images.named_sets.catalogue import is_named
from core.images.scanning.find_images import SET, find_images
from core.imported.settings import NO_IMAGES
from core.reports.images import ImageSetReady
from core.training.moved_images import check_there, relocate
from core.training.run_folder import read_config
from core.written_paths import said


def source_of(data: str) -> str:
    """The name of an image set, or the absolute path of a folder or a .zip; raises ImagesError when it is neither.

    What else the same word names is said.
    """
    found = find_images(data)
    if found.note:
        say(found.note)
    return found.source


def as_word(source: str) -> str:
    """What a source is called on the command line whatever lies in the current folder."""
    return source if os.path.isabs(source) else SET + source


def moved_images(run: Path, moved_to: str | None, show: Show) -> RunConfig:
    """The configuration of a run, once its images are there: where they were, or where `moved_to` says they are now.

    That is then remembered in the run. Raises ImagesError: they are not there, or others are.
    """
    if read_config(run).config.source == NO_IMAGES:
        check_there(run, read_config(run).config)
    if moved_to is not None:
        follow(relocate(run, source_of(moved_to)), show)
        say(f"The images of {said(run)} are in {said(read_config(run).config.source)} now: remembered.")
    config = read_config(run).config
    try:
        check_there(run, config)
    except ImagesError as error:
        raise ImagesError(f"{error} If the folder has moved, --data FOLDER says where to.") from error
    return config


def say_of_intake(image_set: ImageSet) -> None:
    """What is not plain to see of how files became images, on stderr, a line each."""
    intake = image_set.intake
    if intake.folders:
        say(intake.folders)
    if intake.range_said:
        say(f"{intake.range_said} (--range {shlex.quote(intake.range_offered)})")


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
