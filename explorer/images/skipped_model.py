"""The rows of the skipped table: files that are not used, and rows of a metadata table that match no image."""

from collections.abc import Sequence
from operator import attrgetter

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QIcon
from PySide6.QtWidgets import QApplication, QStyle

from core.reports.images import ROW_REASONS
from core.skipped_file import Skipped
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import plain_tip

COLUMNS = (("path", "File"), ("reason", "Reason"), ("detail", "Detail"))

_Index = QModelIndex | QPersistentModelIndex
_Icon = QStyle.StandardPixmap
# What a reason begins with: its icon, the first that fits. What is wrong with a file is a warning, the rest is not.
_ICONS = (
    *((reason, _Icon.SP_FileDialogDetailedView) for reason in ROW_REASONS),
    ("same file", _Icon.SP_FileLinkIcon),
    ("folder already read", _Icon.SP_DirLinkIcon),
    ("folder", _Icon.SP_DirClosedIcon),
    ("hidden", _Icon.SP_FileIcon),
    ("not a", _Icon.SP_FileIcon),
    ("empty", _Icon.SP_FileIcon),
    ("format not supported", _Icon.SP_FileIcon),
)
_OTHERS = _Icon.SP_MessageBoxWarning
Shown = str | QIcon | QFont | None


class SkippedModel(QAbstractTableModel):
    """Sorts and filters by itself: a proxy asks Python for each comparison, 5 s for 50,000 files instead of 0.05 s."""

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[Skipped, ...] = ()
        self._shown: list[Skipped] = []
        self._reason, self._column, self._is_descending = "", COLUMNS[0][0], False
        self._icons: dict[str, QIcon] = {}
        self._italic = QFont()
        self._italic.setItalic(True)

    @property
    def total(self) -> int:
        """How many there are, whatever is filtered out."""
        return len(self._files)

    def show_files(self, files: Sequence[Skipped]) -> None:
        """In place of those before, whatever their reason."""
        self._files, self._reason = tuple(files), ""
        self._arrange()

    def show_reason(self, reason: str) -> None:
        """Only files with this reason; empty: all."""
        self._reason = reason
        self._arrange()

    def file(self, row: int) -> Skipped:
        """What stands in a row as it is sorted now."""
        return self._shown[row]

    def _arrange(self) -> None:
        self.beginResetModel()
        files = (file for file in self._files if self._reason in ("", file.reason))
        self._shown = sorted(files, key=attrgetter(self._column), reverse=self._is_descending)
        self.endResetModel()

    def _icon(self, reason: str) -> QIcon:
        if reason not in self._icons:
            icon = next((icon for beginning, icon in _ICONS if reason.startswith(beginning)), _OTHERS)
            self._icons[reason] = QApplication.style().standardIcon(icon)
        return self._icons[reason]

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._is_descending = COLUMNS[column][0], order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Shown:
        file = self._shown[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            text = drawable(getattr(file, COLUMNS[index.column()][0]))
            return text if role == Qt.ItemDataRole.DisplayRole else plain_tip(text)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._icon(file.reason)
        if role == Qt.ItemDataRole.FontRole and file.reason in ROW_REASONS:
            return self._italic
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return COLUMNS[section][1]
