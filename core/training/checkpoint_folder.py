"""One checkpoint's folder: what it holds, and whether that is as it was written."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.atomic_write import FORMAT
from core.bounded_read import SMALL, as_amount, as_count, parse_json, read_bytes
from core.errors import RunError
from core.latent.sheet import may_be_sheet
from core.training.checksums import Checksum, is_known
from core.training.run_folder import CHECKPOINTS
from core.training.tensor_files import read_tensors
from core.version import app_version

if TYPE_CHECKING:
    from torch import Tensor

MODEL, TRAIN, CODES, MANIFEST = "model.safetensors", "train.safetensors", "codes.safetensors", "manifest.json"
TENSORS = (MODEL, TRAIN, CODES)
_BUT = {TRAIN: ", so training cannot go on exactly, though what was learned is whole"}


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What one checkpoint holds: weights, the optimiser's state, the codes, and facts about them."""

    model: "Mapping[str, Tensor]"
    train: "Mapping[str, Tensor]"
    codes: "Mapping[str, Tensor]"
    facts: Mapping[str, Any]  # step, seconds, finished, codes_exact, image_set, config


class Arrays(NamedTuple):
    """What is looked at of a checkpoint, read without PyTorch."""

    model: Mapping[str, NDArray[np.float32]]
    codes: Mapping[str, NDArray[np.float32]]
    facts: Mapping[str, Any]


class DamagedError(Exception):
    """A checkpoint is not as it was written."""


def is_whole(folder: Path) -> bool:
    """Whether one checkpoint is as it was written."""
    return whole(folder) is not None


def whole(folder: Path, with_training: bool = True) -> Checkpoint | None:
    """What one checkpoint holds, None where it is not as it was written."""
    try:
        return read_checkpoint(folder, with_training)
    except (DamagedError, RunError):
        return None


def fingerprint(folder: Path) -> str:
    """What tells a checkpoint's weights from all others: the sha256 of its model's file; raises RunError."""
    try:
        return str(read_manifest(folder)["sha256"][MODEL])
    except (DamagedError, KeyError) as damage:
        raise RunError(f"{folder / MANIFEST} does not say what its model is: it was changed by hand.") from damage


def read_checkpoint(folder: Path, with_training: bool) -> Checkpoint:
    """All that one checkpoint holds; raises DamagedError, RunError where its format is newer."""
    from safetensors.torch import load

    parts, manifest = _read_parts(folder, with_training, load)
    return Checkpoint(parts[MODEL], parts[TRAIN], parts[CODES], manifest)


def read_arrays(folder: Path) -> Arrays:
    """What is looked at of one checkpoint, without PyTorch; raises as `read_checkpoint` does."""
    from safetensors.numpy import load

    parts, manifest = _read_parts(folder, False, load)
    return Arrays(parts[MODEL], parts[CODES], manifest)


def _read_parts(
    folder: Path, with_training: bool, load: Callable[[bytes], dict[str, Any]]
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    from safetensors import SafetensorError

    manifest = read_manifest(folder)
    parts: dict[str, dict[str, Any]] = {MODEL: {}, TRAIN: {}, CODES: {}}
    for name, expected in manifest["sha256"].items():
        if name == TRAIN and not with_training:
            continue
        try:
            content = read_tensors(folder / name)  # not mapped: Windows would not let a mapped file be replaced
        except OSError as error:
            raise DamagedError(f"{folder.name}/{name} is missing") from error
        except ValueError as error:
            raise DamagedError(f"{folder.name}/{name} holds no tensors") from error
        if hashlib.sha256(content).hexdigest() != expected:
            raise DamagedError(f"{folder.name}/{name} is damaged{_BUT.get(name, '')}")
        try:
            parts[name] = load(content)
        except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise DamagedError(f"{folder.name}/{name} holds no tensors") from error
    _check_codes(folder, parts[CODES])
    return parts, manifest


def _check_codes(folder: Path, codes: Mapping[str, Any]) -> None:
    """Codes (N, d), NaN where unknown; what each dimension carries (d,); a plane: its origin (d,) and axes (2, d).

    There may be a sheet over the plane.
    """
    try:
        arrays = {name: np.asarray(each) for name, each in codes.items()}
        dims = arrays["codes"].shape[1:]
        known = {"kl_per_dim": dims, "plane_origin": dims, "plane_axes": (2, *dims)}
        fits = all(arrays[name].shape == shape and np.isfinite(arrays[name]).all() for name, shape in known.items())
        fits = fits and may_be_sheet(arrays) and all(each.dtype == np.float32 for each in arrays.values())
        if len(dims) == 1 and fits:
            return
    except (KeyError, TypeError, IndexError):
        pass
    raise DamagedError(f"{folder.name}/{CODES} does not hold the codes of images")


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a checkpoint's manifest says; raises DamagedError, RunError where its format is newer."""
    try:
        content = read_bytes(folder / MANIFEST, 16 * SMALL)
        manifest = parse_json(content)
        found, step = as_count(manifest["format"]), as_count(manifest["step"])
        manifest["seconds"] = as_amount(manifest.get("seconds", 0.0))
        as_count(manifest.get("at_once", 1))
        hashes = manifest["sha256"]
        if not isinstance(hashes, dict) or not {CODES} <= hashes.keys() <= {MODEL, CODES, TRAIN}:
            raise ValueError("it names other files than a checkpoint has")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError(f"{folder.name}/{MANIFEST} is damaged or missing") from error
    run = folder.parent.parent
    if not is_known(run, checksum_of_bytes(path_in_run(f"step_{step:09d}"), content)):
        raise DamagedError(f"{folder.name}/{MANIFEST} is damaged")
    if found > FORMAT:
        raise RunError(
            f"{folder} was written by Latentscape {manifest.get('latentscape', '?')} in format {found}; "
            f"this is {app_version()}, which reads up to format {FORMAT}: install a newer Latentscape."
        )
    return dict(manifest)


def checksum_of_bytes(name: str, content: bytes) -> Checksum:
    """Of a file of a run with this content."""
    return Checksum(name, len(content), hashlib.sha256(content).hexdigest())


def path_in_run(step: str) -> str:
    """What the manifest of a step is called from the run's folder on."""
    return f"{CHECKPOINTS}/{step}/{MANIFEST}"
