"""ONNX files byte by byte, as no library would write them."""

import struct


def varint(number: int) -> bytes:
    parts = []
    while True:
        parts.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(parts)


def field(key: int, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        return varint(key << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(key << 3 | 2) + varint(len(content)) + content


def node(operator: str, inputs: list[str], outputs: list[str], *attributes: bytes, domain: str = "") -> bytes:
    parts = [field(1, each) for each in inputs] + [field(2, each) for each in outputs] + [field(4, operator)]
    parts += [field(5, each) for each in attributes]
    return field(1, b"".join(parts) + (field(7, domain) if domain else b""))


def value(key: int, name: str, dims: list[int | str], kind: int = 1) -> bytes:
    """An input (11) or an output (12)."""
    sizes = b"".join(field(1, field(1, each) if isinstance(each, int) else field(2, each)) for each in dims)
    return field(key, field(1, name) + field(2, field(1, field(1, kind) + field(2, sizes))))


def floats(name: str, numbers: list[float], dims: list[int]) -> bytes:
    return tensor(name, struct.pack(f"<{len(numbers)}f", *numbers), dims, 1)


def wholes(name: str, numbers: list[int]) -> bytes:
    return tensor(name, struct.pack(f"<{len(numbers)}q", *numbers), [len(numbers)], 7)


def tensor(name: str, raw: bytes, dims: list[int], kind: int, *more: bytes) -> bytes:
    """An initializer."""
    return field(
        5, b"".join(field(1, each) for each in dims) + field(2, kind) + field(8, name) + field(9, raw) + b"".join(more)
    )


def model(*parts: bytes, opset: bytes = field(1, "") + field(2, 17)) -> bytes:
    return field(1, 8) + field(7, b"".join(parts)) + field(8, opset)


Z, PICTURE = value(11, "z", ["N", 2]), value(12, "x", ["N", 1, 16, 16])


def small_decoder(*before: bytes, last: str = "h") -> bytes:
    """(N, 2) → (N, 1, 16, 16), with more operations in it."""
    return model(
        *before,
        node("MatMul", ["z", "w"], ["h"]),
        node("Sigmoid", [last], ["s"]),
        node("Reshape", ["s", "shape"], ["x"]),
        floats("w", [0.01 * number for number in range(512)], [2, 256]),
        wholes("shape", [-1, 1, 16, 16]),
        Z,
        PICTURE,
    )
