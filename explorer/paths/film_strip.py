"""A path as a strip of pictures with its stops below: press, drag or arrow keys go along it."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from core.verdicts import VERDICTS, WORDS, Verdict
from explorer.paths.reel import Reel, stretches
from explorer.shell.verdict_chip import TONES
from explorer.toolkit.descriptions import allow
from explorer.toolkit.image_conversion import to_pixmap
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.theme import FAILURE, is_dark, muted

ENOUGH_TILE, LEAST_TILE, GAP = 88, 24, 3
ENOUGH_TILES = 5  # side by side: where there is room for as many, pictures may be larger than enough
RULER, STOP = 26, 7.0  # pixels: below the pictures, and a stop's half side
TIP = (
    "Press or drag to go there; arrow keys step, Page Up and Page Down go from stop to stop, Space plays. "
    "Below: solid among the pictures, dashed near few, dotted between groups, hatched far from any picture."
)
_LINES: dict[Verdict, Qt.PenStyle] = {"few": Qt.PenStyle.DashLine, "between": Qt.PenStyle.DotLine}


class FilmStrip(QWidget):
    """As many pictures as have room, each as far along as its frame; without a path it says why."""

    sought = Signal(float)  # frame
    play_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reel: Reel | None = None
        self._pixmaps: list[QPixmap] = []
        self._stretches: list[tuple[int, int, int]] = []  # of the way that stand alike to the data
        self._position, self._is_old = 0.0, False
        self._sentence, self._is_failure = "", False
        self.setMinimumSize(200, LEAST_TILE + RULER)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Film strip")
        self.setToolTip(TIP)

    def show_reel(self, reel: Reel) -> None:
        """The pictures of a path."""
        self._reel, self._is_old, self._pixmaps = reel, False, []
        self._stretches = stretches(reel.verdicts)
        allow(self)
        self._position = min(self._position, reel.last)
        self._say_place()
        self.update()

    def show_position(self, frame: float) -> None:
        """The frame that is played."""
        self._position = frame
        if self.hasFocus():
            self._say_place()
        self.update()

    def show_old(self, is_old: bool) -> None:
        """Whether a newer way is being found: the pictures are drawn faint."""
        self._is_old = is_old
        self.update()

    def show_sentence(self, sentence: str, is_failure: bool = False) -> None:
        """Say in place of the pictures why there are none."""
        self._reel, self._pixmaps = None, []
        self._sentence, self._is_failure = sentence, is_failure
        allow(self, sentence)  # there is nowhere to go
        self.setAccessibleDescription(sentence)
        self.update()

    @property
    def tiles(self) -> int:
        """How many pictures have room."""
        return max(2, (self.width() + GAP) // (self._side + GAP))

    @property
    def _side(self) -> int:
        return max(LEAST_TILE, min(self.height() - RULER, max(ENOUGH_TILE, self.width() // ENOUGH_TILES - GAP)))

    @property
    def _span(self) -> tuple[float, float]:
        """Where the first and the last frame stand, in pixels from the left."""
        pictures = self.tiles * (self._side + GAP) - GAP
        left = (self.width() - pictures) / 2 + self._side / 2
        return left, left + pictures - self._side

    def frame_at(self, x: float) -> float:
        """The frame at a place, in pixels from the left."""
        first, last = self._span
        return max(0.0, min((x - first) / max(1.0, last - first), 1.0)) * self._last

    def place_at(self, position: QPoint | None) -> float | None:
        """The frame at a place of the widget, or, None, the one that is played; None without a path."""
        if self._reel is None:
            return None
        return self._position if position is None else self.frame_at(position.x())

    def place_of(self, frame: float) -> float:
        """Where a frame stands, in pixels from the left."""
        first, last = self._span
        return first + (last - first) * frame / max(1e-9, self._last)

    @property
    def _last(self) -> float:
        return self._reel.last if self._reel is not None else 0.0

    @property
    def _top(self) -> int:
        return max(0, (self.height() - self._side - RULER) // 2)

    def _words(self, frame: float) -> str:
        """What stands at a frame."""
        assert self._reel is not None
        number = round(frame) % self._reel.count
        stops = np.flatnonzero(self._reel.stops_at == number)
        stop = f"stop {stops[0] + 1}, " if len(stops) else ""
        verdict = WORDS[VERDICTS[self._reel.verdicts[number]]]
        return f"Frame {number + 1:,} of {self._reel.count:,}: {stop}{verdict}"

    def _say_place(self) -> None:
        self.setAccessibleDescription(self._words(self._position) if self._reel is not None else self._sentence)

    def _fit_pixmaps(self, reel: Reel) -> None:
        side = max(1, round(self._side * self.devicePixelRatioF()))
        sides = {max(each.width(), each.height()) for each in self._pixmaps}
        if len(self._pixmaps) == self.tiles and sides == {side}:
            return
        frames = np.linspace(0.0, reel.last, self.tiles) % reel.count
        ratio = self.devicePixelRatioF()
        self._pixmaps = [to_pixmap(reel.picture_near(frame), self._side, ratio) for frame in frames]

    def _paint_pictures(self, painter: QPainter, reel: Reel) -> None:
        self._fit_pixmaps(reel)
        first, _ = self._span
        painter.setOpacity(0.45 if self._is_old else 1.0)
        for number, pixmap in enumerate(self._pixmaps):
            left = first - self._side / 2 + number * (self._side + GAP)
            painter.drawPixmap(QPointF(left, self._top), pixmap)
        painter.setOpacity(1.0)

    def _paint_ruler(self, painter: QPainter, reel: Reel) -> None:
        """The way: where it leaves the pictures is drawn in another pattern and colour."""
        y = self._top + self._side + RULER / 2
        dark = is_dark(self.palette())
        for begin, end, number in self._stretches:
            left, right = self.place_of(begin), self.place_of(min(end + 1.0, self._last))
            verdict = VERDICTS[number]
            tone = muted(self.palette(), 0.5) if verdict == "among" else QColor(TONES[verdict][dark])
            if verdict == "far":
                painter.setPen(tone)
                painter.setBrush(QBrush(tone, Qt.BrushStyle.BDiagPattern))
                painter.drawRect(QRectF(left, y - STOP + 1, right - left, 2 * STOP - 2))
            else:
                painter.setPen(QPen(tone, 3, _LINES.get(verdict, Qt.PenStyle.SolidLine)))
                painter.drawLine(QPointF(left, y), QPointF(right, y))

    def _paint_stops(self, painter: QPainter, reel: Reel) -> None:
        y = self._top + self._side + RULER / 2
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        frames = [*reel.stops_at.tolist(), *([reel.count] if reel.is_loop else [])]
        for number, frame in enumerate(frames):
            box = QRectF(self.place_of(frame) - STOP, y - STOP, 2 * STOP, 2 * STOP)
            painter.setPen(QPen(self.palette().base().color(), 1))
            painter.setBrush(self.palette().accent())
            painter.drawRect(box)
            painter.setPen(self.palette().base().color())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number % len(reel.stops_at) + 1))

    def _paint_head(self, painter: QPainter) -> None:
        """Where it is played now."""
        x, top, bottom = self.place_of(self._position), self._top, self._top + self._side + RULER - 3
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((self.palette().base().color(), 4), (self.palette().text().color(), 2)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().text())
        painter.drawPolygon(QPolygonF([QPointF(x - 6, bottom + 3), QPointF(x + 6, bottom + 3), QPointF(x, bottom - 6)]))

    def _paint_sentence(self, painter: QPainter) -> None:
        palette = self.palette()
        palette.setCurrentColorGroup(QPalette.ColorGroup.Active)  # as easy to read as any other text
        painter.setPen(QColor(FAILURE[is_dark(palette)]) if self._is_failure else muted(palette))
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 8, -24, -8), int(words), self._sentence)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(480, 96 + RULER)

    def event(self, event: QEvent) -> bool:
        """The tooltip says what stands under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._reel is not None:
            QToolTip.showText(
                event.globalPos(), plain_tip(f"{self._words(self.frame_at(event.pos().x()))}\n{TIP}"), self
            )
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._reel is None:
            self._paint_sentence(painter)
        else:
            self._paint_pictures(painter, self._reel)
            self._paint_ruler(painter, self._reel)
            self._paint_stops(painter, self._reel)
            self._paint_head(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().accent().color(), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._reel is not None:
            self.sought.emit(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._reel is not None:
            self.sought.emit(self.frame_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steps, stops, ends; Space plays."""
        if self._reel is None:
            return super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Space:
            return self.play_pressed.emit()
        wanted = wanted_frame(event.key(), self._position, self._reel)
        if wanted is None:
            return super().keyPressEvent(event)
        return self.sought.emit(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pixmaps = []

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._say_place()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def wanted_frame(key: int, position: float, reel: Reel) -> float | None:
    """Where a key leads from a place; None: nowhere."""
    stops = [float(frame) for frame in reel.stops_at] + [reel.last]
    step = {Qt.Key.Key_Left: np.ceil(position) - 1.0, Qt.Key.Key_Right: np.floor(position) + 1.0}
    match key:
        case Qt.Key.Key_Left | Qt.Key.Key_Right:
            return float(np.clip(step[Qt.Key(key)], 0.0, reel.last))
        case Qt.Key.Key_Home:
            return 0.0
        case Qt.Key.Key_End:
            return reel.last
        case Qt.Key.Key_PageUp:
            return max((frame for frame in stops if frame < position), default=0.0)
        case Qt.Key.Key_PageDown:
            return min((frame for frame in stops if frame > position), default=reel.last)
    return None
