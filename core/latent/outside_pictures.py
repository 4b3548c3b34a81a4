"""Pictures from outside, as a model can take them: files, pixels that were copied or drawn; ours are recognised."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.config import ImagesConfig
from core.errors import ImagesError
from core.export.pictures import read_picture_facts
from core.images.decoding.decode import decode, from_image
from core.images.decoding.target import Target
from core.latent.latent_space import LatentSpace

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class FoundAgain:
    """The place that a picture was decoded from: z (d,), its class, and in a sentence whether it is still the same."""

    z: NDArray[np.float32]
    class_name: str
    said: str


def find_again(path: Path, latent_space: LatentSpace) -> FoundAgain | None:
    """The place of a picture that was saved from a latent space like this one; None for all others."""
    try:
        facts = read_picture_facts(path)
        z = np.array(facts["z"], np.float32)
    except (ImagesError, KeyError, TypeError, ValueError):
        return None
    if z.shape != (latent_space.latent_dims,) or not np.isfinite(z).all():
        return None
    return FoundAgain(z, str(facts.get("class", "")), _said(path.name, facts, latent_space))


def read_file(path: Path, latent_space: LatentSpace, images: ImagesConfig) -> Pixels:
    """A file as the images of a run were read, (H, W, C); raises ImagesError."""
    height, _, channels = latent_space.image_shape
    return decode(path, Target.of(images, height, channels)).pixels


def fit_pixels(pixels: Pixels, latent_space: LatentSpace, images: ImagesConfig) -> Pixels:
    """Pixels (h, w, 1, 3 or 4) of any size as a file with them would be read, (H, W, C)."""
    height, _, channels = latent_space.image_shape
    whole = np.ascontiguousarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    return from_image(Image.fromarray(whole), Target.of(images, height, channels)).pixels


def _said(name: str, facts: Mapping[str, Any], latent_space: LatentSpace) -> str:
    model, where = facts.get("model"), f"{facts.get('run', 'a run')}, step {facts.get('step', '?')}"
    if model is not None and model == latent_space.fingerprint:
        return f"{name} was decoded here: the cursor is at its place again."
    if model is None:
        return f"{name} was decoded by a model that was not saved ({where}): its place may look otherwise now."
    return f"{name} was decoded by another model ({where}): the cursor is at its z, but what is there may differ."
