"""The latent space of an imported run, read back from its folder; no PyTorch."""

from pathlib import Path

from core.errors import RunError
from core.imported.latent_space import space_of
from core.imported.model import ImportedModel
from core.imported.run_files import read_decoder, read_encoder
from core.imported.settings import ImportedRunConfig
from core.latent.latent_space import LatentSpace
from core.latent.plane import kept_plane
from core.latent.sheet import kept_sheet
from core.training.checkpoint_folder import Arrays
from core.training.checkpoints import load_arrays
from core.training.image_table import ImageTable, read_table
from core.training.learned_classes import labels_told
from core.training.run_folder import CONFIG, Kept


def load_imported(run: Path, kept: Kept, arrays: Arrays | None = None, table: ImageTable | None = None) -> LatentSpace:
    """The latent space of an imported run; raises RunError."""
    assert isinstance(kept.config, ImportedRunConfig)
    settings = kept.config.imported
    arrays = arrays or load_arrays(run)
    table = table or read_table(run, len(arrays.codes["codes"]))
    codes = arrays.codes
    if codes["codes"].shape[1] != settings.latent_dims or kept.image_shape != settings.image_shape:
        raise RunError(f"The codes in {run} are of another model than its {CONFIG}.")
    if settings.classes and len(kept.classes) != settings.classes:
        raise RunError(f"{run / CONFIG} names other classes than the model has.")
    model = ImportedModel(settings, read_decoder(run, settings), read_encoder(run, settings))
    plane = kept_sheet(kept_plane(codes["plane_origin"], codes["plane_axes"]), codes)
    labels = labels_told(kept, table) if settings.encoder is not None else None
    return space_of(settings, model, codes["codes"], codes["kl_per_dim"], kept.classes, labels, plane)
