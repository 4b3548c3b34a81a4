"""The rows of the legend: what each level is called, its chip, and how many images of it are shown or selected."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QPalette, QPixmap

from explorer.map.dots.shapes import chip
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.theme import as_colour, muted

ROW, CHIP = 22, 12
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_COUNT_SIDE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LegendModel(QAbstractTableModel):
    """A row a level, its count in the second column; a thousand levels cost no more than the rows in sight."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.levels: tuple[str, ...] = ()
        self.hidden: frozenset[int] = frozenset()
        self._colours = np.zeros((0, 3), np.uint8)
        self._shapes: NDArray[np.int64] | None = None
        self._all, self._shown = np.zeros((2, 0), np.int64)
        self._selected: NDArray[np.int64] | None = None
        self._palette, self._ratio = QPalette(), 1.0
        self._chips: dict[tuple[int, int, bool], QPixmap] = {}

    def show_levels(self, levels: Sequence[str]) -> None:
        """Other rows, of which nothing is counted yet."""
        self.beginResetModel()
        self.levels = tuple(levels)
        self._colours = np.zeros((len(levels), 3), np.uint8)
        self._all, self._shown = np.zeros((2, len(levels)), np.int64)
        self._selected, self._shapes = None, None
        self.endResetModel()

    def show_colours(self, colours: NDArray[np.uint8], shapes: NDArray[np.int64] | None) -> None:
        """Of each level, (levels, 3), and the shape of its dots, (levels,); None: all are round."""
        self._colours, self._shapes = colours, shapes
        self.tell_all()

    def show_counts(
        self, every: NDArray[np.int64], shown: NDArray[np.int64], selected: NDArray[np.int64] | None
    ) -> None:
        """Images of each level, (levels,): all there are, those drawn while it is not hidden, those selected."""
        self._all, self._shown, self._selected = every, shown, selected
        self.tell_all()

    def show_hidden(self, hidden: frozenset[int]) -> None:
        """The levels that are not drawn."""
        self.hidden = hidden
        self.tell_all()

    def dress(self, palette: QPalette, ratio: float) -> None:
        """The colours of the scheme, and the device's pixels to one of ours."""
        self._palette, self._ratio = palette, ratio
        self._chips.clear()
        self.tell_all()

    def counted(self, level: int) -> str:
        """As "47 / 412": those selected, or those shown, of all; "412" where that is all of them."""
        every = int(self._all[level])
        some = self._selected if self._selected is not None else self._shown
        part = 0 if self._selected is None and level in self.hidden else int(some[level])
        return f"{every:,}" if part == every and self._selected is None else f"{part:,} / {every:,}"

    def widest_count(self) -> str:
        """The longest that `counted` can be, also of levels that will be hidden."""
        longest = (int(self._all.max(initial=0)), int(self._shown.max(initial=0)))
        if self._selected is not None:
            return f"{int(self._selected.max(initial=0)):,} / {longest[0]:,}"
        return f"{0 if longest[0] == longest[1] else longest[1]:,} / {longest[0]:,}"

    def described(self, level: int) -> str:
        """A row as it is read out."""
        state = "hidden" if level in self.hidden else "shown"
        counted = self.counted(level).replace("/", "selected of" if self._selected is not None else "shown of")
        return f"{self.levels[level]}, {counted} images, {state}"

    def tell_all(self) -> None:
        """Every row looks otherwise now."""
        if self.levels:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.levels) - 1, 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        """Qt: how many levels."""
        return 0 if parent.isValid() else len(self.levels)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Qt: name and count."""
        return 0 if parent.isValid() else 2

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """Qt: one part of a row."""
        level, is_name = index.row(), index.column() == 0
        match role:
            case _Role.DisplayRole:
                return drawable(self.levels[level]) if is_name else self.counted(level)
            case _Role.DecorationRole if is_name:
                return self._chip(level)
            case _Role.ForegroundRole:
                return muted(self._palette) if level in self.hidden else self._palette.text().color()
            case _Role.FontRole if level in self.hidden:
                font = QFont()
                font.setStrikeOut(True)
                return font
            case _Role.TextAlignmentRole if not is_name:
                return _COUNT_SIDE
            case _Role.SizeHintRole if is_name:
                return QSize(0, ROW)
            case _Role.ToolTipRole if is_name:
                return plain_tip(drawable(self.levels[level]))
            case _Role.AccessibleTextRole:
                return self.described(level)
        return None

    def _chip(self, level: int) -> QPixmap:
        shape = 0 if self._shapes is None else int(self._shapes[level])
        key = (level, shape, level in self.hidden)
        if key not in self._chips:
            colour = as_colour(self._colours[level])
            self._chips[key] = chip(shape, colour, level not in self.hidden, CHIP, self._ratio)
        return self._chips[key]
