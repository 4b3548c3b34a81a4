"""Whether weights are a model's, known before memory is taken for it."""

from collections.abc import Mapping
from pathlib import Path

import torch

from core.errors import RunError
from core.model.vae import VAE
from core.training.run_folder import CONFIG, Kept


def check_weights(run: Path, kept: Kept, weights: Mapping[str, torch.Tensor]) -> None:
    """Raise RunError when weights are not those of a run's model, or not all of them finite numbers."""
    with torch.device("meta"):
        wanted = VAE(kept.config.model, kept.image_shape, max(1, len(kept.classes))).state_dict()
    shapes = {name: value.shape for name, value in wanted.items()}
    if shapes != {name: value.shape for name, value in weights.items()}:
        raise RunError(f"The checkpoint in {run} is of another model than its {CONFIG}.")
    if not all(value.isfinite().all() for value in weights.values()):
        raise RunError(f"The weights in {run} are no finite numbers: nothing can be made of them.")
