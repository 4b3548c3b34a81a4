"""`encode`, `decode`, `grid` and `sample`: what a trained run makes of images and latents."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from tyro.conf import Positional, arg

from core.commands.output_files import check_output
from core.commands.parsing import ReadAnew, parse
from core.commands.progress import say, shown_progress
from core.commands.sheets import (
    GAP,
    MOMENT,
    check_counts,
    check_places,
    check_seed,
    check_size,
    save_sheet,
    space_to_save_from,
)
from core.commands.training import MOVED
from core.commands.usage import UsageError
from core.errors import ConfigError
from core.reports.progress import Progress

if TYPE_CHECKING:
    from core.latent.latent_space import Floats, Labels, LatentSpace, Pixels

AT_ONCE = 256  # latents between two reports of progress
OWN_IMAGES = arg(metavar="DATA", help_behavior_hint="(default: the run's own)")
EXTENT = arg(metavar="LEFT BOTTOM RIGHT TOP", help_behavior_hint="(default: where 98 % of the codes lie)")
CLASS = arg(name="class", metavar="NAME", help_behavior_hint="(default: the first)")
EACH_CLASS = arg(name="class", metavar="NAME", help_behavior_hint="(default: one after the other)")


@dataclass(frozen=True)
class EncodeFlags:
    """Write where every image of DATA, or of the run's own, lies in the run's latent space."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """CSV file: file, class, z1…, lv1… (log-variances), reconstruction_error in nats."""
    images: Annotated[Positional[str | None], OWN_IMAGES] = None
    """A folder of images, or the name of an image set."""
    data: Annotated[str | None, MOVED] = None
    """Without DATA: where the run's own folder of images is now, if it has moved; it must hold the same."""
    download: bool = False
    """Fetch DATA first when it is a named set that is not on this machine."""
    read_anew: ReadAnew = False
    force: bool = False
    """Write over a file at --out even if this program did not save it."""


@dataclass(frozen=True)
class DecodeFlags:
    """Save the picture at one place in latent space."""

    run: Positional[Path]
    """The run's folder."""
    z: tuple[float, ...]
    """The latent: one number for each latent dimension."""
    out: Path
    """PNG file; it carries z, the class, the run's name, the step and the sha256 of the model."""
    class_name: Annotated[str | None, CLASS] = None
    """The class, of a run that is conditional on it."""
    moment: Annotated[int | None, MOMENT] = None
    """As the model was at this step, one of the moments that were kept of its training."""
    force: bool = False
    """Write over a file at --out even if this program did not save it."""


@dataclass(frozen=True)
class GridFlags:
    """Save the map's plane as a sheet of decoded pictures."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """PNG file."""
    columns: int = 20
    """Pictures across."""
    rows: int = 20
    """Pictures down."""
    extent: Annotated[tuple[float, float, float, float] | None, EXTENT] = None
    """Part of the plane to cover."""
    class_name: Annotated[str | None, CLASS] = None
    """The class, of a run that is conditional on it."""
    moment: Annotated[int | None, MOMENT] = None
    """As the model was at this step, one of the moments that were kept of its training."""
    force: bool = False
    """Write over a file at --out even if this program did not save it."""


@dataclass(frozen=True)
class SampleFlags:
    """Save pictures of latents drawn at random."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """PNG file."""
    count: int = 64
    """How many pictures."""
    seed: int = 0
    """The same seed draws the same latents."""
    prior: Literal["auto", "normal", "mixture"] = "auto"
    """mixture: Gaussians fitted to the codes, each class its own; normal: the textbook's prior, z ~ N(0, I); auto: the
    mixture, but for a completion model, which learned a prior."""
    class_name: Annotated[str | None, EACH_CLASS] = None
    """The class, of a run that is conditional on it."""
    force: bool = False
    """Write over a file at --out even if this program did not save it."""


def encode(words: Sequence[str]) -> None:
    """Codes of images as a table."""
    flags = parse(EncodeFlags, "encode", words)
    from core.commands.signals import follow
    from core.commands.sources import moved_images, read_images, source_of
    from core.evaluation.class_labels import untold_in_words
    from core.export.code_table import SUFFIX, write_codes
    from core.latent.saved_space import load_latent_space
    from core.training.run_folder import read_config

    check_output(flags.out, SUFFIX, flags.force)
    if flags.images is not None and flags.data is not None:
        raise UsageError("Name DATA to encode, or by --data where the run's own images are now: not both.")
    config, latent_space = read_config(flags.run).config, load_latent_space(flags.run)
    latent_space.check_encodes()
    with shown_progress() as show:
        if flags.images is None:
            config = moved_images(flags.run, flags.data, show)
        source = config.source if flags.images is None else source_of(flags.images)
        image_set = read_images(source, config.images, show, flags.download, flags.read_anew)
        if untold := untold_in_words(latent_space, image_set):
            say(untold)
        follow(write_codes(flags.out, latent_space, image_set, may_replace=True), show)
    say(f"{flags.out}: {len(image_set):,} images, {len(image_set.skipped):,} files skipped")


def decode(words: Sequence[str]) -> None:
    """One picture."""
    flags = parse(DecodeFlags, "decode", words)
    check_places("z", flags.z)
    import numpy as np

    from core.export.pictures import exact

    latent_space = space_to_save_from(flags.run, flags.out, flags.force, flags.moment)
    if len(flags.z) != latent_space.latent_dims:
        raise ConfigError(
            f"{flags.run} has {latent_space.latent_dims} latent dimensions: give --z as many numbers, "
            f"not {len(flags.z)}."
        )
    latent_space = latent_space.with_label(_label(latent_space, flags.run, flags.class_name))
    latent_space.model.stay_on_one_core()  # as the window decodes, byte for byte: several cores round otherwise
    z = np.array(flags.z, np.float32)
    save_sheet(flags.out, latent_space.decode(z[None])[0], flags.run, latent_space, z=exact(z))


def grid(words: Sequence[str]) -> None:
    """The plane as a sheet."""
    flags = parse(GridFlags, "grid", words)
    from core.export.grid import central_extent, grid_latents, tile_sheet

    check_counts(columns=flags.columns, rows=flags.rows)
    _check_extent(flags.extent)
    latent_space = space_to_save_from(flags.run, flags.out, flags.force, flags.moment)
    check_size(latent_space, flags.columns * flags.rows)
    latent_space = latent_space.with_label(_label(latent_space, flags.run, flags.class_name))
    extent = central_extent(latent_space.points) if flags.extent is None else flags.extent
    z = grid_latents(latent_space.plane, extent, flags.columns, flags.rows)
    sheet = tile_sheet(_decode(latent_space, z), flags.columns)
    size = {"columns": flags.columns, "rows": flags.rows}
    save_sheet(flags.out, sheet, flags.run, latent_space, extent=extent, **size)


def sample(words: Sequence[str]) -> None:
    """Pictures that the model makes up."""
    flags = parse(SampleFlags, "sample", words)
    import numpy as np

    from core.export.grid import tile_sheet

    check_counts(count=flags.count)
    check_seed(flags.seed)
    latent_space = space_to_save_from(flags.run, flags.out, flags.force)
    check_size(latent_space, flags.count)
    latent_space = latent_space.with_label(_label(latent_space, flags.run, flags.class_name))
    prior = latent_space.usual_prior if flags.prior == "auto" else flags.prior
    labels, kind = None, dict[str, object]()
    if latent_space.conditional == "class" and flags.class_name is None:
        learned = latent_space.learned_labels
        labels = learned[np.arange(flags.count) % len(learned)]
        kind = {"classes": [latent_space.classes[label] for label in learned]}
    pixels = _decode(latent_space, latent_space.sample(flags.count, flags.seed, prior, labels), labels)
    columns = int(np.ceil(np.sqrt(flags.count)))
    drawn = {"count": flags.count, "seed": flags.seed, "prior": prior, "columns": columns}
    save_sheet(flags.out, tile_sheet(pixels, columns, GAP), flags.run, latent_space, **drawn, **kind)


def _label(latent_space: "LatentSpace", run: Path, name: str | None) -> int:
    """The label of a class asked for by name, the first when none is; raises ConfigError."""
    from core.latent.classes import label_of

    if name is None:
        return latent_space.label
    if latent_space.conditional != "class":
        raise ConfigError(f"{run} does not depend on a class: leave --class out, or train with --conditional class.")
    return label_of(name, latent_space.classes, latent_space.unlearned)


def _decode(latent_space: "LatentSpace", z: "Floats", labels: "Labels | None" = None) -> "Pixels":
    """Decode latents (M, d) a part at a time, each as its class (M,) if told, showing how far it is."""
    import numpy as np

    parts = []
    with shown_progress() as show:
        for start in range(0, len(z), AT_ONCE):
            show(Progress("Decoding", start, len(z)))
            part = slice(start, start + AT_ONCE)
            parts.append(latent_space.decode(z[part], None if labels is None else labels[part]))
    return np.concatenate(parts)


def _check_extent(extent: tuple[float, float, float, float] | None) -> None:
    if extent is None:
        return
    check_places("extent", extent)
    if not (extent[0] < extent[2] and extent[1] < extent[3]):
        raise UsageError("--extent: LEFT must be less than RIGHT, and BOTTOM less than TOP.")
