"""Opens an imported run: reads it back from its folder, and encodes its images anew where these are others now."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.errors import RunError
from core.images.image_set import ImageSet
from core.imported.import_model import labels_told
from core.imported.latent_space import encode_images, space_of
from core.imported.model import ImportedModel
from core.imported.run_files import read_decoder, read_encoder
from core.imported.saving import save_codes, write_table
from core.imported.settings import ImportedRunConfig
from core.latent.latent_space import LatentSpace
from core.latent.plane import kept_plane
from core.latent.reports import MapMoved, RunOpened
from core.latent.sheet import kept_sheet, plane_to_drag_on
from core.reports.progress import Progress
from core.training.checkpoint_folder import Checkpoint
from core.training.checkpoints import load_checkpoint
from core.training.damage import damages_of
from core.training.image_table import IMAGES, ImageTable, read_images
from core.training.learned_classes import labels_told as labels_by_name
from core.training.run_folder import CONFIG, Kept, locked
from core.training.run_name import name_of


def open_imported(run: Path, kept: Kept) -> RunOpened:
    """Read an imported run back; raises RunError. It has no curves, and nothing of it is left to train."""
    checkpoint = load_checkpoint(run, with_training=False)
    table = _table_of(run, checkpoint)
    return RunOpened(
        run=run,
        name=name_of(run),
        config=kept.config,
        latent_space=load_imported(run, kept, checkpoint, table),
        names=table.names,
        labels=table.labels,
        classes=table.classes,
        is_held_out=table.held_out,
        columns=table.columns,
        steps=(),
        held_out=(),
        finished=True,
        codes_exact=True,
        image_set_key=str(checkpoint.facts.get("image_set")),
        damages=damages_of(run),
    )


def load_imported(
    run: Path, kept: Kept, checkpoint: Checkpoint | None = None, table: ImageTable | None = None
) -> LatentSpace:
    """The latent space of an imported run; raises RunError."""
    assert isinstance(kept.config, ImportedRunConfig)
    settings = kept.config.imported
    checkpoint = checkpoint or load_checkpoint(run, with_training=False)
    table = table or _table_of(run, checkpoint)
    arrays = {name: np.asarray(each, np.float32) for name, each in checkpoint.codes.items()}
    if arrays["codes"].shape[1] != settings.latent_dims or kept.image_shape != settings.image_shape:
        raise RunError(f"The codes in {run} are of another model than its {CONFIG}.")
    if settings.classes and len(kept.classes) != settings.classes:
        raise RunError(f"{run / CONFIG} names other classes than the model has.")
    model = ImportedModel(settings, read_decoder(run, settings), read_encoder(run, settings))
    plane = kept_sheet(kept_plane(arrays["plane_origin"], arrays["plane_axes"]), arrays)
    labels = labels_by_name(kept, table) if settings.encoder is not None else None
    return space_of(settings, model, arrays["codes"], arrays["kl_per_dim"], kept.classes, labels, plane)


def encode_anew(run: Path, kept: Kept, image_set: ImageSet) -> Iterator[Progress | MapMoved]:
    """The images are not those that the codes are of: encode them all, and save that. Raises RunError, ImagesError."""
    assert isinstance(kept.config, ImportedRunConfig)
    settings = kept.config.imported
    encoder, decoder = read_encoder(run, settings), read_decoder(run, settings)
    if encoder is None or not len(image_set):
        return
    labels = labels_told(settings, kept.classes, image_set)
    codes, kl = yield from encode_images(settings, encoder, image_set.pixels, labels)
    model, told = ImportedModel(settings, decoder, encoder), labels if settings.classes else None
    flat = space_of(settings, model, codes, kl, kept.classes, told)
    space = space_of(settings, model, codes, kl, kept.classes, told, plane_to_drag_on(flat))
    sides = np.zeros(len(codes), np.bool_)
    table = ImageTable(image_set.names, image_set.labels, image_set.classes, sides, image_set.columns)
    with locked(run):
        write_table(run, table, image_set)
        save_codes(run, kept, space, kl, image_set.key)
    yield MapMoved(0, space)


def _table_of(run: Path, checkpoint: Checkpoint) -> ImageTable:
    table = read_images(run, len(checkpoint.codes["codes"]))
    if len(table.names) != len(checkpoint.codes["codes"]):
        raise RunError(f"{run / IMAGES} does not fit the checkpoint: one of them was changed by hand.")
    return table
