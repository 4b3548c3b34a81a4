"""The system's file manager, opened at a file or a folder."""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_SERVICE, _PATH = "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1"
_PATIENCE = 2_000  # milliseconds: a file manager that is started for this takes one of them


def open_folder(folder: Path | str) -> None:
    """Open a folder."""
    QDesktopServices.openUrl(_url(Path(folder)))


def show_file(path: Path) -> None:
    """Open a file's folder, the file selected where the file manager can; never waits for it."""
    if sys.platform == "darwin":
        QProcess.startDetached("open", ["-R", str(path)])
    elif sys.platform == "win32":
        QProcess.startDetached("explorer", ["/select,", str(path)])
    elif not _ask_file_manager(path):
        open_folder(path.parent)


def _ask_file_manager(path: Path) -> bool:
    """Whether the desktop could be asked; if nobody answers, the folder is opened instead."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "ShowItems")
    message.setArguments([[path.as_uri()], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message, _PATIENCE), QCoreApplication.instance())

    def take(ended: "QDBusPendingCallWatcher") -> None:
        if ended.isError():
            open_folder(path.parent)
        ended.deleteLater()

    watcher.finished.connect(take)
    return True


def _url(path: Path) -> QUrl:
    """By its bytes: a name need not be UTF-8."""
    return QUrl.fromEncoded(path.as_uri().encode("ascii"))
