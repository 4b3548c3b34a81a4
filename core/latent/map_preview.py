"""A run before PyTorch is loaded: two seconds earlier there is something to see, and a place to move."""

from pathlib import Path

from core.errors import RunError
from core.imported.settings import ImportedRunConfig
from core.latent.classes import first_learned
from core.latent.plane import kept_plane, learned_plane
from core.latent.seen_space import Decoder, SeenSpace
from core.latent.sheet import kept_sheet
from core.model.by_numpy.decoder import NumpyDecoder
from core.reports.runs import MapSeen
from core.training import run_folder
from core.training.checkpoint_folder import Arrays
from core.training.checkpoints import load_arrays
from core.training.image_table import ImageTable, read_images
from core.training.learned_classes import unlearned_labels


def see_map(run: Path) -> MapSeen | None:
    """Where the codes of a run's last checkpoint lie; None when it cannot be read, which `open_run` will explain."""
    try:
        arrays = load_arrays(run)
        table = read_images(run, len(arrays.codes["codes"]))
        space = see_space(run, table, arrays)
    except RunError:
        return None
    return MapSeen(space.points, table.labels, table.classes, table.held_out, table.columns, space)


def see_space(run: Path, table: ImageTable, arrays: Arrays) -> SeenSpace:
    """The latent space of a run's last checkpoint, decoded by NumPy; `table` is the run's own. Raises RunError."""
    kept = run_folder.read_config(run)
    decoder: Decoder
    if isinstance(kept.config, ImportedRunConfig):
        from core.imported.run_files import read_decoder  # 40 ms that no other run needs

        decoder = read_decoder(run, kept.config.imported)
    else:
        decoder = NumpyDecoder(kept.config.model, kept.image_shape, arrays.model, max(1, len(kept.classes)))
    try:
        codes = arrays.codes["codes"]
        kept_on = kept_plane(arrays.codes["plane_origin"], arrays.codes["plane_axes"])
    except KeyError as error:
        raise RunError(f"The checkpoint in {run} holds no codes: it was changed by hand.") from error
    if len(codes) != len(table.names):
        raise RunError(f"The checkpoint in {run} is of other images than its table: one was changed by hand.")
    plane = kept_sheet(learned_plane(codes, table.held_out, kept_on), arrays.codes)
    label = first_learned(kept.classes, unlearned_labels(kept, table))
    space = SeenSpace(decoder, codes, plane, int(arrays.facts["step"]), label)
    space.first_place  # noqa: B018  (found here, not later in the window's thread)
    return space
