"""The picture under the cursor: what the decoder draws there, how far to trust it, and the images nearest to it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from core.palette import ramp
from explorer.picture.near_images import NEAREST_MOST, NearImage, NearImages
from explorer.picture.picture_rows import PlacedImage, PlaceText, TrustRow, VisitorRow
from explorer.shell.verdict_chip import VerdictName
from explorer.toolkit.context_menu import MenuAsker
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.picture_view import MARGIN, PictureView
from explorer.toolkit.properties import having

NOT_KNOWN: tuple[VerdictName, str, str, str] = ("", "", "", "")
EMPTY = "Drag on the map.\nThe picture that lives there appears here."
OPENING = "The run is still being opened."
NO_DECODER = "There is no model yet that draws: train one first."

Pixels = NDArray[np.uint8]


class PicturePanel(QWidget):
    """Shows one decoded picture, or a placed image and its reconstruction; setters are cheap enough for a drag."""

    near_image_clicked = Signal(int)
    save_requested = Signal()
    copy_requested = Signal()
    menu_requested = Signal(object)  # of the picture: QPoint on the screen
    near_menu_requested = Signal(int, object)  # of one of the images nearest to it
    back_requested = Signal()  # to the placed image
    take_away_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Picture")
        self._view = PictureView(EMPTY, ramp(256))
        self._decoded: Pixels | None = None
        self._is_first_sight = False  # of a run that is still being opened
        self._placed: PlacedImage | None = None
        self._z: NDArray[np.float32] | None = None
        self._trust, self._visitor = TrustRow(), VisitorRow()
        self._trusted: tuple[VerdictName, str, str, str] = NOT_KNOWN
        self._visitor.back_clicked.connect(self.back_requested)
        self._visitor.take_away_clicked.connect(self.take_away_requested)
        self._place = PlaceText()
        self._nearest = NearImages()
        self._nearest.clicked.connect(self.near_image_clicked)
        self._nearest.menu_requested.connect(self.near_menu_requested)
        self._menu = MenuAsker(self._view, lambda _: self)
        self._menu.asked.connect(lambda _, at: self.menu_requested.emit(at))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(self._view, 1)
        column.addLayout(self._build_tools())
        column.addWidget(self._trust)
        column.addWidget(self._visitor)
        column.addSpacing(4)
        column.addWidget(self._place)
        column.addWidget(self._nearest)
        column.addStretch()
        self._enable_tools(False)

    def show_picture(self, pixels: Pixels) -> None:
        """The decoder's picture at the cursor, uint8 (H, W, C)."""
        self._decoded, self._is_first_sight = pixels, False
        self._show()

    def show_first_sight(self, pixels: Pixels) -> None:
        """The same of a run that is still being opened: to look at, not yet to keep."""
        self._decoded, self._is_first_sight = pixels, True
        self._show()

    @property
    def decoded(self) -> Pixels | None:
        """The decoder's picture that is shown, or hidden behind a placed image."""
        return self._decoded

    @property
    def is_smooth(self) -> bool:
        """Whether its pixels are blended instead of shown as squares."""
        return self._view.is_smooth

    def show_place(self, z: NDArray[np.float32], point: tuple[float, float]) -> None:
        """Where the picture is: z (d,) and its point on the plane."""
        self._z = np.array(z, np.float32)
        self._place.show_place(z, point)
        self._show()

    def show_placed(self, placed: PlacedImage | None) -> None:
        """An image from outside, seen with its reconstruction while the cursor is where it lies; or None."""
        self._placed = placed
        self._show()

    def show_trust(self, verdict: VerdictName, why: str, round_trip: str, round_trip_tip: str) -> None:
        """How the cursor's place stands to the pictures, and how far off its picture comes back; in words.

        While a placed image is seen, the verdict is that on the image, whatever its place is like.
        """
        self._trusted = (verdict, why, round_trip, round_trip_tip)
        self._show_trusted()

    @property
    def verdict(self) -> VerdictName:
        """The verdict that is shown."""
        return self._seen.verdict if self._seen is not None else self._trusted[0]

    def show_nearest(self, images: Sequence[NearImage]) -> None:
        """The real images nearest to the place, nearest first; at most eight are shown."""
        self._nearest.show_images(images[:NEAREST_MOST])

    def show_image(self, name: str, pixels: Pixels) -> None:
        """A real image, uint8 (H, W, C), where there is no model that draws."""
        self._decoded = self._placed = self._z = None
        self._place.show_nothing()
        name = drawable(name)
        said = f"The image itself: {name.rsplit('/', 1)[-1]}"
        self._view.show_image(name, pixels, NO_DECODER)
        self._trust.show_trust("", "", said, f"{name}\n{NO_DECODER}")
        allow(self._smooth)
        self._menu.allow(True)
        for button in (self._copy, self._save):
            allow(button, NO_DECODER)

    def show_nothing(self) -> None:
        """There is no model to draw with."""
        self._view.show_sentence(EMPTY)
        self._decoded = self._placed = self._z = None
        self._trusted = NOT_KNOWN
        self._visitor.show_image(None, False)
        self._show_trusted()
        self._place.show_nothing()
        self._nearest.show_images(())
        self._enable_tools(False)

    def show_failure(self, sentence: str) -> None:
        """Say in place of the picture why there is none."""
        self._view.show_sentence(sentence, is_failure=True)
        self._enable_tools(False)

    @property
    def _seen(self) -> PlacedImage | None:
        """The placed image, while the cursor is where it lies."""
        placed, z = self._placed, self._z
        return placed if placed is not None and z is not None and np.array_equal(placed.z, z) else None

    def _show_trusted(self) -> None:
        placed, (verdict, why, *round_trip) = self._seen, self._trusted
        if placed is not None:
            verdict, why = placed.verdict, placed.why
        self._trust.show_trust(verdict, why, *round_trip)

    def _show(self) -> None:
        placed = self._seen
        self._visitor.show_image(self._placed, placed is not None)
        self._show_trusted()
        if placed is not None:
            name = drawable(placed.name)
            self._view.show_placed(name, placed.pixels, placed.reconstruction, placed.error, placed.facts)
        elif self._decoded is not None:
            self._view.show_picture(self._decoded)
        self._enable_tools(self._decoded is not None)

    def _enable_tools(self, enabled: bool) -> None:
        why_not = "" if enabled else EMPTY
        allow(self._smooth, why_not)
        if enabled and self._is_first_sight:
            why_not = OPENING
        self._menu.allow(not why_not)
        for button in (self._copy, self._save):
            allow(button, why_not)

    def _build_tools(self) -> QHBoxLayout:
        self._smooth = having(QToolButton(), text="Smooth", checkable=True)
        describe(self._smooth, "Smooth picture", "Blend the pixels instead of showing each as a square")
        self._smooth.toggled.connect(self._view.show_smooth)
        self._copy = QPushButton("Copy")
        self._copy.clicked.connect(self.copy_requested)
        describe(self._copy, "Copy picture", "Put this picture on the clipboard")
        self._save = QPushButton("Save picture…")
        self._save.clicked.connect(self.save_requested)
        describe(self._save, "Save picture", "Save this picture to a file that remembers its place z")
        row = QHBoxLayout()
        row.addWidget(self._smooth)
        row.addStretch()
        row.addWidget(self._copy)
        row.addWidget(self._save)
        return row


def _open_alone() -> None:
    import sys

    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication(sys.argv)
    apply_theme(app)
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (8, 64, 64, 3), dtype=np.uint8)
    panel = PicturePanel()
    panel.resize(340, 720)
    panel.show_picture(pictures[0])
    panel.show_place(random.normal(size=64).astype(np.float32), (0.52, -1.2))
    panel.show_trust("few", "Farther than most", "Round trip 0.42, 1.3 × typical", "")
    panel.show_nearest([NearImage(i, pictures[i], f"cats/{i:03}.png", "cats", 0.3 * i) for i in range(8)])
    panel.show()
    sys.exit(app.exec())


if __name__ == "__main__":
    _open_alone()
