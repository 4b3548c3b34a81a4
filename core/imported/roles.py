"""Which input of a graph is the latent, the picture or the class, and which output is what: by kinds, sizes, names."""

import re
from dataclasses import dataclass
from math import isqrt, prod
from typing import Literal, cast

from core.errors import ModelError
from core.imported.graph import BYTE, FLOATS, WHOLES, Graph, Value
from core.imported.settings import LARGEST_SIDE, MOST_CLASSES, Kind, Layout, Spread, Told

_TOLD = re.compile(
    r"(^|[_./])(y|c|cls|label|labels|class|classes|cond|condition|onehot|one_hot)(_?id|_?ids|\d*)$", re.I
)
_SPREADS: tuple[tuple[Spread, re.Pattern[str]], ...] = (
    ("log-variance", re.compile(r"log_?(var|cov)|(^|[_./])lv", re.I)),
    ("deviation", re.compile(r"std|sigma|scale|dev", re.I)),
    ("variance", re.compile(r"var|cov", re.I)),
)
_MEAN = re.compile(r"mean|(^|[_./])mu|(^|[_./])loc|embedding", re.I)
_SAME = ("Cast", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze")  # the same numbers come out


@dataclass(frozen=True)
class Inputs:
    """What a graph takes: `main` numbers (rows, *shape), and the class beside them, where it is told one."""

    main: str
    kind: Kind
    shape: tuple[int, ...]
    batch: int  # 0: any number of rows
    told: str = ""
    told_as: Told = "none"
    told_kind: Kind = "int64"
    told_shape: tuple[int, ...] = ()
    classes: int = 0  # 0 where no size says it
    why: str = ""


@dataclass(frozen=True)
class Codes:
    """Which outputs of an encoder are the code and its spread; `joined`: one output holds both, one after the other."""

    code: str
    spread: str = ""
    spread_as: Spread = "none"
    joined: bool = False
    why: str = ""


def find_inputs(graph: Graph, takes: Literal["a latent", "a picture"]) -> Inputs:
    """The inputs of a decoder or an encoder; raises ModelError as the end of a sentence."""
    main, told = _parted(graph, takes)
    if main.dims is None or len(main.dims) < 2:
        raise ModelError(f"its input {main.name} says no sizes (N, …): export it for rows of {takes[2:]}s")
    batch, *shape = main.dims
    if None in shape:
        raise ModelError(
            f"its input {main.name} is {in_words(main.dims)}: export it with all sizes fixed but the first"
        )
    sizes = tuple(cast(list[int], shape))
    kind = cast(Kind, "uint8" if main.kind == BYTE else FLOATS[main.kind])
    rows = "any number at once" if batch is None else f"{batch} at once"
    found = Inputs(main.name, kind, sizes, batch or 0, why=f"Input {main.name}: {in_words(main.dims)}, {rows}")
    return found if told is None else _with_class(found, graph, told)


def find_codes(outputs: dict[str, tuple[int, ...]], latent_dims: int) -> Codes:
    """Of an encoder's outputs (rows, …), by name, those that are as long as z; raises ModelError."""
    lengths = {name: prod(shape[1:]) for name, shape in outputs.items()}
    fitting = [name for name, length in lengths.items() if length == latent_dims]
    if not fitting:
        return _joined(lengths, latent_dims)
    spreads = [(name, kind) for name in fitting for kind, pattern in _SPREADS[:3] if pattern.search(name)]
    code = next((name for name in fitting if _MEAN.search(name)), "")
    if len(fitting) == 1:
        return Codes(fitting[0], why=f"{fitting[0]} is the code, without a variance")
    named = next(((name, kind) for name, kind in spreads if name != code), None)
    if named is not None:
        code = code or next(name for name in fitting if name != named[0])
        return Codes(code, *named, why=f"By their names {code} is the mean and {named[0]} the {named[1]}")
    code = code or fitting[0]
    other = next(name for name in fitting if name != code)
    why = f"{code} is the mean and {other} the log-variance, by their order: no name says so"
    return Codes(code, other, "log-variance", why=why)


def layout_of(shape: tuple[int, ...]) -> tuple[Layout, tuple[int, int, int]]:
    """How pictures lie in numbers of this shape, but for the rows: the layout and (H, W, C); raises ModelError."""
    layout, picture = _layout(shape)
    if max(picture[:2]) > LARGEST_SIDE:
        raise ModelError(f"its pictures are of {picture[1]} × {picture[0]} pixels, and may be of {LARGEST_SIDE:,}")
    return layout, picture


def picture_output(graph: Graph) -> str:
    """The output that the picture is: the one of four sizes where there are several."""
    if not graph.outputs:
        raise ModelError("nothing comes out of it")
    return next((each.name for each in graph.outputs if len(each.dims or ()) == 4), graph.outputs[0].name)


def last_operator(graph: Graph, name: str) -> str:
    """What made the numbers of an output, past all that only puts them in another shape; empty for none."""
    makers = {output: node for node in graph.nodes for output in node.outputs}
    for _ in range(len(graph.nodes)):
        node = makers.get(name)
        if node is None or node.operator not in _SAME or not node.inputs:
            return "" if node is None else node.operator
        name = node.inputs[0]
    return ""


def in_words(dims: tuple[int | None, ...]) -> str:
    """Sizes as (N, 4, 8, 8); N for a first one that is not fixed, ? for others."""
    first, *rest = dims
    sizes = ["N" if first is None else str(first), *("?" if each is None else str(each) for each in rest)]
    return f"({', '.join(sizes)})"


def _parted(graph: Graph, takes: str) -> tuple[Value, Value | None]:
    """The main input and the class."""
    inputs = graph.inputs
    names = ", ".join(each.name for each in inputs)
    strange = next((each.name for each in inputs if each.kind not in (*FLOATS, *WHOLES, BYTE)), None)
    if strange is not None:
        raise ModelError(f"its input {strange} is neither of floats nor, for a class, of whole numbers")
    numeric = [each for each in inputs if each.kind in FLOATS or (takes == "a picture" and each.kind == BYTE)]
    if not numeric or len(inputs) > 2:
        wants = f"{takes} of floats, and at most a class beside it"
        raise ModelError(f"it takes {names or 'nothing'}: {wants} can be fed")
    if len(inputs) == 1:
        return inputs[0], None
    if len(numeric) == 1:
        return numeric[0], next(each for each in inputs if each is not numeric[0])
    told = next((each for each in inputs if _TOLD.search(each.name)), inputs[1])
    return next(each for each in inputs if each is not told), told


def _with_class(found: Inputs, graph: Graph, told: Value) -> Inputs:
    dims = told.dims or (None,)
    wide = dims[1] if len(dims) == 2 else None
    kind = cast(Kind, WHOLES.get(told.kind) or FLOATS[told.kind])
    if len(dims) == 2 and wide is None:
        raise ModelError(f"its input {told.name} is {in_words(dims)}: export it with the number of classes fixed")
    if len(dims) > 2 or (kind.startswith("float") and wide in (None, 1)):
        raise ModelError(f"its input {told.name} is {in_words(dims)}: a class is an index (N,) or one-hot (N, classes)")
    told_as: Told
    shape: tuple[int, ...]
    if wide is not None and wide > 1:
        classes, told_as, shape = wide, "one-hot", (wide,)
    else:
        classes, told_as, shape = _table_size(graph, told.name), "index", (1,) * (len(dims) - 1)
    if classes > MOST_CLASSES:
        raise ModelError(f"it tells {classes:,} classes apart, and may {MOST_CLASSES:,}")
    form = "an index" if told_as == "index" else told_as
    why = f"{found.why}; {told.name}: {in_words(dims)}, the class, {form}"
    return Inputs(found.main, found.kind, found.shape, found.batch, told.name, told_as, kind, shape, classes, why)


def _table_size(graph: Graph, name: str) -> int:
    """How many rows the table has that an index is looked up in; 0 where there is none."""
    same = {name}
    for node in graph.nodes:
        if node.operator in _SAME and same & set(node.inputs[:1]):
            same.update(node.outputs)
        if node.operator == "Gather" and len(node.inputs) > 1 and node.inputs[1] in same:
            return next(iter(graph.constants.get(node.inputs[0], ())), 0)
    return 0


def _joined(lengths: dict[str, int], latent_dims: int) -> Codes:
    for name, length in lengths.items():
        if length == 2 * latent_dims:
            why = f"{name} is twice as long as z: the mean, and then the log-variance"
            return Codes(name, name, "log-variance", joined=True, why=why)
    said = ", ".join(f"{name} of {length:,}" for name, length in lengths.items())
    raise ModelError(f"it gives {said} numbers and the decoder takes {latent_dims:,}: they are not of one model")


def _layout(shape: tuple[int, ...]) -> tuple[Layout, tuple[int, int, int]]:
    if len(shape) == 3 and shape[0] in (1, 3):
        return "NCHW", (shape[1], shape[2], shape[0])
    if len(shape) == 3 and shape[2] in (1, 3):
        return "NHWC", (shape[0], shape[1], shape[2])
    if len(shape) == 2:
        return "NHW", (shape[0], shape[1], 1)
    if len(shape) == 1:
        for channels in (1, 3):
            side = isqrt(shape[0] // channels)
            if side**2 * channels == shape[0] and side > 1:
                return "rows", (side, side, channels)
    said = in_words((None, *shape))
    raise ModelError(f"its pictures are {said}: they may be (N, C, H, W), (N, H, W, C) or flat squares, C 1 or 3")
