"""Names in the order in which a person counts: "page 9" before "page 10"."""

import re

_DIGITS = re.compile(r"\d+")


def natural_key(name: str) -> str:
    """Sorts "page 9" before "page 10", and a folder's files together; never ties for different names."""
    folded = name.casefold().replace("/", "\1")
    # A number sorts by how many digits it has, then by them.
    counted = _DIGITS.sub(lambda found: "\2" + chr(len(found[0].lstrip("0"))) + found[0].lstrip("0"), folded)
    return f"{counted}\0{name}"
