"""What a person has done with a run, kept beside it as `exploration.json`; images by name, so that it can be read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from core.atomic_write import FORMAT
from core.bounded_read import LARGE, as_count, read_json
from core.errors import RunError
from core.exploration import (
    BOOKMARKS,
    NONE,
    Bookmark,
    Direction,
    Exploration,
    Floats,
    Group,
    Indices,
    LatentPath,
    PathKind,
)
from core.latent.plane import Kind, Plane
from core.latent.projection import AnyPlane
from core.training.checksums import write_vouched
from core.unicode_names import places_of
from core.version import app_version

EXPLORATION = "exploration.json"
ALL_BUT = "all but"
MOST, MOST_FRAMES = 10_000, 1_000_000  # of groups, directions, paths, and the stops of one
NOT_SQUARE = 1e-3  # how far axes may be from orthonormal: their numbers were rounded when they were written


def write_exploration(folder: Path, exploration: Exploration, names: Sequence[str]) -> None:
    """Replace `exploration.json` in a folder; `names` are those of all images. Raises RunError."""
    content = {"format": FORMAT, "latentscape": app_version(), **_content(exploration, names)}
    try:
        write_vouched(folder / EXPLORATION, json.dumps(content, indent=1) + "\n")
    except OSError as error:
        raise RunError(f"What you marked cannot be kept in {folder}: {error.strerror or error}.") from error


def read_exploration(folder: Path, names: Sequence[str], latent_dims: int) -> Exploration:
    """What was kept, nothing where there is none; images that are gone are left out.

    Raises RunError when the file is damaged, of a newer format, or of another number of latent dimensions.
    """
    path = folder / EXPLORATION
    try:
        content = read_json(path, LARGE // 4)
    except FileNotFoundError:
        return Exploration()
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read: move it away to begin anew.") from error
    try:
        if int(content["format"]) > FORMAT:
            raise RunError(f"{path} was written by a newer Latentscape, {content.get('latentscape', '?')}: install it.")
        return _exploration(content, names, latent_dims)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise RunError(f"{path} is damaged ({error}): move it away to begin anew.") from error


def _content(exploration: Exploration, names: Sequence[str]) -> dict[str, Any]:
    return {
        "z": _numbers(exploration.z),
        "class": exploration.class_name,
        "plane": _content_of_plane(exploration.plane),
        "selection": _listed(exploration.selection, names),
        "groups": {each.name: _listed(each.indices, names) for each in exploration.groups},
        "directions": [{**vars(each), "vector": _numbers(each.vector)} for each in exploration.directions],
        "paths": [{**vars(each), "stops": _numbers(each.stops)} for each in exploration.paths],
        "bookmarks": {
            str(key): {"z": _numbers(each.z), "class": each.class_name} for key, each in exploration.bookmarks.items()
        },
    }


def _exploration(content: Mapping[str, Any], names: Sequence[str], dims: int) -> Exploration:
    parts = (content["groups"], content["directions"], content["paths"], *(each["stops"] for each in content["paths"]))
    if any(len(part) > MOST for part in parts):
        raise ValueError("it holds more than anyone marks")
    places = _Places(names, (content["selection"], *content["groups"].values()))
    plane = content["plane"]
    return Exploration(
        z=None if content["z"] is None else _floats(content["z"], (dims,)),
        class_name=str(content["class"]),
        plane=plane and _plane(plane, dims),
        selection=places.of(content["selection"]),
        groups=tuple(Group(str(name), places.of(group)) for name, group in content["groups"].items()),
        directions=tuple(
            Direction(**{**each, "vector": _floats(each["vector"], (dims,)), "counts": tuple(each["counts"])})
            for each in content["directions"]
        ),
        paths=tuple(_path(each, dims) for each in content["paths"]),
        bookmarks={
            int(key): Bookmark(_floats(each["z"], (dims,)), str(each["class"]))
            for key, each in content["bookmarks"].items()
            if key in map(str, BOOKMARKS)
        },
    )


def _listed(indices: Indices, names: Sequence[str]) -> list[str] | dict[str, list[str]]:
    """The names of these images; where they are most of all, those of the others: a million are not written down."""
    indices = indices[indices < len(names)]
    if 2 * len(indices) <= len(names):
        return [names[index] for index in indices.tolist()]
    others = np.setdiff1d(np.arange(len(names)), indices)
    return {ALL_BUT: [names[index] for index in others.tolist()]}


class _Places:
    """Finds images by their names; reads all names only when one is asked for."""

    def __init__(self, names: Sequence[str], listed: Iterable[Any]) -> None:
        wanted = {name for group in listed for name in (group[ALL_BUT] if isinstance(group, dict) else group)}
        self._index = places_of(wanted, names)
        self._count = len(names)

    def of(self, listed: Any) -> Indices:
        if isinstance(listed, dict):
            return np.setdiff1d(np.arange(self._count), self.of(listed[ALL_BUT]))
        found = sorted({self._index[name] for name in listed if name in self._index})
        return np.array(found, np.int64) if found else NONE


def _content_of_plane(plane: AnyPlane | None) -> dict[str, Any] | None:
    """None for the model's own, and for a projection: its places are of one moment, and as many as there are images."""
    if not isinstance(plane, Plane):
        return None
    made = {"kind": plane.kind, "names": plane.names, "shift": _numbers(plane.shift)}
    return {"origin": _numbers(plane.origin), "axes": _numbers(plane.axes), **made}


def _plane(content: Mapping[str, Any], dims: int) -> Plane:
    across, up = content["names"]
    axes, shift, kind = _floats(content["axes"], (2, dims)), content.get("shift"), content.get("kind", "principal")
    if np.abs(axes @ axes.T - np.eye(2)).max() > NOT_SQUARE or kind not in get_args(Kind):
        raise ValueError("the plane's axes are not at right angles, or its kind is unknown")
    shift = None if shift is None else _floats(shift, (dims,))
    return Plane(_floats(content["origin"], (dims,)), axes, (str(across), str(up)), kind, shift)


def _path(content: Mapping[str, Any], dims: int) -> LatentPath:
    path = LatentPath(**{**content, "stops": _floats(content["stops"], (-1, dims))})
    if path.kind not in get_args(PathKind) or as_count(path.frames, MOST_FRAMES) < 1:
        raise ValueError("a path's kind is unknown, or it has no frames or too many")
    return path


def _floats(numbers: object, shape: tuple[int, ...]) -> Floats:
    floats = np.array(numbers, np.float32).reshape(shape)
    if not np.isfinite(floats).all():
        raise ValueError("a number is not finite")
    return floats


def _numbers(floats: Floats | None) -> Any:
    return None if floats is None else floats.astype(float).tolist()
