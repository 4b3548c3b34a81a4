"""Sheets of pictures: what is checked before one is made, and saving it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import arg

from core.commands.output_files import check_output
from core.commands.progress import say
from core.commands.usage import UsageError
from core.errors import ConfigError

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace, Pixels

MOMENT = arg(metavar="STEP", help_behavior_hint="(default: as it is now)")
GAP = 2  # pixels between the pictures of a sheet
MOST_PIXELS = 100_000_000  # of a sheet
FARTHEST = 1e6  # of latents from 0: no image lies near it, and well beyond it networks of float32 overflow


def space_to_save_from(run: Path, out: Path, force: bool, moment: int | None = None) -> "LatentSpace":
    """The run's latent space, once it is known that a picture can be saved; raises ConfigError, RunError."""
    from core.export.pictures import SUFFIX
    from core.latent.saved_space import load_latent_space

    check_output(out, SUFFIX, force)
    return load_latent_space(run, moment)


def save_sheet(out: Path, pixels: "Pixels", run: Path, latent_space: "LatentSpace", **facts: object) -> None:
    """Write a sheet (H, W, C) that knows what it was made from, and say so; raises ConfigError.

    It was checked before the work what is at `out`.
    """
    from core.export.pictures import facts_of, save_picture

    save_picture(out, pixels, facts_of(run.absolute().name, latent_space, **facts), may_replace=True)
    say(f"{out}: {pixels.shape[1]} × {pixels.shape[0]} pixels")


def check_counts(**counts: int) -> None:
    """Raise UsageError for a flag that asks for none."""
    for flag, count in counts.items():
        if count < 1:
            raise UsageError(f"--{flag} {count}: it must be at least 1.")


def check_seed(seed: int) -> None:
    """Raise UsageError for a seed that nothing can be drawn with."""
    if seed < 0:
        raise UsageError(f"--seed {seed}: it must be at least 0.")


def check_places(flag: str, numbers: Iterable[float]) -> None:
    """Raise UsageError for places in latent space that cannot be decoded."""
    if not all(abs(number) <= FARTHEST for number in numbers):  # nor what is not a number
        raise UsageError(f"--{flag}: every number must lie between -{FARTHEST:,.0f} and {FARTHEST:,.0f}.")


def check_size(latent_space: "LatentSpace", tiles: int) -> None:
    """Raise ConfigError for a sheet that would take too much memory."""
    height, width, _ = latent_space.image_shape
    if tiles * height * width > MOST_PIXELS:
        most = MOST_PIXELS // (height * width)
        raise ConfigError(
            f"{tiles:,} pictures of {width} × {height} pixels are too large a sheet: ask for at most {most:,}."
        )
