"""`share`: a copy of a run that says nothing of this machine, or its map as a page that anyone can drag."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional

from core.byte_sizes import bytes_said
from core.commands.output_files import check_output, naming_force
from core.commands.parsing import parse
from core.commands.progress import Show, say, shown_progress
from core.commands.training import MOVED
from core.commands.usage import UsageError
from core.errors import ImagesError

if TYPE_CHECKING:
    from core.export.page.material import PageMaterial
    from core.images.image_set import ImageSet

PAGES = (".html", ".htm")  # what no folder is called


@dataclass(frozen=True)
class ShareFlags:
    """Give a run away: as a copy with the names of its images, without the place where they are on this machine; or
    its map as one HTML file that anyone can drag in a browser, with nothing installed and nothing loaded."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """A new folder for the copy; or an .html file: a page."""
    without_pictures: bool = False
    """Of a page: leave out the small copies of the images themselves."""
    with_names: bool = False
    """Of a page: put in the names of the images' files, in their folder."""
    data: Annotated[str | None, MOVED] = None
    """Of a page: where the run's own folder of images is now, if it has moved; it must hold the same."""
    force: bool = False
    """Of a page: write over a file at --out even if this program did not save it."""


def share(words: Sequence[str]) -> None:
    """The copy, or the page."""
    flags = parse(ShareFlags, "share", words)
    if flags.out.suffix.lower() in PAGES:
        _share_page(flags)
        return
    if flags.without_pictures or flags.with_names or flags.force or flags.data is not None:
        raise UsageError(f"{flags.out} is a folder for a copy of the run: those flags are for a page, --out page.html.")
    from core.export.shared_copy import write_shared_copy

    write_shared_copy(flags.run, flags.out)
    say(f"{flags.out}: the run without paths of this machine; the names of its images are there.")


def _share_page(flags: ShareFlags) -> None:
    from core.commands.signals import follow
    from core.export.page.baked_page import SUFFIX, BakedPage, bake_page, write_page
    from core.export.page.material import PageChoices

    check_output(flags.out, SUFFIX, flags.force)
    with shown_progress() as show:
        page = follow(bake_page(_material(flags, show)), show)
        assert isinstance(page, BakedPage)
    choices = PageChoices(not flags.without_pictures, flags.with_names)
    content = page.file(choices)
    say(f"{bytes_said(len(content))}: {page.said(choices)}")
    with naming_force():
        write_page(flags.out, content, flags.force)
    say(f"{flags.out}: written; any browser opens it.")


def _material(flags: ShareFlags, show: Show) -> "PageMaterial":
    from core.export.page.material import material_of
    from core.latent.open_run import open_run
    from core.training.exploration_file import read_exploration

    opened = open_run(flags.run.resolve())
    explored = read_exploration(flags.run, opened.names, opened.latent_space.latent_dims)
    is_without = flags.without_pictures or opened.latent_space.are_samples
    image_set = None if is_without else _images(flags, show)
    return material_of(opened, explored.directions, image_set)


def _images(flags: ShareFlags, show: Show) -> "ImageSet":
    from core.commands.sources import moved_images, read_images

    try:
        config = moved_images(flags.run, flags.data, show)
        return read_images(config.source, config.images, show)
    except ImagesError as error:
        raise ImagesError(f"{error} Or make the page without them: --without-pictures.") from error
