"""What of the images goes into a page, and how large that makes it, before it is written."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.byte_sizes import bytes_said
from core.reports.progress import Progress
from explorer.toolkit.descriptions import allow, describe
from explorer.toolkit.plain_text import be_plain
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_tone

PREVIEW, WIDEST_WORDS = 260, 340  # pixels
DRAWING = "Drawing the page…"
WORDS = (
    "One HTML file with the map, its dots and the model that draws the pictures between them. It opens in any browser, "
    "on a phone too: no server, no network, nothing to install."
)
WITHOUT = "&Without the pictures themselves"
NAMES = "With the &names of their files"
NOT_YET = "It is being drawn: then its size is known."
NO_IMAGES = "The images are not here: the page has no copies of them."


class PageDialog(QDialog):
    """Emits what is wished; setters say how large it is, or why it cannot be."""

    choice_changed = Signal(bool, bool)  # with the pictures, with the names
    save_clicked = Signal()

    def __init__(self, has_images: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Share as a page")
        self._preview, self._facts, self._said = _Preview(), QLabel(DRAWING), QLabel(wordWrap=True)
        self._without, self._names = QCheckBox(WITHOUT), QCheckBox(NAMES)
        self._save = QPushButton("&Save…", autoDefault=True)
        self._facts.setWordWrap(True)
        be_plain(self._facts)
        describe(self._without, "Without the pictures themselves", "No small copies of your images, only their dots")
        describe(self._names, "With the names of their files", "A dot says what its image's file is called")
        describe(self._save, "Save", "Choose where it is written")
        allow(self._without, "" if has_images else NO_IMAGES)
        self._without.setChecked(not has_images)
        self._lay_out()
        allow(self._save, NOT_YET)
        for box in (self._without, self._names):
            box.toggled.connect(self._tell_choice)
        self._save.clicked.connect(lambda: self.save_clicked.emit())

    @property
    def choice(self) -> tuple[bool, bool]:
        """With the pictures, with the names of their files."""
        return not self._without.isChecked(), self._names.isChecked()

    def show_progress(self, progress: Progress) -> None:
        """How far the drawing is."""
        self._facts.setText(f"{progress.doing}… {progress.counted}")

    def show_page(self, count: int, said: str, still: bytes) -> None:
        """It would be so many bytes; what it shows, and a PNG of its map."""
        self._facts.setText(f"{bytes_said(count)} (exactly {count:,} bytes)\n{said}")
        set_tone(self._said, "")
        self._said.setText("")
        self._preview.show_png(still)
        allow(self._save)

    def show_failure(self, sentence: str) -> None:
        """Why it cannot be, or was not written."""
        self._facts.setText("")
        set_tone(self._said, "failure")
        self._said.setText(sentence)

    def _lay_out(self) -> None:
        words = having(QLabel(WORDS), wordWrap=True)
        words.setFixedWidth(WIDEST_WORDS)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self._save, QDialogButtonBox.ButtonRole.ActionRole)
        for button in buttons.buttons():
            button.setIcon(QIcon())  # as all others
        buttons.rejected.connect(self.reject)
        right = QVBoxLayout()
        for widget in (words, self._without, self._names, self._facts, self._said):
            right.addWidget(widget)
        right.addStretch()
        right.addWidget(buttons)
        row = having(QHBoxLayout(self), spacing=16)
        row.addWidget(self._preview, 1)
        row.addLayout(right)

    def _tell_choice(self) -> None:
        allow(self._save, NOT_YET)
        self.choice_changed.emit(*self.choice)


class _Preview(QWidget):
    """The map as the page shows it where no script runs, on the window's own paper."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self.setMinimumSize(PREVIEW, PREVIEW)
        describe(self, "Preview", "The map of the page")

    def show_png(self, content: bytes) -> None:
        self._picture.loadFromData(content)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(PREVIEW, PREVIEW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, box = QPainter(self), self.rect().adjusted(0, 0, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().mid().color())
        painter.setBrush(self.palette().base())
        painter.drawRoundedRect(box, 8, 8)
        if self._picture.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawPixmap(
            box.center().x() - size.width() // 2,
            box.center().y() - size.height() // 2,
            size.width(),
            size.height(),
            self._picture,
        )
