"""The picture under the cursor: what the decoder draws there, where that is, and the real images nearest to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from explorer.describing import describe
from explorer.drawable import drawable
from explorer.image_conversion import to_pixmap, to_qimage
from explorer.theme import FAILURE, is_dark, muted, quiet

NEAREST_COLUMNS = 4
NEAREST_MOST = 8
THUMBNAIL_SIDE = 64
NUMBERS_SHOWN = 8
MARGIN = 12
EMPTY = "Drag on the map.\nThe picture that lives there appears here."

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class NearImage:
    """A real image close to the place: pixels (H, W, C), distance in latent space."""

    index: int
    pixels: Pixels
    name: str
    class_name: str
    distance: float


class PicturePanel(QWidget):
    """Shows one decoded picture, or a real image and its reconstruction; setters are cheap enough for a drag."""

    near_image_clicked = Signal(int)
    save_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Picture")
        self._view = _PictureView()
        self._place = _PlaceText()
        self._nearest = _NearestImages()
        self._nearest.clicked.connect(self.near_image_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self._view, 1)
        column.addLayout(self._build_tools())
        column.addSpacing(4)
        column.addWidget(self._place)
        column.addWidget(self._nearest)
        column.addStretch()
        self._enable_tools(False)

    def show_picture(self, pixels: Pixels) -> None:
        """The decoder's picture at the cursor, uint8 (H, W, C)."""
        self._view.show_picture(pixels)
        self._enable_tools(True)

    def show_encoded(self, name: str, pixels: Pixels, reconstruction: Pixels, error: str) -> None:
        """A real image beside what the model makes of it; `error` is a phrase with its unit."""
        self._view.show_pair(name, pixels, reconstruction, error)
        self._enable_tools(True)

    def show_place(self, z: NDArray[np.float32], point: tuple[float, float]) -> None:
        """Where the picture is: z (d,) and its point on the plane."""
        self._place.show_place(z, point)

    def show_nearest(self, images: Sequence[NearImage]) -> None:
        """The real images nearest to the place, nearest first; at most eight are shown."""
        self._nearest.show_images(images[:NEAREST_MOST])

    def show_nothing(self) -> None:
        """There is no model to draw with."""
        self._view.show_sentence(EMPTY)
        self._place.show_nothing()
        self._nearest.show_images(())
        self._enable_tools(False)

    def show_failure(self, sentence: str) -> None:
        """Say in place of the picture why there is none."""
        self._view.show_sentence(sentence, is_failure=True)
        self._enable_tools(False)

    def _enable_tools(self, enabled: bool) -> None:
        for button in (self._copy, self._save):
            button.setEnabled(enabled)

    def _build_tools(self) -> QHBoxLayout:
        smooth = QToolButton(text="Smooth", checkable=True)
        describe(smooth, "Smooth picture", "Blend the pixels instead of showing each as a square")
        smooth.toggled.connect(self._view.show_smooth)
        self._copy = QPushButton("Copy")
        self._copy.clicked.connect(self.copy_requested)
        describe(self._copy, "Copy picture", "Put this picture on the clipboard")
        self._save = QPushButton("Save picture…")
        self._save.clicked.connect(self.save_requested)
        describe(self._save, "Save picture", "Save this picture to a file that remembers its place z")
        row = QHBoxLayout()
        row.addWidget(smooth)
        row.addStretch()
        row.addWidget(self._copy)
        row.addWidget(self._save)
        return row


class _PictureView(QWidget):
    """A square; the setters only store, the newest pixels are converted when painted."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(160, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pictures: tuple[Pixels, ...] = ()
        self._name, self._sentence, self._is_failure, self._is_smooth = "", EMPTY, False, False
        self.setAccessibleName("Decoded picture")

    def show_picture(self, pixels: Pixels) -> None:
        self._store((pixels,), "", "")

    def show_pair(self, name: str, original: Pixels, reconstruction: Pixels, error: str) -> None:
        self._store((original, reconstruction), name, error)

    def show_sentence(self, sentence: str, is_failure: bool = False) -> None:
        self._store((), "", sentence)
        self._is_failure = is_failure

    def show_smooth(self, is_smooth: bool) -> None:
        self._is_smooth = is_smooth
        self.update()

    def _store(self, pictures: tuple[Pixels, ...], name: str, sentence: str) -> None:
        self._pictures, self._is_failure = pictures, False
        if (name, sentence) != (self._name, self._sentence):
            self._name, self._sentence = name, sentence
            describe(self, name or "Decoded picture", f"{name}\n{sentence}".strip())
        self.update()

    def _paint_frame(self, painter: QPainter, square: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().base())
        painter.setPen(self.palette().mid().color())
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setPen(muted(self.palette()))

    def _paint_sentence(self, painter: QPainter, square: QRectF) -> None:
        if self._is_failure:
            painter.setPen(QColor(FAILURE[is_dark(self.palette())]))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(square.adjusted(24, 24, -24, -24), int(words), self._sentence)

    def _paint_pixels(self, painter: QPainter, area: QRectF, pixels: Pixels) -> None:
        box = _fitted(pixels, area, self.devicePixelRatioF())
        shrinks = pixels.shape[0] > box.height() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth or shrinks)
        painter.drawImage(box, to_qimage(pixels))

    def _paint_pair(self, painter: QPainter, square: QRectF) -> None:
        line, half = self.fontMetrics().height(), (square.width() - 3 * MARGIN) / 2
        top = square.center().y() - half / 2 - 2 * line
        for column, (pixels, caption) in enumerate(zip(self._pictures, ("Original", "Reconstruction"), strict=True)):
            left = square.left() + MARGIN + column * (half + MARGIN)
            self._paint_pixels(painter, QRectF(left, top, half, half), pixels)
            painter.drawText(QRectF(left, top + half + 4, half, line), Qt.AlignmentFlag.AlignCenter, caption)
        painter.setPen(self.palette().text().color())
        for row, text in enumerate((self._name, self._sentence)):
            short = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(square.width() - 2 * MARGIN))
            area = QRectF(square.left(), top + half + (2.5 + row) * line, square.width(), line)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A tall dock must not part the picture from what is said about it.
        self.setMaximumHeight(max(self.width(), self.minimumHeight()))
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(316, 316)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        square = QRectF((self.width() - side) // 2, 0, side, side)
        if len(self._pictures) == 1:
            self._paint_pixels(painter, QRectF(self.rect()), self._pictures[0])
            return
        self._paint_frame(painter, square)
        (self._paint_pair if self._pictures else self._paint_sentence)(painter, square)


class _PlaceText(QWidget):
    """The point and z as text that can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._z: NDArray[np.float32] | None = None
        self._point = _selectable("Point on the map")
        self._numbers = _selectable("z")
        self._numbers.setWordWrap(True)
        self._copy = QToolButton(text="Copy z", clicked=self._copy_z, enabled=False)
        describe(self._copy, "Copy z", "Copy all of z, as  latentscape decode --z  takes it")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(quiet("Point"), 0, 0)
        grid.addWidget(self._point, 0, 1)
        grid.addWidget(self._copy, 0, 2)
        grid.addWidget(quiet("z"), 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._numbers, 1, 1, 1, 2)
        self._numbers.installEventFilter(self)

    def show_place(self, z: NDArray[np.float32], point: tuple[float, float]) -> None:
        self._z = np.array(z, dtype=np.float32)
        more = len(z) - NUMBERS_SHOWN
        self._point.setText(f"u {_signed(point[0])}   v {_signed(point[1])}")
        self._numbers.setText("  ".join(map(_signed, z[:NUMBERS_SHOWN])) + (f"  and {more} more" if more > 0 else ""))
        self._copy.setEnabled(True)

    def show_nothing(self) -> None:
        self._z = None
        self._point.setText("—")
        self._numbers.setText("—")
        self._copy.setEnabled(False)

    def _copy_z(self) -> None:
        if self._z is not None:
            QGuiApplication.clipboard().setText(" ".join(f"{value:.6g}" for value in self._z))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Up to 1,024 numbers: put in words only when someone looks, not a hundred times a second.
        if event.type() == QEvent.Type.ToolTip and self._z is not None:
            self._numbers.setToolTip("  ".join(map(_signed, self._z)))
        return False


class _NearestImages(QWidget):
    """Thumbnails in rows of four under a title; hidden until there are some."""

    clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[NearImage] = ()
        self._buttons = [_Thumbnail() for _ in range(NEAREST_MOST)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setSpacing(2)
        for column in range(NEAREST_COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.addWidget(quiet("Nearest real images"), 0, 0, 1, NEAREST_COLUMNS)
        for place, button in enumerate(self._buttons):
            grid.addWidget(button, 1 + place // NEAREST_COLUMNS, place % NEAREST_COLUMNS)
            button.clicked.connect(lambda _=False, place=place: self.clicked.emit(self._images[place].index))
        self.hide()

    def show_images(self, images: Sequence[NearImage]) -> None:
        self._images = images
        for place, button in enumerate(self._buttons):
            button.show_image(images[place] if place < len(images) else None)
        self.setVisible(bool(images))


class _Thumbnail(QToolButton):
    """One real image over its file name and distance."""

    def __init__(self) -> None:
        super().__init__()
        self._image: NearImage | None = None
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QToolButton { padding: 3px 1px; }")

    def show_image(self, image: NearImage | None) -> None:
        self.setVisible(image is not None)
        if image is None or image is self._image:
            return
        self._image = image
        self.setIcon(QIcon(to_pixmap(image.pixels, THUMBNAIL_SIDE, self.devicePixelRatioF())))
        name = drawable(PurePath(image.name).stem)
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, THUMBNAIL_SIDE + 2)
        self.setText(f"{short}\n{image.distance:.2f}".replace("&", "&&"))
        place = f"{drawable(image.name)}\nClass: {drawable(image.class_name)}\nDistance: {image.distance:.2f}"
        describe(self, f"Near image {name}", place + "\nClick to go to it")


def _selectable(name: str) -> QLabel:
    label = QLabel("—")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    describe(label, name, name)
    return label


def _signed(value: float) -> str:
    """Always the same width, so that nothing jumps while dragging."""
    return f"{value:+.2f}".replace("-", "−")


def _fitted(pixels: Pixels, area: QRectF, ratio: float) -> QRectF:
    """The largest box of the picture's shape in the area, on whole device pixels: centred across, at the top."""
    height, width = pixels.shape[:2]
    scale = min(area.width() / width, area.height() / height)
    box_width, box_height = (max(1, int(scale * side * ratio)) / ratio for side in (width, height))
    left = round((area.left() + (area.width() - box_width) / 2) * ratio) / ratio
    return QRectF(left, area.top(), box_width, box_height)


def _open_alone() -> None:
    import sys

    from PySide6.QtWidgets import QApplication

    from explorer.theme import apply_theme

    app = QApplication(sys.argv)
    apply_theme(app)
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (8, 64, 64, 3), dtype=np.uint8)
    panel = PicturePanel()
    panel.resize(340, 720)
    panel.show_picture(pictures[0])
    panel.show_place(random.normal(size=64).astype(np.float32), (0.52, -1.2))
    panel.show_nearest([NearImage(i, pictures[i], f"cats/{i:03}.png", "cats", 0.3 * i) for i in range(8)])
    panel.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    _open_alone()
