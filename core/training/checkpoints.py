"""Checkpoints: written whole or not at all, and checked when read; their facts are read without torch."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.atomic_write import FORMAT, write_whole
from core.bounded_read import read_text
from core.byte_sizes import bytes_said
from core.errors import RunError
from core.training.checkpoint_folder import (
    CODES,
    MANIFEST,
    MODEL,
    TRAIN,
    Arrays,
    Checkpoint,
    DamagedError,
    checksum_of_bytes,
    is_whole,
    path_in_run,
    read_arrays,
    read_checkpoint,
    read_manifest,
)
from core.training.checksums import Checksum, is_vouched_for, vouch
from core.training.run_folder import CHECKPOINTS, damaged
from core.version import app_version

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")
WRITING, ASIDE = ".writing", ".replaced"  # a checkpoint in the making, and one that is making way
KEPT = 2  # generations
LATEST = "latest"
NONE_YET = "There is no checkpoint in {run} yet: train it for a while first."
_IN_THE_WAY = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ELOOP, errno.ENAMETOOLONG}
_SPARE = 1 << 16  # bytes that a checkpoint needs beside its tensors


class RoomError(RunError):
    """Nothing can be saved where the run is: `needed` bytes, and `free` are, None where nobody knows.

    `may_pass` is whether it is worth a wait: room is made and drives come back, a folder in the way stays.
    """

    def __init__(self, folder: Path, needed: int, error: OSError | None = None) -> None:
        try:
            self.free: int | None = shutil.disk_usage(folder if folder.exists() else folder.parent).free
        except OSError:
            self.free = None
        self.needed = needed
        self.may_pass = error is None or error.errno not in _IN_THE_WAY
        if self.free is not None and self.free < needed:
            why = f"{bytes_said(self.free)} are free"
        else:
            why = (error.strerror or str(error)) if error else "they are free now"
        super().__init__(f"Saving needs {bytes_said(needed)} in {folder}: {why}.")


def save_checkpoint(folder: Path, checkpoint: Checkpoint, beside: Sequence[Checksum] = ()) -> Path:
    """Write `folder`/step_…, then point `latest` at it; an older one stays whole until this one is.

    `beside` vouches for what was written with it. The caller holds the run's lock. Raises RoomError when the disk is
    full or may not be written.
    """
    run, name = folder.parent, f"step_{checkpoint.facts['step']:09d}"
    temporary, needed = folder / WRITING, bytes_needed(checkpoint)
    try:
        shutil.rmtree(temporary, ignore_errors=True)  # left by a crash; the run's lock keeps other writers out
        temporary.mkdir(parents=True)
        if shutil.disk_usage(temporary).free < needed:
            raise RoomError(temporary.parent, needed)
        manifest = _write_all(temporary, checkpoint, is_vouched_for(run))
        vouch(
            run,
            *beside,
            checksum_of_bytes(path_in_run(name), manifest),
            checksum_of_bytes(LATEST, f"{name}\n".encode()),
        )
        _replace(temporary, folder / name)
        write_whole(run / LATEST, name + "\n")
    except OSError as error:
        raise RoomError(folder, needed, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    _remove_old(folder, name)
    return folder / name


def load_checkpoint(run: Path, with_training: bool = True) -> Checkpoint:
    """Read the newest checkpoint of a run; an older one is used only after it was mended.

    Raises RunError when there is none, when it is damaged, or when the format is newer than this program. Without
    `with_training` the optimiser's state is neither read nor needed.
    """
    found = newest(run, lambda folder: read_checkpoint(folder, with_training))
    if found is None:
        raise RunError(NONE_YET.format(run=run))
    return found


def load_arrays(run: Path) -> Arrays:
    """Read weights and codes as `load_checkpoint` does, but without PyTorch; raises RunError as that does."""
    if (found := newest(run, read_arrays)) is None:
        raise RunError(NONE_YET.format(run=run))
    return found


def newest(run: Path, read: Callable[[Path], T]) -> T | None:
    """What `read` makes of the newest checkpoint's folder, None where there is none; raises RunError, as it is damaged.

    Where it is not whole it is looked for again: another program may save just now, and it made way for a newer one.
    """
    listed: list[Path] | None = None
    damage: DamagedError | None = None
    while (folders := generations(run)) != listed:
        listed = folders
        if not folders:
            return None
        try:
            return read(folders[0])
        except DamagedError as error:
            damage = error
    assert damage is not None
    older = next((f", {folder.name} is whole" for folder in (listed or [])[1:] if is_whole(folder)), "")
    raise damaged(run, f"The last checkpoint in {run} is not whole: {damage}{older}") from damage


def damages(run: Path) -> tuple[str, ...]:
    """What is wrong with all that is kept of all generations, and with the name of the newest; a clause each."""
    found = []
    for folder in generations(run):
        try:
            read_checkpoint(folder, with_training=True)
        except DamagedError as error:
            found.append(str(error))
    return (*found, *_damages_of_latest(run))


def _damages_of_latest(run: Path) -> list[str]:
    folders = generations(run)
    try:
        named = read_text(run / LATEST).strip()
    except FileNotFoundError:  # nothing is lost: it is written last
        return []
    except (OSError, ValueError):
        return [f"{LATEST} cannot be read"]
    return [] if any(folder.name in (named, ASIDE) for folder in folders) else [f"{LATEST} names no checkpoint"]


def bytes_needed(checkpoint: Checkpoint) -> int:
    """How much room saving it takes."""
    tensors = (tensor for part in _parts(checkpoint).values() for tensor in part.values())
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors) + _SPARE


def has_checkpoint(run: Path) -> bool:
    """Whether the run has been saved at least once."""
    return bool(generations(run))


def newest_manifest(run: Path) -> dict[str, Any]:
    """The facts of the newest checkpoint that says them, without reading its tensors; empty when there is none."""
    for _ in range(2):  # another program may have saved meanwhile
        for folder in generations(run):
            try:
                return read_manifest(folder)
            except DamagedError:
                continue
    return {}


def _write_all(folder: Path, checkpoint: Checkpoint, vouched: bool) -> bytes:
    """Write all files of a checkpoint; returns what its manifest says."""
    from safetensors.torch import save

    hashes = {}
    for name, tensors in _parts(checkpoint).items():
        content = save({key: value.detach().cpu().contiguous() for key, value in tensors.items()})
        hashes[name] = hashlib.sha256(content).hexdigest()
        _write(folder / name, content)
    about = {"format": FORMAT, "latentscape": app_version(), "checksums": vouched, "sha256": hashes}
    manifest = (json.dumps({**checkpoint.facts, **about}, indent=2) + "\n").encode("utf-8")
    _write(folder / MANIFEST, manifest)
    return manifest


def _parts(checkpoint: Checkpoint) -> "dict[str, Mapping[str, Tensor]]":
    parts = {MODEL: checkpoint.model, TRAIN: checkpoint.train, CODES: checkpoint.codes}
    return {name: tensors for name, tensors in parts.items() if tensors}


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def generations(run: Path) -> list[Path]:
    """The folders of all checkpoints, the newest first."""
    folders = sorted((run / CHECKPOINTS).glob("step_*"), reverse=True)
    folders += (run / CHECKPOINTS).glob(ASIDE)  # a crash came between two renames
    try:
        latest = read_text(run / LATEST).strip()
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
