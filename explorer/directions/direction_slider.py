"""One direction in the list: its name to edit, how far to trust it, its slider, and how far that is."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSlider, QToolButton, QWidget

from explorer.directions.direction_rows import LONGEST_NAME, DirectionRow
from explorer.toolkit.descriptions import describe
from explorer.toolkit.mouse_wheel import pass_wheel_on
from explorer.toolkit.properties import having
from explorer.toolkit.theme import quiet

STEPS = 100  # of the slider, for one length of the direction
MOST = 2  # lengths, either way
NAME_WIDTH = 96

# how far to trust: a sign that does not need its colour
SIGNS = {
    "reliable": "✓",
    "weak": "≈",
    "no better than chance": "✗",
    "too few images to say": "?",
    "not measured": "·",
}


class DirectionSlider(QWidget):
    """Tells by its name what was done to the direction; touching any part of it chooses it."""

    chosen = Signal(str)
    slid = Signal(str, float)
    renamed = Signal(str, str)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: DirectionRow | None = None
        self._is_current = False
        self._name = QLineEdit(maxLength=LONGEST_NAME)
        self._name.setFrame(False)
        self._name.setMinimumWidth(NAME_WIDTH)
        self._sign, self._amount = QLabel(textFormat=Qt.TextFormat.PlainText), quiet("")
        self._sign.setFixedWidth(self.fontMetrics().horizontalAdvance("M"))
        self._amount.setFixedWidth(self.fontMetrics().horizontalAdvance("−2.00") + 6)
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._slider = _Slider()
        self._remove = having(QToolButton(), text="✕")
        self._name.editingFinished.connect(self._rename)
        self._slider.valueChanged.connect(lambda value: self._tell(self.slid, value / STEPS))
        self._remove.clicked.connect(lambda: self._tell(self.removed))
        row = having(QHBoxLayout(self), spacing=4)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._sign, self._name, self._slider, self._amount, self._remove):
            row.addWidget(widget, 1 if widget in (self._name, self._slider) else 0)
            widget.installEventFilter(self)
        pass_wheel_on(self)

    def show_row(self, row: DirectionRow, is_current: bool) -> None:
        """What it is and where its slider is; what is being typed or held is left alone."""
        if (row, is_current) == (self._row, self._is_current):
            return  # a drag on the map asks this of every direction
        self._row, self._is_current = row, is_current
        self._show_words(row)
        self._show_font(is_current)
        if not self._slider.isSliderDown():
            with QSignalBlocker(self._slider):
                self._slider.setValue(round(row.amount * STEPS))
        self._amount.setText(f"{row.amount:+.2f}".replace("-", "−") if row.amount else "0")

    def _show_words(self, row: DirectionRow) -> None:
        if not self._name.isModified():
            self._name.setText(row.name)
            self._name.setCursorPosition(0)
        describe(self._name, f"Name of {row.name}", f"{row.name}: {row.made_of}\nType another name, then Enter")
        self._sign.setText(SIGNS[row.trust])
        describe(self._sign, row.trust, f"{row.trust.capitalize()}\n{row.figures}".strip())
        tip = "From −2 to +2 times the direction; double-click or Backspace: 0"
        describe(self._slider, f"{row.name}, {row.trust}", f"{row.name}\n{tip}")
        describe(self._remove, f"Remove {row.name}", f"Take {row.name} off the list; Ctrl+Z brings it back")

    def _show_font(self, is_current: bool) -> None:
        font = QFont(self._name.font())
        font.setBold(is_current)
        self._name.setFont(font)

    def _rename(self) -> None:
        wished = self._name.text().strip()
        self._name.setModified(False)
        if self._row is not None and wished and wished != self._row.name:
            self.renamed.emit(self._row.name, wished)
        elif self._row is not None:
            self._name.setText(self._row.name)

    def _tell(self, signal: SignalInstance, *more: float) -> None:
        if self._row is not None:
            signal.emit(self._row.name, *more)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: a click on any part, or the focus of one, chooses this direction."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.MouseButtonPress):
            self._tell(self.chosen)
        return super().eventFilter(watched, event)


class _Slider(QSlider):
    """Arrow keys move by a tenth, Page keys by a half; the wheel is left to the list."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(-MOST * STEPS, MOST * STEPS)
        self.setSingleStep(STEPS // 10)
        self.setPageStep(STEPS // 2)
        self.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.setTickInterval(STEPS)
        self.setMinimumWidth(76)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.setValue(0)
            return
        super().keyPressEvent(event)
