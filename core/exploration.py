"""What a person has done with a latent space: frozen records, so that undo is a list of them; imports no torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.latent.projection import AnyPlane
from core.unicode_names import places_of

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
PathKind = Literal["straight", "spherical", "data", "geodesic"]

NONE: Indices = np.zeros(0, np.int64)
BOOKMARKS = range(1, 10)


@dataclass(frozen=True, eq=False)
class Group:
    """Images that a person put together: a class of their own. `indices` (n,) into the image set, sorted, each once."""

    name: str
    indices: Indices


@dataclass(frozen=True, eq=False)
class Direction:
    """The mean code of some images minus that of others; `vector` (d,) is as long as the two are apart.

    `plus` and `minus` say what the images were, `counts` how many, (0, 0) for a mix of other directions. `separation`
    is the chance that of one held-out image of each side the right one lies farther along it (the area under the ROC
    curve; 0.5 is chance, and chance alone stays below `by_chance` 39 times in 40), `turn` by how many degrees it turns
    when a tenth of the images is left out; None where there were too few images to say. See core.latent.directions.
    """

    name: str
    vector: Floats
    plus: str
    minus: str
    counts: tuple[int, int]
    separation: float | None = None
    turn: float | None = None
    by_chance: float | None = None


@dataclass(frozen=True, eq=False)
class LatentPath:
    """A way through latent space: `stops` (k, d) it passes, the kind of way between them, and how it is played."""

    name: str
    kind: PathKind
    stops: Floats
    frames: int = 60
    is_loop: bool = False
    class_name: str = ""  # decoded as this class, of a class-conditional model
    is_even: bool = False  # from stop to stop, each frame differs from the last as much as any other


@dataclass(frozen=True, eq=False)
class Bookmark:
    """A place to come back to: z (d,), and the class it was decoded as."""

    z: Floats
    class_name: str = ""


@dataclass(frozen=True, eq=False)
class Exploration:
    """All of it at one moment: every field is replaced, none is changed.

    `plane` None is the model's own, which follows it as it learns. `selection` is sorted, each index once.
    """

    z: Floats | None = None
    class_name: str = ""
    plane: AnyPlane | None = None
    selection: Indices = field(default_factory=lambda: NONE)
    groups: tuple[Group, ...] = ()
    directions: tuple[Direction, ...] = ()
    paths: tuple[LatentPath, ...] = ()
    bookmarks: Mapping[int, Bookmark] = field(default_factory=dict)  # 1 to 9


def carried_over(exploration: Exploration, before: Sequence[str], after: Sequence[str]) -> Exploration:
    """The same for other images: what it puts together is found again by name, what is gone is left out.

    A projection goes too: it has places for the images before.
    """

    def names_of(indices: Indices) -> list[str]:
        return [before[index] for index in indices[indices < len(before)].tolist()]

    def found(indices: Indices) -> Indices:
        return np.array(sorted(place[name] for name in names_of(indices) if name in place), np.int64)

    wanted = {name for each in exploration.groups for name in names_of(each.indices)}
    wanted.update(names_of(exploration.selection))
    place = places_of(wanted, after)
    groups = tuple(Group(each.name, found(each.indices)) for each in exploration.groups)
    plane = exploration.plane if exploration.plane is None or exploration.plane.is_exact else None
    return replace(exploration, plane=plane, selection=found(exploration.selection), groups=groups)
