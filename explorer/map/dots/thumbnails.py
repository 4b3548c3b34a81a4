"""Real images at their dots, when near: thinned on a grid, so that none lies on another and rare ones are kept."""

from collections import OrderedDict
from dataclasses import dataclass, field
from math import floor, log2

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from explorer.map.dots.dot_choice import ChosenDots, DotPart
from explorer.map.frame import Frame, Points
from explorer.toolkit.image_conversion import to_qimage

SIDE = 44  # pixels
MOST_IN_VIEW = 1_500  # dots: with more, pictures would stand for too many others
MOST_HIDDEN, HEAP = 0.9, 12  # share of the dots in view that may lie under one picture, where there are so many
_CELL = SIDE + 4  # pixels at least from one to the next
_KEPT = 800  # pictures


@dataclass(frozen=True, eq=False)
class Shown:
    """Which images have a picture, (n,), their places (n, 2) and colours 0xFFRRGGBB; and of how many dots in view."""

    indices: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    points: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    rgb: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    in_view: int = 0


class Thumbnails:
    """Chooses what to show, keeps the pictures that came, and paints them."""

    def __init__(self) -> None:
        self.shown = Shown()
        self._pictures: OrderedDict[int, QImage] = OrderedDict()

    def choose(self, dots: ChosenDots, frame: Frame) -> NDArray[np.int64]:
        """Which images have room in this view; of those, the indices whose pictures are still to come."""
        self.shown = choose_thumbnails(dots, frame)
        return np.array([index for index in self.shown.indices.tolist() if index not in self._pictures], np.int64)

    def add(self, indices: NDArray[np.int64], pixels: NDArray[np.uint8], ratio: float) -> None:
        """Pictures (n, H, W, C) that came."""
        for index, picture in zip(indices.tolist(), pixels, strict=True):
            self._pictures[index] = _scaled(picture, ratio)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)

    def forget(self) -> None:
        """The images are others now."""
        self.shown = Shown()
        self._pictures.clear()

    def count(self) -> int:
        """How many are painted."""
        return sum(index in self._pictures for index in self.shown.indices.tolist())

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Each at its dot, framed in the dot's colour."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        places = frame.to_pixels(self.shown.points)
        indices, colours = self.shown.indices.tolist(), self.shown.rgb.tolist()
        for index, (x, y), rgb in zip(indices, places.tolist(), colours, strict=True):
            picture = self._pictures.get(index)
            if picture is None or not (-SIDE < x < frame.width + SIDE and -SIDE < y < frame.height + SIDE):
                continue
            size = picture.deviceIndependentSize()
            corner = QPointF(round(x - size.width() / 2), round(y - size.height() / 2))
            painter.drawImage(corner, picture)
            painter.setPen(QPen(QColor(rgb & 0xFFFFFF), 2))
            painter.drawRect(QRectF(corner, size))


def choose_thumbnails(dots: ChosenDots, frame: Frame) -> Shown:
    """One image a cell of a grid that is fixed on the plane, so that panning changes none: the most alone of the cell.

    None when more than MOST_IN_VIEW dots are in view; faint dots have none, nor has the one heap that all codes are
    before anything was learned: a picture would hide it.
    """
    parts = [part for part in dots.parts if not part.is_faint]
    in_view = sum(part.grid.count(part.x, part.y, frame.extent) for part in parts)
    if not 0 < in_view <= MOST_IN_VIEW:
        return Shown(in_view=in_view)
    near = [part.within(frame.widened(0.1).extent) for part in parts]
    points = np.concatenate([np.stack([part.x, part.y], axis=1) for part in near])
    indices = np.concatenate([part.indices for part in near])
    size = 2.0 ** ((floor(2 * log2(_CELL / frame.scale[0])) + 1) / 2)  # from 1 to 1.4 times _CELL pixels
    kept = thin(points, indices, size)
    if in_view >= HEAP:
        kept = kept[_hidden(points, kept, SIDE / 2 / np.array(frame.scale)) <= MOST_HIDDEN * in_view]
    return Shown(indices[kept].astype(np.int64), points[kept], _colours(near)[kept], in_view)


def thin(points: Points, indices: NDArray[np.integer], size: float) -> NDArray[np.intp]:
    """Positions of one point a cell of a grid, that with the fewest others about it, of equals the lowest index.

    Of two that come closer than nine tenths of a cell, that with fewer others about it stays.
    """
    column, row = (np.floor(points[:, axis] / size).astype(np.int64) for axis in (0, 1))
    crowd = _crowd(points, size / 4)
    order = np.lexsort((indices, crowd, column, row))
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (np.diff(column[order]) != 0) | (np.diff(row[order]) != 0)
    chosen = order[is_first]
    return _apart(points, chosen[np.lexsort((indices[chosen], crowd[chosen]))], 0.92 * size)


def _hidden(points: Points, kept: NDArray[np.intp], half: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many points lie under a picture at each of those that are kept (k,); half its sides on the plane (2,)."""
    away = np.abs(points[None] - points[kept][:, None])
    return np.asarray((away < half).all(axis=2).sum(axis=1), np.int64)


def _apart(points: Points, order: NDArray[np.intp], least: float) -> NDArray[np.intp]:
    """Of positions, the most important first, those that no more important one overlaps."""
    places, is_kept = points[order], np.ones(len(order), np.bool_)
    for position in range(len(order)):
        if is_kept[position]:
            overlap = np.abs(places[position + 1 :] - places[position]).max(axis=1) < least
            is_kept[position + 1 :] &= ~overlap
    return order[is_kept]


def _crowd(points: Points, size: float) -> NDArray[np.int64]:
    """How many points lie in the nine small cells about each."""
    cells = np.floor(points / size).astype(np.int64)
    cells -= cells.min(axis=0) - 1
    wide = int(cells[:, 0].max()) + 2
    found, position, counts = np.unique(cells[:, 1] * wide + cells[:, 0], return_inverse=True, return_counts=True)
    steps = np.array([dy * wide + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    around = found[:, None] + steps
    at = np.minimum(np.searchsorted(found, around), len(found) - 1)
    total: NDArray[np.int64] = np.where(found[at] == around, counts[at], 0).sum(axis=1)
    return total[position.ravel()]


def _colours(parts: list[DotPart]) -> NDArray[np.uint32]:
    return np.concatenate([part.rgb for part in parts])


def _scaled(pixels: NDArray[np.uint8], ratio: float) -> QImage:
    side = round(SIDE * ratio)
    picture = to_qimage(pixels)
    shrinks = max(picture.width(), picture.height()) > side
    how = Qt.TransformationMode.SmoothTransformation if shrinks else Qt.TransformationMode.FastTransformation
    picture = picture.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio, how)
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    return picture
