"""The map of a run before PyTorch is loaded: two seconds earlier there is something to see."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from core.errors import RunError
from core.reports.runs import MapSeen
from core.training.checkpoint_folder import CODES
from core.training.checkpoints import generations
from core.training.image_table import read_images
from core.training.tensor_files import read_tensors


def see_map(run: Path) -> MapSeen | None:
    """Where the codes of a run's last checkpoint lie; None when it cannot be read, which `open_run` will explain."""
    try:
        if not (folders := generations(run)):
            return None
        tensors = load(read_tensors(folders[0] / CODES))
        points = (tensors["codes"] - tensors["plane_origin"]) @ tensors["plane_axes"].T
        table = read_images(run, len(points))
    except (OSError, KeyError, ValueError, TypeError, RunError, SafetensorError):
        return None
    if points.ndim != 2 or points.shape[1] != 2 or len(points) != len(table.names):
        return None
    return MapSeen(np.asarray(points, np.float32), table.labels, table.classes, table.held_out, table.columns)
