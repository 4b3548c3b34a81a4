"""The moments of a run on its disk: `moments.json` says which there are, `moments/` holds a file of tensors for each.

Weights and codes are float16, but for what that cannot hold. A moment's file is checked by whoever opens it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from core.atomic_write import FORMAT
from core.bounded_read import SMALL, as_amount, as_count, read_json
from core.errors import RunError
from core.reports.moments import Moment, Why
from core.training.checksums import write_vouched
from core.training.run_folder import damaged
from core.training.tensor_files import read_tensors
from core.version import app_version

MOMENTS, FOLDER = "moments.json", "moments"
CODES, KL, MODEL = "codes", "kl_per_dim", "model."  # names of the tensors; those of the model go on with its own
MOST = 1_000  # moments that a file may list
_LONGEST = 200  # letters of a finding


class MomentArrays(NamedTuple):
    """What a moment holds: weights by their names in the model, codes (N, d), what each dimension carries (d,)."""

    weights: Mapping[str, NDArray[Any]]
    codes: NDArray[np.float32]
    kl_per_dim: NDArray[np.float32]


class LostError(Exception):
    """The file of a moment is not as it was written, or is gone."""


def moments_of(run: Path) -> tuple[Moment, ...]:
    """The moments that a run has, the oldest first; none where it keeps none. Raises RunError when that is damaged."""
    try:
        content = read_json(run / MOMENTS, SMALL)
        if as_count(content["format"]) > FORMAT:
            raise RunError(f"{run / MOMENTS} was written by a newer Latentscape, {content['latentscape']}: install it.")
        listed = content["moments"]
        if not isinstance(listed, list) or len(listed) > MOST:
            raise ValueError("it lists more than anyone keeps")
        return tuple(sorted((_moment(each) for each in listed), key=lambda each: each.step))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(run, f"{run / MOMENTS} cannot be read") from error


def read_moment(run: Path, moment: Moment) -> MomentArrays:
    """What a moment holds; raises RunError when its file is not as it was written, or is gone."""
    try:
        return _read(run, moment)
    except LostError as error:
        if moment not in moments_of(run):
            raise RunError(f"The moment at step {moment.step:,} has made room for others.") from error
        raise damaged(run, f"In {run} {error}") from error


def write_moments(run: Path, moments: Sequence[Moment]) -> None:
    """Say which moments there are; raises OSError."""
    listed = [asdict(each) for each in moments]
    content = {"format": FORMAT, "latentscape": app_version(), "moments": listed}
    write_vouched(run / MOMENTS, json.dumps(content, indent=1) + "\n")


def path_of(run: Path, moment: Moment) -> Path:
    """The file of a moment: named after what it holds, so that none is ever written over."""
    return run / FOLDER / f"step_{moment.step:09d}_{moment.sha256[:8]}.safetensors"


def moment_names(run: Path) -> tuple[str, ...]:
    """The files of all moments that are listed and there, named from the run's folder on."""
    with suppress(RunError):
        found = (path_of(run, each) for each in moments_of(run))
        return tuple(path.relative_to(run).as_posix() for path in found if path.is_file())
    return ()


def lost_moments(run: Path) -> dict[Moment, str]:
    """The moments whose files are not as they were written, and what is wrong with each, a clause; reads them all."""
    found = {}
    with suppress(RunError):
        for moment in moments_of(run):
            try:
                _read(run, moment)
            except LostError as error:
                found[moment] = str(error)
    return found


def _read(run: Path, moment: Moment) -> MomentArrays:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    path = path_of(run, moment)
    name = path.relative_to(run).as_posix()
    try:
        content = read_tensors(path)
    except FileNotFoundError as error:
        raise LostError(f"{name} is missing") from error
    except (OSError, ValueError) as error:
        raise LostError(f"{name} holds no tensors") from error
    if hashlib.sha256(content).hexdigest() != moment.sha256:
        raise LostError(f"{name} is damaged")
    try:
        arrays = load(content)
        codes, kl_per_dim = (np.asarray(arrays[each], np.float32) for each in (CODES, KL))
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise LostError(f"{name} holds no moment") from error
    if codes.ndim != 2 or kl_per_dim.shape != codes.shape[1:]:
        raise LostError(f"{name} holds no moment")
    weights = {each.removeprefix(MODEL): value for each, value in arrays.items() if each.startswith(MODEL)}
    return MomentArrays(weights, codes, kl_per_dim)


def _moment(content: Mapping[str, Any]) -> Moment:
    if content["why"] not in get_args(Why):
        raise ValueError("a moment was kept for an unknown reason")
    return Moment(
        step=as_count(content["step"]),
        epoch=as_amount(content["epoch"]),
        seconds=as_amount(content["seconds"]),
        why=content["why"],
        finding=str(content["finding"])[:_LONGEST],
        bytes=as_count(content["bytes"]),
        sha256=_digest(content["sha256"]),
    )


def _digest(text: object) -> str:
    """It names a file: nothing but what a sha256 is written with may."""
    if not isinstance(text, str) or len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError("a moment's file has no checksum")
    return text
