"""Play and pause, the speed, and where on the path it is; saving the film and the command that makes it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSlider, QWidget

from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow

FPS = 25.0
STEPS = 4  # of the slider, for each times the usual speed
FASTEST = 3


class PlayBar(QWidget):
    """A row below the film strip."""

    play_clicked = Signal()
    speed_chosen = Signal(float)
    save_clicked = Signal()
    cancel_clicked = Signal()
    copy_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._is_saving = 0, False
        self._play = QPushButton("Play")
        self._play.clicked.connect(self.play_clicked)
        self._play.setFixedWidth(self.fontMetrics().horizontalAdvance("Pause") + 40)
        self._speed = _SpeedSlider()
        self._speed.valueChanged.connect(self._choose_speed)
        self._rate, self._place = QLabel(), QLabel()
        self._rate.setFixedWidth(self.fontMetrics().horizontalAdvance("−0.75×"))
        set_tone(self._place, "quiet")
        self._copy = QPushButton("Copy command")
        self._copy.clicked.connect(self.copy_clicked)
        describe(self._copy, "Copy as command", "The command line that makes the same film, byte for byte")
        self._save = QPushButton("Save film…")
        self._save.clicked.connect(self._press_save)
        row = WrappingRow(self)
        for widget in (self._play, self._speed, self._rate, self._place):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self._copy)
        row.addWidget(self._save)
        self._choose_speed()
        self.show_playing(False)
        self.show_saving(False)
        self.show_count(0)

    @property
    def speed(self) -> float:
        """Times 25 frames a second."""
        return self._speed.value() / STEPS

    def show_count(self, count: int) -> None:
        """How many frames there are; none: nothing can be played."""
        self._count = count
        for button in (self._play, self._save, self._copy):
            allow(button, "" if count else "There is no film yet: a path needs two stops.")
        self.show_position(0.0)

    def show_position(self, frame: float) -> None:
        """The frame that is played."""
        number = min(round(frame), self._count - 1) + 1
        self._place.setText(f"{number:,} of {self._count:,} · {self._count / FPS:.1f} s" if self._count else "")

    def show_playing(self, is_playing: bool) -> None:
        """Whether it plays."""
        self._play.setText("Pause" if is_playing else "Play")
        describe(self._play, self._play.text(), "Move the cursor along the path, or stay (Ctrl+Alt+P)")

    def show_saving(self, is_saving: bool) -> None:
        """Whether a film is being saved, which can be cancelled."""
        self._is_saving = is_saving
        self._save.setText("Cancel" if is_saving else "Save film…")
        tip = "Stop saving; nothing is left" if is_saving else "GIF, WebP, MP4 or PNG frames, and z of each as CSV"
        describe(self._save, "Cancel saving" if is_saving else "Save film", tip)

    def _press_save(self) -> None:
        (self.cancel_clicked if self._is_saving else self.save_clicked).emit()

    def _choose_speed(self) -> None:
        self._rate.setText(f"{self.speed:g}×".replace("-", "−"))
        self.speed_chosen.emit(self.speed)


class _SpeedSlider(QSlider):
    """From backwards through standing still to forwards."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(-FASTEST * STEPS, FASTEST * STEPS)
        self.setValue(STEPS)
        self.setPageStep(STEPS)
        self.setTickInterval(FASTEST * STEPS)
        self.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.setFixedWidth(110)
        describe(self, "Speed", "Left of the middle backwards, in the middle it stands still; double click: as usual")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setValue(STEPS)
