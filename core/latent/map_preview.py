"""The map of a run before PyTorch is loaded: two seconds earlier there is something to see."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from core.errors import RunError
from core.reports.runs import MapSeen
from core.training import run_folder
from core.training.image_table import read_images


def see_map(run: Path) -> MapSeen | None:
    """Where the codes of a run's last checkpoint lie; None when it cannot be read, which `open_run` will explain."""
    try:
        latest = (run / "latest").read_text(encoding="utf-8").strip()
        tensors = load_file(run / run_folder.CHECKPOINTS / latest / "codes.safetensors")
        points = (tensors["codes"] - tensors["plane_origin"]) @ tensors["plane_axes"].T
        table = read_images(run)
    except (OSError, KeyError, ValueError, RunError, SafetensorError):
        return None
    if len(points) != len(table.names):
        return None
    return MapSeen(np.asarray(points, np.float32), table.labels, table.classes, table.held_out, table.columns)
