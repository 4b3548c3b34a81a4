"""The command line that does the same, to read and to copy."""

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.properties import having

LINES = 3


class CommandBox(QWidget):
    """A few read-only lines and a button that copies them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setFixedHeight(LINES * self._text.fontMetrics().height() + 12)
        self._text.setAccessibleName("The same by command")
        self._text.setToolTip("Paste this into a terminal to train the same model without the window.")
        self._copy = QPushButton("Copy")
        describe(self._copy, "Copy the command", "Copy this command to the clipboard.")
        self._copy.clicked.connect(self.copy)
        heading = QHBoxLayout()
        heading.addWidget(QLabel("The same by command"), 1)
        heading.addWidget(self._copy)
        column = having(QVBoxLayout(self), spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(heading)
        column.addWidget(self._text)

    @property
    def command(self) -> str:
        """What is shown, and copied."""
        return self._text.toPlainText()

    def show_command(self, command: str) -> None:
        """In place of the one before."""
        self._text.setPlainText(command)
        allow(self._copy)

    def show_obstacle(self, why: str) -> None:
        """There is none to copy, and why."""
        self._text.clear()
        self._text.setPlaceholderText(why)
        allow(self._copy, why)

    def copy(self) -> None:
        """Put the command on the clipboard."""
        QGuiApplication.clipboard().setText(self.command)
