"""Controls of a narrow panel go on in a second line, each as wide as its words."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer.toolkit.elided_label import ElidedLabel
from explorer.toolkit.wrapping_row import WrappingRow

WORDS = ("Draw again", "Show everything", "Save", "Copy command")


@pytest.fixture
def panel(qtbot: QtBot) -> QWidget:
    """A label with its button, a sentence that fills the rest, and more buttons; below them the panel itself."""
    panel = QWidget()
    row = WrappingRow()
    first = QPushButton(WORDS[0])
    label = QLabel("Named")
    label.setBuddy(first)
    sentence = ElidedLabel()
    sentence.show_text("Four pictures at step 1,200, three of them in empty space")
    row.addWidget(label)
    row.addWidget(first)
    row.addWidget(sentence, 1)
    for words in WORDS[1:]:
        row.addWidget(QPushButton(words))
    column = QVBoxLayout(panel)
    column.addLayout(row)
    column.addWidget(QWidget(), 1)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.mark.parametrize("width", [900, 520, 380, 260])
def test_nothing_is_narrower_than_its_words_nor_on_another(panel: QWidget, qtbot: QtBot, width: int) -> None:
    panel.resize(width, 300)
    qtbot.waitUntil(lambda: panel.width() == width)
    shown = [each for each in panel.findChildren(QWidget) if isinstance(each, QPushButton | QLabel)]
    for each in shown:
        assert panel.rect().contains(each.geometry())
        if not isinstance(each, ElidedLabel):
            assert each.width() >= each.sizeHint().width()
        assert not any(each.geometry().intersects(other.geometry()) for other in shown if other is not each)


def test_it_takes_one_line_where_there_is_room_and_more_where_there_is_not(panel: QWidget, qtbot: QtBot) -> None:
    buttons = panel.findChildren(QPushButton)
    label = next(each for each in panel.findChildren(QLabel) if each.text() == "Named")
    for width, lines in ((900, 1), (380, 2)):
        panel.resize(width, 300)
        qtbot.waitUntil(lambda lines=lines: len({each.y() for each in buttons}) == lines)
        assert label.geometry().center().y() == buttons[0].geometry().center().y()  # a label stays with its control
    assert buttons[-1].geometry().right() <= 380


def test_what_is_hidden_takes_no_room(panel: QWidget, qtbot: QtBot) -> None:
    panel.resize(380, 300)
    buttons = panel.findChildren(QPushButton)
    for each in buttons[1:]:
        each.hide()
    qtbot.waitUntil(lambda: panel.findChild(ElidedLabel).geometry().right() > 340)
    assert panel.findChild(ElidedLabel).y() <= buttons[0].geometry().bottom()
