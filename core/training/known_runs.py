"""Which runs there are, and what tells them apart at a glance; reads a few small files of each, and no tensor."""

import json
import os
from collections.abc import Iterable
from math import inf
from pathlib import Path

from core.bounded_read import LARGE, SMALL, open_regular, read_bytes
from core.errors import PlaceError, RunError
from core.places import is_run, runs_folder
from core.reports.runs import KnownRun, KnownRuns
from core.training import run_folder
from core.training.checkpoints import newest_manifest
from core.training.cover_picture import COVER
from core.training.history import HISTORY
from core.training.run_name import name_of

TAIL = 65_536  # bytes at the end of a history: many lines, among them the last test on held-out images


def list_known_runs(others: Iterable[Path] = ()) -> KnownRuns:
    """The runs where runs are kept, and those of `others` that are there still, newest first.

    A folder there that is no whole run is named in `broken`, with the reason.
    """
    known: list[KnownRun] = []
    broken: list[str] = []
    for run in dict.fromkeys((*_kept(), *(other for other in others if is_run(other)))):
        try:
            known.append(read_known(run))
        except RunError as error:
            broken.append(str(error))
    return KnownRuns(tuple(sorted(known, key=lambda each: each.written, reverse=True)), tuple(broken))


def read_known(run: Path) -> KnownRun:
    """One run as a list shows it; raises RunError when its configuration or what it saved last cannot be read."""
    config = run_folder.read_config(run).config
    try:
        written = (run / "latest").stat().st_mtime
    except OSError as error:
        raise RunError(f"Nothing was saved in {run}: training ended too soon.") from error
    return KnownRun(
        run=run,
        name=name_of(run),
        source=config.source,
        latent_dims=config.model.latent_dims,
        written=written,
        objective=_last_objective(run),
        cover=_cover(run),
    )


def _kept() -> list[Path]:
    """Folders that begin with a dot are not runs that anyone trained."""
    try:
        folders = list(os.scandir(runs_folder()))
    except (PlaceError, OSError):
        return []
    return [Path(each.path) for each in folders if each.is_dir() and not each.name.startswith(".") and _has_begun(each)]


def _has_begun(folder: "os.DirEntry[str]") -> bool:
    """Whether training has begun there; a folder of someone's own is none of ours."""
    return os.path.exists(os.path.join(folder.path, run_folder.CONFIG))


def _last_objective(run: Path) -> float | None:
    """Nats per image on held-out images, as it was tested last before it was saved; None where it never was."""
    step = newest_manifest(run).get("step", inf)
    try:
        with open_regular(run / HISTORY, 8 * LARGE) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            lines = file.read().splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        if b'"held_out"' in line:
            try:
                told = json.loads(line)
                if told["step"] <= step:
                    return float(told["terms"]["objective"])
            except (ValueError, KeyError, TypeError, RecursionError):
                continue
    return None


def _cover(run: Path) -> bytes:
    """The small picture as the PNG that it is; empty where there is none."""
    try:
        return read_bytes(run / COVER, SMALL)
    except OSError:
        return b""
