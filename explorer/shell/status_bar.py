"""The status bar: what the program works on, how fast, how long still, and what it left out."""

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QToolButton, QWidget

from explorer.toolkit.plain_text import plain_tip

# segment: what its tooltip says
_SEGMENTS = {
    "Device": "What the model is computed on, and with which numbers",
    "Speed": "Images the training takes in each second",
    "Time left": "An estimate; it settles after the first minute",
}


class StatusBar(QStatusBar):
    """A message at the left, facts at the right; a fact that is not known takes no room."""

    skipped_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setAccessibleName("Status")
        self._message = _Message()
        self.addWidget(self._message, 1)
        self._segments = {name: self._add_segment(name, tooltip) for name, tooltip in _SEGMENTS.items()}
        self._skipped = QToolButton()
        self._skipped.clicked.connect(self.skipped_clicked)
        self._skipped.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._skipped.setToolTip(plain_tip("List the files that are not used, each with its reason"))
        self.addPermanentWidget(self._skipped)
        self.show_skipped(0)  # without words it is 2 pixels higher, and so is the bar

    def show_message(self, text: str) -> None:
        """What is going on, or what has just been done."""
        self._message.setText(text)
        self._message.setToolTip(plain_tip(text))

    def show_device(self, device: str, precision: str, threads: int = 0, trial: str = "") -> None:
        """For example "cpu" and "float32"; on how many threads, and how this was found, where that is known."""
        on = f"{threads} thread{'s' if threads > 1 else ''}" if threads else ""
        self._show_segment("Device", " · ".join(filter(None, (_device_name(device), precision, on))))
        tip = "; ".join(filter(None, (_SEGMENTS["Device"], trial)))
        self._segments["Device"].setToolTip(plain_tip(tip))

    def show_speed(self, images_per_second: float | None) -> None:
        """None or 0 when nothing is being trained."""
        self._show_segment("Speed", f"{_speed(images_per_second)} images/s" if images_per_second else "")

    def show_time_left(self, seconds: float | None) -> None:
        """None when not known."""
        left = f"{words_for_seconds(seconds)} left" if seconds is not None and math.isfinite(seconds) else ""
        self._show_segment("Time left", left)

    def show_skipped(self, count: int) -> None:
        """How many files of the image set are not used."""
        self._skipped.setText(f"{count:,} skipped")
        self._skipped.setAccessibleName(f"{count:,} files skipped")
        self._skipped.setVisible(count > 0)

    def _show_segment(self, name: str, text: str) -> None:
        self._segments[name].setText(text)
        self._segments[name].setVisible(bool(text))

    def _add_segment(self, name: str, tooltip: str) -> QLabel:
        label = QLabel(textFormat=Qt.TextFormat.PlainText)
        label.setAccessibleName(name)
        label.setToolTip(plain_tip(tooltip))
        label.setContentsMargins(8, 0, 8, 0)
        self.addPermanentWidget(label)
        label.hide()
        return label


class _Message(QLabel):
    """Cut short rather than widening the window; the tooltip has it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName("Message")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        area = self.rect().adjusted(8, 0, -8, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        QPainter(self).drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def words_for_seconds(seconds: float) -> str:
    """How long that is, as a person would say it: never more exact than an estimate is."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 55:
        return f"about {round(seconds / 10) * 10} seconds"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min"
    hours, rest = divmod(round(minutes / 5) * 5, 60)
    if hours < 24:
        return f"about {hours} h {rest} min" if rest else f"about {hours} h"
    days = round(hours / 24)
    return f"about {days} day{'s' if days > 1 else ''}"


def _device_name(device: str) -> str:
    """cpu → CPU, cuda:0 → CUDA:0; a product's name stays as it is."""
    return device.upper() if device.split(":")[0] in ("cpu", "cuda", "mps") else device


def _speed(value: float) -> str:
    """Three figures are all a speed is good for, and do not flicker."""
    if value < 1:
        return f"{value:.1g}"
    digits = max(0, math.floor(math.log10(value)) - 2)
    return f"{round(value / 10**digits) * 10**digits:,}"


def _open_alone() -> None:
    import sys

    from PySide6.QtWidgets import QApplication, QMainWindow

    from explorer.toolkit.theme import apply_theme

    app = QApplication(sys.argv)
    apply_theme(app)
    window = QMainWindow()
    bar = StatusBar()
    window.setStatusBar(bar)
    bar.show_message("Training on cats, epoch 4 of 20")
    bar.show_device("cpu", "float32")
    bar.show_speed(17_034.2)
    bar.show_time_left(170)
    bar.show_skipped(12)
    window.resize(900, 120)
    window.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    _open_alone()
