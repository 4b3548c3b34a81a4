"""What became of a model that was exported for other programs."""

import math
from dataclasses import dataclass
from pathlib import Path

from core.byte_sizes import bytes_said


@dataclass(frozen=True)
class Compared:
    """How far what comes out of the export is from the model at most, over so many images.

    Relative to numbers above 1, absolute below; `are_own` when the run learned from these images or held them out.
    """

    largest_difference: float
    images: int
    are_own: bool

    @property
    def in_words(self) -> str:
        """As a part of a sentence."""
        of_what = "of the run's images" if self.are_own else "pictures that the model made up"
        if not self.largest_difference:
            return f"on {self.images} {of_what}, ONNX Runtime and PyTorch say the same to the last digit"
        digits = max(0, -1 - math.floor(math.log10(self.largest_difference)))
        return f"on {self.images} {of_what}, ONNX Runtime and PyTorch differ by less than {10.0**-digits:.{digits}f}"


@dataclass(frozen=True)
class ModelExported:
    """A folder of graphs with a card; `files` are names and sizes in bytes, `opset` is that of ONNX."""

    folder: Path
    files: tuple[tuple[str, int], ...]
    opset: int
    compared: Compared

    @property
    def in_words(self) -> str:
        """What is there now, and how good it is."""
        names = ", ".join(name for name, _ in self.files)
        return f"{names}: {bytes_said(sum(size for _, size in self.files))}; {self.compared.in_words}."
