"""A copy of a run to give away: it says nothing of the machine that it was trained on."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePath

from core.bounded_read import SMALL, read_json, read_text
from core.config import RunConfig
from core.errors import ConfigError, RunError
from core.export.destination import check_folder
from core.training.checkpoint_folder import MANIFEST, TENSORS
from core.training.checksums import EVENTS, begin_anew
from core.training.damage import all_damages_of, vouched_files
from core.training.moment_files import moment_names
from core.training.run_folder import CARD, CHECKPOINTS, as_json, damaged, read_config, write_config

NOWHERE = "/"  # what a folder of images is said to lie in


def write_shared_copy(run: Path, out: Path) -> None:
    """Copy a run to a new folder, with the names of its images but without the place where they are.

    The place stands in the configuration, the checkpoints' copy of it, and the card; the machine's name in the names of
    TensorBoard's files of older versions. Raises ConfigError: something is there, or nothing can be; RunError: the run
    is damaged, or the copy cannot be written.
    """
    kept = read_config(run)
    if clauses := all_damages_of(run):
        raise damaged(run, f"In {run} {'; '.join(clauses)}")
    if os.path.lexists(out):
        raise ConfigError(f"{out} is there already: name a new folder.")
    check_folder(out.absolute().parent)
    shared = kept._replace(config=without_place(kept.config))
    making = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        for name in _files(run):
            target = making / _anywhere(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(run / name, target)
        write_config(making, shared)
        for path in making.glob(f"{CHECKPOINTS}/*/{MANIFEST}"):
            path.write_text(json.dumps({**read_json(path, 16 * SMALL), "config": as_json(shared)}, indent=2) + "\n")
        if (making / CARD).exists():
            card = read_text(making / CARD).replace(kept.config.source, shared.config.source)
            (making / CARD).write_text(card, encoding="utf-8", newline="")
        begin_anew(making, vouched_files(making))
        making.rename(out)
    except OSError as error:
        raise RunError(f"The copy cannot be written in {out}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)


def without_place(config: RunConfig) -> RunConfig:
    """The same with the folder's own name; a table of metadata lies in the folder, or beside it."""
    if not os.path.isabs(config.source):
        return config
    source, images = NOWHERE + PurePath(config.source).name, config.images
    if os.path.isabs(images.metadata):
        table = PurePath(images.metadata)
        is_inside = table.is_relative_to(config.source)
        inside = table.relative_to(config.source).as_posix() if is_inside else table.name
        images = images.model_copy(update={"metadata": f"{source}/{inside}" if is_inside else NOWHERE + inside})
    return config.model_copy(update={"source": source, "images": images})


def _files(run: Path) -> Iterator[str]:
    """All that is vouched for, and the tensors that this is about."""
    for name in vouched_files(run):
        yield name
        if name.endswith(MANIFEST):
            folder = Path(name).parent.as_posix()
            yield from (f"{folder}/{each}" for each in TENSORS if (run / folder / each).exists())
    yield from moment_names(run)


def _anywhere(name: str) -> str:
    return f"{name.rpartition('.')[0]}.latentscape" if name.startswith(EVENTS) else name
