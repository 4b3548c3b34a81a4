"""The images of a selection in rows of as many as fit; thumbnails are asked for when they are to be seen."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage, QPixmap

from explorer.selection.listed_images import Listed
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import plain_tip

MOST_KEPT = 4_000  # thumbnails
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
Shown = str | QPixmap | None


class SelectionModel(QAbstractTableModel):
    """Positions 0 … n-1 row by row: a table of a million draws only the cells in view, which no list of icons does."""

    def __init__(self) -> None:
        super().__init__()
        self._listed = Listed()
        self._columns = 1
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()

    @property
    def listed(self) -> Listed:
        """What is shown."""
        return self._listed

    @property
    def columns(self) -> int:
        """How many stand side by side."""
        return self._columns

    def show_listed(self, listed: Listed) -> None:
        """In place of those before; thumbnails that are known stay."""
        self.beginResetModel()
        if listed.names is not self._listed.names:
            self._pixmaps.clear()
        self._listed = listed
        self.endResetModel()

    def show_columns(self, columns: int) -> None:
        """Stand so many side by side."""
        if columns != self._columns:
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()

    def take_thumbnails(self, indices: Sequence[int], pictures: Sequence[QImage], ratio: float) -> None:
        """Pictures of images, by their indices in the image set."""
        for index, picture in zip(indices, pictures, strict=True):
            pixmap = QPixmap.fromImage(picture)
            pixmap.setDevicePixelRatio(ratio)
            self._pixmaps[index] = pixmap
            self._pixmaps.move_to_end(index)
        while len(self._pixmaps) > MOST_KEPT:
            self._pixmaps.popitem(last=False)

    def forget_thumbnails(self) -> None:
        """They are of another size, or of other images."""
        self._pixmaps.clear()

    def missing(self, first: int, last: int) -> NDArray[np.int64]:
        """Indices of the images at positions first … last that have no thumbnail yet."""
        seen = self._listed.indices[max(0, first) : last + 1].tolist()
        return np.array([index for index in seen if index not in self._pixmaps], np.int64)

    def position(self, cell: _Index) -> int:
        """Which it is of those listed; -1 where none is."""
        position = cell.row() * self._columns + cell.column()
        return position if cell.isValid() and position < len(self._listed.indices) else -1

    def cell(self, position: int) -> QModelIndex:
        """Where it stands."""
        return self.index(*divmod(position, self._columns))

    def image(self, position: int) -> int:
        """Its index in the image set."""
        return int(self._listed.indices[position])

    def caption(self, position: int) -> str:
        """A number where they are sorted by one, else its name without folder and ending."""
        if (numbers := self._listed.numbers) is not None:
            return f"{numbers[position]:.3g}"
        return drawable(PurePosixPath(self._listed.names[self.image(position)]).stem)

    def said(self, position: int) -> str:
        """All that is known of it, for a tooltip and for a reader that speaks."""
        listed, image = self._listed, self.image(position)
        number = "" if listed.numbers is None else f"{listed.numbers[position]:.4g} {listed.of_numbers}"
        return "\n".join(filter(None, (drawable(listed.names[image]), drawable(listed.class_of(image)), number)))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else -(-len(self._listed.indices) // self._columns)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._columns

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) if self.position(index) >= 0 else Qt.ItemFlag.NoItemFlags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Shown:
        if (position := self.position(index)) < 0:
            return None
        if role == _Role.DecorationRole:
            return self._pixmaps.get(self.image(position))
        if role == _Role.DisplayRole:
            return self.caption(position)
        if role == _Role.ToolTipRole:
            return plain_tip(self.said(position))
        if role == _Role.AccessibleTextRole:
            return self.said(position).replace("\n", ", ")
        return None
