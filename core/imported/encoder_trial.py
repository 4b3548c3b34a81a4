"""An encoder is run on a few decoded pictures: which of what it gives is the code, and which the variance."""

import numpy as np

from core.errors import ModelError
from core.imported.graph import Graph
from core.imported.networks import ImportedDecoder, ImportedEncoder, Network
from core.imported.priors import drawn
from core.imported.roles import find_codes, find_inputs, layout_of
from core.imported.settings import EncoderSettings, ImportedSettings

SAMPLES = 4
CLOSE = 1e-3  # of the codes' spread: what sums in another order may make of them
HIGHEST_LOG_VARIANCE = 40.0  # no network's, though it may be of far pictures


def try_encoder(
    graph: Graph, content: bytes, digest: str, found: ImportedSettings, decoder: ImportedDecoder
) -> ImportedSettings:
    """What is known of a model with the encoder that belongs to its decoder; raises ModelError."""
    inputs = find_inputs(graph, "a picture")
    layout, picture = layout_of(inputs.shape)
    if picture != found.image_shape:
        raise ModelError(f"it takes pictures {_said(picture)} and the decoder makes {_said(found.image_shape)}")
    if picture[0] != picture[1]:
        raise ModelError(f"its pictures are {_said(picture)}, and images are read as squares: open the decoder alone")
    classes = inputs.classes or found.classes
    if inputs.told_as != "none" and classes != found.classes:
        raise ModelError(f"it tells {classes} classes apart and the decoder {found.classes}")
    first = EncoderSettings(
        sha256=digest,
        input=inputs.main,
        shape=list(inputs.shape),
        kind=inputs.kind,
        batch=inputs.batch,
        at_once=inputs.batch or found.decoder.rows,
        output=graph.outputs[0].name if graph.outputs else "",
        layout=layout,
        told=inputs.told,
        told_as=inputs.told_as,
        told_kind=inputs.told_kind,
        told_shape=list(inputs.told_shape),
    )
    names = [each.name for each in graph.outputs]
    codes = find_codes(_shapes(Network(first, max(1, classes), content), first, names), found.latent_dims)
    parts = {"output": codes.code, "spread": codes.spread, "spread_as": codes.spread_as, "joined": codes.joined}
    why = {**found.why, "encoder": f"{inputs.why}.", "code": f"{codes.why}."}
    whole = found.model_copy(update={"encoder": first.model_copy(update=parts), "why": why})
    _check_same(ImportedEncoder(whole, content), decoder, whole)
    return whole


def _shapes(network: Network, settings: EncoderSettings, names: list[str]) -> dict[str, tuple[int, ...]]:
    """Of each output, by name, when black pictures are encoded."""
    rows = np.zeros((settings.rows, *settings.shape), np.float32)
    made = next(network.run(rows, np.zeros(len(rows), np.int64), names))
    return {name: each.shape for name, each in zip(names, made, strict=True)}


def _check_same(encoder: ImportedEncoder, decoder: ImportedDecoder, settings: ImportedSettings) -> None:
    """Raise ModelError where a code hangs on more than its picture, or the variance can be none."""
    pixels = decoder.decode(drawn(SAMPLES, settings.latent_dims, settings.prior, 2))
    codes, log_variances = encoder.encode(pixels)
    if not np.isfinite(codes).all():
        raise ModelError("it makes codes that are not finite of decoded pictures")
    if not log_variances.max() <= HIGHEST_LOG_VARIANCE:
        raise ModelError("what should be its log-variance is too large for one")
    close = CLOSE * max(float(np.abs(codes).max()), 1e-6)
    if np.abs(encoder.encode(pixels)[0] - codes).max() > close:
        raise ModelError("it makes another code of the same picture each time: export the mean, not a draw")
    if np.abs(encoder.encode(pixels[:1])[0] - codes[:1]).max() > close:
        raise ModelError("a code hangs on what is encoded beside it: export it after .eval()")


def _said(picture: tuple[int, int, int]) -> str:
    height, width, channels = picture
    return f"of {width} × {height} × {channels}"
