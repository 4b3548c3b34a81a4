"""What a model from elsewhere is, tried in a process of its own: read, checked, and run on a few latents."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from pathlib import Path
from time import perf_counter

from core.bounded_read import open_regular, read_bytes
from core.errors import LatentscapeError, ModelError
from core.imported.decoder_trial import try_decoder
from core.imported.encoder_trial import try_encoder
from core.imported.foreign_files import refusal
from core.imported.graph import Graph, is_onnx, read_graph
from core.imported.limits import limit_memory, limit_time
from core.imported.operators import check_operators
from core.imported.priors import drawn
from core.imported.roles import picture_output
from core.imported.settings import LARGEST_SIDE, ImportedSettings, Prior, Range
from core.onnx_runtime import load_runtime
from core.written_paths import said

MOST_BYTES = 400_000_000  # of one file
UNSAID = 512**2  # pixels that there is room for where a graph does not say how many it makes
_HEAD = 16


@dataclass(frozen=True)
class Refused:
    """Why a model cannot be opened, in a sentence."""

    sentence: str


@dataclass(frozen=True)
class Tried:
    """What was found, and how long one picture took."""

    settings: ImportedSettings
    milliseconds: float


def try_out(decoder: Path, encoder: Path | None, prior: Prior, wanted: Range | None) -> Iterator[Tried | Refused]:
    """Read, check and run a decoder and the encoder that belongs to it; yields what was found, or why it is refused.

    To be run in a process of its own, whose time and memory are limited here. Without `wanted` the range of the
    pictures is found by decoding a few.
    """
    limit_time()
    try:
        yield _tried(decoder, encoder, prior, wanted)
    except MemoryError:
        yield Refused(f"{said(decoder)} cannot be opened: it asks for more memory than such a model may take.")
    except LatentscapeError as error:
        yield Refused(str(error))


def _tried(path: Path, encoder: Path | None, prior: Prior, wanted: Range | None) -> Tried:
    load_runtime()  # before memory is limited: what it takes itself is no model's

    with _about(path, "decoder"):
        content, graph = _read(path)
        limit_memory(len(content) + _size(encoder), _pixels_of(graph))
        found, decoder = try_decoder(graph, content, sha256(content).hexdigest(), prior, wanted)
    if encoder is not None:
        with _about(encoder, "encoder"):
            content, graph = _read(encoder)
            found = try_encoder(graph, content, sha256(content).hexdigest(), found, decoder)
    z = drawn(1, found.latent_dims, prior, 1)
    decoder.decode(z)  # the first takes longer
    began = perf_counter()
    decoder.decode(z)
    return Tried(found, 1000.0 * (perf_counter() - began))


def _read(path: Path) -> tuple[bytes, Graph]:
    """A file, and the graph in it; raises ModelError, where it is another file with the whole sentence."""
    try:
        with open_regular(path, 1 << 62) as file:
            head, size = file.read(_HEAD), file.seek(0, 2)
        if not is_onnx(head):
            raise LatentscapeError(refusal(path))
        if size > MOST_BYTES:
            raise ModelError(f"it is {size:,} bytes long, and a model may be {MOST_BYTES:,}")
        content = read_bytes(path, MOST_BYTES)
    except OSError as error:
        raise ModelError(error.strerror or str(error)) from error
    graph = read_graph(memoryview(content))
    check_operators(graph)
    return content, graph


def _size(path: Path | None) -> int:
    return 0 if path is None or not path.is_file() else min(MOST_BYTES, path.stat().st_size)


def _pixels_of(graph: Graph) -> int:
    """How many pixels the pictures have that the graph says it makes; UNSAID where it says no sizes."""
    named = picture_output(graph)
    dims = next(each.dims or () for each in graph.outputs if each.name == named)[1:]
    known = [each for each in dims if each is not None]
    return min(LARGEST_SIDE**2, prod(known)) if known and len(known) == len(dims) else UNSAID


@contextmanager
def _about(path: Path, what: str) -> Iterator[None]:
    """An error that is the end of a sentence becomes the whole of it."""
    try:
        yield
    except ModelError as error:
        raise LatentscapeError(f"{said(path)} cannot be opened as {what_in_words(what)}: {error}.") from error


def what_in_words(what: str) -> str:
    """With its article."""
    return f"an {what}" if what[0] in "aeio" else f"a {what}"
