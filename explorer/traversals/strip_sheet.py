"""Strips of pictures, a block for each dimension: painted as far as they are in view, walked with arrow keys."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import allow
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.theme import FAILURE, is_dark, muted
from explorer.traversals.strip_painter import MARK, StripPainter
from explorer.traversals.strip_places import StripPlaces
from explorer.traversals.strip_plan import StripPlan

Pixels = NDArray[np.uint8]

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Tile:
    """One picture: its line of strips (a place in the list of dimensions), the start, the step."""

    line: int
    start: int
    step: int


class StripSheet(QAbstractScrollArea):
    """Says which dimensions are in view, and which picture was chosen; keeps no picture that is out of view."""

    clicked = Signal(int, int, int)  # start, dimension, step
    seen = Signal(object)  # tuple of dimensions, those nearly in view too

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: StripPlan | None = None
        self._order: tuple[int, ...] = ()
        self._is_unfolded = self._is_beside = False
        self._strips = StripPainter(self)
        self._sentence, self._is_failure = "", False
        self._tile = Tile(0, 0, 0)
        self._seen: tuple[int, ...] = ()
        self.menu = MenuAsker(self, self.picture_at)
        self.menu.allow(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setMinimumSize(240, 90)
        self.setAccessibleName("Traversals")
        self.verticalScrollBar().valueChanged.connect(self._look)

    def show_plan(self, plan: StripPlan) -> None:
        """What the strips are of; pictures that are shown stay until newer ones come."""
        is_other = self._plan is None or self._plan.shape != plan.shape
        self._plan = plan
        if is_other:
            self._tile, self._seen = Tile(0, 0, 0), ()
            self._strips.keep_only(())
            self.verticalScrollBar().setValue(0)
        self._arrange()

    def show_strip(self, dimension: int, pixels: Pixels) -> None:
        """Pictures uint8 (B, n, H, W, C) of one dimension; ignored when they are not of the plan."""
        if self._plan is not None and pixels.shape[:2] == self._plan.shape[1:] and dimension in self._seen:
            self._strips.keep(dimension, pixels)
            self.viewport().update()

    def show_unfolded(self, is_unfolded: bool) -> None:
        """Whether dead dimensions are listed too."""
        self._is_unfolded = is_unfolded
        self._arrange()

    def show_beside(self, is_beside: bool) -> None:
        """Whether the strips of one dimension stand side by side, or one under the other."""
        self._is_beside = is_beside
        self._arrange()

    def show_sentence(self, sentence: str, is_failure: bool = False) -> None:
        """Say in place of the strips why there are none."""
        self._plan, self._order, self._seen = None, (), ()
        self._strips.keep_only(())
        self._sentence, self._is_failure = sentence, is_failure
        self.setAccessibleDescription(sentence)
        self._arrange()

    @property
    def order(self) -> tuple[int, ...]:
        """The dimensions that are listed, most nats first."""
        return self._order

    @property
    def places(self) -> StripPlaces:
        """Where everything stands."""
        plan, metrics = self._plan, self.fontMetrics()
        starts, steps = (len(plan.names), plan.steps) if plan is not None else (1, 1)
        return StripPlaces(
            lines=len(self._order),
            starts=starts,
            steps=steps,
            is_beside=self._is_beside,
            width=self.viewport().width(),
            height=self.viewport().height(),
            label=metrics.horizontalAdvance("z₁₀₂₄  00.00 nats") + 8,
            text=metrics.height(),
        )

    def _arrange(self) -> None:
        if self._plan is not None:
            self._order = self._plan.alive + (self._plan.dead if self._is_unfolded else ())
            last = Tile(max(0, len(self._order) - 1), len(self._plan.names) - 1, self._plan.steps - 1)
            at = self._tile
            self._tile = Tile(min(at.line, last.line), min(at.start, last.start), min(at.step, last.step))
        self.menu.allow(bool(self._order))
        allow(self, "" if self._plan is not None else self._sentence or " ")  # there is nothing to walk
        places, bar = self.places, self.verticalScrollBar()
        bar.setRange(0, max(0, places.total - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(places.line_height)
        self._look()
        self._say_tile()

    def _look(self) -> None:
        """Tell which dimensions are in view; forget the pictures of others."""
        top = self.verticalScrollBar().value()
        first, last = self.places.lines_between(top, top + self.viewport().height())
        seen = self._order[max(0, first - 1) : last + 1]
        if seen != self._seen:
            self._seen = seen
            self._strips.keep_only(seen)
            self.seen.emit(seen)
        self.viewport().update()

    def picture_at(self, position: QPoint | None) -> tuple[int, int, int] | None:
        """Start, dimension and step of the picture at a place, or, where there is none, of the one the keys are at."""
        if self._plan is None or not self._order:
            return None
        tile = (self._at(position) if position is not None else None) or self._tile
        return tile.start, self._order[tile.line], tile.step

    def _at(self, position: QPoint) -> Tile | None:
        return self.places.tile_at(position.x(), position.y() + self.verticalScrollBar().value(), Tile)

    def _rect(self, tile: Tile) -> QRect:
        """Where a picture stands in the viewport."""
        left, top, side = self.places.place_of(tile.line, tile.start, tile.step)
        return QRect(left, top - self.verticalScrollBar().value(), side, side)

    def _name(self, line: int) -> str:
        return f"z{self._order[line] + 1}".translate(SUBSCRIPTS)

    def _words(self, tile: Tile) -> str:
        assert self._plan is not None
        dimension = self._order[tile.line]
        value = f"{self._plan.values[dimension, tile.step]:.2f}".replace("-", "−")
        of = f", from {drawable(self._plan.names[tile.start])}" if len(self._plan.names) > 1 else ""
        return "; ".join(filter(None, (f"{self._name(tile.line)} = {value}{of}", self._plan.nats_of(dimension))))

    def _say_tile(self) -> None:
        if self._plan is not None and self._order:
            at = self._tile
            self.setAccessibleDescription(f"{self._words(at)}, picture {at.step + 1} of {self._plan.steps}")

    def _move_to(self, tile: Tile) -> None:
        self._tile = tile
        place, bar = self._rect(tile), self.verticalScrollBar()
        above, below = place.top(), place.bottom() + MARK - self.viewport().height()
        bar.setValue(bar.value() + (below if below > 0 else min(0, above)))
        self._say_tile()
        self.viewport().update()

    def _choose(self, tile: Tile) -> None:
        self._move_to(tile)
        self.clicked.emit(tile.start, self._order[tile.line], tile.step)

    def _step(self, down: int, across: int) -> None:
        """One picture on; up and down over all strips, those of one dimension and those of the next."""
        assert self._plan is not None
        starts, steps, at = len(self._plan.names), self._plan.steps, self._tile
        if self._is_beside:
            column = min(max(at.start * steps + at.step + across, 0), starts * steps - 1)
            line = min(max(at.line + down, 0), len(self._order) - 1)
            return self._move_to(Tile(line, *divmod(column, steps)))
        strip = min(max(at.line * starts + at.start + down, 0), len(self._order) * starts - 1)
        return self._move_to(Tile(*divmod(strip, starts), min(max(at.step + across, 0), steps - 1)))

    def sizeHint(self) -> QSize:
        """Wide and low, for a bottom tab."""
        return QSize(480, 200)

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip says what picture it is over."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tile = self._at(event.pos()) if self._plan is not None else None
            QToolTip.showText(
                event.globalPos(), plain_tip(f"{self._words(tile)}\nClick to go there") if tile else "", self
            )
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._strips.resize()
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        palette = self.palette()
        palette.setCurrentColorGroup(QPalette.ColorGroup.Active)  # as easy to read as any other text
        painter.fillRect(self.viewport().rect(), palette.base())
        if self._plan is None:
            painter.setPen(QColor(FAILURE[is_dark(palette)]) if self._is_failure else muted(palette))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(24, 12, -24, -12), int(words), self._sentence)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, top = self.places, self.verticalScrollBar().value()
        painter.translate(0, -top)
        for line in range(*places.lines_between(top, top + self.viewport().height())):
            self._strips.paint_line(painter, self._plan, places, line, self._order[line], self._name(line))
        painter.translate(0, top)
        if places.heading:
            self._strips.paint_heading(painter, self._plan, places)
        if self.hasFocus() and self._order:
            painter.setPen(QPen(self.palette().accent().color(), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._rect(self._tile).adjusted(0, 0, -1, -1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or self._plan is None:
            return
        if (tile := self._at(position)) is not None:
            self._choose(tile)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._plan is None or not self._order:
            super().keyPressEvent(event)
        elif event.key() in _ENTER:
            self._choose(self._tile)
        elif event.key() in _STEPS:
            self._step(*_STEPS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            last = self._plan.steps - 1 if event.key() == Qt.Key.Key_End else 0
            self._move_to(Tile(self._tile.line, self._tile.start, last))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
