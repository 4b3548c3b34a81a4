"""A run before PyTorch is loaded: two seconds earlier there is something to see, and a place to move."""

from pathlib import Path

from core.errors import RunError
from core.imported.settings import ImportedRunConfig
from core.latent.classes import first_learned
from core.latent.latent_space import LatentSpace
from core.latent.plane import kept_plane, learned_plane
from core.latent.sheet import kept_sheet
from core.model.by_numpy.model import NumpyModel
from core.reports.runs import MapSeen
from core.training import run_folder
from core.training.checkpoint_folder import MODEL, Arrays
from core.training.checkpoints import load_arrays
from core.training.image_table import ImageTable, read_images
from core.training.learned_classes import labels_told, unlearned_labels


def see_map(run: Path) -> MapSeen | None:
    """The latent space of a run's last checkpoint; None when it cannot be read, which `open_run` will explain."""
    try:
        arrays = load_arrays(run)
        table = read_images(run, len(arrays.codes["codes"]))
        space = see_space(run, table, arrays)
    except RunError:
        return None
    return MapSeen(space, table.names, table.labels, table.classes, table.held_out, table.columns)


def see_space(run: Path, table: ImageTable, arrays: Arrays) -> LatentSpace:
    """The latent space of a run's last checkpoint without PyTorch; `table` is the run's own. Raises RunError.

    Pixels may differ by one level of 255 from those of the one that follows.
    """
    kept = run_folder.read_config(run)
    try:
        if isinstance(kept.config, ImportedRunConfig):
            from core.imported.loading import load_imported  # 40 ms that no other run needs

            space = load_imported(run, kept, arrays, table)
        else:
            space = _learned(kept, table, arrays)
    except KeyError as error:
        raise RunError(f"The checkpoint in {run} holds no codes: it was changed by hand.") from error
    if space.codes.shape != (len(table.names), space.latent_dims):
        raise RunError(f"The checkpoint in {run} is of other images than its table: one was changed by hand.")
    space.points, space.first_place  # noqa: B018  (found here, not later in the window's thread)
    return space


def _learned(kept: run_folder.Kept, table: ImageTable, arrays: Arrays) -> LatentSpace:
    unlearned = unlearned_labels(kept, table)
    plane = kept_plane(arrays.codes["plane_origin"], arrays.codes["plane_axes"])
    return LatentSpace(
        NumpyModel(kept.config.model, kept.image_shape, arrays.model, max(1, len(kept.classes))),
        arrays.codes["codes"],
        arrays.codes["kl_per_dim"],
        kept_sheet(learned_plane(arrays.codes["codes"], table.held_out, plane), arrays.codes),
        step=int(arrays.facts["step"]),
        classes=kept.classes,
        label=first_learned(kept.classes, unlearned),
        held_out=table.held_out,
        fingerprint=str(arrays.facts["sha256"].get(MODEL, "")),
        unlearned=unlearned,
        labels=labels_told(kept, table),
        draws=kept.config.training.objective != "autoencoder",
    )
