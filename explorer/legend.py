"""What the colours on the map mean: click hides a class or range, Alt-click shows it alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from explorer.theme import as_colour, muted

_ROW = 22
_CHIP = 10
_NAME_MOST = 140
_ALT = Qt.KeyboardModifier.AltModifier


class Legend(QTreeWidget):
    """Colour, name and count of every level: a class, a range; keys: arrows, Space hides, Alt+Space shows alone."""

    hidden_changed = Signal(object)  # frozenset of indices of levels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hidden: frozenset[int] = frozenset()
        self._name, self._levels = "", tuple[str, ...]()
        self._colours = np.zeros((0, 3), np.uint8)
        self.setAccessibleName("Colours on the map")
        self.setToolTip("Click one to hide it or show it again; Alt-click to see it alone.\nKeys: Space, Alt+Space.")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(_CHIP, _CHIP))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(10)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)

    @property
    def hidden(self) -> frozenset[int]:
        """Indices of the levels that are not to be drawn."""
        return self._hidden

    def show_levels(self, name: str, levels: Sequence[str], counts: Sequence[int], colours: NDArray[np.uint8]) -> None:
        """One row a level of what is called `name`; what was hidden stays hidden while these are the same."""
        if (name, tuple(levels)) != (self._name, self._levels):
            self._name, self._levels, self._hidden = name, tuple(levels), frozenset()
            self.setAccessibleDescription(name)
            self.clear()
            self.addTopLevelItems([QTreeWidgetItem([level, ""]) for level in levels])
        self._colours = colours
        for index, count in enumerate(counts):
            item = self.topLevelItem(index)
            item.setText(1, f"{count:,}")
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setSizeHint(0, QSize(0, _ROW))
        self._dress()

    def wanted_size(self, most: int) -> QSize:
        """Room for every row, up to `most` pixels high."""
        names = [self.fontMetrics().horizontalAdvance(level) for level in self._levels]
        width = min(_NAME_MOST, max(names, default=0)) + _CHIP + self.sizeHintForColumn(1) + 36
        height = _ROW * len(self._levels) + 10
        return QSize(width + (12 if height > most else 0), min(height, most))

    def _toggle(self, index: int) -> None:
        self._hide(self._hidden ^ {index})

    def _solo(self, index: int) -> None:
        others = frozenset(range(len(self._levels))) - {index}
        self._hide(frozenset() if self._hidden == others else others)

    def _hide(self, hidden: frozenset[int]) -> None:
        self._hidden = hidden
        self._dress()
        self.hidden_changed.emit(hidden)

    def _dress(self) -> None:
        text, quiet = self.palette().text().color(), muted(self.palette(), 0.45)
        for index, rgb in enumerate(self._colours):
            item, is_hidden = self.topLevelItem(index), index in self._hidden
            item.setIcon(0, _chip(as_colour(rgb), not is_hidden, self.devicePixelRatioF()))
            font = item.font(0)
            font.setStrikeOut(is_hidden)
            item.setFont(0, font)
            for column in (0, 1):
                item.setForeground(column, quiet if is_hidden else text)
            state = "hidden" if is_hidden else "shown"
            item.setData(
                0, Qt.ItemDataRole.AccessibleTextRole, f"{self._levels[index]}, {item.text(1)} images, {state}"
            )

    def event(self, event: QEvent) -> bool:
        """Space is the legend's while it has the keyboard, whatever shortcut the window has on it."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Words in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_colours"):
            self._dress()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click hides or shows, Alt-click shows alone."""
        super().mouseReleaseEvent(event)
        item = self.itemAt(event.position().toPoint())
        if item is None or event.button() != Qt.MouseButton.LeftButton:
            return
        act = self._solo if event.modifiers() & _ALT else self._toggle
        act(self.indexOfTopLevelItem(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Return do what a click does."""
        if event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) or self.currentItem() is None:
            super().keyPressEvent(event)
            return
        act = self._solo if event.modifiers() & _ALT else self._toggle
        act(self.indexOfTopLevelItem(self.currentItem()))


def _chip(colour: QColor, is_filled: bool, device_pixel_ratio: float) -> QIcon:
    side = round(_CHIP * device_pixel_ratio)
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(device_pixel_ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(colour)
    painter.setBrush(colour if is_filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(1, 1, _CHIP - 2, _CHIP - 2)
    painter.end()
    return QIcon(pixmap)
