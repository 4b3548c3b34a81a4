"""What the colours on the map mean: click hides a class or range, Alt-click shows it alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTreeView, QWidget

from explorer.map.colours.legend_model import CHIP, ROW, LegendModel

_NAME_MOST = 140
_ALT = Qt.KeyboardModifier.AltModifier
_TIP = (
    "Click one to hide it or show it again; Alt-click to see it alone; right-click to select its images.\n"
    "Keys: Space, Alt+Space, Menu."
)
# what the menu of a row offers: (text, mode of selecting)
_SELECTING = (
    ("&Select these", "replace"),
    ("&Add these to the selection", "add"),
    ("&Take these from the selection", "subtract"),
)


class Legend(QTreeView):
    """Colour, name and count of every level: a class, a range; keys: arrows, Space hides, Alt+Space shows alone."""

    hidden_changed = Signal(object)  # frozenset of indices of levels
    level_selected = Signal(int, str)  # the level, "replace", "add" or "subtract"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._name_width = "", 0
        self._rows = LegendModel(self)
        self.setModel(self._rows)
        self.setAccessibleName("Colours on the map")
        self.setToolTip(_TIP)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIconSize(QSize(CHIP, CHIP))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(10)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self._rows.dress(self.palette(), self.devicePixelRatioF())

    @property
    def hidden(self) -> frozenset[int]:
        """Indices of the levels that are not to be drawn."""
        return self._rows.hidden

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Name and count of every level, as they are written."""
        return [(level, self._rows.counted(index)) for index, level in enumerate(self._rows.levels)]

    def show_levels(
        self,
        name: str,
        levels: Sequence[str],
        colours: NDArray[np.uint8],
        shapes: NDArray[np.int64] | None = None,
    ) -> None:
        """One row a level of what is called `name`; what was hidden stays hidden while these are the same."""
        if (name, tuple(levels)) != (self._name, self._rows.levels):
            self._name = name
            self._rows.show_hidden(frozenset())
            self._rows.show_levels(levels)
            self.setAccessibleDescription(name)
            self._name_width = max(map(self.fontMetrics().horizontalAdvance, levels), default=0)
        self._rows.show_colours(colours, shapes)

    def show_counts(
        self, every: NDArray[np.int64], shown: NDArray[np.int64], selected: NDArray[np.int64] | None = None
    ) -> None:
        """Images of each level: all, those drawn while it is not hidden, and those selected, None: there are none."""
        self._rows.show_counts(every, shown, selected)
        widest = self._rows.widest_count()
        self.header().resizeSection(1, self.fontMetrics().horizontalAdvance(widest) + 12)

    def show_only(self, words: str) -> None:
        """List only the levels whose names hold these letters; what is hidden on the map does not change."""
        for row, level in enumerate(self._rows.levels):
            self.setRowHidden(row, QModelIndex(), words.casefold() not in level.casefold())

    def take_keyboard(self) -> None:
        """The keyboard goes to the first level that is listed."""
        rows = (row for row in range(len(self._rows.levels)) if not self.isRowHidden(row, QModelIndex()))
        self.setCurrentIndex(self._rows.index(next(rows, -1), 0))
        self.setFocus()

    def show_all(self) -> None:
        """Nothing is hidden any more."""
        self._hide(frozenset())

    def wanted_size(self, most: int) -> QSize:
        """Room for every row, up to `most` pixels high."""
        width = min(_NAME_MOST, self._name_width) + CHIP + self.header().sectionSize(1) + 24
        height = ROW * len(self._rows.levels) + 10
        return QSize(width + (12 if height > most else 0), min(height, most))

    def _toggle(self, level: int) -> None:
        self._hide(self.hidden ^ {level})

    def _solo(self, level: int) -> None:
        others = frozenset(range(len(self._rows.levels))) - {level}
        self._hide(frozenset() if self.hidden == others else others)

    def _hide(self, hidden: frozenset[int]) -> None:
        self._rows.show_hidden(hidden)
        self.hidden_changed.emit(hidden)

    def _menu(self, level: int) -> QMenu:
        menu = QMenu(self)
        for text, mode in _SELECTING:
            menu.addAction(text).triggered.connect(lambda _=False, how=mode: self.level_selected.emit(level, how))
        menu.addSeparator()
        menu.addAction("S&how" if level in self.hidden else "&Hide").triggered.connect(lambda: self._toggle(level))
        menu.addAction("Show a&lone").triggered.connect(lambda: self._solo(level))
        menu.addAction("Sh&ow all").triggered.connect(self.show_all)
        return menu

    # Qt

    def event(self, event: QEvent) -> bool:
        """Space is the legend's while it has the keyboard, whatever shortcut the window has on it."""
        is_shortcut = event.type() == QEvent.Type.ShortcutOverride
        if is_shortcut and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Words in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_rows"):
            self._rows.dress(self.palette(), self.devicePixelRatioF())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click hides or shows, Alt-click shows alone."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        act = self._solo if event.modifiers() & _ALT else self._toggle
        act(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Return do what a click does."""
        is_click = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not is_click or not self.currentIndex().isValid():
            super().keyPressEvent(event)
            return
        act = self._solo if event.modifiers() & _ALT else self._toggle
        act(self.currentIndex().row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the images of a level, under the pointer or, by key, in hand."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_key else self.indexAt(event.pos())
        if index.isValid():
            at = self.visualRect(index).center() if is_key else event.pos()
            self._menu(index.row()).popup(self.viewport().mapToGlobal(at))
