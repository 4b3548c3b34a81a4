"""The images selected on the map: a wall of them, in an order, and what to do with them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.reports.progress import Progress
from explorer.selection.empty_choices import SelectionBeginnings
from explorer.selection.file_line import FileLine
from explorer.selection.listed_images import Listed
from explorer.selection.selection_bar import NONE_SELECTED, SelectionBar
from explorer.selection.wall import SelectionWall
from explorer.toolkit.descriptions import allow, allow_inside, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone
from explorer.toolkit.wrapping_row import WrappingRow

NO_MAP = "Open a folder of images or a run first."
CLASSES_SAID = 4

# what: (words, tooltip)
ORDERS = {
    "index": ("As in the set", "In the order of the image set"),
    "cursor": ("Nearest to the cursor", "By how far their codes are from the cursor"),
    "unusual": ("Most unusual first", "By how far away the 5th nearest image is: an unusual image has few like it"),
    "twins": ("Copies side by side", "Images of the same picture follow one another"),
}
MODES = (
    (False, "Highlight", "The map draws the other images faint  (H)"),
    (True, "Filter", "The map draws only the images selected  (H)"),
)


class SelectionPanel(QWidget):
    """Emits wishes; images are indices into the image set. The buttons of `bar` and `line` are its own too."""

    order_chosen = Signal(str)  # a key of ORDERS
    filter_chosen = Signal(bool)
    beginning_chosen = Signal(str)  # a key of selection_beginnings.BEGINNINGS
    image_chosen = Signal(int)
    image_opened = Signal(int)  # to see it large
    thumbnails_wanted = Signal(object, int)  # indices (n,), side in device pixels
    near_image_requested = Signal(int, int)  # image, how many
    menu_requested = Signal(int, object, object)  # the image, indices (n,) of those marked, QPoint on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Selection")
        self._listed, self._has_files, self._has_map = Listed(), False, False
        self.bar, self.line, self._wall = SelectionBar(), FileLine(), SelectionWall()
        self._beginnings = SelectionBeginnings()
        self._build_heading()
        self._lay_out()
        self._connect()
        self.show_listed(Listed())

    def show_listed(self, listed: Listed) -> None:
        """The images selected, in an order."""
        if listed.selection is not self._listed.selection:
            self.line.let_go()
        self._listed = listed
        self._wall.show_listed(listed)
        self._order.setCurrentIndex(self._order.findData(listed.order))
        self._heading.show_text(heading(listed))
        self.setAccessibleDescription(heading(listed))
        set_tone(self._heading, "")
        self._pages.setCurrentWidget(self._wall if len(listed.indices) else self._beginnings)
        self._show_state()

    def show_map(self, has_map: bool, has_files: bool) -> None:
        """Whether there is a map to select on, and whether its images are files."""
        self._has_map, self._has_files = has_map, has_files
        self._show_state()

    def show_filter(self, is_filter: bool) -> None:
        """Whether the map draws only the images selected."""
        self._modes.button(int(is_filter)).setChecked(True)

    def show_groups(self, names: Sequence[str]) -> None:
        """The classes that were made here."""
        self.bar.show_groups(names)

    def show_current(self, image: int) -> None:
        """Put the keys at an image, if it is listed."""
        self._wall.show_current(image)
        self._see_current()

    def show_busy(self, progress: Progress) -> None:
        """What is being found before the list can be."""
        self._heading.show_text(f"{progress.doing}: {progress.counted}…")

    def show_failure(self, sentence: str) -> None:
        """Why there is no list."""
        self._heading.show_text(sentence)
        set_tone(self._heading, "failure")

    def take_thumbnails(self, indices: NDArray[np.int64], pictures: list[QImage], side: int) -> None:
        """Pictures that were wanted."""
        self._wall.take_thumbnails(indices, pictures, side)

    def forget_thumbnails(self) -> None:
        """Those seen so far are of other images."""
        self._wall.forget_thumbnails()

    def step(self, by: int) -> None:
        """Go on to the next image, or back."""
        self._wall.step(by)

    def sort_by(self, order: str) -> None:
        """As if it had been chosen."""
        self._order.setCurrentIndex(self._order.findData(order))
        self.order_chosen.emit(order)

    @property
    def current(self) -> int:
        """The image that the keys are at; -1: none."""
        return self._wall.current

    # inside

    def _build_heading(self) -> None:
        self._heading = ElidedLabel()
        self._order = QComboBox()
        for key, (words, tip) in ORDERS.items():
            self._order.addItem(words, key)
            self._order.setItemData(self._order.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        describe(self._order, "Sorted by", "The order of the images")
        self._modes = QButtonGroup(self)
        self._mode_row = having(QHBoxLayout(), spacing=0)
        for is_filter, words, tip in MODES:
            button = having(QToolButton(), text=words, checkable=True, checked=not is_filter)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            describe(button, words, tip)
            self._modes.addButton(button, int(is_filter))
            self._mode_row.addWidget(button)

    def _lay_out(self) -> None:
        top = WrappingRow()
        top.addWidget(self._heading, 1)
        top.addLayout(self._mode_row)
        top.addWidget(self._order)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._wall)
        self._pages.addWidget(self._beginnings)
        column = having(QVBoxLayout(self), spacing=3)
        column.setContentsMargins(8, 4, 8, 4)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        column.addWidget(self.line)
        column.addWidget(self.bar)

    def _connect(self) -> None:
        self._order.activated.connect(lambda _: self.order_chosen.emit(self._order.currentData()))
        self._modes.idClicked.connect(lambda which: self.filter_chosen.emit(bool(which)))
        wall, bar = self._wall, self.bar
        self._beginnings.chosen.connect(self.beginning_chosen)
        wall.chosen.connect(self._tell_chosen)
        wall.opened.connect(self.image_opened)
        wall.thumbnails_wanted.connect(self.thumbnails_wanted)
        wall.menu_requested.connect(lambda image, place: self.menu_requested.emit(image, wall.marked, place))
        bar.near_image_clicked.connect(lambda count: self.near_image_requested.emit(self.current, count))

    def _tell_chosen(self, image: int) -> None:
        self._see_current()
        self.image_chosen.emit(image)

    def _see_current(self) -> None:
        image = self.current
        self.bar.show_image("" if image < 0 else str(self._listed.names[image]).rsplit("/", 1)[-1])

    def _show_state(self) -> None:
        count = len(self._listed.indices)
        self._beginnings.show_map(self._has_map)
        allow_inside(self.bar, "" if self._has_map else NO_MAP)
        for widget in (self._order, *self._modes.buttons()):
            allow(widget, "" if count else NONE_SELECTED)
        self.bar.show_state(count, self._has_files)
        self._see_current()


def heading(listed: Listed) -> str:
    """How many, and of which classes most, as "47 of 412 selected  ·  30 Bag, 17 Coat"."""
    if not listed.total:
        return ""
    counted = f"{len(listed.indices):,} of {listed.total:,} selected"
    if len(listed.counts) < 1 or len(listed.classes) < 2:
        return counted
    most = ", ".join(f"{count:,} {drawable(name)}" for name, count in listed.counts[:CLASSES_SAID])
    others = len(listed.counts) - CLASSES_SAID
    more = f" and {others} other class{'es' if others > 1 else ''}" if others > 0 else ""
    return f"{counted}  ·  {most}{more}"


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.image_conversion import to_qimage
    from explorer.toolkit.theme import apply_theme

    def _draw(indices: NDArray[np.int64], side: int) -> None:
        pictures = [to_qimage(np.full((side, side, 3), (index % 255, 90, 160), np.uint8)) for index in indices]
        panel.take_thumbnails(indices, pictures, side)

    app = QApplication([])
    apply_theme(app)
    panel = SelectionPanel()
    panel.resize(820, 280)
    names, labels = [f"birds/{index:06}.png" for index in range(100_000)], np.arange(100_000) % 3
    panel.thumbnails_wanted.connect(_draw)
    panel.image_chosen.connect(print)
    panel.show_map(True, True)
    panel.show_listed(Listed(np.arange(0, 100_000, 2), 100_000, names, labels, ("bird", "fish", "cat")))
    panel.show()
    app.exec()
