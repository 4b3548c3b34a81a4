"""The frame of the window: its size, what is dropped on it, and its end."""

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QTabBar, QWidget

from explorer.shell.status_bar import StatusBar
from explorer.shell.window_geometry import place_window
from explorer.toolkit.mouse_wheel import pass_wheel_on
from explorer.workspace.settings import Settings


class MainWindow(QMainWindow):
    """Emits what was dropped and when it closes, and knows nothing of models.

    Made empty, so that it can be seen at once; a `Shell` then lets features furnish it.
    """

    closing = Signal()
    leaving = Signal()  # before that: the layout is about to be kept
    path_dropped = Signal(str)
    tabs_made = Signal(object)  # QTabBar: Qt has made one for docks that share their place

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.status = StatusBar()
        self.setWindowTitle("Latentscape")
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AnimatedDocks)
        layout = settings.layout()
        place_window(self, None if layout is None else layout[0])

    def show_title(self, source: str | None) -> None:
        """Say in the title what is open."""
        title = source.replace("[*]", "[*][*]") if source else ""  # by which Qt means that something is changed
        self.setWindowTitle(f"{title} — Latentscape" if title else "Latentscape")

    def keep_layout(self, docks: QByteArray) -> None:
        """As it is found at the next start."""
        self._settings.remember_layout(self.saveGeometry(), docks)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt: take one local file or folder."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt: say what was dropped."""
        self.path_dropped.emit(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()))

    def childEvent(self, event: QChildEvent) -> None:
        """Qt: a panel or a dialog is seen for the first time, or the tabs that Qt makes for docks."""
        super().childEvent(event)
        if event.type() != QEvent.Type.ChildPolished or not isinstance(child := event.child(), QWidget):
            return
        pass_wheel_on(child)
        if isinstance(child, QTabBar):
            self.tabs_made.emit(child)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Qt: the layout is kept, and whoever works saves."""
        self.leaving.emit()
        self.closing.emit()
        super().closeEvent(event)
