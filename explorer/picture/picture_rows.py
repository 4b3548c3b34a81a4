"""What stands under the picture: how far to trust it, the image from outside, and the place in numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from explorer.shell.verdict_chip import VerdictChip, VerdictName
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.signed_number import signed
from explorer.toolkit.theme import quiet, set_tone

NUMBERS_SHOWN = 8

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class PlacedImage:
    """An image from outside: pixels and reconstruction (H, W, C), error (H, W) in [0, 1], and its z (d,).

    `facts` are short phrases to stand beside it. `verdict` is how it stands to the pictures that were learned from, and
    `why` what that comes from.
    """

    name: str
    pixels: Pixels
    reconstruction: Pixels
    error: NDArray[np.float32]
    z: NDArray[np.float32]
    facts: tuple[str, ...] = ()
    verdict: VerdictName = ""
    why: str = ""


_POINT_TIP = "Where the cursor is on the map: u is counted from left to right, v from bottom to top."
_Z_TIP = "The numbers that the decoder makes this picture from: a place in latent space."
NO_PLACE = "There is no picture yet: drag on the map."


class TrustRow(QWidget):
    """The verdict, and the round trip, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._chip, self._trip = VerdictChip(), ElidedLabel()
        set_tone(self._trip, "quiet")
        row = having(QHBoxLayout(self), spacing=10)
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(self._chip)
        row.addWidget(self._trip, 1)
        self.hide()

    def show_trust(self, verdict: VerdictName, why: str, round_trip: str, tip: str) -> None:
        self._chip.show_verdict(verdict, why)
        briefly = round_trip.removesuffix(" typical")
        begun = round_trip.partition(":")[0]  # of a sentence why nothing is said
        self._trip.show_text(round_trip, tip, (briefly, briefly.removeprefix("round "), f"{begun}."))
        self._trip.setAccessibleName(round_trip or "Round trip")
        self.setVisible(bool(verdict or round_trip))


class VisitorRow(QWidget):
    """The image from outside: its name, the way back to it, and taking it away."""

    back_clicked = Signal()
    take_away_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = ElidedLabel()
        self._back = QPushButton("Back to it")
        self._back.clicked.connect(self.back_clicked)
        describe(self._back, "Back to the placed image", "The cursor goes where the placed image lies")
        away = having(QToolButton(), text="×")
        away.clicked.connect(self.take_away_clicked)
        describe(away, "Take the placed image away", "Its star goes from the map; nothing happens to the file")
        row = having(QHBoxLayout(self), spacing=6)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self._back)
        row.addWidget(away)
        self.hide()

    def show_image(self, placed: PlacedImage | None, is_there: bool) -> None:
        self.setVisible(placed is not None)
        if placed is not None:
            self._name.show_text(f"★ {drawable(placed.name)}")
            allow(self._back, "The cursor is there." if is_there else "")


class PlaceText(QWidget):
    """The point and z as text that can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._z: NDArray[np.float32] | None = None
        self._point = _selectable("Point on the map", _POINT_TIP)
        self._numbers = _selectable("z", _Z_TIP)
        self._numbers.setWordWrap(True)
        self._copy = having(QToolButton(), text="Copy z")
        self._copy.clicked.connect(self._copy_z)
        describe(self._copy, "Copy z", "Copy all numbers of z: Edit › Paste a picture goes back to them")
        allow(self._copy, NO_PLACE)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        point, z = quiet("Point"), quiet("z")
        point.setToolTip(plain_tip(_POINT_TIP))
        z.setToolTip(plain_tip(_Z_TIP))
        grid.addWidget(point, 0, 0)
        grid.addWidget(self._point, 0, 1)
        grid.addWidget(self._copy, 0, 2)
        grid.addWidget(z, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._numbers, 1, 1, 1, 2)
        self._numbers.installEventFilter(self)

    def show_place(self, z: NDArray[np.float32], point: tuple[float, float]) -> None:
        self._z = np.array(z, dtype=np.float32)
        more = len(z) - NUMBERS_SHOWN
        self._point.setText(f"u {signed(point[0])}   v {signed(point[1])}")
        self._numbers.setText("  ".join(map(signed, z[:NUMBERS_SHOWN])) + (f"  and {more} more" if more > 0 else ""))
        allow(self._copy)

    def show_nothing(self) -> None:
        self._z = None
        self._point.setText("—")
        self._numbers.setText("—")
        allow(self._copy, NO_PLACE)

    def _copy_z(self) -> None:
        if self._z is not None:
            exact = (np.format_float_positional(value, unique=True, trim="-") for value in self._z)
            QGuiApplication.clipboard().setText(" ".join(exact))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Up to 1,024 numbers: put in words only when someone looks, not a hundred times a second.
        if event.type() == QEvent.Type.ToolTip and self._z is not None:
            self._numbers.setToolTip(plain_tip("  ".join(map(signed, self._z))))
        return False


def _selectable(name: str, tip: str) -> QLabel:
    label = QLabel("—")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    describe(label, name, tip)
    return label
