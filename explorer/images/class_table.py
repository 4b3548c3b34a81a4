"""The classes and how many images each has, in the colours of the map."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from core.palette import class_colours
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import plain_tip
from explorer.toolkit.theme import as_colour

ROWS_VISIBLE, ROW_HEIGHT = 6, 22


class ClassTable(QTableWidget):
    """A row a class: its colour, its name, its count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, columnCount=3)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        for column, mode in enumerate(("ResizeToContents", "Stretch", "ResizeToContents")):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode[mode])
        self.setAccessibleName("Classes")
        self.setToolTip("The classes and how many images each has.")

    def show_classes(self, counts: Sequence[tuple[str, int]]) -> None:
        """In the order of the classes."""
        colours = class_colours(len(counts))
        self.setRowCount(len(counts))
        for row, (name, count) in enumerate(counts):
            dot, number = QTableWidgetItem("●"), QTableWidgetItem(f"{count:,}")
            dot.setForeground(as_colour(colours[row]))
            number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            named = QTableWidgetItem(drawable(name))
            named.setToolTip(plain_tip(named.text()))
            for column, item in enumerate((dot, named, number)):
                self.setItem(row, column, item)
        self.setFixedHeight(min(ROWS_VISIBLE, len(counts)) * ROW_HEIGHT + 2)
