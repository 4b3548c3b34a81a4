"""The picture of the dots: drawn at once while they are few, and in a thread, newest wins, when they are many."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from explorer.map.dots.dot_choice import ChosenDots, DotChooser, DotPart, DotQuestion
from explorer.map.dots.dot_raster import DENSE, DotRaster, dot_opacity, dot_radius
from explorer.map.frame import Frame
from explorer.toolkit.worker_threads import LatestOnly

CHOSEN_AT_ONCE, DRAWN_AT_ONCE = 20_000, 2_500  # codes: it takes a few milliseconds; for more there is a thread
SHAPED, SHAPED_RADIUS = 20_000, 3.0  # dots at most, and pixels at least, for shapes that can be told apart
_RINGED_RADIUS = 2.0
_MARGIN = 0.2  # of the view more on each side, where a thread draws: panning does not show an edge
_HALO_RADIUS = 1.5  # smaller dots are so many that their halos would hide the picture behind them
_OVER_PICTURE = (0.35, 0.85)  # opacity of dots without and with a halo


@dataclass(frozen=True, eq=False)
class SheetQuestion:
    """Which dots, over which part of the plane, at how many device pixels a pixel; `outline` 0xFFRRGGBB or None.

    How large they are depends on how many are in `view`, which may be less than what is drawn. An outline means that a
    picture lies behind them: the dots are smaller, and the faint are left out.
    """

    dots: ChosenDots
    frame: Frame
    view: Frame
    ratio: float
    outline: int | None
    ring: int  # about what is selected


@dataclass(frozen=True, eq=False)
class Sheet:
    """The dots as a picture of what was asked for, their radius in pixels, and whether their density is shown."""

    asked: SheetQuestion
    picture: QImage
    margin: float
    radius: float
    is_density: bool


class DotSheet(QObject):
    """Keeps the newest choice and the newest picture of it; paints that wherever the view has moved since."""

    chosen = Signal()  # there is a newer choice
    drawn = Signal()  # there is a newer picture

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dots = ChosenDots()
        self.sheet: Sheet | None = None
        self._question: DotQuestion | None = None  # the newest
        self._answered: DotQuestion | None = None  # the one that `dots` are of
        self._wanted: SheetQuestion | None = None
        self._raster, self._chooser = DotRaster(), DotChooser()
        # Not the sheet's children: a thread has to be left before it is destroyed.
        self._choosing, self._drawing = LatestOnly(DotChooser().choose), LatestOnly(_draw_anew)
        self._threads: tuple[LatestOnly, ...] = (self._choosing, self._drawing)
        self._choosing.answered.connect(self._take_choice)
        self._drawing.answered.connect(self._take_sheet)

    def choose(self, question: DotQuestion) -> None:
        """Draw these from now on: at once if they are few, soon if they are many."""
        are_others = self._question is None or len(self._question.points) != len(question.points)
        self._question = question
        if len(question.points) <= CHOSEN_AT_ONCE:
            self._take_choice(question, self._chooser.choose(question))
            return
        if are_others:  # what is drawn are codes of other images
            self.dots, self.sheet, self._wanted = ChosenDots(), None, None
        self._choosing.ask(question)

    def paint(self, painter: QPainter, frame: Frame, ratio: float, outline: int | None, ring: int) -> None:
        """The dots in device pixels; while a newer picture is drawn, the last, moved to where it belongs."""
        asked = SheetQuestion(self.dots, frame, frame, ratio, outline, ring)
        if self._is_quick():
            if not _is_same(self._wanted, asked) or self.sheet is None:
                self.sheet = draw_sheet(asked, self._raster)
                self._wanted = asked
        elif not _is_enough(self._wanted, asked):
            self._wanted = SheetQuestion(self.dots, frame.widened(_MARGIN), frame, ratio, outline, ring)
            self._drawing.ask(self._wanted)
        if self.sheet is not None:
            painter.setOpacity(1.0 if outline is None else _OVER_PICTURE[self.sheet.radius >= _HALO_RADIUS])
            _paint(painter, frame, self.sheet)
            painter.setOpacity(1.0)

    @property
    def is_settled(self) -> bool:
        """Whether what was last asked for is chosen, and drawn where it was last painted."""
        is_drawn = self.sheet is not None and self.sheet.asked is self._wanted and self.sheet.asked.dots is self.dots
        return self._answered is self._question and is_drawn

    def stop(self) -> None:
        """Leave both threads."""
        for thread in self._threads:
            thread.stop()
        self._threads = ()

    def _is_quick(self) -> bool:
        """Whether the dots are drawn now: few of them, or nothing yet to show meanwhile."""
        return self.dots.count <= DRAWN_AT_ONCE or (self.sheet is None and self.dots.count <= CHOSEN_AT_ONCE)

    def _take_choice(self, question: DotQuestion, dots: ChosenDots) -> None:
        if self._question is not None and len(question.points) == len(self._question.points):
            self.dots, self._answered = dots, question
            self.chosen.emit()

    def _take_sheet(self, asked: SheetQuestion, sheet: Sheet) -> None:
        if asked.dots.codes == self.dots.codes and self.dots.count > DRAWN_AT_ONCE:
            self.sheet = sheet
            self.drawn.emit()


def draw_sheet(asked: SheetQuestion, raster: DotRaster) -> Sheet:
    """Draw the dots; any thread. The picture shares the raster's memory: it holds until the raster draws again."""
    frame, ratio = asked.frame, asked.ratio
    count = asked.dots.count_in(asked.view.extent)
    area = asked.view.width * asked.view.height
    radius = dot_radius(count, area)
    is_density = count > DENSE * area
    if asked.outline is not None:  # smaller, to let the picture be seen
        radius = max(1.0, 0.75 * radius)
    raster.begin(round(frame.width * ratio), round(frame.height * ratio), round(4 * radius * ratio) / 4)
    for part in asked.dots.parts:
        if asked.outline is None or not part.is_faint:
            _stamp(raster, part, asked, radius, is_density)
    pixels, margin = raster.finish()
    rows, columns = pixels.shape
    picture = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
    return Sheet(asked, picture, margin / ratio, radius, is_density)


def _stamp(raster: DotRaster, part: DotPart, asked: SheetQuestion, radius: float, is_density: bool) -> None:
    frame, ratio = asked.frame, asked.ratio
    across, up = frame.scale
    reach = 2 * radius / across
    left, bottom, right, top = frame.extent
    dots = part.within((left - reach, bottom - reach, right + reach, top + reach))
    x = (dots.x - np.float32(left)) * np.float32(across * ratio)
    y = (np.float32(top) - dots.y) * np.float32(up * ratio)
    if is_density:
        raster.stamp_density(x, y, dots.rgb)
        return
    shapes = dots.shapes if radius >= SHAPED_RADIUS and len(x) <= SHAPED else None
    halo = asked.outline if radius >= _HALO_RADIUS else None
    ring = asked.ring if part.is_ringed and radius >= _RINGED_RADIUS else halo
    raster.stamp(x, y, dots.rgb, dot_opacity(radius), ring, shapes)


def _draw_anew(asked: SheetQuestion) -> Sheet:
    """In memory of its own, for the last picture is still shown."""
    return draw_sheet(asked, DotRaster())


def _paint(painter: QPainter, frame: Frame, sheet: Sheet) -> None:
    """The picture where it belongs in this view."""
    drawn = sheet.asked.frame
    corner = frame.to_pixel(drawn.left, drawn.top)
    zoom = frame.scale[0] / drawn.scale[0]
    size = QPointF(sheet.picture.width(), sheet.picture.height()) * (zoom / sheet.asked.ratio)
    corner -= QPointF(sheet.margin, sheet.margin) * zoom
    if abs(zoom - 1) < 1e-9:
        sheet.picture.setDevicePixelRatio(sheet.asked.ratio)
        painter.drawImage(corner, sheet.picture)
        return
    sheet.picture.setDevicePixelRatio(1.0)
    painter.drawImage(QRectF(corner.x(), corner.y(), size.x(), size.y()), sheet.picture)


def _is_same(wanted: SheetQuestion | None, asked: SheetQuestion) -> bool:
    if wanted is None or wanted.dots is not asked.dots:
        return False
    looks = (wanted.ratio, wanted.outline, wanted.ring) == (asked.ratio, asked.outline, asked.ring)
    return looks and wanted.frame == asked.frame


def _is_enough(wanted: SheetQuestion | None, asked: SheetQuestion) -> bool:
    """Whether what is being drawn shows all that is asked for, at its scale."""
    if wanted is None or wanted.dots is not asked.dots:
        return False
    looks = (wanted.ratio, wanted.outline, wanted.ring) == (asked.ratio, asked.outline, asked.ring)
    is_at_scale = abs(wanted.frame.scale[0] / asked.frame.scale[0] - 1) < 1e-9
    return looks and is_at_scale and wanted.frame.holds(asked.frame)
