"""Checkpoints: written whole or not at all, and checked when read; their facts are read without torch."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.atomic_write import FORMAT, write_whole
from core.errors import RunError
from core.version import app_version

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")
WRITING, ASIDE = ".writing", ".replaced"  # a checkpoint in the making, and one that is making way
KEPT = 2  # generations
MODEL, TRAIN, CODES, MANIFEST, LATEST = (
    "model.safetensors", "train.safetensors", "codes.safetensors", "manifest.json", "latest",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What one checkpoint holds: weights, the optimiser's state, the codes, and facts about them."""

    model: "Mapping[str, Tensor]"
    train: "Mapping[str, Tensor]"
    codes: "Mapping[str, Tensor]"
    facts: Mapping[str, Any]  # step, seconds, finished, codes_exact, image_set


class Arrays(NamedTuple):
    """What is looked at of a checkpoint, read without PyTorch."""

    model: Mapping[str, NDArray[np.float32]]
    codes: Mapping[str, NDArray[np.float32]]
    facts: Mapping[str, Any]


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write `folder`/step_…, then point `latest` at it; an older one stays whole until this one is.

    The caller holds the run's lock. Raises RunError when the disk is full or may not be written.
    """
    name = f"step_{checkpoint.facts['step']:09d}"
    temporary = folder / WRITING
    shutil.rmtree(temporary, ignore_errors=True)  # left by a crash; the run's lock keeps other writers out
    try:
        temporary.mkdir(parents=True)
        _write(temporary, checkpoint)
        _replace(temporary, folder / name)
    except OSError as error:
        raise RunError(f"The checkpoint could not be written in {folder}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    write_whole(folder.parent / LATEST, name + "\n")
    _remove_old(folder, name)
    return folder / name


def load_checkpoint(run: Path, with_training: bool = True) -> Checkpoint:
    """Read the newest checkpoint of a run that is whole; a damaged newest one gives way to the one before.

    Raises RunError when there is none, when all are damaged, or when the format is newer than this program.
    """
    from safetensors.torch import load

    contents, facts = _newest_whole(run, with_training)
    model, train, codes = (load(contents[name]) if name in contents else {} for name in (MODEL, TRAIN, CODES))
    return Checkpoint(model, train, codes, facts)


def load_arrays(run: Path) -> Arrays:
    """Read weights and codes as `load_checkpoint` does, but without PyTorch; raises RunError as that does."""
    from safetensors.numpy import load

    contents, facts = _newest_whole(run, with_training=False)
    model, codes = (load(contents[name]) if name in contents else {} for name in (MODEL, CODES))
    return Arrays(model, codes, facts)


def _newest_whole(run: Path, with_training: bool) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The contents of the files of the newest checkpoint that is whole, and its facts; raises RunError."""
    found, damages = _first_whole(run, lambda folder: _read(folder, with_training))
    if found is not None:
        return found
    if not damages:
        raise RunError(f"There is no checkpoint in {run} yet: train it for a while first.")
    raise RunError(f"No checkpoint in {run} can be read: {'; '.join(damages)}.")


def has_checkpoint(run: Path) -> bool:
    """Whether the run has been saved at least once."""
    return bool(_newest_first(run))


def newest_manifest(run: Path) -> dict[str, Any]:
    """The facts of the newest checkpoint, without reading its tensors; empty when there is none."""
    return _first_whole(run, _manifest)[0] or {}


def fingerprint(folder: Path) -> str:
    """What tells a checkpoint's weights from all others: the sha256 of its model's file; raises RunError."""
    try:
        return str(_manifest(folder)["sha256"][MODEL])
    except (_DamagedError, KeyError) as damage:
        raise RunError(f"{folder / MANIFEST} does not say what its model is: it was changed by hand.") from damage


class _DamagedError(Exception):
    pass


def _first_whole(run: Path, read: Callable[[Path], T]) -> tuple[T | None, list[str]]:
    """What `read` makes of the newest folder that is whole, and what is wrong with those before it.

    Where none is, they are listed again: another program may save just now, and what was listed made way for it.
    """
    listed: list[Path] | None = None
    damages: list[str] = []
    while (folders := _newest_first(run)) != listed:
        listed, damages = folders, []
        for folder in folders:
            try:
                return read(folder), damages
            except _DamagedError as damage:
                damages.append(str(damage))
    return None, damages


def _write(folder: Path, checkpoint: Checkpoint) -> None:
    from safetensors.torch import save

    hashes = {}
    for name, tensors in ((MODEL, checkpoint.model), (TRAIN, checkpoint.train), (CODES, checkpoint.codes)):
        if not tensors:
            continue
        content = save({key: value.detach().cpu().contiguous() for key, value in tensors.items()})
        hashes[name] = hashlib.sha256(content).hexdigest()
        with (folder / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    manifest = {**checkpoint.facts, "format": FORMAT, "latentscape": app_version(), "sha256": hashes}
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=2) + "\n")


def _read(folder: Path, with_training: bool) -> tuple[dict[str, bytes], dict[str, Any]]:
    manifest = _manifest(folder)
    contents: dict[str, bytes] = {}
    for name, expected in manifest["sha256"].items():
        if name == TRAIN and not with_training:
            continue
        try:
            content = (folder / name).read_bytes()  # not mapped: Windows would not let a mapped file be replaced
        except OSError as error:
            raise _DamagedError(f"{folder.name}/{name} is missing") from error
        if hashlib.sha256(content).hexdigest() != expected:
            raise _DamagedError(f"{folder.name}/{name} is damaged")
        contents[name] = content
    return contents, manifest


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = int(manifest["format"])
        manifest["sha256"], manifest["step"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _DamagedError(f"{folder.name}/{MANIFEST} is damaged or missing") from error
    if found > FORMAT:
        raise RunError(
            f"{folder} was written by Latentscape {manifest.get('latentscape', '?')} in format {found}; "
            f"this is {app_version()}, which reads up to format {FORMAT}: install a newer Latentscape."
        )
    return manifest


def _newest_first(run: Path) -> list[Path]:
    folders = sorted((run / "checkpoints").glob("step_*"), reverse=True)
    folders += (run / "checkpoints").glob(ASIDE)  # a crash came between two renames
    try:
        latest = (run / LATEST).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):  # missing, or damaged
        return folders
    return sorted(folders, key=lambda folder: folder.name != latest)


def _replace(temporary: Path, target: Path) -> None:
    aside = target.with_name(ASIDE)
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():  # settled at the step that it was paused at
        target.rename(aside)
    temporary.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _remove_old(folder: Path, newest: str) -> None:
    others = sorted(path for path in folder.glob("step_*") if path.name != newest)
    for path in others[: -(KEPT - 1)]:
        shutil.rmtree(path, ignore_errors=True)
