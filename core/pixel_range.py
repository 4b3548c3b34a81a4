"""Which stored numbers are black and which are white, where a picture has more than 8 bits: the words for it.

A range is one for all kinds of number (`0..4095`), or one for each (`uint16:0..4095 float32:-1..1`).
"""

import math
from collections.abc import Mapping

AUTO, TYPE, PICTURE = "auto", "type", "picture"
WORDS = (AUTO, TYPE, PICTURE)
EVERY = ""  # the kind that a range without one is for
Range = tuple[float, float]  # black, white

_HOW = "must be auto, type, picture or LOW..HIGH such as 0..4095"


def parse_ranges(setting: str) -> dict[str, Range]:
    """The ranges that a setting gives, by kind of number; none for a word. Raises ValueError with what to write."""
    if setting in WORDS:
        return {}
    found = dict(_parsed(part) for part in setting.split())
    if not found:
        raise ValueError(f"{_HOW}")
    return found


def checked(setting: str) -> str:
    """The setting, which is one; raises ValueError."""
    parse_ranges(setting)
    return setting


def setting_of(ranges: Mapping[str, Range]) -> str:
    """The setting that gives these ranges: what `auto` came to, so that it can be asked for again."""
    found = sorted((kind, ends) for kind, ends in ranges.items() if "/" not in kind)  # else the file says it itself
    said = [(kind, f"{_number(low)}..{_number(high)}") for kind, (low, high) in found]
    if len(said) == 1:
        return said[0][1]
    return " ".join(f"{kind}:{ends}" for kind, ends in said) or AUTO


def kind_in_words(kind: str) -> str:
    """A kind of number such as "uint16" in a user's words: "16 bits"."""
    if "/" in kind:  # the file says what is white
        return f"{int(kind.split('/')[1]).bit_length()} bits"
    bits = kind.lstrip("uintfloa")
    if kind.startswith("float"):
        return "float" if bits == "32" else f"{bits}-bit float"
    return f"{bits} bits" if kind.startswith("u") else f"signed {bits} bits"


def range_in_words(kind: str, ends: Range) -> str:
    """For example "16 bits: 0 is black, 4,095 is white"."""
    black, white = map(_in_words, ends)
    return f"{kind_in_words(kind)}: {black} is black, {white} is white"


def offer_in_words(ranges: Mapping[str, Range], bulk: Mapping[str, tuple[float, float, float]]) -> str:
    """Why other ranges are offered: "99.9 % of the numbers of each picture are from 3 to 4,095"; `bulk` as found."""
    said = []
    for kind, (low, high) in ranges.items():
        bottom, top, beyond = bulk[kind]
        share = f"{math.floor((1.0 - beyond) * 1000.0) / 10.0:g} %"
        of = f" of {kind_in_words(kind)}" if len(bulk) > 1 else ""
        said.append(
            f"{share} of each picture's numbers{of} are from {_in_words(bottom)} to {_in_words(top)}: "
            f"the range {_number(low)}..{_number(high)} shows them better."
        )
    return " ".join(said)


def _in_words(end: float) -> str:
    return f"{end:,.6g}" if abs(end) < 1e6 else f"{end:.6g}"


def _parsed(part: str) -> tuple[str, Range]:
    kind, _, ends = part.rpartition(":")
    low, dots, high = ends.partition("..")
    try:
        black, white = float(low), float(high)
    except ValueError:
        dots = ""
        black = white = 0.0
    if not dots or not (math.isfinite(black) and math.isfinite(white)):
        raise ValueError(f"{_HOW}")
    if black >= white:
        raise ValueError(f"{_HOW}, the lower number first")
    return kind, (black, white)


def _number(end: float) -> str:
    return str(int(end)) if end.is_integer() and abs(end) < 1e15 else repr(end)
