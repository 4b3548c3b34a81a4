"""The words that stand in the map's place while there is nothing to show on it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from explorer.toolkit.theme import FAILURE, is_dark

_EMPTY = "Open a folder of images to begin"
_MORE = "Each image becomes a dot. Drag anywhere among them to see the picture that would live there."


class MapMessage(QLabel):
    """What went wrong, or what is being done, or what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.setObjectName("message")
        self._failure, self._doing = "", ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setContentsMargins(40, 40, 40, 40)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        self.show_state("", "")

    def show_state(self, failure: str, doing: str) -> None:
        """The failure first; empty: neither."""
        self._failure, self._doing = failure, doing
        self.setText(self._words())

    def _words(self) -> str:
        if self._failure:
            colour = FAILURE[is_dark(self.palette())]
            return f"<p style='font-size: large; color: {colour}'>{_escaped(self._failure)}</p>"
        if self._doing:
            return f"<p style='font-size: large'>{_escaped(self._doing)}</p>"
        quiet = self.palette().placeholderText().color().name()
        return f"<p style='font-size: x-large'>{_EMPTY}</p><p style='color: {quiet}'>{_MORE}</p>"

    def changeEvent(self, event: QEvent) -> None:
        """Words in the colours of the new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_doing"):
            self.setText(self._words())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
