"""Opens an imported run: reads it back from its folder, and encodes its images anew where these are others now."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.images.image_set import ImageSet
from core.imported.import_model import labels_told
from core.imported.latent_space import encode_images, space_of
from core.imported.loading import load_imported
from core.imported.model import ImportedModel
from core.imported.run_files import read_decoder, read_encoder
from core.imported.saving import save_codes, write_table
from core.imported.settings import ImportedRunConfig
from core.latent.reports import MapMoved, RunOpened
from core.latent.sheet import plane_to_drag_on
from core.reports.progress import Progress
from core.training.checkpoints import load_arrays
from core.training.damage import damages_of
from core.training.image_table import ImageTable, read_table
from core.training.run_folder import Kept, locked
from core.training.run_name import name_of


def open_imported(run: Path, kept: Kept) -> RunOpened:
    """Read an imported run back; raises RunError. It has no curves, and nothing of it is left to train."""
    arrays = load_arrays(run)
    table = read_table(run, len(arrays.codes["codes"]))
    return RunOpened(
        run=run,
        name=name_of(run),
        config=kept.config,
        latent_space=load_imported(run, kept, arrays, table),
        names=table.names,
        labels=table.labels,
        classes=table.classes,
        is_held_out=table.held_out,
        columns=table.columns,
        steps=(),
        held_out=(),
        finished=True,
        codes_exact=True,
        image_set_key=str(arrays.facts.get("image_set")),
        damages=damages_of(run),
    )


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
