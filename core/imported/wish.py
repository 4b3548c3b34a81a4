"""What somebody wants to open: the files, and what they say of them that no graph does."""

from dataclasses import dataclass
from pathlib import Path

from core.imported.settings import Prior, Range


@dataclass(frozen=True)
class ModelWish:
    """A decoder, with all that was said of it: None and empty where nothing was, and it is to be found out."""

    decoder: Path
    encoder: Path | None = None
    data: str = ""  # a folder of images or the name of a set
    prior: Prior | None = None
    range: Range | None = None
    name: str = ""
