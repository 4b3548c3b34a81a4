"""Heat maps behind the dots: numbers over the plane become colours, and the key says which number each is."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from core.palette import rgb
from explorer.map.frame import Extent
from explorer.toolkit.theme import muted

# Cividis (Nuñez, Anderton & Renslow 2018) at nine places: its lightness rises evenly, to every kind of eye alike.
_STOPS = ("#00224e", "#1a386f", "#434e6c", "#61656f", "#7d7c78", "#9b9476", "#bcae6c", "#dec958", "#fee838")
_WIDTH, _BAR, _GAP = 230, 10, 8
_VEIL, _HATCH = 480, 7  # pixels of a veil, on its longer side, and from one line of its hatching to the next
_VEILED, _INKED = 165, 62  # opacity, of 255, of paper and of ink where a place is quite empty

Colour = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Heat:
    """Values (h, w), the first row at the top, over a part of the plane; colours go from `low` to `high`."""

    values: NDArray[np.floating]
    extent: Extent
    name: str
    unit: str
    low: float
    high: float


@lru_cache(maxsize=1)
def heat_colours() -> NDArray[np.uint8]:
    """From little to much, uint8 (256, 3)."""
    stops = rgb(*_STOPS)
    places = np.linspace(0, len(stops) - 1, 256)
    parts = [np.interp(places, np.arange(len(stops)), stops[:, channel]) for channel in range(3)]
    return np.rint(np.stack(parts, axis=1)).astype(np.uint8)


def heat_image(heat: Heat) -> QImage:
    """The values in colours; where there is none (NaN), nothing."""
    span = heat.high - heat.low
    share = np.clip((heat.values - heat.low) / (span if span > 0 else 1.0), 0, 1)
    is_known = np.isfinite(share)
    colours = heat_colours()[np.rint(np.where(is_known, share, 0) * 255).astype(np.intp)].astype(np.uint32)
    packed = 0xFF000000 | colours[..., 0] << 16 | colours[..., 1] << 8 | colours[..., 2]
    return as_image(np.where(is_known, packed, 0).astype(np.uint32))


def veil_image(strength: NDArray[np.floating], paper: Colour, ink: Colour) -> QImage:
    """The colour of the paper, more of it where `strength` (h, w), in [0, 1], is more, hatched with ink."""
    rows, columns = strength.shape
    wide, high = (
        (_VEIL, max(1, round(_VEIL * rows / columns))) if columns > rows else (round(_VEIL * columns / rows), _VEIL)
    )
    fine = _enlarged(strength, max(1, wide), high)
    y, x = np.mgrid[: fine.shape[0], : fine.shape[1]]
    is_line = ((x + y) % _HATCH < 1)[..., None]
    alpha = np.where(is_line[..., 0], _INKED, _VEILED) * fine
    colour = np.where(is_line, np.array(ink, np.float32), np.array(paper, np.float32)) * (alpha[..., None] / 255)
    red, green, blue = (np.rint(part).astype(np.uint32) for part in np.moveaxis(colour, -1, 0))
    return as_image(np.rint(alpha).astype(np.uint32) << 24 | red << 16 | green << 8 | blue)


def _enlarged(strength: NDArray[np.floating], wide: int, high: int) -> NDArray[np.float32]:
    """Between its values as straight as can be, so that a coarse veil has no steps."""
    grey = np.ascontiguousarray(np.rint(np.nan_to_num(np.clip(strength, 0, 1)) * 255), np.uint8)
    rows, columns = grey.shape
    small = QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
    large = small.scaled(wide, high, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    large = large.convertToFormat(QImage.Format.Format_Grayscale8)
    packed = np.frombuffer(large.constBits(), np.uint8).reshape(high, large.bytesPerLine())
    return np.asarray(packed[:, :wide].astype(np.float32) / 255, np.float32)


def as_image(packed: NDArray[np.uint32]) -> QImage:
    """Premultiplied 0xAARRGGBB (h, w) as a picture of its own."""
    packed = np.ascontiguousarray(packed, np.uint32)
    height, width = packed.shape
    return QImage(packed.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


class HeatKey(QFrame):
    """What the colours of the heat map mean: name, unit, and the numbers at both ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._heat: Heat | None = None
        self.hide()

    def show_heat(self, heat: Heat | None) -> None:
        """The key of this heat map; None: none."""
        self._heat = heat
        self.setVisible(heat is not None)
        if heat is not None:
            self.setAccessibleName(f"Heat map: {self._title()}, {number(heat.low)} to {number(heat.high)}")
        self.update()

    def sizeHint(self) -> QSize:
        """A title, the bar, and the numbers at its ends with the unit between them."""
        return QSize(_WIDTH, 2 * self.fontMetrics().height() + _BAR + 3 * _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name over bar over its ends."""
        super().paintEvent(event)
        if self._heat is None:
            return
        painter, line = QPainter(self), self.fontMetrics().height()
        room = self.width() - 2 * _GAP
        title = self.fontMetrics().elidedText(self._heat.name, Qt.TextElideMode.ElideRight, room)
        painter.setPen(self.palette().text().color())
        painter.drawText(QRectF(_GAP, _GAP / 2, room, line), Qt.AlignmentFlag.AlignLeft, title)
        colours = heat_colours().astype(np.uint32)
        packed = np.asarray(0xFF000000 | colours[:, 0] << 16 | colours[:, 1] << 8 | colours[:, 2], np.uint32)
        painter.drawImage(QRectF(_GAP, line + _GAP, room, _BAR), as_image(packed[None]))
        painter.setPen(muted(self.palette()))
        ends = QRectF(_GAP, line + _BAR + 1.5 * _GAP, room, line)
        painter.drawText(ends, Qt.AlignmentFlag.AlignLeft, number(self._heat.low))
        painter.drawText(ends, Qt.AlignmentFlag.AlignHCenter, self._heat.unit)
        painter.drawText(ends, Qt.AlignmentFlag.AlignRight, number(self._heat.high))

    def _title(self) -> str:
        heat = self._heat
        return "" if heat is None else f"{heat.name}, {heat.unit}" if heat.unit else heat.name


def number(value: float) -> str:
    """Three digits of it."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
