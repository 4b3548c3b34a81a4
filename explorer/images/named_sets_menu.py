"""The button that offers the sets known by name: here already, to be downloaded, or out of reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from core.byte_sizes import bytes_said
from explorer.toolkit.descriptions import allow
from explorer.toolkit.plain_text import plain_tip

LOOKING = "Which of them are on this machine is being looked up."


@dataclass(frozen=True)
class OfferedSet:
    """A line of the menu; `download_bytes` is 0 for a set that cannot be fetched, and `how_to_get` then says why."""

    name: str
    description: str
    is_here: bool
    download_bytes: int = 0
    how_to_get: str = ""


class NamedSetsButton(QPushButton):
    """Emits which set is wished, and whether it must be fetched first: its line has said how much that is."""

    chosen = Signal(str)
    download_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Named sets", parent)
        self._menu = QMenu(self, toolTipsVisible=True)
        self.setMenu(self._menu)
        self.setAccessibleName("Named sets")
        self.setToolTip(plain_tip("Well-known image sets, and one that the program draws itself."))
        allow(self, LOOKING)

    def show_sets(self, sets: Sequence[OfferedSet]) -> None:
        """Those on this machine first, then those that can be fetched, then the rest."""
        self._menu.clear()
        groups = [each for each in map(list, _groups(sets)) if each]
        for group in groups:
            if group is not groups[0]:
                self._menu.addSeparator()
            for each in group:
                self._add(each)
        allow(self, "" if sets else LOOKING)

    def _add(self, offered: OfferedSet) -> None:
        action = self._menu.addAction(_line(offered))
        can_be_had = offered.is_here or offered.download_bytes > 0
        action.setToolTip(plain_tip(offered.description if can_be_had else offered.how_to_get))
        action.setEnabled(can_be_had)
        signal = self.chosen if offered.is_here else self.download_chosen
        action.triggered.connect(lambda _=False: signal.emit(offered.name))


def _groups(sets: Sequence[OfferedSet]) -> tuple[list[OfferedSet], list[OfferedSet], list[OfferedSet]]:
    here = [each for each in sets if each.is_here]
    there = [each for each in sets if not each.is_here and each.download_bytes]
    return here, there, [each for each in sets if not each.is_here and not each.download_bytes]


def _line(offered: OfferedSet) -> str:
    if offered.is_here:
        return offered.name
    if not offered.download_bytes:
        return f"{offered.name} (not on this machine)"
    return f"{offered.name} — download {bytes_said(offered.download_bytes)}"
