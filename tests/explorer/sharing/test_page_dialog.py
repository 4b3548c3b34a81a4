"""The dialog of a page: its size is said before it is written, and what goes in is one press away."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.reports.progress import Progress
from explorer.sharing.page_dialog import NO_IMAGES, PageDialog
from tests.explorer.looking import heard, named, said


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    yield window
    window.close()


def save_button(dialog: PageDialog) -> QPushButton:
    found = named(dialog, "Save")
    assert isinstance(found, QPushButton)
    return found


def test_its_size_is_said_and_only_then_it_is_written(qtbot: QtBot, window: QWidget) -> None:
    dialog = PageDialog(True, window)
    dialog.show()
    told = heard(dialog.save_clicked)
    dialog.show_progress(Progress("Making small pictures", 512, 4_000))
    assert "Making small pictures… 512 of 4,000" in said(dialog)
    qtbot.mouseClick(save_button(dialog), Qt.MouseButton.LeftButton)
    assert not told
    dialog.show_page(2_345_678, "4,000 images.", b"")
    assert "2.3 MB (exactly 2,345,678 bytes)\n4,000 images." in said(dialog)
    qtbot.mouseClick(save_button(dialog), Qt.MouseButton.LeftButton)
    assert len(told) == 1


def test_the_pictures_stay_out_by_one_press(qtbot: QtBot, window: QWidget) -> None:
    dialog = PageDialog(True, window)
    dialog.show()
    dialog.show_page(10, "", b"")
    told = heard(dialog.choice_changed)
    qtbot.mouseClick(named(dialog, "Without the pictures themselves"), Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
    assert told == [(False, False)]
    assert not save_button(dialog).isEnabled()  # until the other size is known
    qtbot.mouseClick(named(dialog, "With the names of their files"), Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
    assert told[-1] == (False, True)


def test_where_the_images_are_not_there_it_says_why_it_has_none(window: QWidget) -> None:
    dialog = PageDialog(False, window)
    without = named(dialog, "Without the pictures themselves")
    assert (dialog.choice, without.isEnabled()) == ((False, False), False)
    assert NO_IMAGES in " ".join(without.toolTip().split())


def test_what_went_wrong_is_said(window: QWidget) -> None:
    dialog = PageDialog(True, window)
    dialog.show()
    dialog.show_failure("page.html cannot be written: No space left on device.")
    assert "No space left" in said(dialog)
