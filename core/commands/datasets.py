"""`datasets`: the image sets known by name, and the fetching of one."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from tyro.conf import arg

from core.byte_sizes import bytes_said
from core.commands.parsing import parse
from core.commands.progress import say, shown_progress
from core.commands.remedies import REMEDIES
from core.errors import ImagesError
from core.places import datasets_folder

if TYPE_CHECKING:
    from core.images.named_sets.catalogue import NamedSetState


@dataclass(frozen=True)
class DatasetsFlags:
    """List the image sets that are known by name; nothing is fetched unless --download says so."""

    download: Annotated[str | None, arg(metavar="NAME", help_behavior_hint="(default: none)")] = None
    """Fetch this set to the folder of image sets, unless it is on this machine."""
    json: bool = False
    """Print the list as one JSON object."""


def datasets(words: Sequence[str]) -> None:
    """Every named set, and how to get those that are not on this machine."""
    flags = parse(DatasetsFlags, "datasets", words)
    from core.images.named_sets.catalogue import list_named_sets
    from core.images.scanning.find_images import SET

    if flags.download is not None:
        _download(flags.download.removeprefix(SET))
    sets = list_named_sets()
    if flags.json:
        print(json.dumps({each.name: _facts(each) for each in sets}))
    elif flags.download is None:
        print("\n".join(_described(sets)))


def _download(name: str) -> None:
    from core.commands.signals import follow
    from core.images.named_sets.fetch import download

    with shown_progress() as show:
        follow(download(name), show)
    say(f"{name} is on this machine.")


def _facts(state: "NamedSetState") -> dict[str, object]:
    how = "" if state.available else ImagesError(state.missing, "download", state.name).in_words(REMEDIES)
    facts = asdict(state)
    return {"how_to_get" if name == "missing" else name: how if name == "missing" else facts[name] for name in facts}


def _described(sets: "Sequence[NamedSetState]") -> Iterator[str]:
    width = max(len(each.name) for each in sets)
    for each in sets:
        yield f"{each.name:{width}}  {each.description}"
        if not each.available:
            yield f"{'':{width}}  not on this machine: {bytes_said(each.download_bytes)} to fetch"
    if not all(each.available for each in sets):
        yield f"`latentscape datasets --download NAME` fetches one to {datasets_folder()}; torchvision's files may also"
        yield "be put there, or the folder be a link to a root of torchvision's datasets."
