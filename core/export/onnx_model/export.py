"""`export_model`: a run as graphs of ONNX and a card, in a new folder; whole and compared, or not at all."""

from collections.abc import Generator, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.child_process import in_own_process
from core.errors import OUT_OF_MEMORY, ConfigError, RunError, is_out_of_memory
from core.export.destination import check_new_folder, new_folder
from core.export.onnx_model.own_images import own_images
from core.reports.export import Compared, ModelExported
from core.reports.progress import Progress
from core.training.run_folder import CARD, read_config

Pixels = NDArray[np.uint8]

GRAPHS = ("encoder", "decoder", "prior")  # the last of a model of completion only
OPSET = 18  # what PyTorch's exporter writes without converting; ONNX Runtime knows it since 1.14
IMAGES = 100  # that what was written is compared on
DOING = "Exporting the model"
NO_ONNX = "Exporting to ONNX needs onnx and onnxscript, which are not installed: pip install 'latentscape[onnx]'."


def export_model(run: Path, out: Path) -> Generator[Progress | ModelExported, None, None]:
    """Write encoder.onnx, decoder.onnx (of a model of completion prior.onnx too) and README.md into a new folder.

    `out` may be there if it is empty. The last report is ModelExported. PyTorch traces the model in a process of its
    own, so that neither its work nor what it leaves in memory touches the window, and closing this ends it at once.
    Raises ConfigError, RunError.
    """
    check_exportable(out)
    completes = read_config(run).config.model.conditional == "completion"
    pixels = yield from own_images(run, IMAGES)
    so_far, compared = Progress(DOING, 0, (3 if completes else 2) + 2), None
    with new_folder(out) as making:
        with closing(in_own_process(write_model, run, making, pixels)) as reports:
            for report in reports:
                if isinstance(report, Compared):
                    compared = report
                else:
                    so_far = report or so_far
                    yield so_far  # also when there is nothing new: who asks may have had enough
        paths = [path for name in (*(f"{each}.onnx" for each in GRAPHS), CARD) if (path := making / name).exists()]
        files = tuple((path.name, path.stat().st_size) for path in paths)
    assert compared is not None  # else an error was raised
    yield ModelExported(out, files, OPSET, compared)


def check_exportable(out: Path) -> None:
    """Raise ConfigError where nothing can be exported there: before any work."""
    if any(find_spec(name) is None for name in ("onnx", "onnxscript")):
        raise ConfigError(NO_ONNX)
    check_new_folder(out)


def write_model(run: Path, folder: Path, pixels: Pixels | None) -> Iterator[Progress | Compared]:
    """Write all files into an empty folder and compare them with the model; the last report is Compared.

    `pixels` (n, H, W, C) are images of the run; without them it is compared on pictures that it makes up. Raises
    ConfigError, RunError.
    """
    try:
        yield from _write(run, folder, pixels)
    except OSError as error:
        raise RunError(f"The model cannot be written in {folder.parent}: {error.strerror or error}.") from error
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise RunError(OUT_OF_MEMORY) from error


def _write(run: Path, folder: Path, pixels: Pixels | None) -> Iterator[Progress | Compared]:
    from core.export.onnx_model.agreement import largest_difference
    from core.export.onnx_model.card import card
    from core.export.onnx_model.graphs import check_size, facts_of, to_onnx
    from core.export.onnx_model.parts import parts_of
    from core.latent.open_run import open_run
    from core.model.one_core import use_one_core

    use_one_core()  # as sums are split among cores, so their last digits
    opened = open_run(run)
    space = opened.latent_space
    check_size(space.vae)
    parts, facts = tuple(parts_of(space.vae)), facts_of(space, opened.config)
    for number, part in enumerate(parts):
        yield Progress(DOING, 1 + number, len(parts) + 2)
        (folder / f"{part.name}.onnx").write_bytes(to_onnx(part, facts, OPSET))
    yield Progress(DOING, 1 + len(parts), len(parts) + 2)
    written = {part.name: (folder / f"{part.name}.onnx").read_bytes() for part in parts}
    images = IMAGES if pixels is None else len(pixels)
    compared = Compared(largest_difference(space.vae, written, pixels, IMAGES), images, pixels is not None)
    text = card(opened, parts, compared, OPSET)
    (folder / CARD).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    yield compared
