"""The real images nearest to a place: thumbnails over their names and distances."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.plain_text import plain_text
from explorer.toolkit.theme import quiet

NEAREST_COLUMNS = 4
NEAREST_MOST = 8
ROWS = NEAREST_MOST // NEAREST_COLUMNS
ABOVE, SPACING = 8, 2  # pixels
THUMBNAIL_SIDE = 64

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class NearImage:
    """A real image close to the place: pixels (H, W, C), distance in latent space."""

    index: int
    pixels: Pixels
    name: str
    class_name: str
    distance: float


class NearImages(QWidget):
    """Thumbnails in rows of four under a title, as many rows as there is room for; hidden until there are some."""

    clicked = Signal(int)
    menu_requested = Signal(int, object)  # image, QPoint on the screen

    def __init__(self) -> None:
        super().__init__()
        self._images: Sequence[NearImage] = ()
        self._buttons = [_Thumbnail() for _ in range(NEAREST_MOST)]
        self._title, grid = quiet("Nearest real images"), QGridLayout(self)
        grid.setContentsMargins(0, ABOVE, 0, 0)
        grid.setSpacing(SPACING)
        for column in range(NEAREST_COLUMNS):
            grid.setColumnStretch(column, 1)
        grid.addWidget(self._title, 0, 0, 1, NEAREST_COLUMNS)
        for place, button in enumerate(self._buttons):
            grid.addWidget(button, 1 + place // NEAREST_COLUMNS, place % NEAREST_COLUMNS)
            self._join(button, place)
        self.hide()

    def _join(self, button: "_Thumbnail", place: int) -> None:
        button.clicked.connect(lambda: self.clicked.emit(self._images[place].index))
        MenuAsker(button, lambda _: place).asked.connect(self._tell_menu)

    def _tell_menu(self, place: int, at: QPoint) -> None:
        self.menu_requested.emit(self._images[place].index, at)

    def show_images(self, images: Sequence[NearImage]) -> None:
        self._images = images
        for place, button in enumerate(self._buttons[: len(images)]):
            button.show_image(images[place])
        self.updateGeometry()
        self._show_rows()
        self.setVisible(bool(images))

    def _show_rows(self) -> None:
        rows = next((rows for rows in range(ROWS, 1, -1) if self._height(rows) <= self.height()), 1)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < min(len(self._images), rows * NEAREST_COLUMNS))

    def _height(self, rows: int) -> int:
        row = self._buttons[0].sizeHint().height() + SPACING
        return ABOVE + self._title.sizeHint().height() + rows * row

    def sizeHint(self) -> QSize:
        """Qt: with all rows."""
        rows = -(-len(self._images) // NEAREST_COLUMNS)
        return QSize(super().sizeHint().width(), self._height(rows))

    def minimumSizeHint(self) -> QSize:
        """Qt: with one."""
        return QSize(super().minimumSizeHint().width(), self._height(1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_rows()


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
        self.setAccessibleName("Near image")

    def show_image(self, image: NearImage) -> None:
        if image is self._image:
            return
        self._image = image
        self.setIcon(QIcon(to_pixmap(image.pixels, THUMBNAIL_SIDE, self.devicePixelRatioF())))
        name = drawable(PurePath(image.name).stem)
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, THUMBNAIL_SIDE + 2)
        self.setText(plain_text(f"{short}\n{image.distance:.2f}"))
        place = f"{drawable(image.name)}\nClass: {drawable(image.class_name)}\nDistance: {image.distance:.2f}"
        describe(self, f"Near image {name}", place + "\nClick to go to it")
