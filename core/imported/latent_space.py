"""An imported model as a latent space: its codes, or samples of its prior where it has no encoder."""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from core.imported.model import ImportedModel
from core.imported.networks import ImportedEncoder
from core.imported.priors import drawn
from core.imported.settings import ImportedSettings
from core.latent.latent_space import LatentSpace
from core.latent.plane import learned_plane
from core.latent.sheet import OwnPlane
from core.pace import Pace
from core.reports.progress import Progress

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

MOST_SAMPLES, MOST_NUMBERS = 2_000, 8_000_000  # of the prior, and the numbers that they are at most
AT_ONCE = 256  # images between two looks at whether to go on


def sampled_codes(settings: ImportedSettings) -> Floats:
    """Dots for a model that has no encoder, (N, d): samples of its prior."""
    count = min(MOST_SAMPLES, MOST_NUMBERS // settings.latent_dims)
    return drawn(count, settings.latent_dims, settings.prior, 0)


def encode_images(
    settings: ImportedSettings, encoder: ImportedEncoder, pixels: NDArray[np.uint8], labels: Labels
) -> Generator[Progress, None, tuple[Floats, Floats]]:
    """Returns the codes (N, d) of images (N, H, W, C) and the mean KL of each dimension (d,) in nats.

    That is 0 where the encoder says no variance, or the prior is not N(0, I). `labels` (N,) are their classes.
    """
    codes = np.zeros((len(pixels), settings.latent_dims), np.float32)
    kl = np.zeros(settings.latent_dims)
    pace = Pace("Encoding the images", len(pixels))
    for start in range(0, len(pixels), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        codes[part], log_variances = encoder.encode(np.asarray(pixels[part]), labels[part])
        if settings.knows_kl:
            mean, spread = codes[part].astype(np.float64), log_variances.astype(np.float64)
            kl += 0.5 * (np.exp(spread) + np.square(mean) - 1.0 - spread).sum(axis=0) / len(pixels)
        yield from pace.reports(min(len(pixels), start + AT_ONCE))
    return codes, kl.astype(np.float32)


def space_of(
    settings: ImportedSettings,
    model: ImportedModel,
    codes: Floats,
    kl_per_dim: Floats,
    classes: tuple[str, ...] = (),
    labels: Labels | None = None,
    plane: OwnPlane | None = None,
) -> LatentSpace:
    """The latent space of codes (N, d), on this plane or the one that they are widest on."""
    space = LatentSpace(
        model,
        codes,
        kl_per_dim if settings.knows_kl else np.full_like(kl_per_dim, np.nan),
        learned_plane(codes, None) if plane is None else plane,
        step=0,
        classes=classes,
        held_out=np.zeros(len(codes), np.bool_),
        fingerprint=settings.decoder.sha256,
        labels=labels,
        draws=settings.encoder is not None and settings.encoder.spread_as != "none",
        are_samples=settings.encoder is None,
    )
    space.points  # noqa: B018  (found here, in this thread, not later in the window's)
    return space
