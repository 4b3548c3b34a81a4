"""What a person does with a latent space, step by step: undo, redo, and kept in the run's folder for next time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from core.exploration import BOOKMARKS, Bookmark, Exploration, Floats, carried_over
from core.images.image_names import same_names
from explorer.toolkit.worker_threads import LatestOnly
from explorer.workspace.error_words import sentence

MOST_STEPS = 200  # that can be undone
TOGETHER_MS = 1_000  # changes of one kind, each so soon after the last, are one step
SAVE_AFTER_MS = 1_500
ALL = frozenset(Exploration.__dataclass_fields__)
CURSOR = frozenset({"z", "class_name"})
OF_IMAGES = frozenset({"plane", "selection", "groups"})


@dataclass(frozen=True)
class Step:
    """What was done, in words for the menu, and how things were before."""

    words: str
    before: Exploration


@dataclass(frozen=True, eq=False)
class Kept:
    """What to read from, or write to, the folder of a run: `exploration` is None to read."""

    folder: Path
    names: Sequence[str]
    latent_dims: int
    exploration: Exploration | None = None


class Exploring(QObject):
    """The one place that changes an exploration; everything that shows a part of it follows `changed`."""

    changed = Signal(object, object)  # Exploration, and the names of its fields that are not what they were
    undo_changed = Signal(str, str)  # what would be undone and redone, in words; empty: nothing
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = Exploration()
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._together, self._since = "", QElapsedTimer()
        self._kept: Kept | None = None
        self._is_saved = True
        self._unlearned: Sequence[str] | None = None  # names of images that are explored before there is a model
        self._is_read = False  # until then, and where what is kept cannot be read, nothing is written over it
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._save_timer.timeout.connect(self._save)
        self._reading = LatestOnly(_read, self)
        self._reading.answered.connect(self._take)
        self._reading.failed.connect(lambda _, error: self.failed.emit(sentence(error)))
        self._writing = LatestOnly(_write, self)
        self._writing.failed.connect(lambda _, error: self.failed.emit(sentence(error)))

    @property
    def folder(self) -> Path | None:
        """Of the run that is explored; None: there is none."""
        return None if self._kept is None else self._kept.folder

    def open(self, folder: Path, names: Sequence[str], latent_dims: int) -> None:
        """Go on with what is kept in the folder of a run; `names` are those of its images."""
        if self._kept is not None and self._kept.folder == folder and self._kept.latent_dims == latent_dims:
            self._follow_names(self._kept, names)
            return
        self._save()
        self._begin(self._put_together(names))
        self._kept, self._is_read, self._unlearned = Kept(folder, names, latent_dims), False, None
        self._reading.ask(self._kept)

    def open_unlearned(self, names: Sequence[str]) -> None:
        """Explore images that there is no model of; what is put together of them goes on with their first one."""
        self.clear()
        self._unlearned = names

    def change(self, words: str, together: str = "", **fields: Any) -> None:
        """Replace fields of the exploration; `words` say what was done, as in "Undo lasso".

        Changes that name the same `together`, each within a second of the last, are one step: a drag, a slider.
        """
        before = self.now
        if not (together and together == self._together and self._since.elapsed() < TOGETHER_MS and self._past):
            self._past = [*self._past[1 - MOST_STEPS :], Step(words, before)]
        self._together, self._future = together, []
        self._since.start()
        self._show(replace(before, **fields), frozenset(fields))

    def undo(self) -> None:
        """Back to how things were before the last step."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Do again what was undone."""
        self._step(self._future, self._past)

    def look(self, z: Floats, class_name: str = "") -> None:
        """The cursor is here now."""
        now = self.now
        fields: dict[str, Any] = {"z": np.array(z, np.float32), "class_name": class_name}
        if now.z is None:  # where it began is nothing to undo
            self._show(replace(now, **fields), frozenset(fields))
        elif not np.array_equal(now.z, z) or now.class_name != class_name:
            self.change("move of the cursor", "cursor", **fields)

    def look_back(self, began_at: Floats, z: Floats, class_name: str = "") -> None:
        """The hand was quicker than the run: it moved the cursor from one place to another before that was open."""
        self.now = replace(self.now, z=np.array(began_at, np.float32), class_name=class_name)
        self.look(z, class_name)

    def mark(self, number: int) -> None:
        """Make the cursor's place the bookmark of this number, 1 to 9."""
        if self.now.z is not None and number in BOOKMARKS:
            self.mark_place(number, self.now.z, self.now.class_name)

    def mark_place(self, number: int, z: Floats, class_name: str = "") -> None:
        """Make another place than the cursor's the bookmark of this number."""
        marks = {**self.now.bookmarks, number: Bookmark(np.array(z, np.float32), class_name)}
        self.change(f"bookmark {number}", bookmarks=marks)

    def forget_mark(self, number: int) -> None:
        """There is no bookmark of this number any more."""
        if number in self.now.bookmarks:
            others = {key: each for key, each in self.now.bookmarks.items() if key != number}
            self.change(f"removal of bookmark {number}", bookmarks=others)

    def go_to_mark(self, number: int) -> None:
        """Put the cursor where the bookmark is; nothing where there is none."""
        if (bookmark := self.now.bookmarks.get(number)) is not None:
            self.change(f"jump to bookmark {number}", z=bookmark.z, class_name=bookmark.class_name)

    def clear(self) -> None:
        """There is no model to explore."""
        self._save()
        self._kept = self._unlearned = None
        self._begin(Exploration())

    def let_go(self) -> None:
        """The run's folder is thrown away: nothing more is written there."""
        self._kept = None
        self._begin(Exploration())

    def stop(self) -> None:
        """Keep what was done, and leave every thread."""
        self._reading.stop()
        self._writing.stop()
        if self._kept is not None and self._is_read and not self._is_saved:
            try:
                _write(replace(self._kept, exploration=self.now))
            except Exception as error:
                self.failed.emit(sentence(error))

    def _put_together(self, names: Sequence[str]) -> Exploration:
        """What was put together of these images before there was a model of them."""
        if self._unlearned is None or not same_names(names, self._unlearned):
            return Exploration()
        return Exploration(selection=self.now.selection, groups=self.now.groups)

    def _follow_names(self, kept: Kept, names: Sequence[str]) -> None:
        """The images may be others than before: no step back leads to those."""
        if names is kept.names:
            return
        self._save()
        self._kept = replace(kept, names=names)
        if not same_names(names, kept.names):
            self._begin(carried_over(self.now, kept.names, names), OF_IMAGES)

    def _begin(self, exploration: Exploration, fields: frozenset[str] = ALL) -> None:
        self._past, self._future, self._together = [], [], ""
        self._save_timer.stop()
        self._show(exploration, fields)
        self._save_timer.stop()
        self._is_saved = True

    def _step(self, back: list[Step], forth: list[Step]) -> None:
        if not back:
            return
        step = back.pop()
        forth.append(Step(step.words, self.now))
        self._together = ""
        differs = {name for name, old in vars(step.before).items() if old is not getattr(self.now, name)}
        self._show(step.before, frozenset(differs))

    def _show(self, exploration: Exploration, fields: frozenset[str]) -> None:
        self.now, self._is_saved = exploration, False
        self._save_timer.start()
        self.changed.emit(exploration, fields)
        self.undo_changed.emit(_last(self._past), _last(self._future))

    def _save(self) -> None:
        self._save_timer.stop()
        if self._kept is not None and self._is_read and not self._is_saved:
            self._is_saved = True
            self._writing.ask(replace(self._kept, exploration=self.now))

    def _take(self, asked: Kept, found: Exploration) -> None:
        if self._kept is None or asked.folder != self._kept.folder:
            return
        self._is_read = True
        if asked.names is not self._kept.names:
            found = carried_over(found, asked.names, self._kept.names)
        now, is_bare = self.now, not len(found.selection) and not found.groups
        if is_bare:  # what was put together before the model was there, or quicker than the disk
            found = replace(found, selection=now.selection, groups=now.groups)
        if self._past or found.z is None:  # the hand was quicker than the disk, or nothing is kept
            here = replace(found, z=self.now.z, class_name=self.now.class_name)
            self._begin(here, ALL - CURSOR)
        else:
            self._begin(found)
        if is_bare and (len(now.selection) or now.groups):
            self._is_saved = False
            self._save_timer.start()


def _last(steps: list[Step]) -> str:
    return steps[-1].words if steps else ""


def _read(kept: Kept) -> Exploration:
    from core.training.exploration_file import read_exploration

    return read_exploration(kept.folder, kept.names, kept.latent_dims)


def _write(kept: Kept) -> None:
    from core.training.exploration_file import write_exploration

    assert kept.exploration is not None
    write_exploration(kept.folder, kept.exploration, kept.names)
