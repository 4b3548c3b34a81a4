"""Tables for other programs: codes as CSV."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import numpy as np
import torch
from numpy.typing import NDArray

from core.evaluation.class_labels import classes_told
from core.evaluation.typicality import reconstruction_errors as pixel_errors
from core.export.destination import destination
from core.export.plain_cells import plain_cell, plain_path
from core.images.image_set import ImageSet
from core.images.tables.columns import texts_of
from core.latent.latent_space import LatentSpace
from core.model.conditions import Given
from core.model.halving import in_halves
from core.model.tensor_model import to_tensor
from core.reports.progress import Progress

SUFFIX = ".csv"
AT_ONCE = 256  # images


def write_codes(
    path: Path, latent_space: LatentSpace, image_set: ImageSet, may_replace: bool = False
) -> Iterator[Progress]:
    """Encode every image into a CSV: file, class, z1…, lv1… (log-variances), reconstruction_error, further columns.

    The error is −log p(x|z) at the code, in nats; of an imported model it is pixel_error, the mean difference of pixels
    in [0, 1], and where its encoder says no variance there is no lv. A name that is not UTF-8 keeps its own bytes, and
    no cell is a formula. What a class-conditional run is told of each image: core.evaluation.class_labels. Raises
    ConfigError.
    """
    labels = yield from classes_told(latent_space, image_set)
    dims = range(1, latent_space.latent_dims + 1)
    spreads = [f"lv{n}" for n in dims] if _has_variances(latent_space) else []
    error = "reconstruction_error" if latent_space.was_trained_here else "pixel_error"
    head = ["file", "class", *(f"z{n}" for n in dims), *spreads, error]
    head += [f"{each.name} (metadata)" if each.name in head else each.name for each in image_set.columns]
    with destination(path, SUFFIX, may_replace) as temporary, _open(temporary) as file:
        table = csv.writer(file)
        table.writerow(map(plain_cell, head))
        for start in range(0, len(image_set), AT_ONCE):
            yield Progress("Encoding", start, len(image_set))
            table.writerows(_rows(latent_space, image_set, labels, slice(start, start + AT_ONCE)))


def reconstruction_errors(
    latent_space: LatentSpace,
    pixels: NDArray[np.uint8],
    z: NDArray[np.float32],
    labels: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """−log p(x|z) of images uint8 (M, H, W, C) at latents (M, d), in nats, (M,).

    `labels` (M,) are their classes, for a class-conditional model; the space's own label without them. A completion
    model is given nothing.
    """
    labels = np.full(len(pixels), latent_space.label) if labels is None else labels
    vae = latent_space.vae

    def errors(rows: slice) -> NDArray[np.float32]:
        x = to_tensor(pixels[rows])
        condition = vae.condition(x, Given(labels=torch.from_numpy(labels[rows])))
        found: NDArray[np.float32] = -vae.log_likelihood(x, torch.from_numpy(z[rows]), condition).numpy()
        return found

    with torch.inference_mode():
        return in_halves(len(pixels), errors, np.concatenate)


def _has_variances(latent_space: LatentSpace) -> bool:
    return latent_space.was_trained_here or latent_space.draws


def _open(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="surrogateescape", newline="")


def _rows(
    latent_space: LatentSpace, image_set: ImageSet, labels: NDArray[np.int64], part: slice
) -> Iterator[tuple[object, ...]]:
    pixels = image_set.pixels[part]
    codes, log_variances = latent_space.encode(pixels, labels[part])
    if latent_space.was_trained_here:
        errors = reconstruction_errors(latent_space, pixels, codes, labels[part])
    else:
        errors = pixel_errors(latent_space, pixels, labels[part])
    log_variances = log_variances if _has_variances(latent_space) else log_variances[:, :0]
    kinds = (plain_cell(image_set.classes[label]) for label in image_set.labels[part])
    further = [map(plain_cell, texts_of(each, part)) for each in image_set.columns]
    rows = zip(map(plain_path, image_set.names[part]), kinds, codes, log_variances, errors, *further, strict=True)
    return ((name, kind, *code, *log_variance, error, *cells) for name, kind, code, log_variance, error, *cells in rows)
