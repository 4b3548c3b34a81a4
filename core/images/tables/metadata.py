"""What a table says of the images: joined by the names of their files, for classes, groups and colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.config import ImagesConfig
from core.errors import ImagesError
from core.images.tables.columns import are_kinds, capped, integer_levels, number_column
from core.images.tables.joining import join
from core.reports.images import Column, Joined
from core.unicode_names import place_of

__all__ = ["Known", "classes_of", "group_of", "join", "known", "number_column", "table_of"]

TABLE = "metadata.csv"
_CLASS_NAMES = ("class", "label")


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of each image: `classes` None means by sub-folder, `columns` are those that are not the classes.

    `amiss` says what was asked for by name and is not there; the images can be looked at, not learned from as asked.
    """

    joined: Joined | None
    columns: tuple[Column, ...]
    classes: Column | None
    group: Column | None
    amiss: str = ""


def known(folder: Path | None, names: Sequence[str], config: ImagesConfig, own: Sequence[Column] = ()) -> Known:
    """All that a configuration asks to know of images; `own` is what a named set says of itself, without a folder.

    Raises nothing: a table is never in the way of pictures.
    """
    joined, columns, amiss = _joined(folder, names, config.metadata)
    every, classes, group = (*columns, *own), None, None
    try:
        classes = classes_of(every, config.class_column)
        group = group_of(every, config.group_column)
    except ImagesError as error:
        amiss = amiss or str(error)
    further = tuple(capped(each) for each in every if classes is None or each.name != classes.name)
    return Known(joined, further, classes, group, amiss)


def table_of(folder: Path | None, metadata: str) -> Path | None:
    """The file that `ImagesConfig.metadata` stands for, if any; raises ImagesError when one was asked for in vain."""
    if metadata == "none":
        return None
    if metadata == "auto":
        return folder / TABLE if folder is not None and (folder / TABLE).is_file() else None
    path = (folder or Path()) / Path(metadata).expanduser()
    if not path.is_file():
        raise ImagesError(f"There is no table of metadata at {path}: choose another, or none.")
    return path


def classes_of(columns: Sequence[Column], class_column: str) -> Column | None:
    """The column that `ImagesConfig.class_column` stands for, whole numbers in it as classes; None: by sub-folder."""
    if class_column == "folder":
        return None
    if class_column == "auto":
        found = next((each for name in _CLASS_NAMES for each in columns if each.name.lower() == name), None)
    else:
        found = _called(class_column, columns)
    if found is not None and found.numbers is not None and are_kinds(found):
        found = integer_levels(found.name, found.numbers)
    return None if found is None else capped(found)


def group_of(columns: Sequence[Column], group_column: str) -> Column | None:
    """The column whose values keep images together, with all its levels; None: nothing does."""
    return None if group_column == "none" else _called(group_column, columns)


def _joined(folder: Path | None, names: Sequence[str], metadata: str) -> tuple[Joined | None, tuple[Column, ...], str]:
    """How a table fits, its columns with all their levels, and what is amiss with one that was asked for by name."""
    path = Path(metadata)
    try:
        if (found := table_of(folder, metadata)) is None:
            return None, (), ""
        path = found
        return *join(path, names, folder), ""
    except ImagesError as error:
        trouble = str(error)
        return Joined(path, (), (), len(names), trouble=trouble), (), "" if metadata == "auto" else trouble


def _called(name: str, columns: Sequence[Column]) -> Column:
    if (place := place_of(name, [each.name for each in columns])) is not None:
        return columns[place]
    there = ", ".join(each.name for each in columns)
    has = f"there are {there}" if there else "there is no metadata that says more than their names"
    raise ImagesError(f"The images have no column called {name}: {has}.")
