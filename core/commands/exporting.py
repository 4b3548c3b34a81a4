"""`export`: a run's model for programs that know nothing of this one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tyro.conf import Positional

from core.commands.parsing import parse
from core.commands.progress import say, shown_progress

if TYPE_CHECKING:
    from core.reports.export import ModelExported


@dataclass(frozen=True)
class ExportFlags:
    """Write a run's encoder and decoder as graphs that other programs run, with a card that says how."""

    run: Positional[Path]
    """The run's folder."""
    out: Path
    """A new folder, or an empty one: encoder.onnx, decoder.onnx and README.md."""
    to: Literal["onnx"] = "onnx"
    """onnx: for ONNX Runtime and all that reads its format."""
    json: bool = False
    """Print the result as one JSON object."""


def export(words: Sequence[str]) -> None:
    """The graphs, compared with the model."""
    flags = parse(ExportFlags, "export", words)
    from core.commands.signals import follow
    from core.export.onnx_model.export import export_model
    from core.reports.export import ModelExported

    with shown_progress() as show:
        exported = follow(export_model(flags.run, flags.out), show)
    assert isinstance(exported, ModelExported)
    if flags.json:
        print(json.dumps(_facts(exported)))
    else:
        say(f"{flags.out}: {exported.in_words}")


def _facts(exported: "ModelExported") -> dict[str, Any]:
    return {
        "folder": str(exported.folder.absolute()),
        "files": dict(exported.files),
        "opset": exported.opset,
        "images": exported.compared.images,
        "own_images": exported.compared.are_own,
        "largest_difference": exported.compared.largest_difference,
    }
