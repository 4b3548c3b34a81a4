"""What lies behind the dots: the decoded plane or a heat map, and a veil where no pictures are."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from explorer.map.backdrop.heat import Colour, Heat, heat_image, veil_image
from explorer.map.frame import Extent, Frame
from explorer.toolkit.image_conversion import to_qimage


class MapBackdrop:
    """Keeps the pictures and where they belong; paints them for whatever part of the plane is in view."""

    def __init__(self) -> None:
        self.heat: Heat | None = None
        self._grid: tuple[QImage, Extent] | None = None
        self._heat: tuple[QImage, Extent] | None = None
        self._veil: tuple[QImage, Extent] | None = None
        self._strength: NDArray[np.floating] | None = None
        self._paper, self._ink = (255, 255, 255), (0, 0, 0)

    @property
    def has_picture(self) -> bool:
        """Whether dots have to stand out from something."""
        return self._grid is not None or self._heat is not None

    def show_grid(self, pixels: NDArray[np.uint8] | None, extent: Extent) -> None:
        """The decoded plane (H, W, C), its first row at the top; or none."""
        self._grid = None if pixels is None else (_screen(to_qimage(pixels)), extent)

    def show_heat(self, heat: Heat | None) -> None:
        """A heat map, over the decoded plane; or none."""
        self.heat = heat
        self._heat = None if heat is None else (heat_image(heat), heat.extent)

    def show_veil(self, strength: NDArray[np.floating] | None, extent: Extent) -> None:
        """How far from all pictures places are, (h, w) in [0, 1], first row at the top; or none."""
        self._strength = strength
        self._veil = None if strength is None else (veil_image(strength, self._paper, self._ink), extent)

    def show_paper(self, paper: Colour, ink: Colour) -> None:
        """What the veil is made of: light and dark change."""
        self._paper, self._ink = paper, ink
        if self._strength is not None and self._veil is not None:
            self.show_veil(self._strength, self._veil[1])

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """The grid's own pixels, the heat map and the veil smooth."""
        for each, is_smooth in ((self._grid, False), (self._heat, True), (self._veil, True)):
            if each is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
                _draw(painter, frame, *each)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)


def _draw(painter: QPainter, frame: Frame, picture: QImage, extent: Extent) -> None:
    """Only the part in view: a picture far larger than the view is slow even where it is clipped."""
    left, bottom, right, top = extent
    seen = QRectF(frame.to_pixel(left, top), frame.to_pixel(right, bottom)) & QRectF(0, 0, frame.width, frame.height)
    if seen.isEmpty():
        return
    across, up = picture.width() / (right - left), picture.height() / (top - bottom)
    u, v = frame.to_point(seen.topLeft())
    wide, high = seen.width() / frame.scale[0] * across, seen.height() / frame.scale[1] * up
    painter.drawImage(seen, picture, QRectF((u - left) * across, (top - v) * up, wide, high))


def _screen(picture: QImage) -> QImage:
    """In the format that is drawn fastest."""
    return picture.convertToFormat(QImage.Format.Format_RGB32)
