"""What an ONNX file says of itself, read without the library: inputs, outputs and operators; nothing is run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core.errors import ModelError
from core.imported.wire_format import Field, WireError, WireReader, message, number, numbers, text

FLOATS, WHOLES, BYTE = {1: "float32", 10: "float16", 11: "float64"}, {6: "int32", 7: "int64"}, 2  # TensorProto.DataType
OWN_DOMAINS = ("", "ai.onnx")  # of the standard's operators
_OUTSIDE = 1  # TensorProto.DataLocation: in another file

Dims = tuple[int | None, ...]  # None where the size is not fixed


@dataclass(frozen=True)
class Value:
    """An input or output: its name, the kind of its numbers (TensorProto.DataType), its sizes where they are said."""

    name: str
    kind: int
    dims: Dims | None


@dataclass(frozen=True)
class Node:
    """One operation of the standard, by name, with the names of what goes in and comes out."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Graph:
    """The operations in their order; `constants` are the sizes of the numbers that lie in the file, by name."""

    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    nodes: tuple[Node, ...]
    constants: Mapping[str, tuple[int, ...]]


@dataclass
class _Found:
    inputs: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    constants: dict[str, tuple[int, ...]] = field(default_factory=dict)


def is_onnx(head: bytes) -> bool:
    """Whether a file that begins with these bytes is an ONNX model, whole or not, whatever it is called."""
    version, *rest = head[1:3] or b"\0"
    return head[:1] == b"\x08" and 0 < version < 64 and bool(rest) and rest[0] in _TAGS


_TAGS = {0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42, 0x72}  # of the fields that may come after the first


def read_graph(content: memoryview) -> Graph:
    """The graph of a file; raises ModelError as the end of a sentence: what is wrong with it.

    Also where it needs more than itself: numbers in other files, operators of its own, graphs within operators.
    """
    try:
        return _Reading().model(content)
    except WireError as error:
        raise ModelError(f"it cannot be read as ONNX: {error}") from error


class _Reading:
    """One pass through a file. Whatever is written twice counts twice, as those who join messages would have it."""

    def __init__(self) -> None:
        self._wire, self._found = WireReader(), _Found()

    def model(self, content: memoryview) -> Graph:
        has_graph = False
        for key, value in self._wire.fields(content):
            if key == 7:
                has_graph = True
                self._graph(message(value))
            elif key == 8:
                self._check_domain(_last(self._wire, message(value), 1))
            elif key == 20:
                raise ModelError("it brings its own training along: export the model for inference")
            elif key == 25:
                raise ModelError("it defines functions of its own: export it with plain operators")
        if not has_graph:
            raise ModelError("there is no graph in it")
        found = self._found
        inputs = tuple(each for each in found.inputs if each.name not in found.constants)
        return Graph(inputs, tuple(found.outputs), tuple(found.nodes), found.constants)

    def _graph(self, content: memoryview) -> None:
        found = self._found
        for key, value in self._wire.fields(content):
            if key == 1:
                found.nodes.append(self._node(message(value)))
            elif key == 5:
                name, dims = self._tensor(message(value))
                found.constants[name] = dims
            elif key == 11:
                found.inputs.append(self._value(message(value)))
            elif key == 12:
                found.outputs.append(self._value(message(value)))
            elif key == 15:
                raise ModelError("it holds sparse numbers: export it with plain ones")

    def _node(self, content: memoryview) -> Node:
        operator = domain = ""
        inputs, outputs = list[str](), list[str]()
        for key, value in self._wire.fields(content):
            if key == 1:
                inputs.append(text(value))
            elif key == 2:
                outputs.append(text(value))
            elif key == 4:
                operator = text(value)
            elif key == 5:
                self._check_attribute(message(value))
            elif key == 7:
                domain = text(value)
        self._check_domain(domain)
        return Node(operator, tuple(inputs), tuple(outputs))

    def _check_attribute(self, content: memoryview) -> None:
        for key, value in self._wire.fields(content):
            if key in (5, 10):
                self._tensor(message(value))
            elif key in (6, 11):
                raise ModelError("an operator in it holds a graph of its own, such as a loop: export it without")
            elif key in (22, 23):
                raise ModelError("it holds sparse numbers: export it with plain ones")

    def _tensor(self, content: memoryview) -> tuple[str, tuple[int, ...]]:
        name, dims = "", list[int]()
        for key, value in self._wire.fields(content):
            if key == 1:
                dims += numbers(value)
            elif key == 8:
                name = text(value)
            elif key == 13 or (key == 14 and number(value) == _OUTSIDE):
                raise ModelError("its weights lie in another file, which is not read: export it with all in one file")
        return name, tuple(dims)

    def _value(self, content: memoryview) -> Value:
        name, kind, dims = "", 0, None
        for key, value in self._wire.fields(content):
            if key == 1:
                name = text(value)
            elif key == 2:
                for of_type, tensor in self._wire.fields(message(value)):
                    if of_type == 1:
                        kind, dims = self._tensor_type(message(tensor))
        return Value(name, kind, dims)

    def _tensor_type(self, content: memoryview) -> tuple[int, Dims | None]:
        kind, dims = 0, None
        for key, value in self._wire.fields(content):
            if key == 1:
                kind = number(value)
            elif key == 2:
                dims = tuple(self._dimensions(message(value)))
        return kind, dims

    def _dimensions(self, content: memoryview) -> Iterator[int | None]:
        for key, value in self._wire.fields(content):
            if key == 1:
                size = _last(self._wire, message(value), 1)
                yield size if isinstance(size, int) and 0 < size < 1 << 63 else None

    def _check_domain(self, domain: Field | str | None) -> None:
        name = domain if isinstance(domain, str) else "" if domain is None else text(domain)
        if name not in OWN_DOMAINS:
            raise ModelError(
                f"it needs operators of {name[:60]!a}, which are none of the standard's: export it without"
            )


def _last(wire: WireReader, content: memoryview, wanted: int) -> Field | None:
    """A field of a message as it was written last; None where it was not."""
    found: Field | None = None
    for key, value in wire.fields(content):
        found = value if key == wanted else found
    return found
