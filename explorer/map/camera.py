"""Which part of the plane is in view: it follows the codes until a hand moves it, and glides where it is sent."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QObject, QTimer, QVariantAnimation, Signal

from explorer.map.frame import UNIT_VIEW, Extent, Frame, fitted, has_outgrown

_SETTLE_MS = 120
_GLIDE_MS = 220
_PADDING = 0.08


class MapCamera(QObject):
    """Holds the frame; every change of it is told at once, and once more when it has settled."""

    moved = Signal()
    settled = Signal(float, float, float, float)  # left, bottom, right, top

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame = fitted(UNIT_VIEW, 600.0, 600.0)
        self._follows, self._is_held = True, False
        self._fitted: Extent | None = None  # what was last brought into view
        self._settle_timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle_timer.timeout.connect(lambda: self.settled.emit(*self.frame.extent))
        self._glide = QVariantAnimation(self, duration=_GLIDE_MS, startValue=0.0, endValue=1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._step_glide)

    def tell(self) -> None:
        """Say what is in view once it has settled, even if it did not move."""
        self._settle_timer.start()

    def resize(self, width: float, height: float) -> None:
        """The view has another size: what was followed is all in view again, else the middle and the scale stay."""
        self._show(self.frame.resized(width, height))
        if self._follows:
            self._go_to(self._fitted or UNIT_VIEW, glides=False)

    def fit(self, where: Extent | None, glides: bool) -> None:
        """Bring this into view, and follow it from now on; None: there is nothing yet."""
        self._follows, self._fitted = True, where
        self._go_to(where or UNIT_VIEW, glides)

    def follow(self, where: Extent, glides: bool) -> None:
        """Unless a hand moved the view: fit what is there for the first time, and when it has grown or shrunk."""
        if not self._follows or self._is_held:
            return
        if self._fitted is None or has_outgrown(self._fitted, where, _PADDING):
            self._go_to(where, glides and self._fitted is not None)
            self._fitted = where

    def hold(self, is_held: bool) -> None:
        """Whether it stays where it is though the codes grow or shrink, so that they are seen to."""
        self._is_held = is_held

    def pan(self, du: float, dv: float) -> None:
        """The hand moves the view: from now on it does not follow."""
        self._take_over(self.frame.moved(du, dv))

    def zoom(self, factor: float, u: float, v: float) -> None:
        """Show `factor` times as much, with (u, v) where it is."""
        self._take_over(self.frame.zoomed(factor, u, v))

    def bring_into_view(self, u: float, v: float, glides: bool) -> None:
        """Pan no farther than a place that has left the view asks for; the view follows the codes as before."""
        is_gliding = self._glide.state() == QVariantAnimation.State.Running
        bound = self._framed(self._glide_to) if is_gliding else self.frame
        target = bound.reaching(u, v)
        if target is not bound:
            self._move_to(target, glides)

    def _go_to(self, where: Extent, glides: bool) -> None:
        pad = _PADDING * max(where[2] - where[0], where[3] - where[1])
        sides = np.add(where, (-pad, -pad, pad, pad)).tolist()
        self._move_to(fitted(sides, self.frame.width, self.frame.height), glides)

    def _move_to(self, target: Frame, glides: bool) -> None:
        self._glide.stop()
        if not glides:
            self._show(target)
            return
        self._glide_from, self._glide_to = np.array(self.frame.extent), np.array(target.extent)
        self._glide.start()

    def _step_glide(self, share: float) -> None:
        self._show(self._framed((1 - share) * self._glide_from + share * self._glide_to))

    def _framed(self, sides: NDArray[np.float64]) -> Frame:
        left, bottom, right, top = sides.tolist()
        return Frame(left, bottom, right, top, self.frame.width, self.frame.height)

    def _take_over(self, frame: Frame) -> None:
        self._glide.stop()
        self._follows = False
        self._show(frame)

    def _show(self, frame: Frame) -> None:
        self.frame = frame
        self._settle_timer.start()
        self.moved.emit()
