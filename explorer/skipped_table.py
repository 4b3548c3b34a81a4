"""The files that are not used: folded to one line, unfolded to a table to sort, filter by reason and copy."""

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.reports import Skipped

COLUMNS = (("path", "File"), ("reason", "Reason"), ("detail", "Detail"))
WIDTHS = (150, 90)


class SkippedTable(QWidget):
    """One line that says how many files were skipped, and unfolds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _SkippedModel()
        self._build_heading()
        self._build_filter()
        self._build_table()
        self._lay_out()
        self.show_files([])

    def show_files(self, skipped: Sequence[Skipped]) -> None:
        """Each file that is not used, in place of those before."""
        self._model.show_files(skipped)
        self._heading.setText(f"{len(skipped):,} {'file' if len(skipped) == 1 else 'files'} skipped")
        self._reasons.clear()
        self._reasons.addItem(f"All reasons ({len(skipped):,})", "")
        for reason, count in Counter(file.reason for file in skipped).most_common():
            self._reasons.addItem(f"{reason} ({count:,})", reason)

    def _build_heading(self) -> None:
        self._heading = QToolButton(checkable=True, arrowType=Qt.ArrowType.RightArrow)
        self._heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        _describe(self._heading, "Skipped files", "Show each file that is not used, and why.")
        self._heading.toggled.connect(self._unfold)

    def _build_filter(self) -> None:
        self._reasons = QComboBox()
        self._reasons.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        _describe(self._reasons, "Reason", "Show only the files skipped for this reason.")
        self._reasons.currentIndexChanged.connect(self._filter)
        self._copy = QPushButton("Copy")
        _describe(self._copy, "Copy the table", "Copy the selected rows, or all that are shown if none is selected.")
        self._copy.clicked.connect(self.copy)

    def _build_table(self) -> None:
        self._table = QTableView(sortingEnabled=True, showGrid=False, alternatingRowColors=True, wordWrap=False)
        self._table.setModel(self._model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setTabKeyNavigation(False)
        self._table.setMinimumHeight(130)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(22)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._table.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate(WIDTHS):
            self._table.setColumnWidth(column, width)
        self._table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        _describe(self._table, "Skipped files", "Click a heading to sort; Ctrl+C copies the selected rows.")
        shortcut = QShortcut(QKeySequence.StandardKey.Copy, self._table)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.copy)

    def copy(self) -> None:
        """Put the selected rows, else all that are shown, on the clipboard: tabs between, for a spreadsheet."""
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        rows = rows or list(range(self._model.rowCount()))
        lines = ["\t".join(self._model.index(row, column).data() for column in range(len(COLUMNS))) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _lay_out(self) -> None:
        row = QHBoxLayout(spacing=6)
        row.addWidget(self._reasons, 1)
        row.addWidget(self._copy)
        self._body = QWidget(visible=False)
        body = QVBoxLayout(self._body, spacing=4)
        body.setContentsMargins(0, 0, 0, 0)
        body.addLayout(row)
        body.addWidget(self._table)
        column = QVBoxLayout(self, spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._heading)
        column.addWidget(self._body)

    def _unfold(self, unfolded: bool) -> None:
        self._heading.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        self._body.setVisible(unfolded)

    def _filter(self) -> None:
        self._model.show_reason(self._reasons.currentData() or "")


class _SkippedModel(QAbstractTableModel):
    """Sorts and filters by itself: a proxy asks Python for each comparison, 5 s for 50,000 files instead of 0.05 s."""

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[Skipped, ...] = ()
        self._shown: list[Skipped] = []
        self._reason, self._column, self._is_descending = "", COLUMNS[0][0], False

    def show_files(self, files: Sequence[Skipped]) -> None:
        """In place of those before, whatever their reason."""
        self._files, self._reason = tuple(files), ""
        self._arrange()

    def show_reason(self, reason: str) -> None:
        """Only files with this reason; empty: all."""
        self._reason = reason
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        files = (file for file in self._files if self._reason in ("", file.reason))
        self._shown = sorted(files, key=attrgetter(self._column), reverse=self._is_descending)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._is_descending = COLUMNS[column][0], order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return getattr(self._shown[index.row()], COLUMNS[index.column()][0])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return COLUMNS[section][1]


def _describe(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
