"""Every run that is kept: found, opened, named, and thrown away."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.reports.runs import KnownRun, KnownRuns
from explorer.runs.run_rows import COVER_SIDE, age_of, cover_of, figure_of, source_of
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

RUN = Qt.ItemDataRole.UserRole
COLUMNS = ("Run", "Images", "Latent dims", "Saved", "Held-out objective")
NONE_CHOSEN = "Choose a run in the list first."
SHIPPED = "It comes with the program."
LEARNING = "It is being trained: pause it first."
NO_RUN, NONE_FOUND = "No run is kept here yet: each training leaves one.", "No run is called that."
SIZE = QSize(760, 460)


class RunsDialog(QDialog):
    """Emits what is wished; says how things are once told."""

    opened = Signal(object)  # a path
    named = Signal(object, str)  # a path, the name
    thrown = Signal(object)  # a path

    def __init__(self, shipped: Path, in_training: Callable[[], Path | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Runs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._shipped, self._in_training = shipped, in_training
        self._known, self._is_behind = KnownRuns(), False
        self._search = QLineEdit(placeholderText="Find a run", clearButtonEnabled=True)
        describe(self._search, "Find a run", "A part of its name, or of the folder of its images")
        self._build_list()
        self._note = having(QLabel(wordWrap=True), visible=False)
        set_tone(self._note, "failure")
        self._nothing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        set_tone(self._nothing, "quiet")
        self._buttons = {
            name: self._button(name, tip)
            for name, tip in (
                ("Open", "Look at it, and go on training it; so does Enter or a double-click"),
                ("Name…", "Call it something else; its folder stays as it is"),
                ("Delete", "Put its folder into the bin of the desktop"),
            )
        }
        self._lay_out()
        self._connect()
        self._fill()

    def show_runs(self, known: KnownRuns) -> None:
        """All there are; what was chosen and searched for stays so."""
        self._known = known
        self._say("\n".join(known.broken))
        self._is_behind = self._list.state() == QTreeWidget.State.EditingState  # what is being typed is not lost
        if not self._is_behind:
            self._fill()

    def allow_what_can_be(self) -> None:
        """Another run is chosen, or training has begun or ended: what is trained cannot be thrown away."""
        chosen = self._chosen()
        for name, button in self._buttons.items():
            why = NONE_CHOSEN if chosen is None else SHIPPED if chosen.run == self._shipped and name != "Open" else ""
            if chosen is not None and chosen.run == self._in_training() and name == "Delete":
                why = LEARNING
            allow(button, why)

    def show_failure(self, sentence: str) -> None:
        """What could not be done, and why."""
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    def _build_list(self) -> None:
        self._list = having(QTreeWidget(), rootIsDecorated=False, uniformRowHeights=True)
        self._list.setAccessibleName("Runs")
        self._list.setHeaderLabels(list(COLUMNS))
        self._list.setIconSize(QSize(COVER_SIDE, COVER_SIDE))
        self._list.setEditTriggers(QTreeWidget.EditTrigger.EditKeyPressed)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.headerItem().setToolTip(4, "Nats per image on held-out images; lower is better")

    def _button(self, name: str, tip: str) -> QPushButton:
        button = QPushButton(name, autoDefault=False)
        describe(button, name.rstrip("…"), tip)
        return button

    def _lay_out(self) -> None:
        row = having(QHBoxLayout(), spacing=6)
        close = QPushButton("Close", autoDefault=False)
        describe(close, "Close", "Everything here takes effect at once.")
        close.clicked.connect(self.reject)
        for button in (*self._buttons.values(), close):
            if button is close:
                row.addStretch()
            row.addWidget(button)
        column = having(QVBoxLayout(self), spacing=8)
        for widget in (self._search, self._list, self._nothing, self._note):
            column.addWidget(widget)
        column.addLayout(row)
        self.resize(SIZE)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._fill)
        self._list.itemSelectionChanged.connect(self.allow_what_can_be)
        self._list.itemActivated.connect(lambda item, _: self._open(item))
        self._list.itemChanged.connect(self._take_name)
        self._list.itemDelegate().closeEditor.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)
        self._buttons["Open"].clicked.connect(lambda: self._open(self._list.currentItem()))
        self._buttons["Name…"].clicked.connect(self._edit_name)
        self._buttons["Delete"].clicked.connect(self._throw_away)

    def _fill(self) -> None:
        chosen = self._chosen()
        words = self._search.text().lower().split()
        found = [run for run in self._known.runs if all(word in f"{run.name} {run.source}".lower() for word in words)]
        self._list.blockSignals(True)
        self._list.clear()
        for run in found:
            item = _row(run, can_be_named=run.run != self._shipped)
            self._list.addTopLevelItem(item)
            if chosen is not None and run.run == chosen.run:
                self._list.setCurrentItem(item)
        self._list.blockSignals(False)
        self._nothing.setText(NONE_FOUND if self._known.runs else NO_RUN)
        self._nothing.setVisible(not found)
        self._list.setVisible(bool(found))
        self.allow_what_can_be()

    def _chosen(self) -> KnownRun | None:
        item = self._list.currentItem()
        return item.data(0, RUN) if item is not None and item.isSelected() else None

    def _open(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.opened.emit(item.data(0, RUN).run)
            self.accept()

    def _edit_name(self) -> None:
        if (item := self._list.currentItem()) is not None:
            self._list.editItem(item, 0)

    def _take_name(self, item: QTreeWidgetItem, column: int) -> None:
        run, name = item.data(0, RUN), item.text(0)
        if column == 0 and name != run.name:
            self._is_behind = False  # all are listed anew, with this name
            self.named.emit(run.run, name)

    def _catch_up(self) -> None:
        """A name is typed no more: what was listed meanwhile is shown."""
        if self._is_behind:
            self._is_behind = False
            self._fill()

    def _throw_away(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.thrown.emit(chosen.run)


def _row(run: KnownRun, can_be_named: bool) -> QTreeWidgetItem:
    cells = [run.name, source_of(run), str(run.latent_dims), age_of(run), figure_of(run) or "–"]
    item = QTreeWidgetItem(cells)
    item.setData(0, RUN, run)
    item.setIcon(0, cover_of(run))
    item.setSizeHint(0, QSize(0, COVER_SIDE + 4))  # of those that have no picture too
    item.setToolTip(0, plain_tip(str(run.run)))
    item.setToolTip(1, plain_tip(run.source))
    item.setTextAlignment(4, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if can_be_named:
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    return item
