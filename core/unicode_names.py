"""The one Unicode form in which names are compared: a Mac writes an accent apart from its letter, others do not."""

import unicodedata
from collections.abc import Iterable, Sequence


def normal(name: str) -> str:
    """A name as it is compared: "Café" is one name, however its accent is written (Unicode's form C)."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def place_of(name: str, names: Sequence[str]) -> int | None:
    """Where a name stands among others, first as it is written, else in its normal form; None: nowhere."""
    if name in names:
        return names.index(name)
    wanted = normal(name)
    return next((place for place, each in enumerate(names) if normal(each) == wanted), None)


def places_of(wanted: Iterable[str], names: Iterable[str]) -> dict[str, int]:
    """Where each wanted name that is there stands among many others: as it is written, else in its normal form."""
    wanted = set(wanted)
    forms, exactly, alike = set(map(normal, wanted)), dict[str, int](), dict[str, int]()
    for place, name in enumerate(names if wanted else ()):
        if name in wanted:
            exactly[name] = place
        elif (form := normal(name)) in forms:
            alike.setdefault(form, place)
    found = ((name, exactly.get(name, alike.get(normal(name)))) for name in wanted)
    return {name: place for name, place in found if place is not None}
