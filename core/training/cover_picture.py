"""The small picture that a run is known by in a list: four images as its model draws them."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from core.training.checksums import replacing_vouched

if TYPE_CHECKING:
    from core.latent.latent_space import LatentSpace

COVER = "cover.png"
SIDE = 96  # pixels at most


def write_cover(run: Path, latent_space: "LatentSpace") -> None:
    """Draw four images that lie far from each other in the set; none where no code is known. Raises OSError."""
    known = np.flatnonzero(np.isfinite(latent_space.codes).all(axis=1))
    if not len(known):
        return
    chosen = known[np.linspace(0, len(known) - 1, 4).astype(np.int64)]
    one, two, three, four = latent_space.decode(latent_space.codes[chosen])  # (4, H, W, C)
    sheet = np.concatenate([np.concatenate([one, two], axis=1), np.concatenate([three, four], axis=1)])
    image = Image.fromarray(np.ascontiguousarray(sheet[..., 0] if sheet.shape[2] == 1 else sheet))
    image.thumbnail((SIDE, SIDE))
    with replacing_vouched(run / COVER) as temporary:
        image.save(temporary, format="PNG")
