"""A wall of thumbnails that scrolls: a click goes to an image, Enter or a double click shows it large."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from explorer.selection.listed_images import Listed
from explorer.selection.thumbnail_painter import ThumbnailPainter
from explorer.selection.wall_model import SelectionModel
from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import describe

SIDES = (40, 56, 80, 112, 160)
GAP = 8
_ZOOMS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TIP = (
    "Click to go there on the map; double click or Enter to see it large; right click for more.\n"
    "Ctrl+wheel, + and −: size. Ctrl+click and Shift+click mark several."
)


class SelectionWall(QTableView):
    """Signals speak of images by their indices in the image set."""

    chosen = Signal(int)  # clicked, or reached with the keys
    opened = Signal(int)  # double clicked, or Enter
    menu_requested = Signal(object, QPoint)  # the image, a place on the screen
    thumbnails_wanted = Signal(object, int)  # indices (n,), side in device pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = SelectionModel()
        self._size = 1
        self.setModel(self._model)
        self.setItemDelegate(ThumbnailPainter(self, GAP))
        self._dress()
        # Not at once: many a thing changes together, and the view has not been laid out anew yet.
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask_missing)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._asking.start())
        self.clicked.connect(self._tell_chosen)
        self.doubleClicked.connect(self._tell_opened)
        MenuAsker(self, self._image_at).asked.connect(self.menu_requested)

    @property
    def side(self) -> int:
        """Of a thumbnail, in logical pixels."""
        return SIDES[self._size]

    @property
    def current(self) -> int:
        """The image that the keys are at; -1: none."""
        position = self._model.position(self.currentIndex())
        return self._model.image(position) if position >= 0 else -1

    @property
    def marked(self) -> NDArray[np.int64]:
        """The images that are marked in the wall, in its order."""
        marked = self.selectionModel().selection().toList()
        ranges = [(each.top(), each.left(), each.bottom(), each.right()) for each in marked]
        columns, indices = self._model.columns, self._model.listed.indices
        parts = [
            np.add.outer(np.arange(top, bottom + 1) * columns, np.arange(left, right + 1)).ravel()
            for top, left, bottom, right in ranges
        ]
        positions = np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
        return indices[positions[positions < len(indices)]]

    def show_listed(self, listed: Listed) -> None:
        """In place of those before; the current image stays the current one, or the first is it."""
        kept = self.current
        self._model.show_listed(listed)
        self.show_current(kept)
        if self.current < 0 and len(listed.indices):
            self.show_current(int(listed.indices[0]))
        self._asking.start()

    def show_current(self, image: int) -> None:
        """Put the keys at an image, in view; nothing where it is not listed."""
        places = np.flatnonzero(self._model.listed.indices == image)
        if len(places) and image != self.current:
            cell = self._model.cell(int(places[0]))
            self.selectionModel().setCurrentIndex(cell, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(cell)

    def step(self, by: int) -> None:
        """Go on to the next image, or back, and say so."""
        position = self._model.position(self.currentIndex()) + by
        if 0 <= position < len(self._model.listed.indices):
            self.show_current(self._model.image(position))
            self.chosen.emit(self.current)

    def take_thumbnails(self, indices: NDArray[np.int64], pictures: list[QImage], side: int) -> None:
        """Pictures that were wanted; those of another size come too late."""
        if side == self._device_side():
            self._model.take_thumbnails(indices.tolist(), pictures, self.devicePixelRatioF())
            self.viewport().update()

    def forget_thumbnails(self) -> None:
        """Ask for all of them again."""
        self._model.forget_thumbnails()
        self.viewport().update()
        self._asking.start()

    def resize_thumbnails(self, by: int) -> None:
        """Larger or smaller."""
        size = min(len(SIDES) - 1, max(0, self._size + by))
        if size != self._size:
            self._size = size
            self._model.forget_thumbnails()
            self._lay_out()

    def _dress(self) -> None:
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else rows and bar chase each other
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumSize(120, 60)
        describe(self, "Images selected", _TIP)

    def _cell_size(self) -> QSize:
        return QSize(self.side + GAP, self.side + GAP + self.fontMetrics().height())

    def _device_side(self) -> int:
        return max(1, round(self.side * self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        size, current = self._cell_size(), self.current
        for header, length in ((self.horizontalHeader(), size.width()), (self.verticalHeader(), size.height())):
            header.setDefaultSectionSize(length)
        self._model.show_columns(max(1, self.viewport().width() // size.width()))
        self.show_current(current)
        self._asking.start()

    def _ask_missing(self) -> None:
        if not self.isVisible():
            return
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        last = self._model.rowCount() - 1 if last < 0 else last
        missing = self._model.missing(first * self._model.columns, (last + 1) * self._model.columns - 1)
        if first >= 0 and len(missing):
            self.thumbnails_wanted.emit(missing, self._device_side())

    def _tell_chosen(self, cell: QModelIndex) -> None:
        if (position := self._model.position(cell)) >= 0:
            self.chosen.emit(self._model.image(position))

    def _tell_opened(self, cell: QModelIndex) -> None:
        if (position := self._model.position(cell)) >= 0:
            self.opened.emit(self._model.image(position))

    def _image_at(self, place: QPoint | None) -> int | None:
        """The image at a place, or, None, at the keys; None: none is there."""
        position = self._model.position(self.currentIndex() if place is None else self.indexAt(place))
        return self._model.image(position) if position >= 0 else None

    # Qt

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """From one image to another as one reads, not the rectangle of a table."""
        first, last = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        places = sorted(place for place in map(self._model.position, (first, last)) if place >= 0)
        if len(places) < 2 or first.row() == last.row():
            super().setSelection(rect, command)
            return
        self.selectionModel().select(self._run(*places), command)

    def _run(self, start: int, end: int) -> QItemSelection:
        model, width = self._model, self._model.columns
        run = QItemSelection()
        for row in {start // width, end // width}:
            run.select(model.cell(max(start, row * width)), model.cell(min(end, (row + 1) * width - 1)))
        if end // width - start // width > 1:
            run.select(model.cell((start // width + 1) * width), model.cell(end // width * width - 1))
        return run

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Right of the last in a row is the first of the next."""
        steps = {QAbstractItemView.CursorAction.MoveRight: 1, QAbstractItemView.CursorAction.MoveLeft: -1}
        position = self._model.position(self.currentIndex())
        if action in steps and position >= 0:
            return self._model.cell(min(len(self._model.listed.indices) - 1, max(0, position + steps[action])))
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and self.current >= 0:
            self.opened.emit(self.current)
        elif event.key() in _ZOOMS:
            self.resize_thumbnails(_ZOOMS[Qt.Key(event.key())])
        else:
            before = self.current
            super().keyPressEvent(event)
            if self.current not in (before, -1):
                self.chosen.emit(self.current)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.resize_thumbnails(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag marks nothing: what was clicked is what was meant."""
        if not event.buttons():
            super().mouseMoveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()
