"""Several runs side by side: what differs between them, their last figures, and their curves in one plot."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.palette import class_colours
from core.reports.evaluation import Compared
from explorer.runs.compare_plot import Line, RunsPlot, mark
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.picture_sheet import PictureSheet
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.properties import having
from explorer.toolkit.theme import as_colour, muted, set_tone
from explorer.workspace.below_zero import BELOW_ZERO

NONE_CHOSEN = "Tick the runs to compare."
NO_RUNS = "No run is kept here yet.\nEach training leaves one; Add run… finds those in other folders."
READING = "Reading…"
MOST = 16  # runs in one plot
QUANTITIES = {
    "objective": "Objective",
    "reconstruction": "Reconstruction",
    "kl": "KL",
}
# (heading, tooltip)
_COLUMNS = (
    ("Run", "Tick a run to see its curves"),
    ("What differs", "The settings that are not the same in all ticked runs"),
    ("Objective", f"On held-out images, nats per image\n{BELOW_ZERO}"),
    ("Reconstr.", f"Reconstruction of held-out images, nats per image\n{BELOW_ZERO}"),
    ("KL", "Of held-out images, nats per image"),
    ("Active", "Latent dimensions whose codes vary between images"),
    ("Time", "Of training, minutes and seconds"),
)
_RUN, _DIFFERS, _CHIP = 0, 1, 12
_MOST_SETTINGS = 4  # in the table; the tooltip has all
_PLOT = (240, 480)  # pixels: the least for the plot, and from where on the table has all it needs
SAME = "nothing"
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ComparePanel(QWidget):
    """Emits which runs are ticked; each keeps its colour and its mark while it is."""

    runs_chosen = Signal(object)  # list[Path]
    add_clicked = Signal()
    refresh_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Compare")
        self._compared: tuple[Compared, ...] = ()
        self._places: dict[Path, int] = {}  # of each ticked run: its colour and mark
        self._rows: dict[Path, QTreeWidgetItem] = {}
        self._names: dict[Path, str] = {}  # that runs were given
        self._in_hand: Path | None = None
        self._is_shared_out = False  # the room, by a hand
        self._build_controls()
        self._build_table()
        self._lay_out()
        self._connect()
        self._say_state()

    def show_runs(self, runs: Sequence[Path]) -> None:
        """Every run that can be ticked; those that are stay so."""
        if list(runs) == list(self._rows):
            return
        is_in_hand_new = self._in_hand in runs and self._in_hand not in self._rows
        self._table.blockSignals(True)
        self._table.clear()
        self._rows = {run: _row(run, self._names.get(run, run.name)) for run in runs}
        self._table.addTopLevelItems(list(self._rows.values()))
        self._places = {run: place for run, place in self._places.items() if run in self._rows}
        self._table.blockSignals(False)
        self._show_ticks()
        self._fill()
        self._draw()
        if is_in_hand_new and len(self._places) < MOST:
            self.tick(self._in_hand)

    def show_names(self, names: Mapping[Path, str]) -> None:
        """What runs are called, where it is not as their folder."""
        self._names = dict(names)
        self._table.blockSignals(True)
        for run, item in self._rows.items():
            item.setText(_RUN, drawable(self._names.get(run, run.name)))
        self._table.blockSignals(False)

    def show_run_in_hand(self, run: Path | None) -> None:
        """Tick the run that is open in place of the one that was open before."""
        if run == self._in_hand:
            return
        if len(self._places) == 1 and self._in_hand in self._places:
            self._places.clear()
        self._in_hand = run
        if run is not None and run in self._rows and len(self._places) < MOST:
            self._tick(run)
        self._choose()

    def show_compared(self, compared: Sequence[Compared]) -> None:
        """What was read of the ticked runs."""
        self._compared = tuple(compared)
        self._note.show_text("")
        self._fill()
        self._draw()

    def show_busy(self) -> None:
        """Runs are being read."""
        set_tone(self._note, "")
        self._note.show_text(READING)

    def show_failure(self, sentence: str) -> None:
        """What could not be read, beside what could."""
        set_tone(self._note, "failure")
        self._note.show_text(sentence)

    def tick(self, run: Path | None) -> None:
        """As if a run in the list had been ticked."""
        if run is not None and run in self._rows:
            self._tick(run)
            self._choose()

    @property
    def ticked(self) -> list[Path]:
        """The runs to compare, in the order of the list."""
        return [run for run in self._rows if run in self._places]

    def _build_controls(self) -> None:
        self._quantity = QComboBox()
        for field, name in QUANTITIES.items():
            self._quantity.addItem(name, field)
        describe(self._quantity, "Quantity", "What is drawn, in nats per image")
        self._training = _toggle("Training", "Thin lines: on the images learned from, averaged")
        self._held_out = _toggle("Held out", "Points: on held-out images")
        self._note = ElidedLabel()
        self._refresh = QPushButton("Refresh")
        describe(self._refresh, "Refresh", "Read the runs again, as far as they are now")
        self._add = QPushButton("Add run…")
        describe(self._add, "Add run", "Compare a run that is kept in another folder")

    def _build_table(self) -> None:
        self._table = having(QTreeWidget(), rootIsDecorated=False, frameShape=QTreeWidget.Shape.NoFrame)
        self._table.setStyleSheet("QTreeView::item { padding: 2px 5px; }")
        self._table.setAccessibleName("Runs")
        self._table.setHeaderLabels([heading for heading, _ in _COLUMNS])
        self._table.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._table.setHorizontalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self._table.setIconSize(QSize(_CHIP, _CHIP))
        self._table.header().setStretchLastSection(False)
        self._table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column, (heading, tip) in enumerate(_COLUMNS):
            self._table.headerItem().setToolTip(column, plain_tip(f"{heading}\n{tip}"))
            if column > _DIFFERS:
                self._table.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)

    def _lay_out(self) -> None:
        self._plot = RunsPlot()
        self._message = PictureSheet("Curves", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._message)
        self._stack.addWidget(self._plot)
        self._split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._split.addWidget(self._table)
        self._split.addWidget(self._stack)
        self._split.splitterMoved.connect(self._take_hand)
        whole = having(QVBoxLayout(self), spacing=4)
        whole.setContentsMargins(8, 4, 8, 4)
        whole.addLayout(self._control_row())
        whole.addWidget(self._split, 1)

    def _control_row(self) -> QHBoxLayout:
        row = having(QHBoxLayout(), spacing=6)
        widget: QWidget
        for widget in (self._add, self._refresh):
            row.addWidget(widget)
        row.addWidget(self._note, 1)
        for widget in (self._quantity, self._training, self._held_out):
            row.addWidget(widget)
        return row

    def _connect(self) -> None:
        self._table.itemChanged.connect(self._take_tick)
        self._quantity.activated.connect(self._draw)
        self._training.toggled.connect(self._draw)
        self._held_out.toggled.connect(self._draw)
        self._add.clicked.connect(self.add_clicked)
        self._refresh.clicked.connect(self.refresh_clicked)

    def _take_tick(self, item: QTreeWidgetItem, column: int) -> None:
        run = item.data(_RUN, Qt.ItemDataRole.UserRole)
        is_ticked = item.checkState(_RUN) == Qt.CheckState.Checked
        if column != _RUN or is_ticked == (run in self._places):
            return
        if not is_ticked:
            del self._places[run]
        elif len(self._places) < MOST:
            self._tick(run)
        else:
            self._say_caution(f"{MOST} runs at most fit in one plot.")
        self._choose()

    def _tick(self, run: Path) -> None:
        free = (place for place in range(MOST) if place not in self._places.values())
        self._places.setdefault(run, next(free))

    def _choose(self) -> None:
        """Show what is ticked, and say it."""
        self._show_ticks()
        kept = tuple(each for each in self._compared if each.run in self._places)
        self._compared = kept
        self._fill()
        self._draw()
        self.runs_chosen.emit(self.ticked)

    def _show_ticks(self) -> None:
        self._table.blockSignals(True)
        for run, item in self._rows.items():
            place = self._places.get(run)
            item.setCheckState(_RUN, Qt.CheckState.Unchecked if place is None else Qt.CheckState.Checked)
            item.setIcon(_RUN, _chip(place, self.devicePixelRatioF()))
        self._table.blockSignals(False)

    def _fill(self) -> None:
        """The figures of what was read; the rest stays empty."""
        self._table.blockSignals(True)
        read = {each.run: each for each in self._compared}
        quiet = QBrush(muted(self.palette()))
        for run, item in self._rows.items():
            cells = _cells(read[run], len(read)) if run in read else [""] * (len(_COLUMNS) - 1)
            for column, text in enumerate(cells, 1):
                item.setText(column, text)
            item.setToolTip(_DIFFERS, plain_tip("\n".join(read[run].settings) if run in read else ""))
            for column in range(len(_COLUMNS)):
                item.setTextAlignment(column, _AT_RIGHT if column > _DIFFERS else _AT_LEFT)
            item.setForeground(_RUN, self.palette().text() if run in self._places else quiet)
        self._table.blockSignals(False)
        self._table.doItemsLayout()  # rows are as high as what differs has lines
        self._share_room()

    def _share_room(self) -> None:
        """The table has the width that its words need, as far as the plot has its least; then the plot has more."""
        if self._is_shared_out:
            return
        least, enough = _PLOT
        room, header = self._split.width() - self._split.handleWidth(), self._table.header()
        needed = sum(header.sectionSizeHint(column) for column in range(header.count()))
        needed = max(needed, header.length()) + self._table.verticalScrollBar().sizeHint().width()
        table = min(needed, room - least) if room - needed < enough else needed
        self._split.setSizes([table, room - table])

    def _draw(self) -> None:
        self._say_state()
        field = self._quantity.currentData()
        lines = [_line(each, self._places[each.run], field) for each in self._compared if each.run in self._places]
        self._plot.show_lines(lines, self._training.isChecked(), self._held_out.isChecked())

    def _say_state(self) -> None:
        has_lines = bool(self._compared)
        self._message.show_sentence((READING if self._places else NONE_CHOSEN) if self._rows else NO_RUNS)
        self._stack.setCurrentIndex(1 if has_lines else 0)
        for widget in (self._quantity, self._training, self._held_out):
            allow(widget, "" if has_lines else NONE_CHOSEN)

    def _say_caution(self, sentence: str) -> None:
        set_tone(self._note, "caution")
        self._note.show_text(sentence)

    def _take_hand(self) -> None:
        self._is_shared_out = True

    def sizeHint(self) -> QSize:
        return QSize(900, 250)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_stack"):
            self._fill()


def _row(run: Path, name: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([drawable(name)])
    item.setData(_RUN, Qt.ItemDataRole.UserRole, run)
    item.setToolTip(_RUN, plain_tip(str(run)))
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(_RUN, Qt.CheckState.Unchecked)
    return item


def _cells(each: Compared, count: int) -> list[str]:
    """Every column but the first, of one of so many runs."""
    last = each.held_out[-1].terms if each.held_out else None
    figures = [_short(term) for term in (last.objective, last.reconstruction, last.kl)] if last else ["–"] * 3
    active = f"{each.active_units}/{len(each.kl_per_dim)}"
    minutes, seconds = divmod(round(each.seconds), 60)
    return [_differs(each.settings) or (SAME if count > 1 else ""), *figures, active, f"{minutes}:{seconds:02}"]


def _differs(settings: Sequence[str]) -> str:
    """A line for each setting; what is left of many is counted."""
    left = len(settings) - _MOST_SETTINGS
    shown = settings if left <= 1 else (*settings[:_MOST_SETTINGS], f"and {left} more settings")
    return "\n".join(shown)


def _short(nats: float) -> str:
    """Two digits after the point where there is room for them."""
    return f"{nats:,.{0 if abs(nats) >= 1000 else 1 if abs(nats) >= 100 else 2}f}".replace("-", "−")


def _line(each: Compared, place: int, field: str) -> Line:
    return Line(
        as_colour(class_colours(MOST)[place]),
        place,
        np.array([step.step for step in each.steps], np.float64),
        np.array([getattr(step.mean, field) for step in each.steps], np.float64),
        np.array([test.step for test in each.held_out], np.float64),
        np.array([getattr(test.terms, field) for test in each.held_out], np.float64),
    )


def _chip(place: int | None, ratio: float) -> QIcon:
    """The mark of a ticked run; as much room where there is none, so that a tick moves no row."""
    side = round(_CHIP * ratio)
    if place is None:
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
    else:
        picture = mark(place, as_colour(class_colours(MOST)[place]), side)
    picture.setDevicePixelRatio(ratio)
    return QIcon(picture)


def _toggle(text: str, tip: str) -> QToolButton:
    button = having(QToolButton(), text=text, checkable=True, checked=True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    describe(button, text, tip)
    return button


def _made_up() -> tuple[Compared, ...]:
    from core.config import preset
    from core.reports.training import HeldOutDone, StepDone, Terms

    found = []
    for number, dims in enumerate((1, 2, 8)):
        level = 260 - 18 * number
        at = [Terms(level + 200 * 0.98**i, level - 6 + 200 * 0.98**i, 6.0) for i in range(300)]
        steps = tuple(StepDone(10 * i, i / 9, t, t, t, 1.0, 1e-3, 9e3, i / 5, None) for i, t in enumerate(at))
        tested = range(30, 300, 30)
        tests = tuple(
            HeldOutDone(10 * i, Terms(at[i].objective + 4, at[i].reconstruction + 4, 6.0), 687) for i in tested
        )
        differs: dict[str, object] = {"model.latent_dims": dims}
        run = Path(f"/runs/moths-{number}")
        config = preset("quick", "/pictures/moths")
        found.append(
            Compared(run, run.name, config, differs, steps, tests, 61.0 + dims, True, 700_000, (3.0,) * dims, dims)
        )
    return tuple(found)


if __name__ == "__main__":
    from PySide6.QtWidgets import QApplication

    from explorer.toolkit.theme import apply_theme

    app = QApplication([])
    apply_theme(app)
    panel = ComparePanel()
    panel.resize(820, 230)
    made_up = _made_up()
    panel.show_runs([each.run for each in made_up])
    panel.runs_chosen.connect(lambda runs: panel.show_compared([each for each in made_up if each.run in runs]))
    for each in made_up:
        panel.tick(each.run)
    panel.show()
    app.exec()
