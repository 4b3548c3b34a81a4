"""The way of a picture through the model: picture → encoder → numbers with their σ → dot → decoder → picture."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.toolkit.image_conversion import to_qimage
from explorer.toolkit.signed_number import signed
from explorer.toolkit.theme import blend, muted

if TYPE_CHECKING:
    from explorer.workspace.placed_image import Placed

HEIGHT, SQUARE, TRUNK, NUMBERS = 84, 76, 78, 128  # pixels; the last three are widths of parts
WIDTHS = (SQUARE, TRUNK, NUMBERS, SQUARE, TRUNK, SQUARE)
GAP_LEAST, GAP_MOST = 14, 44
STEP_MS = 110  # that each part is lit before the next one
NAMED = 3  # numbers of the code that are written out
REACH = 3.5  # σ of the prior from the middle of the small map to its rim; as much more as the dot needs
NOTHING = "The way of your picture through the model: nothing yet."


class WayStrip(QWidget):
    """Every picture that comes starts a light that goes from part to part; a hand that draws keeps it going."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placed: Placed | None = None
        self._lit, self._is_newer = -1, False  # the part that is lit; whether a picture came since the light began
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._go_on)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clear()

    @property
    def lit(self) -> int:
        """Which part, 0 to 5, from picture to picture; −1: none."""
        return self._lit

    def clear(self) -> None:
        """No picture has come yet."""
        self._placed, self._lit = None, -1
        self._timer.stop()
        self.setAccessibleName(NOTHING)
        self.update()

    def show_placed(self, placed: "Placed") -> None:
        """A picture, where it was put and what was made of it."""
        self._placed, self._is_newer = placed, True
        self.setAccessibleName(f"Your picture, encoder, {', '.join(self._numbers())}, decoder, picture")
        if not self._timer.isActive():
            self._go_on()
            self._timer.start()
        self.update()

    def _go_on(self) -> None:
        """To the next part; after the last from the first again if a newer picture has come, else it goes out."""
        self._lit += 1
        if self._lit == len(WIDTHS):
            self._lit = 0 if self._is_newer else -1
        if self._lit == 0:
            self._is_newer = False
        if self._lit < 0:
            self._timer.stop()
        self.update()

    def _numbers(self) -> list[str]:
        """Those of the code that say most of the picture, each with its σ."""
        if self._placed is None:
            return []
        from core.latent.plane_choices import dimension_name

        placement = self._placed.placement
        has_sigma = placement.latent_space.draws
        said = []
        for place in telling(placement.z, placement.log_variance if has_sigma else None)[:NAMED]:
            sigma = f" ± {np.exp(placement.log_variance[place] / 2):.2f}" if has_sigma else ""
            said.append(f"{dimension_name(place)} {signed(float(placement.z[place]))}{sigma}")
        more = len(placement.z) - NAMED
        return [*said, *([f"and {more} more"] if more > 0 else [])]

    def _areas(self) -> list[QRectF]:
        """Where the parts are, from left to right; in the middle of what room there is."""
        room = max(self.width(), self.sizeHint().width())
        gap = min(GAP_MOST, (room - sum(WIDTHS)) // (len(WIDTHS) - 1))
        left, top = (room - sum(WIDTHS) - gap * (len(WIDTHS) - 1)) / 2, (HEIGHT - SQUARE) / 2
        areas = []
        for width in WIDTHS:
            areas.append(QRectF(left, top, width, SQUARE))
            left += width + gap
        return areas

    # how the parts are painted

    def _pen(self, place: int) -> QPen:
        accent, calm = self.palette().color(QPalette.ColorRole.Accent), muted(self.palette(), 0.35)
        return QPen(accent, 2.5) if place == self._lit else QPen(calm, 1.2)

    def _fill(self, place: int) -> QColor:
        accent, base = (self.palette().color(each) for each in (QPalette.ColorRole.Accent, QPalette.ColorRole.Base))
        return blend(accent, base, 0.25 if place == self._lit else 0.0)

    def _paint_part(self, painter: QPainter, place: int, area: QRectF) -> None:
        placement = None if self._placed is None else self._placed.placement
        match place:
            case 0:
                self._paint_picture(painter, area, None if placement is None else placement.pixels)
            case 1:
                self._paint_trunk(painter, area, "encoder", narrows=True)
            case 2:
                self._paint_numbers(painter, area)
            case 3:
                self._paint_dot(painter, area)
            case 4:
                self._paint_trunk(painter, area, "decoder", narrows=False)
            case _:
                self._paint_picture(painter, area, None if placement is None else placement.reconstruction)

    def _paint_picture(self, painter: QPainter, area: QRectF, pixels: NDArray[np.uint8] | None) -> None:
        painter.drawRoundedRect(area, 3, 3)
        if pixels is not None:
            painter.drawImage(area.adjusted(3, 3, -3, -3), to_qimage(pixels))

    def _paint_trunk(self, painter: QPainter, area: QRectF, words: str, narrows: bool) -> None:
        """Wide where the picture is, narrow where the numbers are."""
        left, right = (0.0, 0.26) if narrows else (0.26, 0.0)
        corners = [(0, left), (1, right), (1, 1 - right), (0, 1 - left)]
        at = [QPointF(area.left() + x * area.width(), area.top() + y * area.height()) for x, y in corners]
        painter.drawPolygon(QPolygonF(at))
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_numbers(self, painter: QPainter, area: QRectF) -> None:
        painter.drawRoundedRect(area, 3, 3)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "\n".join(self._numbers()) or "numbers\nwith their σ")

    def _paint_dot(self, painter: QPainter, area: QRectF) -> None:
        """A small map: the prior's first two rings, the dot, and the ellipse of its σ."""
        painter.drawRoundedRect(area, 3, 3)
        painter.save()
        painter.setClipRect(area)
        far = 0.0 if self._placed is None else 1.15 * max(map(abs, self._placed.point))
        middle, scale = area.center(), area.width() / 2 / max(REACH, far)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(muted(self.palette(), 0.25), 1))
        for ring in (1, 2):
            painter.drawEllipse(middle, ring * scale, ring * scale)
        if self._placed is not None:
            accent = self.palette().color(QPalette.ColorRole.Accent)
            painter.setPen(QPen(accent, 1.5))
            u, v = self._placed.point
            painter.translate(middle + QPointF(u * scale, -v * scale))
            self._paint_sigma(painter, scale)
            painter.setBrush(accent)
            painter.drawEllipse(QPointF(0, 0), 2.5, 2.5)
        painter.restore()

    def _paint_sigma(self, painter: QPainter, scale: float) -> None:
        """One σ around the dot; nothing on a map that is no plane."""
        if self._placed is None or self._placed.ellipse is None:
            return
        variances, axes = np.linalg.eigh(self._placed.ellipse[1])
        painter.save()
        painter.rotate(-float(np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))))
        across, along = np.sqrt(variances) * scale
        painter.drawEllipse(QPointF(0, 0), float(across), float(along))
        painter.restore()

    # Qt's

    def sizeHint(self) -> QSize:
        return QSize(sum(WIDTHS) + GAP_LEAST * (len(WIDTHS) - 1), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, HEIGHT)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, areas = QPainter(self), self._areas()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        share = min(1.0, self.width() / self.sizeHint().width())
        painter.translate(0.0, HEIGHT * (1.0 - share) / 2)
        painter.scale(share, share)  # all of it is seen in a narrow window
        painter.setPen(QPen(muted(self.palette(), 0.5), 1.2))
        for one, other in pairwise(areas):
            tip = QPointF(other.left() - 3, HEIGHT / 2)
            painter.drawLine(QPointF(one.right() + 3, HEIGHT / 2), tip)
            painter.drawLine(tip - QPointF(4, 3), tip)
            painter.drawLine(tip - QPointF(4, -3), tip)
        for place, area in enumerate(areas):
            painter.setPen(self._pen(place))
            painter.setBrush(self._fill(place))
            self._paint_part(painter, place, area)


def telling(z: NDArray[np.float32], log_variance: NDArray[np.float32] | None) -> list[int]:
    """The dimensions of a code (d,) by how much they say of one picture, the most first: by their KL in nats.

    Without log-variances (d,) by how far they are from the middle.
    """
    square = z.astype(np.float64) ** 2
    kl = square if log_variance is None else square + np.exp(log_variance) - log_variance
    return [int(place) for place in np.argsort(-kl, kind="stable")]
