"""Names of files as a font can draw them in one line."""

import re

_UNDRAWABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def drawable(text: str) -> str:
    """Line breaks as ↵, and � for what is no character: a name's bytes need not be UTF-8."""
    return _UNDRAWABLE.sub("\N{REPLACEMENT CHARACTER}", " ↵ ".join(text.splitlines()))
