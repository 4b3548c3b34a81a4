"""Opens a run: reads it back from its folder for viewing."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import torch

from core.errors import ImagesError, RunError
from core.images.image_set import build_image_set
from core.imported.opening import encode_anew, open_imported
from core.imported.settings import NO_IMAGES, ImportedRunConfig
from core.latent.latent_space import LatentSpace
from core.latent.reports import RunOpened
from core.model.vae import VAE
from core.places import bundled_run
from core.reports.images import ImageSetReady, ImagesPreview
from core.reports.moments import Moment
from core.reports.progress import Progress
from core.training import run_folder
from core.training.checkpoint_folder import MODEL, Checkpoint
from core.training.checkpoints import load_checkpoint
from core.training.clock import Clock
from core.training.cover_picture import COVER, write_cover
from core.training.damage import damages_of
from core.training.held_out_split import as_the_run_split
from core.training.history import read_history
from core.training.image_table import ImageTable, read_table
from core.training.learned_classes import labels_told, unlearned_labels
from core.training.moment_files import moments_of
from core.training.moved_images import check_there, relocate
from core.training.moving_codes import MovingCodes
from core.training.run_name import name_of
from core.training.train import Report, settle
from core.training.weights import check_weights

ImageReport = Progress | ImagesPreview | ImageSetReady


def load_learned(run: Path, kept: run_folder.Kept) -> LatentSpace:
    """The frozen latent space of the last checkpoint of a run that was trained here; raises RunError."""
    checkpoint = load_checkpoint(run, with_training=False)
    return _latent_space(run, kept, checkpoint, read_table(run, len(checkpoint.codes["codes"])))


def _latent_space(run: Path, kept: run_folder.Kept, checkpoint: Checkpoint, table: ImageTable) -> LatentSpace:
    check_weights(run, kept, checkpoint.model)
    vae = VAE(kept.config.model, kept.image_shape, max(1, len(kept.classes)))
    vae.load_state_dict(checkpoint.model)
    vae.to(memory_format=torch.channels_last)
    images, latent_dims = checkpoint.codes["codes"].shape
    if latent_dims != kept.config.model.latent_dims:
        raise RunError(f"The codes in {run} are of another model than its {run_folder.CONFIG}.")
    told_of = (table.held_out, unlearned_labels(kept, table), labels_told(kept, table))
    known = (kept.classes, *told_of, kept.config.training.objective != "autoencoder")
    codes = MovingCodes(images, latent_dims, torch.device("cpu"), *known)
    codes.load(checkpoint.codes)
    return codes.freeze(vae, int(checkpoint.facts["step"]), str(checkpoint.facts["sha256"].get(MODEL, "")))


def open_run(run: Path) -> RunOpened:
    """Read a run back: configuration, what is known of its images, curves, latent space; raises RunError."""
    kept = run_folder.read_config(run)
    if isinstance(kept.config, ImportedRunConfig):
        return open_imported(run, kept)
    checkpoint = load_checkpoint(run, with_training=False)
    table = read_table(run, len(checkpoint.codes["codes"]))
    told = read_history(run, checkpoint.facts["step"])
    latent_space = _latent_space(run, kept, checkpoint, table)
    return RunOpened(
        run=run,
        name=name_of(run),
        config=kept.config,
        latent_space=latent_space,
        names=table.names,
        labels=table.labels,
        classes=table.classes,
        is_held_out=table.held_out,
        columns=table.columns,
        steps=told.steps,
        held_out=told.held_out,
        untrained=told.untrained,
        finished=bool(checkpoint.facts.get("finished")),
        codes_exact=bool(checkpoint.facts.get("codes_exact")),
        image_set_key=str(checkpoint.facts.get("image_set")),
        is_over=_is_over(kept, checkpoint, table),
        damages=damages_of(run),
        moments=_moments(run, latent_space.step),
    )


def _moments(run: Path, step: int) -> tuple[Moment, ...]:
    """Those up to the checkpoint: training goes on from there. That their list is damaged is said elsewhere."""
    with suppress(RunError):
        return tuple(each for each in moments_of(run) if each.step <= step)
    return ()


def _is_over(kept: run_folder.Kept, checkpoint: Checkpoint, table: ImageTable) -> bool:
    """Whether training has come to its own end, and could not go on."""
    clock = Clock(kept.config.training, max(1, int((~table.held_out).sum())))
    clock.step, clock.seconds = int(checkpoint.facts["step"]), float(checkpoint.facts.get("seconds", 0.0))
    return clock.is_over


def reopen(
    run: Path, reserve_core: bool = False, moved_to: str | None = None, is_anew: bool = False
) -> Iterator[RunOpened | ImageReport | Report]:
    """Open a run, then its images, then make its codes exact if training left them from different moments.

    `moved_to` is where the images are now, if they are elsewhere: remembered, or refused when it holds others. With
    `is_anew` every file of them is decoded once more.
    Raises RunError before the first report, ImagesError after it when the images are gone.
    """
    problem = None
    if moved_to is not None:
        try:
            yield from relocate(run, moved_to)
        except ImagesError as error:
            problem = error
    opened = open_run(run)
    yield opened
    if run != bundled_run() and not (run / COVER).exists():
        with suppress(OSError):  # it can be looked at where nothing can be written
            write_cover(run, opened.latent_space)
    if problem is not None:
        raise problem
    if opened.config.source == NO_IMAGES:
        return
    check_there(run, opened.config)
    image_set = None
    for report in build_image_set(opened.config.source, opened.config.images, is_anew):
        if isinstance(report, ImageSetReady):
            image_set = as_the_run_split(run, report.image_set, opened.config).image_set
            report = ImageSetReady(image_set)
        yield report
    is_exact = opened.codes_exact and image_set is not None and opened.image_set_key == image_set.key
    if image_set is not None and not is_exact and run != bundled_run():
        if isinstance(opened.config, ImportedRunConfig):
            yield from encode_anew(run, run_folder.read_config(run), image_set)
        else:
            yield from settle(image_set, opened.config, run, opened.finished, reserve_core)
