"""A strip that cannot be read or pressed tells nothing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from explorer.shell.fault_notice import COPIED, COPY, FaultNotice
from explorer.workspace.fault import Fault

FAULT = Fault("KeyError", "'codes'", ("explorer/map/panel.py:3 in paintEvent",), "Traceback …")


@pytest.fixture
def notice(qtbot: QtBot) -> FaultNotice:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 500)
    window.show()
    return FaultNotice(window)


def button(notice: FaultNotice, words: str) -> QPushButton:
    return next(each for each in notice.findChildren(QPushButton) if each.text() == words)


def test_it_says_what_happened_and_stays_until_it_is_closed(notice: FaultNotice, qtbot: QtBot) -> None:
    assert not notice.isVisible()
    notice.show_fault(FAULT)
    said = notice.findChild(QLabel).text()
    assert "KeyError: 'codes'" in said
    assert "Traceback" not in said
    notice.show_fault(FAULT)
    assert "1 other fault" in notice.findChild(QLabel).text()
    qtbot.mouseClick(button(notice, "Close"), Qt.MouseButton.LeftButton)
    assert not notice.isVisible()


def test_the_report_is_copied_with_names_only_when_ticked(notice: FaultNotice, qtbot: QtBot) -> None:
    notice.report_wished.connect(lambda with_names: notice.copy(f"names: {with_names}"))
    notice.show_fault(FAULT)
    qtbot.mouseClick(button(notice, COPY), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "names: False"
    assert button(notice, COPIED)
    notice.findChild(QCheckBox).click()
    qtbot.mouseClick(button(notice, COPY), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "names: True"


def test_it_keeps_to_the_foot_of_a_window_of_another_size(notice: FaultNotice, qtbot: QtBot) -> None:
    notice.show_fault(FAULT)
    window = notice.parentWidget()
    for width, height in ((640, 400), (1400, 900)):
        window.resize(width, height)
        qtbot.waitUntil(lambda width=width: notice.width() == width - 16)
        assert notice.geometry().bottom() < height
