"""What can be asked for now: an action that could do nothing is off, and its tooltip says what it waits for."""

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from explorer.session import Session
from explorer.shell.main_window import MainWindow
from explorer.toolkit.descriptions import allow

# what there must be: (the words when there is none, the actions that do nothing without)
NEEDS = {
    "map": (
        "Open a folder of images or a run first.",
        ("unusual", "ten_unusual", "duplicates", "find_image", "select_all", "invert", "focus_map"),
    ),
    "model": (
        "Train a model or open a run first.",
        (
            *("save_picture", "copy_picture", "copy_command", "samples", "evaluate", "set_a", "set_b", "set_c"),
            *("make_direction", "add_up", "add_stop", "play_path", "save_film"),
        ),
    ),
    "images": ("Open a folder of images first.", ("train", "read_anew")),
    "selection": (
        "Select images first.",
        (
            *("select_none", "copy_files", "move_files", "export_selection", "mean", "group"),
            *("set_a", "set_b", "set_c"),
        ),
    ),
    "sides": ("Choose A and B first.", ("make_direction", "add_up")),
    "film": ("Make a path of two stops first.", ("play_path", "save_film")),
}


class Allowing(QObject):
    """Keeps what there is, and the actions in step with it."""

    def __init__(self, actions: Mapping[str, QAction], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions, self._missing = actions, set(NEEDS)
        self._show()

    def tell(self, need: str, is_there: bool) -> None:
        """Whether there is one now."""
        before = set(self._missing)
        (self._missing.discard if is_there else self._missing.add)(need)
        if self._missing != before:
            self._show()

    def _show(self) -> None:
        names = {name: None for _, needing in NEEDS.values() for name in needing}
        for name in names:
            why = (words for need, (words, needing) in NEEDS.items() if name in needing and need in self._missing)
            allow(self._actions[name], next(why, ""))


def wire_allowing(window: MainWindow, session: Session) -> None:
    """Follow what there is."""
    allowing = Allowing(window.actions_by_name, window)
    session.viewing.map_changed.connect(lambda *_: [allowing.tell(need, True) for need in ("map", "model")])
    session.charting.charted.connect(lambda *_: allowing.tell("map", True))
    session.viewing.cleared.connect(lambda: [allowing.tell(need, False) for need in NEEDS if need != "images"])
    session.images_changed.connect(lambda _: allowing.tell("images", True))
    session.images_lost.connect(lambda: allowing.tell("images", False))
    session.learning.run_opened.connect(lambda _: allowing.tell("images", False))  # until they are read
    session.selecting.shown.connect(lambda indices, _: allowing.tell("selection", len(indices) > 0))
    session.contrasting.sides_changed.connect(lambda sides: allowing.tell("sides", {"A", "B"} <= set(sides)))
    session.travelling.found.connect(lambda _: allowing.tell("film", True))
    session.travelling.lost.connect(lambda: allowing.tell("film", False))
    session.travelling.failed.connect(lambda _: allowing.tell("film", False))
    window.bookmarks.allow_setting(False)
    session.viewing.map_changed.connect(lambda *_: window.bookmarks.allow_setting(True))
    session.viewing.cleared.connect(lambda: window.bookmarks.allow_setting(False))
