"""Where the window stands on the screens that are there now."""

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QWidget

USUAL_SIZE = QSize(1480, 940)
LEAST_SIZE = QSize(640, 400)  # below it nobody left it, on any screen
FRAME = QSize(16, 40)  # pixels that a title bar and its borders take, before anyone knows which these are


def place_window(window: QWidget, remembered: QByteArray | None) -> None:
    """As it was left; the first time, or where that was another screen, as it fits the one where the pointer is.

    Before it is shown. Where its usual size does not fit, it takes the whole screen.
    """
    if remembered is not None and window.restoreGeometry(remembered) and _is_whole(window):
        return
    screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    size = USUAL_SIZE.boundedTo(room.size() - FRAME)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.setGeometry(_in_the_middle(size, room))
    if size != USUAL_SIZE:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def _is_whole(window: QWidget) -> bool:
    """Whether all of it is on screens that are there; Qt sees to its title bar alone.

    What fills a screen has another size too, which may be lost: without a window manager it is the one that it gets.
    """
    if window.isMaximized() or window.isFullScreen():
        return window.normalGeometry().size().boundedTo(LEAST_SIZE) == LEAST_SIZE
    left = QRect(window.geometry())
    parts = (screen.availableGeometry().intersected(left) for screen in QGuiApplication.screens())
    return sum(part.width() * part.height() for part in parts) >= left.width() * left.height()


def _in_the_middle(size: QSize, room: QRect) -> QRect:
    """The frame in the middle of the room, the size without it."""
    across, down = (room.size() - size - FRAME).width() // 2, (room.size() - size - FRAME).height() // 2
    return QRect(room.x() + across + FRAME.width() // 2, room.y() + down + FRAME.height(), size.width(), size.height())
