"""Several runs side by side: the curves of each, its last figures, and what its configuration has for itself."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from core.config import RunConfig
from core.errors import RunError
from core.evaluation.dimensions import ACTIVE
from core.reports.evaluation import Compared
from core.training import run_folder
from core.training.checkpoint_folder import (
    CODES,
    MODEL,
    TRAIN,
    DamagedError,
    read_manifest,
)
from core.training.checkpoints import newest
from core.training.history import read_history
from core.training.tensor_files import read_shapes, read_tensors

OPTIMISED = "exp_avg:"  # what AdamW remembers of a parameter, in a checkpoint


def read_compared(run: Path) -> Compared:
    """One run as far as it is, without loading PyTorch; `differs` is empty. Raises RunError when it is no saved run."""
    config = run_folder.read_trained(run)[0]
    found = newest(run, _figures)
    if found is None:
        raise RunError(f"There is no whole checkpoint in {run} yet: train it for a while first.")
    facts, kl_per_dim, active_units, parameters = found
    told = read_history(run, facts["step"])
    return Compared(
        run=run,
        name=run.absolute().name,
        config=config,
        differs={},
        steps=told.steps,
        held_out=told.held_out,
        untrained=told.untrained,
        seconds=facts["seconds"],
        finished=bool(facts.get("finished")),
        parameters=parameters,
        kl_per_dim=kl_per_dim,
        active_units=active_units,
    )


def compare(runs: Sequence[Path]) -> tuple[Compared, ...]:
    """Several runs, each with what tells it from the others; raises RunError."""
    read = [read_compared(run) for run in runs]
    said = differences([each.config for each in read])
    return tuple(replace(each, differs=differs) for each, differs in zip(read, said, strict=True))


def differences(configs: Sequence[RunConfig]) -> list[dict[str, object]]:
    """The fields of each configuration that are not the same in all, as {"training.beta": 4.0}."""
    flat = [_flat(config) for config in configs]
    apart = [key for key in flat[0] if any(each[key] != flat[0][key] for each in flat)] if flat else []
    return [{key: each[key] for key in apart} for each in flat]


def _flat(config: RunConfig) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in config.model_dump().items():
        fields |= {f"{name}.{key}": inner for key, inner in value.items()} if isinstance(value, dict) else {name: value}
    return fields


def _figures(folder: Path) -> tuple[dict[str, Any], tuple[float, ...], int, int]:
    """What the manifest of a checkpoint says, and what is counted in its tensors; raises DamagedError."""
    facts = read_manifest(folder)
    try:
        return facts, *_dimensions(folder), _parameters(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        raise DamagedError(f"{folder.name} holds no tensors that can be read") from error


def _dimensions(folder: Path) -> tuple[tuple[float, ...], int]:
    """Nats of each dimension, and how many have codes that vary by more than 0.01 (Burda et al. 2016, §5.2)."""
    kept = load(read_tensors(folder / CODES))
    codes, kl_per_dim = kept["codes"], kept["kl_per_dim"]
    met = codes[np.isfinite(codes).all(axis=1)]
    variance = met.var(axis=0, dtype=np.float64) if len(met) else np.zeros(codes.shape[1])
    return tuple(kl_per_dim.tolist()), int((variance > ACTIVE).sum())


def _parameters(folder: Path) -> int:
    """How many numbers are learned; a run kept for viewing only does not say which these are, so all are counted."""
    optimised = read_shapes(folder / TRAIN) if (folder / TRAIN).exists() else {}
    learned = [shape for name, shape in optimised.items() if name.startswith(OPTIMISED)]
    return sum(map(prod, learned or read_shapes(folder / MODEL).values()))
