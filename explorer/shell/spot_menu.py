"""What can be done with an image or a place, wherever it is seen: one menu for all of them."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from explorer.toolkit.descriptions import allow
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import name_action
from explorer.workspace.spot import FEW, MANY, Kind

NAME_MOST = 40  # letters

KINDS: tuple[Kind, ...] = ("image", "place", "picture")

# what: (words for an image, for a place, for a picture; empty: there is no such thing), in groups
GROUPS = (
    {
        "go": ("Go there", "Go there", ""),
        "large": ("See it large", "", ""),
        "folder": ("Show in folder", "", ""),
    },
    {
        "bookmark": ("Bookmark it", "Bookmark this place", ""),
        "stop": ("Add as a stop of the path", "Add as a stop of the path", ""),
        "A": ("Set as A", "Set as A", ""),
        "B": ("Set as B", "Set as B", ""),
        "C": ("Set as C", "Set as C", ""),
    },
    {
        f"near {FEW}": (f"Select it and the {FEW} nearest to it", f"Select the {FEW} images nearest to it", ""),
        f"near {MANY}": (f"Select it and the {MANY} nearest to it", f"Select the {MANY} images nearest to it", ""),
    },
    {
        "copy": ("Copy picture", "Copy picture", "Copy picture"),
        "save": ("Save picture…", "Save picture…", "Save picture…"),
    },
)


class SpotMenu(QMenu):
    """Opened with `popup`, gone once closed; whoever opens it may add to it."""

    chosen = Signal(str)  # a key of GROUPS, or "class"

    def __init__(
        self,
        name: str,
        class_name: str = "",
        kind: Kind = "image",
        whys: Mapping[str, str] = {},
        parent: QWidget | None = None,
    ) -> None:
        """`name` stands over the entries; those that `whys` names are off, and say why."""
        super().__init__(parent)
        self.setToolTipsVisible(True)
        title = self.addAction("")
        name_action(title, _short(name))
        title.setEnabled(False)
        for group in GROUPS:
            self.addSeparator()
            for key, words in group.items():
                self._add(key, words[KINDS.index(kind)], whys.get(key, ""))
            if class_name and kind == "image" and "go" not in group and any(key.startswith("near") for key in group):
                action = self.addAction("", lambda: self.chosen.emit("class"))
                name_action(action, f"Select all of “{_short(class_name)}”")
        self.aboutToHide.connect(self.deleteLater)

    def _add(self, key: str, words: str, why_not: str) -> None:
        if words:
            action = self.addAction(words, lambda: self.chosen.emit(key))
            action.setToolTip("")
            allow(action, why_not)


def _short(name: str) -> str:
    """Its end, which tells it from others; an ampersand as itself."""
    name = drawable(name)
    return name if len(name) <= NAME_MOST else f"…{name[-NAME_MOST:]}"
