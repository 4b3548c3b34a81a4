"""A run's folder: configuration, history, and the lock that keeps a second program out."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from filelock import FileLock, Timeout
from pydantic import ValidationError

from core.atomic_write import FORMAT
from core.bounded_read import SMALL, as_count, read_json
from core.config import RunConfig
from core.errors import RunError
from core.imported.settings import ImportedRunConfig
from core.shell_line import shell_line
from core.training.checksums import damage, write_vouched
from core.version import app_version
from core.written_paths import no_folder

CONFIG, SKIPPED, CARD, CHECKPOINTS = "config.json", "skipped.csv", "README.md", "checkpoints"
MOST_CLASSES = 100_000
ELSEWHERE = (
    "{run} was trained elsewhere: it can be looked at here, and not trained; and it does not say how likely a picture "
    "is, so that nothing is known of it in nats."
)
_LARGEST_SIDE = 4096
BEFORE: dict[str, dict[str, object]] = {  # as images were read and networks built before there was a choice
    "images": {"classes_from": "first", "range": "picture", "duplicates": "apart"},
    "model": {"stages": 1, "upsampling": "sub-pixel", "encoder_norm": "none"},
}


class Kept(NamedTuple):
    """What `config.json` keeps: the configuration, the shape (H, W, C) of the images and the names of their classes.

    A run of an older version names no classes. `begun_in` is the format that the run began in, which it goes on in.
    """

    config: RunConfig
    image_shape: tuple[int, int, int]
    classes: tuple[str, ...] = ()
    begun_in: int = FORMAT


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Hold a run while writing to it; raises RunError when another program does, or when it cannot be written to."""
    lock = FileLock(run / ".lock", timeout=0)
    try:
        run.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise RunError(f"{run} is being trained by another Latentscape; stop that one first.") from error
    except OSError as error:
        raise RunError(f"The run cannot be written in {run}: {error.strerror or error}.") from error
    try:
        yield
    except OSError as error:
        raise RunError(f"The run cannot be written in {run}: {error.strerror or error}.") from error
    finally:
        lock.release()
        _remove_if_empty(run)


def write_config(run: Path, kept: Kept) -> None:
    """Write `config.json`; a source inside the run's own folder would be relative, all others are kept as they are."""
    write_vouched(run / CONFIG, json.dumps(as_json(kept), indent=2) + "\n")


def as_json(kept: Kept) -> dict[str, Any]:
    """What `config.json` holds, for `from_json`."""
    return {
        "format": kept.begun_in,
        "latentscape": app_version(),
        "image_shape": list(kept.image_shape),
        "classes": list(kept.classes),
        **kept.config.model_dump(mode="json"),
    }


def read_config(run: Path) -> Kept:
    """The configuration of a run, the shape of its images and their classes; raises RunError, also when it is damaged.

    Then the sentence says how the run is mended.
    """
    path = run / CONFIG
    if not os.path.isdir(run):
        raise RunError(f"{no_folder(run)}: choose the folder of a run.")
    check_vouched(run, CONFIG)
    try:
        return from_json(read_json(path, 16 * SMALL), path)
    except FileNotFoundError as error:
        raise RunError(f"{run} is not a run: there is no {CONFIG} in it.") from error
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise RunError(f"{path} cannot be read as a run's configuration: {_first_line(error)}.") from error


def read_trained(run: Path) -> Kept:
    """The same of a run that was trained here; raises RunError for one that was trained elsewhere."""
    kept = read_config(run)
    if isinstance(kept.config, ImportedRunConfig):
        raise RunError(ELSEWHERE.format(run=run))
    return kept


def from_json(content: Any, path: Path) -> Kept:
    """What `as_json` made, here or in an older version; raises RunError for a newer one, ValueError, KeyError, …"""
    if not isinstance(content, dict):
        raise ValueError("it holds no fields")
    found, writer = as_count(content.pop("format")), content.pop("latentscape", "?")
    if found > FORMAT:
        raise RunError(
            f"{path} was written by Latentscape {writer} in format {found}; this is {app_version()}, "
            f"which reads up to format {FORMAT}: install a newer Latentscape."
        )
    height, width, channels = (as_count(number, _LARGEST_SIDE) for number in content.pop("image_shape"))
    classes = tuple(map(str, content.pop("classes", ())))
    for group, fields in BEFORE.items():
        if isinstance(kept := content.setdefault(group, {}), dict):
            content[group] = fields | kept
    kind = ImportedRunConfig if "imported" in content else RunConfig
    config = kind.model_validate(content)
    if config.images.image_size not in ("auto", height) or config.images.channels not in ("auto", channels):
        raise ValueError("image_shape is of other images")
    is_square = height == width or kind is ImportedRunConfig
    if not is_square or not height or not width or channels not in (1, 3) or len(classes) > MOST_CLASSES:
        raise ValueError("no model learns such images")
    if re.search(r"[\\/]", config.source) and not _is_absolute(config.source):
        raise ValueError("source is neither a folder's whole path nor the name of a set")
    return Kept(config, (height, width, channels), classes, found)


def _is_absolute(path: str) -> bool:
    """On this system or another: a run may come from there."""
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


def check_vouched(run: Path, name: str) -> None:
    """Raise RunError when a file is not as this program wrote it, which says how the run is mended."""
    if clauses := damage(run, name):
        raise damaged(run, f"In {run} {clauses[0]}")


def damaged(run: Path, sentence: str) -> RunError:
    """The error of a run that `mend` mends."""
    return RunError(sentence, "mend", shell_line([str(run)]))


def _remove_if_empty(run: Path) -> None:
    """A run that failed before it wrote anything leaves no folder behind."""
    with suppress(OSError):  # of a drive that has gone: that has been said
        if {path.name for path in run.iterdir()} <= {".lock"}:
            (run / ".lock").unlink(missing_ok=True)
            run.rmdir()


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    return str(error).split("\n", 1)[0]
