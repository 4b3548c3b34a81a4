"""`complete`: what may be hidden in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import Positional, arg

from core.commands.parsing import parse
from core.commands.sheets import GAP, check_counts, check_seed, check_size, save_sheet, space_to_save_from
from core.commands.usage import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.latent.latent_space import LatentSpace, Pixels

HIDDEN = 128  # the grey that stands for what is hidden
VISIBLE = arg(help_behavior_hint="(default: none)")
HIDDEN_BOX = arg(metavar="LEFT TOP RIGHT BOTTOM", help_behavior_hint="(default: none)")


@dataclass(frozen=True)
class CompleteFlags:
    """Save what may be hidden in a picture, as a run trained with `--conditional completion` imagines it.

    The sheet shows the picture with its hidden part in grey, the best guess, and then as many drawn at random.
    """

    run: Positional[Path]
    """The run's folder."""
    picture: Path
    """The picture to complete; it is fitted as the run's images were."""
    out: Path
    """PNG file."""
    visible: Annotated[Literal["left", "right", "top", "bottom", "border"] | None, VISIBLE] = None
    """The part that is kept; border: all but a box in the middle."""
    box: Annotated[tuple[int, int, int, int] | None, HIDDEN_BOX] = None
    """Or the box that is hidden, in pixels of the run's images."""
    count: int = 8
    """How many to draw."""
    seed: int = 0
    """The same seed draws the same pictures."""
    force: bool = False
    """Write over a file at --out even if this program did not save it."""


def complete(words: Sequence[str]) -> None:
    """A picture with its hidden part drawn several times."""
    flags = parse(CompleteFlags, "complete", words)
    check_counts(count=flags.count)
    check_seed(flags.seed)
    if (flags.visible is None) == (flags.box is None):
        raise UsageError("Say what is hidden: either --visible, the part that is kept, or --box, the part that is not.")
    latent_space = space_to_save_from(flags.run, flags.out, flags.force)
    check_size(latent_space, flags.count + 2)
    visible = _visible(flags, latent_space)
    sheet = _sheet(latent_space, _picture(flags, latent_space), visible, flags.count, flags.seed)
    part = {"visible": flags.visible} if flags.box is None else {"box": flags.box}
    drawn = {"picture": flags.picture.name, "count": flags.count, "seed": flags.seed}
    save_sheet(flags.out, sheet, flags.run, latent_space, **part, **drawn)


def _picture(flags: CompleteFlags, latent_space: "LatentSpace") -> "Pixels":
    """The picture as the run's images were made, (H, W, C); raises ImagesError."""
    from core.images.decoding.decode import decode
    from core.images.decoding.target import Target
    from core.training.run_folder import read_config

    height, _, channels = latent_space.image_shape
    images = read_config(flags.run).config.images
    return decode(flags.picture, Target.of(images, height, channels)).pixels


def _visible(flags: CompleteFlags, latent_space: "LatentSpace") -> "NDArray[np.bool_]":
    from core.training.masks import outside_box, visible_part

    height, width, _ = latent_space.image_shape
    if flags.box is not None:
        return outside_box(flags.box, height, width)
    assert flags.visible is not None
    return visible_part(flags.visible, height, width)


def _sheet(
    latent_space: "LatentSpace", pixels: "Pixels", visible: "NDArray[np.bool_]", count: int, seed: int
) -> "Pixels":
    """The picture with its hidden part in grey, the best guess, and what was drawn, on one sheet (H′, W′, C)."""
    import numpy as np

    from core.export.grid import tile_sheet

    drawn = latent_space.complete(pixels, visible, count, seed)
    guess = latent_space.best_guess(pixels, visible)
    shown = np.where(visible[..., None], pixels, np.uint8(HIDDEN))
    tiles = np.concatenate([shown[None], guess[None], drawn])
    return tile_sheet(tiles, int(np.ceil(np.sqrt(len(tiles)))), GAP)
