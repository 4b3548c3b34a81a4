"""A plane on which a place is to be marked: by a click, or by the arrow keys."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from core.reports.lessons import Mark
from explorer.lessons.plane_view import PlaneView
from explorer.toolkit.plain_text import plain_tip

STEP, LONG_STEP = 0.05, 0.5  # of the plane, an arrow key; with Shift
TIP = "Click where you think it lands, or go there with the arrow keys (Shift: farther)."
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Down: (0, -1), Qt.Key.Key_Up: (0, 1)}


class PlaceField(PlaneView):
    """Emits each place that is marked; arrow keys begin in the middle."""

    placed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place: tuple[float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip(plain_tip(TIP))
        self.setAccessibleDescription(TIP)

    def marks(self) -> tuple[Mark, ...]:
        """Those of the cloud, and the guess."""
        own = () if self._place is None else (Mark("your guess", *self._place, "guess"),)
        return (*super().marks(), *own)

    def edge(self) -> QPen:
        """Told from others while keys arrive here."""
        return QPen(self.palette().accent().color(), 2) if self.hasFocus() else super().edge()

    # inside

    def _take(self, u: float, v: float) -> None:
        reach = 1.0 if self.view is None else self.view.reach
        u, v = self._place = float(np.clip(u, -reach, reach)), float(np.clip(v, -reach, reach))
        self.setAccessibleDescription(f"Marked: {u:.2f}, {v:.2f}")
        self.update()
        self.placed.emit(u, v)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._take(*self.plot().place(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ARROWS:
            super().keyPressEvent(event)
            return
        across, up = _ARROWS[Qt.Key(event.key())]
        step = LONG_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
        u, v = self._place or (0.0, 0.0)
        self._take(u + step * across, v + step * up)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
