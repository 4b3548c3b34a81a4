"""Films of latents: GIF, WebP, MP4 or PNG frames, and beside them the z of each frame as CSV."""

import csv
import importlib.util
import json
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ConfigError
from core.exploration import LatentPath
from core.export.destination import check_destination, check_folder, check_vacant, destination
from core.export.ownership import DESCRIPTION, is_own
from core.export.pictures import exact, facts_of, save_picture
from core.export.stills import encode, enlarged
from core.reports.progress import Progress
from core.version import app_version

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

SUFFIXES = (".gif", ".webp", ".mp4")
FOLDER = ""  # what a folder of PNG frames ends in
Z_SUFFIX = ".z.csv"  # of the table beside a film, after the film's own name without its ending
LEAST_FPS, USUAL_FPS, MOST_FPS = 0.01, 25.0, 60.0  # GIF cannot wait for longer than ten minutes
USUAL_SIDE = 256  # small pictures are enlarged by a whole number to about this many pixels
MOST_SIDE = 4096  # which H.264 and WebP still take
MOST_BYTES = 1_000_000_000  # of pictures in memory at once, enlarged as they are saved
ENOUGH_PIXELS = 4_000_000  # of a film that are saved to tell how large all of it will be
AT_ONCE = 64  # pictures between two reports of progress
CODECS = ("libx264", "libopenh264", "mpeg4")  # the first there is; which there are depends on how PyAV was built
NO_VIDEO = "MP4 films need PyAV, which is not installed: pip install 'latentscape[video]', or save a GIF or a WebP."


@dataclass(frozen=True, eq=False)
class Film:
    """What to film: latents z (F, d), pictures a second, how many times larger, and what the file says of itself.

    `scale` None: as large as USUAL_SIDE. GIF knows hundredths of a second and WebP thousandths, so theirs is rounded.
    """

    z: Floats
    fps: float = USUAL_FPS
    scale: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def comment(self) -> str:
        """The facts and this program's version, as the file carries them."""
        return json.dumps({"latentscape": app_version(), **self.facts})


def check_film(out: Path, film: Film, image_shape: tuple[int, int, int], may_replace: bool = False) -> None:
    """Raise ConfigError when this cannot be saved there: before anything is decoded.

    `may_replace`: also over a film, or a table beside it, that is not this program's own; a folder never is.
    """
    suffix = out.suffix.lower()
    if suffix == FOLDER:
        _check_folder(out)
    elif suffix in SUFFIXES:
        check_destination(out, suffix, may_replace)
        check_vacant(table_beside(out), may_replace)
    else:
        raise ConfigError(f"{out} is no film: end it in {', '.join(SUFFIXES)}, or name a new folder for PNG frames.")
    if suffix == ".mp4" and importlib.util.find_spec("av") is None:
        raise ConfigError(NO_VIDEO)
    if not LEAST_FPS <= film.fps <= MOST_FPS:
        raise ConfigError(f"{film.fps:g} pictures a second cannot be: ask for {LEAST_FPS:g} to {MOST_FPS:g}.")
    if film.scale is not None and film.scale < 1:
        raise ConfigError(f"A film cannot be {film.scale} times as large: ask for 1 or more.")
    scale = scale_of(film, image_shape)
    if film.scale is not None and scale * max(image_shape[:2]) > MOST_SIDE:
        raise ConfigError(
            f"A film {scale:,} times as large as {image_shape[1]} × {image_shape[0]} pixels would be too large: "
            f"ask for at most {MOST_SIDE // max(image_shape[:2])}."
        )
    if len(film.z) * int(np.prod(image_shape)) * scale**2 > MOST_BYTES:
        raise ConfigError(f"{len(film.z):,} frames of this size need too much memory: ask for fewer, or smaller ones.")


def write_film(out: Path, space: "LatentSpace", film: Film, may_replace: bool = False) -> Iterator[Progress]:
    """Decode and save a film, whole or not at all; yields Progress. Raises ConfigError.

    The same film of the same model on the same machine is the same file, byte for byte. GIF: greys are exact, colours
    are reduced to 256 in each frame. WebP and PNG: every pixel is exact. MP4: H.264 at a quality (CRF 14) at which the
    eye sees no loss; a picture with an odd side gets its last row or column twice.
    """
    check_film(out, film, space.image_shape, may_replace)
    parts = []
    for start in range(0, len(film.z), AT_ONCE):
        yield Progress("Decoding", start, len(film.z))
        parts.append(space.decode(film.z[start : start + AT_ONCE]))
    yield from _write(out, np.concatenate(parts), film, may_replace)


def write_pictures(out: Path, pictures: Pixels, film: Film, may_replace: bool = False) -> Iterator[Progress]:
    """The same of pictures (F, H, W, C) that are there already, each with its z. Raises ConfigError."""
    height, width, channels = pictures.shape[1:]
    check_film(out, film, (height, width, channels), may_replace)
    yield from _write(out, pictures, film, may_replace)


def _write(out: Path, pictures: Pixels, film: Film, may_replace: bool) -> Iterator[Progress]:
    if out.suffix == FOLDER:
        yield from _write_frames(out, pictures, film)
        return
    with destination(out, out.suffix.lower(), may_replace) as file:
        delay = yield from _write_moving(file, out.suffix.lower(), pictures, film)
        _write_z(table_beside(out), film.z, delay, may_replace)


def estimated_bytes(suffix: str, pictures: Pixels, film: Film) -> int:
    """About how large a film will be, from some of its pictures (k, H, W, C), k > 0, as they would be saved."""
    some = max(1, ENOUGH_PIXELS // (int(np.prod(pictures.shape[1:3])) * scale_of(film, pictures.shape[1:]) ** 2))
    part = pictures[: max(2, some)]
    if suffix == FOLDER:
        size = sum(len(encode(enlarged(each, scale_of(film, each.shape)), "png", film.facts)) for each in part)
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"part{suffix}"
            deque(_write_moving(file, suffix, part, film), maxlen=0)
            size = file.stat().st_size
    return size * len(film.z) // len(part)


def film_facts(run: str, space: "LatentSpace", path: LatentPath) -> dict[str, Any]:
    """What a film of a path says of where it came from: the run's name, the model, the class, the kind of way."""
    return facts_of(run, space, path={"kind": path.kind, "loop": path.is_loop, "even": path.is_even})


def table_beside(out: Path) -> Path:
    """Where the z of each frame goes."""
    return out / "z.csv" if out.suffix == FOLDER else out.with_name(out.stem + Z_SUFFIX)


def scale_of(film: Film, image_shape: tuple[int, ...]) -> int:
    """How many times larger than decoded."""
    return film.scale or max(1, USUAL_SIDE // max(image_shape[:2]))


def _write_moving(file: Path, suffix: str, pictures: Pixels, film: Film) -> Generator[Progress, None, float]:
    """One file of all pictures; returns the seconds between two."""
    match suffix:
        case ".gif":
            return (yield from _write_gif(file, pictures, film))
        case ".webp":
            yield Progress("Saving", 0, len(pictures))
            return _write_webp(file, pictures, film)
    yield from _write_mp4(file, pictures, film)
    return 1.0 / film.fps


def _write_gif(file: Path, pictures: Pixels, film: Film) -> Generator[Progress, None, float]:
    """Returns the seconds between two frames: viewers slow down what is faster than 2/100."""
    hundredths, frames = max(2, round(100.0 / film.fps)), []
    for number, picture in enumerate(pictures):
        if number % AT_ONCE == 0:
            yield Progress("Saving", number, len(pictures))
        frames.append(_few_colours(picture, scale_of(film, picture.shape)))
    first, *others = frames
    how: dict[str, Any] = {"save_all": True, "append_images": others, "duration": 10 * hundredths, "loop": 0}
    first.save(file, format="GIF", comment=film.comment.encode("ascii"), **how)
    return hundredths / 100.0


def _few_colours(picture: Pixels, scale: int) -> Image.Image:
    """At most 256 colours; no dither, whose grains would flicker from frame to frame."""
    image = _image(picture)
    if image.mode == "RGB":
        image = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return image.resize((scale * image.width, scale * image.height), Image.Resampling.NEAREST)


def _write_webp(file: Path, pictures: Pixels, film: Film) -> float:
    """Returns the seconds between two frames."""
    thousandths = max(1, round(1000.0 / film.fps))
    exif = Image.Exif()
    exif[DESCRIPTION] = film.comment
    first, *others = [_image(enlarged(picture, scale_of(film, picture.shape))) for picture in pictures]
    how: dict[str, Any] = {"save_all": True, "append_images": others, "duration": thousandths, "loop": 0}
    first.save(file, format="WEBP", lossless=True, method=0, exif=exif.tobytes(), **how)  # slower is hardly smaller
    return thousandths / 1000.0


def _write_mp4(file: Path, pictures: Pixels, film: Film) -> Iterator[Progress]:
    import av

    codec = next(name for name in CODECS if name in av.codecs_available)
    with av.open(str(file), "w", format="mp4") as container:
        container.metadata["comment"] = film.comment
        stream = container.add_stream(codec, rate=Fraction(film.fps).limit_denominator(1000))
        assert isinstance(stream, av.VideoStream)  # as the codecs are
        stream.codec_context.thread_count = 1  # how the work is shared out would show in the bytes
        stream.options = {"crf": "14", "mbtree": "0"}  # x264's tree of macroblocks reads memory that nobody has filled
        scale = scale_of(film, pictures.shape[1:])
        height, width = _even_sided(enlarged(pictures[0], scale)).shape[:2]
        stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
        for number, picture in enumerate(pictures):
            if number % AT_ONCE == 0:
                yield Progress("Saving", number, len(pictures))
            colours = np.broadcast_to(_even_sided(enlarged(picture, scale)), (height, width, 3))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(colours), format="rgb24")))
        container.mux(stream.encode())


def _write_frames(out: Path, pictures: Pixels, film: Film) -> Iterator[Progress]:
    """PNG files that each know their z, so that any can be opened again."""
    temporary, earlier = (out.with_name(f".{os.getpid()}_{what}{out.name}") for what in ("", "earlier_"))
    digits = max(4, len(str(len(pictures))))
    try:
        temporary.mkdir()
        for number, (picture, z) in enumerate(zip(pictures, film.z, strict=True)):
            if number % AT_ONCE == 0:
                yield Progress("Saving", number, len(pictures))
            facts = {**film.facts, "z": exact(z)}
            large = enlarged(picture, scale_of(film, picture.shape))
            save_picture(temporary / f"{number + 1:0{digits}}.png", large, facts)
        _write_z(table_beside(temporary), film.z, 1.0 / film.fps)
        if out.exists():  # empty, or frames of ours
            out.rename(earlier)
        temporary.rename(out)
    except OSError as error:
        raise ConfigError(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(earlier, ignore_errors=True)


def _write_z(path: Path, z: Floats, delay: float, may_replace: bool = False) -> None:
    """A line a frame: its number from 1, when it is seen in seconds, and z, float32 to the last digit."""
    with destination(path, ".csv", may_replace) as file, file.open("w", encoding="utf-8", newline="") as text:
        table = csv.writer(text)
        table.writerow(["frame", "seconds", *(f"z{number}" for number in range(1, z.shape[1] + 1))])
        table.writerows([number + 1, f"{number * delay:.3f}", *row] for number, row in enumerate(z))


def _check_folder(out: Path) -> None:
    if os.path.lexists(out) and not _is_film(out):
        raise ConfigError(f"{out} is there already, and not as frames of a film: name a new folder for the PNG frames.")
    check_folder(out.absolute().parent)


def _is_film(folder: Path) -> bool:
    """Whether it is empty, or holds the frames of a film and nothing else: not just pictures that were saved."""
    if not os.path.isdir(folder):
        return False
    pictures = [path for path in folder.iterdir() if path != table_beside(folder)]
    is_ours = is_own(table_beside(folder)) and all(path.stem.isdecimal() and is_own(path) for path in pictures)
    return is_ours or not any(folder.iterdir())


def _image(picture: Pixels) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(picture[..., 0] if picture.shape[2] == 1 else picture))


def _even_sided(picture: Pixels) -> Pixels:
    """With the last row, the last column, again where their number is odd: H.264 halves the colours' resolution."""
    height, width, _ = picture.shape
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
