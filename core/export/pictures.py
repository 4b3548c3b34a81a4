"""Pictures that remember what they were made from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from core.errors import ImagesError
from core.export.destination import destination
from core.version import app_version

SUFFIX = ".png"
CHUNK = "latentscape"


def save_picture(path: Path, pixels: NDArray[np.uint8], facts: Mapping[str, Any]) -> None:
    """Write pixels (H, W, 1 or 3) as a PNG that carries `facts` and this program's version; raises ConfigError.

    The window and the commands give `run` (its name), `step`, and `z` or what else says which latents were decoded.
    """
    text = PngImagePlugin.PngInfo()
    content = json.dumps({"latentscape": app_version(), **facts}, default=_plain)
    text.add_itxt(CHUNK, content)
    image = Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels))
    with destination(path, SUFFIX) as file:
        image.save(file, format="PNG", pnginfo=text)


def read_picture_facts(path: Path) -> dict[str, Any]:
    """What a saved picture was made from; raises ImagesError when it is not one of ours."""
    try:
        with Image.open(path, formats=("PNG",)) as image:
            facts = json.loads(image.info[CHUNK])
    except FileNotFoundError as error:
        raise ImagesError(f"There is no file {path}.") from error
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, Image.DecompressionBombError) as error:
        raise ImagesError(
            f"{path} does not say what it was made from: it is not a picture that Latentscape saved."
        ) from error
    if not isinstance(facts, dict):
        raise ImagesError(f"{path} does not say what it was made from: its note is damaged.")
    return facts


def _plain(value: Any) -> Any:
    """Arrays and numpy's numbers, as JSON has them."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)
