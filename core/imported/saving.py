"""Writes the folder of an imported run: its graphs, what is known of its images, and their codes."""

from pathlib import Path

import torch

from core.images.image_set import ImageSet
from core.images.skipped_csv import write_skipped
from core.imported.latent_space import Floats
from core.imported.settings import DECODER, ENCODER, ImportedRunConfig, ImportedSettings
from core.latent.latent_space import LatentSpace
from core.latent.sheet import Sheet, arrays_of
from core.training import run_folder
from core.training.checkpoint_folder import Checkpoint
from core.training.checkpoints import save_checkpoint
from core.training.checksums import begin, replacing_vouched, write_vouched
from core.training.cover_picture import write_cover
from core.training.image_table import ImageTable, write_images, write_spare
from core.training.moved_images import write_files
from core.training.picture_digests import write_digests
from core.training.run_folder import CARD, CHECKPOINTS, SKIPPED, Kept
from core.version import app_version


def write_run(
    run: Path, kept: Kept, table: ImageTable, image_set: ImageSet | None, graphs: tuple[bytes, bytes]
) -> None:
    """All but the codes; `graphs` are the decoder's and the encoder's bytes, the latter empty for none.

    Raises OSError.
    """
    run.mkdir(parents=True)
    begin(run, ())
    for name, content in zip((DECODER, ENCODER), graphs, strict=True):
        if content:
            with replacing_vouched(run / name) as temporary:
                temporary.write_bytes(content)
    run_folder.write_config(run, kept)
    write_table(run, table, image_set)
    assert isinstance(kept.config, ImportedRunConfig)
    write_vouched(run / CARD, _card(kept.config))


def write_table(run: Path, table: ImageTable, image_set: ImageSet | None) -> None:
    """What is known of the images, so that the run opens without them. Raises OSError."""
    write_images(run, table)
    write_spare(run)
    if image_set is not None:
        write_files(run, image_set)
        write_digests(run, image_set)
        with replacing_vouched(run / SKIPPED) as temporary:
            write_skipped(temporary, image_set.skipped)


def save_codes(run: Path, kept: Kept, space: LatentSpace, kl_per_dim: Floats, image_set: str) -> None:
    """The codes as a checkpoint of step 0; `image_set` is the key of the images, empty for none. Raises RoomError."""
    plane = space.own_plane
    arrays = {
        "codes": space.codes,
        "kl_per_dim": kl_per_dim,
        "plane_origin": plane.flat.origin,
        "plane_axes": plane.flat.axes,
        **arrays_of(plane if isinstance(plane, Sheet) else None),
    }
    facts = {
        "step": 0,
        "seconds": 0.0,
        "finished": True,
        "codes_exact": True,
        "image_set": image_set,
        "config": run_folder.as_json(kept),
    }
    codes = {name: torch.from_numpy(each.copy()) for name, each in arrays.items()}
    save_checkpoint(run / CHECKPOINTS, Checkpoint({}, {}, codes, facts))
    write_cover(run, space)


def _card(config: ImportedRunConfig) -> str:
    """The run's own README."""
    settings = config.imported
    height, width, channels = settings.image_shape
    lines = (
        "# A model that was trained elsewhere",
        "",
        f"Opened by Latentscape {app_version()}, run by ONNX Runtime: pictures of {width} × {height} pixels and "
        f"{channels} channel(s), {settings.latent_dims:,} latent dimensions.",
        "",
        *(f"- {said}" for said in files_in_words(settings)),
        f"- Images: `{config.source}`",
        *(f"- {name}: {because}" for name, because in settings.why.items()),
        "",
        "In this folder, `latentscape open .` shows it and `latentscape inspect .` describes it.",
        "",
    )
    return "\n".join(lines)


def files_in_words(settings: ImportedSettings) -> list[str]:
    """Each graph with the sha256 of its file."""
    graphs = {DECODER: settings.decoder, ENCODER: settings.encoder}
    return [f"{name}: sha256 {graph.sha256}" for name, graph in graphs.items() if graph is not None]
