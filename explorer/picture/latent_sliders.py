"""One slider a latent dimension, the most informative first."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QDoubleSpinBox,
    QGraphicsOpacityEffect,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from explorer.toolkit.mouse_wheel import pass_wheel_on
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.theme import muted
from explorer.toolkit.wrapped_label import WrappedLabel

ROWS_FIRST = 12
ROWS_MORE = 20
DEAD_NATS = 0.01
STEPS = 600  # of a slider; a tenth of a sigma is 10 when the range is six sigma
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
EMPTY = "The dimensions of z appear here once a model has learned something."

Floats = NDArray[np.float32]


class LatentSliders(QWidget):
    """Moves z one dimension at a time. z itself is kept here: a row is only a view on one of its numbers."""

    z_changed = Signal(object)  # a new float32 (d,), only when the user moved it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Latent dimensions")
        self._kl = self._low = self._high = self._z = np.zeros(0, np.float32)
        self._order: list[int] = []
        self._is_order_kept = False
        self._rows: list[_Row] = []
        self._rows_wanted = ROWS_FIRST
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 4, 8)
        column.addLayout(self._build_heading())
        self._area = self._build_list()
        column.addWidget(self._area, 1)
        self._arrange()

    def show_dimensions(self, kl_per_dim: Floats, low: Floats, high: Floats) -> None:
        """KL in nats and the ends of the sliders, each (d,); the order stays as `keep_order` and a hand on it say."""
        has_same_dims = len(kl_per_dim) == len(self._kl)
        self._kl, self._low, self._high = (np.array(each, np.float32) for each in (kl_per_dim, low, high))
        if not has_same_dims:
            self._rows_wanted = ROWS_FIRST
            self._z = self._mean()
        if not has_same_dims:
            self._sort()
        self._sort_if_free()
        self._arrange()

    def keep_order(self, is_kept: bool) -> None:
        """Whether every dimension stays in its row, as while a model learns; afterwards the most nats are first."""
        self._is_order_kept = is_kept
        if self._sort_if_free():
            self._arrange()

    def show_z(self, z: Floats) -> None:
        """Follow a z that was moved elsewhere; emits nothing. Ignored when its length is not the sliders'."""
        if len(z) != len(self._kl):
            return
        self._z = np.array(z, np.float32)
        self._show_values()

    def _sort(self) -> None:
        self._order = np.argsort(-self._kl, kind="stable").tolist()

    def _sort_if_free(self) -> bool:
        is_free = not self._is_order_kept and not self._is_in_use()
        if is_free:
            self._sort()
        return is_free

    def _is_in_use(self) -> bool:
        focus = QApplication.focusWidget()
        has_keyboard = focus is not None and self._list.isAncestorOf(focus)
        return has_keyboard or any(row.is_held for row in self._rows)

    def _mean(self) -> Floats:
        return np.asarray((self._low + self._high) / 2, np.float32)

    def _move(self, dimension: int, value: float) -> None:
        self._z[dimension] = value
        self.z_changed.emit(self._z.copy())

    def _reset(self) -> None:
        self.show_z(self._mean())
        self.z_changed.emit(self._z.copy())

    def _show_more(self) -> None:
        self._rows_wanted += ROWS_MORE
        self._arrange()

    def _arrange(self) -> None:
        """Bind a row to each dimension that is shown; rows are made when first needed, at most a few at a time."""
        shown = self._order[: self._rows_wanted]
        while len(self._rows) < len(shown):
            self._add_row()
        most = float(np.fmax.reduce(self._kl, initial=DEAD_NATS))
        for row, dimension in zip(self._rows, shown, strict=False):
            ends = float(self._low[dimension]), float(self._high[dimension])
            row.show_dimension(dimension, float(self._kl[dimension]), most, *ends)
        for row in self._rows[len(shown) :]:
            row.setVisible(False)
        self._show_values()
        self._show_counts(len(shown))

    def _show_values(self) -> None:
        """Only of the rows in view: a drag must not pay for hundreds that are scrolled away."""
        top = self._area.verticalScrollBar().value()
        bottom = top + self._area.viewport().height()
        for row, dimension in zip(self._rows, self._order, strict=False):
            if row.geometry().bottom() >= top and row.y() <= bottom:
                row.show_value(float(self._z[dimension]))

    def _show_counts(self, shown: int) -> None:
        total, dead = len(self._kl), int((self._kl < DEAD_NATS).sum())
        left = total - shown
        self._more.setText(f"Show {min(ROWS_MORE, left)} more of {left:,}")
        self._more.setVisible(left > 0)
        self._reset_button.setVisible(total > 0)
        words = f"{total:,} dimension{'s' if total > 1 else ''}{'' if np.isnan(self._kl).all() else ', KL in nats'}"
        words += f"; {dead:,} carr{'y' if dead > 1 else 'ies'} nothing" if dead else ""
        self._counts.setText(words if total else EMPTY)

    def _add_row(self) -> None:
        row = _Row(self._list)
        row.moved.connect(self._move)
        self._rows.append(row)
        self._list_layout.insertWidget(len(self._rows) - 1, row)

    def _build_heading(self) -> QHBoxLayout:
        self._counts = WrappedLabel()
        self._counts.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._counts.setToolTip(plain_tip("A dimension whose KL is below 0.01 nats says nothing about an image"))
        self._reset_button = QPushButton("Reset to mean")
        self._reset_button.clicked.connect(self._reset)
        self._reset_button.setAccessibleName("Reset z to its mean")
        self._reset_button.setToolTip(plain_tip("Put every dimension back to the mean of the images"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._counts, 1)
        row.addWidget(self._reset_button)
        return row

    def _build_list(self) -> QScrollArea:
        self._list = QWidget()
        self._list_layout = QVBoxLayout(self._list)
        self._list_layout.setContentsMargins(0, 0, 8, 0)
        self._list_layout.setSpacing(2)
        self._more = QPushButton()
        self._more.clicked.connect(self._show_more)
        self._more.setAccessibleName("Show more dimensions")
        self._more.setToolTip(plain_tip("Dimensions that say less about the images"))
        self._list_layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._list_layout.addStretch()
        area = having(QScrollArea(widgetResizable=True), widget=self._list)
        area.verticalScrollBar().valueChanged.connect(self._show_values)
        area.verticalScrollBar().rangeChanged.connect(self._show_values)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area


class _Row(QWidget):
    """Name, slider, number and KL of one dimension; which one can change."""

    moved = Signal(int, float)  # dimension, value

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._dimension, self._low, self._high = 0, -1.0, 1.0
        self._name, self._kl = QLabel(), _KlBar()
        self._slider, self._spin = _Slider(), QDoubleSpinBox(decimals=2, minimum=-999.0, maximum=999.0, singleStep=0.1)
        self._spin.setKeyboardTracking(False)
        self._spin.setFixedWidth(72)
        self._name.setMinimumWidth(self.fontMetrics().horizontalAdvance("z₁₀₂₄"))
        self._slider.valueChanged.connect(self._take_slider)
        self._slider.reset_asked.connect(self._reset)
        self._spin.valueChanged.connect(self._take_spin)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for column, widget in enumerate((self._name, self._slider, self._spin, self._kl)):
            grid.addWidget(widget, 0, column)
        pass_wheel_on(self)

    @property
    def is_held(self) -> bool:
        return self._slider.isSliderDown()

    def show_dimension(self, dimension: int, kl: float, most: float, low: float, high: float) -> None:
        self._dimension, self._low, self._high = dimension, low, high
        name, is_dead = f"z{dimension + 1}".translate(SUBSCRIPTS), kl < DEAD_NATS
        self._name.setText(name)
        self._show_dead(is_dead)
        self._kl.show_share(kl, most)
        why = "\nDead: moving it changes next to nothing" if is_dead else ""
        self._slider.setToolTip(
            plain_tip(f"{name}, from {low:.2f} to {high:.2f}\nDouble-click or Backspace: its mean{why}")
        )
        self._spin.setToolTip(plain_tip(f"{name} as a number; it may lie beyond the slider{why}"))
        self._slider.setAccessibleName(f"z {dimension + 1} slider")
        self._spin.setAccessibleName(f"z {dimension + 1} value")
        self.setVisible(True)

    def _show_dead(self, is_dead: bool) -> None:
        if is_dead != (self.graphicsEffect() is not None):
            effect = QGraphicsOpacityEffect(self, opacity=0.5) if is_dead else None
            self.setGraphicsEffect(effect)  # type: ignore[arg-type]  # the stubs know no None

    def show_value(self, value: float) -> None:
        """Emits nothing; leaves alone what the user holds or is typing."""
        if not self.is_held:
            self._set_slider(value)
        if not (self._spin.hasFocus() and self._spin.lineEdit().isModified()):
            self._set_spin(value)

    def _set_slider(self, value: float) -> None:
        share = (value - self._low) / max(self._high - self._low, 1e-9)
        blocked = self._slider.blockSignals(True)
        self._slider.setValue(round(min(max(share, 0.0), 1.0) * STEPS))
        self._slider.blockSignals(blocked)

    def _set_spin(self, value: float) -> None:
        blocked = self._spin.blockSignals(True)
        self._spin.setValue(value)
        self._spin.lineEdit().setModified(False)
        self._spin.blockSignals(blocked)

    def _take_slider(self, position: int) -> None:
        value = self._low + (self._high - self._low) * position / STEPS
        self._set_spin(value)
        self.moved.emit(self._dimension, value)

    def _take_spin(self, value: float) -> None:
        self._spin.lineEdit().setModified(False)
        self._set_slider(value)
        self.moved.emit(self._dimension, value)

    def _reset(self) -> None:
        self._slider.setSliderDown(False)
        mean = (self._low + self._high) / 2
        self._set_slider(mean)
        self._set_spin(mean)
        self.moved.emit(self._dimension, mean)


class _Slider(QSlider):
    """Arrow keys move by a tenth of a sigma, Page keys by one; the wheel is left to the list."""

    reset_asked = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 60)
        self.setPageStep(STEPS // 6)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.reset_asked.emit()
            return
        super().keyPressEvent(event)


class _KlBar(QWidget):
    """KL in nats as a number on a bar whose full length is the most informative dimension."""

    def __init__(self) -> None:
        super().__init__()
        self._kl, self._most = 0.0, 1.0

    def show_share(self, kl: float, most: float) -> None:
        self._kl, self._most = kl, most
        if math.isnan(kl):  # a model that was trained elsewhere does not say it
            self.setAccessibleName("KL not known")
            self.setToolTip("")
            self.update()
            return
        self.setAccessibleName(f"KL {kl:.2f} nats")
        self.setToolTip(plain_tip(f"KL: {kl:.3f} nats per image, what this dimension can say about an image"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(76, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if math.isnan(self._kl):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, self.height() / 2 - 3, self.width() - 38, 6)
        painter.setBrush(self.palette().mid())
        painter.drawRoundedRect(track, 3, 3)
        share = self._kl / self._most if math.isfinite(self._kl) else 0.0
        painter.setBrush(self.palette().accent())
        painter.drawRoundedRect(
            QRectF(track.topLeft(), track.size()).adjusted(0, 0, (share - 1) * track.width(), 0), 3, 3
        )
        painter.setPen(muted(self.palette()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, short(self._kl))


def short(nats: float) -> str:
    """What fits beside the bar."""
    return f"{nats:.2f}" if nats < 100 else f"{nats:,.0f}"


def _open_alone() -> None:
    import sys

    from explorer.toolkit.theme import apply_theme

    app = QApplication(sys.argv)
    apply_theme(app)
    panel = LatentSliders()
    reach = np.full(64, 3, np.float32)
    panel.show_dimensions(np.random.default_rng(0).exponential(1, 64).astype(np.float32), -reach, reach)
    panel.z_changed.connect(lambda z: print(z[:4]))
    panel.resize(360, 480)
    panel.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    _open_alone()
