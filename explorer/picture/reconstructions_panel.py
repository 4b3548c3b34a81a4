"""Real images above what the model makes of them: one painted grid of pairs."""

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import allow
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.theme import FAILURE, is_dark, muted

PAIRS_MOST = 16
GAP = 8
SEAM = 2
LARGEST_TILE = 160
EMPTY = "Images and their reconstructions appear here once a model has learned something."

Pixels = NDArray[np.uint8]


class ReconstructionsPanel(QWidget):
    """Each original stands above its reconstruction; tiles are as large as the room allows."""

    menu_requested = Signal(object, QPoint)  # which pair, a place on the screen
    opened = Signal(int)  # which pair was double-clicked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu = MenuAsker(self, self._pair_at)
        self._menu.asked.connect(self.menu_requested)
        self._menu.allow(False)
        self._pairs: list[tuple[Pixels, Pixels]] = []
        self._names: list[str] = []
        self._pixmaps: list[tuple[QPixmap, QPixmap]] = []
        self._sentence, self._is_failure = EMPTY, False
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Reconstructions")
        self.setToolTip(
            "Each real image above what the model makes of it.\nDouble click to go there; right click for more."
        )
        allow(self, EMPTY)  # there is nowhere to go

    def show_pairs(self, originals: Pixels, reconstructions: Pixels, names: Sequence[str]) -> None:
        """Both uint8 (n, H, W, C); the first sixteen are shown."""
        self._pairs = list(zip(originals, reconstructions, strict=True))[:PAIRS_MOST]
        self._names = [drawable(name) for name in names[:PAIRS_MOST]]
        self._pixmaps = []
        self._menu.allow(bool(self._pairs))
        allow(self, "" if self._pairs else EMPTY)
        self._sentence, self._is_failure = EMPTY, False
        self.setAccessibleDescription(f"{len(self._pairs)} pairs, original above reconstruction")
        self.update()

    def show_failure(self, sentence: str) -> None:
        """Say in place of the grid why there is none."""
        self._pairs, self._names, self._pixmaps = [], [], []
        self._menu.allow(False)
        allow(self, sentence)
        self._sentence, self._is_failure = sentence, True
        self.setAccessibleDescription(sentence)
        self.update()

    def _places(self) -> list[QRect]:
        """Where each pair with its caption stands, under the heading."""
        line = self.fontMetrics().height()
        columns, side = tile_grid(len(self._pairs), self.width(), self.height() - line - GAP, line)
        left = (self.width() - columns * (side + GAP) + GAP) // 2
        height, rows = 2 * side + SEAM + line + GAP, -(-len(self._pairs) // columns)
        top = max(line + 2 * GAP, (self.height() + line + GAP - rows * height) // 2)
        return [
            QRect(left + i % columns * (side + GAP), top + i // columns * height, side, height - GAP)
            for i in range(len(self._pairs))
        ]

    def _fit_pixmaps(self, side: int) -> None:
        ratio = self.devicePixelRatioF()
        if self._pixmaps and max(self._pixmaps[0][0].width(), self._pixmaps[0][0].height()) == round(side * ratio):
            return
        self._pixmaps = [(to_pixmap(a, side, ratio), to_pixmap(b, side, ratio)) for a, b in self._pairs]

    def _paint_sentence(self, painter: QPainter) -> None:
        palette = self.palette()
        palette.setCurrentColorGroup(QPalette.ColorGroup.Active)  # as easy to read as any other text
        painter.setPen(QColor(FAILURE[is_dark(palette)]) if self._is_failure else muted(palette))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 12, -24, -12), int(words), self._sentence)

    def _paint_pair(self, painter: QPainter, place: QRect, pixmaps: tuple[QPixmap, QPixmap], name: str) -> None:
        side, metrics = place.width(), self.fontMetrics()
        for row, pixmap in enumerate(pixmaps):
            painter.drawPixmap(place.left(), place.top() + row * (side + SEAM), pixmap)
        caption = metrics.elidedText(PurePath(name).stem, Qt.TextElideMode.ElideLeft, side)
        area = QRect(place.left(), place.bottom() - metrics.height() + 1, side, metrics.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, caption)

    def _pair_at(self, position: QPoint | None) -> int | None:
        """The pair nearest to a place; the first for the keys."""
        if not self._pairs or position is None:
            return 0 if self._pairs else None
        away = [(place.center() - position).manhattanLength() for place in self._places()]
        return away.index(min(away))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the image."""
        pair = self._pair_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and pair is not None:
            self.opened.emit(pair)

    def _name_at(self, position: QPoint) -> str:
        hits = (name for place, name in zip(self._places(), self._names, strict=True) if place.contains(position))
        return next(hits, "")

    def sizeHint(self) -> QSize:
        """Wide and low, for a bottom tab."""
        return QSize(640, 240)

    def event(self, event: QEvent) -> bool:
        """The tooltip has the whole name of the pair under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            name = self._name_at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(name) or self.toolTip(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heading, then every pair."""
        painter = QPainter(self)
        if not self._pairs:
            return self._paint_sentence(painter)
        painter.setPen(muted(self.palette()))
        places, line = self._places(), self.fontMetrics().height()
        heading = QRect(0, places[0].top() - GAP - line, self.width(), line)
        painter.drawText(heading, Qt.AlignmentFlag.AlignCenter, "original above, reconstruction below")
        self._fit_pixmaps(places[0].width())
        for place, pixmaps, name in zip(places, self._pixmaps, self._names, strict=True):
            self._paint_pair(painter, place, pixmaps, name)
        return None


def tile_grid(pairs: int, width: int, height: int, line: int) -> tuple[int, int]:
    """(columns, tile side) that make the tiles largest when `pairs` pairs fill width × height, a line under each."""

    def side_for(columns: int) -> int:
        rows = -(-pairs // columns)
        across = (width - GAP) // columns - GAP
        down = ((height - GAP) // rows - GAP - line - SEAM) // 2
        return max(8, min(across, down, LARGEST_TILE))

    columns = max(range(1, max(pairs, 1) + 1), key=lambda count: (side_for(count), count))
    return columns, side_for(columns)


def _open_alone() -> None:
    import sys

    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication(sys.argv)
    apply_theme(app)
    originals = np.random.default_rng(0).integers(0, 256, (16, 64, 64, 3), dtype=np.uint8)
    panel = ReconstructionsPanel()
    panel.show_pairs(originals, originals // 2 + 64, [f"cats/{i:03}.png" for i in range(16)])
    panel.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    _open_alone()
