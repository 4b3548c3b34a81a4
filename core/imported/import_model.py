"""A model from elsewhere becomes a run: its graphs are copied, its images encoded, and it opens like any other."""

import os
import re
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.bounded_read import read_bytes
from core.errors import ImagesError, ModelError, RunError
from core.images.image_set import ImageSet, build_image_set, too_few
from core.imported.latent_space import encode_images, sampled_codes, space_of
from core.imported.model import ImportedModel
from core.imported.networks import ImportedDecoder, ImportedEncoder
from core.imported.saving import save_codes, write_run
from core.imported.settings import (
    NO_IMAGES,
    GraphSettings,
    ImportedImages,
    ImportedModelConfig,
    ImportedRunConfig,
    ImportedSettings,
)
from core.imported.trial import MOST_BYTES
from core.imported.tried_models import note_tried
from core.latent.sheet import plane_to_drag_on
from core.places import RUNS, keeping, runs_folder
from core.reports.images import ImageSetReady, ImagesPreview
from core.reports.progress import Progress
from core.training.image_table import ImageTable
from core.training.run_folder import Kept
from core.training.run_name import name_run
from core.unicode_names import place_of
from core.written_paths import said

SAMPLES = "samples of the prior"  # the one class that they are of
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class ImportPlan:
    """What is to be opened, as it was tried and agreed to; `data` is a folder or a set, empty for none."""

    decoder: Path
    encoder: Path | None
    settings: ImportedSettings
    data: str = ""
    name: str = ""  # what a person calls it; empty: as the file


def import_model(plan: ImportPlan) -> Generator[Progress | ImagesPreview, None, Path]:
    """Returns the folder of the run; closing the generator early leaves nothing behind.

    Raises ModelError where a file is another than was tried, ImagesError, RunError, PlaceError.
    """
    check_parts(plan.encoder, plan.data)
    settings = plan.settings
    decoder = ImportedDecoder(settings, decoder_bytes := _content(plan.decoder, settings.decoder))
    encoder, encoder_bytes = None, b""
    if settings.encoder is not None and plan.encoder is not None:
        encoder = ImportedEncoder(settings, encoder_bytes := _content(plan.encoder, settings.encoder))
    image_set = None if encoder is None else (yield from _read_images(plan))
    classes = class_names(settings, image_set)
    labels = None if image_set is None else labels_told(settings, classes, image_set)
    if encoder is None or image_set is None or labels is None:
        codes, kl = sampled_codes(settings), np.zeros(settings.latent_dims, np.float32)
    else:
        codes, kl = yield from encode_images(settings, encoder, image_set.pixels, labels)
    told = labels if settings.classes else None
    yield Progress("Laying the map", 0)
    parts = (settings, ImportedModel(settings, decoder, encoder), codes, kl, classes, told)
    space = space_of(*parts, plane_to_drag_on(space_of(*parts)))
    kept = Kept(_config(plan, image_set), settings.image_shape, classes)
    table = _table(image_set, len(codes))
    run = _free_folder(plan)
    making = run.with_name(f".{run.name}.{os.getpid()}")
    try:
        with keeping(RUNS, runs_folder()):
            write_run(making, kept, table, image_set, (decoder_bytes, encoder_bytes))
            save_codes(making, kept, space, kl, "" if image_set is None else image_set.key)
            making.rename(run)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    name_run(run, plan.name)
    note_tried(settings)
    return run


def check_parts(encoder: Path | None, data: str) -> None:
    """Raise ModelError for images without an encoder, or an encoder without images."""
    if data and encoder is None:
        raise ModelError(
            f"Without an encoder the images in {said(data)} have no place on the map: give it too, or "
            "leave the images out."
        )
    if encoder is not None and not data:
        raise ModelError(f"{said(encoder)} is to encode images: give their folder too, or open the decoder alone.")


def class_names(settings: ImportedSettings, image_set: ImageSet | None) -> tuple[str, ...]:
    """What the classes that a model is told are called: as those of the images, if they are as many; else numbers."""
    if image_set is not None and (not settings.classes or len(image_set.classes) == settings.classes):
        return image_set.classes
    return tuple(str(number) for number in range(settings.classes))


def labels_told(settings: ImportedSettings, classes: tuple[str, ...], image_set: ImageSet) -> Labels:
    """The labels of images (N,) as the model numbers them, −1 where it has no such class; raises ImagesError."""
    if not settings.classes:
        return image_set.labels
    places = [place_of(name, classes) for name in image_set.classes]
    labels = np.array([-1 if place is None else place for place in places], np.int64)[image_set.labels]
    if settings.encoder is not None and settings.encoder.told_as != "none" and (labels < 0).any():
        raise ImagesError(
            f"The encoder is told the class of an image, one of {settings.classes}, and {said(image_set.source)} has "
            f"{len(image_set.classes)}: sort the images into as many sub-folders."
        )
    return labels


def _read_images(plan: ImportPlan) -> Generator[Progress | ImagesPreview, None, ImageSet]:
    found = None
    for report in build_image_set(plan.data, _images(plan.settings)):
        if isinstance(report, ImageSetReady):
            found = report.image_set
        else:
            yield report
    assert found is not None
    if not len(found):
        raise ImagesError(too_few(found) or f"There are no images in {said(plan.data)}.")
    return found


def _images(settings: ImportedSettings) -> ImportedImages:
    height, _, channels = settings.image_shape
    return ImportedImages(image_size=height, channels=1 if channels == 1 else 3, held_out=0.0)


def _config(plan: ImportPlan, image_set: ImageSet | None) -> ImportedRunConfig:
    images = _images(plan.settings)
    if image_set is not None:
        images = images.model_copy(update={"range": image_set.images.range})
    return ImportedRunConfig(
        source=NO_IMAGES if image_set is None else image_set.source,
        images=images,
        model=ImportedModelConfig(
            latent_dims=plan.settings.latent_dims, conditional="class" if plan.settings.classes else "none"
        ),
        imported=plan.settings,
    )


def _table(image_set: ImageSet | None, number: int) -> ImageTable:
    """What is known of the dots: which images a model learned from elsewhere nobody says, so none is held out."""
    if image_set is None:
        names = tuple(f"sample {row + 1:04}" for row in range(number))
        return ImageTable(names, np.zeros(number, np.int64), (SAMPLES,), np.zeros(number, np.bool_))
    sides = np.zeros(number, np.bool_)
    return ImageTable(image_set.names, image_set.labels, image_set.classes, sides, image_set.columns)


def _content(path: Path, settings: GraphSettings) -> bytes:
    try:
        content = read_bytes(path, MOST_BYTES)
    except OSError as error:
        raise ModelError(f"{said(path)} cannot be read: {error.strerror or error}.") from error
    if sha256(content).hexdigest() != settings.sha256:
        raise ModelError(f"{said(path)} has changed since it was tried: open it again.")
    return content


def _free_folder(plan: ImportPlan) -> Path:
    """A folder of the model's name that is not there yet; raises RunError where its name has no letter."""
    name = re.sub(r"[^\w.-]+", "-", plan.name or plan.decoder.stem).strip("-.")[:80]
    if not name:
        raise RunError(f"{plan.name or plan.decoder.stem!r} is no name for a run: use letters or digits.")
    numbered = (f"{name}-{number}" for number in count(2))
    return next(run for each in chain([name], numbered) if not (run := runs_folder() / each).exists())
