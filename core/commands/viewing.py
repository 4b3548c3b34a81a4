"""`encode`, `decode`, `grid` and `sample`: what a trained run makes of images and latents."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional, arg

from core.commands.parsing import parse
from core.commands.progress import say, shown_progress
from core.commands.usage import UsageError
from core.errors import ConfigError
from core.reports import Progress

if TYPE_CHECKING:
    from core.latent.latent_space import Floats, LatentSpace, Pixels

AT_ONCE = 256  # latents between two reports of progress
GAP = 2  # pixels between the pictures of a sheet
MOST_PIXELS = 100_000_000  # of a sheet
EXTENT = arg(metavar="LEFT BOTTOM RIGHT TOP", help_behavior_hint="(default: where 98 % of the codes lie)")


@dataclass(frozen=True)
class EncodeFlags:
    """Write where every image of DATA lies in the run's latent space."""

    run: Positional[Path]
    """The run's folder."""
    data: Positional[str]
    """A folder of images, or the name of an image set."""
    out: Path
    """CSV file: file, class, z1…, lv1… (log-variances), reconstruction_error in nats."""
    download: bool = False
    """Fetch DATA first when it is a named set that is not on this machine."""


@dataclass(frozen=True)
class DecodeFlags:
    """Save the picture at one place in latent space."""

    run: Positional[Path]
    """The run's folder."""
    z: tuple[float, ...]
    """The latent: one number for each latent dimension."""
    out: Path
    """PNG file; it carries z, the step and the run's name."""


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


@dataclass(frozen=True)
class SampleFlags:
    """Save pictures of latents drawn from the prior, z ~ N(0, I)."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """PNG file."""
    count: int = 64
    """How many pictures."""
    seed: int = 0
    """The same seed draws the same latents."""


def encode(words: Sequence[str]) -> None:
    """Codes of images as a table."""
    flags = parse(EncodeFlags, "encode", words)
    from core.commands.sources import read_images, source_of
    from core.commands.stopping import follow
    from core.export.destination import check_destination
    from core.export.tables import SUFFIX, write_codes
    from core.latent.opening import load_latent_space
    from core.training.run_folder import read_config

    check_destination(flags.out, SUFFIX)
    config, _ = read_config(flags.run)
    latent_space, source = load_latent_space(flags.run), source_of(flags.data)
    with shown_progress() as show:
        image_set = read_images(source, config.images, show, flags.download)
        follow(write_codes(flags.out, latent_space, image_set), show)
    say(f"{flags.out}: {len(image_set):,} images, {len(image_set.skipped):,} files skipped")


def decode(words: Sequence[str]) -> None:
    """One picture."""
    flags = parse(DecodeFlags, "decode", words)
    import numpy as np

    if not np.isfinite(flags.z).all():
        raise UsageError("--z: it must be finite numbers.")
    latent_space = _latent_space(flags.run, flags.out)
    if len(flags.z) != latent_space.latent_dims:
        raise ConfigError(
            f"{flags.run} has {latent_space.latent_dims} latent dimensions, and --z gives {len(flags.z)} numbers."
        )
    pixels = latent_space.decode(np.array([flags.z], np.float32))[0]
    _save(flags.out, pixels, flags.run, latent_space.step, z=flags.z)


def grid(words: Sequence[str]) -> None:
    """The plane as a sheet."""
    flags = parse(GridFlags, "grid", words)
    from core.export.grid import central_extent, grid_latents, tile_sheet

    _check_counts(columns=flags.columns, rows=flags.rows)
    _check_extent(flags.extent)
    latent_space = _latent_space(flags.run, flags.out)
    _check_size(latent_space, flags.columns * flags.rows)
    extent = central_extent(latent_space.points) if flags.extent is None else flags.extent
    z = grid_latents(latent_space.plane, extent, flags.columns, flags.rows)
    sheet = tile_sheet(_decode(latent_space, z), flags.columns)
    _save(flags.out, sheet, flags.run, latent_space.step, extent=extent, columns=flags.columns, rows=flags.rows)


def sample(words: Sequence[str]) -> None:
    """Pictures that the model makes up."""
    flags = parse(SampleFlags, "sample", words)
    import numpy as np

    from core.export.grid import tile_sheet

    _check_counts(count=flags.count)
    latent_space = _latent_space(flags.run, flags.out)
    _check_size(latent_space, flags.count)
    z = np.random.default_rng(flags.seed).standard_normal((flags.count, latent_space.latent_dims)).astype(np.float32)
    columns = int(np.ceil(np.sqrt(flags.count)))
    sheet = tile_sheet(_decode(latent_space, z), columns, GAP)
    _save(flags.out, sheet, flags.run, latent_space.step, count=flags.count, seed=flags.seed, columns=columns)


def _latent_space(run: Path, out: Path) -> "LatentSpace":
    """The run's latent space, once it is known that the picture can be saved."""
    from core.export.destination import check_destination
    from core.export.pictures import SUFFIX
    from core.latent.opening import load_latent_space

    check_destination(out, SUFFIX)
    return load_latent_space(run)


def _decode(latent_space: "LatentSpace", z: "Floats") -> "Pixels":
    """Decode latents (M, d) a part at a time, showing how far it is."""
    import numpy as np

    parts = []
    with shown_progress() as show:
        for start in range(0, len(z), AT_ONCE):
            show(Progress("Decoding", start, len(z)))
            parts.append(latent_space.decode(z[start : start + AT_ONCE]))
    return np.concatenate(parts)


def _save(out: Path, pixels: "Pixels", run: Path, step: int, **facts: object) -> None:
    from core.export.pictures import save_picture

    save_picture(out, pixels, {"run": run.absolute().name, "step": step, **facts})
    say(f"{out}: {pixels.shape[1]} × {pixels.shape[0]} pixels")


def _check_counts(**counts: int) -> None:
    for flag, count in counts.items():
        if count < 1:
            raise UsageError(f"--{flag} {count}: it must be at least 1.")


def _check_extent(extent: tuple[float, float, float, float] | None) -> None:
    if extent is not None and not (extent[0] < extent[2] and extent[1] < extent[3]):
        raise UsageError("--extent: LEFT must be less than RIGHT, and BOTTOM less than TOP.")


def _check_size(latent_space: "LatentSpace", tiles: int) -> None:
    height, width, _ = latent_space.image_shape
    if tiles * height * width > MOST_PIXELS:
        most = MOST_PIXELS // (height * width)
        raise ConfigError(
            f"{tiles:,} pictures of {width} × {height} pixels are too large a sheet: ask for at most {most:,}."
        )
