"""A file that is not used; apart from the other records, for decoding processes start with little."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Skipped:
    """One file that is not used: `reason` is a short phrase to group by, `detail` what the library said."""

    path: str
    reason: str
    detail: str = ""
