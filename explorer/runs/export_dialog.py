"""*Export model…*: where the graphs of a run go, how far that is, and what came of it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from core.reports.export import ModelExported
from core.reports.progress import Progress
from explorer.toolkit.descriptions import describe
from explorer.toolkit.drawable_text import drawable
from explorer.toolkit.plain_text import be_plain
from explorer.toolkit.properties import having
from explorer.toolkit.theme import set_look, set_tone
from explorer.toolkit.wrapped_label import WrappedLabel

EXPORT, STOP = "Export", "Stop"
SIZE = QSize(560, 220)
_WHAT = (
    "Writes encoder and decoder of {name} as ONNX, which other programs run without Latentscape, and a README that "
    "says how. It is the model as it was last saved; no image goes with it."
)
_EXPORT_TIP = "Writes the model into the folder, and compares it there with what it came from"
_STOP_TIP = "Nothing of it stays"


class ExportDialog(QDialog):
    """Emits what is wished; setters say how far it is."""

    export_clicked = Signal(str)  # the folder
    stop_clicked = Signal()
    place_clicked = Signal()  # another place is to be chosen
    copy_clicked = Signal(str)  # the folder
    folder_clicked = Signal(str)

    def __init__(self, name: str, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export model")
        self._what = WrappedLabel()
        self._what.setText(_WHAT.format(name=drawable(name)))
        self._folder = QLineEdit(folder)
        self._bar = having(QProgressBar(textVisible=False), visible=False)
        self._said = WrappedLabel()
        for label in (self._what, self._said):
            be_plain(label)
        self._is_stopped = False
        self._build_buttons()
        self._lay_out()
        self._connect()
        self.show_busy(False)

    @property
    def folder(self) -> str:
        """Where it goes."""
        return self._folder.text().strip()

    def show_folder(self, folder: str) -> None:
        """It was chosen."""
        self._folder.setText(folder)
        self._say("")

    def show_busy(self, is_busy: bool) -> None:
        """Whether it is being exported."""
        self._is_busy = is_busy
        self._go.setText(STOP if is_busy else EXPORT)
        describe(self._go, self._go.text(), _STOP_TIP if is_busy else _EXPORT_TIP)
        set_look(self._go, "primary", not is_busy)
        self._bar.setRange(0, 0)
        self._bar.setVisible(is_busy)
        for each in (self._folder, self._choose):
            each.setEnabled(not is_busy)
        if is_busy:
            self._say("Begins…")
        elif self._is_stopped:
            self._say("Stopped: nothing was written.")
        self._is_stopped = False

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        self._say(f"{progress.doing}: {progress.counted}")

    def show_exported(self, exported: ModelExported) -> None:
        """What is there now, and how good it is."""
        self._say(f"Exported {exported.in_words}")
        self._show.show()

    def show_word(self, sentence: str) -> None:
        """What was done."""
        self._say(sentence)

    def show_failure(self, sentence: str) -> None:
        """Why nothing was exported."""
        self._say(sentence, is_failure=True)

    def _build_buttons(self) -> None:
        def button(words: str, name: str, tip: str, is_usual: bool = False) -> QPushButton:
            made = QPushButton(words, autoDefault=False, default=is_usual)
            describe(made, name, tip)
            return made

        self._choose = button("Choose…", "Choose where", "Choose the folder that its own folder goes into")
        self._copy = button("Copy command", "Copy command", "Copy the latentscape export line that writes the same")
        self._show = having(button("Show", "Show the folder", "Open the folder in the file manager"), visible=False)
        self._go = button(EXPORT, EXPORT, _EXPORT_TIP, is_usual=True)
        self._close = button("Close", "Close", "An export that has not ended is stopped")
        describe(self._folder, "Folder", "A new folder, or an empty one, for the model")
        self._bar.setAccessibleName("Exporting")

    def _lay_out(self) -> None:
        place, buttons = having(QHBoxLayout(), spacing=6), having(QHBoxLayout(), spacing=6)
        label = QLabel("&Folder")
        label.setBuddy(self._folder)
        for widget in (label, self._folder, self._choose):
            place.addWidget(widget)
        buttons.addWidget(self._copy)
        buttons.addStretch()
        for each in (self._show, self._go, self._close):
            buttons.addWidget(each)
        column = having(QVBoxLayout(self), spacing=12)
        column.addWidget(self._what)
        column.addLayout(place)
        column.addWidget(self._said)
        column.addWidget(self._bar)
        column.addStretch()
        column.addLayout(buttons)
        self.resize(SIZE)

    def _connect(self) -> None:
        self._go.clicked.connect(self._begin_or_stop)
        self._choose.clicked.connect(lambda: self.place_clicked.emit())
        self._copy.clicked.connect(lambda: self.copy_clicked.emit(self.folder))
        self._show.clicked.connect(lambda: self.folder_clicked.emit(self.folder))
        self._close.clicked.connect(self.reject)
        self._folder.textEdited.connect(lambda _: self._say(""))
        self.finished.connect(lambda _: self.stop_clicked.emit())

    def _begin_or_stop(self) -> None:
        if self._is_busy:
            self._is_stopped = True
            self.stop_clicked.emit()
        elif self.folder:
            self.export_clicked.emit(self.folder)
        else:
            self.show_failure("Name a folder first.")

    def _say(self, words: str, is_failure: bool = False) -> None:
        self._said.setText(drawable(words))
        set_tone(self._said, "failure" if is_failure else "")
        self._show.hide()
