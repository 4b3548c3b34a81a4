"""The graphs in an imported run's folder: read back as they were tried, or refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from core.bounded_read import read_bytes
from core.errors import ModelError, RunError
from core.imported.examination import examine
from core.imported.networks import ImportedDecoder, ImportedEncoder
from core.imported.settings import DECODER, ENCODER, GraphSettings, ImportedSettings
from core.imported.trial import MOST_BYTES
from core.imported.tried_models import is_tried, note_tried
from core.returned import returned
from core.training.run_folder import check_vouched, damaged
from core.written_paths import said


def read_decoder(run: Path, settings: ImportedSettings) -> ImportedDecoder:
    """The decoder of a run; raises RunError. Tried first where that was not done on this machine: a second or two."""
    _try(run, settings)
    with _as_run_error(run):
        return ImportedDecoder(settings, _content(run, DECODER, settings.decoder))


def read_encoder(run: Path, settings: ImportedSettings) -> ImportedEncoder | None:
    """The encoder of a run, None where it has none; raises RunError."""
    if settings.encoder is None:
        return None
    _try(run, settings)
    with _as_run_error(run):
        return ImportedEncoder(settings, _content(run, ENCODER, settings.encoder))


def _try(run: Path, settings: ImportedSettings) -> None:
    """Raise RunError where the graphs are not what the configuration says of them, or may not be run."""
    if is_tried(settings):
        return
    encoder = run / ENCODER if settings.encoder else None
    with _as_run_error(run):
        found = returned(examine(run / DECODER, encoder, settings.prior, settings.range)).settings
    parts = {"decoder", "encoder", "classes", "picture"}
    if found.model_dump(include=parts) != settings.model_dump(include=parts):
        raise RunError(f"The graphs in {said(run)} are not those that its configuration is about.")
    note_tried(settings)


def _content(run: Path, name: str, settings: GraphSettings) -> bytes:
    check_vouched(run, name)
    try:
        content = read_bytes(run / name, MOST_BYTES)
    except OSError as error:
        raise RunError(f"{said(run / name)} cannot be read: {error.strerror or error}.") from error
    if sha256(content).hexdigest() != settings.sha256:
        raise damaged(run, f"{said(run / name)} is not the file that was opened")
    return content


@contextmanager
def _as_run_error(run: Path) -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        raise RunError(f"The model in {said(run)} cannot be used: {str(error).rstrip('.')}.") from error
