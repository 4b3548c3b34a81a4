"""Protocol buffers as they are written, read without their schema: what an ONNX file holds before anything runs it."""

from collections.abc import Iterator

MOST_FIELDS = 300_000  # of one file: a second of reading
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_LONGEST = 10  # bytes of a varint
_LONGEST_NAME = 4096  # bytes

Field = int | memoryview


class WireError(ValueError):
    """The bytes are no message: cut short, or of kinds that nobody writes."""


class WireReader:
    """Goes through messages field by field, and through no more than MOST_FIELDS of them in all."""

    def __init__(self) -> None:
        self._left = MOST_FIELDS

    def fields(self, message: memoryview) -> Iterator[tuple[int, Field]]:
        """The number and the value of each field, as they lie there; raises WireError.

        A varint is a number, all else the bytes of it, which are not copied.
        """
        at = 0
        while at < len(message):
            self._left -= 1
            if self._left < 0:
                raise WireError(f"it has more than {MOST_FIELDS:,} parts")
            tag, at = _varint(message, at)
            value, at = _value(message, at, tag & 7)
            yield tag >> 3, value


def numbers(value: Field) -> Iterator[int]:
    """The integers of a repeated field: one, or several that are packed; raises WireError."""
    if isinstance(value, int):
        yield value
        return
    at = 0
    while at < len(value):
        number, at = _varint(value, at)
        yield number


def text(value: Field) -> str:
    """The letters of a field; raises WireError."""
    if len(message(value)) > _LONGEST_NAME:
        raise WireError("a name in it is too long")
    try:
        return bytes(message(value)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise WireError("a name in it is no text") from error


def message(value: Field) -> memoryview:
    """A field that is a message itself; raises WireError."""
    if isinstance(value, int):
        raise WireError("a part of it is a number where a message should be")
    return value


def number(value: Field) -> int:
    """A field that is a number; raises WireError."""
    if not isinstance(value, int):
        raise WireError("a part of it is a message where a number should be")
    return value


def _value(message: memoryview, at: int, kind: int) -> tuple[Field, int]:
    if kind == _VARINT:
        return _varint(message, at)
    if kind == _BYTES:
        length, at = _varint(message, at)
    elif kind in (_EIGHT, _FOUR):
        length = 8 if kind == _EIGHT else 4
    else:
        raise WireError("a part of it is of a kind that ONNX does not have")
    if length > len(message) - at:
        raise WireError(f"it is cut short: {length:,} bytes should follow where {len(message) - at:,} do")
    return message[at : at + length], at + length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place, byte in enumerate(message[at : at + _LONGEST]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at + place + 1
    raise WireError("it is cut short" if len(message) - at < _LONGEST else "a number in it never ends")
