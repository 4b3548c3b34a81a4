"""A thumbnail over its caption; a frame around those marked, a thicker one around the current."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from explorer.toolkit.theme import muted


class ThumbnailPainter(QStyledItemDelegate):
    """`gap` is the room between two thumbnails, in logical pixels; a cell says its caption and gives its pixmap."""

    def __init__(self, parent: QObject, gap: int) -> None:
        super().__init__(parent)
        self._half = gap // 2

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        caption, pixmap = index.data(), index.data(Qt.ItemDataRole.DecorationRole)
        if caption is None:
            return
        painter.fillRect(option.rect, option.palette.base())  # the style's own colour would hide the words
        below = option.fontMetrics.height()
        area = option.rect.adjusted(self._half, self._half, -self._half, -self._half - below)
        self._paint_picture(painter, option, area, pixmap)
        state, is_current = option.state, option.state & QStyle.StateFlag.State_HasFocus
        if state & QStyle.StateFlag.State_Selected or is_current:
            painter.setPen(QPen(option.palette.accent().color(), 3 if is_current else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(-2, -2, 1, 1))
        painter.setPen(muted(option.palette))
        words = option.fontMetrics.elidedText(caption, Qt.TextElideMode.ElideMiddle, option.rect.width() - 2)
        text = QRect(option.rect.left(), area.bottom() + 3, option.rect.width(), below)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_picture(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, pixmap: QPixmap | None
    ) -> None:
        if pixmap is None:
            painter.fillRect(area, option.palette.midlight())
            return
        size = pixmap.deviceIndependentSize()
        left, top = (area.width() - size.width()) / 2, (area.height() - size.height()) / 2
        painter.drawPixmap(round(area.left() + left), round(area.top() + top), pixmap)
