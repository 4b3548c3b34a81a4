"""`open` on a model that was trained elsewhere: the window opens on it, or without one it becomes a run."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from tyro.conf import Positional, arg

from core.commands.parsing import parse
from core.commands.progress import say, shown_progress
from core.commands.signals import follow
from core.imported.settings import Prior, Range
from core.imported.wish import ModelWish

if TYPE_CHECKING:
    from core.reports.progress import Progress

FOUND = "(default: found out)"


@dataclass(frozen=True)
class OpenFlags:
    """Open a model that was trained elsewhere, as ONNX; it becomes a run, which opens like any other."""

    decoder: Positional[Path]
    """The ONNX file of the decoder: latents in, pictures out."""
    encoder: Annotated[Path | None, arg(help_behavior_hint="(default: none)")] = None
    """The ONNX file of the encoder that belongs to it: pictures in, codes out."""
    data: Annotated[str | None, arg(help_behavior_hint="(default: none)")] = None
    """A folder of images for the encoder, or the name of an image set."""
    prior: Annotated[Prior | None, arg(help_behavior_hint="(default: normal)")] = None
    """What latents are drawn from: N(0, 1) in each dimension, or evenly between -1 and 1."""
    range: Annotated[Range | None, arg(help_behavior_hint=FOUND)] = None
    """What is black and what is white in the decoder's pictures."""
    name: Annotated[str | None, arg(name="as", metavar="NAME", help_behavior_hint="(default: the file's)")] = None
    """What the run is to be called."""


def read_wish(words: Sequence[str]) -> ModelWish:
    """What is to be opened; raises UsageError, ImagesError, and SystemExit for words that are no flags."""
    from core.commands.sources import source_of

    flags = parse(OpenFlags, "open", list(_joined(words)))
    data = source_of(flags.data) if flags.data else ""
    decoder, encoder = flags.decoder.absolute(), flags.encoder and flags.encoder.absolute()
    return ModelWish(decoder, encoder, data, flags.prior, flags.range, flags.name or "")


def import_without_window(wish: ModelWish) -> Path:
    """Make a run of it as it was found to be; says what was decided and returns the run's folder. Raises ModelError."""
    with shown_progress() as show:
        run = follow(_imported(wish), show)
    assert isinstance(run, Path)
    return run


def _imported(wish: ModelWish) -> "Generator[Progress | Any, None, None]":
    from core.imported.examination import examine
    from core.imported.import_model import ImportPlan, check_parts, import_model

    check_parts(wish.encoder, wish.data)
    tried = yield from examine(wish.decoder, wish.encoder, wish.prior or "normal", wish.range)
    for about, why in tried.settings.why.items():
        say(f"{about:8}  {why}")
    plan = ImportPlan(wish.decoder, wish.encoder, tried.settings, wish.data, wish.name)
    yield (yield from import_model(plan))


def _joined(words: Sequence[str]) -> Sequence[str]:
    """With "--range -1..1" as one word: its value looks like another flag."""
    joined = list[str]()
    for word in words:
        if joined and joined[-1] == "--range":
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined
