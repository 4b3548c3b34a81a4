"""A decoder is run on a few latents: what its pictures are, in which range, and whether they are always the same."""

from math import prod

import numpy as np

from core.errors import ModelError
from core.imported.graph import Graph
from core.imported.networks import ImportedDecoder, Network
from core.imported.priors import drawn
from core.imported.roles import Inputs, find_inputs, last_operator, layout_of, picture_output
from core.imported.settings import MOST_DIMS, GraphSettings, ImportedSettings, Layout, Prior, Range

AT_ONCE, VALUES_AT_ONCE = 16, 1 << 21  # pictures at once, and the numbers that they are at most
SAMPLES = 16  # pictures that say in which range they are
CLOSE = 0.01  # of the range: what sums in another order may make of a picture
MOST_PROBED = 1_024  # classes looked for where no size says how many there are
MARGIN = 0.02  # that a range may be left by
_CHANNELS = {1: "grey", 3: "colour"}
_LAID_OUT: dict[Layout, str] = {"NCHW": "", "NHW": "", "NHWC": ", channels last", "rows": ", in one row"}
_BY_END: dict[str, Range] = {"Sigmoid": "0..1", "Tanh": "-1..1"}


def try_decoder(
    graph: Graph, content: bytes, digest: str, prior: Prior, wanted: Range | None
) -> tuple[ImportedSettings, ImportedDecoder]:
    """What a decoder is, and it, as it can be used; raises ModelError as the end of a sentence."""
    inputs, output = find_inputs(graph, "a latent"), picture_output(graph)
    if prod(inputs.shape) > MOST_DIMS:
        raise ModelError(f"its latents are {prod(inputs.shape):,} numbers long, and may be {MOST_DIMS:,}")
    one = _settings(inputs, output, digest, "rows", inputs.batch or 1)
    network = Network(one, inputs.classes or 1, content)
    shape = _first_shape(network, one, prior)
    layout, picture = layout_of(shape)
    classes = inputs.classes
    if inputs.told_as == "index" and not classes:
        classes = _probed(network, one, prior)
    at_once = inputs.batch or max(1, min(AT_ONCE, VALUES_AT_ONCE // prod(picture)))
    settings = ImportedSettings(
        decoder=_settings(inputs, output, digest, layout, at_once),
        range="0..1",
        prior=prior,
        classes=classes,
        picture=list(picture),
        why={},
    )
    decoder = ImportedDecoder(settings, content)
    low, high = _check_same(decoder, prior)
    found, because = _range(low, high, last_operator(graph, output), wanted)
    why = {
        "latent": f"{inputs.why}.",
        "picture": f"Output {output}: {picture[1]} × {picture[0]} pixels, {_CHANNELS[picture[2]]}{_LAID_OUT[layout]}.",
        "range": because,
        "prior": "No graph says it: N(0, 1) is the usual one." if prior == "normal" else "Asked for.",
    }
    settings = settings.model_copy(update={"range": found, "why": why})
    return settings, ImportedDecoder(settings, content)


def _settings(inputs: Inputs, output: str, digest: str, layout: Layout, at_once: int) -> GraphSettings:
    return GraphSettings(
        sha256=digest,
        input=inputs.main,
        shape=list(inputs.shape),
        kind=inputs.kind,
        batch=inputs.batch,
        at_once=at_once,
        output=output,
        layout=layout,
        told=inputs.told,
        told_as=inputs.told_as,
        told_kind=inputs.told_kind,
        told_shape=list(inputs.told_shape),
    )


def _first_shape(network: Network, settings: GraphSettings, prior: Prior) -> tuple[int, ...]:
    rows = drawn(settings.rows, prod(settings.shape), prior, 0).reshape(-1, *settings.shape)
    found = next(network.run(rows, np.zeros(len(rows), np.int64), [settings.output]))[0]
    if found.dtype.kind not in "fiu":
        raise ModelError(f"its output {settings.output} is of no numbers")
    return tuple(found.shape[1:])


def _probed(network: Network, settings: GraphSettings, prior: Prior) -> int:
    """How many classes an index can name: the first that fails is one too many."""
    rows = drawn(settings.rows, prod(settings.shape), prior, 0).reshape(-1, *settings.shape)

    def is_known(label: int) -> bool:
        try:
            next(network.run(rows, np.full(len(rows), label), [settings.output]))
        except ModelError:
            return False
        return True

    low, high = 0, 1
    while high < MOST_PROBED and is_known(high):
        low, high = high, 2 * high
    if high >= MOST_PROBED:
        raise ModelError(f"nothing says how many classes {settings.told} tells apart: export it one-hot")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_known(middle) else (low, middle)
    return high


def _check_same(decoder: ImportedDecoder, prior: Prior) -> tuple[float, float]:
    """The lowest and the highest number of a few pictures; raises ModelError where one hangs on more than its z."""
    z = drawn(SAMPLES, decoder.latent_dims, prior, 0)
    raw = decoder.raw(z)
    if not np.isfinite(raw).all():
        raise ModelError("it makes numbers that are not finite of usual latents")
    low, high = float(raw.min()), float(raw.max())
    if not np.array_equal(decoder.raw(z), raw):
        raise ModelError("it makes another picture of the same latent each time: export it after .eval()")
    if np.abs(decoder.raw(z[:1]) - raw[:1]).max() > CLOSE * max(high - low, 1e-6):
        raise ModelError("a picture hangs on what is decoded beside it: export it after .eval()")
    return low, high


def _range(low: float, high: float, end: str, wanted: Range | None) -> tuple[Range, str]:
    """The range and why; raises ModelError where nothing says it."""
    seen = f"{SAMPLES} pictures lie between {low:.3g} and {high:.3g}"
    if wanted is not None:
        return wanted, f"Asked for; {seen}."
    if end in _BY_END:
        return _BY_END[end], f"It ends in a {end}; {seen}."
    if low >= -MARGIN and high <= 1.0 + MARGIN:
        return "0..1", f"{seen[0].upper()}{seen[1:]}."
    if low >= -1.0 - MARGIN and high <= 1.0 + MARGIN:
        return "-1..1", f"{seen[0].upper()}{seen[1:]}."
    if low >= -1.0 and 2.0 < high <= 260.0:
        return "0..255", f"{seen[0].upper()}{seen[1:]}."
    raise ModelError(f"{seen}: choose its range, 0..1, -1..1 or 0..255, for nothing in it says which")
