"""Show in folder: something opens, whatever the desktop has."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own, with a bus of its own: nothing opens on the desktop of whoever runs the tests.
CODE = """
import sys
from pathlib import Path
from PySide6.QtCore import QObject, QTimer, Slot, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from explorer.toolkit.file_manager import show_file

class Desktop(QObject):
    @Slot(QUrl)
    def open(self, url):
        print(bytes(url.toEncoded()).decode("ascii"), flush=True)
        QTimer.singleShot(0, app.quit)

app = QGuiApplication([])
desktop = Desktop()
QDesktopServices.setUrlHandler("file", desktop, "open")
QTimer.singleShot(0, lambda: show_file(Path(sys.argv[1])))
QTimer.singleShot(10_000, app.quit)
app.exec()
"""
ON_LINUX = pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="these have a file manager that is asked")


def opened(path: str, bus: str) -> str:
    """The address that was opened for this file."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": bus}
    words = [sys.executable, "-c", CODE, os.fsencode(path)]
    return subprocess.run(words, capture_output=True, env=environment, check=True, timeout=60).stdout.decode().strip()


@ON_LINUX
def test_without_a_desktop_bus_the_folder_opens_whatever_its_name(tmp_path: Path) -> None:
    folder = os.fsdecode(b"h\xf6he #1%20")
    assert opened(f"/{folder}/torn.jpg", "unix:path=/nonexistent") == "file:///h%F6he%20%231%2520"


@ON_LINUX
@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="there is no dbus-daemon")
def test_without_a_file_manager_on_the_bus_the_folder_opens(tmp_path: Path) -> None:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:dir={tmp_path}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bus:
        assert bus.stdout is not None
        try:
            assert opened("/pictures/torn.jpg", bus.stdout.readline().strip()) == "file:///pictures"
        finally:
            bus.terminate()
