"""Sliders that move the plane along what it does not show, in a frame that opens below its button."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.plain_text import be_plain, plain_text
from explorer.toolkit.properties import having
from explorer.toolkit.theme import quiet

REACH = 3.0  # standard deviations of the codes to each side of where the plane was made
STEPS = 60  # of a slider to each side
_WIDTH = 220

TITLE = "Move the plane along what it does not show"
IN_THE_MIDDLE = "The plane is in the middle."
FADE_TIP = "The farther a code is from the plane, the fainter its dot: half as strong where half the codes are nearer"


@dataclass(frozen=True)
class Way:
    """One way to move the plane: how far it has been moved along it, and the standard deviation of the codes there."""

    name: str
    offset: float
    spread: float


class PlaneMover(QFrame):
    """A pop-up; a slider for each way, zero in the middle."""

    moved = Signal(int, float)  # which way, and the offset along it in latent units
    middle_clicked = Signal()
    fade_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAccessibleName(TITLE)
        self._ways: tuple[Way, ...] = ()
        self._rows: list[tuple[QLabel, QSlider, QLabel]] = []
        self._grid = having(QGridLayout(), horizontalSpacing=10, verticalSpacing=4)
        self.middle = QPushButton("Back to the middle")
        describe(self.middle, "Back to the middle", "Where the plane was made")
        self.fade = QCheckBox("Faint dots far from the plane")
        describe(self.fade, "Faint dots far from the plane", FADE_TIP)
        column = having(QVBoxLayout(self), spacing=8)
        column.addWidget(quiet(TITLE))
        column.addLayout(self._grid)
        column.addWidget(self.fade)
        column.addWidget(self.middle, 0, Qt.AlignmentFlag.AlignLeft)
        self.middle.clicked.connect(self.middle_clicked)
        self.fade.toggled.connect(self.fade_toggled)

    def show_ways(self, ways: Sequence[Way]) -> None:
        """The sliders; one that is being dragged stays in the hand."""
        is_other_count = len(ways) != len(self._ways)
        self._ways = tuple(ways)
        while len(self._rows) < len(ways):
            self._add_row(len(self._rows))
        for index, row in enumerate(self._rows):
            for widget in row:
                widget.setVisible(index < len(ways))
        for (name, slider, said), way in zip(self._rows, ways, strict=False):
            name.setText(plain_text(way.name))
            describe(
                slider,
                f"Move along {way.name}",
                f"Three standard deviations of the codes each way: ±{REACH * way.spread:.2f}",
            )
            said.setText(f"{way.offset:+.2f}" if way.offset else "0")
            if not slider.isSliderDown():
                slider.blockSignals(True)
                slider.setValue(round(way.offset / (REACH * way.spread) * STEPS) if way.spread > 0 else 0)
                slider.blockSignals(False)
        allow(self.middle, "" if any(way.offset for way in ways) else IN_THE_MIDDLE)
        if is_other_count:
            self.adjustSize()

    def open_below(self, button: QWidget) -> None:
        """Show it under its button, the first slider ready for the arrow keys."""
        self.move(button.mapToGlobal(button.rect().bottomLeft()))
        self.show()
        if self._ways:
            self._rows[0][1].setFocus(Qt.FocusReason.PopupFocusReason)

    def _add_row(self, index: int) -> None:
        name, said = QLabel(), QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        slider = having(
            QSlider(Qt.Orientation.Horizontal), minimum=-STEPS, maximum=STEPS, singleStep=1, pageStep=STEPS // 6
        )
        slider.setMinimumWidth(_WIDTH)
        said.setMinimumWidth(self.fontMetrics().horizontalAdvance("+00.00"))
        name.setBuddy(slider)
        be_plain(name)
        for column, widget in enumerate((name, slider, said)):
            self._grid.addWidget(widget, index, column)
        self._rows.append((name, slider, said))
        slider.valueChanged.connect(lambda value: self._tell(index, value))

    def _tell(self, index: int, value: int) -> None:
        offset = value / STEPS * REACH * self._ways[index].spread
        self._rows[index][2].setText(f"{offset:+.2f}" if value else "0")
        self.moved.emit(index, offset)
