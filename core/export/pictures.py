"""Pictures that remember what they were made from, so that each can be found again and made again."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.bounded_read import SMALL, open_regular, parse_json
from core.errors import ImagesError
from core.export.destination import destination
from core.export.ownership import CHUNK, DESCRIPTION
from core.export.stills import encode
from core.images.decoding.headers import TooMuchError, check

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

SUFFIX = ".png"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST = 1 << 27  # bytes of a file that may be one of ours


def save_picture(path: Path, pixels: NDArray[np.uint8], facts: Mapping[str, Any], may_replace: bool = False) -> None:
    """Write pixels (H, W, 1 or 3) as a PNG that carries `facts` and this program's version; raises ConfigError.

    Only if it `may_replace` them does it write over other people's files.

    They are those of `facts_of`, with `z` (see `exact`) or what else says which latents were decoded.
    """
    with destination(path, SUFFIX, may_replace) as file:
        file.write_bytes(encode(pixels, "png", facts))


def facts_of(run: str, latent_space: "LatentSpace", **facts: Any) -> dict[str, Any]:
    """What a picture decoded by this latent space remembers: the window and the commands write the same.

    `run` is the name of its folder; `model` the sha256 of the weights, missing for a moment of training that was not
    saved; `class` what it was decoded as, where the model knows classes and `facts` name none.
    """
    known: dict[str, Any] = {"run": run, "step": latent_space.step}
    if latent_space.fingerprint:
        known["model"] = latent_space.fingerprint
    if latent_space.conditional == "class" and "classes" not in facts:
        known["class"] = latent_space.classes[latent_space.label]
    return {**known, **facts}


def exact(z: NDArray[np.float32]) -> list[float]:
    """Latents (d,) as the shortest decimal numbers that are read back as the same float32."""
    return [float(np.format_float_positional(number, unique=True)) for number in np.asarray(z, np.float32)]


def read_picture_facts(path: Path) -> dict[str, Any]:
    """What a saved picture was made from; raises ImagesError when it is not one of ours."""
    try:
        with open_regular(path, LARGEST) as file, _image(file) as image:
            note = image.info[CHUNK] if image.format == "PNG" else image.getexif()[DESCRIPTION]
            facts = parse_json(note) if len(note) <= SMALL else None
    except FileNotFoundError as error:
        raise ImagesError(f"There is no file {path}.") from error
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, Image.DecompressionBombError, TooMuchError) as error:
        raise ImagesError(
            f"{path} does not say what it was made from: it is not a picture that Latentscape saved."
        ) from error
    if not isinstance(facts, dict):
        raise ImagesError(f"{path} does not say what it was made from: its note is damaged.")
    return facts


def _image(file: BinaryIO) -> Image.Image:
    """The picture in a file, once it is known to hold little beside its pixels."""
    check(file, "PNG" if file.read(len(SIGNATURE)) == SIGNATURE else None)
    file.seek(0)
    return Image.open(file, formats=("PNG", "WEBP", "JPEG"))
