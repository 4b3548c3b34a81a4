"""What is not used: folded to one line, unfolded to a table to sort, filter by reason, copy and find on the disk."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.reports.images import ROW_REASONS
from core.skipped_file import Skipped
from explorer.images.skipped_model import COLUMNS, SkippedModel
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

WIDTHS, HEIGHT = (140, 110), 150
CHOOSE = "Choose a row first."


class SkippedTable(QWidget):
    """One line that says how many files were skipped, and unfolds."""

    # The path of a file, relative to the folder of images or absolute; as an object, for Qt's text has no lone bytes.
    show_in_folder_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = SkippedModel()
        self._metadata = ""
        self._left_out: tuple[Sequence[Skipped], Sequence[Skipped]] = (), ()
        self._build_heading()
        self._build_tools()
        self._build_table()
        self._lay_out()
        self.show_files([])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was left out."""
        return not self._heading.text()

    def show_files(self, skipped: Sequence[Skipped], unmatched: Sequence[Skipped] = (), metadata: str = "") -> None:
        """In place of those before: each file that is not used, and each row of the table `metadata` with no image."""
        self._metadata, self._left_out = metadata, (skipped, unmatched)
        self._heading.setText(_heading(len(skipped), len(unmatched)))
        self._rows.setText(f"{_of(len(unmatched), 'row')} of {_name(metadata)} without an image")
        self._rows.setVisible(bool(unmatched))
        self._model.show_files(())
        if self._heading.isChecked():
            self._fill()

    def unfold(self) -> None:
        """Show the rows."""
        self._heading.setChecked(True)

    def copy(self) -> None:
        """Put the selected rows, else all that are shown, on the clipboard: tabs between, for a spreadsheet."""
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        rows = rows or list(range(self._model.rowCount()))
        lines = ["\t".join(self._model.index(row, column).data() for column in range(len(COLUMNS))) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def show_in_folder(self) -> None:
        """Ask for the current row's file, or for the table that the row is of."""
        if (row := self._table.currentIndex().row()) >= 0:
            file = self._model.file(row)
            self.show_in_folder_requested.emit(self._metadata if file.reason in ROW_REASONS else file.path)

    def _build_heading(self) -> None:
        self._heading = having(QToolButton(arrowType=Qt.ArrowType.RightArrow), checkable=True)
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        describe(self._heading, "Skipped files", "Show each file that is not used, and why.")
        self._heading.toggled.connect(self._unfold)
        self._rows = QLabel(wordWrap=True)
        set_tone(self._rows, "quiet")

    def _build_tools(self) -> None:
        self._reasons = QComboBox()
        self._reasons.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        describe(self._reasons, "Reason", "Show only the files skipped for this reason.")
        self._reasons.currentIndexChanged.connect(self._filter)
        self._copy = QPushButton("Copy")
        describe(self._copy, "Copy the table", "Copy the selected rows, or all that are shown if none is selected.")
        self._copy.clicked.connect(self.copy)
        self._show = QPushButton("Show in folder")
        describe(self._show, "Show in folder", "Open the file manager where the chosen file lies.")
        allow(self._show, CHOOSE)
        self._show.clicked.connect(self.show_in_folder)

    def _build_table(self) -> None:
        self._table = having(QTableView(sortingEnabled=True, showGrid=False, wordWrap=False), alternatingRowColors=True)
        self._table.setModel(self._model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setTabKeyNavigation(False)
        self._table.setFixedHeight(HEIGHT)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(22)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._table.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate(WIDTHS):
            self._table.setColumnWidth(column, width)
        self._table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        describe(self._table, "Skipped files", "Click a heading to sort; Ctrl+C copies; Enter shows it in its folder.")
        self._connect_table()

    def _connect_table(self) -> None:
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self._table)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.copy)
        self._table.activated.connect(self._show_activated)
        self._table.selectionModel().currentRowChanged.connect(self._see_selection)
        self._model.modelReset.connect(self._see_selection)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._open_menu)

    def _lay_out(self) -> None:
        row = having(QHBoxLayout(), spacing=6)
        row.addWidget(self._show, 1)
        row.addWidget(self._copy)
        self._body = QWidget(visible=False)
        body = having(QVBoxLayout(self._body), spacing=4)
        body.setContentsMargins(0, 0, 0, 0)
        body.addWidget(self._reasons)
        body.addWidget(self._table)
        body.addLayout(row)
        column = having(QVBoxLayout(self), spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._heading)
        column.addWidget(self._rows)
        column.addWidget(self._body)

    def _menu(self) -> QMenu:
        menu = QMenu(self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show in folder", self.show_in_folder)
        menu.addAction("Copy", self.copy)
        return menu

    def _open_menu(self, place: QPoint) -> None:
        if self._table.indexAt(place).isValid():
            self._menu().popup(self._table.viewport().mapToGlobal(place))

    def _show_activated(self, index: QModelIndex) -> None:
        self.show_in_folder()

    def _see_selection(self) -> None:
        allow(self._show, "" if self._table.currentIndex().isValid() else CHOOSE)

    def _unfold(self, unfolded: bool) -> None:
        if unfolded:
            self._fill()
        self._heading.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self._body.setVisible(unfolded)

    def _fill(self) -> None:
        """Only when they are to be seen: hundreds of thousands take a second."""
        skipped, unmatched = self._left_out
        if self._model.total == len(skipped) + len(unmatched):
            return
        files = [*skipped, *unmatched]
        self._reasons.clear()
        self._reasons.addItem(f"All reasons ({len(files):,})", "")
        for reason, count in Counter(file.reason for file in files).most_common():
            self._reasons.addItem(f"{reason} ({count:,})", reason)
        allow(self._reasons, "" if self._reasons.count() > 2 else "All are skipped for one reason.")
        self._model.show_files(files)

    def _filter(self) -> None:
        self._model.show_reason(self._reasons.currentData() or "")


def _heading(skipped: int, unmatched: int) -> str:
    """What there is to unfold; empty when nothing was left out."""
    if skipped or not unmatched:
        return f"{_of(skipped, 'file')} skipped" if skipped else ""
    return "Rows without an image"


def _name(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _of(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else what + 's'}"
